//! Access tokens that somebody else wrote, at the endpoints they are meant for.

use crate::support::{Client, TestServer};
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guildhall::accounts::Role;
use hmac::{Hmac, KeyInit, Mac};
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

/// What a real token says.
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
    for claim in ["aud", "iss", "sub", "jti", "iat", "exp", "fam"] {
        let mut changed = claims.clone();
        changed.as_object_mut().expect("an object").remove(claim);
        let bad = token(&header, &changed, &secret, "HS256");
        assert!(!is_good(&server, &bad).await, "without {claim}");
    }
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
