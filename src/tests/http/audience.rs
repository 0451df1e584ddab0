//! The choice between a page and JSON, where an address has both.

use crate::support::TestServer;
use axum::body::Body;
use axum::http::{Method, StatusCode};

#[tokio::test]
async fn previews_and_crawlers_get_the_page_and_programs_the_list() {
    let server = TestServer::start().await;
    let kind = async |headers: &[(&str, &str)]| {
        let answer = server
            .visitor()
            .send(Method::GET, "/products", headers, Body::empty())
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{headers:?}");
        assert!(
            answer
                .headers
                .get_all("vary")
                .iter()
                .any(|by| by == "accept, sec-fetch-dest, user-agent")
        );
        answer
            .header("content-type")
            .split(';')
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    for reader in [
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "WhatsApp/2.23.20.0",
        "facebookexternalhit/1.1",
        "Twitterbot/1.0",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    ] {
        assert_eq!(
            kind(&[("accept", "*/*"), ("user-agent", reader)]).await,
            "text/html",
            "{reader}"
        );
        assert_eq!(
            kind(&[("user-agent", reader)]).await,
            "text/html",
            "{reader}"
        );
        let json = [("accept", "application/json"), ("user-agent", reader)];
        assert_eq!(kind(&json).await, "application/json", "{reader}");
    }
    for program in [
        "curl/8.14.1",
        "python-requests/2.32.5",
        "Go-http-client/1.1",
    ] {
        assert_eq!(
            kind(&[("accept", "*/*"), ("user-agent", program)]).await,
            "application/json"
        );
    }
    assert_eq!(kind(&[]).await, "application/json");
    let lost = [("accept", "*/*"), ("user-agent", "WhatsApp/2.23.20.0")];
    let lost = server
        .visitor()
        .send(Method::GET, "/nowhere", &lost, Body::empty())
        .await;
    assert!(lost.header("content-type").starts_with("text/html"));
}
