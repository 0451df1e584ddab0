//! Orders through the API: stock and money are conserved, whoever does what in whatever order.

use crate::support::company::Company;
use crate::support::{self, Answer, Client, TestServer, execute, interfere, number};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use guildhall::accounts::{Role, User};
use guildhall::ledger::verify_ledger;
use guildhall::orders::{NewItem, NewOrder, Numbering, expire_orders, place_order, verify_orders};
use guildhall::server::{App, IdempotencyKey};
use serde_json::{Value, json};

/// A shop with one product at ¥199.00, staff, and a customer with ¥10,000.00.
struct Shop {
    server: TestServer,
    staff: Client,
    mei: Client,
    product: i64,
}

const PRICE: i64 = 19_900;
const FEE: i64 = 1_000;

impl Shop {
    async fn open(stock: i64) -> Self {
        Self::open_with(stock, Numbering::Lock).await
    }

    async fn open_with(stock: i64, numbering: Numbering) -> Self {
        let server = TestServer::start_with(|config| config.orders.numbering = numbering).await;
        let mut staff = server.program(Role::Staff).await;
        let mei = server.program(Role::Customer).await;
        post(
            &mut staff,
            &format!("/api/v1/users/{}/top-up", mei.id()),
            json!({ "amount": 1_000_000 }),
        )
        .await;
        execute(
            &server.app,
            "INSERT INTO categories (slug, name, position) VALUES ('audio', 'Audio', 1)",
        )
        .await;
        let body =
            json!({ "name": "Headphones", "price": PRICE, "category": "audio", "stock": stock });
        let answer = post(&mut staff, "/api/v1/products", body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        let product = answer.data()["id"].as_i64().expect("an id");
        Self {
            server,
            staff,
            mei,
            product,
        }
    }

    fn order(&self, quantity: i64, payment: &str) -> Value {
        order(self.product, quantity, payment)
    }

    /// Mei orders, and gets the order's number.
    async fn place(&mut self, quantity: i64, payment: &str) -> String {
        let body = self.order(quantity, payment);
        let answer = post(&mut self.mei, "/api/v1/orders", body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        answer.data()["number"]
            .as_str()
            .expect("a number")
            .to_owned()
    }

    /// Staff take the step, which is expected to work.
    async fn step(&mut self, order: &str, step: &str, body: Value) -> Value {
        let answer = post(
            &mut self.staff,
            &format!("/api/v1/orders/{order}/{step}"),
            body,
        )
        .await;
        assert_eq!(answer.status, StatusCode::OK, "{step}: {}", answer.body);
        answer.data()
    }

    async fn wallet(&mut self) -> (i64, i64) {
        let wallet = self.mei.api("/api/v1/wallet").await.data();
        let amount = |field: &str| wallet[field].as_i64().expect("an amount");
        (amount("balance"), amount("held"))
    }

    async fn stock(&self) -> (i64, i64) {
        let app = &self.server.app;
        (
            number(app, "SELECT on_hand FROM products").await,
            number(app, "SELECT reserved FROM products").await,
        )
    }

    /// Everything worked out again is as it is written.
    async fn check(&self) {
        check(&self.server.app).await;
    }
}

async fn check(app: &App) {
    assert_eq!(verify_orders(app).await.expect("reads"), []);
    assert_eq!(verify_ledger(app).await.expect("reads"), []);
}

fn order(product: i64, quantity: i64, payment: &str) -> Value {
    json!({
        "items": [{ "product_id": product, "quantity": quantity }],
        "address": { "name": "Mei Chen", "line1": "12 Tower Street", "city": "Shanghai",
                     "postal_code": "200001", "country": "CN", "phone": "+86 21 5555 0100" },
        "delivery": "standard",
        "payment": payment,
    })
}

async fn post(client: &mut Client, path: &str, body: Value) -> Answer {
    client.send_json(Method::POST, path, body).await
}

async fn post_keyed(client: &mut Client, key: &str, body: &Value) -> Answer {
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", key),
        ("sec-fetch-site", "same-origin"),
    ];
    client
        .send(
            Method::POST,
            "/api/v1/orders",
            &headers,
            Body::from(body.to_string()),
        )
        .await
}

#[tokio::test]
async fn an_order_paid_from_the_wallet_goes_all_the_way() {
    let mut shop = Shop::open(5).await;
    let number = shop.place(2, "wallet").await;
    assert!(number.ends_with("-000001"), "{number}");
    let total = 2 * PRICE + FEE;
    assert_eq!(shop.wallet().await, (1_000_000, total));
    assert_eq!(shop.stock().await, (5, 2));
    let seen = shop
        .mei
        .api(&format!("/api/v1/orders/{number}"))
        .await
        .data();
    assert_eq!(
        (&seen["status"], &seen["total"]),
        (&json!("paid"), &json!(total))
    );
    assert_eq!(seen["steps"], json!(["cancel"]));

    shop.step(&number, "pack", json!({})).await;
    assert_eq!(shop.wallet().await, (1_000_000 - total, 0));
    let sold = "SELECT balance FROM ledger_accounts WHERE code = 'sales'";
    assert_eq!(support::number(&shop.server.app, sold).await, total);
    assert_eq!(shop.stock().await, (5, 2));
    shop.step(
        &number,
        "ship",
        json!({ "carrier": "SF Express", "tracking": "SF1" }),
    )
    .await;
    assert_eq!(shop.stock().await, (3, 0));
    let done = shop.step(&number, "deliver", json!({})).await;
    assert_eq!(done["status"], "delivered");

    let events = shop
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
    shop.check().await;
}

#[tokio::test]
async fn an_invoice_is_paid_when_the_money_came_in() {
    let mut shop = Shop::open(5).await;
    let number = shop.place(1, "invoice").await;
    assert_eq!(shop.wallet().await, (1_000_000, 0));
    let paid = shop.step(&number, "pay", json!({})).await;
    assert_eq!(paid["status"], "paid");
    let total = PRICE + FEE;
    assert_eq!(shop.wallet().await, (1_000_000 + total, total));
    let actor = "SELECT actor_id FROM transfers WHERE kind = 'payment'";
    let who = support::number(&shop.server.app, actor).await;
    assert_eq!(who, shop.staff.id(), "the books say who took it");
    shop.step(&number, "pack", json!({})).await;
    assert_eq!(shop.wallet().await, (1_000_000, 0));
    shop.check().await;
}

#[tokio::test]
async fn what_is_free_goes_all_the_way_and_moves_no_money() {
    let mut hall = Company::open_with(|config| config.orders.standard_fee = 0).await;
    let product = format!("/api/v1/products/{}", hall.product);
    let free = json!({ "price": 0 });
    let answer = hall.staff.send_json(Method::PATCH, &product, free).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    for payment in ["wallet", "invoice"] {
        let order = hall.place(1, payment).await;
        for step in ["pack", "ship", "deliver"] {
            hall.step(&order, step, json!({})).await;
        }
        hall.step(&order, "return", json!({ "all": true })).await;
        let path = format!("/api/v1/orders/{order}/refund");
        let answer = post(&mut hall.staff, &path, json!({ "all": true })).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3407));
    }
    let order = hall.place(1, "wallet").await;
    hall.step(&order, "pack", json!({})).await;
    hall.step(&order, "cancel", json!({})).await;
    let app = &hall.server.app;
    let moved = "SELECT COUNT(*) FROM transfers WHERE kind <> 'top_up'";
    assert_eq!(number(app, moved).await, 0);
    check(app).await;
}

