//! Whole pages, kept for visitors: the same for all of them, and for nobody else.

use crate::support::company::{Company, Opening};
use crate::support::{Answer, Client, PASSWORD, TestServer};
use crate::telemetry::Samples;
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

/// Puts some of the product into the cart.
async fn shop(company: &Company, shopper: &mut Client, quantity: &str) {
    let product = company.product.to_string();
    let fields = [("product_id", product.as_str()), ("quantity", quantity)];
    let added = shopper.post("/cart/items", &fields).await;
    assert!(added.status.is_redirection(), "{}", added.body);
}

/// The same page as it is rendered for this reader alone, without its nonce.
async fn rendered_alone(reader: &Client, path: &str) -> String {
    let mut alone = reader.clone();
    alone.cookies.insert("another".to_owned(), "1".to_owned());
    let answer = alone.get(path).await;
    assert!(!is_kept(&answer));
    let nonce = policy(&answer).split_once("'nonce-").expect("a nonce").1;
    let nonce = nonce.split_once('\'').expect("its end").0;
    let crossorigin = format!("crossorigin=\"{nonce}\"");
    let page = answer.body.replace(&format!(" nonce=\"{nonce}\""), "");
    page.replace(&crossorigin, "crossorigin=\"anonymous\"")
}

/// The key of the page's form, if it has one.
fn key_of(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once("name=\"idempotency_key\" value=\"")?;
    Some(&rest[..32])
}

fn without_key(page: &str) -> String {
    key_of(page).map_or_else(|| page.to_owned(), |key| page.replace(key, "KEY"))
}

#[tokio::test]
async fn whoever_has_a_message_or_a_form_of_their_own_gets_a_page_of_their_own() {
    let mut company = company().await;
    let path = format!("/products/{}", slug(&company).await);
    let [mut staff, mut mei] = company.browsers().await;
    let mut keys = Vec::new();
    for path in ["/products/new", &format!("{path}/edit")] {
        for _ in 0..2 {
            let form = staff.get(path).await;
            assert!(!is_kept(&form), "{path}");
            keys.extend(key_of(&form.body).map(str::to_owned));
        }
    }
    keys.dedup();
    assert!(keys.len() >= 2, "a key stands for one view of a form");
    for path in ["/", "/products", &path] {
        assert!(!is_kept(&company.mei.get(path).await), "with a token");
    }
    shop(&company, &mut mei, "2").await;
    assert!(!is_kept(&mei.get(&path).await), "it was put in");
    assert!(is_kept(&mei.get(&path).await), "once");
    mei.cookies.insert("session".to_owned(), "0".repeat(64));
    assert!(!is_kept(&mei.get(&path).await), "it has ended");
}

#[tokio::test]
async fn staff_share_a_page_that_nobody_else_gets() {
    let mut company = company().await;
    let path = format!("/products/{}", slug(&company).await);
    let mut admin = company.server.signed_in(Role::Admin).await;
    let mut colleague = company.server.signed_in(Role::Staff).await;
    let [mut staff, mut mei] = company.browsers().await;
    let edit = format!("href=\"{path}/edit\"");
    for (path, of_staff) in [
        ("/products", "href=\"/products/new\""),
        (&path, edit.as_str()),
        ("/login", "href=\"/orders/all\""),
    ] {
        let mut pages = Vec::new();
        for reader in [&mut staff, &mut colleague, &mut admin, &mut mei] {
            let answer = reader.get(path).await;
            assert!(is_kept(&answer), "{path}");
            let plain = |page: &str| without_key(page).replace("&quot;", "\"");
            let alone = rendered_alone(reader, path).await;
            assert_eq!(plain(&answer.body), plain(&alone), "{path}");
            pages.push(answer.body);
        }
        let shows = |page: &String| page.contains(of_staff);
        assert!(pages[..3].iter().all(shows) && !shows(&pages[3]), "{path}");
        let shows_users = |page: &String| page.contains("href=\"/admin/users\"");
        let seen: Vec<_> = pages.iter().map(shows_users).collect();
        assert_eq!(seen, [false, false, true, false], "{path}");
        let visitor = company.server.visitor().get(path).await;
        assert!(!visitor.body.contains(of_staff), "{path}");
    }
    let series = "guildhall_cache_bytes{cache=\"staff_documents\"}";
    assert!(Samples::of(&company.server).await.value(series) > 0);
    // What they read there is exact: the stock that an order left, and what they changed themselves.
    assert!(!staff.page(&path).await.contains("(1 reserved)"));
    company.place(1, "invoice").await;
    assert!(staff.page(&path).await.contains("(1 reserved)"));
    company
        .change_product(company.product, json!({ "active": false }))
        .await;
    assert!(staff.page(&path).await.contains("/activate\""));
    assert_eq!(mei.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn customers_and_shoppers_share_a_page_with_their_own_in_it() {
    let company = company().await;
    let path = format!("/products/{}", slug(&company).await);
    let [_, mut mei] = company.browsers().await;
    let mut noor = company.server.signed_in(Role::Customer).await;
    let named = [("name", "Noor \"N\" <O'Hara> & 女儿")];
    assert!(
        noor.post("/account/name", &named)
            .await
            .status
            .is_redirection()
    );
    noor.page("/account").await;
    let (mut one, mut other) = (company.server.visitor(), company.server.visitor());
    for shopper in [&mut mei, &mut one] {
        shop(&company, shopper, "2").await;
        shopper.page(&path).await;
    }
    shop(&company, &mut other, "3").await;
    other.page(&path).await;
    for path in ["/", "/products", "/products?sort=name", &path] {
        let (mut pages, mut keys) = (Vec::new(), Vec::new());
        for reader in [&mut mei, &mut noor, &mut one, &mut other] {
            for _ in 0..2 {
                let answer = reader.get(path).await;
                assert!(is_kept(&answer), "{path}");
                // A name is written so that it could stand in an attribute too.
                let plain = |page: &str| without_key(page).replace("&quot;", "\"");
                let alone = rendered_alone(reader, path).await;
                assert_eq!(plain(&answer.body), plain(&alone), "{path}");
                let is_mark = |sign: char| ('\u{E000}'..='\u{F8FF}').contains(&sign);
                assert!(!answer.body.contains(is_mark), "{path}");
                keys.extend(key_of(&answer.body).map(str::to_owned));
                pages.push(without_key(&answer.body));
            }
        }
        let forms = keys.len();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), forms, "a key stands for one view of a form");
        pages.dedup();
        assert_eq!(pages.len(), 4, "{path}");
        let name = "Noor &quot;N&quot; &lt;O'Hara&gt;";
        assert!(pages[1].contains(name), "{path}");
    }
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
