//! The life of an order through the API: stock and money are conserved at every step.

use crate::support::company::{Company, FEE, MONEY, PRICE, check, post};
use crate::support::{self, execute, number};
use axum::http::{Method, StatusCode};
use guildhall::orders::verify_orders;
use serde_json::{Value, json};

#[tokio::test]
async fn an_order_paid_from_the_wallet_goes_all_the_way() {
    let mut company = Company::with_stock(5).await;
    let number = company.place(2, "wallet").await;
    assert!(number.ends_with("-000001"), "{number}");
    let total = 2 * PRICE + FEE;
    assert_eq!(company.balance_and_held().await, (MONEY, total));
    assert_eq!(company.stock().await, (5, 2));
    let seen = company
        .mei
        .api(&format!("/api/v1/orders/{number}"))
        .await
        .data();
    assert_eq!(
        (&seen["status"], &seen["total"]),
        (&json!("paid"), &json!(total))
    );
    assert_eq!(seen["steps"], json!(["cancel"]));

    company.step(&number, "pack", json!({})).await;
    assert_eq!(company.balance_and_held().await, (MONEY - total, 0));
    let sold = "SELECT balance FROM ledger_accounts WHERE code = 'sales'";
    assert_eq!(support::number(&company.server.app, sold).await, total);
    assert_eq!(company.stock().await, (5, 2));
    company
        .step(
            &number,
            "ship",
            json!({ "carrier": "SF Express", "tracking": "SF1" }),
        )
        .await;
    assert_eq!(company.stock().await, (3, 0));
    let done = company.step(&number, "deliver", json!({})).await;
    assert_eq!(done["status"], "delivered");

    let events = company
        .mei
        .api(&format!("/api/v1/orders/{number}/events"))
        .await
        .data();
    let kinds: Vec<_> = events["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|event| event["kind"].clone())
        .collect();
    assert_eq!(
        json!(kinds),
        json!(["placed", "paid", "packed", "shipped", "delivered"])
    );
    assert_ne!(
        events["items"][2]["trace_id"], "",
        "it says which request did it"
    );
    company.check().await;
}

#[tokio::test]
async fn an_invoice_is_paid_when_the_money_came_in() {
    let mut company = Company::with_stock(5).await;
    let number = company.place(1, "invoice").await;
    assert_eq!(company.balance_and_held().await, (MONEY, 0));
    let paid = company.step(&number, "pay", json!({})).await;
    assert_eq!(paid["status"], "paid");
    let total = PRICE + FEE;
    assert_eq!(company.balance_and_held().await, (MONEY + total, total));
    let actor = "SELECT actor_id FROM transfers WHERE kind = 'payment'";
    let who = support::number(&company.server.app, actor).await;
    assert_eq!(who, company.staff.id(), "the books say who took it");
    company.step(&number, "pack", json!({})).await;
    assert_eq!(company.balance_and_held().await, (MONEY, 0));
    company.check().await;
}

#[tokio::test]
async fn a_free_order_goes_all_the_way_and_moves_no_money() {
    let mut company = Company::open_with(|config| config.orders.standard_fee = 0).await;
    let product = format!("/api/v1/products/{}", company.product);
    let free = json!({ "price": 0 });
    let answer = company.staff.send_json(Method::PATCH, &product, free).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    for payment in ["wallet", "invoice"] {
        let order = company.place(1, payment).await;
        for step in ["pack", "ship", "deliver"] {
            company.step(&order, step, json!({})).await;
        }
        company.step(&order, "return", json!({ "all": true })).await;
        let path = format!("/api/v1/orders/{order}/refund");
        let answer = post(&mut company.staff, &path, json!({ "all": true })).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3407));
    }
    let order = company.place(1, "wallet").await;
    company.step(&order, "pack", json!({})).await;
    company.step(&order, "cancel", json!({})).await;
    let app = &company.server.app;
    let moved = "SELECT COUNT(*) FROM transfers WHERE kind <> 'top_up'";
    assert_eq!(number(app, moved).await, 0);
    check(app).await;
}

#[tokio::test]
async fn a_customer_may_pay_the_invoice_from_the_wallet() {
    let mut company = Company::with_stock(5).await;
    let number = company.place(1, "invoice").await;
    let answer = post(
        &mut company.mei,
        &format!("/api/v1/orders/{number}/pay"),
        json!({}),
    )
    .await;
    assert_eq!(answer.data()["status"], "paid");
    assert_eq!(company.balance_and_held().await, (MONEY, PRICE + FEE));
    company.check().await;
}

#[tokio::test]
async fn cancelling_gives_back_stock_and_money_wherever_they_are() {
    let mut company = Company::with_stock(9).await;
    let unpaid = company.place(1, "invoice").await;
    let held = company.place(2, "wallet").await;
    let packed = company.place(3, "wallet").await;
    company.step(&packed, "pack", json!({})).await;
    for number in [unpaid, held, packed] {
        let done = company
            .step(&number, "cancel", json!({ "reason": "Changed my mind" }))
            .await;
        assert_eq!(done["status"], "cancelled", "{number}");
    }
    assert_eq!(company.balance_and_held().await, (MONEY, 0));
    assert_eq!(company.stock().await, (9, 0));
    company.check().await;
}

