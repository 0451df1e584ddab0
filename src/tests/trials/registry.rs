//! A study with people in every role, which tests of trials begin with.

use crate::support::company::{made, post};
use crate::support::{Answer, Client, TestServer};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use guildhall::trials::{verify_audit, verify_trials};
use serde_json::{Value, json};

/// A study with two sites and two arms. Everybody is a program.
pub struct Registry {
    pub server: TestServer,
    /// Created the study, and is a coordinator of it by that.
    pub admin: Client,
    pub coordinator: Client,
    pub monitor: Client,
    pub auditor: Client,
    pub study: i64,
}

impl Registry {
    pub async fn open() -> Self {
        Self::open_on(
            TestServer::start_with(|config| {
                config.accounts.access_token_minutes = 600_000;
            })
            .await,
        )
        .await
    }

    pub async fn open_on(server: TestServer) -> Self {
        let mut registry = Self {
            admin: server.program(Role::Admin).await,
            coordinator: server.program(Role::Staff).await,
            monitor: server.program(Role::Staff).await,
            auditor: server.program(Role::Customer).await,
            server,
            study: 0,
        };
        registry.study = registry.create("HYP24").await;
        for (client, role) in [
            (registry.coordinator.id(), "coordinator"),
            (registry.monitor.id(), "monitor"),
            (registry.auditor.id(), "auditor"),
        ] {
            registry.give(registry.study, client, role).await;
        }
        registry
    }

    /// Creates a study with two sites and two arms, and returns its id.
    pub async fn create(&mut self, code: &str) -> i64 {
        let body = json!({
            "code": code, "title": "Dosing in hypertension", "planned": 20,
            "sites": ["01", { "code": "02", "name": "Harbour Hospital" }],
            "arms": ["Morning", "Evening"],
        });
        let answer = post(&mut self.admin, "/api/v1/studies", body).await;
        made(&answer);
        answer.data()["id"].as_i64().expect("an id")
    }

    pub async fn give(&mut self, study: i64, user: i64, role: &str) {
        let path = format!("/api/v1/studies/{study}/members/{user}");
        let body = json!({ "role": role, "reason": "Joined the team" });
        let answer = self.admin.send_json(Method::PUT, &path, body).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
    }

    /// The body that registers somebody at a site of the study.
    pub fn subject(&self, name: &str, site: &str) -> Value {
        json!({ "name": name, "age": 54, "sex": "female", "project_id": self.study, "site": site })
    }

    /// Registers somebody, and returns what the coordinator is told.
    pub async fn register(&mut self, name: &str, site: &str) -> Value {
        let body = self.subject(name, site);
        let answer = post(&mut self.coordinator, "/api/v1/subjects", body).await;
        made(&answer);
        answer.data()
    }

    /// The coordinator changes the subject.
    pub async fn change(&mut self, subject: &Value, change: Value) -> Value {
        let path = format!("/api/v1/subjects/{}", subject["id"]);
        let answer = self
            .coordinator
            .send_json(Method::PATCH, &path, change)
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.data()
    }

    /// Verification finds nothing wrong.
    pub async fn check(&self) {
        let app = &self.server.app;
        assert_eq!(verify_trials(app).await.expect("reads"), []);
        assert_eq!(verify_audit(app).await.expect("reads"), []);
    }
}

/// The names of the fields that a refused request got wrong, in the order of the alphabet.
pub fn faulty_fields(answer: &Answer) -> Vec<String> {
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        answer.body
    );
    let faults = answer.json()["errors"].clone();
    faults
        .as_object()
        .expect("faults")
        .keys()
        .cloned()
        .collect()
}
