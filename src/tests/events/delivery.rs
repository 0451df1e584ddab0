//! Deliveries of events: at least once, in order, and never lost.

use crate::support::company::Company;
use crate::support::eventually::eventually;
use crate::support::listener::{Answering, Listener};
use crate::support::{execute, interfere, number};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use guildhall::events::{delete_old, deliver_due, start};
use guildhall::server::Next;
use serde_json::json;

/// Longer than any pause between two retries.
const LONG: i64 = 16 * 3_600;

#[tokio::test]
async fn each_event_is_told_once_and_in_order() {
    let mut company = Company::open_to_listeners().await;
    let listener = Listener::start().await;
    company.subscribe(&listener.url(), "order.*").await;
    let (first, second) = (
        company.place(2, "wallet").await,
        company.place(2, "wallet").await,
    );
    company.step(&first, "pack", json!({})).await;
    company.step(&first, "ship", json!({})).await;
    company.step(&second, "cancel", json!({})).await;
    company.deliver().await;
    let by_order = listener.by_order();
    assert_eq!(
        by_order[&first],
        [
            "order.placed",
            "order.paid",
            "order.packed",
            "order.shipped"
        ]
    );
    assert_eq!(
        by_order[&second],
        ["order.placed", "order.paid", "order.cancelled"]
    );
    assert_eq!(company.deliver().await, 0);
    assert_eq!(listener.heard().len(), 7);
    let lanes = number(&company.server.app, "SELECT COUNT(*) FROM delivery_lanes").await;
    assert_eq!(lanes, 0, "nothing is left open");
}

#[tokio::test]
async fn a_failure_holds_up_its_own_order_and_no_other() {
    let mut company = Company::open_to_listeners().await;
    let listener = Listener::start().await;
    company.subscribe(&listener.url(), "order.*").await;
    let stuck = company.place(2, "wallet").await;
    listener.fail(1);
    company.deliver().await;
    let mut wanted = vec![format!("order.placed {stuck}")];
    assert_eq!(listener.what(), wanted, "not the next one before it");
    let other = company.place(2, "wallet").await;
    company.deliver().await;
    wanted.extend(["placed", "paid"].map(|what| format!("order.{what} {other}")));
    assert_eq!(listener.what(), wanted, "the other does not wait");
    company.wait(60);
    company.deliver().await;
    wanted.extend(["placed", "paid"].map(|what| format!("order.{what} {stuck}")));
    assert_eq!(listener.what(), wanted);
}

#[tokio::test]
async fn retry_after_is_honoured_up_to_a_day() {
    let mut company = Company::open_to_listeners().await;
    let listener = Listener::start().await;
    company.subscribe(&listener.url(), "order.placed").await;
    let at = company.server.app.clock.now().plus_seconds(3_600 + 500);
    let date = httpdate::fmt_http_date(at.date_time().into());
    let busy = StatusCode::SERVICE_UNAVAILABLE;
    listener.answer([
        Answering::Later(StatusCode::TOO_MANY_REQUESTS, "500".into()),
        Answering::Later(busy, date),
        Answering::Later(busy, "999999999".into()),
        Answering::Later(busy, "soon".into()),
    ]);
    company.place(2, "wallet").await;
    company.deliver().await;
    for (heard, wait) in [(1, 500), (2, 3_600), (3, 86_400)] {
        assert_eq!(listener.heard().len(), heard);
        // A date has whole seconds, and the clock more than that.
        company.wait(wait - 2);
        company.deliver().await;
        assert_eq!(listener.heard().len(), heard, "not before {wait} seconds");
        company.wait(2);
        company.deliver().await;
    }
    // An unreadable header is ignored: the usual backoff after so many tries.
    assert_eq!(listener.heard().len(), 4);
    company.wait(801);
    company.deliver().await;
    assert_eq!(listener.heard().len(), 5);
}

