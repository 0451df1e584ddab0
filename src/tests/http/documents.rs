//! Whole pages, kept for visitors: the same for all of them, and for nobody else.

use crate::support::company::{Company, Opening};
use crate::support::{Answer, PASSWORD, TestServer};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use guildhall::accounts::Role;
use serde_json::json;
use sha2::{Digest, Sha256};

async fn company() -> Company {
    let server = TestServer::start_in_production().await;
    Company::open_on(server, Opening::default()).await
}

fn policy(answer: &Answer) -> &str {
    answer.header("content-security-policy")
}

fn is_kept(answer: &Answer) -> bool {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(
        policy(answer).contains("'nonce-"),
        answer.body.contains(" nonce=")
    );
    !policy(answer).contains("'nonce-")
}

/// The contents of the scripts that stand in the page.
fn inline_scripts(page: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for part in page.split("<script").skip(1) {
        let (attributes, rest) = part.split_once('>').expect("the tag's end");
        if !attributes.contains(" src=") {
            found.push(rest.split_once("</script>").expect("the script's end").0);
        }
    }
    found
}

#[tokio::test]
async fn visitors_share_a_page_whose_scripts_are_named_by_hash() {
    let company = company().await;
    let path = format!("/products/{}", slug(&company).await);
    for path in [
        "/",
        "/products",
        "/products?sort=name",
        path.as_str(),
        "/login",
        "/register",
    ] {
        let first = company.server.visitor().get(path).await;
        let second = company.server.visitor().get(path).await;
        assert!(is_kept(&first) && is_kept(&second), "{path}");
        assert_eq!(first.body, second.body, "{path}");
        assert!(first.body.contains("</html>"), "{path}");
        let scripts = inline_scripts(&first.body);
        assert!(scripts.len() >= 3, "{path}: {scripts:?}");
        for script in scripts {
            let hash = BASE64_STANDARD.encode(Sha256::digest(script));
            assert!(
                policy(&first).contains(&format!("'sha256-{hash}'")),
                "{path}: {script}"
            );
        }
        for (name, value) in [
            ("content-type", "text/html; charset=utf-8"),
            ("cache-control", "no-store"),
            ("content-language", "en"),
        ] {
            assert_eq!(first.header(name), value, "{path}");
        }
        let varies: Vec<_> = first.headers.get_all("vary").iter().collect();
        let varies = format!("{varies:?}");
        for header in ["accept-encoding", "accept-language", "cookie"] {
            assert!(varies.contains(header), "{path}: {varies}");
        }
    }
}

async fn slug(company: &Company) -> String {
    let path = format!("/api/v1/products/{}", company.product);
    let answer = company.server.visitor().api(&path).await;
    answer.data()["slug"].as_str().expect("a slug").to_owned()
}

#[tokio::test]
async fn whoever_is_somebody_gets_a_page_of_their_own() {
    let mut company = company().await;
    let path = format!("/products/{}", slug(&company).await);
    assert!(is_kept(&company.server.visitor().get(&path).await));
    for mut somebody in company.browsers().await {
        assert!(!is_kept(&somebody.get(&path).await));
    }
    let mut shopper = company.server.visitor();
    let fields = [
        ("product_id", company.product.to_string()),
        ("quantity", "2".to_owned()),
    ];
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let added = shopper.post("/cart/items", &fields).await;
    assert!(
        added.status.is_redirection(),
        "{}: {}",
        added.status,
        added.body
    );
    assert!(!is_kept(&shopper.get(&path).await));
    assert!(!is_kept(&company.mei.get(&path).await), "with a token");
    assert!(is_kept(&company.server.visitor().get(&path).await));
}

