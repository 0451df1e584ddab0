//! Concurrent requests: one key twice at the same moment, and a cart that several browsers fill.

use crate::support::company::{Company, MONEY, PRICE, made, post, post_keyed, word};
use crate::support::{Answer, Client, PASSWORD, TestServer, execute, number};
use axum::http::StatusCode;
use guildhall::accounts::Role;
use guildhall::ledger::verify_ledger;
use guildhall::orders::verify_orders;
use guildhall::server::App;
use serde_json::{Value, json};

const FEE: i64 = 1_000;

/// Runs all at the same moment, on as many threads as there are.
async fn at_once<T: Send + 'static>(
    work: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let tasks: Vec<_> = work.into_iter().map(tokio::spawn).collect();
    let mut done = Vec::new();
    for task in tasks {
        done.push(task.await.expect("does not panic"));
    }
    done
}

async fn all_is_right(app: &App) {
    assert_eq!(verify_orders(app).await.expect("reads"), []);
    assert_eq!(verify_ledger(app).await.expect("reads"), []);
}

/// All were answered with the same thing that was made.
fn one_answer(answers: &[Answer]) -> Value {
    for answer in answers {
        made(answer);
        assert_eq!(answer.data(), answers[0].data());
        assert_eq!(answer.header("location"), answers[0].header("location"));
    }
    answers[0].data()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_checkouts_with_one_key_make_one_order() {
    let company = Company::open().await;
    let app = &company.server.app;
    let body = company.order(1, "wallet", "standard");
    for (key, turn) in [("click-a", 1), ("click-b", 2), ("click-c", 3)] {
        let answers = at_once((0..4).map(|_| {
            let (mut mei, body) = (company.mei.clone(), body.clone());
            async move { post_keyed(&mut mei, "/api/v1/orders", key, &body).await }
        }))
        .await;
        let order = one_answer(&answers);
        assert!(word(&order["number"]).ends_with(&format!("-{turn:06}")));
        assert_eq!(number(app, "SELECT COUNT(*) FROM orders").await, turn);
        let reserved = number(app, "SELECT reserved FROM products").await;
        assert_eq!(reserved, turn);
    }
    let wallet = company.mei.clone().api("/api/v1/wallet").await.data();
    assert_eq!(wallet["held"], 3 * (PRICE + FEE), "set aside once for each");
    all_is_right(app).await;

    // Without a key, each click is an order.
    at_once((0..2).map(|_| {
        let (mut mei, body) = (company.mei.clone(), body.clone());
        async move { made(&post(&mut mei, "/api/v1/orders", body).await) }
    }))
    .await;
    assert_eq!(number(app, "SELECT COUNT(*) FROM orders").await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_different_checkouts_with_one_key_one_is_refused() {
    let company = Company::open().await;
    let answers = at_once([1, 2].map(|quantity| {
        let body = company.order(quantity, "invoice", "standard");
        let mut mei = company.mei.clone();
        async move { post_keyed(&mut mei, "/api/v1/orders", "one", &body).await }
    }))
    .await;
    let refused = answers
        .iter()
        .find(|answer| answer.status != StatusCode::CREATED)
        .expect("one of them");
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.code(), 2003, "{}", refused.body);
    let app = &company.server.app;
    assert_eq!(number(app, "SELECT COUNT(*) FROM orders").await, 1);
    all_is_right(app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_is_made_once_for_its_id() {
    let company = Company::open().await;
    let app = &company.server.app;
    let (from, to) = (
        company.wallet(&company.mei).await,
        company.wallet(&company.staff).await,
    );
    let body = json!({ "id": "deposit", "from_account_id": from, "to_account_id": to,
                       "amount": 4_000, "memo": "for the hall", "reference": "hall-7",
                       "expires_in": 600 });
    let answers = at_once((0..4).map(|_| {
        let (mut mei, body) = (company.mei.clone(), body.clone());
        async move { post(&mut mei, "/api/v1/holds", body).await }
    }))
    .await;
    assert_eq!(one_answer(&answers)["amount"], 4_000);
    assert_eq!(number(app, "SELECT COUNT(*) FROM holds").await, 1);

    // Anything else under that id is another hold. Staff may move money between any two accounts, so
    // that nothing else is in the way.
    let (mut mei, mut staff) = (company.mei.clone(), company.staff.clone());
    for (field, change) in [
        ("amount", json!({ "amount": 4_001 })),
        ("memo", json!({ "memo": "for the garden" })),
        ("reference", json!({ "reference": "hall-8" })),
        ("expires_in", json!({ "expires_in": 601 })),
        (
            "the accounts",
            json!({ "from_account_id": to, "to_account_id": from }),
        ),
    ] {
        let mut other = body.clone();
        for (name, value) in change.as_object().expect("fields") {
            other[name] = value.clone();
        }
        let answer = post(&mut staff, "/api/v1/holds", other).await;
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::UNPROCESSABLE_ENTITY, 2003),
            "{field}: {}",
            answer.body
        );
        assert!(answer.json()["errors"]["id"].is_string(), "{field}");
    }
    assert_eq!(number(app, "SELECT COUNT(*) FROM holds").await, 1);
    let wallet = mei.api("/api/v1/wallet").await.data();
    assert_eq!(wallet["available"], MONEY - 4_000);
    all_is_right(app).await;
}

#[tokio::test]
async fn a_hold_that_cannot_be_has_its_code_and_sets_nothing_aside() {
    let mut company = Company::open().await;
    let (from, to) = (
        company.wallet(&company.mei).await,
        company.wallet(&company.staff).await,
    );
    let mut account = async |body: Value| {
        let answer = post(&mut company.staff, "/api/v1/accounts", body).await;
        made(&answer);
        answer.data()["id"].as_i64().expect("an id")
    };
    let euro = json!({ "code": "euro", "name": "Euro", "currency": "EUR" });
    let euro = account(euro).await;
    let open = json!({ "code": "open", "name": "Open", "min_balance": null });
    let open = account(open).await;
    // Only one that has nearly all set aside can overflow.
    let nearly = i64::MAX - 5;
    let app = &company.server.app;
    let full = format!("UPDATE ledger_accounts SET held = {nearly} WHERE id = {open}");
    execute(app, &full).await;
    for (debit, credit, amount, code) in [
        (to, from, 1, 3101),
        (from, to, MONEY + 1, 3101),
        (from, euro, 1, 3102),
        (from, from, 1, 3103),
        (open, to, 6, 3104),
    ] {
        let body = json!({ "from_account_id": debit, "to_account_id": credit, "amount": amount });
        let answer = post(&mut company.staff, "/api/v1/holds", body).await;
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::CONFLICT, code),
            "{}",
            answer.body
        );
    }
    assert_eq!(number(app, "SELECT COUNT(*) FROM holds").await, 0);
    let held = "SELECT CAST(SUM(held) AS BIGINT) FROM ledger_accounts WHERE code <> 'open'";
    assert_eq!(number(app, held).await, 0);
    let body = json!({ "from_account_id": open, "to_account_id": to, "amount": 5 });
    made(&post(&mut company.staff, "/api/v1/holds", body).await);
}

