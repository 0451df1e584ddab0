//! The pages of tasks: from quick add to undo, and nothing typed is lost.

use super::board::{make, read, send, with_board};
use crate::support::TestServer;
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::json;

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
            .contains("Restored: Call Mei Lin")
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
