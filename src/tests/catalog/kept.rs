//! Answers that are kept for a moment: never older than what was last changed here.

use crate::support::Client;
use crate::support::company::{Company, STOCK};
use crate::telemetry::Samples;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use guildhall::catalog::rest::find_answer;
use guildhall::server::config::Config;
use serde_json::json;
use std::time::Instant;

/// The stock of the product as its own answer and the list of all have it.
async fn stock(client: &mut Client, product: i64) -> [i64; 2] {
    let one = client
        .api(&format!("/api/v1/products/{product}"))
        .await
        .data();
    let all = client.api("/api/v1/products").await.data();
    let item = all["items"]
        .as_array()
        .and_then(|items| items.iter().find(|item| item["id"] == product).cloned());
    [one, item.expect("in the list")].map(|product| product["stock"].as_i64().expect("a number"))
}

#[tokio::test]
async fn what_an_order_left_is_seen_at_once() {
    let mut company = Company::open().await;
    let product = company.product;
    assert_eq!(stock(&mut company.staff, product).await, [STOCK; 2]);
    let order = company.place(2, "wallet").await;
    assert_eq!(stock(&mut company.staff, product).await, [STOCK - 2; 2]);
    company.place(3, "invoice").await;
    assert_eq!(stock(&mut company.staff, product).await, [STOCK - 5; 2]);
    company
        .step(&order, "cancel", json!({ "reason": "changed" }))
        .await;
    assert_eq!(stock(&mut company.staff, product).await, [STOCK - 3; 2]);
}

#[tokio::test]
async fn a_product_that_did_not_change_is_not_sent_again() {
    let mut company = Company::open().await;
    let path = format!("/api/v1/products/{}", company.product);
    let tag = company.mei.api(&path).await.header("etag").to_owned();
    let headers = [("accept", "*/*"), ("if-none-match", tag.as_str())];
    for expected in [StatusCode::NOT_MODIFIED, StatusCode::OK] {
        let answer = company
            .mei
            .send(Method::GET, &path, &headers, Body::empty())
            .await;
        assert_eq!(answer.status, expected);
        let price = json!({ "price": 4_200 });
        company.change_product(company.product, price).await;
    }
    let withdrawn = json!({ "active": false });
    company.change_product(company.product, withdrawn).await;
    assert_eq!(company.mei.api(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(company.staff.api(&path).await.status, StatusCode::OK);
}

/// The number of times that somebody waited for a connection of the database.
async fn reads(company: &Company) -> u64 {
    let samples = Samples::of(&company.server).await;
    let waits = samples
        .series()
        .filter(|(name, _)| name.starts_with("guildhall_db_wait_seconds_count"));
    waits
        .map(|(_, count)| count.parse::<u64>().expect("a count"))
        .sum()
}

/// As many as a machine that is busy can ask for in the time that a test has: its clock stands still, so that they
/// are a flood at whatever pace they come.
#[tokio::test]
async fn a_hundred_thousand_products_that_do_not_exist_cost_little() {
    const ASKED: u64 = 100_000;
    const ROOM: i64 = (32 + 8) << 20;
    // Each answer would be kept to the end.
    let long = |config: &mut Config| config.shop.cache_milliseconds = 600_000;
    let company = Company::open_with(long).await;
    let before = reads(&company).await;
    for key in 0..ASKED {
        let key = match key % 2 {
            0 => format!("{}", 1_000_000 + key),
            _ => format!("made-up-{key}"),
        };
        let found = find_answer(company.app(), &key, false).await;
        assert!(found.expect("an answer").is_none(), "{key}");
    }
    let asked = reads(&company).await - before;
    assert!(asked <= ASKED / 100, "{asked} reads for {ASKED} keys");
    let series = "guildhall_cache_bytes{cache=\"products\"}";
    let held = Samples::of(&company.server).await.value(series);
    assert!(held <= ROOM, "{held} bytes are kept");
    assert!(held > ROOM / 2, "{held} bytes: most of the room is used");
    let no_key = "a".repeat(10_000);
    let none = find_answer(company.app(), &no_key, false).await;
    assert!(none.expect("an answer").is_none());
}

#[tokio::test]
async fn a_flood_of_products_that_do_not_exist_hardly_reaches_the_database() {
    const ASKED: u64 = 5_000;
    let mut company = Company::open().await;
    let before = reads(&company).await;
    let began = Instant::now();
    for key in 0..ASKED {
        let path = match key % 2 {
            0 => format!("/api/v1/products/{}", 1_000_000 + key),
            _ => format!("/api/v1/products/made-up-{key}"),
        };
        let answer = company.server.visitor().api(&path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    let seconds = began.elapsed().as_secs() + 1;
    let asked = reads(&company).await - before;
    // Twenty that nobody took for a flood yet, and all keys once a moment; some for the samples themselves.
    let most = 40 + 3 * seconds;
    assert!(
        asked <= most,
        "{asked} reads in {seconds} s for {ASKED} keys"
    );
    // What does exist is found in the midst of it, also when it has just been made.
    let path = format!("/api/v1/products/{}", company.product);
    assert_eq!(company.mei.api(&path).await.status, StatusCode::OK);
    let new = json!({ "name": "Found at once", "price": 100, "category": "audio" });
    let made = company
        .staff
        .send_json(Method::POST, "/api/v1/products", new)
        .await;
    let path = format!("/api/v1/products/{}", made.data()["id"]);
    assert_eq!(
        company.mei.api(&path).await.status,
        StatusCode::OK,
        "{}",
        made.body
    );
}
