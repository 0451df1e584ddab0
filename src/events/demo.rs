//! Demo events: a webhook with its delivery log, and incoming messages.
//!
//! They agree with the demo's orders, so that each events page has something to show and every
//! check still holds.

use super::delivery::{
    Consumer, DeliveryState, create_deliveries, find_next_delivery, update_delivery,
};
use super::inbox::{Arrival, Outline, Source, apply_due, create_message, has_messages};
use super::outbox::{OutboxEvent, list_outbox, mark_dispatched};
use super::rules::{MOST_DELIVERY_TRIES, pause_after};
use super::webhooks::{Attempt, Secret, Webhook, count_webhooks, create_attempt, insert_webhook};
use crate::accounts::find_user_id;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::orders::{Order, lock_order};
use crate::server::{App, Conn};
use serde_json::{Value, json};

/// The maximum number of outbox events read.
const STORY: i64 = 500;

/// The age, in days, beyond which events are marked dispatched: no mail is sent and no card made for them.
const OLD_NEWS: i64 = 3;

/// The topics that the demo webhook subscribes to.
const WANTED: [&str; 3] = ["order.delivered", "order.returned", "order.shipped"];

/// Registers the demo webhook if there is no webhook, and creates the demo's messages if the inbox
/// is empty. Without the demo's orders there are no events to deliver.
pub async fn seed_demo(app: &App) -> Result<(), AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    // Newest first.
    let story = list_outbox(&mut tx, i64::MAX, STORY).await?;
    let ada = find_user_id(&mut tx, "ada@example.com").await?;
    if let Some(ada) = ada
        && count_webhooks(&mut tx).await? == 0
    {
        subscribe(&mut tx, ada, &story, now).await?;
        let old = story
            .iter()
            .filter(|event| event.at < now.plus_days(-OLD_NEWS));
        let old: Vec<i64> = old.map(|event| event.seq).collect();
        mark_dispatched(&mut tx, &old, now).await?;
    }
    if !story.is_empty() && !has_messages(&mut tx).await? {
        publish(&mut tx, &story, now).await?;
    }
    tx.commit().await?;
    apply_due(app).await.map(drop)
}

/// Creates the webhook and its deliveries: the newest that can have been given up by now is dead, the
/// second of all succeeded on the second try, and the rest on the first.
async fn subscribe(
    conn: &mut Conn,
    by: i64,
    story: &[OutboxEvent],
    now: Timestamp,
) -> Result<(), AppError> {
    // Deliveries are not kept for longer.
    let since = now.plus_days(-28);
    let webhook = Webhook {
        id: 0,
        url: "https://warehouse.example.com/hooks/guildhall".to_owned(),
        description: "The display in the warehouse".to_owned(),
        events: WANTED.join(" "),
        secret: Secret::new().reveal(),
        old_secret: String::new(),
        old_secret_until: None,
        paused_at: None,
        paused_because: String::new(),
        version: 1,
        created_at: since,
        updated_at: since,
    };
    let consumer = Consumer::Webhook(insert_webhook(conn, &webhook, by).await?);
    let published = story
        .iter()
        .filter(|event| WANTED.contains(&&*event.topic) && event.at > since)
        .collect::<Vec<_>>();
    let long_ago = now.plus_days(-4);
    let dead = published.iter().position(|event| event.at < long_ago);
    for (age, event) in published.into_iter().enumerate().rev() {
        let tries = match age {
            age if Some(age) == dead => MOST_DELIVERY_TRIES,
            1 => 2,
            _ => 1,
        };
        deliver(conn, consumer, event, tries).await?;
    }
    Ok(())
}

