//! Products over the JSON API and the simple shop protocol.

use crate::catalog::lists::{searched, shop};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use guildhall::catalog::seed_products;
use serde_json::json;

#[tokio::test]
async fn the_api_makes_reads_changes_and_takes_off_sale() {
    let server = shop().await;
    let mut staff = server.program(Role::Staff).await;
    let body =
        json!({ "name": "Brass Ruler", "price": 4_500, "category": "stationery", "stock": 7 });
    let made = staff
        .send_json(Method::POST, "/api/v1/products", body.clone())
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let product = made.data();
    assert_eq!(
        made.header("location"),
        format!("/api/v1/products/{}", product["id"])
    );
    let fields: Vec<&String> = product.as_object().expect("an object").keys().collect();
    let mut wanted = vec![
        "id",
        "slug",
        "name",
        "description",
        "description_translations",
        "language",
        "name_translations",
        "price",
        "currency",
        "category",
        "availability",
        "stock",
        "active",
        "image_url",
        "version",
        "created_at",
        "updated_at",
    ];
    wanted.sort_unstable();
    let mut sorted = fields.clone();
    sorted.sort();
    assert_eq!(sorted, wanted);
    assert_eq!(
        (&product["slug"], &product["currency"]),
        (&json!("brass-ruler"), &json!("CNY"))
    );
    assert_eq!(product["id"], 25, "the ids of the demo are taken");

    let again = staff
        .send_json(Method::POST, "/api/v1/products", body)
        .await;
    assert_eq!(again.data()["slug"], "brass-ruler-26");
    let taken = json!({ "name": "X", "price": 1, "slug": "brass-ruler" });
    let taken = staff
        .send_json(Method::POST, "/api/v1/products", taken)
        .await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(taken.json()["errors"]["slug"].is_string());
    let bad = json!({ "name": " ", "price": -1, "category": "nowhere", "stock": -1 });
    let bad = staff.send_json(Method::POST, "/api/v1/products", bad).await;
    let errors = bad.json()["errors"].clone();
    for field in ["name", "price", "category", "stock"] {
        assert!(errors[field].is_string(), "{field}: {errors}");
    }

    let path = format!("/api/v1/products/{}", product["id"]);
    let change = json!({ "price": 5_000, "stock": 3, "version": 1 });
    let changed = staff.send_json(Method::PATCH, &path, change.clone()).await;
    assert_eq!(changed.data()["price"], 5_000);
    assert_eq!(
        (&changed.data()["version"], &changed.data()["stock"]),
        (&json!(2), &json!(3))
    );
    let stale = staff.send_json(Method::PATCH, &path, change).await;
    assert_eq!((stale.status, stale.code()), (StatusCode::CONFLICT, 3001));
    assert_eq!(
        staff
            .send_json(Method::DELETE, &path, json!({}))
            .await
            .status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        staff.api(&path).await.data()["active"],
        false,
        "staff still see it"
    );
    let mut anyone = server.visitor();
    assert_eq!(anyone.api(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        anyone.api("/api/v1/products/brass-ruler").await.status,
        StatusCode::NOT_FOUND
    );
    assert!(
        searched(&mut anyone, "brass ruler")
            .await
            .iter()
            .all(|id| *id != 25)
    );
    assert_eq!(
        anyone.api("/api/v1/products/%00").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_resource_the_client_has_is_not_sent_again() {
    let server = shop().await;
    let mut client = server.program(Role::Staff).await;
    for path in [
        "/api/v1/products",
        "/api/v1/products/2",
        "/products",
        "/products/2",
    ] {
        let first = client.api(path).await;
        let tag = first.header("etag").to_owned();
        assert!(!tag.is_empty(), "{path}");
        let headers = [("accept", "*/*"), ("if-none-match", tag.as_str())];
        let again = client
            .send(Method::GET, path, &headers, Body::empty())
            .await;
        assert_eq!(
            (again.status, again.body.as_str()),
            (StatusCode::NOT_MODIFIED, ""),
            "{path}"
        );
        assert_eq!(again.header("etag"), tag);
        client
            .send_json(
                Method::PATCH,
                "/api/v1/products/2",
                json!({ "stock": path.len() }),
            )
            .await;
        let changed = client
            .send(Method::GET, path, &headers, Body::empty())
            .await;
        assert_eq!(changed.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn the_simple_protocol_gets_bare_json_and_a_browser_a_page() {
    let server = shop().await;
    let mut anyone = server.visitor();
    let list = anyone.api("/products").await;
    assert_eq!(
        list.header("content-type"),
        "application/json; charset=utf-8"
    );
    assert!(list.header("vary").contains("accept"));
    let items = list.json();
    assert_eq!(items.as_array().map(Vec::len), Some(24));
    assert_eq!(
        (&items[0]["id"], &items[0]["name"]),
        (&json!(1), &json!("无线耳机"))
    );
    assert_eq!(items[0]["price"], 19_900);
    let fields: Vec<&String> = items[0].as_object().expect("an object").keys().collect();
    assert_eq!(fields.len(), 4, "id, name, price, stock: {fields:?}");
    for path in ["/products/2", "/products/mechanical-keyboard"] {
        let one = anyone.api(path).await;
        assert_eq!(
            (&one.json()["name"], &one.json()["price"]),
            (&json!("机械键盘"), &json!(89_900))
        );
        assert!(one.json()["description"].is_string());
        assert_eq!(
            one.header("content-type"),
            "application/json; charset=utf-8"
        );
        let page = anyone.page(path).await;
        assert!(page.contains("<html") && page.contains("Mechanical keyboard"));
    }
    for path in ["/products/999", "/products/no-such-thing"] {
        let missing = anyone.api(path).await;
        assert_eq!(
            (missing.status, missing.code()),
            (StatusCode::NOT_FOUND, 1404)
        );
        let missing = anyone.get(path).await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND);
        assert!(missing.header("content-type").starts_with("text/html"));
    }
    assert!(list.header("link").is_empty());
    seed_products(&server.app, 100, &|_| {})
        .await
        .expect("seeds");
    let first = anyone.api("/products").await;
    assert_eq!(first.json().as_array().map(Vec::len), Some(100));
    assert_eq!(first.header("link"), "</products?after=100>; rel=\"next\"");
    let rest = anyone.api("/products?after=100").await;
    assert_eq!(rest.json().as_array().map(Vec::len), Some(24));

    let body = json!({ "name": "手冲滤纸", "price": 2_900 });
    assert_eq!(
        anyone
            .send_json(Method::POST, "/products", body.clone())
            .await
            .status,
        StatusCode::UNAUTHORIZED
    );
    let mut staff = server.program(Role::Staff).await;
    let made = staff.send_json(Method::POST, "/products", body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    assert_eq!(made.header("location"), "/products/125");
    assert_eq!(
        (&made.json()["id"], &made.json()["name"]),
        (&json!(125), &json!("手冲滤纸"))
    );
    assert_eq!(searched(&mut anyone, "滤纸").await, [125]);
}
