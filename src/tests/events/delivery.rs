//! Deliveries of events: at least once, in order, and never lost.

use crate::support::events_shop::{Answering, Listener, Shop};
use crate::support::eventually::eventually;
use crate::support::{execute, interfere, number};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use guildhall::events::{delete_old, deliver_due, start};
use guildhall::server::Next;
use serde_json::json;
use std::collections::BTreeMap;

/// Longer than any pause between two tries.
const LONG: i64 = 15 * 3_600;

#[tokio::test]
async fn each_event_is_told_once_and_in_order() {
    let mut shop = Shop::open().await;
    let listener = Listener::start().await;
    shop.subscribe(&listener.url(), "order.*").await;
    let (first, second) = (shop.order("wallet").await, shop.order("wallet").await);
    shop.step(&first, "pack", json!({})).await;
    shop.step(&first, "ship", json!({})).await;
    shop.step(&second, "cancel", json!({})).await;
    shop.deliver().await;
    let mut by_order: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for what in listener.what() {
        let (topic, number) = what.split_once(' ').expect("topic and number");
        by_order
            .entry(number.to_owned())
            .or_default()
            .push(topic.to_owned());
    }
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
    assert_eq!(shop.deliver().await, 0);
    assert_eq!(listener.heard().len(), 7);
    let lanes = number(&shop.server.app, "SELECT COUNT(*) FROM delivery_lanes").await;
    assert_eq!(lanes, 0, "nothing is left open");
}

#[tokio::test]
async fn a_failure_holds_up_its_own_order_and_no_other() {
    let mut shop = Shop::open().await;
    let listener = Listener::start().await;
    shop.subscribe(&listener.url(), "order.*").await;
    let stuck = shop.order("wallet").await;
    listener.fail(1);
    shop.deliver().await;
    let mut wanted = vec![format!("order.placed {stuck}")];
    assert_eq!(listener.what(), wanted, "not the next one before it");
    let other = shop.order("wallet").await;
    shop.deliver().await;
    wanted.extend(["placed", "paid"].map(|what| format!("order.{what} {other}")));
    assert_eq!(listener.what(), wanted, "the other does not wait");
    shop.wait(60);
    shop.deliver().await;
    wanted.extend(["placed", "paid"].map(|what| format!("order.{what} {stuck}")));
    assert_eq!(listener.what(), wanted);
}

#[tokio::test]
async fn who_asks_for_time_is_left_alone_for_as_long_and_no_longer_than_a_day() {
    let mut shop = Shop::open().await;
    let listener = Listener::start().await;
    shop.subscribe(&listener.url(), "order.placed").await;
    let at = shop.server.app.clock.now().plus_seconds(3_600 + 500);
    let date = httpdate::fmt_http_date(at.date_time().into());
    let busy = StatusCode::SERVICE_UNAVAILABLE;
    listener.answer([
        Answering::Later(StatusCode::TOO_MANY_REQUESTS, "500".into()),
        Answering::Later(busy, date),
        Answering::Later(busy, "999999999".into()),
        Answering::Later(busy, "soon".into()),
    ]);
    shop.order("wallet").await;
    shop.deliver().await;
    for (heard, wait) in [(1, 500), (2, 3_600), (3, 86_400)] {
        assert_eq!(listener.heard().len(), heard);
        // A date has whole seconds, and the clock more than that.
        shop.wait(wait - 2);
        shop.deliver().await;
        assert_eq!(listener.heard().len(), heard, "not before {wait} seconds");
        shop.wait(2);
        shop.deliver().await;
    }
    // What cannot be read asks for nothing: the usual pause after so many tries.
    assert_eq!(listener.heard().len(), 4);
    shop.wait(801);
    shop.deliver().await;
    assert_eq!(listener.heard().len(), 5);
}