#[tokio::test]
async fn a_customer_may_pay_the_invoice_from_the_wallet() {
    let mut shop = Shop::open(5).await;
    let number = shop.place(1, "invoice").await;
    let answer = post(
        &mut shop.mei,
        &format!("/api/v1/orders/{number}/pay"),
        json!({}),
    )
    .await;
    assert_eq!(answer.data()["status"], "paid");
    assert_eq!(shop.wallet().await, (1_000_000, PRICE + FEE));
    shop.check().await;
}

#[tokio::test]
async fn the_same_key_gives_the_same_order() {
    let mut shop = Shop::open(5).await;
    let body = shop.order(1, "wallet");
    let first = post_keyed(&mut shop.mei, "checkout-1", &body).await;
    let again = post_keyed(&mut shop.mei, "checkout-1", &body).await;
    assert_eq!(
        (again.status, first.data()["number"].clone()),
        (StatusCode::CREATED, again.data()["number"].clone())
    );
    let changed = shop.order(2, "wallet");
    let other = post_keyed(&mut shop.mei, "checkout-1", &changed).await;
    assert_eq!(
        (other.status, other.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, 2003)
    );
    assert_eq!(
        number(&shop.server.app, "SELECT COUNT(*) FROM orders").await,
        1
    );
    shop.check().await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_its_code_and_writes_nothing() {
    let mut shop = Shop::open(3).await;
    let (mei, staff) = (&mut shop.mei, &mut shop.staff);
    let answer = post(mei, "/api/v1/orders", order(shop.product, 4, "wallet")).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3401));
    assert!(
        answer.body.contains("only 3 of Headphones left"),
        "{}",
        answer.body
    );

    let mut body = order(shop.product, 1, "wallet");
    body["items"][0]["price"] = json!(PRICE - 100);
    let answer = post(mei, "/api/v1/orders", body).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3402));
    assert!(
        answer.body.contains("from ¥198.00 to ¥199.00"),
        "{}",
        answer.body
    );

    let mut body = order(shop.product, 1, "wallet");
    body.as_object_mut().expect("an object").remove("items");
    let answer = post(mei, "/api/v1/orders", body).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3403));

    let mut body = order(shop.product, 0, "gold");
    body["address"]["country"] = json!("China");
    let answer = post(mei, "/api/v1/orders", body).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let errors = answer.json()["errors"].clone();
    let fields: Vec<_> = errors
        .as_object()
        .expect("by field")
        .keys()
        .cloned()
        .collect();
    assert_eq!(fields, ["address.country", "items", "payment"]);

    let poor = shop.server.program(Role::Customer).await;
    let answer = post(
        &mut poor.clone(),
        "/api/v1/orders",
        order(shop.product, 1, "wallet"),
    )
    .await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3101));

    let path = format!("/api/v1/products/{}", shop.product);
    staff
        .send_json(Method::PATCH, &path, json!({ "active": false }))
        .await;
    let answer = post(mei, "/api/v1/orders", order(shop.product, 1, "wallet")).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3401));
    assert_eq!(
        number(&shop.server.app, "SELECT COUNT(*) FROM orders").await,
        0
    );
    assert_eq!(shop.stock().await, (3, 0));
    shop.check().await;
}

