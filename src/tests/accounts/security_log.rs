//! The security log: sign-ins, refusals and changes: who, from where, and never a secret.

use crate::support::{Client, PASSWORD, TestServer};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use guildhall::server::config::{LogConfig, LogFormat};
use guildhall::server::logs;
use serde_json::{Value, json};
use std::io::Write;
use std::sync::{Arc, Mutex};
use tracing::subscriber::DefaultGuard;

/// The log of this test alone, in production's format.
struct Log {
    text: Arc<Mutex<Vec<u8>>>,
    _guard: DefaultGuard,
}

struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("not poisoned").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn start() -> Self {
        let text = Arc::new(Mutex::new(Vec::new()));
        let sink = text.clone();
        let config = LogConfig {
            format: LogFormat::Json,
            ..LogConfig::default()
        };
        let lines = logs::json_lines(&config, move || Sink(sink.clone())).expect("a filter");
        Self {
            text,
            _guard: tracing::subscriber::set_default(lines),
        }
    }

    fn text(&self) -> String {
        let text = self.text.lock().expect("not poisoned");
        String::from_utf8(text.clone()).expect("text")
    }

    fn lines(&self) -> Vec<Value> {
        let read = |line: &str| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        self.text().lines().map(read).collect()
    }

    /// The security events since the last time, and what they say of person, actor and address.
    fn events(&self) -> Vec<(String, Value, Value, Value)> {
        let lines = self.lines();
        self.text.lock().expect("not poisoned").clear();
        let events = lines
            .iter()
            .filter(|line| !line["security.event"].is_null());
        events
            .map(|line| {
                let event = line["security.event"].as_str().expect("a name").to_owned();
                let of = |field: &str| line[field].clone();
                (event, of("user.id"), of("actor.id"), of("client.address"))
            })
            .collect()
    }
}

const FROM: &str = "203.0.113.7";

async fn send(client: &mut Client, method: Method, path: &str, body: Value) -> StatusCode {
    let headers = [
        ("accept", "application/json"),
        ("content-type", "application/json"),
        ("sec-fetch-site", "same-origin"),
        ("x-forwarded-for", FROM),
    ];
    let body = Body::from(body.to_string());
    client.send(method, path, &headers, body).await.status
}

