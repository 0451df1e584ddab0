//! Owners of boards: a customer's tasks are on a board of their own, the house's boards are for its
//! staff.

use super::board::{make, send};
use crate::support::{Client, TestServer, execute, number};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use guildhall::server::migrations;
use serde_json::{Value, json};

fn id(thing: &Value) -> i64 {
    thing["id"].as_i64().expect("an id")
}

/// The house with the board "Shop floor", where one task is given to nobody and one to a customer, and
/// that customer with a task of their own.
struct House {
    server: TestServer,
    sam: Client,
    mei: Client,
    board: i64,
    nobodys: i64,
    given: i64,
    own: i64,
    own_board: i64,
}

async fn house() -> House {
    let server = TestServer::start().await;
    let mut sam = server.signed_in(Role::Staff).await;
    let mut mei = server.signed_in(Role::Customer).await;
    let body = json!({ "name": "Shop floor" });
    let board = id(&send(&mut sam, Method::POST, "/boards", body).await.data());
    let nobodys = id(&make(&mut sam, json!({ "title": "Count the till" })).await);
    let body = json!({ "title": "Send a sample", "assignee_id": mei.id() });
    let given = id(&make(&mut sam, body).await);
    let own = make(&mut mei, json!({ "title": "Choose a lamp" })).await;
    let own_board = own["board_id"].as_i64().expect("a board");
    assert_ne!(own_board, board);
    House {
        server,
        sam,
        mei,
        board,
        nobodys,
        given,
        own: id(&own),
        own_board,
    }
}

