//! Settings of the shop: what delivery costs, and how long an unpaid order stands.

use crate::support::company::{Company, PRICE, STOCK, made, post, word};
use crate::support::number;
use axum::http::{Method, StatusCode};
use guildhall::orders::expire_orders;
use serde_json::json;

#[tokio::test]
async fn delivery_costs_what_the_configuration_says() {
    for (standard, express) in [(777, 4_321), (0, 0)] {
        let mut company = Company::open_with(|config| {
            config.orders.standard_fee = standard;
            config.orders.express_fee = express;
        })
        .await;
        for (delivery, fee) in [("standard", standard), ("express", express)] {
            let body = company.order(2, "wallet", delivery);
            let answer = post(&mut company.mei, "/api/v1/orders", body).await;
            made(&answer);
            let order = answer.data();
            assert_eq!(order["delivery_fee"], fee, "{delivery}: {order}");
            assert_eq!(order["total"], 2 * PRICE + fee, "{delivery}");
            let held = "SELECT amount FROM holds ORDER BY seq DESC LIMIT 1";
            let held = number(&company.server.app, held).await;
            assert_eq!(held, 2 * PRICE + fee, "{delivery}: what is set aside");
        }
    }
}

#[tokio::test]
async fn pages_name_the_fees_and_minutes_of_the_configuration() {
    let company = Company::open_with(|config| {
        config.orders.standard_fee = 777;
        config.orders.express_fee = 4_321;
        config.orders.unpaid_minutes = 7;
    })
    .await;
    let user = company.mei.user.clone().expect("Mei");
    let mut browser = company.server.sign_in(&user).await;
    let line = format!("/api/v1/cart/items/{}", company.product);
    let answer = browser
        .send_json(Method::PUT, &line, json!({ "quantity": 1 }))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let cart = browser.page("/cart").await;
    for amount in ["¥7.77", "¥43.21"] {
        assert!(cart.contains(amount), "{amount}");
    }
    let checkout = browser.page("/checkout").await;
    for words in ["¥7.77", "¥43.21", "¥206.77", "¥242.21", "for 7 minutes"] {
        assert!(checkout.contains(words), "{words}");
    }
    for page in [cart, checkout] {
        assert!(!page.contains("¥10.00") && !page.contains("¥25.00"));
    }
}

#[tokio::test]
async fn a_fee_that_changes_while_the_server_runs_counts_for_the_next_order() {
    let mut company = Company::open_with(|config| config.orders.standard_fee = 777).await;
    let app = &company.server.app;
    let mut config = app.config.clone();
    config.orders.standard_fee = 555;
    app.config.replace(config);
    let body = company.order(2, "wallet", "standard");
    let answer = post(&mut company.mei, "/api/v1/orders", body).await;
    made(&answer);
    assert_eq!(answer.data()["total"], 2 * PRICE + 555);
}

#[tokio::test]
async fn an_unpaid_order_stands_for_as_long_as_the_configuration_says() {
    for minutes in [1, 90] {
        let mut company = Company::open_with(|config| config.orders.unpaid_minutes = minutes).await;
        let order = company.place(4, "invoice").await;
        let app = company.server.app.clone();
        let path = format!("/api/v1/orders/{order}");
        let seen = company.mei.api(&path).await.data();
        let until = app.clock.now().plus_seconds(minutes * 60);
        assert_eq!(word(&seen["expires_at"]), until.rfc3339());

        app.clock.advance(minutes * 60 - 1);
        assert_eq!(expire_orders(&app).await, Ok(0), "{minutes}: not yet");
        assert_eq!(number(&app, "SELECT reserved FROM products").await, 4);
        app.clock.advance(1);
        assert_eq!(expire_orders(&app).await, Ok(1), "{minutes}: now");
        assert_eq!(number(&app, "SELECT reserved FROM products").await, 0);
        assert_eq!(number(&app, "SELECT on_hand FROM products").await, STOCK);
    }
}
