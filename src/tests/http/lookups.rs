//! Failed lookups: an outage is never told as the mistake of whoever asked.
//!
//! A table is away for a moment: that is no different from a database that fails in the middle of a request.

use crate::support::{Answer, Client, PASSWORD, TestServer, execute};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::{Value, json};

const OUTAGE: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;

/// Staff, a board, and two tasks on it.
async fn with_tasks(server: &TestServer) -> Client {
    let mut staff = server.program(Role::Staff).await;
    let made = post(&mut staff, "/api/v1/boards", json!({ "name": "Shop" })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    for title in ["A", "B"] {
        let made = post(&mut staff, "/api/v1/tasks", json!({ "title": title })).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    }
    staff
}

async fn post(client: &mut Client, path: &str, body: Value) -> Answer {
    client.send_json(Method::POST, path, body).await
}

async fn take_away(server: &TestServer, table: &str) {
    execute(&server.app, &format!("ALTER TABLE {table} RENAME TO gone")).await;
}

#[tokio::test]
async fn a_board_that_cannot_be_looked_up_is_not_a_wrong_board() {
    let server = TestServer::start().await;
    let mut staff = with_tasks(&server).await;
    let wrong = post(
        &mut staff,
        "/api/v1/tasks",
        json!({ "title": "C", "board_id": 7 }),
    )
    .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let change = json!({ "version": 1, "board_id": 7 });
    let wrong = staff
        .send_json(Method::PATCH, "/api/v1/tasks/1", change)
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);

    take_away(&server, "boards").await;
    let task = json!({ "title": "C", "board_id": 1 });
    assert_eq!(post(&mut staff, "/api/v1/tasks", task).await.status, OUTAGE);
    let change = json!({ "version": 1, "board_id": 1, "status": "done" });
    let changed = staff
        .send_json(Method::PATCH, "/api/v1/tasks/1", change)
        .await;
    assert_eq!(changed.status, OUTAGE, "{}", changed.body);
}

#[tokio::test]
async fn a_card_that_cannot_be_read_was_not_moved_away() {
    // On PostgreSQL no single row can be made unreadable; the code is the same.
    let server = TestServer::start_on_sqlite().await;
    let staff = with_tasks(&server).await;
    let mut browser = server.sign_in(staff.user.as_ref().expect("staff")).await;
    let beside = |other| [("status", "done"), ("above", other), ("version", "1")];
    let gone = browser.post("/tasks/1/move", &beside("7")).await;
    assert_eq!(gone.status, StatusCode::CONFLICT);
    execute(
        &server.app,
        "UPDATE tasks SET due_at = 'never' WHERE id = 2",
    )
    .await;
    let unreadable = browser.post("/tasks/1/move", &beside("2")).await;
    assert_eq!(unreadable.status, OUTAGE, "{}", unreadable.body);
}

#[tokio::test]
async fn a_hold_whose_account_cannot_be_read_is_there_still() {
    let server = TestServer::start().await;
    let mut staff = server.program(Role::Staff).await;
    for user in [
        server.person(Role::Customer).await,
        server.person(Role::Customer).await,
    ] {
        let path = format!("/api/v1/users/{}/top-up", user.id);
        let paid = post(&mut staff, &path, json!({ "amount": 100, "memo": "cash" })).await;
        assert_eq!(paid.status, StatusCode::CREATED, "{}", paid.body);
    }
    let wallet = async |kind: &str| {
        let sql = format!("SELECT {kind}(id) FROM ledger_accounts WHERE owner_id IS NOT NULL");
        crate::support::number(&server.app, &sql).await
    };
    let hold = json!({
        "id": "hold-1", "from_account_id": wallet("MIN").await, "to_account_id": wallet("MAX").await, "amount": 1,
    });
    let held = post(&mut staff, "/api/v1/holds", hold).await;
    assert_eq!(held.status, StatusCode::CREATED, "{}", held.body);
    assert_eq!(
        staff.api("/api/v1/holds/hold-1").await.status,
        StatusCode::OK
    );
    take_away(&server, "ledger_accounts").await;
    assert_eq!(staff.api("/api/v1/holds/hold-1").await.status, OUTAGE);
}

#[tokio::test]
async fn a_failed_owner_lookup_is_not_a_refusal() {
    let server = TestServer::start().await;
    let form = [
        ("name", "Ann"),
        ("email", "ann@example.com"),
        ("password", PASSWORD),
        ("next", "/"),
    ];
    let made = server.visitor().post("/register", &form).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let again = server.visitor().post("/register", &form).await;
    assert_eq!(
        again.status,
        StatusCode::SEE_OTHER,
        "sent twice: {}",
        again.body
    );
    take_away(&server, "sign_in_attempts").await;
    let again = server.visitor().post("/register", &form).await;
    assert_eq!(again.status, OUTAGE, "{}", again.body);
}
