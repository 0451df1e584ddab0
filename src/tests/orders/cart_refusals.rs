//! Products that cannot be had: refused or marked in the cart, with what was typed kept.

use super::carts::{add, cart, lines, put, undo_of, went};
use crate::support::company::Company;
use axum::http::StatusCode;
use guildhall::accounts::Role;
use serde_json::{Value, json};

#[tokio::test]
async fn more_than_there_is_is_refused_and_what_was_typed_stays() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 900, 3).await;
    let mut visitor = company.server.visitor();
    add(&mut visitor, mug, 2).await;
    company.wait(2);
    visitor.referer = Some("/products/plain-mug".to_owned());
    let answer = add(&mut visitor, mug, 7).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let page = answer.body;
    assert!(page.contains("There are only 3 of Plain mug left. And 2 are in your cart."));
    assert!(page.contains("Choose at most 1.") && page.contains("aria-invalid=\"true\""));
    assert!(page.contains("value=\"7\""), "what was typed");

    visitor.referer = Some("/products?q=plain".to_owned());
    let answer = add(&mut visitor, mug, 2).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.body.contains("There are only 3 of Plain mug left."));
    assert!(answer.body.contains("role=\"alert\""));
    let mut other = company.server.visitor();
    let list = other.page("/products?q=plain").await;
    assert!(
        !list.contains("There are only 3"),
        "that was for one person"
    );
    visitor.referer = Some("/".to_owned());
    let answer = add(&mut visitor, mug, 2).await;
    assert!(answer.body.contains("There are only 3 of Plain mug left."));

    visitor.referer = Some("/cart".to_owned());
    let set = format!("/cart/items/{mug}");
    for (typed, status, said) in [
        (
            "5",
            StatusCode::CONFLICT,
            "There are only 3 of Plain mug left.",
        ),
        ("1000", StatusCode::UNPROCESSABLE_ENTITY, "Choose 0 to 999"),
        ("-1", StatusCode::UNPROCESSABLE_ENTITY, "Choose 0 to 999"),
        (
            "two",
            StatusCode::UNPROCESSABLE_ENTITY,
            "Write a whole number",
        ),
    ] {
        let answer = visitor.post(&set, &[("quantity", typed)]).await;
        assert_eq!(answer.status, status, "{typed}");
        assert!(answer.body.contains(said), "{typed}");
        assert!(
            answer.body.contains(&format!("value=\"{typed}\"")),
            "{typed}"
        );
    }
    for quantity in [0, -1, 1_000] {
        let answer = add(&mut visitor, mug, quantity).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{quantity}"
        );
    }
    assert_eq!(lines(&mut visitor).await, [(mug, 2)]);
    company.change_product(mug, json!({ "stock": 0 })).await;
    visitor.referer = Some("/products/plain-mug".to_owned());
    let answer = add(&mut visitor, mug, 1).await;
    assert!(
        answer.body.contains("Plain mug is sold out."),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn a_product_not_for_sale_cannot_be_added() {
    let mut company = Company::open().await;
    let mug = company.product("Secret mug", 900, 3).await;
    let mut visitor = company.server.visitor();
    add(&mut visitor, mug, 1).await;
    visitor
        .post(&format!("/cart/items/{mug}/remove"), &[])
        .await;
    let undo = undo_of(&visitor.page("/cart").await);
    company
        .change_product(mug, json!({ "active": false }))
        .await;
    visitor.referer = Some("/products".to_owned());
    let answers = [
        add(&mut visitor, mug, 1).await,
        visitor.post(&undo, &[]).await,
        put(&mut visitor, mug, 1).await,
    ];
    for answer in answers {
        assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
        assert!(!answer.body.contains("Secret"), "{}", answer.body);
    }
    assert_eq!(put(&mut visitor, mug, 1).await.code(), 3409);
    assert_eq!(
        put(&mut visitor, 4_444, 1).await.status,
        StatusCode::NOT_FOUND
    );
    let answer = add(&mut visitor, 4_444, 1).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.body.contains("There is no such product."));
    assert_eq!(lines(&mut visitor).await, []);
}

