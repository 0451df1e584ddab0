//! The demo company, as a newcomer sees it.

use crate::support::{Client, TestServer};
use axum::http::StatusCode;
use guildhall::accounts::{DEMO_PASSWORD, Role};
use guildhall::{accounts, catalog, events, orders, tasks, trials};

async fn demo() -> TestServer {
    let server = TestServer::start().await;
    let app = &server.app;
    accounts::seed_demo(app).await.expect("people");
    catalog::seed_demo(app).await.expect("products");
    tasks::seed_demo(app).await.expect("boards");
    orders::seed_demo(app).await.expect("orders");
    // The second time changes nothing.
    for _ in 0..2 {
        events::seed_demo(app).await.expect("events");
        trials::seed_demo(app).await.expect("a study");
    }
    server
}

async fn sam(server: &TestServer) -> Client {
    let mut client = server.visitor();
    let fields = [("email", "sam@example.com"), ("password", DEMO_PASSWORD)];
    let answer = client.post("/login", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    client
}

#[tokio::test]
async fn every_page_of_the_events_has_something_to_show() {
    let server = demo().await;
    let mut staff = sam(&server).await;
    let webhooks = staff.page("/webhooks").await;
    assert_eq!(
        webhooks.matches("warehouse.example.com").count(),
        1,
        "{webhooks}"
    );
    let log = staff.page("/webhooks/1").await;
    assert!(log.contains("503"), "what failed: {log}");
    assert!(log.contains("204"), "what came through: {log}");
    let dead = staff.page("/events/dead").await;
    assert!(
        dead.contains("warehouse.example.com") && dead.contains("503"),
        "{dead}"
    );

    let mut program = server.program(Role::Staff).await;
    let inbox = program.api("/api/v1/webhooks/inbox").await;
    let messages = inbox.data()["items"].as_array().expect("a list").clone();
    let states: Vec<_> = messages
        .iter()
        .map(|message| message["state"].as_str().expect("a state"))
        .collect();
    assert_eq!(states.len(), 5, "{messages:?}");
    let parked = states.iter().filter(|state| **state == "parked").count();
    let applied = states.iter().filter(|state| **state == "applied").count();
    assert_eq!((applied, parked), (4, 1), "{messages:?}");
}

/// Nothing in the demo is younger than what it was needed for.
#[tokio::test]
async fn stock_and_people_are_older_than_the_orders() {
    let server = demo().await;
    let app = &server.app;
    let number = async |query: &str| crate::support::number(app, query).await;
    let first_order = number("SELECT MIN(placed_at) FROM orders").await;
    assert!(number("SELECT MAX(created_at) FROM products").await < first_order);
    let youngest = "SELECT MAX(created_at) FROM users WHERE email LIKE '%@example.com'
                    AND id IN (SELECT customer_id FROM orders)";
    assert!(number(youngest).await < first_order);
    let opening = "SELECT MAX(at) FROM stock_adjustments WHERE reason = 'Opening stock'";
    assert!(number(opening).await < first_order);
}

#[tokio::test]
async fn the_demo_study_has_subjects_in_every_state() {
    let server = demo().await;
    let mut staff = sam(&server).await;
    let page = staff.page("/trials").await;
    assert_eq!(page.matches("4 of 60 enrolled").count(), 2, "{page}");
    let list = staff.page("/trials/HYP24/subjects").await;
    for shown in [
        "Screened",
        "Enrolled",
        "Completed",
        "Withdrawn",
        "Helen Ortiz",
        "周明",
    ] {
        assert!(list.contains(shown), "{shown}");
    }
}
