//! Outcomes of inbox messages: applied once, retried, or parked for staff with the reason.

use crate::support::company::Company;
use crate::support::sender::{RISK, Sender, apply, captured, inbox, listening, status};
use crate::support::{execute, interfere, number, on_postgres};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use guildhall::events::{apply_due, delete_old};
use serde_json::{Value, json};

#[tokio::test]
async fn an_impossible_message_is_parked_with_the_reason() {
    let mut company = Company::open_with(listening).await;
    let mut sender = Sender::new(&company);
    let (cancelled, twice) = (
        company.place(2, "invoice").await,
        company.place(2, "invoice").await,
    );
    let by_wallet = company.place(2, "wallet").await;
    company.step(&cancelled, "cancel", json!({})).await;
    let other = json!({ "order": twice, "amount": 1, "currency": "CNY" });
    let euros = json!({ "order": twice, "amount": 40_800, "currency": "EUR" });
    let refund = json!({ "order": cancelled, "amount": 5, "refund_id": "r1" });
    let told = [
        (
            "payment.captured",
            captured(&cancelled),
            "¥408.00 came in for an order that is cancelled.",
        ),
        (
            "payment.captured",
            other,
            "¥0.01 came in, and the order costs ¥408.00.",
        ),
        (
            "payment.captured",
            euros,
            "€408.00 came in, and the order costs ¥408.00.",
        ),
        (
            "payment.captured",
            captured(&by_wallet),
            "paid from the wallet",
        ),
        ("payment.captured", captured(&twice), ""),
        (
            "payment.captured",
            captured(&twice),
            "¥408.00 came in a second time.",
        ),
        (
            "payment.refunded",
            refund,
            "¥0.05 went back, and ¥0.00 is left of what was taken.",
        ),
        ("payment.settled", json!({ "order": twice }), "does not fit"),
        (
            "shipment.dispatched",
            json!({ "order": cancelled }),
            "The carrier has an order that is cancelled.",
        ),
        (
            "stock.adjusted",
            json!({ "product_id": 1, "change": 0, "reason": "x" }),
            "changes nothing",
        ),
        (
            "stock.adjusted",
            json!({ "product_id": 1, "change": 1_000_000_000_000_i64, "reason": "x" }),
            "do not fit into the stock",
        ),
    ];
    for (topic, data, why) in told {
        sender.send_event(&company, topic, 0, data).await;
        apply(&company).await;
        if !why.is_empty() {
            let newest = inbox(&mut company, "parked").await.remove(0);
            let outcome = newest["outcome"].as_str().expect("why");
            assert!(outcome.contains(why), "{topic}: {outcome}");
        }
    }
    assert_eq!(inbox(&mut company, "parked").await.len(), 10);
    assert_eq!(inbox(&mut company, "waiting").await.len(), 0);
    company.check().await;
}

#[tokio::test]
async fn another_side_has_no_say_in_payments() {
    let mut company = Company::open_with(listening).await;
    let mut sender = Sender::new(&company);
    let order = company.place(2, "invoice").await;
    let now = company.server.app.clock.now().seconds();
    let body = json!({ "type": "payment.captured", "data": captured(&order) }).to_string();
    let answer = sender.send("risk", RISK, "a", now, &body).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    apply(&company).await;
    assert_eq!(status(&mut company, &order).await, "placed");
    let parked = inbox(&mut company, "parked").await;
    assert_eq!(parked[0]["outcome"], "Risk has no say in payment.captured.");
}

#[tokio::test]
async fn a_message_about_an_unknown_order_waits_an_hour_and_then_for_staff() {
    let mut company = Company::open_with(listening).await;
    let mut sender = Sender::new(&company);
    let year = company.server.app.clock.now().date_time().year();
    let (soon, never) = (format!("{year}-000001"), format!("{year}-000099"));
    sender
        .send_event(&company, "payment.captured", 0, captured(&soon))
        .await;
    sender
        .send_event(&company, "payment.captured", 0, captured(&never))
        .await;
    apply(&company).await;
    assert_eq!(inbox(&mut company, "waiting").await.len(), 2);
    assert_eq!(company.place(2, "invoice").await, soon);
    company.deliver().await;
    apply(&company).await;
    assert_eq!(
        status(&mut company, &soon).await,
        "paid",
        "as soon as it was there"
    );
    company.wait(3_700);
    apply(&company).await;
    let parked = inbox(&mut company, "parked").await;
    assert_eq!(parked[0]["outcome"], format!("There is no order {never}."));
    company.check().await;
}

#[tokio::test]
async fn several_servers_work_on_each_message_once() {
    let mut company = Company::open_with(listening).await;
    let mut sender = Sender::new(&company);
    let mut orders = Vec::new();
    for _ in 0..5 {
        let order = company.place(2, "invoice").await;
        sender
            .send_event(&company, "risk.flagged", 1, json!({ "order": order }))
            .await;
        sender
            .send_event(&company, "payment.captured", 1, captured(&order))
            .await;
        sender
            .send_event(
                &company,
                "payment.failed",
                0,
                json!({ "order": order, "reason": "no funds" }),
            )
            .await;
        orders.push(order);
    }
    for _ in 0..10 {
        let change = json!({ "product_id": company.product, "change": 1, "reason": "found" });
        sender
            .send_event(&company, "stock.adjusted", 0, change)
            .await;
    }
    let (a, b, c) = tokio::join!(
        apply_due(&company.server.app),
        apply_due(&company.server.app),
        apply_due(&company.server.app)
    );
    assert_eq!(
        a.expect("works") + b.expect("works") + c.expect("works"),
        25
    );
    for order in &orders {
        assert_eq!(status(&mut company, order).await, "paid");
    }
    let on_hand = format!(
        "SELECT on_hand FROM products WHERE id = {}",
        company.product
    );
    assert_eq!(number(&company.server.app, &on_hand).await, 110);
    company.check().await;
}

