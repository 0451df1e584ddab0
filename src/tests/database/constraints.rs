//! Constraints that the database itself holds, whatever a program asks of it.

use crate::support::company::{Company, made, post};
use crate::support::{number, on_postgres, try_execute};
use guildhall::server::App;
use serde_json::json;
use sqlx::error::DatabaseError;

async fn refused(app: &App, sql: &str) -> Box<dyn DatabaseError> {
    let error = try_execute(app, sql)
        .await
        .expect_err(&format!("refused: {sql}"));
    error
        .into_database_error()
        .expect("a word of the database's")
}

async fn breaks_a_check(app: &App, sql: &str) {
    let error = refused(app, sql).await;
    assert!(error.is_check_violation(), "{sql}: {error}");
}

async fn is_kept(app: &App, sql: &str) {
    let error = refused(app, sql).await;
    let said = error.message();
    assert!(
        said.contains("stays as it is") || said.contains("is kept"),
        "{sql}: {said}"
    );
}

#[tokio::test]
async fn stock_is_never_below_nothing_nor_reserved_beyond_what_is_there() {
    let company = Company::open().await;
    let app = &company.server.app;
    for change in [
        "on_hand = -1",
        "on_hand = -1, reserved = -1",
        "reserved = -1",
        "reserved = on_hand + 1",
        "on_hand = 3, reserved = 4",
    ] {
        breaks_a_check(app, &format!("UPDATE products SET {change}")).await;
    }
    let insert = |on_hand: i64, reserved: i64| {
        format!(
            "INSERT INTO products (category_id, slug, name, name_key, description, price, on_hand,
                                   reserved, active, created_at, updated_at)
             SELECT id, 'x', 'X', 'x', '', 1, {on_hand}, {reserved}, TRUE, 0, 0 FROM categories"
        )
    };
    for (on_hand, reserved) in [(-1, 0), (5, -1), (5, 6)] {
        breaks_a_check(app, &insert(on_hand, reserved)).await;
    }
    // Up to the limit it may.
    try_execute(app, &insert(5, 5)).await.expect("all of it");
    try_execute(app, &insert(0, 0).replace("'x'", "'y'"))
        .await
        .expect("none at all");
    assert_eq!(number(app, "SELECT COUNT(*) FROM products").await, 3);
}

#[tokio::test]
async fn no_account_goes_below_the_least_it_may_have() {
    let company = Company::open().await;
    let app = &company.server.app;
    let wallet = company.wallet(&company.mei).await;
    let update = |change: &str| format!("UPDATE ledger_accounts SET {change} WHERE id = {wallet}");
    for change in [
        "balance = -1",
        "held = balance + 1",
        "balance = 10, held = 11",
        "min_balance = balance + 1",
        "held = -1",
    ] {
        breaks_a_check(app, &update(change)).await;
    }
    let insert = |min: &str| {
        format!(
            "INSERT INTO ledger_accounts (code, name, currency, normal_side, min_balance, balance,
                                          created_at)
             VALUES ('x', 'X', 'CNY', 'credit', {min}, -10, 0)"
        )
    };
    breaks_a_check(app, &insert("0")).await;
    breaks_a_check(app, &insert("-9")).await;
    for change in ["held = balance", "held = 0, balance = 0"] {
        try_execute(app, &update(change)).await.expect("to the end");
    }
    try_execute(app, &insert("-10"))
        .await
        .expect("as agreed with the bank");
    try_execute(app, &insert("NULL").replace("'x'", "'y'"))
        .await
        .expect("an account without an end");
}

#[tokio::test]
async fn order_events_are_append_only() {
    let mut company = Company::open().await;
    company.place(1, "wallet").await;
    let app = &company.server.app;
    let count = "SELECT COUNT(*) FROM order_events";
    let events = number(app, count).await;
    assert_eq!(events, 2, "placed and paid");
    for change in [
        "UPDATE order_events SET data = data",
        "UPDATE order_events SET seq = seq + 10",
        "UPDATE order_events SET at = at WHERE seq = 2",
        "DELETE FROM order_events",
        "DELETE FROM order_events WHERE seq = 2",
    ] {
        is_kept(app, change).await;
    }
    let again = |seq: &str| {
        format!(
            "INSERT INTO order_events (order_id, seq, kind, data, actor_id, actor, trace_id, at)
             SELECT order_id, {seq}, kind, data, actor_id, actor, trace_id, at
             FROM order_events WHERE seq = 1"
        )
    };
    let twice = refused(app, &again("2")).await;
    assert!(twice.is_unique_violation(), "{twice}");
    breaks_a_check(app, &again("0")).await;
    assert_eq!(number(app, count).await, events);
    // The next one may come.
    try_execute(app, &again("3")).await.expect("the next");
}

#[tokio::test]
async fn postings_are_append_only() {
    let mut company = Company::open().await;
    let (from, to) = (
        company.wallet(&company.mei).await,
        company.wallet(&company.staff).await,
    );
    let body = json!({ "from_account_id": from, "to_account_id": to, "amount": 700 });
    made(&post(&mut company.mei, "/api/v1/transfers", body).await);
    let app = &company.server.app;
    for (table, rows, column) in [("transfers", 2, "memo"), ("ledger_entries", 4, "balance")] {
        let count = format!("SELECT COUNT(*) FROM {table}");
        assert_eq!(number(app, &count).await, rows, "{table}");
        for change in [
            format!("UPDATE {table} SET {column} = {column}"),
            format!("UPDATE {table} SET amount = amount + 1"),
            format!("UPDATE {table} SET posted_at = 0 WHERE amount = 700"),
            format!("DELETE FROM {table}"),
            format!("DELETE FROM {table} WHERE amount = 700"),
        ] {
            is_kept(app, &change).await;
        }
        assert_eq!(number(app, &count).await, rows, "{table}");
    }
    // A transfer has one entry a side, and none with nothing in it.
    let entry = |side: &str, amount: i64| {
        format!(
            "INSERT INTO ledger_entries (transfer_seq, account_id, side, amount, balance, posted_at)
             SELECT seq, debit_account_id, '{side}', {amount}, 0, 0 FROM transfers WHERE amount = 700"
        )
    };
    let twice = refused(app, &entry("debit", 700)).await;
    assert!(twice.is_unique_violation(), "{twice}");
    breaks_a_check(app, &entry("debit", 0)).await;
    breaks_a_check(app, &entry("third", 700)).await;
}

/// Each engine has a way around UPDATE and DELETE triggers: SQLite replaces rows, PostgreSQL
/// empties tables.
#[tokio::test]
async fn append_only_tables_cannot_be_replaced_or_truncated() {
    let mut company = Company::open().await;
    company.place(1, "wallet").await;
    let app = &company.server.app;
    for table in ["order_events", "ledger_entries", "transfers"] {
        let change = match on_postgres() {
            true => format!("TRUNCATE {table} CASCADE"),
            false => format!("REPLACE INTO {table} SELECT * FROM {table}"),
        };
        is_kept(app, &change).await;
    }
}
