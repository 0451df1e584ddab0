//! A client for a server's JSON API.

use crate::events::tls_config;
use anyhow::{Context, Result, ensure};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use reqwest::{Method, redirect};
use serde_json::{Value, json};
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(30);

/// An HTTP client with its access token.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    token: String,
}

/// A response.
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

impl Answer {
    /// Returns the response's `data`, or the refusal as an error.
    pub fn data(self) -> Result<Value> {
        let Self { status, mut body } = self;
        ensure!(status < 400, "{status}: {}", body["message"]);
        Ok(body["data"].take())
    }
}

impl Client {
    /// Creates a client for the server at `url`.
    pub fn new(url: &str) -> Result<Self> {
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls_config().context("TLS")?)
            .redirect(redirect::Policy::none())
            .timeout(TIMEOUT)
            .build()?;
        Ok(Self {
            http,
            url: url.trim_end_matches('/').to_owned(),
            token: String::new(),
        })
    }

    pub async fn sign_in(&mut self, email: &str, password: &str) -> Result<()> {
        let credentials = json!({ "email": email, "password": password });
        let answer = self.post("/api/v1/auth/login", "", &credentials).await?;
        let data = answer
            .data()
            .with_context(|| format!("{email} cannot sign in"))?;
        self.token = data["access_token"]
            .as_str()
            .context("no token")?
            .to_owned();
        Ok(())
    }

    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.send(Method::GET, path, "", None).await
    }

    /// Sends a POST request. `key` is its idempotency key; empty for none.
    pub async fn post(&self, path: &str, key: &str, body: &Value) -> Result<Answer> {
        self.send(Method::POST, path, key, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Result<Answer> {
        self.send(Method::DELETE, path, "", None).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        key: &str,
        body: Option<&Value>,
    ) -> Result<Answer> {
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        if !self.token.is_empty() {
            request = request.header(AUTHORIZATION, format!("Bearer {}", self.token));
        }
        if !key.is_empty() {
            request = request.header("idempotency-key", key);
        }
        if let Some(body) = body {
            request = request
                .header(CONTENT_TYPE, "application/json")
                .body(body.to_string());
        }
        let answer = request
            .send()
            .await
            .with_context(|| format!("{} does not answer", self.url))?;
        let status = answer.status().as_u16();
        let text = answer.text().await?;
        let body = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text)?
        };
        Ok(Answer { status, body })
    }
}
