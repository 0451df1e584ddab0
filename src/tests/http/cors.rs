//! The JSON API for scripts of other websites.

use crate::support::described::DESCRIPTION;
use crate::support::{Answer, Client, TestServer};
use axum::body::Body;
use axum::http::{HeaderName, Method, StatusCode};
use guildhall::accounts::Role;

const SHOP: &str = "https://shop.example.com";
const OTHER: &str = "https://other.example.com";
const PRODUCTS: &str = "/api/v1/products";

/// Those that a browser shows to scripts anyway, and those that are for the browser itself.
const OTHERS: [&str; 13] = [
    "cache-control",
    "content-language",
    "content-length",
    "content-type",
    "content-security-policy",
    "cross-origin-opener-policy",
    "permissions-policy",
    "referrer-policy",
    "vary",
    "www-authenticate",
    "x-content-type-options",
    "x-frame-options",
    "allow",
];

async fn open_to_shop() -> TestServer {
    TestServer::start_with(|config| config.cors.origins = vec![SHOP.to_owned()]).await
}

/// The question a browser asks before a script's request.
async fn ask_first(server: &TestServer, path: &str, origin: &str) -> Answer {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        (
            "access-control-request-headers",
            "authorization,content-type",
        ),
        ("sec-fetch-site", "cross-site"),
    ];
    let mut browser = server.visitor();
    browser
        .send(Method::OPTIONS, path, &headers, Body::empty())
        .await
}

async fn get_from(client: &mut Client, path: &str, origin: &str) -> Answer {
    let headers = [("origin", origin), ("sec-fetch-site", "cross-site")];
    client
        .send(Method::GET, path, &headers, Body::empty())
        .await
}

/// A write by a script of another website.
async fn post_from(client: &mut Client, path: &str, origin: &str, body: &str) -> Answer {
    let headers = [
        ("origin", origin),
        ("sec-fetch-site", "cross-site"),
        ("content-type", "application/json"),
    ];
    let body = Body::from(body.to_owned());
    client.send(Method::POST, path, &headers, body).await
}

fn list(answer: &Answer, header: &str) -> Vec<String> {
    let entries = answer.header(header).split(',').map(str::trim);
    entries.map(str::to_owned).collect()
}

/// Returns true if the answer gives no other origin leave for anything.
fn is_closed(answer: &Answer) -> bool {
    let names = answer.headers.keys();
    !names
        .into_iter()
        .any(|name| name.as_str().starts_with("access-control-"))
}

#[tokio::test]
async fn unless_an_origin_is_named_nobody_elses_script_has_leave() {
    let server = TestServer::start().await;
    assert!(is_closed(&ask_first(&server, PRODUCTS, SHOP).await));
    let read = get_from(&mut server.visitor(), PRODUCTS, SHOP).await;
    assert_eq!(read.status, StatusCode::OK);
    assert!(is_closed(&read));
    let mut program = server.program(Role::Staff).await;
    let written = post_from(
        &mut program,
        "/api/v1/categories",
        SHOP,
        r#"{"name":"Ink"}"#,
    )
    .await;
    assert_eq!(written.status, StatusCode::FORBIDDEN, "{}", written.body);
}

#[tokio::test]
async fn a_browser_is_told_before_what_a_named_origin_may_send() {
    let server = open_to_shop().await;
    let answer = ask_first(&server, "/api/v1/tasks", SHOP).await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (StatusCode::NO_CONTENT, "")
    );
    assert_eq!(answer.header("access-control-allow-origin"), SHOP);
    assert_eq!(answer.header("access-control-max-age"), "7200");
    assert_eq!(answer.header("vary"), "origin");
    assert_eq!(answer.header("access-control-allow-credentials"), "");
    let methods = list(&answer, "access-control-allow-methods");
    let headers = list(&answer, "access-control-allow-headers");
    for described in DESCRIPTION["paths"].as_object().expect("paths").values() {
        for (method, operation) in described.as_object().expect("operations") {
            assert!(methods.contains(&method.to_uppercase()), "{method}");
            let parameters = operation["parameters"].as_array();
            for parameter in parameters.into_iter().flatten() {
                let name = parameter["name"].as_str().expect("a name").to_lowercase();
                let known = parameter["in"] != "header" || headers.contains(&name);
                assert!(known, "{name}");
            }
        }
    }
    for header in ["authorization", "content-type", "if-none-match"] {
        assert!(headers.iter().any(|allowed| allowed == header), "{header}");
    }
}

