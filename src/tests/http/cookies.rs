//! Every cookie the program sets, under http and under https; and what browsers may keep of its pages.

use crate::support::{Answer, Client, PASSWORD, TestServer, cookie_of};
use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use guildhall::accounts::{NewUser, Role};
use serde_json::json;
use std::collections::BTreeMap;

const HTTPS: &str = "https://guildhall.test";

async fn shop(public_url: &str) -> TestServer {
    let url = public_url.to_owned();
    let server = TestServer::start_with(move |config| config.server.public_url = url).await;
    guildhall::catalog::seed_demo(&server.app)
        .await
        .expect("seeds");
    server
}

/// Notes the cookies that an answer sets, by name.
fn collect(found: &mut BTreeMap<String, Vec<String>>, answer: &Answer) {
    for cookie in answer.headers.get_all(header::SET_COOKIE) {
        let cookie = cookie.to_str().expect("a readable cookie");
        let (name, _) = cookie.split_once('=').expect("a name");
        let of_name = found.entry(name.to_owned()).or_default();
        of_name.push(cookie.to_owned());
    }
}

/// Makes every request that sets or clears a cookie.
async fn walk(server: &TestServer) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    let mut browser = server.visitor();
    let cart = [("product_id", "1"), ("quantity", "1")];
    let name = [
        ("name", "Mei"),
        ("email", "mei@example.com"),
        ("password", PASSWORD),
    ];
    let wrong = [("email", "mei@example.com"), ("password", "wrong-guess-1")];
    let right = [("email", "mei@example.com"), ("password", PASSWORD)];
    let new = [
        ("current_password", PASSWORD),
        ("password", "harbour-violin-88"),
    ];
    let forms: [(&str, &[(&str, &str)]); 11] = [
        ("/theme", &[("theme", "dark")]),
        ("/theme", &[("theme", "purple")]),
        ("/shortcuts", &[("single_keys", "off")]),
        ("/cart/items", &cart),
        ("/register", &name),
        ("/logout", &[]),
        ("/login", &wrong),
        ("/login", &right),
        ("/account/name", &[("name", "Mei Lin")]),
        ("/account/password", &new),
        ("/logout", &[]),
    ];
    for (path, fields) in forms {
        collect(&mut found, &browser.post(path, fields).await);
        collect(&mut found, &browser.get("/").await);
    }
    // By the API as well.
    let answer = server
        .visitor()
        .send_json(
            Method::PUT,
            "/api/v1/cart/items/1",
            json!({ "quantity": 1 }),
        )
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    collect(&mut found, &answer);

    // A role that changes.
    let user = server.person(Role::Customer).await;
    let mut browser = server.sign_in(&user).await;
    let mut admin = server.program(Role::Admin).await;
    let path = format!("/api/v1/users/{}", user.id);
    let staff = json!({ "role": "staff" });
    admin.send_json(Method::PATCH, &path, staff).await;
    collect(&mut found, &browser.get("/account").await);
    found
}

#[tokio::test]
async fn every_cookie_is_for_our_own_pages_and_secure_under_https() {
    for (url, prefix) in [("http://guildhall.test", ""), (HTTPS, "__Host-")] {
        let server = shop(url).await;
        let found = walk(&server).await;
        let names: Vec<_> = found.keys().map(String::as_str).collect();
        let (cart, session) = (format!("{prefix}cart"), format!("{prefix}session"));
        let mut expected = vec![&*cart, &*session, "flash", "single_keys", "theme"];
        expected.sort_unstable();
        assert_eq!(
            names, expected,
            "a cookie this test does not know, or one it did not get"
        );
        for (name, cookies) in &found {
            for cookie in cookies {
                let has = |wanted: &str| cookie.split("; ").skip(1).any(|it| it == wanted);
                assert_eq!(has("Secure"), url == HTTPS, "{cookie}");
                assert!(has("Path=/") && has("SameSite=Lax"), "{cookie}");
                assert!(cookie.contains("; Max-Age="), "{cookie}");
                assert!(!cookie.contains("Domain"), "{cookie}");
                let for_scripts = name == "theme" || name == "single_keys";
                assert_eq!(has("HttpOnly"), !for_scripts, "{cookie}");
            }
        }
        // Each that can be cleared was.
        for name in [&*cart, &*session, "flash"] {
            let cleared = |cookie: &String| cookie.starts_with(&format!("{name}=;"));
            assert!(found[name].iter().any(cleared), "{name}: {:?}", found[name]);
        }
    }
}

fn kept(answer: &Answer) -> &str {
    answer.header("cache-control")
}

