//! Events by a broker: once, in order, shared, and from the database while it is away.

use crate::support::broker::Broker;
use crate::support::company::Company;
use crate::support::eventually::eventually;
use crate::support::listener::Listener;
use crate::support::{another, number};
use axum::http::Method;
use futures_util::StreamExt;
use guildhall::events::start;
use guildhall::server::App;
use guildhall::server::config::Config;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Longer than any pause between two retries.
const LONG: i64 = 16 * 3_600;

/// Has the company use the broker. The clock of the tests stands still, so nothing is ever overdue: what is delivered
/// while the broker is there, the broker brought.
pub fn by(broker: &Broker) -> impl FnOnce(&mut Config) + use<> {
    let url = broker.url();
    move |config: &mut Config| {
        config.webhooks.allow_private = true;
        config.nats.url = url;
        config.nats.ack_wait_seconds = 1;
        config.nats.fallback_seconds = 600;
    }
}

pub async fn until_live(app: &App) {
    let nats = app.nats.as_ref().expect("a broker");
    eventually(async || nats.is_live().then_some(()).ok_or("the broker is away")).await;
}

/// A company that goes by its broker, and somebody who hears of each order that is placed.
async fn with_listener(change: impl FnOnce(&mut Config)) -> (Company, Listener) {
    let mut company = Company::open_with(change).await;
    let listener = Listener::start().await;
    company.subscribe(&listener.url(), "order.placed").await;
    start(company.app());
    until_live(company.app()).await;
    (company, listener)
}

/// The deliveries that wait, and the events that are new or not published, at one moment.
async fn left(app: &App) -> i64 {
    let all = "SELECT (SELECT COUNT(*) FROM deliveries WHERE state = 'waiting')
        + (SELECT COUNT(*) FROM outbox WHERE dispatched_at IS NULL OR unpublished_since IS NOT NULL)";
    number(app, all).await
}

/// Waits until nothing is left to deliver, nor to publish.
pub async fn until_all_is_told(app: &App) {
    eventually(async || match left(app).await {
        0 => Ok(()),
        left => Err(format!("{left} deliveries and events are left")),
    })
    .await;
}

/// The messages in the stream: subject, headers by name, body.
async fn messages(broker: &Broker, count: u64) -> Vec<(String, BTreeMap<String, String>, Value)> {
    let context = broker.client().await;
    let stream = context.get_stream("GUILDHALL").await.expect("the stream");
    let mut all = Vec::new();
    for seq in 1..=count {
        let message = stream.get_raw_message(seq).await.expect("a message");
        let headers = message
            .headers
            .iter()
            .map(|(name, values)| (name.to_string(), values[0].to_string()));
        let body = serde_json::from_slice(&message.payload).expect("JSON");
        all.push((message.subject.to_string(), headers.collect(), body));
    }
    all
}

#[tokio::test]
async fn several_servers_share_what_the_broker_brings_and_tell_it_once_and_in_order() {
    let broker = Broker::start().await;
    let mut company = Company::open_with(by(&broker)).await;
    let listener = Listener::start().await;
    company.subscribe(&listener.url(), "order.*").await;
    let servers = [another(company.app()), another(company.app())];
    for server in &servers {
        start(server);
        until_live(server).await;
    }
    let mut orders = Vec::new();
    for _ in 0..6 {
        orders.push(company.place(2, "wallet").await);
    }
    for order in &orders {
        company.step(order, "pack", json!({})).await;
    }
    until_all_is_told(company.app()).await;
    let heard = listener.by_order();
    assert_eq!(heard.len(), 6);
    for topics in heard.values() {
        assert_eq!(topics[..], ["order.placed", "order.paid", "order.packed"]);
    }
    assert_eq!(company.mails().len(), 12, "placed and paid, once each");
    assert_eq!(company.count("tasks").await, 6);

    let events = company.count("outbox").await as u64;
    let told = messages(&broker, events).await;
    let mut by_subject: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for (subject, headers, body) in &told {
        let topic = body["type"].as_str().expect("a topic");
        assert_eq!(*subject, format!("guildhall.{topic}"));
        assert_eq!(headers["Nats-Msg-Id"], body["id"].as_str().expect("an id"));
        let seq = headers["Guildhall-Seq"].parse().expect("a number");
        let of = body["subject"].as_str().expect("a subject").to_owned();
        by_subject.entry(of).or_default().push(seq);
    }
    assert!(
        by_subject.values().all(|seqs| seqs.is_sorted()),
        "{by_subject:?}"
    );
    let client = broker.client().await;
    let stream = client.get_stream("GUILDHALL").await.expect("the stream");
    assert_eq!(stream.cached_info().state.messages, events, "each once");
    for consumer in ["mail", "fulfilment", "webhook"] {
        let metric = format!("guildhall_broker_pending{{consumer=\"{consumer}\"}}");
        eventually(async || {
            let mut text = String::new();
            servers[0].metrics.write(&mut text).expect("writes");
            text.contains(&metric).then_some(()).ok_or(text)
        })
        .await;
    }
}