#[tokio::test]
async fn a_delivery_that_fails_for_three_days_is_a_dead_letter() {
    let mut company = Company::open_to_listeners().await;
    let listener = Listener::start().await;
    let webhook = company
        .subscribe(&listener.url(), "order.placed order.paid")
        .await;
    listener.answer(vec![
        Answering::Saying(
            StatusCode::BAD_GATEWAY,
            "out for lunch".into()
        );
        13
    ]);
    let order = company.place(2, "wallet").await;
    company.deliver().await;
    assert_eq!(listener.heard().len(), 1);
    company.wait(9);
    company.deliver().await;
    assert_eq!(listener.heard().len(), 1, "not before ten seconds");
    company.wait(4);
    company.deliver().await;
    assert_eq!(listener.heard().len(), 2);
    assert!(company.dead().await.is_empty());
    for _ in 0..11 {
        company.wait(LONG);
        company.deliver().await;
    }
    let told = listener.what();
    assert_eq!(told[..13], vec![format!("order.placed {order}"); 13]);
    assert_eq!(
        told[13..],
        [format!("order.paid {order}")],
        "the next one goes on"
    );
    let dead = company.dead().await;
    assert_eq!(dead.len(), 1);
    let letter = &dead[0];
    assert_eq!(
        (&letter["type"], &letter["tries"]),
        (&json!("order.placed"), &json!(13))
    );
    assert_eq!(letter["error"], "It answered 502 Bad Gateway.");
    assert_eq!(letter["consumer"], format!("webhook-{}", webhook["id"]));
    company.wait(LONG);
    assert_eq!(company.deliver().await, 0, "nobody tries a fourteenth time");

    let retry = format!("/api/v1/events/dead/{}/retry", letter["id"]);
    let sent = company
        .staff
        .send_json(Method::POST, &retry, json!({}))
        .await;
    assert_eq!(sent.status, StatusCode::NO_CONTENT);
    company.deliver().await;
    assert_eq!(
        listener.what().last(),
        Some(&format!("order.placed {order}"))
    );
    assert!(company.dead().await.is_empty());
    let again = company
        .staff
        .send_json(Method::POST, &retry, json!({}))
        .await;
    assert_eq!(again.status, StatusCode::NOT_FOUND, "it is dead no more");
}