#[tokio::test]
async fn nobody_keeps_what_is_personal() {
    let server = shop(HTTPS).await;
    let mut visitor = server.visitor();
    let mut person = server.signed_in(Role::Customer).await;
    let mut program = server.program(Role::Customer).await;
    for path in [
        "/",
        "/products",
        "/products/fountain-pen",
        "/cart",
        "/login",
    ] {
        assert_eq!(kept(&visitor.get(path).await), "no-store", "{path}");
    }
    for path in [
        "/",
        "/cart",
        "/checkout",
        "/orders",
        "/wallet",
        "/account",
        "/tasks",
    ] {
        let answer = person.get(path).await;
        assert_eq!(
            (answer.status, kept(&answer)),
            (StatusCode::OK, "no-store"),
            "{path}"
        );
    }
    let missing = person.get("/orders/2026-000001").await;
    assert_eq!(
        (missing.status, kept(&missing)),
        (StatusCode::NOT_FOUND, "no-store")
    );
    for path in [
        "/api/v1/me",
        "/api/v1/orders",
        "/api/v1/wallet",
        "/api/v1/cart",
    ] {
        assert_eq!(kept(&program.api(path).await), "no-store", "{path}");
        assert_eq!(kept(&person.api(path).await), "no-store", "{path}");
    }
    // Where somebody is sent on to is theirs as well.
    let sent = person.post("/account/name", &[("name", "Mei")]).await;
    assert_eq!(
        (sent.status, kept(&sent)),
        (StatusCode::SEE_OTHER, "no-store")
    );
}

#[tokio::test]
async fn signing_out_leaves_nothing_behind_for_back() {
    let server = shop(HTTPS).await;
    let mut person = server.signed_in(Role::Customer).await;
    let answer = person.post("/logout", &[]).await;
    assert_eq!(
        answer.header("clear-site-data"),
        "\"cache\", \"prefetchCache\""
    );
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    // Whoever was signed out elsewhere and says so here leaves nothing either.
    let again = person.post("/logout", &[]).await;
    assert!(again.header("clear-site-data").contains("\"cache\""));
}

async fn refused(client: &mut Client) -> Answer {
    client.referer = Some("/account".into());
    let short = [("current_password", PASSWORD), ("password", "short")];
    client.post("/account/password", &short).await
}

#[tokio::test]
async fn back_to_a_refused_form_asks_for_its_page_and_not_to_send_it_again() {
    let server = shop(HTTPS).await;
    let mut person = server.signed_in(Role::Customer).await;
    let answer = refused(&mut person).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(kept(&answer), "private, no-cache", "shown again by Back");
    assert!(
        answer.body.contains(" data-answer"),
        "and known as an answer"
    );
    assert!(answer.body.contains("back_forward"), "to the script");
    let page = person.page("/account").await;
    let html = page.split("<head>").next().expect("the document's tag");
    assert!(!html.contains("data-answer"), "{html}");
    // What it then asks for leads to the form's page.
    let answer = person.get("/account/password").await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/account")
    );
    // An error that answers a form is kept alike; one at a page's address is not.
    let mut stranger = person.clone();
    let forbidden = stranger.post("/admin/users", &[("name", "x")]).await;
    assert_eq!(
        (forbidden.status, kept(&forbidden)),
        (StatusCode::FORBIDDEN, "private, no-cache")
    );
    let forbidden = stranger.get("/admin/users").await;
    assert_eq!(
        (forbidden.status, kept(&forbidden)),
        (StatusCode::FORBIDDEN, "no-store")
    );
}

#[tokio::test]
async fn a_cookie_of_ours_is_the_only_one_that_counts() {
    // Under https the name without its prefix, which anybody nearby can set, opens nothing.
    let server = shop(HTTPS).await;
    let person = server.signed_in(Role::Customer).await;
    let value = person.cookies["__Host-session"].clone();
    let mut other = server.visitor();
    other.cookies.insert("session".into(), value);
    let headers = [("accept", "text/html")];
    let answer = other
        .send(Method::GET, "/account", &headers, Body::empty())
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(cookie_of(&answer, "__Host-session"), None);
    // An account made for somebody sets no cookie of theirs in the admin's browser.
    let mut admin = server.signed_in(Role::Admin).await;
    let input = NewUser {
        name: "New".into(),
        email: "new@example.com".into(),
        password: PASSWORD.into(),
        role: "staff".into(),
    };
    let fields = [
        ("name", &*input.name),
        ("email", &*input.email),
        ("password", &*input.password),
        ("role", &*input.role),
    ];
    let answer = admin.post("/admin/users", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(cookie_of(&answer, "__Host-session"), None);
}