#[tokio::test]
async fn what_fails_eight_times_waits_for_staff() {
    let mut shop = Shop::open().await;
    let listener = Listener::start().await;
    let webhook = shop
        .subscribe(&listener.url(), "order.placed order.paid")
        .await;
    listener.answer(vec![
        Answering::Saying(
            StatusCode::BAD_GATEWAY,
            "out for lunch".into()
        );
        8
    ]);
    let order = shop.order("wallet").await;
    shop.deliver().await;
    assert_eq!(listener.heard().len(), 1);
    shop.wait(9);
    shop.deliver().await;
    assert_eq!(listener.heard().len(), 1, "not before ten seconds");
    shop.wait(4);
    shop.deliver().await;
    assert_eq!(listener.heard().len(), 2);
    assert!(shop.dead().await.is_empty());
    for _ in 0..6 {
        shop.wait(LONG);
        shop.deliver().await;
    }
    let told = listener.what();
    assert_eq!(told[..8], vec![format!("order.placed {order}"); 8]);
    assert_eq!(
        told[8..],
        [format!("order.paid {order}")],
        "the next one goes on"
    );
    let dead = shop.dead().await;
    assert_eq!(dead.len(), 1);
    let letter = &dead[0];
    assert_eq!(
        (&letter["type"], &letter["tries"]),
        (&json!("order.placed"), &json!(8))
    );
    assert_eq!(letter["error"], "It answered 502 Bad Gateway.");
    assert_eq!(letter["consumer"], format!("webhook-{}", webhook["id"]));
    shop.wait(LONG);
    assert_eq!(shop.deliver().await, 0, "nobody tries a ninth time");

    let retry = format!("/api/v1/events/dead/{}/retry", letter["id"]);
    let sent = shop.staff.send_json(Method::POST, &retry, json!({})).await;
    assert_eq!(sent.status, StatusCode::NO_CONTENT);
    shop.deliver().await;
    assert_eq!(
        listener.what().last(),
        Some(&format!("order.placed {order}"))
    );
    assert!(shop.dead().await.is_empty());
    let again = shop.staff.send_json(Method::POST, &retry, json!({})).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND, "it is dead no more");
}

