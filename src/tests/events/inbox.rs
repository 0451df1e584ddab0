//! Incoming messages: only who knows the secret is believed, each message counts once, and what cannot
//! be is put aside.

use crate::support::company::Company;
use crate::support::{Answer, Client, execute, interfere, number, on_postgres};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use guildhall::events::{apply_due, delete_old};
use guildhall::ledger::verify_ledger;
use guildhall::orders::verify_orders;
use guildhall::server::config::Config;
use serde_json::{Value, json};
use standardwebhooks::Webhook;

pub const PAYMENTS: &str = "whsec_cGF5bWVudHMgcGF5bWVudHMgcGF5bWVudHM=";
const INVENTORY: &str = "whsec_aW52ZW50b3J5IGludmVudG9yeSBpbnZlbnRvcnk=";
const SHIPPING: &str = "whsec_c2hpcHBpbmcgc2hpcHBpbmcgc2hpcHBpbmc=";
const RISK: &str = "whsec_cmlzayByaXNrIHJpc2sgcmlzayByaXNrIHJpc2s=";

/// Everybody may tell us something.
pub fn listening(config: &mut Config) {
    let webhooks = &mut config.webhooks;
    webhooks.payments_secret = PAYMENTS.to_owned();
    webhooks.inventory_secret = INVENTORY.to_owned();
    webhooks.shipping_secret = SHIPPING.to_owned();
    webhooks.risk_secret = RISK.to_owned();
}

/// Somebody who tells us things, and signs them with the published crate.
pub struct Teller {
    client: Client,
    now: i64,
    sent: u32,
}

impl Teller {
    pub fn new(company: &Company) -> Self {
        Self {
            client: company.server.visitor(),
            now: company.server.app.clock.now().seconds(),
            sent: 0,
        }
    }

    /// Tells it under a new id. `at` is when it happened, in seconds from the beginning.
    pub async fn tell(&mut self, company: &Company, topic: &str, at: i64, data: Value) -> Answer {
        self.sent += 1;
        let id = format!("message-{}", self.sent);
        self.tell_as(company, &id, topic, at, data).await
    }

    pub async fn tell_as(
        &mut self,
        company: &Company,
        id: &str,
        topic: &str,
        at: i64,
        data: Value,
    ) -> Answer {
        let (source, secret) = match topic.split('.').next() {
            Some("payment") => ("payments", PAYMENTS),
            Some("stock") => ("inventory", INVENTORY),
            Some("shipment") => ("shipping", SHIPPING),
            _ => ("risk", RISK),
        };
        let at = time::OffsetDateTime::from_unix_timestamp(self.now + at).expect("a time");
        let at = guildhall::clock::Timestamp::from(at);
        let body = json!({ "type": topic, "timestamp": at, "data": data }).to_string();
        let now = company.server.app.clock.now().seconds();
        self.send(source, secret, id, now, &body).await
    }

    pub async fn send(
        &mut self,
        source: &str,
        secret: &str,
        id: &str,
        seconds: i64,
        body: &str,
    ) -> Answer {
        let webhook = Webhook::new(secret).expect("a secret");
        let signature = webhook.sign(id, seconds, body.as_bytes()).expect("signs");
        let seconds = seconds.to_string();
        let headers = [
            ("content-type", "application/json"),
            ("webhook-id", id),
            ("webhook-timestamp", &seconds),
            ("webhook-signature", &signature),
        ];
        let path = format!("/webhooks/{source}");
        self.client
            .send(Method::POST, &path, &headers, body.to_owned().into())
            .await
    }
}

/// Works on all that is due.
pub async fn apply(company: &Company) {
    while apply_due(&company.server.app).await.expect("works") > 0 {}
}

pub async fn inbox(company: &mut Company, state: &str) -> Vec<Value> {
    let path = format!("/api/v1/webhooks/inbox?state={state}");
    let items = company.staff.api(&path).await.data()["items"].clone();
    items.as_array().expect("a list").clone()
}

pub async fn status(company: &mut Company, order: &str) -> String {
    let path = format!("/api/v1/orders/{order}");
    let status = company.staff.api(&path).await.data()["status"].clone();
    status.as_str().expect("a status").to_owned()
}

