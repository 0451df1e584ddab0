//! A company with one product, staff and a customer: what most tests begin with.

use crate::support::{Answer, Client, TestServer, execute, number};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use guildhall::ledger::verify_ledger;
use guildhall::orders::verify_orders;
use guildhall::server::App;
use guildhall::server::config::Config;
use serde_json::{Value, json};

/// The price of a piece of the product.
pub const PRICE: i64 = 19_900;
/// The stock at first.
pub const STOCK: i64 = 100;
/// The balance of the customer's wallet at first.
pub const MONEY: i64 = 1_000_000;
/// The fee for standard delivery.
pub const FEE: i64 = 1_000;

/// Stock and money of a new company.
pub struct Opening {
    pub stock: i64,
    /// With nothing in it, the customer's wallet is not opened.
    pub money: i64,
}

impl Default for Opening {
    fn default() -> Self {
        Self {
            stock: STOCK,
            money: MONEY,
        }
    }
}

pub struct Company {
    pub server: TestServer,
    /// Programs of somebody of the staff, and of a customer.
    pub staff: Client,
    pub mei: Client,
    pub product: i64,
}

impl Company {
    pub async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    pub async fn open_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::open_as(Opening::default(), change).await
    }

    /// With so many headphones.
    pub async fn with_stock(stock: i64) -> Self {
        let opening = Opening {
            stock,
            ..Default::default()
        };
        Self::open_as(opening, |_| {}).await
    }

    pub async fn open_as(opening: Opening, change: impl FnOnce(&mut Config)) -> Self {
        let server = TestServer::start_with(|config| {
            // Programs are not to sign in again when the clock is moved.
            config.accounts.access_token_minutes = 600_000;
            config.accounts.sign_in_max_days = 3_650;
            change(config);
        })
        .await;
        Self::open_on(server, opening).await
    }

    /// On this server, which is empty.
    pub async fn open_on(server: TestServer, opening: Opening) -> Self {
        let mut company = Self {
            staff: server.program(Role::Staff).await,
            mei: server.program(Role::Customer).await,
            server,
            product: 0,
        };
        if opening.money > 0 {
            company.top_up(company.mei.id(), opening.money).await;
        }
        let category = "INSERT INTO categories (slug, name, position) VALUES ('audio', 'Audio', 1)";
        execute(&company.server.app, category).await;
        company.product = company.product("Headphones", PRICE, opening.stock).await;
        company
    }

    pub fn app(&self) -> &App {
        &self.server.app
    }

    /// The same two people in browsers: staff, and the customer.
    pub async fn browsers(&self) -> [Client; 2] {
        let user = |client: &Client| client.user.clone().expect("somebody signed in");
        let (staff, mei) = (user(&self.staff), user(&self.mei));
        [
            self.server.sign_in(&staff).await,
            self.server.sign_in(&mei).await,
        ]
    }

    pub async fn top_up(&mut self, user: i64, amount: i64) -> Answer {
        let path = format!("/api/v1/users/{user}/top-up");
        let body = json!({ "amount": amount, "memo": "cash" });
        let answer = post(&mut self.staff, &path, body).await;
        made(&answer);
        answer
    }

    /// Makes another product.
    pub async fn product(&mut self, name: &str, price: i64, stock: i64) -> i64 {
        let body = json!({ "name": name, "price": price, "category": "audio", "stock": stock });
        let answer = post(&mut self.staff, "/api/v1/products", body).await;
        made(&answer);
        answer.data()["id"].as_i64().expect("an id")
    }

    pub async fn change_product(&mut self, product: i64, change: Value) {
        let path = format!("/api/v1/products/{product}");
        let answer = self.staff.send_json(Method::PATCH, &path, change).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
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
        self.place_by(quantity, payment, "standard").await
    }

    pub async fn place_by(&mut self, quantity: i64, payment: &str, delivery: &str) -> String {
        let body = self.order(quantity, payment, delivery);
        self.send_order(body).await
    }

    pub async fn send_order(&mut self, body: Value) -> String {
        let answer = post(&mut self.mei, "/api/v1/orders", body).await;
        made(&answer);
        word(&answer.data()["number"])
    }

    /// Staff take the step.
    pub async fn step(&mut self, order: &str, step: &str, body: Value) -> Value {
        let path = format!("/api/v1/orders/{order}/{step}");
        let answer = post(&mut self.staff, &path, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{step}: {}", answer.body);
        answer.data()
    }

    pub fn wait(&self, seconds: i64) {
        self.server.app.clock.advance(seconds);
    }

    /// The number of somebody's wallet.
    pub async fn wallet(&self, client: &Client) -> i64 {
        let wallet = client.clone().api("/api/v1/wallet").await.data();
        wallet["id"].as_i64().expect("an id")
    }

    /// The balance of Mei's wallet, and how much of it is held.
    pub async fn balance_and_held(&mut self) -> (i64, i64) {
        let wallet = self.mei.api("/api/v1/wallet").await.data();
        let amount = |field: &str| wallet[field].as_i64().expect("an amount");
        (amount("balance"), amount("held"))
    }

    /// The number of headphones on hand, and of those reserved.
    pub async fn stock(&self) -> (i64, i64) {
        let of = |what: &str| format!("SELECT {what} FROM products WHERE id = {}", self.product);
        (
            number(self.app(), &of("on_hand")).await,
            number(self.app(), &of("reserved")).await,
        )
    }

    /// The number of rows in a table, or of those that a condition leaves.
    pub async fn count(&self, rows: &str) -> i64 {
        number(self.app(), &format!("SELECT COUNT(*) FROM {rows}")).await
    }

    /// Verification finds nothing wrong with orders, stock and books.
    pub async fn check(&self) {
        check(self.app()).await;
    }
}

pub async fn check(app: &App) {
    assert_eq!(verify_orders(app).await.expect("reads"), []);
    assert_eq!(verify_ledger(app).await.expect("reads"), []);
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
