//! The end of a session: by a new password, by signing out the others, and by itself; and the throttle,
//! which outlives the server.

use crate::support::{Client, PASSWORD, TestServer, another, cookie_of, number};
use axum::http::{Method, StatusCode};
use guildhall::accounts::{Role, User};
use guildhall::server::db::StatementLimit;
use guildhall::server::{App, Db, migrations, router};
use serde_json::{Value, json};

const NEW_PASSWORD: &str = "harbour-violin-88";
/// In seconds.
const DAY: i64 = 86_400;

/// A program with both its tokens.
struct Program {
    client: Client,
    refresh: Value,
    /// The last answer about its access token.
    expires_in: i64,
}

impl Program {
    async fn of(server: &TestServer, user: &User) -> Self {
        let mut client = server.visitor();
        let body = json!({ "email": user.email, "password": PASSWORD });
        let answer = client
            .send_json(Method::POST, "/api/v1/auth/login", body)
            .await;
        client.cookies.clear();
        client.token = answer.data()["access_token"].as_str().map(str::to_owned);
        Self {
            client,
            refresh: answer.data()["refresh_token"].clone(),
            expires_in: 900,
        }
    }

    /// Exchanges its refresh token, and takes the new ones.
    async fn refreshed(&mut self) -> StatusCode {
        let mut anyone = self.client.clone();
        anyone.token = None;
        let body = json!({ "refresh_token": self.refresh });
        let path = "/api/v1/auth/refresh";
        let answer = anyone.send_json(Method::POST, path, body).await;
        if answer.status == StatusCode::OK {
            let data = answer.data();
            self.client.token = data["access_token"].as_str().map(str::to_owned);
            self.refresh = data["refresh_token"].clone();
            self.expires_in = data["expires_in"].as_i64().expect("seconds");
        }
        answer.status
    }

    /// True for its access token and for its refresh token if they still work. The refresh token is used up.
    async fn lives(&mut self) -> [bool; 2] {
        let access = self.client.api("/api/v1/me").await.status;
        let mut anyone = self.client.clone();
        anyone.token = None;
        let body = json!({ "refresh_token": self.refresh });
        let refresh = anyone
            .send_json(Method::POST, "/api/v1/auth/refresh", body)
            .await
            .status;
        [access, refresh].map(|status| match status {
            StatusCode::OK => true,
            StatusCode::UNAUTHORIZED => false,
            other => panic!("{other}"),
        })
    }
}

