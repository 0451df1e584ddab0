//! The books in a browser: staff who keep them, and a customer with an open wallet.

use crate::support::company::{Company, Opening};
use crate::support::forms::field;
use crate::support::{Answer, Client, TestServer, execute, number, on_postgres};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::json;

/// Staff in a browser, and a customer with an open wallet.
pub struct Books {
    pub server: TestServer,
    pub sam: Client,
    pub mei: Client,
    pub wallet: i64,
}

impl Books {
    pub async fn open() -> Self {
        let opening = Opening {
            money: 0,
            ..Default::default()
        };
        let company = Company::open_as(opening, |_| {}).await;
        let [sam, mut mei] = company.browsers().await;
        let server = company.server;
        mei.page("/wallet").await;
        let wallet = number(&server.app, "SELECT id FROM ledger_accounts").await;
        Self {
            server,
            sam,
            mei,
            wallet,
        }
    }

    pub async fn top_up(&mut self, amount: &str, memo: &str) -> Answer {
        let page = format!("/ledger/accounts/{}", self.wallet);
        let html = self.sam.page(&page).await;
        self.sam.referer = Some(page.clone());
        let fields = [
            ("amount", amount),
            ("memo", memo),
            ("idempotency_key", field(&html, "idempotency_key")),
        ];
        self.sam.post(&format!("{page}/top-up"), &fields).await
    }

    /// A transfer between two accounts, by the API.
    pub async fn transfer(&mut self, from: i64, to: i64, amount: i64, memo: &str) {
        let mut program = self.server.program(Role::Staff).await;
        let body =
            json!({ "from_account_id": from, "to_account_id": to, "amount": amount, "memo": memo });
        let answer = program
            .send_json(Method::POST, "/api/v1/transfers", body)
            .await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    }

    pub async fn bank(&self) -> i64 {
        let query = "SELECT id FROM ledger_accounts WHERE code = 'bank'";
        number(&self.server.app, query).await
    }

    pub async fn balance(&self, account: i64) -> i64 {
        let query = format!("SELECT balance FROM ledger_accounts WHERE id = {account}");
        number(&self.server.app, &query).await
    }

    pub async fn newest(&self) -> i64 {
        number(&self.server.app, "SELECT MAX(seq) FROM transfers").await
    }
}

pub fn count(page: &str, what: &str) -> usize {
    page.matches(what).count()
}

/// Writes this many transfers straight into the tables: a word of one in a hundred, kinds and amounts vary.
pub async fn many_transfers(server: &TestServer, count: i64) {
    let accounts = "INSERT INTO ledger_accounts (code, name, currency, normal_side, created_at)
                    VALUES ('a', 'A', 'CNY', 'debit', 0), ('b', 'B', 'CNY', 'debit', 0), ('c', 'C', 'CNY', 'debit', 0)";
    execute(&server.app, accounts).await;
    let numbers = if on_postgres() {
        format!("SELECT n FROM generate_series(1, {count}) AS n")
    } else {
        format!(
            "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) SELECT n FROM s"
        )
    };
    let transfers = format!(
        "INSERT INTO transfers (id, debit_account_id, credit_account_id, amount, kind, memo, posted_at)
         SELECT 'many-' || n, CASE n % 500 WHEN 0 THEN 3 ELSE 1 END, 2, 1 + n % 10000,
                CASE n % 50 WHEN 0 THEN 'reversal' ELSE 'transfer' END, '', CAST(n AS BIGINT) * 1000000
         FROM ({numbers}) AS s"
    );
    execute(&server.app, &transfers).await;
    let word = "CASE seq % 100 WHEN 0 THEN 'rare' ELSE 'common' END";
    let words = if on_postgres() {
        format!("INSERT INTO transfer_words SELECT seq, CAST({word} AS TSVECTOR) FROM transfers")
    } else {
        format!("INSERT INTO transfer_words (rowid, words) SELECT seq, {word} FROM transfers")
    };
    execute(&server.app, &words).await;
    execute(&server.app, "ANALYZE").await;
}
