//! Webhooks as their subscribers get them: signed, filtered, never into the house, and logged.

use crate::support::company::Company;
use crate::support::listener::{Answering, Heard, Listener};
use crate::support::{execute, number};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::{Value, json};
use standardwebhooks::Webhook;

/// True if the published crate accepts the message with this secret.
fn verifies(heard: &Heard, secret: &Value) -> bool {
    let secret = secret.as_str().expect("a secret");
    let webhook = Webhook::new(secret).expect("a readable secret");
    webhook
        .verify(heard.body.as_bytes(), &heard.headers)
        .is_ok()
}

#[tokio::test]
async fn a_message_is_signed_so_that_the_published_crate_takes_it() {
    let mut company = Company::open_to_listeners().await;
    let listener = Listener::start().await;
    let webhook = company.subscribe(&listener.url(), "order.paid").await;
    let other = company
        .subscribe("http://127.0.0.1:9/", "ledger.posted")
        .await;
    let order = company.place(2, "wallet").await;
    company.deliver().await;
    let heard = listener.heard();
    assert_eq!(heard.len(), 1);
    assert!(verifies(&heard[0], &webhook["secret"]));
    assert!(!verifies(&heard[0], &other["secret"]));
    let mut forged = heard[0].clone();
    forged.body = forged.body.replace("order.paid", "order.void");
    assert!(!verifies(&forged, &webhook["secret"]));

    assert!(heard[0].header("user-agent").starts_with("guildhall"));
    assert_eq!(heard[0].header("content-type"), "application/json");
    let seq = number(
        &company.server.app,
        "SELECT seq FROM outbox WHERE topic = 'order.paid'",
    )
    .await;
    assert_eq!(heard[0].header("webhook-id"), format!("event-{seq}"));
    let body = heard[0].json();
    let mut fields: Vec<_> = body.as_object().expect("an object").keys().collect();
    fields.sort();
    assert_eq!(fields, ["data", "timestamp", "type", "version"]);
    assert_eq!(body["type"], "order.paid");
    assert_eq!(body["timestamp"], company.server.app.clock.now().rfc3339());
    let data = &body["data"];
    assert_eq!(
        (&data["number"], &data["total"]),
        (&json!(order), &json!(40_800))
    );
    assert_eq!(data["details"]["amount"], 40_800);
}

#[tokio::test]
async fn after_a_change_of_secret_both_sign_for_a_day() {
    let mut company = Company::open_to_listeners().await;
    let listener = Listener::start().await;
    let webhook = company.subscribe(&listener.url(), "order.placed").await;
    let rotate = format!("/api/v1/webhooks/{}/rotate", webhook["id"]);
    let rotated = company
        .staff
        .send_json(Method::POST, &rotate, json!({}))
        .await
        .data();
    assert_ne!(rotated["secret"], webhook["secret"]);
    company.place(2, "wallet").await;
    company.deliver().await;
    let heard = listener.heard();
    assert_eq!(heard[0].header("webhook-signature").split(' ').count(), 2);
    assert!(verifies(&heard[0], &webhook["secret"]));
    assert!(verifies(&heard[0], &rotated["secret"]));

    // A third secret would cut short the first one's day.
    company.wait(24 * 3_600 - 1);
    let refused = company
        .staff
        .send_json(Method::POST, &rotate, json!({}))
        .await;
    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::CONFLICT, 3503)
    );
    assert!(
        refused.body.contains("less than a day ago"),
        "{}",
        refused.body
    );
    company.wait(2);
    company.place(2, "wallet").await;
    company.deliver().await;
    let heard = listener.heard();
    let signature = heard[1].header("webhook-signature");
    assert_eq!(signature.split(' ').count(), 1);
    let again = company
        .staff
        .send_json(Method::POST, &rotate, json!({}))
        .await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.body);
}

