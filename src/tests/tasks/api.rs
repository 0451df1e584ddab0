//! Tasks and boards: who may do what, and that nothing typed or moved is lost.

use crate::support::{Answer, Client, TestServer};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::{Value, json};

async fn send(client: &mut Client, method: Method, path: &str, body: Value) -> Answer {
    client
        .send_json(method, &format!("/api/v1{path}"), body)
        .await
}

/// A board with the id 1.
async fn with_board(server: &TestServer) {
    let mut staff = server.program(Role::Staff).await;
    let answer = send(
        &mut staff,
        Method::POST,
        "/boards",
        json!({ "name": "Shop" }),
    )
    .await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::CREATED, "/api/v1/boards/1")
    );
}

async fn make(client: &mut Client, body: Value) -> Value {
    let answer = send(client, Method::POST, "/tasks", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    answer.data()
}

async fn read(client: &mut Client, id: i64) -> Value {
    client.api(&format!("/api/v1/tasks/{id}")).await.data()
}

fn undo_in(page: &str) -> String {
    let (_, toast) = page.split_once("class=\"toast toast-").expect("a toast");
    let (_, form) = toast.split_once("action=\"").expect("a way back");
    form.split('"').next().expect("an address").to_owned()
}

#[tokio::test]
async fn a_task_goes_through_the_pages_from_quick_add_to_undo() {
    let server = TestServer::start().await;
    with_board(&server).await;
    let mut sam = server.signed_in(Role::Staff).await;
    let fields = [
        ("title", "Call Mei !high #shop @me tomorrow"),
        ("next", "/tasks"),
    ];
    let answer = sam.post("/tasks", &fields).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/tasks")
    );
    let list = sam.page("/tasks").await;
    assert!(list.contains("Call Mei") && list.contains("High") && list.contains(">shop<"));

    let form = [
        ("title", "Call Mei Lin"),
        ("description", "**Twice**"),
        ("status", "doing"),
        ("priority", "low"),
        ("assignee_id", &sam.id().to_string()),
        ("due_at", ""),
        ("labels", "Shop, phone"),
        ("version", "1"),
    ];
    let answer = sam.post("/tasks/1/edit", &form).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/tasks/1")
    );
    let page = sam.page("/tasks/1").await;
    assert!(
        page.contains("<strong>Twice</strong>")
            && page.contains(">phone<")
            && page.contains("No date")
    );

    let act = [("version", "2"), ("status", "doing"), ("next", "/tasks")];
    sam.post("/tasks/1/complete", &act).await;
    let list = sam.page("/tasks").await;
    assert!(list.contains("Done: Call Mei Lin") && list.contains("No tasks yet"));
    assert!(sam.page("/tasks?done=show").await.contains("is-done"));
    sam.post("/tasks/1/complete", &act).await;
    let undo = undo_in(&sam.page("/tasks").await);
    assert_eq!(undo, "/tasks/1/reopen/doing");
    sam.post(&undo, &[]).await;
    assert!(sam.page("/tasks/1").await.contains("Doing"));

    sam.post("/tasks/1/delete", &[]).await;
    let undo = undo_in(&sam.page("/tasks").await);
    assert_eq!(sam.get("/tasks/1").await.status, StatusCode::NOT_FOUND);
    sam.post("/tasks/1/delete", &[]).await;
    sam.post(&undo, &[]).await;
    sam.post(&undo, &[]).await;
    assert!(
        sam.page("/tasks/1")
            .await
            .contains("Back again: Call Mei Lin")
    );
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed() {
    let server = TestServer::start().await;
    with_board(&server).await;
    let mut sam = server.signed_in(Role::Staff).await;
    let form = [
        ("title", ""),
        ("description", "Long and dear"),
        ("due_at", "soon"),
        ("labels", "a, b"),
    ];
    let answer = sam.post("/tasks/new", &form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for kept in [
        "Long and dear",
        "value=\"soon\"",
        "value=\"a, b\"",
        "Write what is to be done.",
    ] {
        assert!(answer.body.contains(kept), "{kept}");
    }
    sam.referer = Some("/tasks?view=all".into());
    let line = format!("Ask {}", "why ".repeat(60));
    let answer = sam.post("/tasks", &[("title", &line)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains(line.trim()));
    assert!(answer.body.contains("Write at most 200 characters."));
}

#[tokio::test]
async fn a_stale_edit_shows_both_versions_and_loses_nothing() {
    let server = TestServer::start().await;
    with_board(&server).await;
    let mut sam = server.signed_in(Role::Staff).await;
    make(&mut sam, json!({ "title": "Lamp" })).await;
    send(
        &mut sam,
        Method::PATCH,
        "/tasks/1",
        json!({ "version": 1, "title": "Lamp by the till" }),
    )
    .await;
    let mut form = vec![
        ("title", "Lamp above the till"),
        ("description", "My dear words"),
        ("labels", "light"),
        ("version", "1"),
    ];
    let answer = sam.post("/tasks/1/edit", &form).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    for both in [
        "Lamp by the till",
        "Lamp above the till",
        "My dear words",
        "value=\"light\"",
        "name=\"version\" value=\"2\"",
    ] {
        assert!(answer.body.contains(both), "{both}");
    }
    form[3] = ("version", "2");
    assert_eq!(
        sam.post("/tasks/1/edit", &form).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(read(&mut sam, 1).await["title"], "Lamp above the till");
}

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
async fn nobody_signed_in_sees_or_does_nothing() {
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

#[tokio::test]
async fn the_demo_can_be_made_twice() {
    let server = TestServer::start().await;
    for _ in 0..2 {
        guildhall::tasks::seed_demo(&server.app)
            .await
            .expect("a demo");
    }
    let mut sam = server.signed_in(Role::Staff).await;
    let boards = sam.api("/api/v1/boards").await.data();
    assert_eq!(boards["items"].as_array().map(Vec::len), Some(3));
    let tasks = sam.api("/api/v1/tasks").await.data();
    assert_eq!(tasks["items"].as_array().map(Vec::len), Some(22));
}
