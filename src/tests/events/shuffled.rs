//! Messages out of order, late and repeated: the end state is the same.

use crate::support::company::Company;
use crate::support::number;
use crate::support::sender::{Sender, apply, inbox, listening, status};
use axum::http::{Method, StatusCode};
use guildhall::server::config::Transport;
use serde_json::{Value, json};

/// A message: its topic, when it happened, and its data; `ORDER` stands for the order's number.
type Told = (&'static str, i64, Value);

/// Every permutation of so many things.
fn permutations(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in permutations(count - 1) {
        for place in 0..count {
            let mut longer = shorter.clone();
            longer.insert(place, count - 1);
            all.push(longer);
        }
    }
    all
}

async fn shop() -> Company {
    Company::open_with(|config| {
        listening(config);
        config.mail.transport = Transport::None;
        config.orders.unpaid_minutes = 500_000;
    })
    .await
}

/// Staff pack what is paid, unless it is flagged; what has happened is told, and messages that waited
/// are tried again.
async fn go_on(company: &mut Company, order: &str) {
    apply(company).await;
    let path = format!("/api/v1/orders/{order}");
    let seen = company.staff.api(&path).await.data();
    if seen["status"] == "paid" && seen["flagged"] == false {
        company.step(order, "pack", json!({})).await;
    }
    company.deliver().await;
    apply(company).await;
}

/// An order's status, and its effect on stock and wallet.
async fn end_state(company: &mut Company, order: &str) -> Value {
    let seen = company
        .staff
        .api(&format!("/api/v1/orders/{order}"))
        .await
        .data();
    let reserved = format!(
        "SELECT COUNT(*) FROM reservations r JOIN orders o ON o.id = r.order_id WHERE o.number = '{order}'"
    );
    let reserved = number(&company.server.app, &reserved).await;
    let paid_back = format!(
        "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM transfers WHERE reference = '{order}' AND kind = 'refund'"
    );
    let paid_back = number(&company.server.app, &paid_back).await;
    json!([
        seen["status"],
        seen["captured"],
        seen["refunded"],
        seen["flagged"],
        reserved,
        paid_back
    ])
}

/// Tells it all in every order, each time of an order of its own, some of it twice. What comes of it
/// must always be `wanted`.
async fn shuffle(told: &[Told], wanted: Value) {
    let mut company = shop().await;
    let more = json!({ "change": 1_000, "reason": "for many orders" });
    let path = format!("/api/v1/products/{}/stock", company.product);
    let stocked = company.staff.send_json(Method::POST, &path, more).await;
    assert_eq!(stocked.status, StatusCode::CREATED, "{}", stocked.body);
    let mut sender = Sender::new(&company);
    for (round, sequence) in permutations(told.len()).into_iter().enumerate() {
        let order = company.place(2, "invoice").await;
        for (place, index) in sequence.iter().enumerate() {
            let (topic, at, data) = &told[*index];
            let data = serde_json::from_str(&data.to_string().replace("ORDER", &order));
            let data: Value = data.expect("still JSON");
            let id = format!("{order}-{index}");
            sender
                .send_event_as(&company, &id, topic, *at, data.clone())
                .await;
            if (place + round) % 2 == 0 {
                go_on(&mut company, &order).await;
            }
            // The sender did not hear our answer.
            if (place + round) % 3 == 0 {
                sender.send_event_as(&company, &id, topic, *at, data).await;
            }
        }
        for _ in 0..2 {
            go_on(&mut company, &order).await;
        }
        assert_eq!(
            end_state(&mut company, &order).await,
            wanted,
            "{sequence:?}"
        );
    }
    assert_eq!(inbox(&mut company, "waiting").await, [] as [Value; 0]);
    assert_eq!(inbox(&mut company, "parked").await, [] as [Value; 0]);
    company.check().await;
}

fn captured() -> Told {
    let data = json!({ "order": "ORDER", "amount": 40_800, "currency": "CNY" });
    ("payment.captured", 2, data)
}

fn dispatched() -> Told {
    let data = json!({ "order": "ORDER", "carrier": "SF Express", "tracking": "SF1" });
    ("shipment.dispatched", 5, data)
}

fn delivered() -> Told {
    ("shipment.delivered", 6, json!({ "order": "ORDER" }))
}

fn refunded(amount: i64, id: &str) -> Told {
    let data = json!({ "order": "ORDER", "amount": amount, "refund_id": format!("{id}-ORDER") });
    ("payment.refunded", 8, data)
}

fn flagged(at: i64) -> Told {
    (
        "risk.flagged",
        at,
        json!({ "order": "ORDER", "reason": "a new customer" }),
    )
}

fn cleared(at: i64) -> Told {
    ("risk.cleared", at, json!({ "order": "ORDER" }))
}

#[tokio::test]
async fn a_payment_that_failed_first_and_a_parcel() {
    let failed = (
        "payment.failed",
        1,
        json!({ "order": "ORDER", "reason": "no funds" }),
    );
    let told = [failed, captured(), dispatched(), delivered()];
    shuffle(&told, json!(["delivered", 40_800, 0, false, 0, 0])).await;
}

#[tokio::test]
async fn a_parcel_that_arrived_and_was_paid_back() {
    let told = [captured(), dispatched(), delivered(), refunded(40_800, "a")];
    shuffle(&told, json!(["refunded", 40_800, 40_800, false, 0, 40_800])).await;
}

#[tokio::test]
async fn a_parcel_that_is_paid_back_in_two_parts() {
    let told = [
        captured(),
        dispatched(),
        refunded(800, "a"),
        refunded(40_000, "b"),
    ];
    shuffle(&told, json!(["refunded", 40_800, 40_800, false, 0, 40_800])).await;
}

#[tokio::test]
async fn a_refund_that_two_messages_tell_of() {
    let told = [
        captured(),
        dispatched(),
        refunded(40_800, "a"),
        refunded(40_800, "a"),
    ];
    shuffle(&told, json!(["refunded", 40_800, 40_800, false, 0, 40_800])).await;
}

#[tokio::test]
async fn a_risk_that_was_cleared() {
    let told = [captured(), flagged(3), cleared(4), dispatched()];
    shuffle(&told, json!(["shipped", 40_800, 0, false, 0, 0])).await;
}

#[tokio::test]
async fn a_risk_that_came_up_again_when_the_parcel_had_left() {
    let told = [cleared(1), dispatched(), captured(), flagged(7)];
    // Flagged before it is packed, it waits for staff; so it is packed first here.
    let mut company = shop().await;
    let mut sender = Sender::new(&company);
    for sequence in permutations(told.len()) {
        let order = company.place(2, "invoice").await;
        company.step(&order, "pay", json!({})).await;
        company.step(&order, "pack", json!({})).await;
        for index in &sequence {
            let (topic, at, data) = &told[*index];
            let data = data.to_string().replace("ORDER", &order);
            let data = serde_json::from_str(&data).expect("still JSON");
            sender.send_event(&company, topic, *at, data).await;
            go_on(&mut company, &order).await;
        }
        let wanted = json!(["shipped", 40_800, 0, true, 0, 0]);
        assert_eq!(
            end_state(&mut company, &order).await,
            wanted,
            "{sequence:?}"
        );
    }
    company.check().await;
}

#[tokio::test]
async fn a_message_sent_twice_under_another_id_is_applied_once() {
    let mut company = shop().await;
    let mut sender = Sender::new(&company);
    let order = company.place(2, "invoice").await;
    for (topic, at, data) in [captured(), dispatched(), delivered(), refunded(800, "a")] {
        let data: Value =
            serde_json::from_str(&data.to_string().replace("ORDER", &order)).expect("still JSON");
        for _ in 0..2 {
            sender.send_event(&company, topic, at, data.clone()).await;
            go_on(&mut company, &order).await;
        }
    }
    let wanted = json!(["delivered", 40_800, 800, false, 0, 800]);
    assert_eq!(end_state(&mut company, &order).await, wanted);
    let parked = inbox(&mut company, "parked").await;
    assert_eq!(
        parked.len(),
        1,
        "money that came in twice is for somebody to look at"
    );
    company.check().await;
}

#[tokio::test]
async fn stock_that_goes_before_it_comes() {
    let mut company = shop().await;
    let mut sender = Sender::new(&company);
    let on_hand = format!(
        "SELECT on_hand FROM products WHERE id = {}",
        company.product
    );
    let emptied = json!({ "product_id": company.product, "change": -100, "reason": "moved" });
    sender
        .send_event(&company, "stock.adjusted", 0, emptied)
        .await;
    apply(&company).await;
    let slug = company
        .staff
        .api(&format!("/api/v1/products/{}", company.product))
        .await
        .data()["slug"]
        .clone();
    for sequence in permutations(3) {
        for index in sequence {
            let change = [5, -7, 3][index];
            let data = json!({ "sku": slug, "change": change, "reason": "counted" });
            sender.send_event(&company, "stock.adjusted", 0, data).await;
            apply(&company).await;
        }
        company.deliver().await;
        apply(&company).await;
        assert_eq!(number(&company.server.app, &on_hand).await, 1);
        let one = json!({ "sku": slug, "change": -1, "reason": "counted" });
        sender.send_event(&company, "stock.adjusted", 0, one).await;
        apply(&company).await;
    }
    assert_eq!(inbox(&mut company, "waiting").await, [] as [Value; 0]);
    company.check().await;
}

#[tokio::test]
async fn a_waiting_message_is_retried_by_itself() {
    let mut company = shop().await;
    let mut sender = Sender::new(&company);
    let order = company.place(2, "invoice").await;
    company.step(&order, "pay", json!({})).await;
    sender
        .send_event(
            &company,
            "shipment.dispatched",
            0,
            json!({ "order": order }),
        )
        .await;
    apply(&company).await;
    company.step(&order, "pack", json!({})).await;
    // Nobody told the inbox of it.
    apply(&company).await;
    assert_eq!(status(&mut company, &order).await, "packed");
    company.wait(61);
    apply(&company).await;
    assert_eq!(status(&mut company, &order).await, "shipped");
    company.check().await;
}
