//! The console: staff see whether stock, money and history are conserved.

use crate::support::company::{Company, MONEY};
use crate::support::eventually::eventually;
use crate::support::listener::Listener;
use crate::support::{Client, TestServer, execute};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::{Value, json};

const API: &str = "/api/v1/ops/conservation";

#[tokio::test]
async fn staff_see_what_must_hold_and_what_no_longer_does() {
    // Measured anew each time: the clock of what is kept for a moment is the real one.
    let server = TestServer::start().await;
    let mut staff = server.program(Role::Staff).await;
    let fine = staff.api(API).await.data();
    assert_eq!(fine["holds"], true, "{fine}");
    execute(
        &server.app,
        "INSERT INTO categories (slug, name, position) VALUES ('a', 'A', 1)",
    )
    .await;
    execute(
        &server.app,
        "INSERT INTO products (category_id, slug, name, name_key, description, price, on_hand, active,
                               created_at, updated_at)
         VALUES (1, 'x', 'X', 'x', '', 1, 5, TRUE, 0, 0)",
    )
    .await;
    let broken = until(&mut staff, |seen| seen["stock"]["holds"] == false).await;
    assert_eq!(broken["holds"], false);
    assert_eq!(broken["stock"]["on_hand"], 5);
    let mut browser = server.signed_in(Role::Staff).await;
    let page = browser.page("/ops/conservation").await;
    assert!(page.contains("Broken") && page.contains("Holds"), "{page}");
}

