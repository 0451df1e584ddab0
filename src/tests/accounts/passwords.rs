//! New passwords: refused before work is done on them, the same on every keyboard; and that a change ends
//! what it says, on every server.

use crate::support::{Answer, Client, PASSWORD, TestServer, another, execute, number};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use guildhall::server::{MOMENT, router};
use serde_json::{Value, json};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use tokio::task::yield_now;
use tokio::time::sleep;

/// As a phone types it, as a Mac does, and with full-width digits.
const COMPOSED: &str = "caf\u{e9}-violin-tide-61";
const APART: &str = "cafe\u{301}-violin-tide-61";
const WIDE: &str = "caf\u{e9}-violin-tide-\u{ff16}\u{ff11}";

async fn register(client: &mut Client, name: &str, email: &str, password: &str) -> Answer {
    let body = json!({ "name": name, "email": email, "password": password });
    let path = "/api/v1/auth/register";
    client.send_json(Method::POST, path, body).await
}

async fn login(server: &TestServer, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    let path = "/api/v1/auth/login";
    server.visitor().send_json(Method::POST, path, body).await
}

fn fault(answer: &Answer, field: &str) -> String {
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        answer.body
    );
    answer.json()["errors"][field]
        .as_str()
        .unwrap_or_else(|| panic!("{field}: {}", answer.body))
        .to_owned()
}

/// Does `request` until somebody waits for a turn at passwords. It must not be answered before.
async fn until_it_waits(server: &TestServer, request: &mut (impl Future<Output = Answer> + Unpin)) {
    let waits = async {
        while server.app.hasher.waiting() == 0 {
            yield_now().await;
        }
    };
    tokio::select! {
        biased;
        answer = request => panic!("answered without a turn: {}", answer.body),
        () = waits => {},
    }
}