async fn form(client: &mut Client, path: &str, fields: &str) -> StatusCode {
    let headers = [
        ("accept", "text/html"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("sec-fetch-site", "same-origin"),
        ("x-forwarded-for", FROM),
    ];
    let body = Body::from(fields.to_owned());
    client.send(Method::POST, path, &headers, body).await.status
}

async fn server() -> TestServer {
    TestServer::start_with(|config| {
        config.server.trusted_proxies = 1;
        config.accounts.sign_in_tries = 3;
    })
    .await
}

#[tokio::test]
async fn sign_ins_and_sign_outs_are_on_record() {
    let server = server().await;
    let user = server.person(Role::Customer).await;
    let log = Log::start();
    let one = |event: &str, user: Value, actor: Value| (event.to_owned(), user, actor, json!(FROM));
    let (id, nobody) = (json!(user.id), Value::Null);
    let mut browser = server.visitor();

    let fields = format!("email={}&password=a-wrong-guess", user.email);
    form(&mut browser, "/login", &fields).await;
    assert_eq!(
        log.events(),
        [one("sign_in_failed", id.clone(), nobody.clone())]
    );
    form(
        &mut browser,
        "/login",
        "email=n%40example.com&password=a-wrong-guess",
    )
    .await;
    assert_eq!(
        log.events(),
        [one("sign_in_failed", nobody.clone(), nobody.clone())]
    );

    let fields = format!("email={}&password={PASSWORD}", user.email);
    form(&mut browser, "/login", &fields).await;
    assert_eq!(log.events(), [one("sign_in", id.clone(), id.clone())]);
    form(&mut browser, "/account/sessions", "").await;
    assert_eq!(
        log.events(),
        [one("sessions_ended", id.clone(), id.clone())]
    );
    let mut twin = browser.clone();
    form(&mut browser, "/logout", "").await;
    assert_eq!(log.events(), [one("sign_out", id.clone(), id.clone())]);
    form(&mut twin, "/logout", "").await;
    assert_eq!(log.events(), [], "it was over");

    let credentials = json!({ "email": user.email, "password": PASSWORD });
    let mut program = server.visitor();
    let answer = program
        .send_json(Method::POST, "/api/v1/auth/login", credentials.clone())
        .await;
    let refresh = json!({ "refresh_token": answer.data()["refresh_token"] });
    let (event, _, _, address) = log.events().remove(0);
    assert_eq!((event.as_str(), &address), ("sign_in", &json!("127.0.0.1")));
    for _ in 0..2 {
        send(
            &mut program,
            Method::POST,
            "/api/v1/auth/refresh",
            refresh.clone(),
        )
        .await;
        assert_eq!(log.events(), []);
    }
    send(&mut program, Method::POST, "/api/v1/auth/refresh", refresh).await;
    assert_eq!(
        log.events(),
        [one("token_reused", id.clone(), nobody.clone())]
    );
}

#[tokio::test]
async fn refusals_are_on_record() {
    let server = server().await;
    let user = server.person(Role::Customer).await;
    let mut browser = server.sign_in(&user).await;
    let log = Log::start();
    let of_user = |event: &str| {
        (
            event.to_owned(),
            json!(user.id),
            json!(user.id),
            json!(FROM),
        )
    };

    let status = form(&mut browser, "/admin/users", "name=x").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let line = log
        .lines()
        .into_iter()
        .find(|line| line["security.event"] == "refused");
    let span = &line.expect("a refusal")["span"];
    assert_eq!(
        (&span["http.path"], &span["http.method"]),
        (&json!("/admin/users"), &json!("POST"))
    );
    assert_eq!(log.events(), [of_user("refused")]);
    let status = send(&mut browser, Method::GET, "/api/v1/users", Value::Null).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(log.events(), [of_user("refused")]);

    // A form of another site's.
    let headers = [("sec-fetch-site", "cross-site"), ("x-forwarded-for", FROM)];
    let answer = browser
        .send(
            Method::POST,
            "/account/name",
            &headers,
            Body::from("name=x"),
        )
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(log.events(), [of_user("refused")]);

    let mut guesser = server.visitor();
    for _ in 0..3 {
        form(
            &mut guesser,
            "/login",
            "email=n%40example.com&password=a-wrong-guess",
        )
        .await;
    }
    log.events();
    let status = form(
        &mut guesser,
        "/login",
        "email=n%40example.com&password=a-wrong-guess",
    )
    .await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    let throttled = (
        "throttled".to_owned(),
        Value::Null,
        Value::Null,
        json!(FROM),
    );
    assert_eq!(log.events(), [throttled]);
}

#[tokio::test]
async fn changes_of_people_are_on_record_with_who_made_them() {
    let server = server().await;
    let user = server.person(Role::Customer).await;
    let mut browser = server.sign_in(&user).await;
    let mut admin = server.program(Role::Admin).await;
    let actor = admin.id();
    let log = Log::start();
    let names = |events: Vec<(String, Value, Value, Value)>, actor: i64| {
        let mut names = Vec::new();
        for (event, user, by, address) in events {
            assert_eq!((by, address), (json!(actor), json!(FROM)), "{event}");
            names.push((event, user));
        }
        names
    };
    let of = |event: &str, user: i64| (event.to_owned(), json!(user));

    let new = format!("current_password={PASSWORD}&password=harbour-violin-88");
    form(&mut browser, "/account/password", &new).await;
    assert_eq!(
        names(log.events(), user.id),
        [of("password_changed", user.id)]
    );
    let new = "current_password=harbour-violin-88&email=moved%40example.com";
    form(&mut browser, "/account/email", new).await;
    assert_eq!(names(log.events(), user.id), [of("email_changed", user.id)]);

    let path = format!("/api/v1/users/{}", user.id);
    for (change, event) in [
        (json!({ "role": "staff" }), "role_changed"),
        (json!({ "email": "again@example.com" }), "email_changed"),
        (json!({ "active": true }), ""),
        (json!({ "name": "Mei" }), ""),
        (json!({ "active": false }), "account_disabled"),
        (json!({ "active": true }), "account_enabled"),
    ] {
        let status = send(&mut admin, Method::PATCH, &path, change.clone()).await;
        assert_eq!(status, StatusCode::OK);
        if event == "role_changed" {
            let lines = log.lines();
            let line = lines.iter().find(|line| line["security.event"] == event);
            let detail = &line.expect("a line")["security.detail"];
            assert_eq!(detail, "customer to staff");
        }
        let events = names(log.events(), actor);
        if event.is_empty() {
            assert_eq!(events, [], "{change}");
        } else {
            assert_eq!(events, [of(event, user.id)], "{change}");
        }
    }
    let other = json!({ "name": "New", "email": "new@example.com", "password": PASSWORD });
    send(&mut admin, Method::POST, "/api/v1/users", other).await;
    let events = names(log.events(), actor);
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].0, "account_created");

    // What ends with a password, or with an account.
    let mut program = server.program(Role::Customer).await;
    let second = server
        .program_of(program.user.as_ref().expect("somebody"))
        .await;
    let id = second.id();
    log.events();
    let change = json!({ "password": "harbour-violin-88", "current_password": PASSWORD });
    send(&mut program, Method::PATCH, "/api/v1/me", change).await;
    let events = names(log.events(), id);
    assert_eq!(
        events,
        [of("password_changed", id), of("tokens_revoked", id)]
    );
}

