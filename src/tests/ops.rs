//! The console: staff see whether stock, money and history are conserved.

use crate::support::{Client, TestServer, execute};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;

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
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    let broken = staff.api(API).await.data();
    assert_eq!(
        (&broken["holds"], &broken["stock"]["holds"]),
        (&false.into(), &false.into())
    );
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
