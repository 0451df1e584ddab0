//! The commands that check and fill a database, as programs with an exit code.

use crate::support::company::{Company, MONEY, STOCK};
use crate::support::{TestServer, execute, number};
use guildhall::catalog::seed_products;
use guildhall::server::App;
use guildhall::tasks::seed_tasks;
use serde_json::json;
use std::process::{Command, Output};
use std::sync::Mutex;

/// The program on this database, in a folder where nothing else tells it anything.
fn run(server: &TestServer, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_guildhall"))
        .current_dir(server.site_root())
        .env("DATABASE_URL", &server.app.config.database.url)
        .args(arguments)
        .output()
        .expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The command says so and succeeds.
fn is_fine(server: &TestServer, what: &str, says: &str) {
    let output = run(server, &["verify", what]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout).trim(), says);
}

/// The command fails: the first break is its error, the others are on lines of their own.
fn is_broken(server: &TestServer, what: &str, first: &str, further: &[&str]) {
    let output = run(server, &["verify", what]);
    assert_eq!(output.status.code(), Some(1), "{what}");
    let (said, error) = (text(&output.stdout), text(&output.stderr));
    assert!(error.contains(first), "{what}: {error}");
    assert!(!said.contains(first), "{what}: said once: {said}");
    assert!(!said.contains("right"), "{what}: {said}");
    for further in further {
        assert!(said.contains(further), "{what}: {said}");
    }
}

#[tokio::test]
async fn verify_ends_well_on_good_books_and_names_what_is_wrong_in_others() {
    let mut company = Company::open().await;
    is_fine(&company.server, "ledger", "The books are right.");
    is_fine(&company.server, "orders", "Orders and stock are right.");
    let order = company.place(1, "wallet").await;
    for step in ["pack", "ship"] {
        company.step(&order, step, json!({})).await;
    }
    let server = &company.server;
    is_fine(server, "ledger", "The books are right.");
    is_fine(server, "orders", "Orders and stock are right.");

    let wallet = format!("wallet-{}", company.mei.id());
    let more = "UPDATE ledger_accounts SET balance = balance + 1, held = held + 2";
    execute(&server.app, &format!("{more} WHERE code = '{wallet}'")).await;
    let balance = MONEY - 19_900 - 1_000;
    let first = format!(
        "Account {wallet} has a balance of {}, and its entries add up to {balance}",
        balance + 1
    );
    let second = format!("Account {wallet} holds back 2, and its open holds add up to 0");
    is_broken(server, "ledger", &first, &[&second]);
    is_fine(server, "orders", "Orders and stock are right.");

    let change = "UPDATE products SET on_hand = on_hand + 1, reserved = reserved + 3";
    execute(&server.app, change).await;
    let left = STOCK - 1;
    let first = format!(
        "Product headphones has {} on hand, and its adjustments less what was shipped come to {left}",
        left + 1
    );
    let second = "Product headphones has 3 reserved, and its open reservations come to 0";
    is_broken(server, "orders", &first, &[second]);
    // A history that is not the order's comes before the counts.
    execute(&server.app, "UPDATE orders SET status = 'delivered'").await;
    let wrong =
        format!("Order {order} is delivered at version 4, and its history makes it shipped");
    is_broken(server, "orders", &wrong, &[&first, second]);
}

async fn count(app: &App, table: &str) -> i64 {
    number(app, &format!("SELECT COUNT(*) FROM {table}")).await
}

#[tokio::test]
async fn seed_fills_so_many_and_again_so_many() {
    let server = TestServer::start().await;
    let app = &server.app;
    let nothing = run(&server, &["seed"]);
    assert!(!nothing.status.success());
    assert!(text(&nothing.stderr).contains("say what: --demo, --products N or --tasks N"));
    let nowhere = run(&server, &["seed", "--products", "300"]);
    assert!(!nowhere.status.success());
    let said = text(&nowhere.stderr);
    assert!(said.contains("seed the demo first"), "{said}");
    assert_eq!(count(app, "products").await, 0);

    let demo = run(&server, &["seed", "--demo"]);
    assert!(demo.status.success(), "{}", text(&demo.stderr));
    let (products, tasks) = (count(app, "products").await, count(app, "tasks").await);
    for turn in 1..=2 {
        let output = run(&server, &["seed", "--products", "300", "--tasks", "300"]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert_eq!(count(app, "products").await, products + turn * 300);
        assert_eq!(count(app, "tasks").await, tasks + turn * 300);
    }
    // Each has a name of its own, can be found, and is as right as one that staff made.
    let slugs = "SELECT COUNT(DISTINCT slug) FROM products";
    assert_eq!(number(app, slugs).await, products + 600);
    let found = server.visitor().api("/api/v1/products?q=steel").await;
    assert!(!found.data()["items"].as_array().expect("a list").is_empty());
    let boards = "SELECT COUNT(*) FROM boards WHERE name = 'Generated'";
    assert_eq!(number(app, boards).await, 1, "one board for all of them");
    is_fine(&server, "orders", "Orders and stock are right.");
    is_fine(&server, "ledger", "The books are right.");

    let again = run(&server, &["seed", "--demo"]);
    assert!(again.status.success(), "{}", text(&again.stderr));
    assert_eq!(count(app, "products").await, products + 600);
    assert_eq!(count(app, "tasks").await, tasks + 600);
}

/// The bar is drawn on a terminal alone; this is what moves it.
#[tokio::test]
async fn seed_tells_how_far_it_is() {
    let server = TestServer::start().await;
    guildhall::catalog::seed_demo(&server.app)
        .await
        .expect("seeds");
    let told = Mutex::new(Vec::new());
    let tell = |written: u64| told.lock().expect("whole").push(written);
    let rises = || {
        let steps = std::mem::take(&mut *told.lock().expect("whole"));
        assert!(steps.is_sorted_by(|one, next| one < next), "{steps:?}");
        assert!(steps.len() > 1, "on the way as well: {steps:?}");
        steps.last().copied()
    };
    seed_products(&server.app, 2_500, &tell)
        .await
        .expect("products");
    assert_eq!(rises(), Some(2_500));
    seed_tasks(&server.app, 2_500, &tell).await.expect("tasks");
    assert_eq!(rises(), Some(2_500));
}