#[tokio::test]
async fn a_part_comes_back_and_a_part_is_refunded() {
    let mut company = Company::with_stock(9).await;
    let number = company.place(3, "wallet").await;
    for step in ["pack", "ship", "deliver"] {
        company.step(&number, step, json!({})).await;
    }
    let one = json!({ "items": [{ "product_id": company.product, "quantity": 1 }], "reason": "Too loud" });
    assert_eq!(
        company.step(&number, "return", one).await["status"],
        "delivered"
    );
    assert_eq!(company.stock().await, (7, 0));
    assert_eq!(
        company
            .step(&number, "refund", json!({ "amount": PRICE }))
            .await["refunded"],
        PRICE
    );
    let path = format!("/api/v1/orders/{number}/refund");
    let much = post(&mut company.staff, &path, json!({ "amount": 3 * PRICE })).await;
    assert_eq!(
        much.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        much.body
    );
    for nothing in [0, -1] {
        let answer = post(&mut company.staff, &path, json!({ "amount": nothing })).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.json()["errors"]["amount"].is_string());
    }
    let broken = json!({ "all": true, "restock": false });
    assert_eq!(
        company.step(&number, "return", broken).await["status"],
        "returned"
    );
    assert_eq!(
        company.stock().await,
        (7, 0),
        "what is broken is not sold again"
    );
    let done = company
        .step(&number, "refund", json!({ "all": true, "to": "bank" }))
        .await;
    assert_eq!(
        (&done["status"], &done["refunded"]),
        (&json!("refunded"), &json!(3 * PRICE + FEE))
    );
    assert_eq!(
        company.balance_and_held().await,
        (MONEY - 3 * PRICE - FEE + PRICE, 0)
    );
    let again = post(&mut company.staff, &path, json!({})).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.body);
    company.check().await;
}

#[tokio::test]
async fn no_more_of_a_product_comes_back_than_is_still_out() {
    let mut company = Company::with_stock(9).await;
    let mut more = Vec::new();
    for name in ["Cable", "Case"] {
        let body = json!({ "name": name, "price": 500, "category": "audio", "stock": 9 });
        let made = post(&mut company.staff, "/api/v1/products", body).await;
        more.push(made.data()["id"].clone());
    }
    let [cable, case] = [&more[0], &more[1]];
    let mut body = company.order(3, "wallet", "standard");
    let items = body["items"].as_array_mut().expect("items");
    items.push(json!({ "product_id": cable, "quantity": 1 }));
    let placed = post(&mut company.mei, "/api/v1/orders", body).await.data();
    let number = placed["number"].as_str().expect("a number");
    for step in ["pack", "ship", "deliver"] {
        company.step(number, step, json!({})).await;
    }
    let headphones = json!(company.product);
    let line =
        |product: &Value, quantity: i64| json!({ "product_id": product, "quantity": quantity });
    let path = format!("/api/v1/orders/{number}/return");
    for items in [
        json!([line(&headphones, 1), line(&headphones, 3)]),
        json!([line(&headphones, 1), line(cable, 2)]),
        json!([line(&headphones, 2), line(&headphones, -1)]),
        json!([line(&headphones, 0)]),
        json!([line(case, 1)]),
    ] {
        let answer = post(&mut company.staff, &path, json!({ "items": items })).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{items}");
    }
    let one = line(&headphones, 1);
    let some = json!({ "items": [line(cable, 1), one, one] });
    let part = company.step(number, "return", some).await;
    assert_eq!(part["status"], "delivered");
    let done = company.step(number, "return", json!({ "all": true })).await;
    assert_eq!(done["status"], "returned");
    let path = format!("/api/v1/orders/{number}/events");
    let events = company.staff.api(&path).await.data();
    let back = |index: usize| &events["items"][index]["data"]["items"];
    let first = json!([line(&headphones, 2), line(cable, 1)]);
    let rest = json!([one]);
    assert_eq!((back(5), back(6)), (&first, &rest));
    company.check().await;
}

#[tokio::test]
async fn verify_names_what_somebody_did_behind_its_back() {
    let mut company = Company::with_stock(5).await;
    let number = company.place(1, "wallet").await;
    let app = &company.server.app;
    execute(app, "UPDATE products SET on_hand = on_hand + 1").await;
    execute(
        app,
        &format!("UPDATE orders SET status = 'shipped' WHERE number = '{number}'"),
    )
    .await;
    let found = verify_orders(app).await.expect("reads");
    let said: Vec<_> = found.iter().map(|finding| finding.0.as_str()).collect();
    assert!(
        said.iter()
            .any(|line| line.starts_with(&format!("Order {number} is shipped"))),
        "{said:?}"
    );
    assert!(
        said.iter().any(|line| line.contains("has 6 on hand")),
        "{said:?}"
    );
    execute(app, "UPDATE orders SET total = total + 1").await;
    let found = verify_orders(app).await.expect("reads");
    let total = format!("Order {number} says that it comes to {},", PRICE + FEE + 1);
    assert!(
        found.iter().any(|finding| finding.0.starts_with(&total)),
        "{found:?}"
    );
    let changed = crate::support::try_execute(app, "UPDATE order_events SET kind = 'paid'").await;
    assert!(changed.is_err(), "history stays");
}
