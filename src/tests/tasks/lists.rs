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
    let mine = sam.page("/tasks").await;
    assert!(!mine.contains("Nothing matches"));
}

fn plain() -> TaskFilter {
    TaskFilter {
        size: 50,
        ..Default::default()
    }
}

/// One for each thing that a list is narrowed by.
fn narrowed() -> Vec<TaskFilter> {
    let assignee = |assignee| TaskFilter {
        assignee: Some(assignee),
        ..plain()
    };
    let due = |due| TaskFilter {
        due: Some(due),
        ..plain()
    };
    vec![
        TaskFilter {
            own: Some(2),
            ..plain()
        },
        TaskFilter {
            text: Some("keyb".into()),
            ..plain()
        },
        TaskFilter {
            board: Some(1),
            ..plain()
        },
        TaskFilter {
            status: Some("doing".into()),
            ..plain()
        },
        assignee(Some(2)),
        assignee(None),
        TaskFilter {
            priority: Some(Priority::Urgent),
            ..plain()
        },
        TaskFilter {
            label: Some("stock".into()),
            ..plain()
        },
        due(Due::Overdue),
        due(Due::Today),
        due(Due::Week),
        due(Due::None),
        TaskFilter {
            hide_done: true,
            ..plain()
        },
    ]
}

/// Narrowed by both; nothing where they narrow by the same.
fn both(one: &TaskFilter, other: &TaskFilter) -> Option<TaskFilter> {
    let twice = (one.assignee.is_some() && other.assignee.is_some())
        || (one.due.is_some() && other.due.is_some());
    let (one, other) = (one.clone(), other.clone());
    (!twice).then(|| TaskFilter {
        own: one.own.or(other.own),
        text: one.text.or(other.text),
        board: one.board.or(other.board),
        status: one.status.or(other.status),
        assignee: one.assignee.or(other.assignee),
        priority: one.priority.or(other.priority),
        label: one.label.or(other.label),
        due: one.due.or(other.due),
        hide_done: one.hide_done || other.hide_done,
        ..plain()
    })
}

