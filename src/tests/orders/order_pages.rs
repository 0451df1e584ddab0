//! An order's page: what its customer and staff see of it, and the steps they take there.

use super::browsers::{Browsers, Reads, count, take};
use crate::support::forms::{field, form_of};
use crate::support::number;
use axum::http::StatusCode;
use guildhall::accounts::Role;
use guildhall::orders::expire_orders;

#[tokio::test]
async fn an_order_is_hidden_from_other_customers() {
    let mut browsers = Browsers::open().await;
    let order = browsers.place(1, "wallet").await;
    let mut ann = browsers.company.server.signed_in(Role::Customer).await;
    for path in ["", "/thanks", "?at=1"] {
        let answer = ann.get(&format!("/orders/{order}{path}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    let fields = [("reason", "mine"), ("amount", "1"), ("version", "2")];
    for step in [
        "pay", "cancel", "pack", "ship", "deliver", "return", "refund", "flag", "clear",
    ] {
        let answer = ann.post(&format!("/orders/{order}/{step}"), &fields).await;
        assert_eq!(
            answer.status,
            StatusCode::NOT_FOUND,
            "{step}: {}",
            answer.body
        );
    }
    assert!(ann.read("/orders").await.contains("No orders yet"));
    for step in ["flag", "clear"] {
        let answer = browsers
            .mei
            .post(&format!("/orders/{order}/{step}"), &fields)
            .await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{step}");
    }
    let answer = browsers
        .mei
        .post(&format!("/orders/{order}/pack"), &[("version", "2")])
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(browsers.company.count("order_events").await, 2);
}

#[tokio::test]
async fn the_back_room_is_for_staff() {
    let mut browsers = Browsers::open().await;
    let order = browsers.place(1, "wallet").await;
    let list = format!("/orders/{order}/packing-list");
    for path in ["/orders/all", "/orders/new", "/orders/packing-lists", &list] {
        assert_eq!(
            browsers.mei.get(path).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
        browsers.sam.read(path).await;
    }
    for path in ["/orders/new", "/orders/views", "/orders/views/1/delete"] {
        let answer = browsers.mei.post(path, &[("name", "mine")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    let page = browsers.mei.read("/").await;
    assert!(page.contains("href=\"/orders\"") && !page.contains("/orders/all"));
    assert!(
        browsers
            .sam
            .read("/")
            .await
            .contains("href=\"/orders/all\"")
    );
    let page = browsers
        .sam
        .read(&format!("/products/{}", browsers.company.product))
        .await;
    assert!(page.contains(&format!("/orders/all?product={}", browsers.company.product)));
}

#[tokio::test]
async fn staff_take_an_order_all_the_way() {
    let mut browsers = Browsers::open().await;
    let order = browsers.place(2, "invoice").await;
    browsers.step(&order, "pay", &[]).await;
    browsers.step(&order, "pack", &[]).await;
    let parcel = [("carrier", "SF Express"), ("tracking", "SF 1043")];
    browsers.step(&order, "ship", &parcel).await;
    let page = browsers.mei.read(&format!("/orders/{order}")).await;
    assert!(
        page.contains("It is on its way: SF Express, SF 1043."),
        "{page}"
    );
    browsers.step(&order, "deliver", &[]).await;
    let field = format!("quantity.{}", browsers.company.product);
    let one = [
        (field.as_str(), "1"),
        ("restock", "on"),
        ("reason", "Too loud"),
    ];
    browsers.step(&order, "return", &one).await;
    let part = [
        ("amount", "199.00"),
        ("to", "bank"),
        ("reason", "One of two"),
    ];
    browsers.step(&order, "refund", &part).await;
    let page = browsers.sam.read(&format!("/orders/{order}")).await;
    for words in [
        "1 × Headphones, back on the shelf: Too loud",
        "¥199.00 by bank transfer: One of two",
        "1 returned",
        "value=\"209.00\"",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    browsers
        .step(&order, "return", &[(field.as_str(), "1")])
        .await;
    browsers
        .step(&order, "refund", &[("amount", "209.00"), ("to", "wallet")])
        .await;
    let page = browsers.mei.read(&format!("/orders/{order}")).await;
    assert!(
        page.contains("Refunded") && page.contains("¥408.00 went back to you."),
        "{page}"
    );
    let stock = "SELECT on_hand FROM products WHERE price = 19900";
    assert_eq!(number(browsers.app(), stock).await, 8, "one was broken");
    browsers.company.check().await;
}

#[tokio::test]
async fn a_refused_step_keeps_what_was_typed() {
    let mut browsers = Browsers::open().await;
    let order = browsers.place(1, "wallet").await;
    browsers.step(&order, "pack", &[]).await;
    let path = format!("/orders/{order}");
    let page = browsers.sam.read(&path).await;
    let stale = field(form_of(&page, &format!("{path}/ship")), "version");
    browsers
        .step(&order, "flag", &[("reason", "Look at the address")])
        .await;
    browsers.sam.referer = Some(path.clone());
    let fields = [
        ("version", stale),
        ("carrier", "SF Express"),
        ("tracking", "SF 1"),
    ];
    let answer = browsers.sam.post(&format!("{path}/ship"), &fields).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    for words in [
        "Nothing was changed",
        "Somebody changed this order",
        "Carrier: SF Express",
        "Tracking number: SF 1",
        "Look at the address",
    ] {
        assert!(answer.body.contains(words), "{words}: {}", answer.body);
    }
    let answer = take(&mut browsers.sam, &order, "clear", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    browsers.sam.referer = Some(path.clone());
    let answer = browsers.sam.post(&format!("{path}/ship"), &fields).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "still from before");
    let again = form_of(&answer.body, &format!("{path}/ship"));
    assert!(
        again.contains("value=\"SF Express\"") && again.contains("error-summary"),
        "{again}"
    );
    assert_ne!(
        field(again, "version"),
        stale,
        "the page shows the order as it is now"
    );
    browsers.step(&order, "ship", &[]).await;
    let answer = take(
        &mut browsers.sam,
        &order,
        "refund",
        &[("amount", "a lot"), ("reason", "Late")],
    )
    .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let again = form_of(&answer.body, &format!("{path}/refund"));
    assert!(
        again.contains("value=\"a lot\"") && again.contains("value=\"Late\""),
        "{again}"
    );
    let field = format!("quantity.{}", browsers.company.product);
    let answer = take(
        &mut browsers.sam,
        &order,
        "return",
        &[(field.as_str(), "2")],
    )
    .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.body.contains("no more than is still out"),
        "{}",
        answer.body
    );
    browsers.company.check().await;
}

#[tokio::test]
async fn a_flagged_order_waits_until_it_is_cleared() {
    let mut browsers = Browsers::open().await;
    let order = browsers.place(1, "wallet").await;
    let answer = take(&mut browsers.sam, &order, "flag", &[("reason", " ")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    browsers
        .step(&order, "flag", &[("reason", "New customer")])
        .await;
    let path = format!("/orders/{order}");
    let page = browsers.sam.read(&path).await;
    assert!(page.contains("New customer") && !page.contains(&format!("{path}/pack\"")));
    browsers.sam.referer = Some(path.clone());
    let answer = browsers.sam.post(&format!("{path}/pack"), &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        answer.body.contains("Look at it and remove the flag first"),
        "{}",
        answer.body
    );
    let answer = browsers
        .sam
        .post(&format!("{path}/flag"), &[("reason", "Twice")])
        .await;
    assert!(answer.body.contains("flagged already"), "{}", answer.body);
    let list = browsers.sam.read("/orders/all?flagged=yes").await;
    assert!(list.contains(&order));
    browsers.step(&order, "clear", &[]).await;
    browsers.step(&order, "pack", &[]).await;
    let answer = browsers.sam.post(&format!("{path}/clear"), &[]).await;
    assert!(
        answer.body.contains("This order is not flagged."),
        "{}",
        answer.body
    );
    browsers.sam.referer = None;
    let answer = browsers.sam.post(&format!("{path}/deliver"), &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        answer.body.contains(&format!("Order {order}")) && answer.body.contains("Possible now:"),
        "its own page where the browser names none: {}",
        answer.body
    );
    let events = number(
        browsers.app(),
        "SELECT COUNT(*) FROM outbox WHERE topic = 'order.flagged'",
    );
    assert_eq!(events.await, 1, "others are told");
    assert!(
        browsers
            .sam
            .read(&path)
            .await
            .contains(&format!("{path}/flag\""))
    );
    browsers.step(&order, "ship", &[]).await;
    let page = browsers.sam.read(&path).await;
    assert!(!page.contains(&format!("{path}/flag\"")), "{page}");
    let late = [("reason", "Too late")];
    let answer = browsers.sam.post(&format!("{path}/flag"), &late).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        answer.body.contains("nothing is left to hold back"),
        "{}",
        answer.body
    );
    browsers.company.check().await;
}

#[tokio::test]
async fn a_step_sent_twice_is_taken_once() {
    let mut browsers = Browsers::open().await;
    let order = browsers.place(1, "wallet").await;
    let path = format!("/orders/{order}");
    let page = browsers.sam.read(&path).await;
    let pack = format!("{path}/pack");
    let inside = form_of(&page, &pack);
    let (once, version) = (field(inside, "idempotency_key"), field(inside, "version"));
    for _ in 0..2 {
        let fields = [("idempotency_key", once), ("version", version)];
        let answer = browsers.sam.post(&pack, &fields).await;
        assert_eq!(answer.header("location"), path, "{}", answer.body);
    }
    let answer = browsers.sam.get(&pack).await;
    assert_eq!(
        answer.header("location"),
        path,
        "a bookmark leads to the order"
    );
    assert_eq!(browsers.company.count("order_events").await, 3);
}

#[tokio::test]
async fn a_flag_sent_twice_is_set_once_and_cleared_only_by_who_has_seen_it() {
    let mut browsers = Browsers::open().await;
    let order = browsers.place(1, "wallet").await;
    let path = format!("/orders/{order}");
    let page = browsers.sam.read(&path).await;
    let flag = format!("{path}/flag");
    let inside = form_of(&page, &flag);
    let (once, version) = (field(inside, "idempotency_key"), field(inside, "version"));
    let fields = [
        ("idempotency_key", once),
        ("version", version),
        ("reason", "New customer"),
    ];
    for _ in 0..2 {
        let answer = browsers.sam.post(&flag, &fields).await;
        assert_eq!(answer.header("location"), path, "{}", answer.body);
    }
    assert_eq!(browsers.company.count("order_events").await, 3);
    let fields = [("idempotency_key", "another"), ("version", version)];
    let answer = browsers.sam.post(&format!("{path}/clear"), &fields).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        answer.body.contains("Somebody changed this order"),
        "{}",
        answer.body
    );
    assert_eq!(browsers.company.count("order_events").await, 3);
}

#[tokio::test]
async fn a_customer_pays_an_invoice_from_the_wallet_or_cancels() {
    let mut browsers = Browsers::open().await;
    let order = browsers.place(1, "invoice").await;
    let page = browsers.mei.read(&format!("/orders/{order}")).await;
    assert!(page.contains("Pay ¥209.00 from the wallet") && page.contains("Cancel this order?"));
    let answer = take(&mut browsers.mei, &order, "pay", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let answer = take(
        &mut browsers.mei,
        &order,
        "cancel",
        &[("reason", "Changed my mind")],
    )
    .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let page = browsers.mei.read(&format!("/orders/{order}")).await;
    assert!(
        page.contains("It was cancelled. Nothing was charged."),
        "{page}"
    );
    assert!(page.contains("Changed my mind") && !page.contains("/cancel\""));
    let dear = browsers.place(6, "invoice").await;
    let page = browsers.mei.read(&format!("/orders/{dear}")).await;
    assert!(!page.contains("from the wallet</span>") && page.contains("¥1,000.00 is available"));
    let app = browsers.app().clone();
    app.clock.advance(3 * 86_400 + 60);
    assert_eq!(expire_orders(&app).await, Ok(1));
    let mei = browsers.mei.user.clone().expect("a customer");
    let mut later = browsers.company.server.sign_in(&mei).await;
    let page = later.read(&format!("/orders/{dear}")).await;
    assert!(page.contains("It was not paid for in time"), "{page}");
    browsers.company.check().await;
}

#[tokio::test]
async fn the_page_shows_the_order_as_it_stood() {
    let mut browsers = Browsers::open().await;
    let order = browsers.place(1, "wallet").await;
    browsers.step(&order, "pack", &[]).await;
    browsers
        .step(&order, "ship", &[("carrier", "SF Express")])
        .await;
    browsers
        .step(&order, "refund", &[("amount", "9"), ("to", "wallet")])
        .await;
    let path = format!("/orders/{order}");
    let now = browsers.sam.read(&path).await;
    assert!(!now.contains("the past") && now.contains("from the wallet, authorised"));
    for words in [
        ">Captured<",
        "Nothing is reserved in the stock.",
        "Payment for the order",
        "Refund",
    ] {
        assert!(now.contains(words), "{words}: {now}");
    }
    assert!(now.contains(&format!("href=\"{path}?at=2\"")) && now.contains("type=\"range\""));
    let trace = now.split("Request <code>").nth(1).expect("a request");
    assert!(trace.find('<').is_some_and(|length| length == 32), "{now}");
    // All of it happened at one and the same instant of the clock that stands still.
    let placed = browsers.sam.read(&format!("{path}?at=1")).await;
    for words in [
        "You are looking at the past",
        "after event 1 of 5",
        "Nothing is authorised in the wallet.",
        "Reserved in the stock:",
        "No transactions yet.",
    ] {
        assert!(placed.contains(words), "{words}: {placed}");
    }
    assert!(
        !placed.contains("method=\"post\" action=\"/orders"),
        "nothing can be done in the past"
    );
    let paid = browsers.sam.read(&format!("{path}?at=2")).await;
    assert!(
        paid.contains(">Authorised<") && !paid.contains("Payment for the order"),
        "{paid}"
    );
    let packed = browsers.mei.read(&format!("{path}?at=3")).await;
    assert!(
        packed.contains(">Captured<") && packed.contains("Payment for the order"),
        "{packed}"
    );
    assert!(packed.contains("Reserved in the stock:") && !packed.contains("/ledger/"));
    let shipped = browsers.mei.read(&format!("{path}?at=4")).await;
    assert!(
        shipped.contains("Nothing is reserved") && count(&shipped, ">Refund<") == 0,
        "{shipped}"
    );
    for at in ["5", "99", "soon"] {
        let page = browsers.sam.read(&format!("{path}?at={at}")).await;
        assert!(!page.contains("the past"), "{at}");
    }
}

#[tokio::test]
async fn the_books_lead_to_the_order() {
    let mut browsers = Browsers::open().await;
    let order = browsers.place(1, "wallet").await;
    browsers.step(&order, "pack", &[]).await;
    let link = format!("<a href=\"/orders/{order}\">{order}</a>");
    assert!(browsers.mei.read("/wallet").await.contains(&link));
    assert!(browsers.sam.read("/ledger/journal").await.contains(&link));
    let page = browsers.sam.read(&format!("/orders/{order}")).await;
    assert!(page.contains("/ledger/accounts/"), "and back: {page}");
}
