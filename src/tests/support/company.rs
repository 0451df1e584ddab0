//! A company with one product and one customer, for tests of what is written about them.

use crate::support::{Answer, Client, TestServer, execute};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use guildhall::server::config::Config;
use serde_json::{Value, json};

/// What a piece of the product costs.
pub const PRICE: i64 = 19_900;
/// How many pieces there are at first.
pub const STOCK: i64 = 9;
/// What is in the customer's wallet at first.
pub const MONEY: i64 = 1_000_000;

pub struct Company {
    pub server: TestServer,
    pub staff: Client,
    pub mei: Client,
    pub product: i64,
}

impl Company {
    pub async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    pub async fn open_with(change: impl FnOnce(&mut Config)) -> Self {
        let server = TestServer::start_with(change).await;
        let mut staff = server.program(Role::Staff).await;
        let mei = server.program(Role::Customer).await;
        let top_up = format!("/api/v1/users/{}/top-up", mei.id());
        made(&post(&mut staff, &top_up, json!({ "amount": MONEY })).await);
        execute(
            &server.app,
            "INSERT INTO categories (slug, name, position) VALUES ('audio', 'Audio', 1)",
        )
        .await;
        let body =
            json!({ "name": "Headphones", "price": PRICE, "category": "audio", "stock": STOCK });
        let answer = post(&mut staff, "/api/v1/products", body).await;
        made(&answer);
        let product = answer.data()["id"].as_i64().expect("an id");
        Self {
            server,
            staff,
            mei,
            product,
        }
    }

    pub fn order(&self, quantity: i64, payment: &str, delivery: &str) -> Value {
        json!({
            "items": [{ "product_id": self.product, "quantity": quantity }],
            "address": { "name": "Mei Chen", "line1": "12 Tower Street", "city": "Shanghai",
                         "postal_code": "200001", "country": "CN", "phone": "+86 21 5555 0100" },
            "delivery": delivery,
            "payment": payment,
        })
    }

    /// Mei orders, and gets the order's number.
    pub async fn place(&mut self, quantity: i64, payment: &str) -> String {
        let body = self.order(quantity, payment, "standard");
        let answer = post(&mut self.mei, "/api/v1/orders", body).await;
        made(&answer);
        word(&answer.data()["number"])
    }

    /// Staff take the step.
    pub async fn step(&mut self, order: &str, step: &str, body: Value) {
        let path = format!("/api/v1/orders/{order}/{step}");
        let answer = post(&mut self.staff, &path, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{step}: {}", answer.body);
    }

    /// The number of somebody's wallet.
    pub async fn wallet(&self, client: &Client) -> i64 {
        let wallet = client.clone().api("/api/v1/wallet").await.data();
        wallet["id"].as_i64().expect("an id")
    }
}

pub async fn post(client: &mut Client, path: &str, body: Value) -> Answer {
    client.send_json(Method::POST, path, body).await
}

/// The same with an idempotency key.
pub async fn post_keyed(client: &mut Client, path: &str, key: &str, body: &Value) -> Answer {
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", key),
        ("sec-fetch-site", "same-origin"),
    ];
    let body = Body::from(body.to_string());
    client.send(Method::POST, path, &headers, body).await
}

pub fn made(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
}

pub fn word(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
