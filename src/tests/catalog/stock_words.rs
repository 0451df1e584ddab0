//! Stock levels: numbers for staff, words for everybody else.

use crate::support::Client;
use crate::support::company::{Company, post};
use axum::http::Method;
use guildhall::accounts::Role;
use serde_json::{Value, json};

async fn one(client: &mut Client, product: i64) -> Value {
    client
        .api(&format!("/api/v1/products/{product}"))
        .await
        .data()
}

async fn listed(client: &mut Client) -> Value {
    client.api("/api/v1/products").await.data()["items"][0].clone()
}

async fn in_cart(client: &mut Client, product: i64) -> Value {
    let path = format!("/api/v1/cart/items/{product}");
    let put = json!({ "quantity": 1 });
    let answer = client.send_json(Method::PUT, &path, put).await;
    let read = client.api("/api/v1/cart").await.data();
    assert_eq!(answer.data(), read);
    read["items"][0].clone()
}

#[tokio::test]
async fn everybody_reads_words_and_staff_numbers_beside_them() {
    let mut company = Company::with_stock(9).await;
    let product = company.product;
    let mut admin = company.server.program(Role::Admin).await;
    for (stock, word) in [
        (9, "in_stock"),
        (6, "in_stock"),
        (5, "few_left"),
        (1, "few_left"),
    ] {
        let path = format!("/api/v1/products/{product}");
        let change = json!({ "stock": stock });
        let changed = company
            .staff
            .send_json(Method::PATCH, &path, change)
            .await
            .data();
        assert_eq!(
            (&changed["availability"], &changed["stock"]),
            (&json!(word), &json!(stock))
        );
        // Staff look first: what is kept of their list is not what others get.
        for client in [&mut company.staff, &mut admin] {
            for shown in [listed(client).await, one(client, product).await] {
                assert_eq!(
                    (&shown["availability"], &shown["stock"]),
                    (&json!(word), &json!(stock))
                );
            }
            let item = in_cart(client, product).await;
            assert_eq!(
                (&item["availability"], &item["available"]),
                (&json!(word), &json!(stock))
            );
        }
        let mut visitor = company.server.visitor();
        for client in [&mut visitor, &mut company.mei] {
            for shown in [listed(client).await, one(client, product).await] {
                assert_eq!(shown["availability"], word);
                assert!(shown.get("stock").is_none(), "{shown}");
            }
            let item = in_cart(client, product).await;
            assert_eq!(item["availability"], word);
            assert!(item.get("available").is_none(), "{item}");
        }
    }
}

#[tokio::test]
async fn pages_show_words_and_staff_the_number() {
    let mut company = Company::with_stock(9).await;
    let path = format!("/api/v1/products/{}", company.product);
    let few = json!({ "stock": 3 });
    company.staff.send_json(Method::PATCH, &path, few).await;
    let mut visitor = company.server.visitor();
    let mut seller = company.server.signed_in(Role::Staff).await;
    for page in [
        "/products",
        "/products?q=headphones",
        "/products/headphones",
    ] {
        // Staff look first: what is kept of their page is not what others get.
        let shown = seller.page(page).await;
        assert!(shown.contains("Only 3 left"), "{page}: {shown}");
        for client in [&mut visitor, &mut company.mei] {
            let shown = client.page(page).await;
            assert!(shown.contains("Few left"), "{page}: {shown}");
            assert!(!shown.contains("Only 3 left"), "{page}: {shown}");
        }
    }
}

#[tokio::test]
async fn reserved_stock_is_not_available() {
    let mut company = Company::with_stock(9).await;
    company.place(9, "wallet").await;
    let shown = one(&mut company.mei, company.product).await;
    assert_eq!(shown["availability"], "sold_out");
    let shown = one(&mut company.staff, company.product).await;
    assert_eq!(
        (&shown["availability"], &shown["stock"]),
        (&json!("sold_out"), &json!(0))
    );
}

#[tokio::test]
async fn the_simple_protocol_keeps_its_fields_and_a_refusal_says_how_many_there_are() {
    let mut company = Company::with_stock(9).await;
    let product = company.product;
    let mut visitor = company.server.visitor();
    let list = visitor.api("/products").await.json();
    assert_eq!(list[0]["stock"], 9);
    let simple = visitor.api(&format!("/products/{product}")).await.json();
    assert_eq!(simple["stock"], 9);
    let order = company.order(10, "wallet", "standard");
    let refused = post(&mut company.mei, "/api/v1/orders", order).await;
    assert_eq!(refused.code(), 3401);
    assert!(
        refused.body.contains("only 9 of Headphones left"),
        "{}",
        refused.body
    );
}