#[tokio::test]
async fn only_staff_look_at_the_console() {
    let server = TestServer::start().await;
    let mut customer = server.signed_in(Role::Customer).await;
    assert_eq!(
        customer.get("/ops/conservation").await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(customer.api(API).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        server.visitor().api(API).await.status,
        StatusCode::UNAUTHORIZED
    );
    // The server function that the island calls.
    let headers = [
        ("accept", "application/json"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("sec-fetch-site", "same-origin"),
    ];
    let ask = async |client: &mut Client| {
        let answer = client
            .send(Method::POST, "/fn/read_meters", &headers, Body::empty())
            .await;
        answer.status
    };
    assert_eq!(ask(&mut customer).await, StatusCode::FORBIDDEN);
    assert_eq!(ask(&mut server.visitor()).await, StatusCode::UNAUTHORIZED);
    assert_eq!(
        ask(&mut server.signed_in(Role::Staff).await).await,
        StatusCode::OK
    );
}

/// The API's answer, once it is measured anew and fits: those who watch share a measurement.
async fn until(staff: &mut Client, so: impl Fn(&Value) -> bool) -> Value {
    let seen = eventually(async || {
        let seen = staff.api(API).await.data();
        if so(&seen) { Ok(seen) } else { Err(seen) }
    });
    seen.await
}

#[tokio::test]
async fn two_products_that_differ_do_not_make_up_for_each_other() {
    let mut company = Company::open_to_listeners().await;
    let second = json!({ "name": "Mouse", "price": 100, "category": "audio", "stock": 5 });
    let made = company
        .staff
        .send_json(Method::POST, "/api/v1/products", second)
        .await;
    assert_eq!(made.status, StatusCode::CREATED);
    let order = company.place(2, "wallet").await;
    company.step(&order, "pack", json!({})).await;
    company.step(&order, "ship", json!({})).await;
    company.place(2, "wallet").await;
    let fine = until(&mut company.staff, |seen| seen["stock"]["shipped"] == 2).await;
    assert_eq!(fine["stock"]["holds"], true, "{fine}");
    assert_eq!(fine["stock"]["open_reservations"], 2);
    let app = &company.server.app;
    execute(
        app,
        "UPDATE products SET on_hand = on_hand + 1 WHERE id = 1",
    )
    .await;
    execute(
        app,
        "UPDATE products SET on_hand = on_hand - 1 WHERE id = 2",
    )
    .await;
    let broken = until(&mut company.staff, |seen| seen["stock"]["holds"] == false).await;
    assert_eq!(broken["stock"]["differing"], 2);
    assert_eq!(broken["stock"]["on_hand"], fine["stock"]["on_hand"]);
    assert_eq!(broken["holds"], false);
}

#[tokio::test]
async fn books_that_do_not_balance_show() {
    let mut company = Company::open_to_listeners().await;
    let top_up = format!("/api/v1/users/{}/top-up", company.mei.id());
    let euros = json!({ "amount": 2_500, "currency": "EUR" });
    let topped = company.staff.send_json(Method::POST, &top_up, euros).await;
    assert_eq!(topped.status, StatusCode::CREATED, "{}", topped.body);
    let fine = until(&mut company.staff, |_| true).await;
    assert_eq!(fine["ledger"]["holds"], true, "{fine}");
    let sum =
        |currency: &str, sum: i64| json!({ "currency": currency, "debits": sum, "credits": sum });
    let sums = json!([sum("CNY", MONEY), sum("EUR", 2_500)]);
    assert_eq!(fine["ledger"]["sums"], sums);
    let app = &company.server.app;
    let bare =
        "INSERT INTO transfers (id, debit_account_id, credit_account_id, amount, kind, posted_at)
                SELECT 'odd', debit_account_id, credit_account_id, 7, kind, posted_at
                FROM transfers WHERE seq = 1";
    execute(app, bare).await;
    let broken = until(&mut company.staff, |seen| seen["ledger"]["holds"] == false).await;
    assert_eq!(broken["ledger"]["unbalanced"], 1, "{broken}");
    assert_eq!(broken["ledger"]["sums"], fine["ledger"]["sums"]);
    let half = "INSERT INTO ledger_entries (transfer_seq, account_id, side, amount, balance, posted_at)
                SELECT seq, debit_account_id, 'debit', 7, 0, posted_at FROM transfers WHERE id = 'odd'";
    execute(app, half).await;
    until(&mut company.staff, |seen| {
        let sums = &seen["ledger"]["sums"][0];
        sums["debits"].as_i64() == sums["credits"].as_i64().map(|sum| sum + 7)
    })
    .await;
    let mut browser = company.server.signed_in(Role::Staff).await;
    let page = browser.page("/ops/conservation").await;
    assert!(page.contains("Debits and credits differ"), "{page}");
    assert!(page.contains("s old, measured in"), "{page}");
}

#[tokio::test]
async fn an_order_that_is_not_what_its_history_makes_it_shows() {
    let mut company = Company::open_to_listeners().await;
    company.place(2, "wallet").await;
    let fine = until(&mut company.staff, |seen| seen["orders"]["folded"] == 1).await;
    assert_eq!(fine["orders"]["holds"], true, "{fine}");
    execute(&company.server.app, "UPDATE orders SET flagged = TRUE").await;
    let broken = until(&mut company.staff, |seen| seen["orders"]["holds"] == false).await;
    assert_eq!(broken["orders"]["differing"], 1);
    assert_eq!(broken["holds"], false);
    let mut browser = company.server.signed_in(Role::Staff).await;
    let page = browser.page("/ops/conservation").await;
    assert!(
        page.contains("Orders differ from their histories"),
        "{page}"
    );
}

#[tokio::test]
async fn late_held_back_and_dead_deliveries_show() {
    let mut company = Company::open_to_listeners().await;
    let listener = Listener::start().await;
    let webhook = company.subscribe(&listener.url(), "order.placed").await;
    company.place(2, "wallet").await;
    company.wait(90);
    let late = until(&mut company.staff, |seen| seen["outbox"]["holds"] == false).await;
    assert!(late["outbox"]["undispatched"].as_i64() >= Some(2), "{late}");
    assert_eq!(late["outbox"]["undispatched_seconds"], 90);
    assert_eq!(late["outbox"]["overdue"], 0);
    assert_eq!(late["holds"], true, "nothing is lost");

    listener.fail(13);
    company.deliver().await;
    let told = until(&mut company.staff, |seen| {
        seen["outbox"]["undispatched"] == 0
    })
    .await;
    assert_eq!(
        told["outbox"]["holds"], true,
        "its time is not over: {told}"
    );
    company.wait(60);
    let late = until(&mut company.staff, |seen| seen["outbox"]["holds"] == false).await;
    assert_eq!(
        (
            &late["outbox"]["overdue"],
            &late["outbox"]["overdue_seconds"]
        ),
        (&json!(1), &json!(60))
    );
    let mut browser = company.server.signed_in(Role::Staff).await;
    let page = browser.page("/ops/conservation").await;
    assert!(page.contains("Deliveries are late"), "{page}");

    let path = format!("/api/v1/webhooks/{}", webhook["id"]);
    let pause = json!({ "paused": true });
    company.staff.send_json(Method::PATCH, &path, pause).await;
    let held = until(&mut company.staff, |seen| seen["outbox"]["paused"] == 1).await;
    assert_eq!(
        (&held["outbox"]["overdue"], &held["outbox"]["holds"]),
        (&json!(0), &json!(true))
    );

    let resume = json!({ "paused": false });
    company.staff.send_json(Method::PATCH, &path, resume).await;
    for _ in 0..13 {
        company.wait(16 * 3_600);
        company.deliver().await;
    }
    let dead = until(&mut company.staff, |seen| seen["outbox"]["dead"] == 1).await;
    assert_eq!(
        (&dead["outbox"]["overdue"], &dead["outbox"]["holds"]),
        (&json!(0), &json!(false))
    );
    let page = browser.page("/ops/conservation").await;
    assert!(
        page.contains("Some events could not be delivered"),
        "{page}"
    );
}