#[tokio::test]
async fn staff_retry_and_discard_on_the_page() {
    let mut company = Company::open_to_listeners().await;
    let listener = Listener::start().await;
    company.subscribe(&listener.url(), "order.placed").await;
    let (kept, let_go) = (
        company.place(2, "wallet").await,
        company.place(2, "wallet").await,
    );
    listener.fail(26);
    for _ in 0..13 {
        company.deliver().await;
        company.wait(LONG);
    }
    let mut sam = company.server.signed_in(Role::Staff).await;
    let page = sam.page("/events/dead").await;
    assert!(page.contains(&kept) && page.contains(&let_go), "{page}");
    assert!(
        page.contains("It answered 500 Internal Server Error."),
        "{page}"
    );
    let dead = company.dead().await;
    let (newer, older) = (&dead[0]["id"], &dead[1]["id"]);
    let discarded = sam
        .post(&format!("/events/dead/{newer}/discard"), &[])
        .await;
    assert_eq!(discarded.header("location"), "/events/dead");
    let retried = sam.post(&format!("/events/dead/{older}/retry"), &[]).await;
    assert_eq!(retried.status, StatusCode::SEE_OTHER);
    let page = sam.page("/events/dead").await;
    assert!(page.contains("No dead letters"), "{page}");
    company.deliver().await;
    assert_eq!(listener.what().len(), 27);
    assert_eq!(
        listener.what().last(),
        Some(&format!("order.placed {kept}"))
    );
    let gone = sam.post(&format!("/events/dead/{newer}/retry"), &[]).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_unrecorded_delivery_is_repeated_under_the_same_id() {
    let mut company = Company::open_to_listeners().await;
    let listener = Listener::start().await;
    company.subscribe(&listener.url(), "order.placed").await;
    company.place(2, "wallet").await;
    listener.answer([Answering::Never]);
    // The server dies after the message arrived and before the answer did.
    tokio::select! {
        _ = company.deliver() => panic!("nobody answers"),
        () = until_heard(&listener, 1) => {},
    }
    assert_eq!(listener.heard().len(), 1);
    // The first gives up after forty seconds at the latest, by its own clock.
    company.wait(40 + 120);
    company.deliver().await;
    assert_eq!(
        listener.heard().len(),
        1,
        "another server leaves it to the first, even with a clock that is two minutes ahead"
    );
    company.wait(21);
    company.deliver().await;
    let ids: Vec<_> = listener
        .heard()
        .iter()
        .map(|it| it.header("webhook-id").to_owned())
        .collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test]
async fn several_servers_share_the_work_and_tell_nothing_twice() {
    let mut company = Company::open_to_listeners().await;
    let listener = Listener::start().await;
    company.subscribe(&listener.url(), "order.*").await;
    let mut orders = Vec::new();
    for _ in 0..6 {
        orders.push(company.place(2, "wallet").await);
    }
    for order in &orders {
        company.step(order, "pack", json!({})).await;
    }
    tokio::join!(
        company.deliver(),
        company.deliver(),
        company.deliver(),
        company.deliver()
    );
    company.deliver().await;
    let told = listener.what();
    assert_eq!(told.len(), 18, "{told:?}");
    for order in &orders {
        let of_it: Vec<_> = told
            .iter()
            .filter(|what| what.ends_with(order.as_str()))
            .collect();
        let wanted = ["placed", "paid", "packed"].map(|what| format!("order.{what} {order}"));
        assert_eq!(of_it, wanted.iter().collect::<Vec<_>>());
    }
    assert_eq!(company.mails().len(), 12);
    assert_eq!(
        number(&company.server.app, "SELECT COUNT(*) FROM tasks").await,
        6
    );
}

#[tokio::test]
async fn finished_events_are_deleted_and_open_ones_stay() {
    let mut company = Company::open_to_listeners().await;
    let listener = Listener::start().await;
    company.subscribe(&listener.url(), "order.placed").await;
    company.place(2, "wallet").await;
    listener.fail(13);
    for _ in 0..13 {
        company.deliver().await;
        company.wait(LONG);
    }
    let app = &company.server.app;
    delete_old(app).await.expect("cleans");
    let events = number(app, "SELECT COUNT(*) FROM outbox").await;
    assert!(events > 3, "not yet");
    company.wait(31 * 86_400);
    execute(app, "INSERT INTO outbox (topic, subject, data, trace_id, at) VALUES ('order.paid', 'order-x', '{}', '', 0)").await;
    delete_old(app).await.expect("cleans");
    let left = number(app, "SELECT COUNT(*) FROM outbox").await;
    assert_eq!(
        left, 2,
        "the one of the dead letter, and the one nobody was told of yet"
    );
    assert_eq!(number(app, "SELECT COUNT(*) FROM deliveries").await, 1);
    assert_eq!(company.dead().await.len(), 1);
}

#[tokio::test]
async fn an_event_that_cannot_be_told_harms_no_other() {
    let company = Company::open_to_listeners().await;
    let app = &company.server.app;
    let odd = "INSERT INTO outbox (topic, subject, data, trace_id, at)
               VALUES ('order.paid', 'order-2026-000099', 'no json', '', 0)";
    execute(app, odd).await;
    deliver_due(app).await.expect("goes on");
    let waiting = "SELECT COUNT(*) FROM deliveries WHERE state = 'waiting' AND tries = 1";
    assert_eq!(
        number(app, waiting).await,
        2,
        "for the mail and for the board"
    );
}

#[tokio::test]
async fn events_are_for_staff() {
    let company = Company::open_to_listeners().await;
    let mut visitor = company.server.visitor();
    let mut customer = company.server.signed_in(Role::Customer).await;
    let mut staff = company.server.signed_in(Role::Staff).await;
    for path in ["/events", "/events/dead", "/webhooks", "/webhooks/new"] {
        let answer = visitor.get(path).await;
        assert!(answer.header("location").starts_with("/login"), "{path}");
        assert_eq!(
            customer.get(path).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
        staff.page(path).await;
    }
    for path in ["/events/dead/1/retry", "/events/dead/1/discard"] {
        assert!(
            visitor
                .post(path, &[])
                .await
                .header("location")
                .starts_with("/login")
        );
        assert_eq!(customer.post(path, &[]).await.status, StatusCode::FORBIDDEN);
        assert_eq!(staff.post(path, &[]).await.status, StatusCode::NOT_FOUND);
    }
    let calls = [
        (Method::GET, "/api/v1/events/dead"),
        (Method::POST, "/api/v1/events/dead/1/retry"),
        (Method::DELETE, "/api/v1/events/dead/1"),
    ];
    for (method, path) in calls {
        let answer = visitor.send_json(method.clone(), path, json!({})).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        let answer = customer.send_json(method.clone(), path, json!({})).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        let answer = staff.send_json(method.clone(), path, json!({})).await;
        assert_ne!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn the_outbox_shows_what_happened_and_who_was_told() {
    let mut company = Company::open_to_listeners().await;
    let listener = Listener::start().await;
    company.subscribe(&listener.url(), "order.placed").await;
    let order = company.place(2, "wallet").await;
    let mut sam = company.server.signed_in(Role::Staff).await;
    let page = sam.page("/events").await;
    assert!(page.contains("Pending"), "{page}");
    listener.fail(1);
    company.deliver().await;
    let page = sam.page("/events").await;
    assert!(
        page.contains(&format!("href=\"/orders/{order}\"")),
        "{page}"
    );
    for told in [
        "Mail: Delivered",
        "Board: Delivered",
        "Webhook 1: Pending",
        "No subscriber",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    let log = sam.page("/webhooks/1").await;
    assert!(log.contains("Retrying, next at "), "{log}");
    sam.post("/webhooks/1/pause", &[]).await;
    let log = sam.page("/webhooks/1").await;
    assert!(!log.contains("Retrying"), "nothing is sent: {log}");
}

/// Deletes old events until none is left.
async fn clean(company: &Company) {
    while delete_old(&company.server.app).await.expect("cleans") == Next::GoOn {}
}

#[tokio::test]
async fn a_waiting_delivery_is_never_deleted_however_old() {
    const MONTHS: i64 = 60 * 86_400;
    let mut company = Company::open_to_listeners().await;
    let listener = Listener::start().await;
    let webhook = company.subscribe(&listener.url(), "order.placed").await;
    let path = format!("/api/v1/webhooks/{}", webhook["id"]);
    let pause = json!({ "paused": true });
    company.staff.send_json(Method::PATCH, &path, pause).await;
    let first = company.place(2, "wallet").await;
    company.deliver().await;
    company.wait(MONTHS);
    clean(&company).await;
    let resume = json!({ "paused": false });
    company.staff.send_json(Method::PATCH, &path, resume).await;
    listener.fail(13);
    for _ in 0..13 {
        company.deliver().await;
        company.wait(LONG);
    }
    assert_eq!(listener.what(), vec![format!("order.placed {first}"); 13]);

    // A dead letter that staff send again after a long time.
    company.wait(MONTHS);
    clean(&company).await;
    let dead = company.dead().await;
    let retry = format!("/api/v1/events/dead/{}/retry", dead[0]["id"]);
    let sent = company
        .staff
        .send_json(Method::POST, &retry, json!({}))
        .await;
    assert_eq!(sent.status, StatusCode::NO_CONTENT);
    clean(&company).await;
    company.deliver().await;
    assert_eq!(listener.heard().len(), 14);

    // It counts from when it was delivered, however long ago it began.
    clean(&company).await;
    let deliveries = "SELECT COUNT(*) FROM deliveries";
    assert_eq!(number(&company.server.app, deliveries).await, 1);
    company.wait(31 * 86_400);
    clean(&company).await;
    assert_eq!(number(&company.server.app, deliveries).await, 0);
}

/// Adds so many events to the outbox that nobody subscribed to.
async fn note(company: &Company, count: u32, dispatched_at: &str) {
    let sql = format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
         INSERT INTO outbox (topic, subject, data, trace_id, at, dispatched_at)
         SELECT 'stock.counted', 'product-x', '{{}}', '', 0, {dispatched_at} FROM n"
    );
    execute(&company.server.app, &sql).await;
}

#[tokio::test]
async fn cleaning_goes_on_until_nothing_is_left() {
    let company = Company::open_to_listeners().await;
    company.deliver().await;
    company.wait(31 * 86_400);
    note(&company, 21_500, "1").await;
    let first = delete_old(&company.server.app).await.expect("cleans");
    assert_eq!(first, Next::GoOn, "others get their turn first");
    clean(&company).await;
    let left = number(&company.server.app, "SELECT COUNT(*) FROM outbox").await;
    assert_eq!(left, 0);
}

/// Waits for the listener to be told so many events.
async fn until_heard(listener: &Listener, count: usize) {
    eventually(async || match listener.what() {
        heard if heard.len() < count => Err(format!("{heard:?}")),
        _ => Ok(()),
    })
    .await;
}

/// Runs the server's workers until the listener was told so many events.
async fn work_until_heard(company: &Company, listener: &Listener, count: usize) {
    start(&company.server.app);
    until_heard(listener, count).await;
    company.server.app.start_draining();
}

#[tokio::test]
async fn deliveries_get_a_turn_while_events_keep_coming() {
    let mut company = Company::open_to_listeners().await;
    let listener = Listener::start().await;
    company.subscribe(&listener.url(), "order.placed").await;
    company.place(2, "wallet").await;
    note(&company, 400, "NULL").await;
    let another = "INSERT INTO outbox (topic, subject, data, trace_id, at)
                   VALUES ('stock.counted', 'product-x', '{}', '', 0)";
    interfere(
        &company.server.app,
        "AFTER UPDATE OF dispatched_at ON outbox",
        another,
        another,
    )
    .await;
    work_until_heard(&company, &listener, 1).await;
}

#[tokio::test]
async fn due_deliveries_go_out_while_the_outbox_cannot_be_dispatched() {
    let mut company = Company::open_to_listeners().await;
    let listener = Listener::start().await;
    company.subscribe(&listener.url(), "order.placed").await;
    company.place(2, "wallet").await;
    listener.fail(1);
    company.deliver().await;
    company.wait(60);
    interfere(
        &company.server.app,
        "BEFORE UPDATE OF dispatched_at ON outbox",
        "SELECT RAISE(ABORT, 'a fault')",
        "RAISE EXCEPTION 'a fault'",
    )
    .await;
    note(&company, 1, "NULL").await;
    work_until_heard(&company, &listener, 2).await;
}

#[tokio::test]
async fn each_thing_that_happened_is_noted_once_and_a_refusal_not_at_all() {
    let mut company = Company::open_to_listeners().await;
    let mut orders = Vec::new();
    for payment in ["wallet", "invoice", "wallet", "invoice"] {
        orders.push(company.place(2, payment).await);
    }
    let steps = [
        (0, "pack", true),
        (0, "pack", false),
        (0, "ship", true),
        (0, "pay", false),
        (0, "refund", true),
        (0, "refund", false),
        (1, "ship", false),
        (1, "pay", true),
        (1, "pack", true),
        (1, "cancel", true),
        (2, "cancel", true),
        (2, "ship", false),
        (3, "deliver", false),
    ];
    for (order, step, possible) in steps {
        let path = format!("/api/v1/orders/{}/{step}", orders[order]);
        let all = json!({ "all": true });
        let answer = company.staff.send_json(Method::POST, &path, all).await;
        assert_eq!(
            answer.status.is_success(),
            possible,
            "{step}: {}",
            answer.body
        );
    }
    let too_much = json!({
        "items": [{ "product_id": company.product, "quantity": 999 }],
        "address": { "name": "Mei", "line1": "12 Tower Street", "city": "Shanghai",
                     "postal_code": "200001", "country": "CN" },
        "delivery": "standard", "payment": "wallet",
    });
    let refused = company
        .mei
        .send_json(Method::POST, "/api/v1/orders", too_much)
        .await;
    assert!(!refused.status.is_success());
    let top_up = format!("/api/v1/users/{}/top-up", company.mei.id());
    for (amount, possible) in [(500, true), (-1, false)] {
        let body = json!({ "amount": amount, "memo": "" });
        let answer = company.staff.send_json(Method::POST, &top_up, body).await;
        assert_eq!(answer.status.is_success(), possible, "{}", answer.body);
    }

    let app = &company.server.app;
    let events = number(app, "SELECT COUNT(*) FROM order_events").await;
    let postings = number(app, "SELECT COUNT(*) FROM transfers").await;
    assert!(events >= 12 && postings >= 5, "{events} {postings}");
    let noted = |topics: &str| format!("SELECT COUNT(*) FROM outbox WHERE topic LIKE '{topics}'");
    assert_eq!(number(app, &noted("order.%")).await, events);
    assert_eq!(number(app, &noted("ledger.posted")).await, postings);
    // As many, and each with its own.
    let unnoted = "SELECT COUNT(*) FROM (
        SELECT e.kind, o.number FROM order_events e JOIN orders o ON o.id = e.order_id
        EXCEPT ALL
        SELECT SUBSTR(topic, 7), SUBSTR(subject, 7) FROM outbox WHERE topic LIKE 'order.%') AS missing";
    let unnoted = match crate::support::on_postgres() {
        true => unnoted.to_owned(),
        false => unnoted.replace("EXCEPT ALL", "EXCEPT"),
    };
    assert_eq!(number(app, &unnoted).await, 0);
    let unnoted = "SELECT COUNT(*) FROM transfers t WHERE 1 <>
        (SELECT COUNT(*) FROM outbox o WHERE o.topic = 'ledger.posted'
                                         AND o.subject = 'transfer-' || t.id)";
    assert_eq!(number(app, unnoted).await, 0);
}
