//! Forged access tokens, at the endpoints they are meant for.

use crate::support::{Client, TestServer};
use axum::http::{Method, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guildhall::accounts::Role;
use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::any;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use sha2::{Sha256, Sha384, Sha512};

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// A token signed with this secret, by the algorithm that `signed` names and whatever the header says.
fn token(header: &Value, claims: &Value, secret: &str, signed: &str) -> String {
    let input = format!("{}.{}", part(header), part(claims));
    let key = secret.as_bytes();
    macro_rules! sign {
        ($hash:ty) => {{
            let mac = Hmac::<$hash>::new_from_slice(key).expect("a key");
            mac.chain_update(&input).finalize().into_bytes().to_vec()
        }};
    }
    let signature = match signed {
        "HS256" => sign!(Sha256),
        "HS384" => sign!(Sha384),
        "HS512" => sign!(Sha512),
        _ => Vec::new(),
    };
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// The claims of a real token.
fn claims_of(client: &Client) -> Value {
    let token = client.token.as_deref().expect("a token");
    let claims = token.split('.').nth(1).expect("claims");
    let claims = URL_SAFE_NO_PAD.decode(claims).expect("base64");
    serde_json::from_slice(&claims).expect("JSON")
}

const PATHS: [&str; 3] = ["/api/v1/me", "/api/v1/wallet", "/api/v1/orders"];

async fn is_good(server: &TestServer, token: &str) -> bool {
    let mut client = server.visitor();
    client.token = Some(token.to_owned());
    let mut good = 0;
    for path in PATHS {
        let answer = client.api(path).await;
        match answer.status {
            StatusCode::OK => good += 1,
            StatusCode::UNAUTHORIZED => assert!(answer.json()["data"].is_null(), "{path}"),
            other => panic!("{path}: {other}"),
        }
    }
    assert!(good == 0 || good == PATHS.len(), "all of them or none");
    good > 0
}

#[tokio::test]
async fn only_the_token_that_was_given_out_is_good() {
    let server = TestServer::start().await;
    let program = server.program(Role::Customer).await;
    let other = server.person(Role::Admin).await;
    let secret = server.app.config.accounts.token_secret.clone();
    let header = json!({ "typ": "JWT", "alg": "HS256" });
    let claims = claims_of(&program);
    let same = token(&header, &claims, &secret, "HS256");
    assert!(is_good(&server, &same).await, "these tests sign as we do");

    let now = server.app.clock.now().seconds();
    for (claim, value) in [
        ("aud", json!("another-api")),
        ("aud", json!(["another-api"])),
        ("aud", json!("")),
        ("iss", json!("https://elsewhere.example")),
        ("sub", json!("")),
        ("sub", json!("everybody")),
        ("sub", json!("-1")),
        ("sub", json!("1; DROP TABLE users")),
        ("sub", json!("99999999999999999999999999")),
        ("sub", json!(program.id())),
        ("sub", json!(other.id.to_string())),
        ("sub", json!("999999")),
        ("fam", json!(999_999)),
        ("fam", json!("one")),
        ("exp", json!(now)),
        ("exp", json!(now - 1)),
        ("exp", json!("soon")),
    ] {
        let mut changed = claims.clone();
        changed[claim] = value.clone();
        let bad = token(&header, &changed, &secret, "HS256");
        assert!(!is_good(&server, &bad).await, "{claim} {value}");
    }
    for (claim, value) in [
        ("nbf", json!(now + 1)),
        ("nbf", json!("now")),
        ("iat", json!(now + 3_600)),
        ("iat", json!("now")),
    ] {
        let mut changed = claims.clone();
        changed[claim] = value.clone();
        let bad = token(&header, &changed, &secret, "HS256");
        assert!(!is_good(&server, &bad).await, "{claim} {value}");
    }
    for (claim, value) in [
        ("nbf", json!(now)),
        ("nbf", json!(now - 3_600)),
        ("iat", json!(now + 30)),
    ] {
        let mut changed = claims.clone();
        changed[claim] = value.clone();
        let good = token(&header, &changed, &secret, "HS256");
        assert!(is_good(&server, &good).await, "{claim} {value}");
    }
    for critical in [json!(["exp"]), json!(["b64"]), json!([]), json!("exp")] {
        let header = json!({ "typ": "JWT", "alg": "HS256", "crit": critical, "b64": true });
        let bad = token(&header, &claims, &secret, "HS256");
        assert!(!is_good(&server, &bad).await, "crit {critical}");
    }
    for claim in ["aud", "iss", "sub", "jti", "iat", "exp", "fam"] {
        let mut changed = claims.clone();
        changed.as_object_mut().expect("an object").remove(claim);
        let bad = token(&header, &changed, &secret, "HS256");
        assert!(!is_good(&server, &bad).await, "without {claim}");
    }
}

/// Texts that no client of ours would send, but anybody can.
#[tokio::test]
async fn no_text_in_a_tokens_place_is_more_than_a_refusal() {
    let server = TestServer::start().await;
    let good = server.program(Role::Customer).await.token.expect("a token");
    let mut runner = TestRunner::new(Config::with_cases(256));
    let strategy = (any::<Vec<u8>>(), 0..good.len(), 0..3_u8);
    for _ in 0..256 {
        let (noise, at, way) = strategy.new_tree(&mut runner).expect("a case").current();
        let noise: String = noise
            .iter()
            .map(|byte| char::from(byte % 95 + 32))
            .collect();
        let bad = match way {
            0 => noise,
            1 => good[..at].to_owned(),
            _ => format!("{}{noise}.{}", &good[..at], &good[at..]),
        };
        let mut client = server.visitor();
        client.token = Some(bad.clone());
        let answer = client.api("/api/v1/me").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{bad:?}");
        let body = json!({ "refresh_token": bad });
        let path = "/api/v1/auth/refresh";
        let answer = server.visitor().send_json(Method::POST, path, body).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{bad:?}");
    }
}

/// The same for cookies: none makes a request fail.
#[tokio::test]
async fn no_text_in_a_cookies_place_is_more_than_a_stranger() {
    let server = TestServer::start().await;
    let browser = server.signed_in(Role::Customer).await;
    let good = browser.cookies["session"].clone();
    let mut runner = TestRunner::new(Config::with_cases(256));
    let strategy = (any::<Vec<u8>>(), 0..good.len());
    for case in 0..256 {
        let (noise, at) = strategy.new_tree(&mut runner).expect("a case").current();
        let noise: String = noise
            .iter()
            .map(|byte| char::from(byte % 94 + 33))
            .collect();
        let mut stranger = server.visitor();
        for name in ["session", "cart", "flash", "theme", "single_keys"] {
            let bad = if case % 2 == 0 {
                noise.clone()
            } else {
                format!("{}{noise}", &good[..at])
            };
            stranger.cookies.insert(name.to_owned(), bad);
        }
        let sent = format!("{:?}", stranger.cookies);
        let answer = stranger.get("/login").await;
        assert_eq!(answer.status, StatusCode::OK, "{sent}");
        let answer = stranger.get("/account").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{sent}");
    }
    let mut browser = browser;
    browser.page("/account").await;
}

#[tokio::test]
async fn a_token_is_signed_in_the_one_way_that_is_ours() {
    let server = TestServer::start().await;
    let program = server.program(Role::Customer).await;
    let secret = server.app.config.accounts.token_secret.clone();
    let claims = claims_of(&program);
    let header = |algorithm: &str| json!({ "typ": "JWT", "alg": algorithm });
    for (said, signed) in [
        ("none", "none"),
        ("None", "none"),
        ("none", "HS256"),
        ("HS256", "none"),
        ("HS384", "HS384"),
        ("HS512", "HS512"),
        ("HS384", "HS256"),
        ("HS256", "HS512"),
        ("RS256", "HS256"),
        ("ES256", "HS256"),
        ("", "HS256"),
    ] {
        let bad = token(&header(said), &claims, &secret, signed);
        assert!(!is_good(&server, &bad).await, "{said} signed by {signed}");
    }
    let other = "a secret of somebody else's, as long".repeat(2);
    let bad = token(&header("HS256"), &claims, &other, "HS256");
    assert!(!is_good(&server, &bad).await, "another secret");
    let bad = token(&header("HS256"), &claims, "", "HS256");
    assert!(!is_good(&server, &bad).await, "no secret");

    let good = program.token.expect("a token");
    let parts: Vec<&str> = good.split('.').collect();
    for bad in [
        format!("{}.{}", parts[0], parts[1]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{good}.{}", parts[2]),
        format!("{}.{}", parts[1], parts[2]),
        good.to_lowercase(),
    ] {
        assert!(!is_good(&server, &bad).await, "{bad}");
    }
    assert!(is_good(&server, &good).await);
}
