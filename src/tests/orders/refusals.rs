//! Refused orders and steps: each has its code, and nothing is written.

use crate::support::company::{Company, PRICE, post, post_keyed};
use crate::support::number;
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::json;

#[tokio::test]
async fn the_same_key_gives_the_same_order() {
    let mut company = Company::with_stock(5).await;
    let body = company.order(1, "wallet", "standard");
    let first = post_keyed(&mut company.mei, "/api/v1/orders", "checkout-1", &body).await;
    let again = post_keyed(&mut company.mei, "/api/v1/orders", "checkout-1", &body).await;
    assert_eq!(
        (again.status, first.data()["number"].clone()),
        (StatusCode::CREATED, again.data()["number"].clone())
    );
    let changed = company.order(2, "wallet", "standard");
    let other = post_keyed(&mut company.mei, "/api/v1/orders", "checkout-1", &changed).await;
    assert_eq!(
        (other.status, other.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, 2003)
    );
    assert_eq!(
        number(&company.server.app, "SELECT COUNT(*) FROM orders").await,
        1
    );
    company.check().await;
}

#[tokio::test]
async fn an_impossible_order_is_refused_with_its_code_and_writes_nothing() {
    let mut company = Company::with_stock(3).await;
    let mut mei = company.mei.clone();
    let body = company.order(4, "wallet", "standard");
    let answer = post(&mut mei, "/api/v1/orders", body).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3401));
    assert!(
        answer.body.contains("only 3 of Headphones left"),
        "{}",
        answer.body
    );

    let mut body = company.order(1, "wallet", "standard");
    body["items"][0]["price"] = json!(PRICE - 100);
    let answer = post(&mut mei, "/api/v1/orders", body).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3402));
    assert!(
        answer.body.contains("from ¥198.00 to ¥199.00"),
        "{}",
        answer.body
    );

    let mut body = company.order(1, "wallet", "standard");
    body.as_object_mut().expect("an object").remove("items");
    let answer = post(&mut mei, "/api/v1/orders", body).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3403));

    let mut body = company.order(0, "gold", "standard");
    body["address"]["country"] = json!("China");
    let answer = post(&mut mei, "/api/v1/orders", body).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let errors = answer.json()["errors"].clone();
    let fields: Vec<_> = errors
        .as_object()
        .expect("by field")
        .keys()
        .cloned()
        .collect();
    assert_eq!(fields, ["address.country", "items", "payment"]);

    let poor = company.server.program(Role::Customer).await;
    let answer = post(
        &mut poor.clone(),
        "/api/v1/orders",
        company.order(1, "wallet", "standard"),
    )
    .await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3101));

    let off_sale = json!({ "active": false });
    company.change_product(company.product, off_sale).await;
    let body = company.order(1, "wallet", "standard");
    let answer = post(&mut mei, "/api/v1/orders", body).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3401));
    assert_eq!(
        number(&company.server.app, "SELECT COUNT(*) FROM orders").await,
        0
    );
    assert_eq!(company.stock().await, (3, 0));
    company.check().await;
}

#[tokio::test]
async fn an_illegal_step_says_which_are_possible() {
    let mut company = Company::with_stock(3).await;
    let number = company.place(1, "wallet").await;
    let path = format!("/api/v1/orders/{number}/ship");
    let answer = post(&mut company.staff, &path, json!({})).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3404));
    assert!(
        answer.body.contains("Possible now: pack, cancel order."),
        "{}",
        answer.body
    );
    let answer = post(
        &mut company.mei,
        &format!("/api/v1/orders/{number}/pack"),
        json!({}),
    )
    .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.body);
    let answer = post(&mut company.mei, &path, json!({})).await;
    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::CONFLICT, 3404),
        "staff cannot ship it yet either"
    );
    let expire = format!("/api/v1/orders/{number}/expire");
    assert_eq!(
        post(&mut company.staff, &expire, json!({})).await.status,
        StatusCode::CONFLICT
    );
    company.check().await;
}

#[tokio::test]
async fn a_blocked_step_says_which_are_possible() {
    let mut company = Company::with_stock(3).await;
    let number = company.place(1, "wallet").await;
    let path = |step: &str| format!("/api/v1/orders/{number}/{step}");
    for (step, else_possible) in [("pack", "cancel order."), ("ship", "cancel order, refund.")] {
        let flagged = company
            .step(&number, "flag", json!({ "reason": "odd address" }))
            .await;
        assert_eq!(flagged["flagged"], true);
        let answer = post(&mut company.staff, &path(step), json!({})).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3406));
        let possible = format!("Possible now: {else_possible}");
        assert!(answer.body.contains(&possible), "{}", answer.body);
        let cleared = company.step(&number, "clear", json!({})).await;
        assert_eq!(cleared["flagged"], false);
        company.step(&number, step, json!({})).await;
    }
    company
        .step(&number, "return", json!({ "all": true }))
        .await;
    company
        .step(&number, "refund", json!({ "all": true }))
        .await;
    let answer = post(&mut company.staff, &path("refund"), json!({})).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        answer.body.contains("Nothing more can be done with it."),
        "{}",
        answer.body
    );
    company.check().await;
}

