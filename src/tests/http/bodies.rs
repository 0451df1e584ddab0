//! Bodies of requests: each says what it is, is an object, and means what it says and nothing more.

use crate::support::company::{Company, MONEY, PRICE, post};
use crate::support::described::DESCRIPTION;
use crate::support::{Answer, Client, TestServer};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::{Value, json};

/// Every operation that takes a body, its path filled in with what is not there.
fn with_bodies() -> Vec<(Method, String)> {
    let mut found = vec![(Method::POST, "/products".to_owned())];
    for (path, methods) in DESCRIPTION["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("operations") {
            // A file to be imported is no JSON, or not as an API's body is.
            if operation["requestBody"]["content"]["application/json"].is_object() {
                let method = Method::from_bytes(method.to_uppercase().as_bytes());
                let parts = path.split('/').map(|part| match part {
                    "{step}" => "refund",
                    part if part.starts_with('{') => "999999",
                    part => part,
                });
                let path = parts.collect::<Vec<_>>().join("/");
                found.push((method.expect("a method"), path));
            }
        }
    }
    assert!(found.len() > 20, "{found:?}");
    found
}

async fn send(client: &mut Client, method: &Method, path: &str, kind: &str, body: &str) -> Answer {
    let mut headers = vec![
        ("accept", "application/json"),
        ("sec-fetch-site", "same-origin"),
    ];
    if !kind.is_empty() {
        headers.push(("content-type", kind));
    }
    let body = Body::from(body.to_owned());
    client.send(method.clone(), path, &headers, body).await
}

#[tokio::test]
async fn a_body_without_its_type_is_refused_on_every_route() {
    let server = TestServer::start().await;
    let mut admin = server.program(Role::Admin).await;
    for (method, path) in with_bodies() {
        for kind in [
            "",
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/jsonp",
        ] {
            let answer = send(&mut admin, &method, &path, kind, "{\"amount\":100}").await;
            let refused = (answer.status, answer.code());
            assert_eq!(
                refused,
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, 1415),
                "{method} {path} {kind}"
            );
        }
    }
}

#[tokio::test]
async fn a_body_that_is_no_object_is_refused_on_every_route() {
    let server = TestServer::start().await;
    let mut admin = server.program(Role::Admin).await;
    for (method, path) in with_bodies() {
        for body in ["[]", " [1, 2]", "[{}]", "null", "1", "\"refund\"", "true"] {
            let answer = send(&mut admin, &method, &path, "application/json", body).await;
            let refused = (answer.status, answer.code());
            assert_eq!(
                refused,
                (StatusCode::BAD_REQUEST, 2000),
                "{method} {path} {body}"
            );
        }
        for body in ["", "{", "[", "nonsense", "{} {}"] {
            let answer = send(
                &mut admin,
                &method,
                &path,
                "application/json; charset=utf-8",
                body,
            )
            .await;
            assert_eq!(
                answer.status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{method} {path} {body}"
            );
        }
    }
}

#[tokio::test]
async fn an_array_is_no_object_within_a_body_either() {
    let mut company = Company::open().await;
    let mut order = company.order(1, "wallet", "standard");
    order["items"] = json!([[company.product, 1, PRICE]]);
    let answer = post(&mut company.mei, "/api/v1/orders", order).await;
    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, 2000)
    );
    let mut order = company.order(1, "wallet", "standard");
    order["address"] = json!(["Mei Chen", "12 Tower Street", "Shanghai", "200001", "CN"]);
    let answer = post(&mut company.mei, "/api/v1/orders", order).await;
    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, 2000)
    );
    let wallet = company.wallet(&company.mei).await;
    let batch = json!({ "transfers": [["a", wallet, 1, 100]] });
    let answer = post(&mut company.staff, "/api/v1/transfers/batch", batch).await;
    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, 2000)
    );
    let number = company.place(2, "wallet").await;
    for step in ["pack", "ship"] {
        company.step(&number, step, json!({})).await;
    }
    let path = format!("/api/v1/orders/{number}/return");
    let back = json!({ "items": [[company.product, 1]] });
    let answer = post(&mut company.staff, &path, back).await;
    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, 2000)
    );
}

