//! Money that went back, told by the bank and booked by staff: each refund once, and in its currency.

use crate::events::inbox::{Teller, apply, check, inbox, listening};
use crate::support::events_shop::Shop;
use serde_json::{Value, json};

/// An order that was paid, packed and shipped.
async fn shipped(shop: &mut Shop) -> String {
    let order = shop.order("wallet").await;
    shop.step(&order, "pack", json!({})).await;
    shop.step(&order, "ship", json!({})).await;
    order
}

async fn give_back(shop: &mut Shop, order: &str, amount: i64, to: &str) {
    let body = json!({ "amount": amount, "to": to });
    shop.step(order, "refund", body).await;
}

async fn refunded(shop: &mut Shop, order: &str) -> i64 {
    let path = format!("/api/v1/orders/{order}");
    let amount = shop.staff.api(&path).await.data()["refunded"].clone();
    amount.as_i64().expect("an amount")
}

fn went_back(order: &str, amount: i64, id: &str) -> Value {
    json!({ "order": order, "amount": amount, "currency": "CNY", "refund_id": id })
}

async fn tell(shop: &Shop, teller: &mut Teller, refund: Value) {
    let told = teller.tell(shop, "payment.refunded", 0, refund).await;
    assert_eq!(told.status, 202, "{}", told.body);
    apply(shop).await;
}

#[tokio::test]
async fn a_refund_that_staff_booked_is_not_booked_again_when_the_bank_tells_of_it() {
    let mut shop = Shop::open_with(listening).await;
    let mut teller = Teller::new(&shop);
    let order = shipped(&mut shop).await;
    give_back(&mut shop, &order, 500, "bank").await;
    give_back(&mut shop, &order, 700, "wallet").await;
    tell(&shop, &mut teller, went_back(&order, 500, "r1")).await;
    let applied = inbox(&mut shop, "applied").await;
    assert_eq!(
        applied[0]["outcome"],
        "It tells of the refund that staff booked."
    );
    assert_eq!(refunded(&mut shop, &order).await, 1_200);
    // The same refund under another message's id, and a new one of the same amount.
    tell(&shop, &mut teller, went_back(&order, 500, "r1")).await;
    assert_eq!(refunded(&mut shop, &order).await, 1_200);
    tell(&shop, &mut teller, went_back(&order, 500, "r2")).await;
    assert_eq!(refunded(&mut shop, &order).await, 1_700);
    check(&shop).await;
}

#[tokio::test]
async fn what_may_be_a_part_of_staffs_refund_is_left_to_staff() {
    let mut shop = Shop::open_with(listening).await;
    let mut teller = Teller::new(&shop);
    let order = shipped(&mut shop).await;
    give_back(&mut shop, &order, 500, "bank").await;
    tell(&shop, &mut teller, went_back(&order, 300, "r1")).await;
    let waiting = inbox(&mut shop, "waiting").await;
    let why = waiting[0]["outcome"].as_str().expect("a reason");
    assert!(
        why.contains("¥3.00 went back") && why.contains("¥5.00"),
        "{why}"
    );
    // An hour later it is parked, and goes on when staff have booked it.
    shop.wait(3_700);
    apply(&shop).await;
    let parked = inbox(&mut shop, "parked").await;
    assert_eq!(parked.len(), 1, "{parked:?}");
    assert_eq!(refunded(&mut shop, &order).await, 500);
    give_back(&mut shop, &order, 300, "bank").await;
    let retry = format!("/api/v1/webhooks/inbox/{}/retry", parked[0]["id"]);
    let again = shop
        .staff
        .send_json(axum::http::Method::POST, &retry, json!({}))
        .await;
    assert!(again.status.is_success(), "{}", again.body);
    apply(&shop).await;
    assert_eq!(inbox(&mut shop, "applied").await.len(), 1);
    assert_eq!(refunded(&mut shop, &order).await, 800);
    check(&shop).await;
}

#[tokio::test]
async fn another_currency_is_parked_and_one_id_counts_for_each_order() {
    let mut shop = Shop::open_with(listening).await;
    let mut teller = Teller::new(&shop);
    let (one, other) = (shipped(&mut shop).await, shipped(&mut shop).await);
    for (currency, amount) in [(json!("USD"), 0), (json!("JPY"), 0), (json!("ABC"), 0)] {
        let refund = json!({ "order": one, "amount": 500, "currency": currency, "refund_id": "r" });
        tell(&shop, &mut teller, refund).await;
        assert_eq!(refunded(&mut shop, &one).await, amount, "{currency}");
    }
    let parked = inbox(&mut shop, "parked").await;
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
    tell(&shop, &mut teller, plain).await;
    tell(&shop, &mut teller, went_back(&other, 600, "r")).await;
    assert_eq!(refunded(&mut shop, &one).await, 500);
    assert_eq!(refunded(&mut shop, &other).await, 600);
    tell(&shop, &mut teller, went_back(&other, 700, "r")).await;
    assert_eq!(refunded(&mut shop, &other).await, 600);
    assert_eq!(inbox(&mut shop, "parked").await.len(), 4);
    check(&shop).await;
}