#[tokio::test]
async fn an_illegal_step_says_which_are_possible() {
    let mut shop = Shop::open(3).await;
    let number = shop.place(1, "wallet").await;
    let path = format!("/api/v1/orders/{number}/ship");
    let answer = post(&mut shop.staff, &path, json!({})).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3404));
    assert!(
        answer.body.contains("Possible now: pack, cancel order."),
        "{}",
        answer.body
    );
    let answer = post(
        &mut shop.mei,
        &format!("/api/v1/orders/{number}/pack"),
        json!({}),
    )
    .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.body);
    let answer = post(&mut shop.mei, &path, json!({})).await;
    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::CONFLICT, 3404),
        "staff cannot ship it yet either"
    );
    let expire = format!("/api/v1/orders/{number}/expire");
    assert_eq!(
        post(&mut shop.staff, &expire, json!({})).await.status,
        StatusCode::CONFLICT
    );
    shop.check().await;
}

#[tokio::test]
async fn what_keeps_an_order_from_a_step_says_what_else_is_possible() {
    let mut shop = Shop::open(3).await;
    let number = shop.place(1, "wallet").await;
    let path = |step: &str| format!("/api/v1/orders/{number}/{step}");
    let mut sam = shop.server.signed_in(Role::Staff).await;
    let (flag, clear) = (
        format!("/orders/{number}/flag"),
        format!("/orders/{number}/clear"),
    );
    for (step, else_possible) in [("pack", "cancel order."), ("ship", "cancel order, refund.")] {
        let flagged = sam.post(&flag, &[("reason", "odd address")]).await;
        assert_eq!(flagged.status, StatusCode::SEE_OTHER, "{}", flagged.body);
        let answer = post(&mut shop.staff, &path(step), json!({})).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3406));
        let possible = format!("Possible now: {else_possible}");
        assert!(answer.body.contains(&possible), "{}", answer.body);
        let cleared = sam.post(&clear, &[("reason", "it is right")]).await;
        assert_eq!(cleared.status, StatusCode::SEE_OTHER, "{}", cleared.body);
        shop.step(&number, step, json!({})).await;
    }
    shop.step(&number, "return", json!({ "all": true })).await;
    shop.step(&number, "refund", json!({ "all": true })).await;
    let answer = post(&mut shop.staff, &path("refund"), json!({})).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        answer.body.contains("Nothing more can be done with it."),
        "{}",
        answer.body
    );
    shop.check().await;
}

