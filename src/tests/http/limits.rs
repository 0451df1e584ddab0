//! Rate limits: so many changes a minute for a person, so many requests for an address.

use crate::support::{Answer, Client, TestServer};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::json;

async fn rename(client: &mut Client) -> Answer {
    let body = json!({ "name": "Mei Lin" });
    client.send_json(Method::PATCH, "/api/v1/me", body).await
}

#[tokio::test]
async fn a_person_changes_so_much_a_minute_and_reads_besides() {
    let server = TestServer::start_with(|config| {
        config.limits.writes_per_person = 3;
        config.limits.writes_per_staff = 6;
    })
    .await;
    let mut mei = server.signed_in(Role::Customer).await;
    let mut noor = server.signed_in(Role::Customer).await;
    let (fine, too_many) = (StatusCode::OK, StatusCode::TOO_MANY_REQUESTS);
    for turn in 0..3 {
        assert_eq!(rename(&mut mei).await.status, fine, "{turn}");
    }
    let refused = rename(&mut mei).await;
    assert_eq!(refused.status, too_many);
    assert_eq!(
        (refused.code(), refused.header("retry-after")),
        (1429, "20")
    );
    assert!(refused.json()["trace_id"].is_string());
    for _ in 0..10 {
        mei.page("/account").await;
    }
    assert_eq!(rename(&mut noor).await.status, fine, "another person");
    let mut program = server
        .program_of(&mei.user.clone().expect("somebody"))
        .await;
    assert_eq!(
        rename(&mut program).await.status,
        too_many,
        "the same person"
    );

    mei.referer = Some("/account".to_owned());
    let form = mei
        .post("/account/name", &[("name", "Mei the Second")])
        .await;
    assert_eq!(form.status, too_many);
    assert!(form.header("content-type").starts_with("text/html"));
    assert!(
        form.body.contains("Wait 20 seconds, then go on."),
        "{}",
        form.body
    );
    assert!(
        form.body.contains("value=\"Mei the Second\""),
        "{}",
        form.body
    );
    server.app.clock.advance(20);
    assert_eq!(rename(&mut mei).await.status, fine);
    assert_eq!(rename(&mut mei).await.status, too_many);

    let mut sam = server.signed_in(Role::Staff).await;
    for turn in 0..6 {
        assert_eq!(rename(&mut sam).await.status, fine, "{turn}");
    }
    assert_eq!(rename(&mut sam).await.status, too_many);
}

#[tokio::test]
async fn an_address_sends_so_many_requests_whoever_it_says_it_is() {
    let server = TestServer::start_with(|config| {
        config.server.trusted_proxies = 1;
        config.limits.writes_per_address = 2;
    })
    .await;
    let theme = async |address: &str| {
        let headers = [
            ("accept", "text/html"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
            ("x-forwarded-for", address),
        ];
        let body = Body::from("theme=dark");
        server
            .visitor()
            .send(Method::POST, "/theme", &headers, body)
            .await
            .status
    };
    let (fine, refused) = (StatusCode::SEE_OTHER, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(theme("203.0.113.7:1").await, fine);
    assert_eq!(theme("203.0.113.7:2").await, fine);
    assert_eq!(theme("::ffff:203.0.113.7").await, refused);
    assert_eq!(theme("203.0.113.8").await, fine);
    assert_eq!(theme("2001:db8::1").await, fine);
    assert_eq!(theme("[2001:db8::2]:443").await, fine);
    assert_eq!(theme("2001:db8::3").await, refused);
    assert_eq!(theme("2001:db8:0:1::3").await, fine);
}

#[tokio::test]
async fn a_program_is_told_what_it_may_still_send_and_another_has_its_own() {
    let server = TestServer::start_with(|config| {
        config.limits.writes_per_person = 5;
        config.limits.writes_per_token = 2;
        config.limits.reads_per_person = 4;
    })
    .await;
    let mei = server.person(Role::Customer).await;
    let mut first = server.program_of(&mei).await;
    let mut second = server.program_of(&mei).await;
    let told = |answer: &Answer| {
        let header = |name| answer.header(name).to_owned();
        (header("ratelimit-policy"), header("ratelimit"))
    };
    let line = |text: &str| text.to_owned();
    let writes = line("\"writes\";q=2;w=60");
    for left in ["\"writes\";r=1;t=30", "\"writes\";r=0;t=60"] {
        assert_eq!(
            told(&rename(&mut first).await),
            (writes.clone(), line(left))
        );
    }
    let refused = rename(&mut first).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        told(&refused),
        (writes.clone(), line("\"writes\";r=0;t=60"))
    );
    let another = rename(&mut second).await;
    assert_eq!(
        another.status,
        StatusCode::OK,
        "another program of the same person"
    );
    assert_eq!(told(&another).1, "\"writes\";r=1;t=30");

    // Reading has buckets of its own, and the person's is one for all their programs.
    for left in [3, 2, 1] {
        let answer = first.api("/api/v1/me").await;
        assert_eq!(told(&answer).0, "\"reads\";q=4;w=60");
        assert!(told(&answer).1.starts_with(&format!("\"reads\";r={left};")));
    }
    assert_eq!(second.api("/api/v1/me").await.status, StatusCode::OK);
    assert_eq!(
        second.api("/api/v1/me").await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
    let page = server.visitor().get("/login").await;
    assert_eq!(page.header("ratelimit"), "", "for programs");
}