#[tokio::test]
async fn the_line_of_a_request_knows_the_person_and_the_address() {
    let server = server().await;
    let user = server.person(Role::Customer).await;
    let mut browser = server.sign_in(&user).await;
    let mut program = server.program_of(&user).await;
    let mut visitor = server.visitor();
    let log = Log::start();
    for (client, who) in [
        (&mut browser, json!(user.id)),
        (&mut program, json!(user.id)),
        (&mut visitor, Value::Null),
    ] {
        send(client, Method::GET, "/api/v1/cart", Value::Null).await;
        let lines = log.lines();
        let line = lines.last().expect("a line");
        assert_eq!(line["message"], "Request answered");
        assert_eq!(line["http.status"], 200);
        assert_eq!(
            (&line["span"]["user.id"], &line["span"]["client.address"]),
            (&who, &json!(FROM))
        );
    }
}

#[tokio::test]
async fn no_secret_and_nothing_typed_at_a_sign_in_is_in_the_log() {
    let server = server().await;
    let user = server.person(Role::Customer).await;
    let log = Log::start();
    let mut browser = server.visitor();
    // A password in the wrong field.
    let fields = "email=my-secret-phrase&password=my-other-phrase";
    form(&mut browser, "/login", fields).await;
    let fields = format!("email={}&password={PASSWORD}", user.email);
    form(&mut browser, "/login", &fields).await;
    let session = browser.cookies["session"].clone();
    let new = format!("current_password={PASSWORD}&password=harbour-violin-88");
    form(&mut browser, "/account/password", &new).await;
    let renewed = browser.cookies["session"].clone();
    let credentials = json!({ "email": user.email, "password": "harbour-violin-88" });
    let mut program = server.visitor();
    let path = "/api/v1/auth/login";
    let answer = program.send_json(Method::POST, path, credentials).await;
    let (access, refresh) = (
        &answer.data()["access_token"],
        &answer.data()["refresh_token"],
    );
    program.token = access.as_str().map(str::to_owned);
    program.api("/api/v1/me").await;
    for _ in 0..3 {
        let body = json!({ "refresh_token": refresh });
        send(
            &mut server.visitor(),
            Method::POST,
            "/api/v1/auth/refresh",
            body,
        )
        .await;
    }
    let text = log.text();
    assert!(
        text.contains("sign_in_failed") && text.contains("token_reused"),
        "{text}"
    );
    for secret in [
        "my-secret-phrase",
        "my-other-phrase",
        PASSWORD,
        "harbour-violin-88",
        &session,
        &renewed,
        access.as_str().expect("a token"),
        refresh.as_str().expect("a token"),
    ] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}