#[tokio::test]
async fn a_program_agrees_to_a_price_that_moved_in_its_cart() {
    let mut shop = Shop::open(3).await;
    let item = format!("/api/v1/cart/items/{}", shop.product);
    let quantity = json!({ "quantity": 1 });
    shop.mei
        .send_json(Method::PUT, &item, quantity.clone())
        .await;
    let product = format!("/api/v1/products/{}", shop.product);
    let price = json!({ "price": PRICE + 100 });
    shop.staff.send_json(Method::PATCH, &product, price).await;
    let mut body = order(shop.product, 1, "wallet");
    body.as_object_mut().expect("an object").remove("items");
    let answer = post(&mut shop.mei, "/api/v1/orders", body.clone()).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3402));
    assert!(
        answer
            .body
            .contains("set the quantity of its product in the cart once more"),
        "{}",
        answer.body
    );
    shop.mei.send_json(Method::PUT, &item, quantity).await;
    let answer = post(&mut shop.mei, "/api/v1/orders", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    shop.check().await;
}

#[tokio::test]
async fn what_the_books_cannot_take_is_not_ordered() {
    let mut shop = Shop::open(999).await;
    let product = format!("/api/v1/products/{}", shop.product);
    let price = json!({ "price": 1_000_000_000_000_i64 });
    let answer = shop.staff.send_json(Method::PATCH, &product, price).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    // 999 of it are just below what the books take, and with a fee above.
    let mut dear =
        json!({ "name": "Dear", "price": 1_000_000_000_000_i64, "category": "audio", "stock": 2 });
    dear["name"] = json!("Another");
    let made = post(&mut shop.staff, "/api/v1/products", dear).await.data();
    let mut body = shop.order(999, "invoice");
    let items = body["items"].as_array_mut().expect("items");
    items.push(json!({ "product_id": made["id"], "quantity": 1 }));
    let answer = post(&mut shop.mei, "/api/v1/orders", body).await;
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        answer.body
    );
    assert!(answer.json()["errors"]["items"].is_string());
    assert_eq!(shop.stock().await.1, 0, "nothing stays reserved");
}

#[tokio::test]
async fn an_order_is_its_customers_alone() {
    let mut shop = Shop::open(3).await;
    let number = shop.place(1, "wallet").await;
    let mut other = shop.server.program(Role::Customer).await;
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
            shop.server.visitor().api(&path).await.status,
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
        shop.staff.api("/api/v1/orders").await.data()["items"][0]["number"],
        json!(number)
    );
}

#[tokio::test]
async fn cancelling_gives_back_stock_and_money_wherever_they_are() {
    let mut shop = Shop::open(9).await;
    let unpaid = shop.place(1, "invoice").await;
    let held = shop.place(2, "wallet").await;
    let packed = shop.place(3, "wallet").await;
    shop.step(&packed, "pack", json!({})).await;
    for number in [unpaid, held, packed] {
        let done = shop
            .step(&number, "cancel", json!({ "reason": "Changed my mind" }))
            .await;
        assert_eq!(done["status"], "cancelled", "{number}");
    }
    assert_eq!(shop.wallet().await, (1_000_000, 0));
    assert_eq!(shop.stock().await, (9, 0));
    shop.check().await;
}

#[tokio::test]
async fn a_part_comes_back_and_a_part_is_refunded() {
    let mut shop = Shop::open(9).await;
    let number = shop.place(3, "wallet").await;
    for step in ["pack", "ship", "deliver"] {
        shop.step(&number, step, json!({})).await;
    }
    let one =
        json!({ "items": [{ "product_id": shop.product, "quantity": 1 }], "reason": "Too loud" });
    assert_eq!(
        shop.step(&number, "return", one).await["status"],
        "delivered"
    );
    assert_eq!(shop.stock().await, (7, 0));
    assert_eq!(
        shop.step(&number, "refund", json!({ "amount": PRICE }))
            .await["refunded"],
        PRICE
    );
    let path = format!("/api/v1/orders/{number}/refund");
    let much = post(&mut shop.staff, &path, json!({ "amount": 3 * PRICE })).await;
    assert_eq!(
        much.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        much.body
    );
    for nothing in [0, -1] {
        let answer = post(&mut shop.staff, &path, json!({ "amount": nothing })).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.json()["errors"]["amount"].is_string());
    }
    let broken = json!({ "all": true, "restock": false });
    assert_eq!(
        shop.step(&number, "return", broken).await["status"],
        "returned"
    );
    assert_eq!(
        shop.stock().await,
        (7, 0),
        "what is broken is not sold again"
    );
    let done = shop
        .step(&number, "refund", json!({ "all": true, "to": "bank" }))
        .await;
    assert_eq!(
        (&done["status"], &done["refunded"]),
        (&json!("refunded"), &json!(3 * PRICE + FEE))
    );
    assert_eq!(
        shop.wallet().await,
        (1_000_000 - 3 * PRICE - FEE + PRICE, 0)
    );
    let again = post(&mut shop.staff, &path, json!({})).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.body);
    shop.check().await;
}