#[tokio::test]
async fn what_staff_send_again_goes_at_once_by_whatever_is_there() {
    let broker = Broker::start().await;
    let mut company = Company::open_with(by(&broker)).await;
    let listener = Listener::start().await;
    let webhook = company.subscribe(&listener.url(), "order.placed").await;
    start(company.app());
    until_live(company.app()).await;
    company.place(2, "wallet").await;
    until_all_is_told(company.app()).await;
    let delivery = company.log(&webhook).await[0]["id"].clone();
    let path = format!(
        "/api/v1/webhooks/{}/deliveries/{delivery}/redeliver",
        webhook["id"]
    );
    let answer = company
        .staff
        .send_json(Method::POST, &path, json!({}))
        .await;
    assert!(answer.status.is_success(), "{}", answer.body);
    until_all_is_told(company.app()).await;
    let heard = listener.heard();
    assert_eq!(heard.len(), 2);
    assert_eq!(heard[0].header("webhook-id"), heard[1].header("webhook-id"));
}

#[tokio::test]
async fn while_the_broker_is_away_everything_is_delivered_from_the_database() {
    let mut broker = Broker::away();
    let mut company = Company::open_with(by(&broker)).await;
    let listener = Listener::start().await;
    company.subscribe(&listener.url(), "order.*").await;
    start(company.app());
    let first = company.place(2, "wallet").await;
    eventually(
        async || match (listener.what().len(), company.mails().len()) {
            (2, 2) => Ok(()),
            heard => Err(format!("heard and mailed: {heard:?}")),
        },
    )
    .await;
    broker.restart().await;
    until_all_is_told(company.app()).await;
    until_live(company.app()).await;
    let second = company.place(2, "wallet").await;
    until_all_is_told(company.app()).await;
    let heard = listener.by_order();
    for order in [first, second] {
        assert_eq!(heard[&order][..], ["order.placed", "order.paid"]);
    }
    assert_eq!(
        listener.what().len(),
        4,
        "what was delivered is not delivered again"
    );
    let events = company.count("outbox").await as u64;
    assert_eq!(messages(&broker, events).await.len() as u64, events);
}

#[tokio::test]
async fn of_several_brokers_one_that_is_there_is_used_and_a_dead_one_is_taken_back() {
    let mut brokers = [Broker::start().await, Broker::away()];
    let urls: Vec<String> = brokers.iter().map(Broker::url).collect();
    let named = by(&brokers[0]);
    let change = |config: &mut Config| {
        named(config);
        config.nats.url = format!("nats://nowhere.invalid:4222,{}", urls.join(","));
    };
    let (mut company, listener) = with_listener(change).await;
    for (there, gone) in [(1, 0), (0, 1), (1, 0)] {
        company.place(2, "wallet").await;
        until_all_is_told(company.app()).await;
        brokers[gone].kill();
        brokers[there].restart().await;
        until_live(company.app()).await;
    }
    company.place(2, "wallet").await;
    until_all_is_told(company.app()).await;
    assert_eq!(listener.what().len(), 4, "{:?}", listener.what());
    for broker in &mut brokers {
        broker.restart().await;
        let told = messages(broker, 1).await;
        assert!(told[0].0.starts_with("guildhall."), "each was used");
    }
}

/// The server of a cluster that the others follow in what the stream holds.
async fn leader(broker: &Broker) -> String {
    let stream = broker.client().await.get_stream("GUILDHALL").await;
    let cluster = stream.expect("the stream").cached_info().cluster.clone();
    cluster.expect("a cluster").leader.expect("a leader")
}

#[tokio::test]
async fn a_cluster_goes_on_without_its_leader_and_has_everything() {
    let mut brokers = Broker::cluster().await;
    let urls: Vec<String> = brokers.iter().map(Broker::url).collect();
    let named = by(&brokers[0]);
    let change = |config: &mut Config| {
        named(config);
        config.nats.url = urls.join(",");
        config.nats.replicas = 3;
    };
    let (mut company, listener) = with_listener(change).await;
    company.place(2, "wallet").await;
    until_all_is_told(company.app()).await;
    let leader = leader(&brokers[0]).await;
    let leader = brokers.iter_mut().find(|broker| broker.is_named(&leader));
    let leader = leader.expect("one of them");
    leader.kill();
    company.place(2, "wallet").await;
    until_all_is_told(company.app()).await;
    leader.restart().await;
    company.place(2, "wallet").await;
    until_all_is_told(company.app()).await;
    assert_eq!(listener.what().len(), 3, "{:?}", listener.what());
    let events = company.count("outbox").await as u64;
    assert_eq!(messages(&brokers[0], events).await.len() as u64, events);
}

