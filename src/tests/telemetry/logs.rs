//! The log of a running server: its levels change on demand, slow statements stand out, and no secret is in it.

use crate::support::company::Company;
use crate::support::eventually::eventually;
use crate::support::process::{Folder, Server, program, read_all};
use crate::support::{Client, PASSWORD, TestServer, execute, interfere};
use guildhall::accounts::Role;
use guildhall::server::App;
use serde_json::{Value, json};
use std::fs::{File, read_to_string};
use std::io::Write;
use std::path::PathBuf;

/// A server in a process of its own, and the file that its log is written to.
struct Logged {
    server: Server,
    file: PathBuf,
}

impl Logged {
    async fn start(app: &App, variables: &[(&str, &str)]) -> Self {
        let folder = Folder::new();
        let file = folder.0.join("log.json");
        let mut command = program(&folder, variables);
        command
            .arg("serve")
            .env("GUILDHALL_LOG_FORMAT", "json")
            .env(
                "GUILDHALL_ACCOUNTS_TOKEN_SECRET",
                &app.config.accounts.token_secret,
            )
            .stderr(File::create(&file).expect("a file"));
        let server = Server::start_as(folder, &app.config.database.url, command).await;
        Self { server, file }
    }

    fn text(&self) -> String {
        read_to_string(&self.file).expect("a log")
    }

    /// The first whole line that fits.
    async fn line(&self, fits: impl Fn(&Value) -> bool) -> Value {
        eventually(async || {
            let text = self.text();
            let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
            let mut lines = whole
                .lines()
                .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
            lines
                .find(|line| fits(line))
                .ok_or(format!("not in {text}"))
        })
        .await
    }

    async fn event(&self, name: &str) -> Value {
        self.line(|line| line["security.event"] == name).await
    }

    fn ask(&self, line: &str, by: Option<&Client>, body: &str) -> String {
        let token = by.and_then(|client| client.token.clone());
        let token = token.map(|token| format!("authorization: Bearer {token}\r\n"));
        let mut stream = self.server.connect();
        let request = format!(
            "{line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\naccept: application/json\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n{}\r\n{body}",
            body.len(),
            token.unwrap_or_default()
        );
        stream.write_all(request.as_bytes()).expect("sends");
        read_all(&mut stream)
    }

    fn put(&self, by: &Client, filter: &str) -> String {
        let body = json!({ "filter": filter }).to_string();
        self.ask("PUT /api/v1/ops/log-filter", Some(by), &body)
    }
}

#[tokio::test]
async fn an_admin_changes_levels_while_the_server_runs_and_no_secret_shows() {
    let shop = TestServer::start().await;
    let admin = shop.program(Role::Admin).await;
    let staff = shop.program(Role::Staff).await;
    let logged = Logged::start(&shop.app, &[]).await;
    assert!(logged.put(&staff, "info").starts_with("HTTP/1.1 403"));
    for refused in ["info,guildhall=loud", "debug", "info,hyper=trace", ""] {
        let answer = logged.put(&admin, refused);
        assert!(answer.starts_with("HTTP/1.1 422"), "{refused}: {answer}");
        assert!(answer.contains("\"filter\""), "{answer}");
    }
    logged.ask("GET /api/v1/products", None, "");
    assert!(!logged.text().contains("\"DEBUG\""), "{}", logged.text());

    let wanted = "info,guildhall=trace,sqlx=debug";
    let answer = logged.put(&admin, wanted);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let answer = logged.ask("GET /api/v1/ops/log-filter", Some(&admin), "");
    assert!(answer.contains(wanted), "{answer}");
    let event = logged.event("log_filter_changed").await;
    assert_eq!(event["actor.id"], admin.id());
    assert_eq!(
        event["security.detail"],
        format!("info,sqlx=warn,async_nats=warn to {wanted}")
    );
    let user = admin.user.clone().expect("somebody");
    let body = json!({ "email": user.email, "password": PASSWORD }).to_string();
    let answer = logged.ask("POST /api/v1/auth/login", None, &body);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    logged
        .line(|line| line["level"] == "DEBUG" && line["target"] == "sqlx::query")
        .await;
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    let tokens: Value = serde_json::from_str(body).expect("JSON");
    let text = logged.text();
    for secret in [
        PASSWORD,
        tokens["data"]["access_token"].as_str().expect("a token"),
        tokens["data"]["refresh_token"].as_str().expect("a token"),
        admin.token.as_deref().expect("a token"),
        &shop.app.config.accounts.token_secret,
    ] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }

    // A reload of other settings leaves it as it is.
    let settings = logged.server.folder.0.join("Leptos.toml");
    let changed = read_to_string(&settings).expect("a file");
    let changed = changed.replace("standard_fee = 1000", "standard_fee = 900");
    std::fs::write(&settings, changed).expect("a file");
    logged.server.signal("HUP");
    logged
        .line(|line| line["settings.changed"] == "orders.standard_fee")
        .await;
    let answer = logged.ask("GET /api/v1/ops/log-filter", Some(&admin), "");
    assert!(answer.contains(wanted), "{answer}");

    assert!(logged.put(&admin, "off").starts_with("HTTP/1.1 200"));
    let body = json!({ "email": user.email, "password": "not-this-one" }).to_string();
    logged.ask("POST /api/v1/auth/login", None, &body);
    logged.event("sign_in_failed").await;
}

#[tokio::test]
async fn a_slow_statement_is_logged_without_its_values() {
    let company = Company::open().await;
    // Dispatched in a time to come, so that they are not deleted as old while the server starts.
    execute(
        company.app(),
        "INSERT INTO outbox (topic, subject, data, trace_id, at, dispatched_at)
         WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 3000)
         SELECT 'order.paid', 'order-x', '{}', '', 0, 9000000000000000 FROM numbers",
    )
    .await;
    interfere(
        company.app(),
        "BEFORE UPDATE ON users",
        "SELECT COUNT(*) FROM outbox a CROSS JOIN outbox b WHERE a.data <> b.topic",
        "PERFORM pg_sleep(0.2)",
    )
    .await;
    let logged = Logged::start(
        company.app(),
        &[("GUILDHALL_DATABASE_SLOW_QUERY_MILLISECONDS", "10")],
    )
    .await;
    let answer = logged.ask(
        "PATCH /api/v1/me",
        Some(&company.mei),
        &json!({ "name": "Mei the Slow" }).to_string(),
    );
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let slow = logged
        .line(|line| {
            let said = line["message"].as_str().unwrap_or_default();
            let text = line["db.statement"].as_str().unwrap_or_default();
            said.starts_with("slow statement") && text.contains("UPDATE users")
        })
        .await;
    assert_eq!(slow["level"], "WARN");
    assert_eq!(slow["span"]["http.path"], "/api/v1/me");
    assert!(!slow.to_string().contains("Mei the Slow"), "{slow}");
    let explained = logged
        .line(|line| {
            let text = line["db.statement"].as_str().unwrap_or_default();
            line["db.plan"].is_string() && text.contains("UPDATE users")
        })
        .await;
    let plan = explained["db.plan"].as_str().expect("lines");
    assert!(plan.contains("users"), "{plan}");
}
