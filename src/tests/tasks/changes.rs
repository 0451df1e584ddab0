//! Changes of tasks through the API: fields, and moves between cards.

use super::board::{make, read, send, with_board};
use crate::support::{Client, TestServer};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::json;

#[tokio::test]
async fn a_change_tells_absent_from_null() {
    let server = TestServer::start().await;
    with_board(&server).await;
    let mut sam = server.program(Role::Staff).await;
    let me = sam.id();
    let task = make(&mut sam, json!({
        "title": "Lamp", "description": "x", "assignee_id": me, "due_at": "2030-01-02T03:04:05Z",
        "priority": "high", "labels": ["a"],
    })).await;
    assert_eq!(task["created_by"], me);
    let keys: Vec<&str> = task
        .as_object()
        .expect("fields")
        .keys()
        .map(String::as_str)
        .collect();
    let mut fields = vec![
        "id",
        "board_id",
        "title",
        "description",
        "status",
        "priority",
        "assignee_id",
        "due_at",
        "labels",
        "position",
        "version",
        "created_by",
        "created_at",
        "updated_at",
    ];
    fields.sort_unstable();
    assert_eq!(keys, fields);

    let kept = send(
        &mut sam,
        Method::PATCH,
        "/tasks/1",
        json!({ "version": 1, "title": "Lamps" }),
    )
    .await
    .data();
    for field in ["description", "assignee_id", "due_at", "priority", "labels"] {
        assert_eq!(kept[field], task[field], "{field}");
    }
    let cleared = json!({ "version": 2, "assignee_id": null, "due_at": null, "description": null, "labels": null, "priority": null });
    let cleared = send(&mut sam, Method::PATCH, "/tasks/1", cleared)
        .await
        .data();
    assert_eq!(
        (
            &cleared["assignee_id"],
            &cleared["due_at"],
            &cleared["description"],
            &cleared["labels"],
            &cleared["priority"]
        ),
        (
            &json!(null),
            &json!(null),
            &json!(""),
            &json!([]),
            &json!("none")
        )
    );
    let nothing = json!({ "version": 3, "title": null, "status": null });
    let answer = send(&mut sam, Method::PATCH, "/tasks/1", nothing).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        answer.json()["errors"]
            .as_object()
            .map(serde_json::Map::len),
        Some(2)
    );
    let stale = send(
        &mut sam,
        Method::PATCH,
        "/tasks/1",
        json!({ "version": 1, "title": "X" }),
    )
    .await;
    assert_eq!((stale.status, stale.code()), (StatusCode::CONFLICT, 3001));
    let blind = send(&mut sam, Method::PATCH, "/tasks/1", json!({ "title": "X" })).await;
    assert_eq!(blind.status, StatusCode::UNPROCESSABLE_ENTITY);
    let odd = send(
        &mut sam,
        Method::PATCH,
        "/tasks/1",
        json!({ "version": 3, "colour": "red" }),
    )
    .await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        send(&mut sam, Method::DELETE, "/tasks/1", json!({}))
            .await
            .status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        sam.api("/api/v1/tasks/1").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_move_sent_twice_moves_once() {
    let server = TestServer::start().await;
    with_board(&server).await;
    let mut sam = server.signed_in(Role::Staff).await;
    for title in ["A", "B", "C"] {
        make(&mut sam, json!({ "title": title })).await;
    }
    let order = async |sam: &mut Client| {
        let page = sam
            .api("/api/v1/tasks?status=todo&sort=position")
            .await
            .data();
        let items = page["items"].as_array().expect("items").clone();
        items
            .iter()
            .filter_map(|task| task["title"].as_str())
            .collect::<String>()
    };
    let up = [
        ("status", "todo"),
        ("above", "2"),
        ("version", "1"),
        ("next", "/boards/1"),
    ];
    for _ in 0..2 {
        let answer = sam.post("/tasks/3/move", &up).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::SEE_OTHER, "/boards/1")
        );
        assert_eq!(order(&mut sam).await, "ACB");
    }
    assert_eq!(read(&mut sam, 3).await["version"], 2);
    let down = [("status", "todo"), ("below", "2"), ("version", "1")];
    sam.post("/tasks/1/move", &down).await;
    assert_eq!(order(&mut sam).await, "CBA");
    let right = [("status", "doing"), ("version", "2")];
    for _ in 0..2 {
        assert_eq!(
            sam.post("/tasks/3/move", &right).await.status,
            StatusCode::SEE_OTHER
        );
    }
    assert_eq!(read(&mut sam, 3).await["status"], "doing");
    let late = [("status", "done"), ("version", "2")];
    sam.referer = Some("/boards/1".into());
    let answer = sam.post("/tasks/3/move", &late).await;
    assert_eq!(
        answer.status,
        StatusCode::CONFLICT,
        "somebody else moved it first"
    );
    assert!(answer.body.contains("Nothing was changed") && answer.body.contains("board-column"));
    let nowhere = [("status", "moon"), ("version", "3")];
    assert_eq!(
        sam.post("/tasks/3/move", &nowhere).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn there_is_always_room_between_two_cards() {
    let server = TestServer::start().await;
    with_board(&server).await;
    let mut sam = server.program(Role::Staff).await;
    for title in ["A", "B", "C"] {
        make(&mut sam, json!({ "title": title, "position": 5 })).await;
    }
    // Up and down between the same two, until no number fits between them.
    for _ in 0..25 {
        for (task, above) in [("3", "2"), ("2", "3")] {
            let version = read(&mut sam, task.parse().expect("an id")).await["version"].to_string();
            let fields = [
                ("status", "todo"),
                ("above", above),
                ("version", version.as_str()),
            ];
            let answer = sam.post(&format!("/tasks/{task}/move"), &fields).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        }
    }
    let page = sam.api("/api/v1/tasks?sort=position").await.data();
    let positions: Vec<i64> = page["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|task| task["position"].as_i64().expect("a number"))
        .collect();
    assert!(
        positions.windows(2).all(|pair| pair[0] < pair[1]),
        "{positions:?}"
    );
}