#[tokio::test]
async fn a_broker_with_accounts_is_told_the_one_in_its_address() {
    let broker = Broker::start_with("shop", "h@sh").await;
    let address = broker.url().replace("nats://", "nats://shop:h%40sh@");
    let named = by(&broker);
    let change = |config: &mut Config| {
        named(config);
        config.nats.url = address;
    };
    let company = Company::open_with(change).await;
    start(company.app());
    until_live(company.app()).await;
}

#[tokio::test]
async fn a_broker_that_lost_everything_is_told_again_of_what_is_unfinished() {
    let mut broker = Broker::start().await;
    let (mut company, listener) = with_listener(by(&broker)).await;
    company.place(2, "wallet").await;
    until_all_is_told(company.app()).await;
    listener.fail(1);
    company.place(2, "wallet").await;
    let app = company.app();
    eventually(async || {
        let failed = "SELECT COUNT(*) FROM deliveries WHERE state = 'waiting' AND tries = 1";
        match (number(app, failed).await, left(app).await) {
            (1, 1) => Ok(()),
            other => Err(format!("failed and left: {other:?}")),
        }
    })
    .await;
    broker.restart_empty().await;
    let context = broker.client().await;
    eventually(async || {
        let stream = context.get_stream("GUILDHALL").await;
        let state = stream
            .map_err(|error| error.to_string())?
            .cached_info()
            .state
            .clone();
        match state.messages {
            1 => Ok(()),
            other => Err(format!("{other} events")),
        }
    })
    .await;
    assert_eq!(messages(&broker, 1).await[0].0, "guildhall.order.placed");
    until_live(company.app()).await;
    company.wait(LONG);
    until_all_is_told(company.app()).await;
    assert_eq!(listener.what().len(), 3, "{:?}", listener.what());
    let stream = context.get_stream("GUILDHALL").await.expect("the stream");
    let events = stream.cached_info().state.messages;
    assert_eq!(events, 1, "what is done is not told again");
}

#[tokio::test]
async fn a_delivery_that_the_broker_brought_and_that_is_given_up_is_a_dead_letter() {
    let broker = Broker::start().await;
    let (mut company, listener) = with_listener(by(&broker)).await;
    listener.fail(100);
    let order = company.place(2, "wallet").await;
    let app = company.app().clone();
    eventually(async || {
        let failed = "SELECT COUNT(*) FROM deliveries WHERE state = 'waiting' AND tries = 1";
        match number(&app, failed).await {
            1 => Ok(()),
            _ => Err("nothing has failed yet"),
        }
    })
    .await;
    // Overdue by hours: the database takes over from the broker, whose next try is far away.
    eventually(async || {
        company.wait(LONG);
        company.deliver().await;
        match number(&app, "SELECT COUNT(*) FROM deliveries WHERE state = 'dead'").await {
            1 => Ok(()),
            _ => Err("nothing was given up"),
        }
    })
    .await;
    let dead = company.dead().await;
    assert_eq!(dead.len(), 1);
    assert_eq!(dead[0]["subject"], format!("order-{order}"));
    assert_eq!(dead[0]["tries"], 13);
    let page = company
        .server
        .signed_in(guildhall::accounts::Role::Staff)
        .await
        .page("/events/dead")
        .await;
    assert!(page.contains(&order), "{page}");
    let mut text = String::new();
    company.app().metrics.write(&mut text).expect("writes");
    assert!(
        text.contains("guildhall_dead_letters_total{consumer=\"webhook\"} 1"),
        "{text}"
    );
}

#[tokio::test]
async fn a_webhook_that_is_deleted_leaves_no_consumer_behind() {
    let broker = Broker::start().await;
    let mut company = Company::open_with(by(&broker)).await;
    let listener = Listener::start().await;
    let webhook = company.subscribe(&listener.url(), "order.*").await;
    start(company.app());
    until_live(company.app()).await;
    company.place(2, "wallet").await;
    until_all_is_told(company.app()).await;
    let name = format!("webhook-{}", webhook["id"]);
    let context = broker.client().await;
    let stream = context.get_stream("GUILDHALL").await.expect("the stream");
    let names = async || -> Vec<String> {
        stream
            .consumer_names()
            .filter_map(async |name| name.ok())
            .collect()
            .await
    };
    let known = names().await;
    assert!(
        known.contains(&name) && known.contains(&"mail".to_owned()),
        "{known:?}"
    );
    company.delete_webhook(&webhook).await;
    eventually(async || match names().await {
        names if names.contains(&name) => Err(format!("there are {names:?}")),
        _ => Ok(()),
    })
    .await;
}
