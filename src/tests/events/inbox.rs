//! The inbox: signed messages are taken at once and worked on later; others are refused.

use crate::support::company::Company;
use crate::support::number;
use crate::support::sender::{
    PAYMENTS, RISK, SHIPPING, Sender, apply, captured, inbox, listening, status,
};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::json;
use standardwebhooks::Webhook;

#[tokio::test]
async fn a_message_is_answered_at_once_and_worked_on_later() {
    let mut company = Company::open_with(listening).await;
    let mut sender = Sender::new(&company);
    let order = company.place(2, "invoice").await;
    let told = sender
        .send_event(&company, "payment.captured", 0, captured(&order))
        .await;
    assert_eq!(told.status, StatusCode::ACCEPTED, "{}", told.body);
    assert_eq!(told.data()["duplicate"], false);
    assert_eq!(status(&mut company, &order).await, "placed");
    apply(&company).await;
    assert_eq!(status(&mut company, &order).await, "paid");

    let again = sender
        .send_event_as(
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
    let path = format!("/orders/{order}");
    let page = company.staff.page(&path).await;
    assert!(page.contains("by Payments"), "{page}");
    let chinese = [("language", "zh-CN")];
    company.staff.post("/language", &chinese).await;
    let page = company.staff.page(&path).await;
    assert!(page.contains("操作人：支付系统"), "{page}");
    company.check().await;
}

#[tokio::test]
async fn only_a_message_signed_with_the_secret_is_accepted() {
    let company = Company::open_with(listening).await;
    let mut sender = Sender::new(&company);
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
        let answer = sender.send("payments", secret, id, seconds, &body).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{id} {seconds}");
    }
    let bare = sender
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
    let answer = sender
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
async fn messages_are_refused_where_no_secret_is_configured() {
    let company = Company::open_to_listeners().await;
    let mut sender = Sender::new(&company);
    let answer = sender
        .send_event(&company, "payment.captured", 0, captured("2026-000001"))
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
    let mut sender = Sender::new(&company);
    sender.client = company.server.signed_in(Role::Customer).await;
    let answer = sender
        .send_event(
            &company,
            "risk.flagged",
            0,
            json!({ "order": "2026-000001" }),
        )
        .await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
    let get = sender.client.api("/webhooks/risk").await;
    assert_eq!(get.status, StatusCode::METHOD_NOT_ALLOWED);
    let nobody = sender
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
async fn a_body_that_is_no_message_or_too_long_is_refused() {
    let company = Company::open_with(listening).await;
    let mut sender = Sender::new(&company);
    let now = company.server.app.clock.now().seconds();
    for body in ["", "no json", "[1]", "{\"data\":{}}"] {
        let answer = sender.send("risk", RISK, "a", now, body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    }
    let long =
        json!({ "type": "risk.flagged", "data": { "order": "x".repeat(70_000) } }).to_string();
    let answer = sender.send("risk", RISK, "a", now, &long).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        number(&company.server.app, "SELECT COUNT(*) FROM inbox").await,
        0
    );
}

#[tokio::test]
async fn staff_look_at_the_inbox_try_again_and_discard() {
    let mut company = Company::open_with(listening).await;
    let mut sender = Sender::new(&company);
    let mut sam = company.server.signed_in(Role::Staff).await;
    assert!(
        sam.page("/webhooks/inbox")
            .await
            .contains("No messages yet")
    );
    let order = company.place(2, "invoice").await;
    company.step(&order, "pay", json!({})).await;
    let part = json!({ "order": order, "amount": 900, "refund_id": "r1" });
    sender
        .send_event(&company, "payment.refunded", 0, part)
        .await;
    sender
        .send_event(
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
        page.contains("Put aside") && page.contains("From Payments"),
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
            .contains("No messages in this state")
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
    company.check().await;
}

#[tokio::test]
async fn the_inbox_is_for_staff() {
    let mut company = Company::open_with(listening).await;
    let mut sender = Sender::new(&company);
    sender
        .send_event(
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
