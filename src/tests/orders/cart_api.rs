//! The cart through the API, and as the islands call it.

use super::carts::{CART, cart, lines, put};
use crate::support::Client;
use crate::support::company::Company;
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::json;

#[tokio::test]
async fn the_api_reads_and_writes_the_cart() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 900, 5).await;
    let mut program = company.server.program(Role::Customer).await;
    let mut visitor = company.server.visitor();
    for client in [&mut program, &mut visitor] {
        let empty = cart(client).await;
        assert_eq!(
            empty,
            json!({ "items": [], "count": 0, "subtotal": 0, "currency": "CNY", "orderable": false })
        );
        assert_eq!(put(client, mug, 0).await.data(), empty);
        assert!(!client.cookies.contains_key("cart"));
        for _ in 0..2 {
            let answer = put(client, mug, 3).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
            let shown = answer.data();
            assert_eq!(
                (&shown["count"], &shown["subtotal"]),
                (&json!(3), &json!(2_700))
            );
            let item = json!({
                "product_id": mug, "slug": "plain-mug", "name": "Plain mug", "name_translations": {}, "image_url": null,
                "quantity": 3, "price": 900, "seen_price": 900, "availability": "few_left", "active": true,
                "total": 2_700, "notes": [],
            });
            assert_eq!(shown["items"], json!([item]));
            assert_eq!(shown, cart(client).await);
        }
        let answer = put(client, mug, 6).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3401));
        assert_eq!(
            put(client, mug, -1).await.json()["errors"]["quantity"],
            "Choose 0 to 999; 0 takes it out."
        );
        let path = format!("{CART}/items/{mug}");
        for body in [
            json!({}),
            json!({ "quantity": "3" }),
            json!({ "quantity": 1, "price": 1 }),
        ] {
            let answer = client.send_json(Method::PUT, &path, body).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let headers = [("sec-fetch-site", "same-origin")];
        for _ in 0..2 {
            let answer = client
                .send(Method::DELETE, &path, &headers, "".into())
                .await;
            assert_eq!(answer.status, StatusCode::NO_CONTENT);
        }
        assert_eq!(lines(client).await, []);
    }
    assert!(visitor.cookies.contains_key("cart"));
    assert!(
        !program.cookies.contains_key("cart"),
        "a program has its token"
    );
}

#[tokio::test]
async fn an_order_without_items_takes_those_of_the_cart() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 900, 5).await;
    let mut customer = company.server.program(Role::Customer).await;
    put(&mut customer, mug, 2).await;
    let order = json!({
        "address": { "name": "Ann", "phone": "+86 20 1234 5678", "line1": "1 Long Street",
                     "city": "Guangzhou", "postal_code": "510000", "country": "CN" },
        "delivery": "standard", "payment": "invoice",
    });
    let answer = customer
        .send_json(Method::POST, "/api/v1/orders", order)
        .await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    assert_eq!(answer.data()["items"][0]["quantity"], 2);
    assert_eq!(lines(&mut customer).await, []);
    put(&mut customer, mug, 3).await;
    assert_eq!(
        put(&mut customer, mug, 4).await.code(),
        3401,
        "two are spoken for"
    );
}

#[tokio::test]
async fn the_islands_are_answered_as_the_forms_are() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 900, 3).await;
    let mut visitor = company.server.visitor();
    let headers = [
        ("accept", "application/json"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("sec-fetch-site", "same-origin"),
    ];
    let ask = async |client: &mut Client, product: i64, quantity: i64, more: bool| {
        let body = format!("product_id={product}&quantity={quantity}&more={more}");
        let answer = client
            .send(Method::POST, "/fn/change_cart", &headers, body.into())
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer
    };
    let answer = ask(&mut visitor, mug, 2, true).await;
    assert_eq!(answer.header("clear-site-data"), "\"prefetchCache\"");
    let said = answer.json();
    assert_eq!((&said["agreed"], &said["count"]), (&json!(true), &json!(2)));
    assert_eq!(said["said"], "Plain mug is in your cart.");
    assert_eq!(lines(&mut visitor).await, [(mug, 2)]);
    // At once after the first: the island sees to double clicks by itself, so this is another click.
    let answer = ask(&mut visitor, mug, 1, true).await;
    assert_eq!(answer.json()["count"], 3);
    ask(&mut visitor, mug, 2, false).await;
    let answer = ask(&mut visitor, mug, 3, false).await;
    assert_eq!(answer.json()["count"], 3);
    for (product, quantity, more, said) in [
        (
            mug,
            4,
            false,
            "There are only 3 of Plain mug left. Choose at most 3.",
        ),
        (mug, 1_000, false, "Choose 0 to 999; 0 takes it out."),
        (4_444, 1, true, "There is no such product."),
    ] {
        let answer = ask(&mut visitor, product, quantity, more).await.json();
        assert_eq!(
            (&answer["agreed"], &answer["said"]),
            (&json!(false), &json!(said))
        );
    }
    assert_eq!(lines(&mut visitor).await, [(mug, 3)]);
    let mut customer = company.server.signed_in(Role::Customer).await;
    ask(&mut customer, mug, 1, false).await;
    assert_eq!(lines(&mut customer).await, [(mug, 1)]);
    assert!(!customer.cookies.contains_key("cart"));
    let elsewhere = [headers[0], headers[1], ("sec-fetch-site", "cross-site")];
    let answer = visitor
        .send(Method::POST, "/fn/change_cart", &elsewhere, "".into())
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_program_empties_its_cart_and_nobody_elses() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 900, 3).await;
    let lamp = company.product("Plain lamp", 900, 3).await;
    let mut mei = company.server.program(Role::Customer).await;
    let mut visitor = company.server.visitor();
    for client in [&mut mei, &mut visitor] {
        for product in [mug, lamp] {
            let path = format!("/api/v1/cart/items/{product}");
            client
                .send_json(Method::PUT, &path, json!({ "quantity": 2 }))
                .await;
        }
    }
    for _ in 0..2 {
        let answer = mei
            .send_json(Method::DELETE, "/api/v1/cart", json!({}))
            .await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
        assert_eq!(lines(&mut mei).await, []);
    }
    assert_eq!(lines(&mut visitor).await, [(mug, 2), (lamp, 2)]);
}