/// Even where no database answers.
#[tokio::test]
async fn that_answer_takes_nothing_that_costs() {
    let server = open_to_shop().await;
    server.app.db.close().await;
    let answer = ask_first(&server, "/api/v1/tasks", SHOP).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let read = get_from(&mut server.visitor(), "/api/v1/tasks", SHOP).await;
    assert_ne!(read.status, StatusCode::OK, "{}", read.body);
}

#[tokio::test]
async fn an_origin_without_leave_is_told_nothing() {
    let server = open_to_shop().await;
    for origin in [OTHER, "null", "https://shop.example.com.evil.example"] {
        let first = ask_first(&server, PRODUCTS, origin).await;
        assert!(is_closed(&first), "{origin}");
        // A cache in between must not give one origin the answer that another one got.
        assert_eq!(first.header("vary"), "origin");
        let read = get_from(&mut server.visitor(), PRODUCTS, origin).await;
        assert!(is_closed(&read), "{origin}");
    }
    let plain = server.visitor().api(PRODUCTS).await;
    let mut varies = plain.headers.get_all("vary").iter();
    assert!(varies.any(|by| by == "origin"), "{:?}", plain.headers);
    // Nothing but the API is open.
    assert!(is_closed(&ask_first(&server, "/login", SHOP).await));
    assert!(is_closed(
        &get_from(&mut server.visitor(), "/products", SHOP).await
    ));
}

#[tokio::test]
async fn a_script_with_leave_reads_answers_and_refusals_with_their_headers() {
    let server = open_to_shop().await;
    let mut visitor = server.visitor();
    for (path, status) in [
        (PRODUCTS, StatusCode::OK),
        ("/api/v1/me", StatusCode::UNAUTHORIZED),
        ("/api/v1/nowhere", StatusCode::NOT_FOUND),
    ] {
        let answer = get_from(&mut visitor, path, SHOP).await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), SHOP, "{path}");
        let told = list(&answer, "access-control-expose-headers");
        for name in answer.headers.keys().map(HeaderName::as_str) {
            let known = name.starts_with("access-control-")
                || OTHERS.contains(&name)
                || told.iter().any(|told| told == name);
            assert!(known, "{path}: {name} is for scripts, and hidden from them");
        }
    }
}

#[tokio::test]
async fn a_named_origin_writes_with_a_token_and_never_with_a_cookie() {
    let server = open_to_shop().await;
    let person = server.person(Role::Staff).await;
    let (path, body) = ("/api/v1/categories", r#"{"name":"Ink"}"#);
    let mut program = server.program_of(&person).await;
    let refused = post_from(&mut program, path, OTHER, body).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
    let written = post_from(&mut program, path, SHOP, body).await;
    assert_eq!(written.status, StatusCode::CREATED, "{}", written.body);
    assert_eq!(written.header("access-control-allow-origin"), SHOP);
    let mut browser = server.sign_in(&person).await;
    let body = r#"{"name":"Paper"}"#;
    let ridden = post_from(&mut browser, path, SHOP, body).await;
    assert_eq!(ridden.status, StatusCode::FORBIDDEN, "{}", ridden.body);
    // A cookie beside the token is no reason to trust it more.
    browser.token = program.token.clone();
    let both = post_from(&mut browser, path, SHOP, body).await;
    assert_eq!(both.status, StatusCode::FORBIDDEN, "{}", both.body);
    // A form's address is not the API's.
    let form = post_from(&mut server.visitor(), "/logout", SHOP, "").await;
    assert_eq!(form.status, StatusCode::FORBIDDEN, "{}", form.body);
}