#[tokio::test]
async fn no_more_of_a_product_comes_back_than_is_still_out() {
    let mut shop = Shop::open(9).await;
    let mut more = Vec::new();
    for name in ["Cable", "Case"] {
        let body = json!({ "name": name, "price": 500, "category": "audio", "stock": 9 });
        let made = post(&mut shop.staff, "/api/v1/products", body).await;
        more.push(made.data()["id"].clone());
    }
    let [cable, case] = [&more[0], &more[1]];
    let mut body = shop.order(3, "wallet");
    let items = body["items"].as_array_mut().expect("items");
    items.push(json!({ "product_id": cable, "quantity": 1 }));
    let placed = post(&mut shop.mei, "/api/v1/orders", body).await.data();
    let number = placed["number"].as_str().expect("a number");
    for step in ["pack", "ship", "deliver"] {
        shop.step(number, step, json!({})).await;
    }
    let headphones = json!(shop.product);
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
        let answer = post(&mut shop.staff, &path, json!({ "items": items })).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{items}");
    }
    let one = line(&headphones, 1);
    let some = json!({ "items": [line(cable, 1), one, one] });
    let part = shop.step(number, "return", some).await;
    assert_eq!(part["status"], "delivered");
    let done = shop.step(number, "return", json!({ "all": true })).await;
    assert_eq!(done["status"], "returned");
    let path = format!("/api/v1/orders/{number}/events");
    let events = shop.staff.api(&path).await.data();
    let back = |index: usize| &events["items"][index]["data"]["items"];
    let first = json!([line(&headphones, 2), line(cable, 1)]);
    let rest = json!([one]);
    assert_eq!((back(5), back(6)), (&first, &rest));
    shop.check().await;
}

#[tokio::test]
async fn an_unpaid_order_gives_its_stock_back_in_time() {
    let mut shop = Shop::open(2).await;
    let number = shop.place(2, "invoice").await;
    let app = shop.server.app.clone();
    app.clock.advance(3 * 86_400 - 60);
    assert_eq!(expire_orders(&app).await, Ok(0));
    app.clock.advance(61);
    assert_eq!(expire_orders(&app).await, Ok(1));
    assert_eq!(expire_orders(&app).await, Ok(0));
    assert_eq!(shop.stock().await, (2, 0));
    let mut staff = shop.server.program(Role::Staff).await;
    let seen = staff.api(&format!("/api/v1/orders/{number}")).await.data();
    assert_eq!(seen["status"], "expired");
    shop.check().await;
}

#[tokio::test]
async fn an_order_that_is_paid_or_cancelled_while_others_expire_stays_so() {
    for (meanwhile, stays) in [
        ("expires_at = NULL", "placed"),
        ("status = 'cancelled'", "cancelled"),
    ] {
        let mut shop = Shop::open(2).await;
        for _ in 0..2 {
            shop.place(1, "invoice").await;
        }
        let app = shop.server.app.clone();
        app.clock.advance(3 * 86_400 + 1);
        // Whichever expires first, the other one is changed by then.
        let other = format!(
            "UPDATE orders SET {meanwhile} WHERE id <> NEW.id AND status = 'placed' AND expires_at IS NOT NULL"
        );
        interfere(
            &app,
            "AFTER UPDATE ON orders",
            &other,
            &format!("IF pg_trigger_depth() = 1 THEN {other}; END IF"),
        )
        .await;
        assert_eq!(expire_orders(&app).await, Ok(1), "{meanwhile}");
        for status in ["expired", stays] {
            let sql = format!("SELECT COUNT(*) FROM orders WHERE status = '{status}'");
            assert_eq!(number(&app, &sql).await, 1, "{meanwhile}: {status}");
        }
    }
}

