//! Refunds, reported by the bank and booked by staff: each counts once, in its currency.

use crate::support::company::Company;
use crate::support::sender::{Sender, apply, inbox, listening};
use serde_json::{Value, json};

/// An order that was paid, packed and shipped.
async fn shipped(company: &mut Company) -> String {
    let order = company.place(2, "wallet").await;
    company.step(&order, "pack", json!({})).await;
    company.step(&order, "ship", json!({})).await;
    order
}

async fn give_back(company: &mut Company, order: &str, amount: i64, to: &str) {
    let body = json!({ "amount": amount, "to": to });
    company.step(order, "refund", body).await;
}

async fn refunded(company: &mut Company, order: &str) -> i64 {
    let path = format!("/api/v1/orders/{order}");
    let amount = company.staff.api(&path).await.data()["refunded"].clone();
    amount.as_i64().expect("an amount")
}

fn went_back(order: &str, amount: i64, id: &str) -> Value {
    json!({ "order": order, "amount": amount, "currency": "CNY", "refund_id": id })
}

async fn tell(company: &Company, sender: &mut Sender, refund: Value) {
    let told = sender
        .send_event(company, "payment.refunded", 0, refund)
        .await;
    assert_eq!(told.status, 202, "{}", told.body);
    apply(company).await;
}

#[tokio::test]
async fn a_refund_that_staff_booked_is_not_booked_again_when_the_bank_tells_of_it() {
    let mut company = Company::open_with(listening).await;
    let mut sender = Sender::new(&company);
    let order = shipped(&mut company).await;
    give_back(&mut company, &order, 500, "bank").await;
    give_back(&mut company, &order, 700, "wallet").await;
    tell(&company, &mut sender, went_back(&order, 500, "r1")).await;
    let applied = inbox(&mut company, "applied").await;
    assert_eq!(
        applied[0]["outcome"],
        "It tells of the refund that staff booked."
    );
    assert_eq!(refunded(&mut company, &order).await, 1_200);
    // The same refund under another message's id, and a new one of the same amount.
    tell(&company, &mut sender, went_back(&order, 500, "r1")).await;
    assert_eq!(refunded(&mut company, &order).await, 1_200);
    tell(&company, &mut sender, went_back(&order, 500, "r2")).await;
    assert_eq!(refunded(&mut company, &order).await, 1_700);
    company.check().await;
}

#[tokio::test]
async fn a_possible_part_of_staffs_refund_is_left_to_staff() {
    let mut company = Company::open_with(listening).await;
    let mut sender = Sender::new(&company);
    let order = shipped(&mut company).await;
    give_back(&mut company, &order, 500, "bank").await;
    tell(&company, &mut sender, went_back(&order, 300, "r1")).await;
    let waiting = inbox(&mut company, "waiting").await;
    let why = waiting[0]["outcome"].as_str().expect("a reason");
    assert!(
        why.contains("¥3.00 went back") && why.contains("¥5.00"),
        "{why}"
    );
    // An hour later it is parked, and goes on when staff have booked it.
    company.wait(3_700);
    apply(&company).await;
    let parked = inbox(&mut company, "parked").await;
    assert_eq!(parked.len(), 1, "{parked:?}");
    assert_eq!(refunded(&mut company, &order).await, 500);
    give_back(&mut company, &order, 300, "bank").await;
    let retry = format!("/api/v1/webhooks/inbox/{}/retry", parked[0]["id"]);
    let again = company
        .staff
        .send_json(axum::http::Method::POST, &retry, json!({}))
        .await;
    assert!(again.status.is_success(), "{}", again.body);
    apply(&company).await;
    assert_eq!(inbox(&mut company, "applied").await.len(), 1);
    assert_eq!(refunded(&mut company, &order).await, 800);
    company.check().await;
}

#[tokio::test]
async fn another_currency_is_parked_and_one_id_counts_for_each_order() {
    let mut company = Company::open_with(listening).await;
    let mut sender = Sender::new(&company);
    let (one, other) = (shipped(&mut company).await, shipped(&mut company).await);
    for (currency, amount) in [(json!("USD"), 0), (json!("JPY"), 0), (json!("ABC"), 0)] {
        let refund = json!({ "order": one, "amount": 500, "currency": currency, "refund_id": "r" });
        tell(&company, &mut sender, refund).await;
        assert_eq!(refunded(&mut company, &one).await, amount, "{currency}");
    }
    let parked = inbox(&mut company, "parked").await;
    assert_eq!(parked.len(), 3, "{parked:?}");
    let reasons: Vec<&str> = parked
        .iter()
        .filter_map(|one| one["outcome"].as_str())
        .collect();
    assert!(
        reasons.contains(&"$5.00 went back, and the order costs ¥408.00."),
        "{reasons:?}"
    );
    // Without a currency it is the order's.
    let plain = json!({ "order": one, "amount": 500, "refund_id": "r" });
    tell(&company, &mut sender, plain).await;
    tell(&company, &mut sender, went_back(&other, 600, "r")).await;
    assert_eq!(refunded(&mut company, &one).await, 500);
    assert_eq!(refunded(&mut company, &other).await, 600);
    tell(&company, &mut sender, went_back(&other, 700, "r")).await;
    assert_eq!(refunded(&mut company, &other).await, 600);
    assert_eq!(inbox(&mut company, "parked").await.len(), 4);
    company.check().await;
}