#[tokio::test]
async fn a_password_too_long_is_refused_before_any_work() {
    let server = TestServer::start_with(|config| {
        config.accounts.hashes_at_once = 1;
        config.server.request_timeout_seconds = 3_600;
    })
    .await;
    let user = server.person(Role::Customer).await;
    let mut browser = server.sign_in(&user).await;
    let mut program = server.program_of(&user).await;
    let mut admin = server.program(Role::Admin).await;
    // With the only turn taken, whatever is answered was answered without an estimate or a hash.
    let turn = server.app.hasher.turn().await.expect("a turn");
    let huge = "x y z ".repeat(150_000);
    let (good, email) = ("violet-anchor-tide-61", "mei@example.com");
    let mut visitor = server.visitor();
    let answer = register(&mut visitor, &huge, email, good).await;
    assert!(fault(&answer, "name").contains("at most 80"));
    let answer = register(&mut visitor, "Mei", &format!("{huge}@example.com"), good).await;
    fault(&answer, "email");
    let answer = register(&mut visitor, "Mei", email, &huge).await;
    assert!(fault(&answer, "password").contains("at most 128"));
    let answer = register(&mut visitor, "Mei", email, "PassWord123").await;
    assert!(fault(&answer, "password").contains("used most"));

    let made = json!({ "name": huge, "email": email, "password": good });
    let answer = admin.send_json(Method::POST, "/api/v1/users", made).await;
    fault(&answer, "name");
    for password in [huge.as_str(), "qwertyuiop", "short"] {
        let change = json!({ "password": password, "current_password": PASSWORD });
        let answer = program.send_json(Method::PATCH, "/api/v1/me", change).await;
        fault(&answer, "password");
        let fields = [("current_password", PASSWORD), ("password", password)];
        let answer = browser.post("/account/password", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    drop(turn);
}

#[tokio::test]
async fn an_estimate_is_made_in_turn_and_after_the_throttle() {
    let server = TestServer::start_with(|config| {
        config.accounts.hashes_at_once = 1;
        config.accounts.registrations_per_hour = 2;
        config.server.request_timeout_seconds = 3_600;
    })
    .await;
    // Of a length that can be worked with, in no list, and weak all the same.
    let weak = "mei.lin@example.com";
    let turn = server.app.hasher.turn().await.expect("a turn");
    let mut visitor = server.visitor();
    let mut request = pin!(register(
        &mut visitor,
        "Mei Lin",
        "mei.lin@example.com",
        weak
    ));
    until_it_waits(&server, &mut request).await;
    assert_eq!(
        number(&server.app, "SELECT COUNT(*) FROM registrations").await,
        1
    );
    drop(turn);
    let answer = request.await;
    assert!(!fault(&answer, "password").is_empty());

    // The estimates count, so that nobody has them made without bound; the third is not even begun.
    let mut visitor = server.visitor();
    let answer = register(&mut visitor, "Mei Lin", "mei.lin@example.com", weak).await;
    fault(&answer, "password");
    let _turn = server.app.hasher.turn().await.expect("a turn");
    let answer = register(&mut visitor, "Mei Lin", "mei.lin@example.com", weak).await;
    assert_eq!(
        answer.status,
        StatusCode::TOO_MANY_REQUESTS,
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn a_new_password_waits_for_its_turn_wherever_it_is_set() {
    let server = TestServer::start_with(|config| {
        config.accounts.hashes_at_once = 1;
        config.server.request_timeout_seconds = 3_600;
    })
    .await;
    let user = server.person(Role::Customer).await;
    let mut program = server.program_of(&user).await;
    let mut admin = server.program(Role::Admin).await;
    let weak = "mnopqrstuvwxyz";
    let turn = server.app.hasher.turn().await.expect("a turn");
    let made = json!({ "name": "Customer1", "email": "c@example.com", "password": weak });
    let mut request = pin!(admin.send_json(Method::POST, "/api/v1/users", made));
    until_it_waits(&server, &mut request).await;
    drop(turn);
    fault(&request.await, "password");

    // The present password is asked for first.
    let change = json!({ "password": weak, "current_password": "a wrong guess" });
    let answer = program.send_json(Method::PATCH, "/api/v1/me", change).await;
    fault(&answer, "current_password");
    let change = json!({ "password": weak, "current_password": PASSWORD });
    let answer = program.send_json(Method::PATCH, "/api/v1/me", change).await;
    fault(&answer, "password");
}

#[tokio::test]
async fn a_password_is_the_same_on_every_keyboard() {
    let server = TestServer::start().await;
    let email = "mei@example.com";
    let answer = register(&mut server.visitor(), "Mei", email, APART).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    for typed in [COMPOSED, APART, WIDE] {
        assert_eq!(
            login(&server, email, typed).await.status,
            StatusCode::OK,
            "{typed}"
        );
    }
    let other = COMPOSED.replace('\u{e9}', "e");
    assert_eq!(
        login(&server, email, &other).await.status,
        StatusCode::UNAUTHORIZED
    );
}

/// `cafe\u{301}-violin-tide-61`, hashed as it was typed.
const OLD_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$AaE317gTQBgakHWGP/FuQA$FQN7Wl544KVFmLsJDPhAvai50umpu1UICgQv2lzU7iA";

#[tokio::test]
async fn a_hash_of_an_earlier_version_still_opens_and_is_renewed() {
    let server = TestServer::start().await;
    let user = server.person(Role::Customer).await;
    let mut program = server.program_of(&user).await;
    execute(
        &server.app,
        &format!(
            "UPDATE users SET password_hash = '{OLD_HASH}' WHERE id = {}",
            user.id
        ),
    )
    .await;
    let stored = format!(
        "SELECT COUNT(*) FROM users WHERE id = {} AND password_hash = '{OLD_HASH}'",
        user.id
    );
    let wrong = login(&server, &user.email, COMPOSED).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED, "not what is stored");
    assert_eq!(number(&server.app, &stored).await, 1);
    let right = login(&server, &user.email, APART).await;
    assert_eq!(right.status, StatusCode::OK, "{}", right.body);
    assert_eq!(number(&server.app, &stored).await, 0, "renewed");
    for typed in [COMPOSED, APART, WIDE] {
        assert_eq!(
            login(&server, &user.email, typed).await.status,
            StatusCode::OK
        );
    }
    // It is still the same password: nothing ends.
    let me = program.api("/api/v1/me").await;
    assert_eq!(me.status, StatusCode::OK);
}

#[tokio::test]
async fn a_change_of_password_counts_on_every_server_within_a_second() {
    let server = TestServer::start().await;
    let other = another(&server.app);
    let user = server.person(Role::Customer).await;
    let mut here = server.sign_in(&user).await;
    let there = |client: &Client| {
        let mut same = Client::new(router(other.clone()));
        same.cookies = client.cookies.clone();
        same.token = client.token.clone();
        same
    };
    let tokens: Value = login(&server, &user.email, PASSWORD).await.data();
    let mut program = server.visitor();
    program.token = tokens["access_token"].as_str().map(str::to_owned);
    let (mut browser, mut bearer) = (there(&here), there(&program));
    // Everything works there, and is known there.
    browser.page("/account").await;
    assert_eq!(bearer.api("/api/v1/me").await.status, StatusCode::OK);

    let new = [
        ("current_password", PASSWORD),
        ("password", "harbour-violin-88"),
    ];
    let answer = here.post("/account/password", &new).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    sleep(MOMENT).await;
    assert_eq!(
        browser.get("/account").await.status,
        StatusCode::SEE_OTHER,
        "the old id"
    );
    assert_eq!(
        bearer.api("/api/v1/me").await.status,
        StatusCode::UNAUTHORIZED
    );
    let body = json!({ "refresh_token": tokens["refresh_token"] });
    let path = "/api/v1/auth/refresh";
    bearer.token = None;
    let refresh = bearer.send_json(Method::POST, path, body).await;
    assert_eq!(refresh.status, StatusCode::UNAUTHORIZED);
    there(&here).page("/account").await;
    other.db.close().await;
}

/// A sign-in that races a change of password is ended by it.
#[tokio::test]
async fn a_sign_in_by_the_old_password_does_not_outlive_it() {
    let server = TestServer::start_with(|config| {
        config.accounts.hashes_at_once = 1;
        config.server.request_timeout_seconds = 3_600;
    })
    .await;
    let user = server.person(Role::Customer).await;
    let turn = server.app.hasher.turn().await.expect("a turn");
    // The thief's try has read the hash, and waits for its turn to be compared with it.
    let mut request = pin!(login(&server, &user.email, PASSWORD));
    until_it_waits(&server, &mut request).await;
    execute(
        &server.app,
        &format!(
            "UPDATE users SET password_version = password_version + 1 WHERE id = {}",
            user.id
        ),
    )
    .await;
    drop(turn);
    let answer = request.await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", answer.body);
    assert_eq!(
        number(&server.app, "SELECT COUNT(*) FROM token_families").await,
        0
    );
}

/// The same for a change: whoever has the old password cannot set a new one after its owner did.
#[tokio::test]
async fn a_change_by_the_old_password_does_not_outlive_it() {
    let server = TestServer::start_with(|config| {
        config.accounts.hashes_at_once = 1;
        config.server.request_timeout_seconds = 3_600;
    })
    .await;
    let user = server.person(Role::Customer).await;
    let mut program = server.program_of(&user).await;
    let hasher = &server.app.hasher;
    let turn = hasher.turn().await.expect("a turn");
    let change = json!({ "password": "harbour-violin-88", "current_password": PASSWORD });
    let mut request = pin!(program.send_json(Method::PATCH, "/api/v1/me", change));
    until_it_waits(&server, &mut request).await;
    // In line behind the check of the present password, and before the hash of the new one.
    let mut between = pin!(hasher.turn());
    let stands = poll_fn(|context| Poll::Ready(between.as_mut().poll(context).is_pending()));
    assert!(stands.await);
    drop(turn);
    let turn = tokio::select! {
        biased;
        answer = &mut request => panic!("answered without a turn: {}", answer.body),
        turn = &mut between => turn.expect("a turn"),
    };
    until_it_waits(&server, &mut request).await;
    execute(
        &server.app,
        &format!(
            "UPDATE users SET password_version = password_version + 1 WHERE id = {}",
            user.id
        ),
    )
    .await;
    drop(turn);
    fault(&request.await, "current_password");
    let old = login(&server, &user.email, PASSWORD).await;
    assert_eq!(old.status, StatusCode::OK, "nothing was changed");
}
