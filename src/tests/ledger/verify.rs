//! Verification of the books, and of orders and stock: each thing it checks, damaged by hand.

use crate::support::company::{Company, MONEY, PRICE, STOCK, made, post};
use crate::support::{execute, number, on_postgres};
use guildhall::ledger::verify_ledger;
use guildhall::orders::verify_orders;
use guildhall::proof::Finding;
use guildhall::server::App;
use serde_json::json;

const FEE: i64 = 1_000;

/// Lets what is guarded be changed on this table. On SQLite one connection writes everything.
async fn unlock(app: &App, table: &str) {
    if on_postgres() {
        execute(app, &format!("DROP TRIGGER {table}_stay ON {table}")).await;
    } else {
        execute(app, &format!("DROP TRIGGER {table}_stay")).await;
        execute(app, &format!("DROP TRIGGER {table}_are_kept")).await;
    }
}

/// Lets accounts go below the least they may have.
async fn forget_the_least(app: &App) {
    execute(
        app,
        match on_postgres() {
            true => "ALTER TABLE ledger_accounts DROP CONSTRAINT ledger_accounts_min_balance",
            false => "PRAGMA ignore_check_constraints = ON",
        },
    )
    .await;
}

/// One change made behind the program's back, how it is undone, and all that verification finds
/// meanwhile.
struct Damage<'a> {
    done: &'a str,
    undone: &'a str,
    found: Vec<String>,
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

fn said(findings: Vec<Finding>) -> Vec<String> {
    sorted(findings.into_iter().map(|finding| finding.0).collect())
}

#[tokio::test]
async fn each_break_of_the_books_is_named() {
    let mut company = Company::open().await;
    let (mei, staff) = (company.mei.id(), company.staff.id());
    let (from, to) = (
        company.wallet(&company.mei).await,
        company.wallet(&company.staff).await,
    );
    let body = |id: &str, amount: i64| json!({ "id": id, "from_account_id": from, "to_account_id": to, "amount": amount });
    for (path, body) in [
        ("transfers", body("lunch", 2_500)),
        ("holds", body("deposit", 1_000)),
        ("holds", body("deal", 300)),
    ] {
        made(&post(&mut company.mei, &format!("/api/v1/{path}"), body).await);
    }
    let capture = "/api/v1/holds/deal/capture";
    let answer = post(&mut company.staff, capture, json!({})).await;
    assert_eq!(answer.data()["transfer"]["amount"], 300);

    let app = &company.server.app;
    assert_eq!(said(verify_ledger(app).await.expect("reads")), [""; 0]);
    unlock(app, "ledger_entries").await;
    unlock(app, "transfers").await;
    forget_the_least(app).await;
    let (mine, theirs) = (format!("wallet-{mei}"), format!("wallet-{staff}"));
    let balance = MONEY - 2_800;
    let of = |code: &str, change: &str| {
        format!("UPDATE ledger_accounts SET {change} WHERE code = '{code}'")
    };
    let entry = |change: &str, which: &str| {
        format!(
            "UPDATE ledger_entries SET {change} WHERE {which}
             AND transfer_seq = (SELECT seq FROM transfers WHERE id = 'lunch')"
        )
    };
    let damages = [
        Damage {
            done: &of(&mine, "balance = balance + 1"),
            undone: &of(&mine, "balance = balance - 1"),
            found: vec![format!(
                "Account {mine} has a balance of {}, and its entries add up to {balance}",
                balance + 1
            )],
        },
        Damage {
            done: &entry("balance = balance + 7", "side = 'credit'"),
            undone: &entry("balance = balance - 7", "side = 'credit'"),
            found: vec![format!(
                "An entry of account {theirs} shows a balance of 2507 where it should be 2500"
            )],
        },
        Damage {
            done: &of(&mine, "held = held + 1"),
            undone: &of(&mine, "held = held - 1"),
            found: vec![format!(
                "Account {mine} holds back 1001, and its open holds add up to 1000"
            )],
        },
        Damage {
            done: "UPDATE holds SET status = 'voided' WHERE id = 'deposit'",
            undone: "UPDATE holds SET status = 'open' WHERE id = 'deposit'",
            found: vec![format!(
                "Account {mine} holds back 1000, and its open holds add up to 0"
            )],
        },
        Damage {
            done: &of(&mine, &format!("min_balance = {balance}")),
            undone: &of(&mine, "min_balance = 0"),
            found: vec![format!(
                "Account {mine} can give {}, which is below the least it may have, {balance}",
                balance - 1_000
            )],
        },
        Damage {
            done: "UPDATE holds SET captured = 299 WHERE id = 'deal'",
            undone: "UPDATE holds SET captured = 300 WHERE id = 'deal'",
            found: vec![
                "Hold deal was captured with 299, and its transfers add up to 300".to_owned(),
            ],
        },
        // What the transfer says, and not its entries.
        Damage {
            done: "UPDATE transfers SET amount = 2600 WHERE id = 'lunch'",
            undone: "UPDATE transfers SET amount = 2500 WHERE id = 'lunch'",
            found: vec![
                "Transfer lunch has entries of 0 where two of its amount on its two accounts \
                 should be (5200)"
                    .to_owned(),
            ],
        },
        // One side alone: what was given is not what was got.
        Damage {
            done: &entry("amount = 2600, balance = balance + 100", "side = 'credit'"),
            undone: &entry("amount = 2500, balance = balance - 100", "side = 'credit'"),
            found: vec![
                format!("Account {theirs} has a balance of 2800, and its entries add up to 2900"),
                format!(
                    "An entry of account {theirs} shows a balance of 2800 where it should be 2900"
                ),
                "In CNY all debits less all credits come to -100, where 0 should be".to_owned(),
                "Transfer lunch has entries of 2500 where two of its amount on its two accounts \
                 should be (5000)"
                    .to_owned(),
            ],
        },
        // On an account that has nothing to do with it.
        Damage {
            done: &entry(
                &format!("account_id = {from}, balance = {MONEY}"),
                "side = 'credit'",
            ),
            undone: &entry(
                &format!("account_id = {to}, balance = 2500"),
                "side = 'credit'",
            ),
            found: vec![
                format!(
                    "Account {mine} has a balance of {balance}, and its entries add up to {}",
                    balance + 2_500
                ),
                format!("Account {theirs} has a balance of 2800, and its entries add up to 300"),
                format!(
                    "An entry of account {mine} shows a balance of {balance} where it should be {}",
                    balance + 2_500
                ),
                format!(
                    "An entry of account {theirs} shows a balance of 2800 where it should be 300"
                ),
                "Transfer lunch has entries of 2500 where two of its amount on its two accounts \
                 should be (5000)"
                    .to_owned(),
            ],
        },
    ];
    for damage in damages {
        execute(app, damage.done).await;
        let found = said(verify_ledger(app).await.expect("reads"));
        assert_eq!(found, sorted(damage.found), "{}", damage.done);
        execute(app, damage.undone).await;
        let found = said(verify_ledger(app).await.expect("reads"));
        assert_eq!(found, [""; 0], "{}", damage.undone);
    }
}