/// The items returned and the amount refunded of the order.
async fn moved(company: &Company, number: &str) -> (Value, Value) {
    let path = format!("/api/v1/orders/{number}");
    let order = company.staff.clone().api(&path).await.data();
    (
        order["items"][0]["returned"].clone(),
        order["refunded"].clone(),
    )
}

#[tokio::test]
async fn a_return_and_a_refund_say_what_they_move() {
    let mut company = Company::open().await;
    let number = company.place(3, "wallet").await;
    for step in ["pack", "ship"] {
        company.step(&number, step, json!({})).await;
    }
    let product = company.product;
    let one = json!([{ "product_id": product, "quantity": 1 }]);
    let refused = [
        ("return", "items", json!({})),
        (
            "return",
            "items",
            json!({ "all": false, "reason": "too loud" }),
        ),
        ("return", "items", json!({ "amount": 100 })),
        ("return", "items", json!({ "all": true, "items": one })),
        ("return", "items", json!({ "items": [] })),
        ("refund", "amount", json!({})),
        ("refund", "amount", json!({ "to": "bank" })),
        ("refund", "amount", json!({ "all": true, "amount": 100 })),
    ];
    for (step, field, body) in refused {
        let path = format!("/api/v1/orders/{number}/{step}");
        let answer = post(&mut company.staff, &path, body.clone()).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{step} {body}"
        );
        assert!(
            answer.json()["errors"][field].is_string(),
            "{step} {body}: {}",
            answer.body
        );
    }
    // Nothing at all is as little as an empty object.
    for step in ["return", "refund"] {
        let path = format!("/api/v1/orders/{number}/{step}");
        let answer = send(&mut company.staff, &Method::POST, &path, "", "").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{step}");
    }
    assert_eq!(moved(&company, &number).await, (json!(0), json!(0)));
    company
        .step(&number, "return", json!({ "items": one }))
        .await;
    company
        .step(&number, "refund", json!({ "amount": 100 }))
        .await;
    assert_eq!(moved(&company, &number).await, (json!(1), json!(100)));
    company
        .step(&number, "return", json!({ "all": true }))
        .await;
    company
        .step(&number, "refund", json!({ "all": true }))
        .await;
    let all = 3 * PRICE + 1_000;
    assert_eq!(moved(&company, &number).await, (json!(3), json!(all)));
    let wallet = company.mei.api("/api/v1/wallet").await.data();
    assert_eq!(wallet["balance"], MONEY);
}

#[tokio::test]
async fn the_other_steps_take_an_empty_object_and_a_version_counts_however_it_comes() {
    let mut company = Company::open().await;
    let number = company.place(1, "invoice").await;
    let path = |step: &str| format!("/api/v1/orders/{number}/{step}");
    let stale = json!({ "version": 7 }).to_string();
    for step in ["pay", "cancel"] {
        let untyped = send(&mut company.staff, &Method::POST, &path(step), "", &stale).await;
        assert_eq!(untyped.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{step}");
        for kind in ["application/json", "application/merge-patch+json"] {
            let answer = send(&mut company.staff, &Method::POST, &path(step), kind, &stale).await;
            assert_eq!(
                (answer.status, answer.code()),
                (StatusCode::CONFLICT, 3001),
                "{step}"
            );
        }
    }
    let paid = send(&mut company.staff, &Method::POST, &path("pay"), "", "").await;
    assert_eq!(
        paid.data()["status"],
        "paid",
        "nothing to be said, and nothing is"
    );
    for (step, status) in [
        ("pack", "packed"),
        ("ship", "shipped"),
        ("deliver", "delivered"),
    ] {
        let answer = post(&mut company.staff, &path(step), json!({})).await;
        assert_eq!(answer.data()["status"], status);
    }
}
