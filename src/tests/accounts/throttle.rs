//! The throttles: guessing passwords, and making accounts by the thousand.

use crate::accounts::people::GOOD;
use crate::support::{Answer, Client, PASSWORD, TestServer};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::json;

async fn try_password(server: &TestServer, email: &str, password: &str, address: &str) -> Answer {
    let headers = [
        ("content-type", "application/json"),
        ("accept", "*/*"),
        ("x-forwarded-for", address),
    ];
    let body = json!({ "email": email, "password": password }).to_string();
    server
        .visitor()
        .send(Method::POST, "/api/v1/auth/login", &headers, body.into())
        .await
}

#[tokio::test]
async fn guessing_is_throttled_and_the_right_password_works_after_the_wait() {
    let server = TestServer::start_with(|config| config.server.trusted_proxies = 1).await;
    let user = server.person(Role::Customer).await;
    for turn in 0..10 {
        let answer = try_password(
            &server,
            &user.email,
            "a wrong guess",
            &format!("10.0.0.{turn}"),
        )
        .await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "try {turn}");
        assert_eq!(
            answer.json()["message"],
            "The e-mail address or the password is wrong."
        );
        server.app.clock.advance(1);
    }
    let answer = try_password(&server, &user.email, PASSWORD, "10.0.0.99").await;
    assert_eq!(
        answer.status,
        StatusCode::TOO_MANY_REQUESTS,
        "even the right one waits"
    );
    let wait: i64 = answer.header("retry-after").parse().expect("seconds");
    assert!((1..=600).contains(&wait), "{wait}");
    server.app.clock.advance(wait);
    let answer = try_password(&server, &user.email, PASSWORD, "10.0.0.99").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

