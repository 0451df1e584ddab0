//! A company with two customers who have money, and what programs ask of its books.

use crate::support::Client;
use crate::support::company::{Company, Opening, post};
use axum::http::StatusCode;
use guildhall::accounts::Role;
use serde_json::{Value, json};

/// A company with two customers, who have a wallet each.
pub struct Bank {
    pub company: Company,
    pub bob: Client,
}

impl Bank {
    pub async fn open() -> Self {
        let opening = Opening {
            money: 10_000,
            ..Default::default()
        };
        let mut company = Company::open_as(opening, |_| {}).await;
        let bob = company.server.program(Role::Customer).await;
        company.top_up(bob.id(), 500).await;
        Self { company, bob }
    }
}

pub async fn wallet(client: &mut Client) -> Value {
    client.api("/api/v1/wallet").await.data()
}

pub async fn wallet_id(client: &mut Client) -> i64 {
    wallet(client).await["id"].as_i64().expect("an id")
}

pub fn transfer(from: i64, to: i64, amount: i64) -> Value {
    json!({ "from_account_id": from, "to_account_id": to, "amount": amount })
}

pub async fn new_account(client: &mut Client, body: Value) -> i64 {
    let answer = post(client, "/api/v1/accounts", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    answer.data()["id"].as_i64().expect("an id")
}