#[tokio::test]
async fn each_subscriber_gets_its_topics() {
    let mut company = Company::open_to_listeners().await;
    let (all, orders, stock) = (
        Listener::start().await,
        Listener::start().await,
        Listener::start().await,
    );
    // Earlier events were for others.
    company.deliver().await;
    company.subscribe(&all.url(), "*").await;
    company.subscribe(&orders.url(), "order.*").await;
    company
        .subscribe(&stock.url(), "stock.shipped, order.shipped")
        .await;
    let order = company.place(2, "wallet").await;
    company.step(&order, "pack", json!({})).await;
    company.step(&order, "ship", json!({})).await;
    company.deliver().await;
    let topics = |listener: &Listener| {
        let mut topics: Vec<String> = listener
            .heard()
            .iter()
            .map(|heard| heard.json()["type"].as_str().expect("a type").to_owned())
            .collect();
        topics.sort();
        topics
    };
    assert_eq!(
        topics(&orders),
        [
            "order.packed",
            "order.paid",
            "order.placed",
            "order.shipped"
        ]
    );
    assert_eq!(topics(&stock), ["order.shipped", "stock.shipped"]);
    assert_eq!(
        topics(&all),
        [
            "ledger.posted",
            "order.packed",
            "order.paid",
            "order.placed",
            "order.shipped",
            "stock.reserved",
            "stock.shipped"
        ]
    );
}

#[tokio::test]
async fn a_transfer_is_told_as_the_journal_has_it() {
    let mut company = Company::open_to_listeners().await;
    let listener = Listener::start().await;
    company.subscribe(&listener.url(), "ledger.posted").await;
    let path = format!("/api/v1/users/{}/top-up", company.mei.id());
    let body = json!({ "amount": 1_234, "memo": "cash" });
    let posted = company
        .staff
        .send_json(Method::POST, &path, body)
        .await
        .data();
    assert_eq!(posted["amount"], 1_234);
    company.deliver().await;
    // The opening's own postings are delivered as well.
    let heard = listener.heard();
    let mut told = heard.iter().map(|heard| heard.json()["data"].clone());
    let told = told.find(|told| told["id"] == posted["id"]);
    let told = told.expect("it is told of");
    for field in [
        "kind",
        "from_account_id",
        "to_account_id",
        "amount",
        "currency",
        "reference",
        "memo",
        "posted_at",
    ] {
        assert_eq!(told[field], posted[field], "{field}: {told}");
    }
}

#[tokio::test]
async fn no_webhook_reaches_a_private_address() {
    let mut company = Company::open_with(|_| {}).await;
    let listener = Listener::start().await;
    let refused = company.try_subscribe(&listener.url(), "*").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fault = refused.json()["errors"]["url"].clone();
    assert!(
        fault
            .as_str()
            .expect("a fault")
            .contains("Private addresses are not allowed."),
        "{fault}"
    );
    // A name shows where it leads only when it is looked up.
    let named = format!("http://localhost:{}/hook", listener.port);
    let webhook = company.subscribe(&named, "order.placed").await;
    company.place(2, "wallet").await;
    company.deliver().await;
    assert_eq!(listener.heard().len(), 0, "not a byte");
    let log = company.log(&webhook).await;
    assert_eq!(
        (&log[0]["state"], &log[0]["tries"]),
        (&json!("waiting"), &json!(1))
    );
    let error = log[0]["attempts"][0]["error"].as_str().expect("an error");
    assert!(
        error.contains("localhost leads to") && error.contains("Private addresses"),
        "{error}"
    );
}

/// The address was registered while that was allowed, or got into the database another way.
#[tokio::test]
async fn a_private_address_is_refused_once_more_when_something_is_sent() {
    let mut company = Company::open_with(|_| {}).await;
    let listener = Listener::start().await;
    let webhook = company
        .subscribe("https://example.com/hook", "order.placed")
        .await;
    let moved = format!("UPDATE webhooks SET url = '{}'", listener.url());
    execute(&company.server.app, &moved).await;
    company.place(2, "wallet").await;
    company.deliver().await;
    assert_eq!(listener.heard().len(), 0, "not a byte");
    let log = company.log(&webhook).await;
    let error = log[0]["attempts"][0]["error"].as_str().expect("an error");
    assert!(
        error.contains("Private addresses are not allowed."),
        "{error}"
    );
}

#[tokio::test]
async fn in_production_only_https_is_good_enough() {
    let mut company = Company::open_with(|config| {
        config.server.environment = guildhall::server::config::Environment::Production;
    })
    .await;
    let refused = company.try_subscribe("http://example.com/hook", "*").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    company.subscribe("https://example.com/hook", "*").await;
}