/// Records the event as delivered on the last of `tries` tries, or as dead after the maximum.
async fn deliver(
    conn: &mut Conn,
    consumer: Consumer,
    event: &OutboxEvent,
    tries: i64,
) -> Result<(), AppError> {
    const FAULT: &str = "The answer was 503 Service Unavailable.";
    let mut at = event.at.plus_seconds(1);
    create_deliveries(conn, &[(event.seq, consumer, &event.subject)], at).await?;
    let Some(delivery) = find_next_delivery(conn, consumer, &event.subject).await? else {
        return Ok(());
    };
    let dead = tries == MOST_DELIVERY_TRIES;
    for this in 1..=tries {
        let failed = dead || this < tries;
        let attempt = Attempt {
            status: Some(if failed { 503 } else { 204 }),
            milliseconds: 38 + 7 * (event.seq % 5) + this,
            answer: if failed { "upstream is restarting" } else { "" }.to_owned(),
            error: if failed { FAULT } else { "" }.to_owned(),
            at,
        };
        create_attempt(conn, delivery.id, &attempt).await?;
        if this < tries {
            at = at.plus_seconds(pause_after(this, 0.0));
        }
    }
    let (state, error) = match dead {
        true => (DeliveryState::Dead, FAULT),
        false => (DeliveryState::Done, ""),
    };
    Ok(update_delivery(conn, delivery.id, state, tries, error, at).await?)
}

/// Creates five messages: four that agree with the orders and the stock or change them slightly,
/// and one about an unknown order.
async fn publish(conn: &mut Conn, story: &[OutboxEvent], now: Timestamp) -> Result<(), AppError> {
    let hours_ago = |hours: i64| now.plus_seconds(-3_600 * hours);
    if let Some(order) = newest(conn, story, "order.shipped").await? {
        let data =
            json!({ "order": order.number, "carrier": "SF Express", "tracking": "SF1048810226" });
        let at = hours_ago(90);
        arrive(conn, Source::Shipping, "shipment.dispatched", data, at).await?;
    }
    let data = json!({ "sku": "ink-bottle", "change": 6, "reason": "Delivery from the maker" });
    arrive(
        conn,
        Source::Inventory,
        "stock.adjusted",
        data,
        hours_ago(26),
    )
    .await?;
    let data = json!({ "order": "2019-004711", "amount": 12_900, "currency": "CNY" });
    arrive(
        conn,
        Source::Payments,
        "payment.captured",
        data,
        hours_ago(7),
    )
    .await?;
    if let Some(order) = newest(conn, story, "order.paid").await? {
        let data = json!({
            "order": order.number,
            "amount": order.state.total(),
            "currency": order.state.currency.code(),
        });
        let at = hours_ago(4);
        arrive(conn, Source::Payments, "payment.captured", data, at).await?;
    }
    let Some(order) = newest(conn, story, "order.flagged").await? else {
        return Ok(());
    };
    let data = json!({ "order": order.number, "reason": "Forty of one product to a new address" });
    arrive(conn, Source::Risk, "risk.flagged", data, hours_ago(3)).await
}

/// Returns the order of the newest event with this topic; `None` if there is no such event.
async fn newest(
    conn: &mut Conn,
    story: &[OutboxEvent],
    topic: &str,
) -> Result<Option<Order>, AppError> {
    let event = story.iter().find(|event| event.topic == topic);
    let number = event.and_then(|event| event.subject.strip_prefix("order-"));
    match number {
        Some(number) => lock_order(conn, number).await.map(Some),
        None => Ok(None),
    }
}

async fn arrive(
    conn: &mut Conn,
    source: Source,
    topic: &str,
    data: Value,
    at: Timestamp,
) -> Result<(), AppError> {
    let body = json!({ "type": topic, "timestamp": at.rfc3339(), "data": data }).to_string();
    let outline = Outline::read(&body).ok_or_else(AppError::internal)?;
    let arrival = Arrival {
        source,
        message_id: format!("demo-{topic}-{}", at.seconds()),
        topic: outline.topic,
        subject: outline.subject,
        body,
        happened_at: at,
    };
    create_message(conn, &arrival, at).await.map(drop)?;
    Ok(())
}
