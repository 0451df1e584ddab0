//! Room between cards: made for a bounded number of them, however many a column has.

use crate::support::{Client, TestServer, execute, number, on_postgres};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::{Value, json};

const FURTHEST: i64 = (1 << 53) - 1;

async fn board(staff: &mut Client) {
    let board = json!({ "name": "Shop" });
    let made = staff.send_json(Method::POST, "/api/v1/boards", board).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
}

async fn make(staff: &mut Client, body: Value) -> Value {
    let made = staff.send_json(Method::POST, "/api/v1/tasks", body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    made.data()
}

/// Fills the column `todo` with so many cards, the first at `first` and each `apart` from the next.
async fn fill(server: &TestServer, count: i64, first: i64, apart: i64) {
    let numbers = if on_postgres() {
        format!("SELECT generate_series(1, {count}) AS n")
    } else {
        format!(
            "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})
             SELECT n FROM numbers"
        )
    };
    let sql = format!(
        "INSERT INTO tasks (board_id, title, status, position, created_at, updated_at)
         SELECT 1, 'card', 'todo', {first} + (n - 1) * {apart}, 0, 0 FROM ({numbers}) AS numbered"
    );
    execute(&server.app, &sql).await;
}

/// The number of cards above the card with this id, as the board shows them.
async fn rank(server: &TestServer, id: i64) -> i64 {
    let sql = format!(
        "SELECT COUNT(*) FROM tasks AS other, tasks AS card
         WHERE card.id = {id} AND other.board_id = card.board_id AND other.status = card.status
           AND (other.position, other.id) < (card.position, card.id)"
    );
    number(&server.app, &sql).await
}

/// The id of the card with so many above it.
async fn at_rank(server: &TestServer, rank: i64) -> i64 {
    let sql = format!(
        "SELECT id FROM tasks WHERE board_id = 1 AND status = 'todo'
         ORDER BY position, id LIMIT 1 OFFSET {rank}"
    );
    number(&server.app, &sql).await
}

async fn move_below(
    server: &TestServer,
    browser: &mut Client,
    card: i64,
    other: i64,
) -> StatusCode {
    let path = format!("/tasks/{card}/move");
    let version = number(
        &server.app,
        &format!("SELECT version FROM tasks WHERE id = {card}"),
    )
    .await;
    let (other, version) = (other.to_string(), version.to_string());
    let fields = [
        ("status", "todo"),
        ("below", &*other),
        ("version", &*version),
    ];
    browser.post(&path, &fields).await.status
}

#[tokio::test]
async fn a_place_is_within_bounds() {
    let server = TestServer::start().await;
    let mut staff = server.program(Role::Staff).await;
    board(&mut staff).await;
    for place in [i64::MAX, i64::MIN, FURTHEST + 1, -FURTHEST - 1] {
        let body = json!({ "title": "x", "position": place });
        let refused = staff.send_json(Method::POST, "/api/v1/tasks", body).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            refused.json()["errors"]["position"].is_string(),
            "{}",
            refused.body
        );
    }
    for place in [FURTHEST, -FURTHEST] {
        let task = make(&mut staff, json!({ "title": "x", "position": place })).await;
        assert_eq!(task["position"], place);
        // There is room beyond it all the same.
        let next = make(&mut staff, json!({ "title": "y" })).await;
        assert!(next["position"].as_i64() > Some(FURTHEST));
        let path = format!("/api/v1/tasks/{}", task["id"]);
        let body = json!({ "version": 1, "position": i64::MAX });
        let refused = staff.send_json(Method::PATCH, &path, body).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            refused.json()["errors"]["position"].is_string(),
            "{}",
            refused.body
        );
    }
}

#[tokio::test]
async fn only_cards_around_the_place_are_moved_apart() {
    let server = TestServer::start().await;
    let mut staff = server.program(Role::Staff).await;
    board(&mut staff).await;
    let mut browser = server.sign_in(staff.user.as_ref().expect("staff")).await;
    // 150 with no room between them, and many others far from them on both sides.
    fill(&server, 400, 1_000_000_000, 1 << 20).await;
    fill(&server, 150, 5_000_000_000_000, 1).await;
    fill(&server, 400, 9_000_000_000_000, 1 << 20).await;
    let far = "SELECT CAST(SUM(position) AS BIGINT) FROM tasks
               WHERE title = 'card' AND (position < 1370000000 OR position > 9000040000000)";
    let before = number(&server.app, far).await;
    let card = make(&mut staff, json!({ "title": "moved" })).await["id"]
        .as_i64()
        .expect("an id");
    for place in [470, 480, 440] {
        let other = at_rank(&server, place).await;
        assert_eq!(
            move_below(&server, &mut browser, card, other).await,
            StatusCode::SEE_OTHER
        );
        assert_eq!(rank(&server, card).await, rank(&server, other).await + 1);
    }
    let apart = "SELECT COUNT(*) - COUNT(DISTINCT position) FROM tasks";
    assert_eq!(number(&server.app, apart).await, 0);
    let sum = number(&server.app, far).await;
    assert_eq!(sum, before, "what stands far away stays where it is");
}

#[tokio::test]
async fn a_move_into_a_full_gap_is_refused_and_says_what_to_do() {
    let server = TestServer::start().await;
    let mut staff = server.program(Role::Staff).await;
    board(&mut staff).await;
    let mut browser = server.sign_in(staff.user.as_ref().expect("staff")).await;
    fill(&server, 2_500, 7, 0).await;
    let card = make(&mut staff, json!({ "title": "moved" })).await["id"]
        .as_i64()
        .expect("an id");
    let (first, middle, last) = (
        at_rank(&server, 0).await,
        at_rank(&server, 1_250).await,
        at_rank(&server, 2_400).await,
    );
    assert_eq!(
        move_below(&server, &mut browser, card, middle).await,
        StatusCode::CONFLICT
    );
    assert_eq!(rank(&server, card).await, 2_500, "where it was");
    // Towards an end of the column there is room.
    for other in [first, last] {
        assert_eq!(
            move_below(&server, &mut browser, card, other).await,
            StatusCode::SEE_OTHER
        );
        assert_eq!(rank(&server, card).await, rank(&server, other).await + 1);
    }
}