#[tokio::test]
async fn programs_of_staff_flag_an_order_once_and_clear_what_they_have_seen() {
    let mut company = Company::with_stock(3).await;
    let number = company.place(1, "wallet").await;
    let flag = format!("/api/v1/orders/{number}/flag");
    let clear = format!("/api/v1/orders/{number}/clear");
    let reason = json!({ "reason": "New customer", "version": 2 });
    for (path, body) in [(&flag, &reason), (&clear, &json!({}))] {
        let answer = post(&mut company.mei, path, body.clone()).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.body);
        let answer = post(&mut company.server.visitor(), path, body.clone()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", answer.body);
    }
    for reason in [" ".to_owned(), "x".repeat(201)] {
        let answer = post(&mut company.staff, &flag, json!({ "reason": reason })).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains("reason"), "{}", answer.body);
    }
    assert_eq!(company.count("order_events").await, 2);

    for _ in 0..2 {
        let answer = post_keyed(&mut company.staff, &flag, "hold-it", &reason).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let order = answer.data();
        assert_eq!(
            (&order["flagged"], &order["version"]),
            (&json!(true), &json!(3))
        );
    }
    let answer = post(&mut company.staff, &flag, json!({ "reason": "Twice" })).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3410));
    let answer = post(&mut company.staff, &clear, json!({ "version": 2 })).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
    assert_eq!(company.count("order_events").await, 3);

    let answer = post(&mut company.staff, &clear, json!({ "version": 3 })).await;
    assert_eq!(answer.data()["flagged"], false, "{}", answer.body);
    let answer = post(&mut company.staff, &clear, json!({})).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3410));
    company.check().await;
}

#[tokio::test]
async fn a_program_agrees_to_a_price_that_moved_in_its_cart() {
    let mut company = Company::with_stock(3).await;
    let item = format!("/api/v1/cart/items/{}", company.product);
    let quantity = json!({ "quantity": 1 });
    company
        .mei
        .send_json(Method::PUT, &item, quantity.clone())
        .await;
    let product = format!("/api/v1/products/{}", company.product);
    let price = json!({ "price": PRICE + 100 });
    company
        .staff
        .send_json(Method::PATCH, &product, price)
        .await;
    let mut body = company.order(1, "wallet", "standard");
    body.as_object_mut().expect("an object").remove("items");
    let answer = post(&mut company.mei, "/api/v1/orders", body.clone()).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3402));
    assert!(
        answer
            .body
            .contains("set the quantity of its product in the cart once more"),
        "{}",
        answer.body
    );
    company.mei.send_json(Method::PUT, &item, quantity).await;
    let answer = post(&mut company.mei, "/api/v1/orders", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    company.check().await;
}

#[tokio::test]
async fn an_order_too_large_for_the_books_is_refused() {
    let mut company = Company::with_stock(999).await;
    let product = format!("/api/v1/products/{}", company.product);
    let price = json!({ "price": 1_000_000_000_000_i64 });
    let answer = company
        .staff
        .send_json(Method::PATCH, &product, price)
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    // 999 of it are just below what the books take, and with a fee above.
    let mut dear =
        json!({ "name": "Dear", "price": 1_000_000_000_000_i64, "category": "audio", "stock": 2 });
    dear["name"] = json!("Another");
    let made = post(&mut company.staff, "/api/v1/products", dear)
        .await
        .data();
    let mut body = company.order(999, "invoice", "standard");
    let items = body["items"].as_array_mut().expect("items");
    items.push(json!({ "product_id": made["id"], "quantity": 1 }));
    let answer = post(&mut company.mei, "/api/v1/orders", body).await;
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        answer.body
    );
    assert!(answer.json()["errors"]["items"].is_string());
    assert_eq!(company.stock().await.1, 0, "nothing stays reserved");
}

#[tokio::test]
async fn an_order_is_its_customers_alone() {
    let mut company = Company::with_stock(3).await;
    let number = company.place(1, "wallet").await;
    let mut other = company.server.program(Role::Customer).await;
    for path in [
        format!("/api/v1/orders/{number}"),
        format!("/api/v1/orders/{number}/events"),
    ] {
        assert_eq!(
            other.api(&path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
        assert_eq!(
            company.server.visitor().api(&path).await.status,
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
    }
    let cancel = format!("/api/v1/orders/{number}/cancel");
    assert_eq!(
        post(&mut other, &cancel, json!({})).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(other.api("/api/v1/orders").await.data()["items"], json!([]));
    assert_eq!(
        company.staff.api("/api/v1/orders").await.data()["items"][0]["number"],
        json!(number)
    );
}