#[tokio::test]
async fn languages_and_themes_are_kept_apart() {
    let company = company().await;
    let mut pages = Vec::new();
    for language in ["en", "zh-CN"] {
        for theme in ["light", "dark"] {
            for keys in ["on", "off"] {
                let mut visitor = company.server.visitor();
                for (name, value) in [
                    ("language", language),
                    ("theme", theme),
                    ("single_keys", keys),
                ] {
                    visitor.cookies.insert(name.to_owned(), value.to_owned());
                }
                let answer = visitor.get("/products").await;
                assert!(is_kept(&answer));
                assert_eq!(answer.header("content-language"), language);
                let lang = format!("lang=\"{language}\"");
                let theme = format!("data-theme=\"{theme}\"");
                let keys = format!("data-single-keys=\"{keys}\"");
                for part in [lang, theme, keys] {
                    assert!(
                        answer.body.contains(&part),
                        "{part}: {}",
                        &answer.body[..300]
                    );
                }
                pages.push(answer.body);
            }
        }
    }
    pages.sort();
    pages.dedup();
    assert_eq!(pages.len(), 8);
}

#[tokio::test]
async fn a_change_of_the_catalogue_is_seen_at_once() {
    let mut company = company().await;
    let path = format!("/products/{}", slug(&company).await);
    for path in ["/products", path.as_str()] {
        let page = company.server.visitor().page(path).await;
        assert!(page.contains("Headphones"), "{path}");
    }
    company
        .change_product(company.product, json!({ "name": "Earphones" }))
        .await;
    for path in ["/products", path.as_str()] {
        let page = company.server.visitor().page(path).await;
        assert!(
            page.contains("Earphones") && !page.contains("Headphones"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn what_is_not_for_everybody_is_made_for_each() {
    let company = company().await;
    for _ in 0..2 {
        let mut visitor = company.server.visitor();
        let missing = visitor.get("/products/nothing-of-this-name").await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND);
        assert!(policy(&missing).contains("'nonce-"));
        let tidied = visitor.get("/products?q=&sort=name").await;
        assert_eq!(tidied.status, StatusCode::SEE_OTHER);
        assert_eq!(tidied.header("location"), "/products?sort=name");
        let mistyped = visitor.get("/products?min_price=much").await;
        assert!(mistyped.body.contains("much"), "{}", mistyped.body);
    }
    let json = company.server.visitor().api("/products").await;
    assert!(json.header("content-type").starts_with("application/json"));
}

#[tokio::test]
async fn a_refused_sign_in_shows_what_was_typed_and_to_nobody_else() {
    let company = company().await;
    let mut guest = company.server.visitor();
    assert!(is_kept(&guest.get("/login").await));
    let typed = [("email", "guest@example.com"), ("password", PASSWORD)];
    let refused = guest.post("/login", &typed).await;
    assert!(refused.body.contains("guest@example.com"));
    let login = company.server.visitor().get("/login").await;
    assert!(is_kept(&login) && !login.body.contains("guest@example.com"));
}

#[tokio::test]
async fn many_who_ask_at_once_for_a_missing_page_each_get_their_answer() {
    let company = company().await;
    let ask = || async {
        let mut visitor = company.server.visitor();
        visitor.get("/products/nothing-of-this-name").await.status
    };
    let answers = tokio::join!(ask(), ask(), ask(), ask());
    let missing = StatusCode::NOT_FOUND;
    assert_eq!(answers, (missing, missing, missing, missing));
}

#[tokio::test]
async fn a_kept_page_has_a_head_of_its_own() {
    let company = company().await;
    let mut visitor = company.server.visitor();
    let accept = [("accept", "text/html")];
    let head = visitor
        .send(Method::HEAD, "/products", &accept, Body::empty())
        .await;
    assert_eq!((head.status, head.body.as_str()), (StatusCode::OK, ""));
    let page = visitor.page("/products").await;
    assert_eq!(head.header("content-length"), page.len().to_string());
}

#[tokio::test]
async fn in_development_every_page_is_made_anew() {
    let server = TestServer::start().await;
    let mut staff = server.signed_in(Role::Staff).await;
    assert!(!is_kept(&server.visitor().get("/").await));
    assert!(!is_kept(&staff.get("/").await));
}