#[tokio::test]
async fn an_order_that_is_packed_is_not_paid_back_while_its_parcel_is_here() {
    let mut company = Company::open_with(listening).await;
    let order = company.place(2, "wallet").await;
    company.step(&order, "pack", json!({})).await;
    let path = format!("/api/v1/orders/{order}/refund");
    let all = json!({ "all": true });
    let refused = company.staff.send_json(Method::POST, &path, all).await;
    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::CONFLICT, 3404)
    );
    assert!(
        refused.body.contains("Cancel the order instead"),
        "{}",
        refused.body
    );
    company
        .step(&order, "refund", json!({ "amount": 800 }))
        .await;
    company.step(&order, "cancel", json!({})).await;
    company.check().await;
}

#[tokio::test]
async fn a_message_counts_once_even_after_its_text_is_dropped() {
    let mut company = Company::open_with(listening).await;
    let mut sender = Sender::new(&company);
    let order = company.place(2, "invoice").await;
    let found = json!({ "product_id": company.product, "change": 5, "reason": "found" });
    sender
        .send_event_as(&company, "paid", "payment.captured", 0, captured(&order))
        .await;
    sender
        .send_event_as(&company, "found", "stock.adjusted", 0, found.clone())
        .await;
    apply(&company).await;
    company.deliver().await;
    company.wait(400 * 86_400);
    delete_old(&company.server.app).await.expect("cleans");
    let texts = "SELECT COUNT(*) FROM inbox WHERE body <> ''";
    assert_eq!(number(&company.server.app, texts).await, 0);

    let replayed = sender
        .send_event_as(&company, "found", "stock.adjusted", 0, found)
        .await;
    assert_eq!(replayed.data()["duplicate"], true);
    sender
        .send_event_as(
            &company,
            "paid again",
            "payment.captured",
            0,
            captured(&order),
        )
        .await;
    apply(&company).await;
    let on_hand = format!(
        "SELECT on_hand FROM products WHERE id = {}",
        company.product
    );
    assert_eq!(number(&company.server.app, &on_hand).await, 105);
    let parked = inbox(&mut company, "parked").await;
    assert_eq!(parked[0]["outcome"], "¥408.00 came in a second time.");
    let kept = inbox(&mut company, "applied").await;
    assert_eq!((kept.len(), &kept[0]["body"]), (2, &Value::Null));
    let page = company
        .server
        .signed_in(Role::Staff)
        .await
        .page("/webhooks/inbox")
        .await;
    assert!(page.contains("its text is no longer kept"), "{page}");
    company.check().await;
}

#[tokio::test]
async fn a_word_on_a_risk_without_a_time_is_put_aside() {
    let mut company = Company::open_with(listening).await;
    let mut sender = Sender::new(&company);
    let order = company.place(2, "invoice").await;
    let now = company.server.app.clock.now().seconds();
    let body = json!({ "type": "risk.flagged", "timestamp": "today", "data": { "order": order } });
    let told = sender.send("risk", RISK, "a", now, &body.to_string()).await;
    assert_eq!(told.status, StatusCode::ACCEPTED);
    apply(&company).await;
    let parked = inbox(&mut company, "parked").await;
    let why = parked[0]["outcome"].as_str().expect("why");
    assert!(why.contains("no timestamp such as"), "{why}");
    let seen = company.staff.api(&format!("/api/v1/orders/{order}")).await;
    assert_eq!(seen.data()["flagged"], false);
}

#[tokio::test]
async fn a_message_whose_order_is_busy_holds_up_no_other() {
    let mut company = Company::open_with(|config| {
        listening(config);
        config.database.acquire_timeout_seconds = 1;
    })
    .await;
    let mut sender = Sender::new(&company);
    let (busy, free) = (
        company.place(2, "invoice").await,
        company.place(2, "invoice").await,
    );
    for order in [&busy, &free] {
        sender
            .send_event(&company, "payment.captured", 0, captured(order))
            .await;
    }
    let app = &company.server.app;
    let waiting = "SELECT COUNT(*) FROM inbox WHERE state = 'waiting' AND tries = 0";
    if on_postgres() {
        let refuse = "IF NEW.kind = 'paid' AND NEW.order_id = (SELECT MIN(id) FROM orders) THEN
                      RAISE EXCEPTION 'busy' USING ERRCODE = '55P03'; END IF";
        interfere(app, "BEFORE INSERT ON order_events", "", refuse).await;
        assert!(apply_due(app).await.is_err());
        assert_eq!(apply_due(app).await.expect("goes on"), 1);
        assert_eq!(number(app, waiting).await, 1, "no try of its own");
        execute(app, "DROP TRIGGER interfere ON order_events").await;
        assert_eq!(status(&mut company, &free).await, "paid");
    } else {
        // One writer: there all are busy or nobody is.
        let holder = app.db.write().await.expect("begins");
        assert!(apply_due(app).await.is_err());
        assert_eq!(number(app, waiting).await, 2, "no try of theirs");
        drop(holder);
    }
    company.wait(10);
    apply(&company).await;
    for order in [&busy, &free] {
        assert_eq!(status(&mut company, order).await, "paid");
    }
    company.check().await;
}