#[tokio::test]
async fn an_address_that_guesses_at_many_accounts_is_throttled() {
    let server = TestServer::start_with(|config| config.server.trusted_proxies = 1).await;
    for turn in 0..10 {
        let answer = try_password(
            &server,
            &format!("nobody{turn}@example.com"),
            "a guess",
            "10.0.0.1",
        )
        .await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    let user = server.person(Role::Customer).await;
    let blocked = try_password(&server, &user.email, PASSWORD, "10.0.0.1").await;
    assert_eq!(blocked.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        try_password(&server, &user.email, PASSWORD, "10.0.0.2")
            .await
            .status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn an_address_makes_only_so_many_accounts_an_hour() {
    let server = TestServer::start_with(|config| {
        config.server.trusted_proxies = 1;
        config.accounts.registrations_per_hour = 2;
    })
    .await;
    let register = async |name: &str, address: &str, router: axum::Router| {
        let email = format!("{name}@example.com");
        let body = json!({ "name": name, "email": email, "password": PASSWORD });
        let headers = [
            ("accept", "application/json"),
            ("content-type", "application/json"),
            ("x-forwarded-for", address),
        ];
        Client::new(router)
            .send(
                Method::POST,
                "/api/v1/auth/register",
                &headers,
                body.to_string().into(),
            )
            .await
    };
    let router = || guildhall::server::router(server.app.clone());
    let first = register("Ann", "10.0.0.1", router()).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    server.app.clock.advance(60);
    let again = register("Ann", "10.0.0.1", router()).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);

    // Both tries count, what was answered to the second as well, and a restart forgets neither.
    let full = register("Ben", "10.0.0.1", router()).await;
    assert_eq!(full.status, StatusCode::TOO_MANY_REQUESTS, "{}", full.body);
    let wait: i64 = full.header("retry-after").parse().expect("seconds");
    assert!((1..=3_540).contains(&wait), "{wait}");
    let elsewhere = register("Cat", "10.0.0.2", router()).await;
    assert_eq!(elsewhere.status, StatusCode::CREATED);

    server.app.clock.advance(wait);
    let later = register("Ben", "10.0.0.1", router()).await;
    assert_eq!(later.status, StatusCode::CREATED, "{}", later.body);
}

#[tokio::test]
async fn the_page_says_how_long_to_wait_and_keeps_what_was_typed() {
    let server = TestServer::start_with(|config| config.accounts.registrations_per_hour = 1).await;
    server.visitor().post("/register", &GOOD).await;
    let other = [
        ("name", "Ben Two"),
        ("email", "ben@example.com"),
        ("password", PASSWORD),
    ];
    let answer = server.visitor().post("/register", &other).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(!answer.header("retry-after").is_empty());
    assert!(answer.body.contains("Wait 60 minutes"), "{}", answer.body);
    assert!(answer.body.contains("value=\"ben@example.com\""));
    // Staff who make accounts for others are not held up.
    server.person(Role::Customer).await;
}

#[tokio::test]
async fn a_faulty_registration_does_not_count() {
    let server = TestServer::start_with(|config| config.accounts.registrations_per_hour = 1).await;
    for _ in 0..3 {
        let answer = server
            .visitor()
            .post(
                "/register",
                &[("name", ""), ("email", "x"), ("password", "y")],
            )
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let answer = server.visitor().post("/register", &GOOD).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

#[tokio::test]
async fn a_strangers_guesses_do_not_lock_the_owner_out() {
    let server = TestServer::start_with(|config| config.server.trusted_proxies = 1).await;
    let user = server.person(Role::Customer).await;
    assert_eq!(
        try_password(&server, &user.email, PASSWORD, "192.0.2.7")
            .await
            .status,
        StatusCode::OK
    );
    for turn in 0..30 {
        try_password(
            &server,
            &user.email,
            "a wrong guess",
            &format!("10.0.0.{turn}"),
        )
        .await;
    }
    assert_eq!(
        try_password(&server, &user.email, PASSWORD, "10.0.0.77")
            .await
            .status,
        StatusCode::TOO_MANY_REQUESTS
    );
    assert_eq!(
        try_password(&server, &user.email, PASSWORD, "192.0.2.7")
            .await
            .status,
        StatusCode::OK,
        "from where the owner is known"
    );
}

#[tokio::test]
async fn registering_makes_the_address_a_known_place() {
    let server = TestServer::start_with(|config| config.server.trusted_proxies = 1).await;
    let here = [
        ("content-type", "application/json"),
        ("accept", "*/*"),
        ("x-forwarded-for", "192.0.2.7"),
    ];
    let email = "new@example.com";
    let body = json!({ "name": "New", "email": email, "password": PASSWORD }).to_string();
    let path = "/api/v1/auth/register";
    let made = server
        .visitor()
        .send(Method::POST, path, &here, body.into())
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    for turn in 0..10 {
        let address = format!("10.0.0.{turn}");
        try_password(&server, email, "a wrong guess", &address).await;
    }
    let status = async |address| try_password(&server, email, PASSWORD, address).await.status;
    assert_eq!(status("10.0.0.77").await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(status("192.0.2.7").await, StatusCode::OK);
}

#[tokio::test]
async fn guesses_made_at_once_are_all_counted() {
    let server = TestServer::start_with(|config| config.server.trusted_proxies = 1).await;
    let user = server.person(Role::Customer).await;
    let addresses: Vec<String> = (0..30).map(|turn| format!("10.0.0.{turn}")).collect();
    let guesses = addresses
        .iter()
        .map(|address| try_password(&server, &user.email, "a wrong guess", address));
    let answers = futures_util::future::join_all(guesses).await;
    let count = |status| answers.iter().filter(|it| it.status == status).count();
    assert_eq!(count(StatusCode::UNAUTHORIZED), 10);
    assert_eq!(count(StatusCode::TOO_MANY_REQUESTS), 20);
}

#[tokio::test]
async fn nobody_guesses_the_password_at_somebody_elses_open_session() {
    let server = TestServer::start().await;
    let mut mei = server.signed_in(Role::Customer).await;
    mei.referer = Some("/account".to_owned());
    let try_change = async |mei: &mut Client, current: &str| {
        let fields = [
            ("current_password", current),
            ("password", "violet-anchor-tide"),
        ];
        mei.post("/account/password", &fields).await.status
    };
    for _ in 0..10 {
        let status = try_change(&mut mei, "a wrong guess").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let status = try_change(&mut mei, PASSWORD).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    server.app.clock.advance(601);
    assert_eq!(try_change(&mut mei, PASSWORD).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_port_or_another_way_to_write_it_makes_no_other_address() {
    let server = TestServer::start_with(|config| config.server.trusted_proxies = 1).await;
    for turn in 0..10 {
        let address = match turn % 3 {
            0 => format!("203.0.113.7:{}", 51_000 + turn),
            1 => "\"203.0.113.7\"".to_owned(),
            _ => "::ffff:203.0.113.7".to_owned(),
        };
        let email = format!("nobody{turn}@example.com");
        let answer = try_password(&server, &email, "a guess", &address).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{address}");
    }
    let user = server.person(Role::Customer).await;
    let status = async |address: &str| {
        let answer = try_password(&server, &user.email, PASSWORD, address).await;
        answer.status
    };
    assert_eq!(status("203.0.113.7").await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(status("203.0.113.8:51111").await, StatusCode::OK);
    assert_eq!(status("unknown").await, StatusCode::OK, "the proxy itself");
}

#[tokio::test]
async fn a_new_address_of_the_same_network_is_no_new_place() {
    let server = TestServer::start_with(|config| config.server.trusted_proxies = 1).await;
    let mut tries = 0;
    let mut guess = async |address: String| {
        tries += 1;
        let email = format!("nobody{tries}@example.com");
        try_password(&server, &email, "a guess", &address)
            .await
            .status
    };
    for turn in 0..10 {
        let status = guess(format!("2001:db8:1:1::{turn:x}")).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{turn}");
    }
    let full = guess("[2001:db8:1:1:ffff::1]:9".to_owned()).await;
    assert_eq!(full, StatusCode::TOO_MANY_REQUESTS);

    // Ten times as many from the network around it, which has 65,536 such networks.
    for turn in 10..100 {
        let status = guess(format!("2001:db8:1:{turn:x}::1")).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{turn}");
    }
    let full = guess("2001:db8:1:ffff::1".to_owned()).await;
    assert_eq!(full, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        guess("2001:db8:2::1".to_owned()).await,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn accounts_are_counted_by_network_as_well() {
    let server = TestServer::start_with(|config| {
        config.server.trusted_proxies = 1;
        config.accounts.registrations_per_hour = 1;
    })
    .await;
    let mut made = 0;
    let mut register = async |address: String| {
        made += 1;
        let body = json!({
            "name": "Ann", "email": format!("ann{made}@example.com"), "password": PASSWORD,
        });
        let headers = [
            ("accept", "application/json"),
            ("content-type", "application/json"),
            ("x-forwarded-for", &*address),
        ];
        let body = body.to_string().into();
        let path = "/api/v1/auth/register";
        let answer = server
            .visitor()
            .send(Method::POST, path, &headers, body)
            .await;
        answer.status
    };
    assert_eq!(register("2001:db8:1::1".into()).await, StatusCode::CREATED);
    assert_eq!(
        register("2001:db8:1::2".into()).await,
        StatusCode::TOO_MANY_REQUESTS
    );
    for turn in 1..10 {
        let status = register(format!("2001:db8:1:{turn}::1")).await;
        assert_eq!(status, StatusCode::CREATED, "{turn}");
    }
    let full = register("2001:db8:1:99::1".into()).await;
    assert_eq!(full, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(register("2001:db8:2::1".into()).await, StatusCode::CREATED);
}