/// No filter, each by itself and each with each other, in every order, from the first page and from
/// one further on.
fn filters() -> Vec<TaskFilter> {
    let mut lists = vec![plain()];
    let narrowed = narrowed();
    for (place, one) in narrowed.iter().enumerate() {
        lists.push(one.clone());
        let others = narrowed[place + 1..].iter();
        lists.extend(others.filter_map(|other| both(one, other)));
    }
    let mut all = Vec::new();
    for filter in lists {
        for sort in Sort::ALL {
            for after in [None, Some((1_000, 1_000))] {
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

/// The index that has the tasks in the order of the list.
fn index_of(sort: Sort) -> &'static str {
    match sort {
        Sort::Due => "tasks_by_due",
        Sort::Priority => "tasks_by_priority",
        Sort::Updated => "tasks_by_update",
        Sort::Position => "tasks_by_position",
        Sort::Newest => "tasks_pkey",
    }
}

/// True if all tasks on the list have the same value in what they are ordered by: then their ids are
/// the order.
fn is_by_id(filter: &TaskFilter) -> bool {
    match filter.sort {
        Sort::Newest => true,
        Sort::Due => filter.due == Some(Due::None),
        Sort::Priority => filter.priority.is_some(),
        Sort::Updated | Sort::Position => false,
    }
}

/// The fault of SQLite's query plan. A step that is a SCAN begins at one end of a table or an
/// index: that is well only in the order of the list, where it stops when the page is full.
fn fault_of_sqlite(plan: &[String], filter: &TaskFilter) -> Option<String> {
    let order = index_of(filter.sort);
    let walks = [
        format!("SCAN tasks USING INDEX {order}"),
        format!("SCAN tasks USING COVERING INDEX {order}"),
    ];
    // The page itself is sorted once more; a second sorting would be that of all there are.
    let sorts = plan.iter().filter(|step| step.contains("TEMP B-TREE"));
    let sorts_all = sorts.count() > 1;
    let fault = plan.iter().find(|step| {
        if step.starts_with("SCAN tasks ") || *step == "SCAN tasks" {
            return sorts_all || !walks.contains(step);
        }
        if step.contains("INTEGER PRIMARY KEY (rowid<?)") {
            return sorts_all || !is_by_id(filter);
        }
        // The words are looked up by a match.
        step.starts_with("SCAN ") && !step.contains("VIRTUAL TABLE INDEX 0:M")
    });
    fault.cloned()
}

/// The fault of PostgreSQL's plan: an index's conditions stand below its scan. One that is asked for
/// nothing, or for ids up to the largest there can be, is walked.
fn fault_of_postgres(plan: &[String], filter: &TaskFilter) -> Option<String> {
    const ALL_IDS: &str = "Index Cond: (id < '9223372036854775807'::bigint)";
    let sorts = plan.iter().filter(|step| step.contains("Sort  ("));
    let sorts_all = sorts.count() > 1;
    let fault = plan.iter().enumerate().find(|(place, step)| {
        if step.contains("Seq Scan on task") {
            return true;
        }
        let Some((_, index)) = step.split_once(" using ") else {
            return false;
        };
        let Some((index, _)) = index.split_once(" on tasks ") else {
            return false;
        };
        let details = plan[place + 1..].iter();
        let mut details = details.take_while(|detail| !detail.contains("->"));
        if details.any(|detail| detail.contains("Index Cond:") && !detail.ends_with(ALL_IDS)) {
            return false;
        }
        let in_order =
            index == index_of(filter.sort) || (index == "tasks_pkey" && is_by_id(filter));
        sorts_all || !in_order
    });
    fault.map(|(_, step)| step.clone())
}

/// A filter narrows by an index, or the list walks the index that has its order until the page is full.
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
    let fault = match on_postgres() {
        true => fault_of_postgres,
        false => fault_of_sqlite,
    };
    let mut conn = server.app.db.read().await.expect("a connection");
    for filter in filters() {
        let plan = explain_tasks(&mut conn, &filter, now)
            .await
            .expect("a plan");
        let fault = fault(&plan, &filter);
        assert_eq!(fault, None, "{filter:?}\n{}", plan.join("\n"));
    }
}

/// The plan checks themselves detect a bad plan.
#[test]
fn a_plan_that_scans_the_table_is_detected() {
    let lines = |plan: &str| plan.lines().map(str::to_owned).collect::<Vec<_>>();
    let sorted = |sort| TaskFilter { sort, ..plain() };
    let (due, newest) = (sorted(Sort::Due), sorted(Sort::Newest));
    for (plan, filter, good) in [
        ("SCAN tasks", &due, false),
        ("SCAN tasks USING INDEX tasks_by_due", &due, true),
        ("SCAN tasks USING INDEX tasks_by_update", &due, false),
        (
            "SCAN tasks USING INDEX tasks_by_due\nUSE TEMP B-TREE FOR ORDER BY\n\
             USE TEMP B-TREE FOR ORDER BY",
            &due,
            false,
        ),
        (
            "SEARCH tasks USING INDEX tasks_of_status (status=?)",
            &due,
            true,
        ),
        (
            "SEARCH tasks USING INTEGER PRIMARY KEY (rowid<?)",
            &newest,
            true,
        ),
        (
            "SEARCH tasks USING INTEGER PRIMARY KEY (rowid<?)",
            &due,
            false,
        ),
        ("SCAN task_words VIRTUAL TABLE INDEX 0:M1", &due, true),
        ("SCAN task_words VIRTUAL TABLE INDEX 0:", &due, false),
        ("SCAN task_labels", &due, false),
    ] {
        let fault = fault_of_sqlite(&lines(plan), filter);
        assert_eq!(fault.is_none(), good, "{plan}");
    }
    let walk =
        |index: &str| format!("Limit\n  ->  Index Scan using {index} on tasks tasks_1  (cost=0)");
    let all_ids = "Index Cond: (id < '9223372036854775807'::bigint)";
    for (plan, filter, good) in [
        (
            "Limit\n  ->  Seq Scan on tasks  (cost=0)".to_owned(),
            &due,
            false,
        ),
        (
            "Limit\n  ->  Parallel Seq Scan on tasks  (cost=0)".to_owned(),
            &due,
            false,
        ),
        (walk("tasks_by_due"), &due, true),
        (
            walk("tasks_by_due") + "\n  Filter: (status = 'doing'::text)",
            &due,
            true,
        ),
        (walk("tasks_by_update"), &due, false),
        (walk("tasks_pkey"), &due, false),
        (walk("tasks_pkey") + "\n  " + all_ids, &due, false),
        (walk("tasks_pkey") + "\n  " + all_ids, &newest, true),
        (
            walk("tasks_by_update") + "\n  Index Cond: (updated_at < 5)",
            &due,
            true,
        ),
        (
            format!(
                "Sort  (cost=0)\n  ->  Sort  (cost=0)\n{}",
                walk("tasks_by_due")
            ),
            &due,
            false,
        ),
    ] {
        let fault = fault_of_postgres(&lines(&plan), filter);
        assert_eq!(fault.is_none(), good, "{plan}");
    }
}
