//! Idempotent writes of the catalogue: a double click, a retry after a cut connection.

use crate::catalog::lists::shop;
use crate::support::forms::{field, form_of};
use crate::support::{Answer, Client};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::{Value, json};

const STOCK: &str = "/api/v1/products/chefs-knife/stock";

async fn keyed(client: &mut Client, path: &str, key: &str, body: Value) -> Answer {
    let headers = [
        ("accept", "*/*"),
        ("content-type", "application/json"),
        ("idempotency-key", key),
    ];
    let body = body.to_string().into();
    client.send(Method::POST, path, &headers, body).await
}

/// The number of items in a list of the API.
async fn count(client: &mut Client, path: &str) -> usize {
    let page = client.api(&format!("{path}?limit=100")).await.data();
    page["items"].as_array().expect("items").len()
}

#[tokio::test]
async fn the_same_key_makes_one_thing() {
    let server = shop().await;
    let mut staff = server.program(Role::Staff).await;
    for (path, list, body, other) in [
        (
            "/api/v1/products",
            "/api/v1/products",
            json!({ "name": "Gaiwan", "price": 900, "stock": 3 }),
            json!({ "name": "Teapot", "price": 900 }),
        ),
        (
            "/products",
            "/api/v1/products",
            json!({ "name": "Kettle", "price": 900 }),
            json!({ "name": "Teapot", "price": 900 }),
        ),
        (
            "/api/v1/categories",
            "/api/v1/categories",
            json!({ "name": "Tea" }),
            json!({ "name": "Coffee" }),
        ),
        (
            STOCK,
            STOCK,
            json!({ "change": 5, "reason": "Delivery" }),
            json!({ "change": 6, "reason": "Delivery" }),
        ),
    ] {
        let before = count(&mut staff, list).await;
        let key = format!("key of {path}").replace(' ', "-");
        let first = keyed(&mut staff, path, &key, body.clone()).await;
        let again = keyed(&mut staff, path, &key, body.clone()).await;
        assert_eq!(first.status, StatusCode::CREATED, "{path}: {}", first.body);
        assert_eq!(again.status, StatusCode::CREATED, "{path}: {}", again.body);
        assert_eq!(first.json(), again.json(), "{path}");
        let reused = keyed(&mut staff, path, &key, other).await;
        assert_eq!(
            (reused.status, reused.code()),
            (StatusCode::UNPROCESSABLE_ENTITY, 2003),
            "{path}"
        );
        assert_eq!(count(&mut staff, list).await, before + 1, "{path}");
        let wrong = keyed(&mut staff, path, "two words", body).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
    }
}

#[tokio::test]
async fn a_key_stands_for_one_product_and_no_other() {
    let server = shop().await;
    let mut staff = server.program(Role::Staff).await;
    let body = json!({ "change": 5, "reason": "Delivery" });
    let first = keyed(&mut staff, STOCK, "key-1", body.clone()).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    let other = keyed(
        &mut staff,
        "/api/v1/products/1/stock",
        "key-1",
        body.clone(),
    )
    .await;
    assert_eq!(other.code(), 2003);
    let mut colleague = server.program(Role::Staff).await;
    let theirs = keyed(&mut colleague, STOCK, "key-1", body).await;
    assert_ne!(
        theirs.data()["id"],
        first.data()["id"],
        "a key is one person's own"
    );
}

#[tokio::test]
async fn requests_at_the_same_moment_adjust_once() {
    let server = shop().await;
    let mut staff = server.program(Role::Staff).await;
    let product = "/api/v1/products/chefs-knife";
    let before = staff.api(product).await.data()["stock"]
        .as_i64()
        .expect("a number");
    let body = json!({ "change": 5, "reason": "Delivery" });
    let send = async || keyed(&mut staff.clone(), STOCK, "key-1", body.clone()).await;
    let answers = tokio::join!(send(), send(), send());
    for answer in [answers.0, answers.1, answers.2] {
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        assert_eq!(answer.data()["stock"], before + 5);
    }
    assert_eq!(staff.api(product).await.data()["stock"], before + 5);
}

#[tokio::test]
async fn a_refused_request_does_not_use_its_key_up() {
    let server = shop().await;
    let mut staff = server.program(Role::Staff).await;
    let refused = json!({ "change": -1_000, "reason": "Sold" });
    let refused = keyed(&mut staff, STOCK, "key-1", refused).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mended = json!({ "change": -1, "reason": "Sold" });
    let mended = keyed(&mut staff, STOCK, "key-1", mended).await;
    assert_eq!(mended.status, StatusCode::CREATED, "{}", mended.body);
}

#[tokio::test]
async fn a_double_click_counts_once() {
    let server = shop().await;
    let mut staff = server.signed_in(Role::Staff).await;
    let edit = "/products/chefs-knife/edit";
    let cases = [
        (
            "/products/new",
            "/products/new",
            "/api/v1/products",
            vec![
                ("name", "Gaiwan"),
                ("price", "12"),
                ("category", "home"),
                ("active", "on"),
            ],
        ),
        (
            "/categories",
            "/categories",
            "/api/v1/categories",
            vec![("name", "Tea")],
        ),
        (
            edit,
            "/products/chefs-knife/stock",
            STOCK,
            vec![("change", "5"), ("reason", "Delivery")],
        ),
    ];
    for (page, action, list, fields) in cases {
        let mut fields: Vec<(&str, &str)> = fields;
        let before = count(&mut staff, list).await;
        let page = staff.page(page).await;
        let key = field(form_of(&page, action), "idempotency_key");
        fields.push(("idempotency_key", key));
        let first = staff.post(action, &fields).await;
        let again = staff.post(action, &fields).await;
        assert_eq!(
            first.status,
            StatusCode::SEE_OTHER,
            "{action}: {}",
            first.body
        );
        assert_eq!(
            again.status,
            StatusCode::SEE_OTHER,
            "{action}: {}",
            again.body
        );
        assert_eq!(
            first.header("location"),
            again.header("location"),
            "{action}"
        );
        assert_eq!(count(&mut staff, list).await, before + 1, "{action}");
        // Back at the form, with something else in it: that is another one.
        fields[0].1 = if list == STOCK { "6" } else { "Something else" };
        let other = staff.post(action, &fields).await;
        assert_eq!(
            other.status,
            StatusCode::SEE_OTHER,
            "{action}: {}",
            other.body
        );
        assert_eq!(count(&mut staff, list).await, before + 2, "{action}");
    }
}
