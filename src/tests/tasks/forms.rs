//! The tasks' forms: dates, quick add, and where they come back to.

use super::board::{make, read, send};
use crate::support::forms::field;
use crate::support::{Client, TestServer};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::json;

/// A server with the board "Shop floor", which has the id 1, and somebody of the staff.
async fn desk() -> (TestServer, Client) {
    let server = TestServer::start().await;
    let mut sam = server.signed_in(Role::Staff).await;
    let answer = send(
        &mut sam,
        Method::POST,
        "/boards",
        json!({ "name": "Shop floor" }),
    )
    .await;
    assert_eq!(answer.header("location"), "/api/v1/boards/1");
    (server, sam)
}

/// The text of the toast.
fn said(page: &str) -> &str {
    let (_, toast) = page.split_once("class=\"toast toast-").expect("a toast");
    let (_, text) = toast.split_once("class=\"toast-text\">").expect("its text");
    let text = text.split("</p>").next().unwrap_or_default();
    text.trim_end_matches("<!>")
}

#[tokio::test]
async fn a_day_alone_means_its_end_whatever_the_time_was() {
    let (_server, mut sam) = desk().await;
    make(
        &mut sam,
        json!({ "title": "Lamp", "due_at": "2030-01-02T09:00:00Z" }),
    )
    .await;
    let change = json!({ "version": 1, "due_at": "2030-01-02" });
    let changed = send(&mut sam, Method::PATCH, "/tasks/1", change)
        .await
        .data();
    assert_eq!(changed["due_at"], "2030-01-02T23:59:59Z");
    assert_eq!(changed["version"], 2);
    for wrong in ["2030-01-02T09:00", "2030-02-30", "02.01.2030", ""] {
        let change = json!({ "version": 2, "due_at": wrong });
        let answer = send(&mut sam, Method::PATCH, "/tasks/1", change).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(answer.json()["errors"]["due_at"].is_string(), "{wrong}");
    }
    assert_eq!(read(&mut sam, 1).await["due_at"], "2030-01-02T23:59:59Z");
}

#[tokio::test]
async fn the_form_keeps_the_time_of_day_and_says_it() {
    let (_server, mut sam) = desk().await;
    let exact = "2030-01-02T09:00:00.123456Z";
    make(&mut sam, json!({ "title": "Lamp", "due_at": exact })).await;
    assert!(sam.page("/tasks/1").await.contains("2 Jan 2030, 09:00 UTC"));
    let page = sam.page("/tasks/1/edit").await;
    assert_eq!(
        (field(&page, "due_at"), field(&page, "due_time")),
        ("2030-01-02", "09:00")
    );
    let save = async |sam: &mut Client, was: (&str, &str), due: (&str, &str)| {
        let version = read(sam, 1).await["version"].to_string();
        let form = [
            ("title", "Lamp"),
            ("was_due_at", was.0),
            ("was_due_time", was.1),
            ("due_at", due.0),
            ("due_time", due.1),
            ("version", &*version),
        ];
        let answer = sam.post("/tasks/1/edit", &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        read(sam, 1).await["due_at"].clone()
    };
    let nine = ("2030-01-02", "09:00");
    assert_eq!(save(&mut sam, nine, nine).await, exact, "untouched");
    let moved = save(&mut sam, nine, ("2030-01-03", "09:00")).await;
    assert_eq!(moved, "2030-01-03T09:00:00Z");
    let day = save(&mut sam, ("2030-01-03", "09:00"), ("2030-01-03", "")).await;
    assert_eq!(day, "2030-01-03T23:59:59Z");
    let page = sam.page("/tasks/1/edit").await;
    assert_eq!(field(&page, "due_time"), "", "a day alone");
    assert_eq!(
        save(&mut sam, ("2030-01-03", ""), ("", "")).await,
        json!(null)
    );

    sam.referer = Some("/tasks/1/edit".into());
    for (date, time) in [("", "09:00"), ("2030-01-03", "25:00"), ("soon", "")] {
        let form = [
            ("title", "Lamp"),
            ("due_at", date),
            ("due_time", time),
            ("version", "5"),
        ];
        let answer = sam.post("/tasks/1/edit", &form).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{date} {time}"
        );
        assert_eq!(field(&answer.body, "due_at"), date);
        assert_eq!(field(&answer.body, "due_time"), time);
    }
}