#[tokio::test]
async fn a_message_goes_where_it_was_registered_and_nowhere_else() {
    let mut company = Company::open_to_listeners().await;
    let (listener, elsewhere) = (Listener::start().await, Listener::start().await);
    let webhook = company.subscribe(&listener.url(), "order.placed").await;
    listener.answer([Answering::Leading(elsewhere.url())]);
    company.place(2, "wallet").await;
    company.deliver().await;
    assert_eq!(elsewhere.heard().len(), 0);
    let log = company.log(&webhook).await;
    assert_eq!(log[0]["attempts"][0]["status"], 302);
    assert_eq!(log[0]["state"], "waiting", "that was no delivery");
}

#[tokio::test]
async fn a_webhook_that_answers_gone_is_paused_until_staff_resume() {
    let mut company = Company::open_to_listeners().await;
    let listener = Listener::start().await;
    let webhook = company.subscribe(&listener.url(), "order.placed").await;
    listener.answer([Answering::With(StatusCode::GONE)]);
    let first = company.place(2, "wallet").await;
    company.deliver().await;
    let path = format!("/api/v1/webhooks/{}", webhook["id"]);
    let paused = company.staff.api(&path).await.data();
    assert_eq!(paused["paused"], true);
    assert!(
        paused["paused_because"]
            .as_str()
            .expect("why")
            .contains("410")
    );
    let second = company.place(2, "wallet").await;
    company.wait(86_400);
    company.deliver().await;
    assert_eq!(listener.heard().len(), 1);
    let resumed = company
        .staff
        .send_json(Method::PATCH, &path, json!({ "paused": false }))
        .await;
    assert_eq!(resumed.data()["paused_because"], "");
    company.deliver().await;
    let mut told = listener.what();
    told.sort();
    let wanted = [&first, &first, &second].map(|number| format!("order.placed {number}"));
    assert_eq!(told, wanted, "what waited goes out");
}

#[tokio::test]
async fn staff_send_something_again() {
    let mut company = Company::open_to_listeners().await;
    let listener = Listener::start().await;
    let webhook = company.subscribe(&listener.url(), "order.placed").await;
    let other = company.subscribe(&listener.url(), "order.expired").await;
    company.place(2, "wallet").await;
    company.deliver().await;
    let log = company.log(&webhook).await;
    assert_eq!(
        (
            &log[0]["state"],
            log[0]["attempts"].as_array().map(Vec::len)
        ),
        (&json!("done"), Some(1))
    );
    let deliveries = format!("/api/v1/webhooks/{}/deliveries", webhook["id"]);
    let again = format!("{deliveries}/{}/redeliver", log[0]["id"]);
    let sent = company
        .staff
        .send_json(Method::POST, &again, json!({}))
        .await;
    assert_eq!(sent.status, StatusCode::NO_CONTENT);
    company.deliver().await;
    let heard = listener.heard();
    assert_eq!(heard.len(), 2);
    assert_eq!(heard[0].header("webhook-id"), heard[1].header("webhook-id"));
    assert_eq!(heard[0].body, heard[1].body);
    let log = company.log(&webhook).await;
    assert_eq!(log[0]["attempts"].as_array().map(Vec::len), Some(2));

    let another = format!(
        "/api/v1/webhooks/{}/deliveries/{}/redeliver",
        other["id"], log[0]["id"]
    );
    let missing = company
        .staff
        .send_json(Method::POST, &another, json!({}))
        .await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND, "another's delivery");
}

#[tokio::test]
async fn a_long_answer_is_cut() {
    let mut company = Company::open_to_listeners().await;
    let listener = Listener::start().await;
    let webhook = company.subscribe(&listener.url(), "order.placed").await;
    listener.answer([Answering::Saying(
        StatusCode::OK,
        "no\u{0}thing ".repeat(100_000),
    )]);
    company.place(2, "wallet").await;
    company.deliver().await;
    let log = company.log(&webhook).await;
    let answer = log[0]["attempts"][0]["answer"].as_str().expect("an answer");
    assert_eq!(answer.chars().count(), 1_000);
    assert!(answer.starts_with("nothing nothing"), "{answer}");
}