#[tokio::test]
async fn nobody_but_the_order_ends_what_it_set_aside() {
    let mut shop = Shop::open(2).await;
    let number = shop.place(1, "wallet").await;
    for (client, act) in [
        (shop.mei.clone(), "void"),
        (shop.staff.clone(), "void"),
        (shop.staff.clone(), "capture"),
    ] {
        let path = format!("/api/v1/holds/guildhall:order-{number}/{act}");
        let answer = post(&mut client.clone(), &path, json!({})).await;
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::CONFLICT, 3108),
            "{}",
            answer.body
        );
    }
    shop.step(&number, "pack", json!({})).await;
    let path = format!("/api/v1/transfers/guildhall:order-{number}-capture/reverse");
    let answer = post(&mut shop.staff, &path, json!({})).await;
    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::CONFLICT, 3108),
        "{}",
        answer.body
    );
    shop.check().await;
}

/// So many customers at once, without the time it takes to give each a password.
async fn crowd(app: &App, size: i64) -> Vec<User> {
    let row = |number: i64| {
        format!("('crowd{number}@example.com', 'Buyer {number}', '-', 'customer', 0, 0)")
    };
    let rows: Vec<_> = (1..=size).map(row).collect();
    let insert =
        "INSERT INTO users (email, name, password_hash, role, created_at, updated_at) VALUES ";
    execute(app, &format!("{insert}{}", rows.join(", "))).await;
    let first = number(app, "SELECT MIN(id) FROM users WHERE email LIKE 'crowd%'").await;
    let buyer = |number: i64| User {
        id: first + number,
        name: format!("Buyer {}", number + 1),
        email: format!("crowd{}@example.com", number + 1),
        role: Role::Customer,
        active: true,
        version: 1,
        language: None,
        created_at: Default::default(),
        updated_at: Default::default(),
    };
    (0..size).map(buyer).collect()
}

fn one_of(product: i64) -> NewOrder {
    let mut body = order(product, 1, "invoice");
    let items = vec![NewItem {
        product_id: product,
        quantity: 1,
        price: None,
    }];
    body["items"] = json!(null);
    NewOrder {
        items: Some(items),
        ..serde_json::from_value(body).expect("an order")
    }
}

/// All buy at once; gives how many got an order, and the codes of those who did not.
async fn rush(app: &App, product: i64, buyers: Vec<User>) -> (usize, Vec<u16>) {
    let tasks: Vec<_> = buyers
        .into_iter()
        .map(|buyer| {
            let app = app.clone();
            tokio::spawn(async move {
                place_order(
                    &app,
                    &buyer,
                    buyer.id,
                    IdempotencyKey::Unkeyed,
                    one_of(product),
                )
                .await
            })
        })
        .collect();
    let (mut orders, mut refused) = (0, Vec::new());
    for task in tasks {
        match task.await.expect("does not panic") {
            Ok(_) => orders += 1,
            Err(error) => refused.push(error.code),
        }
    }
    (orders, refused)
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_buyers_get_a_hundred_orders() {
    let shop = Shop::open(100).await;
    let app = &shop.server.app;
    let buyers = crowd(app, 500).await;
    let (orders, refused) = rush(app, shop.product, buyers).await;
    assert_eq!((orders, refused.len()), (100, 400));
    assert!(refused.iter().all(|code| *code == 3401), "{refused:?}");
    assert_eq!(shop.stock().await, (100, 100));
    assert_eq!(number(app, "SELECT MAX(ordinal) FROM orders").await, 100);
    shop.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_have_no_gaps_where_the_constraint_alone_keeps_them() {
    let shop = Shop::open_with(40, Numbering::Retry).await;
    let app = &shop.server.app;
    let buyers = crowd(app, 60).await;
    let (orders, refused) = rush(app, shop.product, buyers).await;
    assert_eq!((orders, refused.len()), (40, 20));
    assert_eq!(number(app, "SELECT MAX(ordinal) FROM orders").await, 40);
    shop.check().await;
}

#[tokio::test]
async fn verify_names_what_somebody_did_behind_its_back() {
    let mut shop = Shop::open(5).await;
    let number = shop.place(1, "wallet").await;
    let app = &shop.server.app;
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