/// Orders, stock and books are right.
pub async fn check(company: &Company) {
    let app = &company.server.app;
    assert_eq!(verify_orders(app).await.expect("reads"), []);
    assert_eq!(verify_ledger(app).await.expect("reads"), []);
}

fn captured(order: &str) -> Value {
    json!({ "order": order, "amount": 40_800, "currency": "CNY" })
}

#[tokio::test]
async fn a_message_is_answered_at_once_and_worked_on_later() {
    let mut company = Company::open_with(listening).await;
    let mut teller = Teller::new(&company);
    let order = company.place(2, "invoice").await;
    let told = teller
        .tell(&company, "payment.captured", 0, captured(&order))
        .await;
    assert_eq!(told.status, StatusCode::ACCEPTED, "{}", told.body);
    assert_eq!(told.data()["duplicate"], false);
    assert_eq!(status(&mut company, &order).await, "placed");
    apply(&company).await;
    assert_eq!(status(&mut company, &order).await, "paid");

    let again = teller
        .tell_as(
            &company,
            "message-1",
            "payment.captured",
            0,
            captured(&order),
        )
        .await;
    assert_eq!(
        (again.status, &again.data()["duplicate"]),
        (StatusCode::ACCEPTED, &json!(true))
    );
    apply(&company).await;
    let listed = inbox(&mut company, "applied").await;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["outcome"], "The order is paid.");
    let events = company
        .staff
        .api(&format!("/api/v1/orders/{order}/events"))
        .await
        .data();
    let paid = &events["items"][1];
    assert_eq!(
        (&paid["kind"], &paid["actor"]),
        (&json!("paid"), &json!("Payments"))
    );
    check(&company).await;
}

#[tokio::test]
async fn only_who_knows_the_secret_is_believed() {
    let company = Company::open_with(listening).await;
    let mut teller = Teller::new(&company);
    let now = company.server.app.clock.now().seconds();
    let body = json!({ "type": "payment.captured", "data": captured("2026-000001") }).to_string();
    let wrong = [
        (SHIPPING, "a", now),
        (PAYMENTS, "a", now - 301),
        (PAYMENTS, "a", now + 301),
        (PAYMENTS, "", now),
        (PAYMENTS, "a.b", now),
    ];
    for (secret, id, seconds) in wrong {
        let answer = teller.send("payments", secret, id, seconds, &body).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{id} {seconds}");
    }
    let bare = teller
        .client
        .send_json(Method::POST, "/webhooks/payments", json!({}))
        .await;
    assert_eq!(bare.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        number(&company.server.app, "SELECT COUNT(*) FROM inbox").await,
        0
    );

    // While the other side changes its secret it signs with both.
    let sign = |secret| {
        Webhook::new(secret)
            .expect("a secret")
            .sign("b", now, body.as_bytes())
    };
    let both = format!(
        "{} {}",
        sign(RISK).expect("signs"),
        sign(PAYMENTS).expect("signs")
    );
    let seconds = now.to_string();
    let headers = [
        ("webhook-id", "b"),
        ("webhook-timestamp", seconds.as_str()),
        ("webhook-signature", both.as_str()),
    ];
    let answer = teller
        .client
        .send(
            Method::POST,
            "/webhooks/payments",
            &headers,
            body.clone().into(),
        )
        .await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
}

