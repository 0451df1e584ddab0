//! Answers that are kept for a moment: never older than what was last changed here.

use crate::support::Client;
use crate::support::company::{Company, STOCK};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::json;

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