#[tokio::test]
async fn a_price_that_moved_is_shown_until_it_is_agreed_to() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 19_900, 5).await;
    let mut customer = company.server.signed_in(Role::Customer).await;
    add(&mut customer, mug, 2).await;
    company
        .change_product(mug, json!({ "price": 20_900 }))
        .await;
    for _ in 0..2 {
        let page = customer.page("/cart").await;
        assert!(page.contains("was ¥199.00, now ¥209.00"), "{page}");
        assert!(page.contains("Use the new prices") && page.contains("¥418.00"));
    }
    let shown = cart(&mut customer).await;
    let item = &shown["items"][0];
    assert_eq!(
        (&item["price"], &item["seen_price"]),
        (&json!(20_900), &json!(19_900))
    );
    assert_eq!(item["notes"][0]["kind"], "price_moved");
    assert_eq!(shown["orderable"], true);
    // A quantity is no word on the price.
    customer
        .post(&format!("/cart/items/{mug}"), &[("quantity", "3")])
        .await;
    assert!(customer.page("/cart").await.contains("was ¥199.00"));

    // It moves once more before the button is pressed.
    company
        .change_product(mug, json!({ "price": 21_900 }))
        .await;
    let seen = format!("{mug}:20900");
    went(
        &customer.post("/cart/seen", &[("seen", &seen)]).await,
        "/cart",
    );
    assert!(
        customer
            .page("/cart")
            .await
            .contains("was ¥199.00, now ¥219.00")
    );
    let seen = format!("{mug}:21900");
    went(
        &customer.post("/cart/seen", &[("seen", &seen)]).await,
        "/cart",
    );
    assert!(!customer.page("/cart").await.contains("was ¥"));

    company
        .change_product(mug, json!({ "price": 22_900 }))
        .await;
    customer.post("/cart/seen", &[]).await;
    assert_eq!(cart(&mut customer).await["items"][0]["seen_price"], 22_900);
    company
        .change_product(mug, json!({ "price": 23_900 }))
        .await;
    let body = put(&mut customer, mug, 3).await.data();
    assert_eq!(body["items"][0]["seen_price"], 23_900);
}

#[tokio::test]
async fn an_unavailable_product_is_marked_and_blocks_the_checkout() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 1_000, 5).await;
    let lamp = company.product("Reading lamp", 12_900, 5).await;
    let pen = company.product("Blue pen", 300, 5).await;
    let mut visitor = company.server.visitor();
    for product in [mug, lamp, pen] {
        add(&mut visitor, product, 4).await;
    }
    company.change_product(mug, json!({ "stock": 2 })).await;
    company.change_product(lamp, json!({ "stock": 0 })).await;
    company
        .change_product(pen, json!({ "active": false }))
        .await;
    let page = visitor.page("/cart").await;
    for said in [
        "Only 2 are left.",
        "Take 2",
        "Sold out",
        "It is sold out.",
        "No longer for sale",
        "Before you can order",
        "¥40.00",
    ] {
        assert!(page.contains(said), "{said}");
    }
    assert!(!page.contains("/checkout"), "closed");
    let shown = cart(&mut visitor).await;
    assert_eq!(
        (&shown["subtotal"], &shown["count"], &shown["orderable"]),
        (&json!(4_000), &json!(12), &json!(false))
    );
    let kinds: Vec<&Value> = (0..3)
        .map(|line| &shown["items"][line]["notes"][0]["kind"])
        .collect();
    assert_eq!(kinds, ["too_few", "sold_out", "not_for_sale"]);

    let take = format!("/cart/items/{mug}");
    went(&visitor.post(&take, &[("quantity", "2")]).await, "/cart");
    for product in [lamp, pen] {
        visitor
            .post(&format!("/cart/items/{product}/remove"), &[])
            .await;
    }
    let page = visitor.page("/cart").await;
    assert!(page.contains("href=\"/checkout\"") && !page.contains("Before you can order"));
}