#[tokio::test]
async fn a_webhook_is_changed_and_ended() {
    let mut company = Company::open_to_listeners().await;
    let listener = Listener::start().await;
    let webhook = company.subscribe(&listener.url(), "order.placed").await;
    let path = format!("/api/v1/webhooks/{}", webhook["id"]);
    let change = json!({ "events": ["order.paid"], "description": "the warehouse", "version": 1 });
    let changed = company
        .staff
        .send_json(Method::PATCH, &path, change.clone())
        .await
        .data();
    assert_eq!(
        (&changed["events"], &changed["version"]),
        (&json!(["order.paid"]), &json!(2))
    );
    let stale = company.staff.send_json(Method::PATCH, &path, change).await;
    assert_eq!((stale.status, stale.code()), (StatusCode::CONFLICT, 3001));
    let wrong = json!({ "url": "nowhere", "events": ["order.never"] });
    let wrong = company.staff.send_json(Method::PATCH, &path, wrong).await;
    let faults = wrong.json()["errors"].clone();
    assert!(
        faults["url"].is_string() && faults["events"].is_string(),
        "{faults}"
    );

    company.place(2, "wallet").await;
    listener.fail(1);
    company.deliver().await;
    let deleted = company
        .staff
        .send_json(Method::DELETE, &path, json!({}))
        .await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    let waiting =
        "SELECT COUNT(*) FROM deliveries WHERE state = 'waiting' AND consumer LIKE 'webhook%'";
    assert_eq!(number(&company.server.app, waiting).await, 0, "let go of");
    let lanes = "SELECT COUNT(*) FROM delivery_lanes WHERE consumer LIKE 'webhook%'";
    assert_eq!(number(&company.server.app, lanes).await, 0);
    company.wait(86_400);
    company.place(2, "wallet").await;
    company.deliver().await;
    assert_eq!(listener.heard().len(), 1, "not even what waited");
    assert_eq!(company.staff.api(&path).await.status, StatusCode::NOT_FOUND);
    let secrets = "SELECT COUNT(*) FROM webhooks WHERE secret <> ''";
    assert_eq!(number(&company.server.app, secrets).await, 0);
}

#[tokio::test]
async fn a_secret_is_told_once() {
    let mut company = Company::open_to_listeners().await;
    let key = ("idempotency-key", "register-1");
    let headers = [
        ("content-type", "application/json"),
        ("sec-fetch-site", "same-origin"),
        key,
    ];
    let body = json!({ "url": "http://127.0.0.1:9/", "events": ["*"] }).to_string();
    let mut made = Vec::new();
    for _ in 0..2 {
        let answer = company
            .staff
            .send(
                Method::POST,
                "/api/v1/webhooks",
                &headers,
                body.clone().into(),
            )
            .await;
        made.push(answer.data());
    }
    assert_eq!(made[0], made[1], "the same request, the same answer");
    let secret = made[0]["secret"].as_str().expect("a secret");
    assert!(secret.starts_with("whsec_"));
    let path = format!("/api/v1/webhooks/{}", made[0]["id"]);
    for path in ["/api/v1/webhooks", path.as_str()] {
        let answer = company.staff.api(path).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(
            !answer.body.contains("whsec_") && !answer.body.contains("\"secret\""),
            "{}",
            answer.body
        );
    }
    assert_eq!(
        number(&company.server.app, "SELECT COUNT(*) FROM webhooks").await,
        1
    );
}

#[tokio::test]
async fn webhooks_are_for_staff() {
    let mut company = Company::open_to_listeners().await;
    let webhook = company.subscribe("http://127.0.0.1:9/", "*").await;
    let one = format!("/api/v1/webhooks/{}", webhook["id"]);
    let calls = [
        (Method::GET, "/api/v1/webhooks".to_owned()),
        (Method::POST, "/api/v1/webhooks".to_owned()),
        (Method::GET, one.clone()),
        (Method::PATCH, one.clone()),
        (Method::DELETE, one.clone()),
        (Method::POST, format!("{one}/rotate")),
        (Method::GET, format!("{one}/deliveries")),
        (Method::POST, format!("{one}/deliveries/1/redeliver")),
    ];
    let mut visitor = company.server.visitor();
    let mut customer = company.server.program(Role::Customer).await;
    for (method, path) in calls {
        let answer = visitor.send_json(method.clone(), &path, json!({})).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
        let answer = customer.send_json(method.clone(), &path, json!({})).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path}");
    }
    assert_eq!(
        company.staff.api(&one).await.status,
        StatusCode::OK,
        "and nothing happened to it"
    );
}