/// Somebody's browsers fill a cart, one of them signs in meanwhile, and another that is signed in
/// already goes on filling: nothing that was answered with yes is missing in the end.
#[tokio::test(flavor = "multi_thread")]
async fn carts_that_meet_while_they_are_filled_lose_nothing() {
    const PRODUCTS: i64 = 12;
    let server = TestServer::start().await;
    let mut staff = server.program(Role::Staff).await;
    execute(
        &server.app,
        "INSERT INTO categories (slug, name, position) VALUES ('all', 'All', 1)",
    )
    .await;
    let mut products = Vec::new();
    for number in 0..=PRODUCTS {
        let body = json!({ "name": format!("Thing {number}"), "price": 100, "stock": 900 });
        let answer = post(&mut staff, "/api/v1/products", body).await;
        made(&answer);
        products.push(answer.data()["id"].as_i64().expect("an id"));
    }
    let first = products.pop().expect("one more");
    let user = server.person(Role::Customer).await;
    let at_home = server.sign_in(&user).await;
    let mut outside = server.visitor();
    put_in(&mut outside, first, "").await;

    // Each product once from outside, where a second click right behind the first would not count,
    // and once from home, where each click has a key.
    let mut work = Vec::new();
    for product in &products {
        work.push((outside.clone(), Some((*product, String::new()))));
        work.push((at_home.clone(), Some((*product, format!("{product:032x}")))));
    }
    // In the middle of it all, twice, as a double click has it.
    for _ in 0..2 {
        work.insert(work.len() / 2, (outside.clone(), None));
    }
    let tabs = at_once(work.into_iter().map(|(mut tab, added)| {
        let email = user.email.clone();
        async move {
            match added {
                Some((product, key)) => put_in(&mut tab, product, &key).await,
                None => sign_in(&mut tab, &email).await,
            }
            tab
        }
    }))
    .await;
    // What a tab put in after the others had gone is in a cart of its own, until it signs in.
    for mut tab in tabs {
        sign_in(&mut tab, &user.email).await;
    }
    let mut program = server.program_of(&user).await;
    let cart = program.api("/api/v1/cart").await.data();
    let mut there = Vec::new();
    for item in cart["items"].as_array().expect("items") {
        let field = |name: &str| item[name].as_i64().expect("a number");
        there.push((field("product_id"), field("quantity")));
    }
    there.sort_unstable();
    let mut expected: Vec<_> = products.iter().map(|product| (*product, 2)).collect();
    expected.push((first, 1));
    assert_eq!(there, expected);
    assert_eq!(number(&server.app, "SELECT COUNT(*) FROM carts").await, 1);
}

async fn put_in(browser: &mut Client, product: i64, key: &str) {
    let product = product.to_string();
    let fields = [
        ("product_id", &*product),
        ("quantity", "1"),
        ("idempotency_key", key),
    ];
    let answer = browser.post("/cart/items", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

async fn sign_in(browser: &mut Client, email: &str) {
    let fields = [("email", email), ("password", PASSWORD)];
    let answer = browser.post("/login", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

/// The stock is less than all want at once, each with a key and twice.
#[tokio::test(flavor = "multi_thread")]
async fn the_last_pieces_go_once_to_those_who_click_twice() {
    let company = Company::with_stock(9).await;
    let app = &company.server.app;
    let body = company.order(2, "invoice", "standard");
    let answers = at_once((0..12).map(|turn| {
        let (mut mei, body) = (company.mei.clone(), body.clone());
        let key = format!("click-{}", turn / 2);
        async move {
            let answer = post_keyed(&mut mei, "/api/v1/orders", &key, &body).await;
            (key, answer)
        }
    }))
    .await;
    assert_eq!(company.count("orders").await, 4);
    for (_, answer) in &answers {
        if answer.status != StatusCode::CREATED {
            assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3401));
        }
    }
    for pair in answers.chunks(2) {
        assert_eq!(pair[0].1.status, pair[1].1.status, "{}", pair[0].0);
    }
    all_is_right(app).await;
}
