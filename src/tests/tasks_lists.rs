//! Lists of tasks: what each filter finds, how pages follow one another, and that every list has an index.

use crate::support::{Client, TestServer, on_postgres};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use guildhall::tasks::{Due, Priority, Sort, TaskFilter, explain_tasks, seed_tasks};
use serde_json::{Value, json};

async fn make(program: &mut Client, body: Value) -> i64 {
    let answer = program.send_json(Method::POST, "/api/v1/tasks", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    answer.data()["id"].as_i64().expect("an id")
}

async fn board(program: &mut Client, name: &str) -> i64 {
    let body = json!({ "name": name });
    let answer = program
        .send_json(Method::POST, "/api/v1/boards", body)
        .await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    answer.data()["id"].as_i64().expect("an id")
}

/// The ids of the tasks a query finds, all on one page.
async fn found(program: &mut Client, query: &str) -> Vec<i64> {
    let answer = program.api(&format!("/api/v1/tasks?{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.body);
    ids(&answer.data())
}

fn ids(page: &Value) -> Vec<i64> {
    let items = page["items"].as_array().expect("items");
    let ids = items.iter().map(|task| task["id"].as_i64().expect("an id"));
    ids.collect()
}

#[tokio::test]
async fn each_filter_finds_what_it_names() {
    let server = TestServer::start().await;
    let mut sam = server.program(Role::Staff).await;
    let mei = server.person(Role::Customer).await;
    let shop = board(&mut sam, "Shop").await;
    let web = board(&mut sam, "Web").await;
    let me = sam.id();
    let now = server.app.clock.now();
    let day = |days: i64| now.plus_days(days).rfc3339()[..10].to_owned();
    let a = make(&mut sam, json!({ "title": "Fix the 机械键盘 stand", "board_id": shop, "due_at": day(-1), "labels": ["Stock"] })).await;
    let b = make(&mut sam, json!({ "title": "Write", "description": "about keyboards", "board_id": web, "due_at": day(0), "priority": "urgent" })).await;
    let c = make(&mut sam, json!({ "title": "Pack", "board_id": shop, "due_at": day(6), "assignee_id": mei.id, "status": "doing" })).await;
    let d = make(
        &mut sam,
        json!({ "title": "Old and done", "board_id": shop, "due_at": day(-3), "status": "done" }),
    )
    .await;
    let e = make(
        &mut sam,
        json!({ "title": "Some day", "board_id": web, "assignee_id": me }),
    )
    .await;
    for (query, expected) in [
        ("", vec![d, a, b, c, e]),
        ("q=键盘", vec![a]),
        ("q=keyb", vec![b]),
        ("q=FIX+stand", vec![a]),
        ("q=fix+nothing", vec![]),
        ("q=%21%3F", vec![]),
        (&format!("board_id={web}"), vec![b, e]),
        ("status=doing", vec![c]),
        (&format!("assignee_id={}", mei.id), vec![c]),
        ("assignee_id=me", vec![e]),
        ("assignee_id=none", vec![d, a, b]),
        ("priority=urgent", vec![b]),
        ("label=stock", vec![a]),
        ("due=overdue", vec![a]),
        ("due=today", vec![b]),
        ("due=week", vec![b, c]),
        ("due=none", vec![e]),
        ("done=hide", vec![a, b, c, e]),
        (
            &format!("board_id={shop}&due=week&assignee_id={}", mei.id),
            vec![c],
        ),
        ("sort=newest", vec![e, d, c, b, a]),
        ("sort=priority", vec![b, e, d, c, a]),
    ] {
        assert_eq!(found(&mut sam, query).await, expected, "{query}");
    }
    for query in [
        "priority=x",
        "due=x",
        "sort=x",
        "cursor=x",
        "board_id=x",
        "assignee_id=x",
    ] {
        let answer = sam.api(&format!("/api/v1/tasks?{query}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        let field = query.split('=').next().expect("a name");
        assert!(
            answer.json()["errors"][field].is_string(),
            "{}",
            answer.body
        );
    }
    let mut mei = server.program_of(&mei).await;
    assert_eq!(found(&mut mei, "").await, [c], "a customer sees their own");
    assert_eq!(found(&mut mei, "q=keyb").await, [0; 0]);
}

#[tokio::test]
async fn the_words_found_are_those_of_the_present_text() {
    let server = TestServer::start().await;
    let mut sam = server.program(Role::Staff).await;
    board(&mut sam, "Shop").await;
    let task = make(
        &mut sam,
        json!({ "title": "Oil the hinges", "labels": ["door"] }),
    )
    .await;
    let change = json!({ "version": 1, "title": "Oil the lock", "labels": ["lock"] });
    let path = format!("/api/v1/tasks/{task}");
    let answer = sam.send_json(Method::PATCH, &path, change).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(found(&mut sam, "q=hinges").await, [0; 0]);
    assert_eq!(found(&mut sam, "q=lock").await, [task]);
    assert_eq!(found(&mut sam, "label=door").await, [0; 0]);
    assert_eq!(found(&mut sam, "label=lock").await, [task]);
}

#[tokio::test]
async fn pages_follow_one_another_without_gaps_or_repeats_in_every_order() {
    let server = TestServer::start().await;
    let mut sam = server.program(Role::Staff).await;
    seed_tasks(&server.app, 57, &|_| {}).await.expect("tasks");
    for sort in Sort::ALL {
        let all = found(&mut sam, &format!("limit=100&sort={}", sort.as_str())).await;
        assert_eq!(all.len(), 57);
        let (mut paged, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!(
                "/api/v1/tasks?limit=10&sort={}&cursor={cursor}",
                sort.as_str()
            );
            let page = sam.api(&path).await.data();
            paged.extend(ids(&page));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
        }
        assert_eq!(paged, all, "{}", sort.as_str());
        let mut once = paged.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), 57, "{}", sort.as_str());
    }
}

#[tokio::test]
async fn the_page_carries_filters_from_page_to_page() {
    let server = TestServer::start().await;
    let mut sam = server.signed_in(Role::Staff).await;
    seed_tasks(&server.app, 120, &|_| {}).await.expect("tasks");
    let page = sam
        .page("/tasks?view=all&status=todo&sort=newest&limit=20")
        .await;
    assert_eq!(page.matches("<tr").count(), 21, "a head and twenty rows");
    let next = page
        .split("href=\"")
        .map(|rest| rest.split('"').next().unwrap_or_default())
        .find(|href| href.contains("cursor="))
        .expect("a way on")
        .replace("&amp;", "&");
    assert!(
        next.contains("view=all") && next.contains("status=todo") && next.contains("sort=newest")
    );
    assert!(sam.page(&next).await.contains("First page"));
    let none = sam.page("/tasks?view=all&q=unheard-of").await;
    assert!(none.contains("Nothing matches"));
    let mine = sam.page("/tasks?view=").await;
    assert!(!mine.contains("Nothing matches"));
}

/// Every filter by itself, every order with each, and the visibility of a customer.
fn filters() -> Vec<TaskFilter> {
    let plain = TaskFilter {
        size: 50,
        ..Default::default()
    };
    let narrowed = [
        plain.clone(),
        TaskFilter {
            own: Some(2),
            ..plain.clone()
        },
        TaskFilter {
            text: Some("keyb".into()),
            ..plain.clone()
        },
        TaskFilter {
            board: Some(1),
            ..plain.clone()
        },
        TaskFilter {
            status: Some("doing".into()),
            ..plain.clone()
        },
        TaskFilter {
            assignee: Some(Some(2)),
            ..plain.clone()
        },
        TaskFilter {
            assignee: Some(None),
            ..plain.clone()
        },
        TaskFilter {
            priority: Some(Priority::Urgent),
            ..plain.clone()
        },
        TaskFilter {
            label: Some("stock".into()),
            ..plain.clone()
        },
        TaskFilter {
            due: Some(Due::Overdue),
            ..plain.clone()
        },
        TaskFilter {
            due: Some(Due::Today),
            ..plain.clone()
        },
        TaskFilter {
            due: Some(Due::Week),
            ..plain.clone()
        },
        TaskFilter {
            due: Some(Due::None),
            ..plain.clone()
        },
        TaskFilter {
            assignee: Some(Some(2)),
            hide_done: true,
            ..plain.clone()
        },
        TaskFilter {
            board: Some(1),
            status: Some("todo".into()),
            ..plain
        },
    ];
    let place = [None, Some((1_000, 1_000))];
    let mut all = Vec::new();
    for filter in narrowed {
        for sort in Sort::ALL {
            for after in place {
                all.push(TaskFilter {
                    sort,
                    after,
                    ..filter.clone()
                });
            }
        }
    }
    all
}

#[tokio::test]
async fn every_list_of_tasks_is_read_by_an_index() {
    let server = TestServer::start().await;
    for _ in 0..10 {
        server.person(Role::Customer).await;
    }
    seed_tasks(&server.app, 100_000, &|_| {})
        .await
        .expect("tasks");
    let now = server.app.clock.now();
    let mut conn = server.app.db.read().await.expect("a connection");
    for filter in filters() {
        let plan = explain_tasks(&mut conn, &filter, now)
            .await
            .expect("a plan");
        let whole = |step: &String| match on_postgres() {
            true => step.contains("Seq Scan on tasks"),
            false => step.starts_with("SCAN tasks") && !step.contains("USING"),
        };
        assert!(!plan.iter().any(whole), "{filter:?}\n{}", plan.join("\n"));
    }
}