#[tokio::test]
async fn a_board_has_its_columns_in_the_language_of_whoever_makes_it() {
    let server = TestServer::start().await;
    let mut mei = server.signed_in(Role::Customer).await;
    mei.post("/language", &[("language", "zh-CN")]).await;
    mei.post("/tasks", &[("title", "买一盏灯 !high 明天")])
        .await;
    let page = mei.page("/boards/1").await;
    for text in ["我的看板", "待办", "进行中", "已完成", "买一盏灯", "高"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let mut sam = server.signed_in(Role::Staff).await;
    let page = sam.page("/boards/1").await;
    assert!(page.contains("Tasks of Customer") && page.contains("To do"));
    assert!(!page.contains("待办"), "it was never renamed");
    sam.post("/boards", &[("name", "House")]).await;
    assert!(sam.page("/boards/2").await.contains("To do"));
}

#[tokio::test]
async fn a_customers_first_task_makes_their_board() {
    let server = TestServer::start().await;
    let mut mei = server.signed_in(Role::Customer).await;
    let boards = mei.api("/api/v1/boards").await.data();
    assert_eq!(boards["items"], json!([]), "none before the first task");
    let page = mei.page("/boards").await;
    assert!(page.contains("a board of your own with your first task"));
    assert!(mei.page("/tasks").await.contains("Add a task"));

    let answer = mei
        .post("/tasks", &[("title", "Choose a lamp #desk by 2030-01-02")])
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let boards = mei.api("/api/v1/boards").await.data();
    let board = &boards["items"][0];
    assert_eq!(board["name"], "My board");
    assert_eq!(board["columns"].as_array().map(Vec::len), Some(3));
    assert!(mei.page("/boards").await.contains("My board"));
    let path = format!("/boards/{}", board["id"]);
    assert!(mei.page(&path).await.contains("Choose a lamp"));

    let cards = format!("{path}/cards/doing");
    let answer = mei.post(&cards, &[("title", "Ask for a price")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let form = [("title", "Write a review"), ("labels", "books")];
    let answer = mei.post("/tasks/new", &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let act = [("version", "1"), ("status", "doing")];
    for step in ["2/move", "2/complete", "1/complete"] {
        let answer = mei.post(&format!("/tasks/{step}"), &act).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{step}");
    }
    let answer = mei.post("/tasks/3/delete", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let own = "SELECT COUNT(*) FROM tasks WHERE board_id = (SELECT id FROM boards WHERE owner_id IS NOT NULL)";
    assert_eq!(number(&server.app, own).await, 3);
    let boards = "SELECT COUNT(*) FROM boards";
    assert_eq!(number(&server.app, boards).await, 1, "one for all of them");
}

#[tokio::test]
async fn two_first_tasks_at_once_make_one_board() {
    let server = TestServer::start().await;
    let mei = server.program(Role::Customer).await;
    let first = async |title: &str| {
        let body = json!({ "title": title });
        send(&mut mei.clone(), Method::POST, "/tasks", body).await
    };
    let (a, b, c) = tokio::join!(first("A"), first("B"), first("C"));
    let boards = [a, b, c].map(|answer| {
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        answer.data()["board_id"].clone()
    });
    assert!(boards.iter().all(|board| *board == boards[0]), "{boards:?}");
    let columns = "SELECT COUNT(*) FROM board_columns";
    assert_eq!(number(&server.app, columns).await, 3);
}

#[tokio::test]
async fn the_houses_boards_are_not_there_for_customers() {
    let House {
        server: _server,
        mut mei,
        board,
        nobodys,
        own,
        ..
    } = house().await;
    let page = format!("/boards/{board}");
    let answer = mei.get(&page).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.body);
    let path = format!("/api/v1/boards/{board}");
    assert_eq!(mei.api(&path).await.status, StatusCode::NOT_FOUND);
    for page in ["/boards", "/tasks", "/tasks?view=all", "/tasks/new"] {
        let page = mei.page(page).await;
        assert!(!page.contains("Shop floor") && !page.contains("Count the till"));
    }
    let boards = mei.api("/api/v1/boards").await.data();
    assert_eq!(boards["items"].as_array().map(Vec::len), Some(1));

    // As a target: of what is made, changed or moved. One that is not there reads the same.
    for board in [board, 999] {
        let board_id = board.to_string();
        let body = json!({ "title": "x", "board_id": board });
        let answer = send(&mut mei, Method::POST, "/tasks", body).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.body);
        let change = json!({ "version": 1, "board_id": board });
        let answer = send(&mut mei, Method::PATCH, &format!("/tasks/{own}"), change).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.body);
        let fields = [("title", "x"), ("board_id", &*board_id)];
        for path in [
            "/tasks",
            "/tasks/new",
            &format!("/boards/{board}/cards/todo"),
        ] {
            let answer = mei.post(path, &fields).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        }
    }
    let above = nobodys.to_string();
    let beside = [("status", "todo"), ("above", &*above), ("version", "1")];
    let answer = mei.post(&format!("/tasks/{own}/move"), &beside).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let tasks = mei.api("/api/v1/tasks").await.data();
    assert_eq!(tasks["items"].as_array().map(Vec::len), Some(2), "no more");
}

/// The answers when somebody sees a task, changes it, moves its card, moves it to a board, and deletes it.
async fn rights(client: &mut Client, task: i64, board: i64) -> [StatusCode; 5] {
    let path = format!("/tasks/{task}");
    let seen = client.get(&path).await.status;
    let version = async |client: &mut Client| {
        let task = client.api(&format!("/api/v1{path}")).await;
        match task.status {
            StatusCode::OK => task.data()["version"].clone(),
            _ => json!(1),
        }
    };
    let change = json!({ "version": version(client).await, "priority": "high" });
    let changed = send(client, Method::PATCH, &path, change).await.status;
    let number = version(client).await.to_string();
    let fields = [("status", "doing"), ("version", &*number)];
    let moved = client.post(&format!("{path}/move"), &fields).await.status;
    let change = json!({ "version": version(client).await, "board_id": board });
    let placed = send(client, Method::PATCH, &path, change).await.status;
    let gone = send(client, Method::DELETE, &path, json!({})).await.status;
    [seen, changed, moved, placed, gone]
}

#[tokio::test]
async fn rights_to_a_task_follow_its_board() {
    const OK: StatusCode = StatusCode::OK;
    const MOVED: StatusCode = StatusCode::SEE_OTHER;
    const GONE: StatusCode = StatusCode::NO_CONTENT;
    const NONE: StatusCode = StatusCode::NOT_FOUND;
    const NOT: StatusCode = StatusCode::FORBIDDEN;
    let House {
        server,
        mut sam,
        mut mei,
        board,
        nobodys,
        given,
        own,
        own_board,
    } = house().await;
    let mut noor = server.signed_in(Role::Customer).await;
    make(&mut noor, json!({ "title": "Hers" })).await;
    for task in [nobodys, given, own] {
        assert_eq!(rights(&mut noor, task, board).await, [NONE; 5], "{task}");
        assert_eq!(
            rights(&mut noor, task, own_board).await,
            [NONE; 5],
            "{task}"
        );
    }
    assert_eq!(rights(&mut mei, nobodys, own_board).await, [NONE; 5]);
    let worked = [OK, OK, MOVED, NOT, NOT];
    assert_eq!(rights(&mut mei, given, own_board).await, worked, "given");
    let page = mei.page(&format!("/tasks/{given}")).await;
    assert!(!page.contains("Shop floor") && !page.contains("/delete"));
    let answer = mei.post(&format!("/tasks/{given}/delete"), &[]).await;
    assert_eq!(answer.status, NOT);
    let answer = mei.post(&format!("/tasks/{given}/restore"), &[]).await;
    assert_eq!(answer.status, NOT);
    let everything = [OK, OK, MOVED, OK, GONE];
    assert_eq!(rights(&mut mei, own, own_board).await, everything, "own");
    mei.post(&format!("/tasks/{own}/restore"), &[]).await;

    let page = sam.page(&format!("/boards/{own_board}")).await;
    assert!(page.contains("Tasks of Customer") && page.contains("Choose a lamp"));
    let boards = sam.page("/boards").await;
    assert!(!boards.contains("Tasks of Customer"), "the house's alone");
    let list = sam.page("/tasks?view=all").await;
    assert!(list.contains("Tasks of Customer"), "{list}");
    for task in [nobodys, given, own] {
        assert_eq!(rights(&mut sam, task, board).await, everything, "{task}");
    }
    let answer = sam
        .post(&format!("/boards/{own_board}/name"), &[("name", "Ours")])
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn leaving_the_staff_takes_away_its_boards() {
    let House {
        server,
        mut sam,
        board,
        nobodys,
        ..
    } = house().await;
    let demote = format!("UPDATE users SET role = 'customer' WHERE id = {}", sam.id());
    execute(&server.app, &demote).await;
    let user = sam.user.clone().expect("somebody");
    sam = server.sign_in(&user).await;
    for path in [format!("/tasks/{nobodys}"), format!("/boards/{board}")] {
        assert_eq!(sam.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let tasks = sam.api("/api/v1/tasks").await.data();
    assert_eq!(tasks["items"], json!([]), "though they made all of them");
}

#[tokio::test]
async fn visitors_and_customers_are_offered_the_shop() {
    let server = TestServer::start().await;
    for page in ["/products", "/register", "/login"] {
        let page = server.visitor().page(page).await;
        assert!(!page.contains("/tasks") && !page.contains("asks with"));
    }
    let main = |page: &str| {
        let (_, nav) = page.split_once("id=\"site-menu\"").expect("navigation");
        nav.split("</nav>").next().unwrap_or_default().to_owned()
    };
    let page = server.signed_in(Role::Customer).await.page("/").await;
    assert!(!main(&page).contains("/tasks") && page.contains("My tasks"));
    let page = server.signed_in(Role::Staff).await.page("/").await;
    assert!(main(&page).contains("/tasks") && !page.contains("My tasks"));
}

#[tokio::test]
async fn customers_tasks_move_off_the_houses_boards_and_stay_after_a_rollback() {
    let House {
        server,
        mut sam,
        mut mei,
        board,
        own,
        ..
    } = house().await;
    let columns = format!("/boards/{board}/columns");
    sam.post(&columns, &[("name", "In review")]).await;
    // As it was before: a customer's tasks on the house's board, in a column of its own, and deleted.
    let body = json!({ "title": "Old" });
    let (reviewed, deleted) = (
        make(&mut mei, body.clone()).await,
        make(&mut mei, body).await,
    );
    let path = format!("/tasks/{}", deleted["id"]);
    send(&mut mei, Method::DELETE, &path, json!({})).await;
    let to_house = format!(
        "UPDATE tasks SET board_id = {board}, status = CASE id WHEN {} THEN 'in-review' ELSE status END
         WHERE created_by = {}",
        reviewed["id"],
        mei.id()
    );
    execute(&server.app, &to_house).await;

    let (db, config) = (&server.app.db, &server.app.config.database);
    let all = "SELECT COUNT(*) FROM tasks";
    let before = number(&server.app, all).await;
    let cards = format!("SELECT COUNT(*) FROM tasks WHERE board_id = {board}");
    let own_cards = format!(
        "SELECT COUNT(*) FROM tasks JOIN boards ON boards.id = board_id WHERE owner_id = {}",
        mei.id()
    );
    for _ in 0..2 {
        migrations::down(db, config, 19).await.expect("down");
        let names = "SELECT COUNT(DISTINCT name) - COUNT(*) FROM boards";
        assert_eq!(
            number(&server.app, names).await,
            0,
            "each has a name of its own"
        );
        migrations::up(db, config).await.expect("up");
        assert_eq!(number(&server.app, all).await, before);
        assert_eq!(number(&server.app, &own_cards).await, 3);
        assert_eq!(number(&server.app, &cards).await, before - 3);
    }
    let task = mei.api(&format!("/api/v1/tasks/{}", reviewed["id"])).await;
    assert_eq!(task.data()["status"], "in-review");
    let path = format!("/api/v1/boards/{}", task.data()["board_id"]);
    let columns = mei.api(&path).await.data()["columns"].clone();
    let names = ["To do", "Doing", "In review", "Done"];
    assert_eq!(
        columns
            .as_array()
            .expect("columns")
            .iter()
            .map(|column| &column["name"])
            .collect::<Vec<_>>(),
        names.iter().collect::<Vec<_>>()
    );
    let answer = mei
        .post(&format!("/tasks/{own}/complete"), &[("version", "1")])
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}
