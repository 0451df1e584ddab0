//! The checkout in a browser without script: what it asks, refuses and keeps.

use super::browsers::{
    ADDRESS, Browsers, Reads, check_out, checkout_fields, count, number_in, send,
};
use crate::support::forms::field;
use crate::support::{Answer, execute, number};
use axum::http::StatusCode;
use guildhall::accounts::User;

#[tokio::test]
async fn a_cart_becomes_an_order() {
    let mut browsers = Browsers::open().await;
    let mei = browsers.mei.id();
    browsers.put(mei, browsers.company.product, 2).await;
    browsers.put(mei, browsers.lamp, 1).await;
    let page = browsers.mei.read("/checkout").await;
    for words in [
        "台灯 Lamp",
        "¥398.00",
        "¥737.00",
        "¥752.00",
        "¥1,000.00 available",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(page.contains("<legend>Delivery address</legend>"));
    let answer = check_out(&mut browsers.mei, &[("delivery", "express")]).await;
    let order = number_in(&answer);
    let thanks = browsers.mei.read(answer.header("location")).await;
    assert!(thanks.contains("Thank you") && thanks.contains(&order) && thanks.contains("¥752.00"));
    let page = browsers.mei.read(&format!("/orders/{order}")).await;
    for words in [
        "We pack it next",
        "南京西路 12",
        "<dd>Wallet</dd>",
        "Express",
        "Authorised",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let list = browsers.mei.read("/orders").await;
    assert!(list.contains(&order) && list.contains("2 × Headphones, 台灯 Lamp"));
    let again = browsers.mei.read("/checkout").await;
    assert!(again.contains("There is nothing in your cart"), "{again}");
    browsers.put(mei, browsers.company.product, 1).await;
    let next = browsers.mei.read("/checkout").await;
    assert!(next.contains("value=\"南京西路 12\"") && next.contains("value=\"200001\""));
    browsers.company.check().await;
}

#[tokio::test]
async fn a_visitor_signs_in_first_and_comes_back() {
    let browsers = Browsers::open().await;
    let mut visitor = browsers.company.server.visitor();
    for path in ["/checkout", "/orders", "/orders/2026-000001", "/orders/all"] {
        let answer = visitor.get(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        let next = path.replace('/', "%2F");
        assert_eq!(answer.header("location"), format!("/login?next={next}"));
    }
    visitor.referer = Some("/checkout".to_owned());
    let answer = visitor.post("/checkout", &ADDRESS).await;
    assert_eq!(answer.header("location"), "/login?next=%2Fcheckout");
}

/// The page that a refused checkout shows has what was typed.
fn assert_kept(answer: &Answer, status: StatusCode) {
    assert_eq!(answer.status, status, "{}", answer.body);
    for kept in [
        "value=\"Mei Chen\"",
        "value=\"南京西路 12\"",
        "value=\"Suzhou\"",
    ] {
        assert!(answer.body.contains(kept), "{kept}: {}", answer.body);
    }
}

const SUZHOU: (&str, &str) = ("address.city", "Suzhou");

#[tokio::test]
async fn a_price_that_moved_is_shown_before_it_is_paid() {
    let mut browsers = Browsers::open().await;
    browsers
        .put(browsers.mei.id(), browsers.company.product, 1)
        .await;
    let page = browsers.mei.read("/checkout").await;
    execute(
        browsers.app(),
        "UPDATE products SET price = 20900 WHERE price = 19900",
    )
    .await;
    browsers.mei.referer = Some("/checkout".to_owned());
    let fields = checkout_fields(&page, &[SUZHOU]);
    let answer = send(&mut browsers.mei, "/checkout", &fields).await;
    assert_kept(&answer, StatusCode::CONFLICT);
    assert!(
        answer
            .body
            .contains("Headphones went from ¥199.00 to ¥209.00.")
    );
    assert_eq!(
        field(&answer.body, "seen"),
        format!("{}:20900:1", browsers.company.product)
    );
    assert!(answer.body.contains("¥219.00"), "the new total");
    assert_eq!(browsers.company.count("orders").await, 0);
    let fields = checkout_fields(&answer.body, &[SUZHOU]);
    number_in(&send(&mut browsers.mei, "/checkout", &fields).await);
    browsers.company.check().await;
}

#[tokio::test]
async fn a_cart_that_changed_elsewhere_is_looked_at_again() {
    let mut browsers = Browsers::open().await;
    let mei = browsers.mei.id();
    browsers.put(mei, browsers.company.product, 1).await;
    let page = browsers.mei.read("/checkout").await;
    browsers.put(mei, browsers.lamp, 1).await;
    browsers.mei.referer = Some("/checkout".to_owned());
    let fields = checkout_fields(&page, &[SUZHOU]);
    let answer = send(&mut browsers.mei, "/checkout", &fields).await;
    assert_kept(&answer, StatusCode::CONFLICT);
    assert!(answer.body.contains("Your cart was changed") && answer.body.contains("台灯 Lamp"));
    assert_eq!(browsers.company.count("orders").await, 0);
}

#[tokio::test]
async fn a_shortage_is_shown_before_and_after_ordering() {
    let mut browsers = Browsers::open().await;
    browsers
        .put(browsers.mei.id(), browsers.company.product, 2)
        .await;
    let page = browsers.mei.read("/checkout").await;
    let stock = "UPDATE products SET on_hand = 1 WHERE price = 19900";
    execute(browsers.app(), stock).await;
    browsers.mei.referer = Some("/checkout".to_owned());
    let fields = checkout_fields(&page, &[SUZHOU]);
    let answer = send(&mut browsers.mei, "/checkout", &fields).await;
    assert_kept(&answer, StatusCode::CONFLICT);
    assert!(answer.body.contains("There is only 1 of Headphones left."));
    assert!(
        answer.body.contains("href=\"/cart\">change your cart"),
        "{}",
        answer.body
    );
    let page = browsers.mei.read("/checkout").await;
    assert!(page.contains("Not all of it can be had") && page.contains("only 1 of Headphones"));
    assert!(!page.contains("Place the order"), "{page}");
    execute(browsers.app(), "UPDATE products SET active = FALSE").await;
    let page = browsers.mei.read("/checkout").await;
    assert!(page.contains("Headphones is no longer for sale."));
    assert_eq!(browsers.company.count("orders").await, 0);
}

#[tokio::test]
async fn too_little_in_the_wallet_leads_to_the_invoice() {
    let mut browsers = Browsers::open().await;
    browsers.put(browsers.mei.id(), browsers.lamp, 4).await;
    let page = browsers.mei.read("/checkout").await;
    assert!(page.contains("too little for this order"), "{page}");
    browsers.mei.referer = Some("/checkout".to_owned());
    let fields = checkout_fields(&page, &[SUZHOU]);
    let answer = send(&mut browsers.mei, "/checkout", &fields).await;
    assert_kept(&answer, StatusCode::CONFLICT);
    assert!(
        answer.body.contains("¥326.00 is missing in your wallet"),
        "{}",
        answer.body
    );
    let fields = checkout_fields(&answer.body, &[SUZHOU]);
    let instead = "/checkout?payment=invoice";
    assert!(answer.body.contains(&format!("formaction=\"{instead}\"")));
    let order = number_in(&send(&mut browsers.mei, instead, &fields).await);
    let page = browsers.mei.read(&format!("/orders/{order}/thanks")).await;
    assert!(
        page.contains("to our bank account.") && page.contains("¥1,326.00"),
        "{page}"
    );
    assert!(page.contains(&format!("<code>{order}</code>")), "{page}");
    browsers.company.check().await;
}

#[tokio::test]
async fn every_fault_of_an_address_is_shown_beside_its_field() {
    let mut browsers = Browsers::open().await;
    browsers.put(browsers.mei.id(), browsers.lamp, 1).await;
    let wrong = [
        ("address.name", ""),
        ("address.country", "China"),
        ("address.phone", "call me"),
        SUZHOU,
    ];
    let answer = check_out(&mut browsers.mei, &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["name", "country", "phone"] {
        let error = format!("id=\"checkout-address.{field}-error\"");
        assert!(answer.body.contains(&error), "{field}: {}", answer.body);
    }
    assert!(answer.body.contains("value=\"Suzhou\""));
    let answer = check_out(
        &mut browsers.mei,
        &[("delivery", "pigeon"), ("payment", "gold")],
    )
    .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        count(&answer.body, "class=\"field-error\""),
        2,
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn a_double_click_a_reload_and_the_way_back_make_one_order() {
    let mut browsers = Browsers::open().await;
    browsers
        .put(browsers.mei.id(), browsers.company.product, 1)
        .await;
    let page = browsers.mei.read("/checkout").await;
    let fields = checkout_fields(&page, &[]);
    let first = number_in(&send(&mut browsers.mei, "/checkout", &fields).await);
    let second = number_in(&send(&mut browsers.mei, "/checkout", &fields).await);
    assert_eq!(first, second);
    browsers.mei.referer = Some("/checkout".to_owned());
    let changed = checkout_fields(&page, &[SUZHOU]);
    let answer = send(&mut browsers.mei, "/checkout", &changed).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        answer
            .body
            .contains("If you have just ordered, it is under"),
        "{}",
        answer.body
    );
    assert_eq!(browsers.company.count("orders").await, 1);
    browsers.company.check().await;
}

#[tokio::test]
async fn staff_order_for_a_customer() {
    let mut browsers = Browsers::open().await;
    let User { email, id, .. } = browsers.mei.user.clone().expect("a customer");
    browsers.sam.read("/orders/new").await;
    browsers.sam.referer = Some("/orders/new".to_owned());
    let headphones = browsers.company.product.to_string();
    let base = [
        ("rows", "3"),
        ("customer", email.as_str()),
        ("product.1", headphones.as_str()),
        ("quantity.1", "2"),
        ("product.2", "lamp"),
        ("quantity.2", ""),
        ("product.3", ""),
        ("delivery", "express"),
        ("payment", "invoice"),
    ];
    let with = |more: &[(&'static str, &'static str)]| [&base[..], &ADDRESS[..], more].concat();
    let answer = browsers
        .sam
        .post("/orders/new", &with(&[("act", "row")]))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    for kept in [
        "value=\"lamp\"",
        "Headphones, ¥199.00, 9 available",
        "台灯 Lamp, ¥329.00",
        "value=\"南京西路 12\"",
        "name=\"product.4\"",
        "¥752.00",
        "value=\"express\" checked",
    ] {
        assert!(answer.body.contains(kept), "{kept}: {}", answer.body);
    }
    assert!(!answer.body.contains("role=\"alert\""), "nothing is wrong");
    let wrong = [
        ("rows", "2"),
        ("customer", "nobody@example.com"),
        ("product.1", "samovar"),
        ("product.2", headphones.as_str()),
        ("quantity.2", "many"),
        ("address.city", "Suzhou"),
        ("delivery", "standard"),
        ("payment", "invoice"),
        ("act", "place"),
    ];
    let answer = browsers.sam.post("/orders/new", &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["customer", "product.1", "quantity.2", "address.name"] {
        let error = format!("id=\"new-order-{field}-error\"");
        assert!(answer.body.contains(&error), "{field}: {}", answer.body);
    }
    assert!(answer.body.contains("value=\"Suzhou\"") && answer.body.contains("value=\"samovar\""));
    let answer = browsers
        .sam
        .post("/orders/new", &with(&[("act", "place")]))
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let page = browsers.mei.read(answer.header("location")).await;
    assert!(page.contains("¥752.00") && page.contains("by <!>Staff 1") || page.contains("Staff 1"));
    assert_eq!(
        number(browsers.app(), "SELECT customer_id FROM orders").await,
        id
    );
    let look = [
        ("rows", "1"),
        ("customer", email.as_str()),
        ("act", "look"),
        ("address.city", ""),
    ];
    let answer = browsers.sam.post("/orders/new", &look).await;
    assert!(
        answer.body.contains("value=\"南京西路 12\""),
        "from the last order: {}",
        answer.body
    );
    let two = [("rows", "1"), ("product.1", "harpsichord"), ("act", "look")];
    browsers.company.product("Lamp shade", 500, 9).await;
    let answer = browsers.sam.post("/orders/new", &two).await;
    assert!(
        answer.body.contains("No product for sale fits this."),
        "{}",
        answer.body
    );
    let two = [("rows", "1"), ("product.1", "la"), ("act", "look")];
    let answer = browsers.sam.post("/orders/new", &two).await;
    assert!(
        answer
            .body
            .contains("Write the number of the one you mean:"),
        "{}",
        answer.body
    );
    browsers.company.check().await;
}