pub async fn is_signed_in(browser: &mut Client) -> bool {
    match browser.get("/account").await.status {
        StatusCode::OK => true,
        StatusCode::SEE_OTHER => false,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_new_password_ends_tokens_and_other_sessions_and_renews_this_one() {
    let server = TestServer::start().await;
    let user = server.person(Role::Customer).await;
    let other = server.person(Role::Customer).await;
    let mut browser = server.sign_in(&user).await;
    let mut elsewhere = server.sign_in(&user).await;
    let mut programs = [
        Program::of(&server, &user).await,
        Program::of(&server, &user).await,
    ];
    let mut others = Program::of(&server, &other).await;

    // A wrong present password ends nothing.
    let mut before = browser.clone();
    let fields = |current| [("current_password", current), ("password", NEW_PASSWORD)];
    let wrong = browser.post("/account/password", &fields("not mine")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(is_signed_in(&mut before).await && is_signed_in(&mut elsewhere).await);
    let me = programs[0].client.api("/api/v1/me").await;
    assert_eq!(me.status, StatusCode::OK);

    let right = browser.post("/account/password", &fields(PASSWORD)).await;
    assert_eq!(right.status, StatusCode::SEE_OTHER, "{}", right.body);
    assert_ne!(browser.cookies["session"], before.cookies["session"]);
    assert!(is_signed_in(&mut browser).await, "with its new id");
    assert!(!is_signed_in(&mut before).await, "the old id opens nothing");
    assert!(!is_signed_in(&mut elsewhere).await);
    for program in &mut programs {
        assert_eq!(program.lives().await, [false, false]);
    }
    assert_eq!(others.lives().await, [true, true], "another person's");
}

#[tokio::test]
async fn a_new_password_through_the_api_ends_everything_there_was() {
    let server = TestServer::start().await;
    let user = server.person(Role::Staff).await;
    let mut browser = server.sign_in(&user).await;
    let mut other = Program::of(&server, &user).await;
    let mut program = Program::of(&server, &user).await;
    let change = json!({ "password": NEW_PASSWORD, "current_password": PASSWORD });
    let answer = program
        .client
        .send_json(Method::PATCH, "/api/v1/me", change)
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(program.lives().await, [false, false]);
    assert_eq!(other.lives().await, [false, false]);
    assert!(!is_signed_in(&mut browser).await);
    for (password, status) in [
        (PASSWORD, StatusCode::UNAUTHORIZED),
        (NEW_PASSWORD, StatusCode::OK),
    ] {
        let body = json!({ "email": user.email, "password": password });
        let answer = server
            .visitor()
            .send_json(Method::POST, "/api/v1/auth/login", body)
            .await;
        assert_eq!(answer.status, status);
    }
}

#[tokio::test]
async fn signing_out_the_others_ends_their_tokens_as_well() {
    let server = TestServer::start().await;
    let user = server.person(Role::Customer).await;
    let other = server.person(Role::Customer).await;
    let mut here = server.sign_in(&user).await;
    let mut there = server.sign_in(&user).await;
    let mut program = Program::of(&server, &user).await;
    let mut others_browser = server.sign_in(&other).await;
    let mut others = Program::of(&server, &other).await;

    // One session by its number is that one alone.
    let page = here.page("/account").await;
    let id = page.split("name=\"id\" value=\"").nth(1).expect("an id");
    let id = id.split('"').next().expect("an id").to_owned();
    here.post("/account/sessions", &[("id", &id)]).await;
    assert!(!is_signed_in(&mut there).await);
    let me = program.client.api("/api/v1/me").await;
    assert_eq!(me.status, StatusCode::OK, "tokens go on");

    let mut there = server.sign_in(&user).await;
    let answer = here.post("/account/sessions", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(is_signed_in(&mut here).await);
    assert!(!is_signed_in(&mut there).await);
    assert_eq!(program.lives().await, [false, false]);
    assert!(is_signed_in(&mut others_browser).await);
    assert_eq!(others.lives().await, [true, true], "another person's");
}

#[tokio::test]
async fn a_session_ends_after_so_many_days_without_a_visit() {
    for days in [1, 14] {
        let server = TestServer::start_with(|config| config.accounts.session_days = days).await;
        let user = server.person(Role::Customer).await;
        let mut browser = server.sign_in(&user).await;
        let whole = i64::from(days) * DAY;
        // A visit on the last moment counts from there again.
        for left in [1, 60] {
            server.app.clock.advance(whole - left);
            assert!(is_signed_in(&mut browser).await, "{days}: {left} s to go");
        }
        server.app.clock.advance(whole);
        assert!(!is_signed_in(&mut browser).await, "{days}: over");
    }
}

#[tokio::test]
async fn a_sign_in_ends_however_much_it_is_used() {
    let server = TestServer::start_with(|config| config.accounts.sign_in_max_days = 5).await;
    let user = server.person(Role::Customer).await;
    let mut browser = server.visitor();
    let fields = [("email", &*user.email), ("password", PASSWORD)];
    let answer = browser.post("/login", &fields).await;
    let cookie = cookie_of(&answer, "session").expect("a cookie");
    assert!(cookie.contains("Max-Age=432000"), "{cookie}");
    let mut program = Program::of(&server, &user).await;
    for _ in 0..4 {
        server.app.clock.advance(DAY);
        assert!(is_signed_in(&mut browser).await);
        assert_eq!(program.refreshed().await, StatusCode::OK);
    }
    server.app.clock.advance(DAY - 60);
    assert!(is_signed_in(&mut browser).await);
    assert_eq!(program.refreshed().await, StatusCode::OK);
    assert_eq!(program.expires_in, 60, "no longer than its sign-in");
    server.app.clock.advance(60);
    assert!(!is_signed_in(&mut browser).await);
    let me = program.client.api("/api/v1/me").await;
    assert_eq!(me.status, StatusCode::UNAUTHORIZED);
    assert_eq!(program.refreshed().await, StatusCode::UNAUTHORIZED);

    // It is over for whoever cleans up as well.
    guildhall::accounts::delete_expired(&server.app)
        .await
        .expect("cleans up");
    assert_eq!(
        number(&server.app, "SELECT COUNT(*) FROM sessions").await,
        0
    );
}

#[tokio::test]
async fn sessions_survive_a_migration_down_and_up() {
    let server = TestServer::start().await;
    let mut browser = server.signed_in(Role::Staff).await;
    let id = browser.cookies["session"].clone();
    let app = &server.app;
    let config = &app.config.database;
    let db = Db::open(config, StatementLimit::None).expect("opens");
    migrations::down(&db, config, 12).await.expect("goes back");
    migrations::up(&db, config).await.expect("comes forth");
    db.close().await;
    let again = another(app);
    let mut same = Client::new(router(again.clone()));
    same.cookies = browser.cookies.clone();
    same.page("/account").await;
    assert_eq!(
        same.cookies["session"], id,
        "the role it was made for is known"
    );
    again.db.close().await;
    assert!(is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn the_throttle_survives_a_restart() {
    let server = TestServer::start().await;
    let user = server.person(Role::Customer).await;
    let attempt = async |app: &App, password: &str| {
        let body = json!({ "email": user.email, "password": password });
        Client::new(router(app.clone()))
            .send_json(Method::POST, "/api/v1/auth/login", body)
            .await
    };
    // Half of the tries before, half of them after.
    for _ in 0..5 {
        let answer = attempt(&server.app, "a wrong guess").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    let second = another(&server.app);
    for _ in 0..5 {
        let answer = attempt(&second, "a wrong guess").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    let third = another(&server.app);
    let mut wait = 0;
    for app in [&server.app, &second, &third] {
        let answer = attempt(app, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        wait = answer.header("retry-after").parse().expect("seconds");
        assert!((1..=600).contains(&wait), "{wait}");
    }
    server.app.clock.advance(wait);
    assert_eq!(attempt(&third, PASSWORD).await.status, StatusCode::OK);
    for app in [second, third] {
        app.db.close().await;
    }
}