#[tokio::test]
async fn quick_add_says_what_it_understood_and_can_be_undone() {
    let (server, mut sam) = desk().await;
    let ada = server.person(Role::Admin).await;
    let email = ada.email.split('@').next().expect("a name").to_owned();
    let line = format!("Call Mei !high #shop @{email} by 2030-01-02");
    sam.post("/tasks", &[("title", &line)]).await;
    assert_eq!(
        said(&sam.page("/tasks").await),
        format!(
            "Added: Call Mei. Shop floor, To do · High · #shop · for {} · due 2 Jan 2030, 23:59 UTC",
            ada.name
        )
    );
    sam.post("/boards/1/cards/doing", &[("title", "Sweep")])
        .await;
    let page = sam.page("/boards/1").await;
    assert_eq!(said(&page), "Added: Sweep. Shop floor, Doing");
    let (_, toast) = page.split_once("class=\"toast toast-").expect("a toast");
    assert!(toast.contains("action=\"/tasks/2/delete\""));

    for (line, title) in [
        ("Buy cream against the sun", "Buy cream against the sun"),
        ("Tell @everyone about it", "Tell @everyone about it"),
    ] {
        let answer = sam.post("/tasks", &[("title", line)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let said = said(&sam.page("/tasks").await).to_owned();
        assert!(said.starts_with(&format!("Added: {title}.")), "{said}");
        assert_eq!(
            said.contains("@everyone is part of the title: nobody is called that"),
            line.contains('@')
        );
    }
    let last = read(&mut sam, 4).await;
    assert_eq!(
        (&last["due_at"], &last["assignee_id"]),
        (&json!(null), &json!(null))
    );

    let mut mei = server.signed_in(Role::Customer).await;
    let line = format!("Ask @{email} @me");
    mei.post("/tasks", &[("title", &line)]).await;
    let task = mei.api("/api/v1/tasks").await.data()["items"][0].clone();
    assert_eq!(task["title"], format!("Ask @{email}"), "not theirs to try");
    assert_eq!(task["assignee_id"], mei.id());
}

#[tokio::test]
async fn a_step_comes_back_to_its_card_and_a_new_card_to_its_field() {
    let (_server, mut sam) = desk().await;
    for title in ["A", "B"] {
        make(&mut sam, json!({ "title": title })).await;
    }
    let page = sam.page("/boards/1").await;
    assert!(page.contains("id=\"task-2\" tabindex=\"-1\""), "{page}");
    let (_, card) = page.split_once("id=\"task-2\"").expect("a card");
    let next = field(card, "next").to_owned();
    assert_eq!(next, "/boards/1#task-2");
    let up = [
        ("status", "todo"),
        ("above", "1"),
        ("version", "1"),
        ("next", &*next),
    ];
    let answer = sam.post("/tasks/2/move", &up).await;
    assert_eq!(answer.header("location"), "/boards/1#task-2");

    let (_, form) = page
        .split_once("action=\"/boards/1/cards/todo\"")
        .expect("a form");
    let next = field(form, "next").to_owned();
    let input = next.split_once('#').expect("an anchor").1;
    assert!(form.contains(&format!("id=\"{input}\"")), "{input}");
    let fields = [("title", "C"), ("next", &*next)];
    let answer = sam.post("/boards/1/cards/todo", &fields).await;
    assert_eq!(answer.header("location"), next);

    let page = sam.page("/tasks?view=all").await;
    let (_, form) = page.split_once("id=\"quick-add\"").expect("a form");
    assert_eq!(field(form, "next"), "/tasks?view=all#quick-add-title");
    assert!(page.contains("id=\"quick-add-title\"") && page.contains("id=\"task-3\""));
}

#[tokio::test]
async fn from_a_deleted_card_one_lands_on_its_board() {
    let (_server, mut sam) = desk().await;
    for (from, back) in [
        (None, "/boards/1"),
        (Some("/tasks/1"), "/boards/1"),
        (Some("/tasks/1/edit"), "/boards/1"),
        (Some("/tasks?view=all"), "/tasks?view=all"),
        (Some("/boards/1?priority=high"), "/boards/1?priority=high"),
        (Some("/tasks/11"), "/tasks/11"),
    ] {
        make(&mut sam, json!({ "title": "Lamp" })).await;
        sam.referer = from.map(str::to_owned);
        let answer = sam.post("/tasks/1/delete", &[]).await;
        assert_eq!(answer.header("location"), back, "{from:?}");
        sam.post("/tasks/1/restore", &[]).await;
    }
}

#[tokio::test]
async fn a_stale_task_keeps_fields_only_the_other_changed() {
    let (_server, mut sam) = desk().await;
    let task = json!({ "title": "Lamp", "description": "Old\nwords", "due_at": "2030-01-02" });
    make(&mut sam, task).await;
    let page = sam.page("/tasks/1/edit").await;
    let theirs = json!({ "version": 1, "priority": "high", "description": "New words", "due_at": "2030-01-05T08:00:00Z" });
    send(&mut sam, Method::PATCH, "/tasks/1", theirs).await;
    let names = [
        "title",
        "status",
        "priority",
        "assignee_id",
        "due_at",
        "due_time",
        "labels",
    ];
    let kept: Vec<(String, String)> = names
        .iter()
        .map(|name| {
            (
                format!("was_{name}"),
                field(&page, &format!("was_{name}")).to_owned(),
            )
        })
        .collect();
    let mut form: Vec<(&str, &str)> = kept
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    form.extend([
        ("was_description", "Old\r\nwords"),
        ("version", "1"),
        ("title", "My lamp"),
        ("description", "Old\r\nwords"),
        ("status", "todo"),
        ("priority", "none"),
        ("assignee_id", ""),
        ("due_at", "2030-01-02"),
        ("due_time", ""),
        ("labels", "mine"),
    ]);
    let answer = sam.post("/tasks/1/edit", &form).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
    let (_, mine) = answer
        .body
        .split_once("id=\"your-version\"")
        .expect("both versions");
    for (name, value) in [
        ("version", "2"),
        ("title", "My lamp"),
        ("labels", "mine"),
        ("due_at", "2030-01-05"),
        ("due_time", "08:00"),
        ("was_title", "Lamp"),
        ("was_due_time", "08:00"),
    ] {
        assert_eq!(field(mine, name), value, "{name}");
    }
    let (_, text) = mine.split_once("<textarea").expect("a text");
    assert!(text.contains("New words"));
    assert!(mine.contains("value=\"high\" selected"));
}

/// Faults of the form are told before somebody's change is: that must not hide the change.
#[tokio::test]
async fn a_mended_form_still_starts_from_the_version_it_was_made_from() {
    let (_server, mut sam) = desk().await;
    make(&mut sam, json!({ "title": "Lamp" })).await;
    let theirs = json!({ "version": 1, "title": "Their lamp" });
    send(&mut sam, Method::PATCH, "/tasks/1", theirs).await;
    let mut form = vec![("version", "1"), ("was_title", "Lamp"), ("title", "")];
    let answer = sam.post("/tasks/1/edit", &form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(field(&answer.body, "version"), "1");
    assert_eq!(field(&answer.body, "was_title"), "Lamp");
    form[2] = ("title", "My lamp");
    assert_eq!(
        sam.post("/tasks/1/edit", &form).await.status,
        StatusCode::CONFLICT
    );
}

#[tokio::test]
async fn a_deadline_is_said_in_one_way_with_its_zone() {
    let (server, mut sam) = desk().await;
    let today = &server.app.clock.now().rfc3339()[..10].to_owned();
    let me = sam.id();
    make(
        &mut sam,
        json!({ "title": "Lamp", "due_at": today, "assignee_id": me }),
    )
    .await;
    let time = format!("<time datetime=\"{today}T23:59:59Z\"");
    for path in [
        "/tasks",
        "/tasks?view=all&due=today",
        "/boards/1",
        "/tasks/1",
    ] {
        let page = sam.page(path).await;
        let (_, due) = page.split_once(&*time).expect(path);
        let due = due.split("</time>").next().unwrap_or_default();
        let due = due.trim_end_matches("<!>");
        assert!(due.ends_with(", 23:59 UTC"), "{path}: {due}");
        assert!(
            page.contains("Today: ") && !page.contains("Overdue: "),
            "{path}"
        );
        assert!(page.contains("are in UTC"), "{path}");
    }
    server.app.clock.advance(86_400);
    for path in ["/tasks", "/tasks?due=overdue", "/boards/1", "/tasks/1"] {
        assert!(sam.page(path).await.contains("Overdue: "), "{path}");
    }
    assert!(!sam.page("/tasks?due=today").await.contains("Lamp"));
}
