//! A sender of signed messages to the inbox: the payment provider, the carrier, the warehouse, risk control.

use crate::support::company::Company;
use crate::support::{Answer, Client};
use axum::http::Method;
use guildhall::events::apply_due;
use guildhall::server::config::Config;
use serde_json::{Value, json};
use standardwebhooks::Webhook;

/// The secrets that they sign with.
pub const PAYMENTS: &str = "whsec_cGF5bWVudHMgcGF5bWVudHMgcGF5bWVudHM=";
pub const INVENTORY: &str = "whsec_aW52ZW50b3J5IGludmVudG9yeSBpbnZlbnRvcnk=";
pub const SHIPPING: &str = "whsec_c2hpcHBpbmcgc2hpcHBpbmcgc2hpcHBpbmc=";
pub const RISK: &str = "whsec_cmlzayByaXNrIHJpc2sgcmlzayByaXNrIHJpc2s=";

/// Accepts messages of every source.
pub fn listening(config: &mut Config) {
    let webhooks = &mut config.webhooks;
    webhooks.payments_secret = PAYMENTS.to_owned();
    webhooks.inventory_secret = INVENTORY.to_owned();
    webhooks.shipping_secret = SHIPPING.to_owned();
    webhooks.risk_secret = RISK.to_owned();
}

/// A sender of messages, signed with the published crate.
pub struct Sender {
    pub client: Client,
    pub now: i64,
    pub sent: u32,
}

impl Sender {
    pub fn new(company: &Company) -> Self {
        Self {
            client: company.server.visitor(),
            now: company.server.app.clock.now().seconds(),
            sent: 0,
        }
    }

    /// Sends a message under a new id. `at` is when it happened, in seconds from the beginning.
    pub async fn send_event(
        &mut self,
        company: &Company,
        topic: &str,
        at: i64,
        data: Value,
    ) -> Answer {
        self.sent += 1;
        let id = format!("message-{}", self.sent);
        self.send_event_as(company, &id, topic, at, data).await
    }

    pub async fn send_event_as(
        &mut self,
        company: &Company,
        id: &str,
        topic: &str,
        at: i64,
        data: Value,
    ) -> Answer {
        let (source, secret) = match topic.split('.').next() {
            Some("payment") => ("payments", PAYMENTS),
            Some("stock") => ("inventory", INVENTORY),
            Some("shipment") => ("shipping", SHIPPING),
            _ => ("risk", RISK),
        };
        let at = time::OffsetDateTime::from_unix_timestamp(self.now + at).expect("a time");
        let at = guildhall::clock::Timestamp::from(at);
        let body = json!({ "type": topic, "timestamp": at, "data": data }).to_string();
        let now = company.server.app.clock.now().seconds();
        self.send(source, secret, id, now, &body).await
    }

    pub async fn send(
        &mut self,
        source: &str,
        secret: &str,
        id: &str,
        seconds: i64,
        body: &str,
    ) -> Answer {
        let webhook = Webhook::new(secret).expect("a secret");
        let signature = webhook.sign(id, seconds, body.as_bytes()).expect("signs");
        let seconds = seconds.to_string();
        let headers = [
            ("content-type", "application/json"),
            ("webhook-id", id),
            ("webhook-timestamp", &seconds),
            ("webhook-signature", &signature),
        ];
        let path = format!("/webhooks/{source}");
        self.client
            .send(Method::POST, &path, &headers, body.to_owned().into())
            .await
    }
}

/// Applies all messages that are due.
pub async fn apply(company: &Company) {
    while apply_due(&company.server.app).await.expect("works") > 0 {}
}

pub async fn inbox(company: &mut Company, state: &str) -> Vec<Value> {
    let path = format!("/api/v1/webhooks/inbox?state={state}");
    let items = company.staff.api(&path).await.data()["items"].clone();
    items.as_array().expect("a list").clone()
}

pub async fn status(company: &mut Company, order: &str) -> String {
    let path = format!("/api/v1/orders/{order}");
    let status = company.staff.api(&path).await.data()["status"].clone();
    status.as_str().expect("a status").to_owned()
}

pub fn captured(order: &str) -> Value {
    json!({ "order": order, "amount": 40_800, "currency": "CNY" })
}
