//! Rights to tasks and boards: what visitors, customers and staff may do.

use super::board::{make, read, send, with_board};
use crate::support::{Client, TestServer};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::json;

#[tokio::test]
async fn another_persons_task_is_not_there() {
    let server = TestServer::start().await;
    with_board(&server).await;
    let mut sam = server.signed_in(Role::Staff).await;
    make(&mut sam, json!({ "title": "Staff only" })).await;
    let mut mei = server.signed_in(Role::Customer).await;
    for path in ["/tasks/1", "/tasks/1/edit", "/api/v1/tasks/1"] {
        assert_eq!(mei.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let fields = [
        ("version", "1"),
        ("status", "done"),
        ("assignee_id", ""),
        ("title", "Mine now"),
    ];
    for action in [
        "edit",
        "move",
        "complete",
        "reopen/doing",
        "assign",
        "delete",
        "restore",
    ] {
        let answer = mei.post(&format!("/tasks/1/{action}"), &fields).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{action}");
    }
    let change = json!({ "version": 1, "title": "Mine now" });
    assert_eq!(
        send(&mut mei, Method::PATCH, "/tasks/1", change)
            .await
            .status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        send(&mut mei, Method::DELETE, "/tasks/1", json!({}))
            .await
            .status,
        StatusCode::NOT_FOUND
    );
    assert!(!mei.page("/tasks?view=all").await.contains("Staff only"));
    assert_eq!(mei.get("/boards/1").await.status, StatusCode::NOT_FOUND);
    assert_eq!(read(&mut sam, 1).await["version"], 1);

    let own = make(&mut mei, json!({ "title": "A lamp, please" })).await;
    let path = format!("/tasks/{}", own["id"]);
    assert!(mei.page(&path).await.contains("A lamp, please"));
    let board = format!("/boards/{}", own["board_id"]);
    assert!(mei.page(&board).await.contains("A lamp, please"));
    let beside = [("status", "todo"), ("above", "1"), ("version", "1")];
    let answer = mei.post(&format!("{path}/move"), &beside).await;
    assert_eq!(
        answer.status,
        StatusCode::CONFLICT,
        "not beside a card they cannot see"
    );
}

#[tokio::test]
async fn customers_give_tasks_to_themselves_or_nobody() {
    let server = TestServer::start().await;
    with_board(&server).await;
    let sam = server.person(Role::Staff).await;
    let gone = server.person(Role::Customer).await;
    let mut admin = server.program(Role::Admin).await;
    let path = format!("/users/{}", gone.id);
    send(&mut admin, Method::DELETE, &path, json!({})).await;
    let mut mei = server.program(Role::Customer).await;
    let me = mei.id();
    let refused = send(
        &mut mei,
        Method::POST,
        "/tasks",
        json!({ "title": "x", "assignee_id": sam.id }),
    )
    .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.json()["errors"]["assignee_id"].is_string());
    make(&mut mei, json!({ "title": "x", "assignee_id": me })).await;
    let assign = |id: i64, version: i64| {
        [
            ("assignee_id", id.to_string()),
            ("version", version.to_string()),
        ]
    };
    let post = async |client: &mut Client, id: i64, version: i64| {
        let [a, b] = assign(id, version);
        client
            .post("/tasks/1/assign", &[(a.0, &a.1), (b.0, &b.1)])
            .await
            .status
    };
    assert_eq!(
        post(&mut mei, sam.id, 1).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        post(&mut admin, gone.id, 1).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(post(&mut admin, sam.id, 1).await, StatusCode::SEE_OTHER);
    assert_eq!(
        post(&mut admin, sam.id, 1).await,
        StatusCode::SEE_OTHER,
        "twice is once"
    );
    let change = json!({ "version": 2, "title": "Still theirs to change" });
    assert_eq!(
        send(&mut mei, Method::PATCH, "/tasks/1", change)
            .await
            .status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn visitors_see_and_do_nothing() {
    let server = TestServer::start().await;
    with_board(&server).await;
    let mut visitor = server.visitor();
    for path in [
        "/tasks",
        "/tasks/new",
        "/tasks/1",
        "/tasks/1/edit",
        "/boards",
        "/boards/1",
    ] {
        let answer = visitor.get(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(
            answer.header("location").starts_with("/login?next="),
            "{path}"
        );
    }
    for path in [
        "/api/v1/tasks",
        "/api/v1/tasks/1",
        "/api/v1/boards",
        "/api/v1/boards/1",
    ] {
        assert_eq!(
            visitor.api(path).await.status,
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
    }
    let fields = [
        ("title", "x"),
        ("name", "x"),
        ("version", "1"),
        ("status", "done"),
        ("assignee_id", ""),
    ];
    for path in [
        "/tasks",
        "/tasks/new",
        "/tasks/1/edit",
        "/tasks/1/move",
        "/tasks/1/complete",
        "/tasks/1/reopen/todo",
        "/tasks/1/assign",
        "/tasks/1/delete",
        "/tasks/1/restore",
        "/boards",
        "/boards/1/name",
        "/boards/1/columns",
        "/boards/1/columns/todo/name",
        "/boards/1/columns/todo/remove",
        "/boards/1/cards/todo",
    ] {
        let answer = visitor.post(path, &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.header("location").starts_with("/login"), "{path}");
    }
    for (method, path) in [
        (Method::POST, "/tasks"),
        (Method::PATCH, "/tasks/1"),
        (Method::DELETE, "/tasks/1"),
        (Method::POST, "/boards"),
    ] {
        let body = json!({ "title": "x", "name": "x", "version": 1 });
        let body = match path {
            "/boards" => json!({ "name": "x" }),
            "/tasks" => json!({ "title": "x" }),
            _ => body,
        };
        let body = if method == Method::PATCH {
            json!({ "version": 1 })
        } else {
            body
        };
        let answer = send(&mut visitor, method, path, body).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test]
async fn staff_arrange_boards_and_customers_do_not() {
    let server = TestServer::start().await;
    let mut mei = server.signed_in(Role::Customer).await;
    let mut sam = server.signed_in(Role::Staff).await;
    assert!(sam.page("/tasks").await.contains("No boards yet"));
    assert_eq!(
        sam.post("/boards", &[("name", "Shop")])
            .await
            .header("location"),
        "/boards/1"
    );
    let twice = sam.post("/boards", &[("name", "Shop")]).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        twice
            .body
            .contains("There is already a board with this name.")
    );
    for path in [
        "/boards",
        "/boards/1/name",
        "/boards/1/columns",
        "/boards/1/columns/todo/name",
        "/boards/1/columns/todo/remove",
    ] {
        assert_eq!(
            mei.post(path, &[("name", "Mine")]).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    let answer = send(&mut mei, Method::POST, "/boards", json!({ "name": "Mine" })).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(!mei.page("/boards").await.contains("/boards/1"));

    sam.post("/boards/1/name", &[("name", "Shop floor")]).await;
    sam.post("/boards/1/columns", &[("name", "In review")])
        .await;
    sam.post("/boards/1/columns/doing/name", &[("name", "At work")])
        .await;
    let board = sam.api("/api/v1/boards/1").await.data();
    assert_eq!(board["name"], "Shop floor");
    assert_eq!(
        board["columns"],
        json!([
            { "key": "todo", "name": "To do" }, { "key": "doing", "name": "At work" },
            { "key": "in-review", "name": "In review" }, { "key": "done", "name": "Done" },
        ])
    );

    sam.post("/boards/1/cards/in-review", &[("title", "Look at it")])
        .await;
    sam.referer = Some("/boards/1".into());
    let answer = sam.post("/boards/1/columns/in-review/remove", &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        answer
            .body
            .contains("There is still a task in In review. Move it out first.")
    );
    assert_eq!(
        sam.post("/boards/1/columns/done/remove", &[]).await.status,
        StatusCode::CONFLICT
    );
    sam.post("/tasks/1/delete", &[]).await;
    assert_eq!(
        sam.post("/boards/1/columns/in-review/remove", &[])
            .await
            .status,
        StatusCode::SEE_OTHER
    );
    sam.post("/tasks/1/restore", &[]).await;
    assert_eq!(
        read(&mut sam, 1).await["status"],
        "todo",
        "it came back where there is a column"
    );
}
