//! The middleware that every request goes through.

use crate::support::eventually::{eventually, in_time};
use crate::support::{TestServer, execute, on_postgres};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use guildhall::server::config::DatabaseConfig;
use guildhall::server::db::StatementLimit;
use guildhall::server::{Db, migrations};
use serde_json::json;

#[tokio::test]
async fn an_unknown_address_is_a_page_for_people_and_json_for_programs() {
    let server = TestServer::start().await;
    let page = server.visitor().get("/nowhere").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(
        page.body.contains("site-header"),
        "with the frame around it"
    );
    for (path, accept) in [
        ("/nowhere", "*/*"),
        ("/api/nowhere", "text/html"),
        ("/api/v1/nowhere", "application/json"),
    ] {
        let answer = server
            .visitor()
            .send(Method::GET, path, &[("accept", accept)], Body::empty())
            .await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.code(), 1404);
        assert_eq!(
            answer.json()["trace_id"],
            answer.header("x-request-id"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_unknown_method_is_405() {
    let server = TestServer::start().await;
    for (method, path) in [
        ("DELETE", "/api/v1/auth/login"),
        ("BREW", "/livez"),
        ("PUT", "/login"),
    ] {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let answer = server
            .visitor()
            .send(method, path, &[("accept", "*/*")], Body::empty())
            .await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
}

#[tokio::test]
async fn a_body_too_large_is_413_whatever_it_holds() {
    let server = TestServer::start().await;
    let body = json!({ "email": "x".repeat(2 << 20), "password": "y" });
    let answer = server
        .visitor()
        .send_json(Method::POST, "/api/v1/auth/login", body)
        .await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.code(), 1413);
    let much = "x".repeat(2 << 20);
    for path in ["/login", "/fn/suggest_products"] {
        let answer = server.visitor().post(path, &[("email", &much)]).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
    }
}

#[tokio::test]
async fn bad_json_says_what_is_wrong_with_it() {
    let server = TestServer::start().await;
    let headers = [("content-type", "application/json"), ("accept", "*/*")];
    let send = async |body: &'static str| {
        server
            .visitor()
            .send(
                Method::POST,
                "/api/v1/auth/login",
                &headers,
                Body::from(body),
            )
            .await
    };
    let broken = send("{\"email\": ").await;
    assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(broken.body.contains("EOF"), "{}", broken.body);
    let missing = send("{\"email\": \"a@example.com\"}").await;
    assert!(missing.body.contains("password"), "{}", missing.body);
    let plain = server
        .visitor()
        .send(Method::POST, "/api/v1/auth/login", &[], Body::from("{}"))
        .await;
    assert_eq!(plain.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn another_sites_form_is_not_carried_out() {
    let server = TestServer::start().await;
    let mut client = server.signed_in(Role::Customer).await;
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("sec-fetch-site", "cross-site"),
    ];
    let answer = client
        .send(
            Method::POST,
            "/account/name",
            &headers,
            Body::from("name=Stolen"),
        )
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(!client.page("/account").await.contains("Stolen"));
}

#[tokio::test]
async fn pages_may_run_only_their_own_scripts() {
    let server = TestServer::start().await;
    let mut visitor = server.visitor();
    let first = visitor.get("/login").await;
    let policy = first.header("content-security-policy").to_owned();
    let nonce = policy
        .split("'nonce-")
        .nth(1)
        .and_then(|rest| rest.split('\'').next())
        .expect("a nonce");
    assert!(first.body.contains(&format!("nonce=\"{nonce}\"")));
    assert!(!policy.contains("unsafe-inline") && policy.contains("frame-ancestors 'none'"));
    assert!(
        !first.body.contains(" style=\""),
        "no inline style attributes"
    );
    assert_ne!(
        policy,
        visitor
            .get("/login")
            .await
            .header("content-security-policy"),
        "new every time"
    );
    assert_eq!(first.header("x-content-type-options"), "nosniff");
    assert!(
        !first.headers.contains_key("strict-transport-security"),
        "not over plain http"
    );
}

#[tokio::test]
async fn a_callers_trace_goes_on() {
    let server = TestServer::start().await;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let parent = format!("00-{trace}-00f067aa0ba902b7-01");
    let answer = server
        .visitor()
        .send(
            Method::GET,
            "/livez",
            &[("traceparent", &parent)],
            Body::empty(),
        )
        .await;
    assert_eq!(answer.header("x-request-id"), trace);
    assert!(
        answer
            .header("traceparent")
            .starts_with(&format!("00-{trace}-"))
    );
}

#[tokio::test]
async fn health_tells_whether_the_database_is_there_and_recovers() {
    let server = TestServer::start().await;
    let mut probe = server.visitor();
    assert_eq!(
        probe.api("/api/health").await.json(),
        json!({ "status": "ok", "database": "connected" })
    );
    execute(&server.app, "ALTER TABLE users RENAME TO gone").await;
    let away = probe.api("/api/health").await;
    assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        away.json(),
        json!({ "status": "degraded", "database": "disconnected" })
    );
    assert_eq!(
        probe.api("/readyz").await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert_eq!(
        probe.api("/livez").await.status,
        StatusCode::OK,
        "alive all the same"
    );
    execute(&server.app, "ALTER TABLE gone RENAME TO users").await;
    assert_eq!(probe.api("/api/health").await.status, StatusCode::OK);
    server.app.start_draining();
    assert_eq!(
        probe.api("/readyz").await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
}

#[tokio::test]
async fn the_deadline_reaches_the_database() {
    let server = TestServer::start_with(|config| config.server.request_timeout_seconds = 1).await;
    // Somebody else keeps the one thing that a sign-in must write to.
    let mut holder = server.app.db.write().await.expect("a transaction");
    if on_postgres() {
        let guildhall::server::Conn::Postgres(conn) = &mut *holder else {
            unreachable!()
        };
        sqlx::query("LOCK TABLE sign_in_attempts")
            .execute(&mut **conn)
            .await
            .expect("locks");
    }
    let body = json!({ "email": "a@example.com", "password": "whatever it is" });
    let mut visitor = server.visitor();
    let mut sign_in = async || {
        visitor
            .send_json(Method::POST, "/api/v1/auth/login", body.clone())
            .await
    };
    let answer = in_time(sign_in()).await;
    assert_eq!(
        answer.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "{}",
        answer.body
    );
    assert!(answer.headers.contains_key("retry-after"));
    drop(holder);
    // A slow machine may need more than its second again.
    eventually(async || {
        let answer = sign_in().await;
        match answer.status {
            StatusCode::UNAUTHORIZED => Ok(()),
            StatusCode::SERVICE_UNAVAILABLE => Err(answer.body),
            _ => panic!("{}: {}", answer.status, answer.body),
        }
    })
    .await;
}

#[tokio::test]
async fn built_files_are_kept_and_answered_in_parts() {
    let server = TestServer::start().await;
    let folder = server.site_root().join("pkg");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("a.css"), "body{color:red}").expect("a file");
    std::fs::write(folder.join("a.css.br"), "compressed").expect("a file");
    let mut browser = server.visitor();
    let whole = browser.api("/pkg/a.css").await;
    assert_eq!(
        (whole.status, whole.body.as_str()),
        (StatusCode::OK, "body{color:red}")
    );
    let modified = whole.header("last-modified").to_owned();
    let ask = async |headers: &[(&str, &str)]| {
        server
            .visitor()
            .send(Method::GET, "/pkg/a.css", headers, Body::empty())
            .await
    };
    assert_eq!(
        ask(&[("if-modified-since", &modified)]).await.status,
        StatusCode::NOT_MODIFIED
    );
    let part = ask(&[("range", "bytes=0-3")]).await;
    assert_eq!(
        (part.status, part.body.as_str()),
        (StatusCode::PARTIAL_CONTENT, "body")
    );
    let small = ask(&[("accept-encoding", "br")]).await;
    assert_eq!(
        (small.header("content-encoding"), small.body.as_str()),
        ("br", "compressed")
    );
    assert_eq!(
        browser.api("/pkg/b.css").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        browser.api("/pkg/../Cargo.toml").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn the_theme_is_remembered_without_script() {
    let server = TestServer::start().await;
    let mut visitor = server.visitor();
    assert!(visitor.page("/login").await.contains("data-theme=\"auto\""));
    let answer = visitor
        .post("/theme", &[("theme", "dark"), ("next", "/login")])
        .await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/login")
    );
    assert!(visitor.page("/login").await.contains("data-theme=\"dark\""));
    let answer = visitor
        .post(
            "/theme",
            &[("theme", "light"), ("next", "https://example.com")],
        )
        .await;
    assert_eq!(answer.header("location"), "/", "never to another site");
    assert_eq!(
        visitor.post("/theme", &[("theme", "pink")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn single_keys_can_be_switched_off_without_script() {
    let server = TestServer::start().await;
    let mut visitor = server.visitor();
    let on = "data-single-keys=\"on\"";
    assert!(visitor.page("/login").await.contains(on));
    let off = [("single_keys", "off"), ("next", "/login")];
    let answer = visitor.post("/shortcuts", &off).await;
    assert_eq!(answer.header("location"), "/login");
    let page = visitor.page("/login").await;
    assert!(page.contains("data-single-keys=\"off\"") && page.contains("Switch single keys on"));
    visitor.post("/shortcuts", &[("single_keys", "on")]).await;
    assert!(visitor.page("/login").await.contains(on));
    let odd = visitor.post("/shortcuts", &[("single_keys", "pink")]).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_specimens_are_for_developers_only() {
    let server = TestServer::start().await;
    assert_eq!(server.visitor().get("/ui").await.status, StatusCode::OK);
    let production = |config: &mut guildhall::server::config::Config| {
        config.server.environment = guildhall::server::config::Environment::Production;
    };
    let server = TestServer::start_with(production).await;
    assert_eq!(
        server.visitor().get("/ui").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn every_migration_can_be_rolled_back() {
    let server = TestServer::start().await;
    let config = server.app.config.database.clone();
    let db = Db::open(&config, StatementLimit::None).expect("opens");
    let applied = async || {
        let steps = migrations::status(&db).await.expect("a status");
        steps.iter().filter(|step| step.applied).count()
    };
    let all = applied().await;
    assert!(all > 0);
    migrations::down(&db, &config, 0)
        .await
        .expect("all the way down");
    assert_eq!(applied().await, 0);
    migrations::up(&db, &config).await.expect("and up again");
    assert_eq!(applied().await, all);
}

#[tokio::test]
async fn servers_that_start_together_migrate_once() {
    let server = TestServer::start().await;
    let config: DatabaseConfig = server.app.config.database.clone();
    let open = || Db::open(&config, StatementLimit::None).expect("opens");
    migrations::down(&open(), &config, 0).await.expect("down");
    let (first, second) = (open(), open());
    let both = tokio::join!(
        migrations::up(&first, &config),
        migrations::up(&second, &config)
    );
    assert!(both.0.is_ok() && both.1.is_ok(), "{both:?}");
}