#[tokio::test]
async fn where_no_secret_is_set_up_nothing_is_taken() {
    let company = Company::open_to_listeners().await;
    let mut teller = Teller::new(&company);
    let answer = teller
        .tell(&company, "payment.captured", 0, captured("2026-000001"))
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(
        answer.body.contains("GUILDHALL_WEBHOOKS_PAYMENTS_SECRET"),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn no_cookie_and_no_origin_is_in_the_way() {
    let company = Company::open_with(listening).await;
    let mut teller = Teller::new(&company);
    teller.client = company.server.signed_in(Role::Customer).await;
    let answer = teller
        .tell(
            &company,
            "risk.flagged",
            0,
            json!({ "order": "2026-000001" }),
        )
        .await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
    let get = teller.client.api("/webhooks/risk").await;
    assert_eq!(get.status, StatusCode::METHOD_NOT_ALLOWED);
    let nobody = teller
        .client
        .send_json(Method::POST, "/webhooks/weather", json!({}))
        .await;
    assert_eq!(
        nobody.status,
        StatusCode::FORBIDDEN,
        "there is only staff's form"
    );
}

#[tokio::test]
async fn what_is_no_message_or_too_long_is_refused() {
    let company = Company::open_with(listening).await;
    let mut teller = Teller::new(&company);
    let now = company.server.app.clock.now().seconds();
    for body in ["", "no json", "[1]", "{\"data\":{}}"] {
        let answer = teller.send("risk", RISK, "a", now, body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    }
    let long =
        json!({ "type": "risk.flagged", "data": { "order": "x".repeat(70_000) } }).to_string();
    let answer = teller.send("risk", RISK, "a", now, &long).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        number(&company.server.app, "SELECT COUNT(*) FROM inbox").await,
        0
    );
}

#[tokio::test]
async fn what_cannot_be_is_put_aside_with_the_reason() {
    let mut company = Company::open_with(listening).await;
    let mut teller = Teller::new(&company);
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
        teller.tell(&company, topic, 0, data).await;
        apply(&company).await;
        if !why.is_empty() {
            let newest = inbox(&mut company, "parked").await.remove(0);
            let outcome = newest["outcome"].as_str().expect("why");
            assert!(outcome.contains(why), "{topic}: {outcome}");
        }
    }
    assert_eq!(inbox(&mut company, "parked").await.len(), 10);
    assert_eq!(inbox(&mut company, "waiting").await.len(), 0);
    check(&company).await;
}

#[tokio::test]
async fn another_side_has_no_say_in_payments() {
    let mut company = Company::open_with(listening).await;
    let mut teller = Teller::new(&company);
    let order = company.place(2, "invoice").await;
    let now = company.server.app.clock.now().seconds();
    let body = json!({ "type": "payment.captured", "data": captured(&order) }).to_string();
    let answer = teller.send("risk", RISK, "a", now, &body).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    apply(&company).await;
    assert_eq!(status(&mut company, &order).await, "placed");
    let parked = inbox(&mut company, "parked").await;
    assert_eq!(parked[0]["outcome"], "Risk has no say in payment.captured.");
}

#[tokio::test]
async fn what_is_about_nothing_known_waits_an_hour_and_then_for_staff() {
    let mut company = Company::open_with(listening).await;
    let mut teller = Teller::new(&company);
    let year = company.server.app.clock.now().date_time().year();
    let (soon, never) = (format!("{year}-000001"), format!("{year}-000099"));
    teller
        .tell(&company, "payment.captured", 0, captured(&soon))
        .await;
    teller
        .tell(&company, "payment.captured", 0, captured(&never))
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
    check(&company).await;
}

#[tokio::test]
async fn staff_look_at_the_inbox_try_again_and_discard() {
    let mut company = Company::open_with(listening).await;
    let mut teller = Teller::new(&company);
    let mut sam = company.server.signed_in(Role::Staff).await;
    assert!(
        sam.page("/webhooks/inbox")
            .await
            .contains("Nothing has come in yet")
    );
    let order = company.place(2, "invoice").await;
    company.step(&order, "pay", json!({})).await;
    let part = json!({ "order": order, "amount": 900, "refund_id": "r1" });
    teller.tell(&company, "payment.refunded", 0, part).await;
    teller
        .tell(
            &company,
            "payment.captured",
            0,
            json!({ "order": order, "amount": 1, "currency": "CNY" }),
        )
        .await;
    apply(&company).await;
    let page = sam.page("/webhooks/inbox").await;
    assert!(
        page.contains("The order is not packed yet, so nothing was taken."),
        "{page}"
    );
    assert!(
        page.contains("put aside") && page.contains("From Payments"),
        "{page}"
    );
    let only = sam.page("/webhooks/inbox?state=parked").await;
    assert!(
        only.contains("¥0.01 came in") && !only.contains("not packed"),
        "{only}"
    );
    assert!(
        sam.page("/webhooks/inbox?state=discarded")
            .await
            .contains("No message is so")
    );

    let discarded = sam.post("/webhooks/inbox/2/discard", &[]).await;
    assert_eq!(discarded.header("location"), "/webhooks/inbox");
    let again = sam.post("/webhooks/inbox/2/retry", &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    company.step(&order, "pack", json!({})).await;
    sam.post("/webhooks/inbox/1/retry", &[]).await;
    apply(&company).await;
    let applied = inbox(&mut company, "applied").await;
    assert_eq!(applied[0]["outcome"], "The refund is booked.");
    let path = "/api/v1/webhooks/inbox/2";
    let settled = company
        .staff
        .send_json(Method::DELETE, path, json!({}))
        .await;
    assert_eq!(
        (settled.status, settled.code()),
        (StatusCode::CONFLICT, 3502)
    );
    check(&company).await;
}

#[tokio::test]
async fn the_inbox_is_for_staff() {
    let mut company = Company::open_with(listening).await;
    let mut teller = Teller::new(&company);
    teller
        .tell(
            &company,
            "risk.flagged",
            0,
            json!({ "order": "2026-000001" }),
        )
        .await;
    let mut visitor = company.server.visitor();
    let mut customer = company.server.signed_in(Role::Customer).await;
    assert!(
        visitor
            .get("/webhooks/inbox")
            .await
            .header("location")
            .starts_with("/login")
    );
    assert_eq!(
        customer.get("/webhooks/inbox").await.status,
        StatusCode::FORBIDDEN
    );
    for form in ["/webhooks/inbox/1/retry", "/webhooks/inbox/1/discard"] {
        assert!(
            visitor
                .post(form, &[])
                .await
                .header("location")
                .starts_with("/login")
        );
        assert_eq!(customer.post(form, &[]).await.status, StatusCode::FORBIDDEN);
    }
    let calls = [
        (Method::GET, "/api/v1/webhooks/inbox"),
        (Method::POST, "/api/v1/webhooks/inbox/1/retry"),
        (Method::DELETE, "/api/v1/webhooks/inbox/1"),
    ];
    for (method, path) in calls {
        let answer = visitor.send_json(method.clone(), path, json!({})).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        let answer = customer.send_json(method.clone(), path, json!({})).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(inbox(&mut company, "waiting").await.len(), 1);
    let wrong = company.staff.api("/api/v1/webhooks/inbox?state=lost").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn several_servers_work_on_each_message_once() {
    let mut company = Company::open_with(listening).await;
    let mut teller = Teller::new(&company);
    let mut orders = Vec::new();
    for _ in 0..5 {
        let order = company.place(2, "invoice").await;
        teller
            .tell(&company, "risk.flagged", 1, json!({ "order": order }))
            .await;
        teller
            .tell(&company, "payment.captured", 1, captured(&order))
            .await;
        teller
            .tell(
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
        teller.tell(&company, "stock.adjusted", 0, change).await;
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
    check(&company).await;
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
    check(&company).await;
}

#[tokio::test]
async fn what_counted_once_counts_never_again_though_its_text_is_dropped() {
    let mut company = Company::open_with(listening).await;
    let mut teller = Teller::new(&company);
    let order = company.place(2, "invoice").await;
    let found = json!({ "product_id": company.product, "change": 5, "reason": "found" });
    teller
        .tell_as(&company, "paid", "payment.captured", 0, captured(&order))
        .await;
    teller
        .tell_as(&company, "found", "stock.adjusted", 0, found.clone())
        .await;
    apply(&company).await;
    company.deliver().await;
    company.wait(400 * 86_400);
    delete_old(&company.server.app).await.expect("cleans");
    let texts = "SELECT COUNT(*) FROM inbox WHERE body <> ''";
    assert_eq!(number(&company.server.app, texts).await, 0);

    let replayed = teller
        .tell_as(&company, "found", "stock.adjusted", 0, found)
        .await;
    assert_eq!(replayed.data()["duplicate"], true);
    teller
        .tell_as(
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
    check(&company).await;
}

#[tokio::test]
async fn a_word_on_a_risk_without_a_time_is_put_aside() {
    let mut company = Company::open_with(listening).await;
    let mut teller = Teller::new(&company);
    let order = company.place(2, "invoice").await;
    let now = company.server.app.clock.now().seconds();
    let body = json!({ "type": "risk.flagged", "timestamp": "today", "data": { "order": order } });
    let told = teller.send("risk", RISK, "a", now, &body.to_string()).await;
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
    let mut teller = Teller::new(&company);
    let (busy, free) = (
        company.place(2, "invoice").await,
        company.place(2, "invoice").await,
    );
    for order in [&busy, &free] {
        teller
            .tell(&company, "payment.captured", 0, captured(order))
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
    check(&company).await;
}