#[tokio::test]
async fn each_break_of_orders_and_stock_is_named() {
    let mut company = Company::open().await;
    let held = company.place(1, "wallet").await;
    let sold = company.place(2, "wallet").await;
    for step in ["pack", "ship", "deliver"] {
        company.step(&sold, step, json!({})).await;
    }
    let part = json!({ "amount": PRICE });
    company.step(&sold, "refund", part).await;

    let app = &company.server.app;
    assert_eq!(said(verify_orders(app).await.expect("reads")), [""; 0]);
    unlock(app, "order_events").await;
    unlock(app, "transfers").await;
    let year = number(app, "SELECT MAX(year) FROM orders").await;
    let version = number(app, "SELECT MAX(version) FROM orders").await;
    let of =
        |order: &str, change: &str| format!("UPDATE orders SET {change} WHERE number = '{order}'");
    let event = |change: &str, which: &str| {
        format!(
            "UPDATE order_events SET {change} WHERE {which}
             AND order_id = (SELECT id FROM orders WHERE number = '{sold}')"
        )
    };
    let total = 2 * PRICE + FEE;
    let (left, one) = (STOCK - 2, PRICE + FEE);
    let same = format!(
        "Order {sold} is delivered at version {version}, and its history makes it delivered at \
         version {version}"
    );
    let gone = format!(
        "Order {sold} gave {PRICE} back in event {version}, and no such transfer is in the ledger"
    );
    let refund_to = |code: &str| {
        format!(
            "UPDATE transfers SET credit_account_id =
                 (SELECT id FROM ledger_accounts WHERE code = '{code}') WHERE kind = 'refund'"
        )
    };
    let damages = [
        Damage {
            done: "UPDATE products SET on_hand = on_hand + 1",
            undone: "UPDATE products SET on_hand = on_hand - 1",
            found: vec![format!(
                "Product headphones has {} on hand, and its adjustments less what was shipped come \
                 to {left}",
                left + 1
            )],
        },
        Damage {
            done: "UPDATE stock_adjustments SET change = change + 1",
            undone: "UPDATE stock_adjustments SET change = change - 1",
            found: vec![format!(
                "Product headphones has {left} on hand, and its adjustments less what was shipped \
                 come to {}",
                left + 1
            )],
        },
        Damage {
            done: "UPDATE products SET reserved = reserved + 1",
            undone: "UPDATE products SET reserved = reserved - 1",
            found: vec![
                "Product headphones has 2 reserved, and its open reservations come to 1".to_owned(),
            ],
        },
        Damage {
            done: "UPDATE reservations SET quantity = quantity + 1",
            undone: "UPDATE reservations SET quantity = quantity - 1",
            found: vec![
                "Product headphones has 1 reserved, and its open reservations come to 2".to_owned(),
                format!("Order {held} has reserved 2 of one of its products, where 1 should be"),
            ],
        },
        Damage {
            done: &of(&held, "status = 'delivered'"),
            undone: &of(&held, "status = 'paid'"),
            found: vec![
                format!(
                    "Order {held} is delivered at version 2, and its history makes it paid at \
                     version 2"
                ),
                format!("Order {held} has reserved 1 of one of its products, where 0 should be"),
            ],
        },
        Damage {
            done: &of(&held, "version = 3"),
            undone: &of(&held, "version = 2"),
            found: vec![format!(
                "Order {held} is paid at version 3, and its history makes it paid at version 2"
            )],
        },
        Damage {
            done: &of(&held, "held = held - 1"),
            undone: &of(&held, "held = held + 1"),
            found: vec![
                format!(
                    "Order {held} is paid at version 2, and its history makes it paid at version 2"
                ),
                format!(
                    "Order {held} holds {}, and its open hold in the ledger is of {one}",
                    one - 1
                ),
            ],
        },
        // What the ledger says, and not the order.
        Damage {
            done: "UPDATE holds SET amount = amount - 5 WHERE status = 'open'",
            undone: "UPDATE holds SET amount = amount + 5 WHERE status = 'open'",
            found: vec![format!(
                "Order {held} holds {one}, and its open hold in the ledger is of {}",
                one - 5
            )],
        },
        Damage {
            done: &of(&sold, "captured = captured - 1"),
            undone: &of(&sold, "captured = captured + 1"),
            found: vec![
                same.clone(),
                format!(
                    "Order {sold} captured {}, and its captures in the ledger come to {total}",
                    total - 1
                ),
            ],
        },
        Damage {
            done: &of(&sold, "refunded = refunded + 1"),
            undone: &of(&sold, "refunded = refunded - 1"),
            found: vec![
                same,
                format!(
                    "Order {sold} refunded {}, and its refunds in the ledger come to {PRICE}",
                    PRICE + 1
                ),
            ],
        },
        // What the ledger gave back: another amount, or to the bank instead of the wallet.
        Damage {
            done: "UPDATE transfers SET amount = amount - 1 WHERE kind = 'refund'",
            undone: "UPDATE transfers SET amount = amount + 1 WHERE kind = 'refund'",
            found: vec![
                gone.clone(),
                format!(
                    "Order {sold} refunded {PRICE}, and its refunds in the ledger come to {}",
                    PRICE - 1
                ),
            ],
        },
        Damage {
            done: &refund_to("bank"),
            undone: &refund_to(&format!("wallet-{}", company.mei.id())),
            found: vec![gone],
        },
        Damage {
            done: &of(&sold, "ordinal = 7"),
            undone: &of(&sold, "ordinal = 2"),
            found: vec![format!(
                "In {year} there are 2 orders, and the last is number 7"
            )],
        },
        // A hole at the end, in the middle and at the beginning.
        Damage {
            done: &event("seq = seq + 5", &format!("seq = {version}")),
            undone: &event("seq = seq - 5", &format!("seq = {}", version + 5)),
            found: vec![
                format!("The history of order {sold} has a gap"),
                format!(
                    "Order {sold} gave 19900 back in event {}, and no such transfer is in the ledger",
                    version + 5
                ),
            ],
        },
        Damage {
            done: &event("seq = 99", "seq = 3"),
            undone: &event("seq = 3", "seq = 99"),
            found: vec![format!("The history of order {sold} has a gap")],
        },
        Damage {
            done: &event("seq = 99", "seq = 1"),
            undone: &event("seq = 1", "seq = 99"),
            found: vec![format!("The history of order {sold} has a gap")],
        },
    ];
    for damage in damages {
        execute(app, damage.done).await;
        let found = said(verify_orders(app).await.expect("reads"));
        assert_eq!(found, sorted(damage.found), "{}", damage.done);
        execute(app, damage.undone).await;
        let found = said(verify_orders(app).await.expect("reads"));
        assert_eq!(found, [""; 0], "{}", damage.undone);
    }
    execute(app, "DELETE FROM order_events").await;
    let found = said(verify_orders(app).await.expect("reads"));
    for order in [held, sold] {
        let wrong = format!("The history of order {order} does not begin with its placing");
        assert!(found.contains(&wrong), "{found:?}");
    }
}