#[tokio::test]
async fn staff_retry_and_discard_on_the_page() {
    let mut shop = Shop::open().await;
    let listener = Listener::start().await;
    shop.subscribe(&listener.url(), "order.placed").await;
    let (kept, let_go) = (shop.order("wallet").await, shop.order("wallet").await);
    listener.fail(16);
    for _ in 0..8 {
        shop.deliver().await;
        shop.wait(LONG);
    }
    let mut sam = shop.server.signed_in(Role::Staff).await;
    let page = sam.page("/events/dead").await;
    assert!(page.contains(&kept) && page.contains(&let_go), "{page}");
    assert!(
        page.contains("It answered 500 Internal Server Error."),
        "{page}"
    );
    let dead = shop.dead().await;
    let (newer, older) = (&dead[0]["id"], &dead[1]["id"]);
    let discarded = sam
        .post(&format!("/events/dead/{newer}/discard"), &[])
        .await;
    assert_eq!(discarded.header("location"), "/events/dead");
    let retried = sam.post(&format!("/events/dead/{older}/retry"), &[]).await;
    assert_eq!(retried.status, StatusCode::SEE_OTHER);
    let page = sam.page("/events/dead").await;
    assert!(page.contains("Nothing is dead"), "{page}");
    shop.deliver().await;
    assert_eq!(listener.what().len(), 17);
    assert_eq!(
        listener.what().last(),
        Some(&format!("order.placed {kept}"))
    );
    let gone = sam.post(&format!("/events/dead/{newer}/retry"), &[]).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_was_sent_but_not_noted_is_sent_again_under_the_same_id() {
    let mut shop = Shop::open().await;
    let listener = Listener::start().await;
    shop.subscribe(&listener.url(), "order.placed").await;
    shop.order("wallet").await;
    listener.answer([Answering::Never]);
    // The server dies when the message has arrived and the answer has not.
    tokio::select! {
        _ = shop.deliver() => panic!("nobody answers"),
        () = until_heard(&listener, 1) => {},
    }
    assert_eq!(listener.heard().len(), 1);
    // The first gives up after forty seconds at the latest, by its own clock.
    shop.wait(40 + 120);
    shop.deliver().await;
    assert_eq!(
        listener.heard().len(),
        1,
        "another server leaves it to the first, even with a clock that is two minutes ahead"
    );
    shop.wait(21);
    shop.deliver().await;
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
    let mut shop = Shop::open().await;
    let listener = Listener::start().await;
    shop.subscribe(&listener.url(), "order.*").await;
    let mut orders = Vec::new();
    for _ in 0..6 {
        orders.push(shop.order("wallet").await);
    }
    for order in &orders {
        shop.step(order, "pack", json!({})).await;
    }
    tokio::join!(
        shop.deliver(),
        shop.deliver(),
        shop.deliver(),
        shop.deliver()
    );
    shop.deliver().await;
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
    assert_eq!(shop.mails().len(), 12);
    assert_eq!(
        number(&shop.server.app, "SELECT COUNT(*) FROM tasks").await,
        6
    );
}

#[tokio::test]
async fn what_is_over_is_dropped_and_what_is_not_stays() {
    let mut shop = Shop::open().await;
    let listener = Listener::start().await;
    shop.subscribe(&listener.url(), "order.placed").await;
    shop.order("wallet").await;
    listener.fail(8);
    for _ in 0..8 {
        shop.deliver().await;
        shop.wait(LONG);
    }
    let app = &shop.server.app;
    delete_old(app).await.expect("cleans");
    let events = number(app, "SELECT COUNT(*) FROM outbox").await;
    assert!(events > 3, "not yet");
    shop.wait(31 * 86_400);
    execute(app, "INSERT INTO outbox (topic, subject, data, trace_id, at) VALUES ('order.paid', 'order-x', '{}', '', 0)").await;
    delete_old(app).await.expect("cleans");
    let left = number(app, "SELECT COUNT(*) FROM outbox").await;
    assert_eq!(
        left, 2,
        "the one of the dead letter, and the one nobody was told of yet"
    );
    assert_eq!(number(app, "SELECT COUNT(*) FROM deliveries").await, 1);
    assert_eq!(shop.dead().await.len(), 1);
}

#[tokio::test]
async fn an_event_that_cannot_be_told_harms_no_other() {
    let shop = Shop::open().await;
    let app = &shop.server.app;
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
    let shop = Shop::open().await;
    let mut visitor = shop.server.visitor();
    let mut customer = shop.server.signed_in(Role::Customer).await;
    let mut staff = shop.server.signed_in(Role::Staff).await;
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
    let mut shop = Shop::open().await;
    let listener = Listener::start().await;
    shop.subscribe(&listener.url(), "order.placed").await;
    let order = shop.order("wallet").await;
    let mut sam = shop.server.signed_in(Role::Staff).await;
    let page = sam.page("/events").await;
    assert!(page.contains("About to be told"), "{page}");
    listener.fail(1);
    shop.deliver().await;
    let page = sam.page("/events").await;
    assert!(
        page.contains(&format!("href=\"/orders/{order}\"")),
        "{page}"
    );
    for told in [
        "Mail: done",
        "Board: done",
        "Webhook 1: on its way",
        "Nobody asked",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
}

/// Cleans until nothing is left to be cleaned.
async fn clean(shop: &Shop) {
    while delete_old(&shop.server.app).await.expect("cleans") == Next::GoOn {}
}

#[tokio::test]
async fn what_waits_is_never_dropped_however_old_it_is() {
    const MONTHS: i64 = 60 * 86_400;
    let mut shop = Shop::open().await;
    let listener = Listener::start().await;
    let webhook = shop.subscribe(&listener.url(), "order.placed").await;
    let path = format!("/api/v1/webhooks/{}", webhook["id"]);
    let pause = json!({ "paused": true });
    shop.staff.send_json(Method::PATCH, &path, pause).await;
    let first = shop.order("wallet").await;
    shop.deliver().await;
    shop.wait(MONTHS);
    clean(&shop).await;
    let resume = json!({ "paused": false });
    shop.staff.send_json(Method::PATCH, &path, resume).await;
    listener.fail(8);
    for _ in 0..8 {
        shop.deliver().await;
        shop.wait(LONG);
    }
    assert_eq!(listener.what(), vec![format!("order.placed {first}"); 8]);

    // A dead letter that staff send again after a long time.
    shop.wait(MONTHS);
    clean(&shop).await;
    let dead = shop.dead().await;
    let retry = format!("/api/v1/events/dead/{}/retry", dead[0]["id"]);
    let sent = shop.staff.send_json(Method::POST, &retry, json!({})).await;
    assert_eq!(sent.status, StatusCode::NO_CONTENT);
    clean(&shop).await;
    shop.deliver().await;
    assert_eq!(listener.heard().len(), 9);

    // It was done just now, however long ago it began.
    clean(&shop).await;
    let deliveries = "SELECT COUNT(*) FROM deliveries";
    assert_eq!(number(&shop.server.app, deliveries).await, 1);
    shop.wait(31 * 86_400);
    clean(&shop).await;
    assert_eq!(number(&shop.server.app, deliveries).await, 0);
}

/// Notes this many events that concern nobody.
async fn note(shop: &Shop, count: u32, dispatched_at: &str) {
    let sql = format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
         INSERT INTO outbox (topic, subject, data, trace_id, at, dispatched_at)
         SELECT 'stock.counted', 'product-x', '{{}}', '', 0, {dispatched_at} FROM n"
    );
    execute(&shop.server.app, &sql).await;
}

#[tokio::test]
async fn cleaning_goes_on_until_nothing_is_left() {
    let shop = Shop::open().await;
    shop.deliver().await;
    shop.wait(31 * 86_400);
    note(&shop, 21_500, "1").await;
    let first = delete_old(&shop.server.app).await.expect("cleans");
    assert_eq!(first, Next::GoOn, "others get their turn first");
    clean(&shop).await;
    let left = number(&shop.server.app, "SELECT COUNT(*) FROM outbox").await;
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

/// The workers of a server, until so much was heard.
async fn work_until_heard(shop: &Shop, listener: &Listener, count: usize) {
    start(&shop.server.app);
    until_heard(listener, count).await;
    shop.server.app.start_draining();
}

#[tokio::test]
async fn who_is_told_gets_a_turn_while_events_keep_coming() {
    let mut shop = Shop::open().await;
    let listener = Listener::start().await;
    shop.subscribe(&listener.url(), "order.placed").await;
    shop.order("wallet").await;
    note(&shop, 400, "NULL").await;
    let another = "INSERT INTO outbox (topic, subject, data, trace_id, at)
                   VALUES ('stock.counted', 'product-x', '{}', '', 0)";
    interfere(
        &shop.server.app,
        "AFTER UPDATE OF dispatched_at ON outbox",
        another,
        another,
    )
    .await;
    work_until_heard(&shop, &listener, 1).await;
}

#[tokio::test]
async fn what_is_due_goes_out_while_nothing_can_be_dispatched() {
    let mut shop = Shop::open().await;
    let listener = Listener::start().await;
    shop.subscribe(&listener.url(), "order.placed").await;
    shop.order("wallet").await;
    listener.fail(1);
    shop.deliver().await;
    shop.wait(60);
    interfere(
        &shop.server.app,
        "BEFORE UPDATE OF dispatched_at ON outbox",
        "SELECT RAISE(ABORT, 'a fault')",
        "RAISE EXCEPTION 'a fault'",
    )
    .await;
    note(&shop, 1, "NULL").await;
    work_until_heard(&shop, &listener, 2).await;
}

#[tokio::test]
async fn each_thing_that_happened_is_noted_once_and_a_refusal_not_at_all() {
    let mut shop = Shop::open().await;
    let mut orders = Vec::new();
    for payment in ["wallet", "invoice", "wallet", "invoice"] {
        orders.push(shop.order(payment).await);
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
        let answer = shop.staff.send_json(Method::POST, &path, all).await;
        assert_eq!(
            answer.status.is_success(),
            possible,
            "{step}: {}",
            answer.body
        );
    }
    let too_much = json!({
        "items": [{ "product_id": shop.product, "quantity": 999 }],
        "address": { "name": "Mei", "line1": "12 Tower Street", "city": "Shanghai",
                     "postal_code": "200001", "country": "CN" },
        "delivery": "standard", "payment": "wallet",
    });
    let refused = shop
        .mei
        .send_json(Method::POST, "/api/v1/orders", too_much)
        .await;
    assert!(!refused.status.is_success());
    let top_up = format!("/api/v1/users/{}/top-up", shop.mei.id());
    for (amount, possible) in [(500, true), (-1, false)] {
        let body = json!({ "amount": amount, "memo": "" });
        let answer = shop.staff.send_json(Method::POST, &top_up, body).await;
        assert_eq!(answer.status.is_success(), possible, "{}", answer.body);
    }

    let app = &shop.server.app;
    let events = number(app, "SELECT COUNT(*) FROM order_events").await;
    let postings = number(app, "SELECT COUNT(*) FROM transfers").await;
    assert!(events >= 12 && postings >= 5, "{events} {postings}");
    let noted = |topics: &str| format!("SELECT COUNT(*) FROM outbox WHERE topic LIKE '{topics}'");
    assert_eq!(number(app, &noted("order.%")).await, events);
    assert_eq!(number(app, &noted("ledger.posted")).await, postings);
    // As many, and of each the one that is its own.
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
