//! Deliveries: at least once, and in order per consumer and subject.
//!
//! A worker leases a lane before working on it. No database lock is held while something is sent; if the
//! server dies meanwhile, the lease expires and another server sends it again, under the same id.

use super::consumer::{Consumer, DeliveryState};
use super::dispatch::dispatch;
use super::failing::Failure;
use super::fulfilment;
use super::lane_store::{Lease, claim_lanes, list_due_consumers, lock_lane, release_lane};
use super::outcome::{Outcome, Sent, Told};
use super::store::{Delivery, find_next_delivery, update_delivery};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::events::rules::{MOST_DELIVERY_TRIES, cut, pause_after};
use crate::events::webhooks::{create_attempt, pause_webhook};
use crate::events::{mail, webhooks};
use crate::i18n::{t, within};
use crate::server::telemetry::traces;
use crate::server::{App, Conn};
use std::time::Duration;
use tokio::task::{JoinError, JoinSet};
use tracing::Instrument;

/// The maximum number of lanes per consumer at a time.
const LANES: i64 = 8;

/// The timeout of one delivery.
const PATIENCE: Duration = Duration::from_secs(40);

/// The duration of a lease. Each server uses its own clock, so it exceeds [`PATIENCE`] by over two
/// minutes: for recording the outcome, and for clock skew. With more skew than that something may
/// be sent twice, under the same id. The drawback: what a dead server was sending comes three
/// minutes late.
const LEASE_SECONDS: i64 = PATIENCE.as_secs() as i64 + 140;

/// A leased lane.
pub struct Lane {
    pub consumer: Consumer,
    pub subject: String,
    pub lease: i64,
}

/// Returns a new lease that begins now.
pub fn new_lease(now: Timestamp) -> Lease {
    Lease {
        // Never 0, which means no lease.
        id: rand::random::<i64>() | 1,
        until: now.plus_seconds(LEASE_SECONDS),
    }
}

/// Returns the time since which a lane must be due for it to be worked on unasked. While there is a broker, it says
/// what is due, and only what it leaves is looked for.
fn due_since(app: &App) -> Timestamp {
    let patience = match &app.nats {
        Some(nats) if nats.is_live() => app.config.nats.fallback_seconds,
        _ => 0,
    };
    app.clock.now().plus_seconds(-patience)
}

/// Runs one round: dispatches waiting events and makes the first delivery of every due lane.
/// Returns the number of both. If dispatching fails, due deliveries are still made.
pub async fn deliver_due(app: &App) -> Result<usize, AppError> {
    let dispatched = dispatch(app).await;
    let mut done = 0;
    for consumer in due_consumers(app).await? {
        done += deliver_to(app, consumer).await?;
    }
    dispatched.map(|dispatched| done + dispatched)
}

/// Returns the consumers with something due.
pub async fn due_consumers(app: &App) -> Result<Vec<Consumer>, AppError> {
    let mut conn = app.db.read().await?;
    let words = list_due_consumers(&mut conn, due_since(app)).await?;
    Ok(words.iter().filter_map(|word| word.parse().ok()).collect())
}

/// Makes the first delivery of some of the consumer's lanes and returns how many were tried.
pub async fn deliver_to(app: &App, consumer: Consumer) -> Result<usize, AppError> {
    let lease = new_lease(app.clock.now());
    let mut tx = app.db.write().await?;
    let subjects = claim_lanes(&mut tx, consumer, lease, due_since(app), LANES).await?;
    tx.commit().await?;
    let mut running = JoinSet::new();
    for subject in subjects {
        let lane = Lane {
            consumer,
            subject,
            lease: lease.id,
        };
        let language = app.config.shop.language;
        running.spawn(within(language, deliver_next(app.clone(), lane, None)));
    }
    let (mut tried, mut refused) = (0, None);
    while let Some(delivered) = running.join_next().await {
        match delivered.map_err(broke_off).flatten() {
            Ok(settled) => tried += usize::from(!matches!(settled, Settled::Nothing)),
            Err(error) => refused = Some(error),
        }
    }
    refused.map_or(Ok(tried), Err)
}

fn broke_off(error: JoinError) -> AppError {
    tracing::error!(error.cause = %error, "A delivery broke off");
    AppError::internal()
}

/// Makes the first delivery of the lane. Where that is the event which was `told`, its trace goes on from there.
pub async fn deliver_next(app: App, lane: Lane, told: Option<Told>) -> Result<Settled, AppError> {
    let mut conn = app.db.read().await?;
    let mut next = find_next_delivery(&mut conn, lane.consumer, &lane.subject).await?;
    drop(conn);
    if let (Some(delivery), Some(told)) = (&mut next, told)
        && delivery.event.seq == told.seq
        && !told.span.span_id.is_empty()
    {
        delivery.event.trace_id = told.span.trace_id;
        delivery.event.span_id = told.span.span_id;
    }
    let sent = match &next {
        Some(delivery) => send(&app, lane.consumer, delivery).await,
        None => Outcome::Postponed.into(),
    };
    let now = app.clock.now();
    let consumer = lane.consumer;
    let settled = app.db.write_grouped(move |conn| {
        Box::pin(async move { settle(conn, &lane, next.as_ref(), sent, now).await })
    });
    let settled = settled.await?;
    match &settled {
        Settled::Done => {
            app.metrics.count_delivery(consumer.kind(), "done");
            app.failing.works(consumer, now);
        }
        Settled::Failed(failure) => {
            app.metrics.count_delivery(consumer.kind(), "failed");
            if failure.state == DeliveryState::Dead {
                app.metrics.broker.count_dead(consumer.kind());
            }
            app.failing.fails(consumer, failure, now);
        }
        Settled::Other | Settled::Nothing => {}
    }
    Ok(settled)
}

/// The recorded outcome.
pub enum Settled {
    Done,
    Failed(Failure),
    Other,
    /// There was nothing to send.
    Nothing,
}

/// Sends the delivery in a task of its own, so that a panic counts as a failure like any other.
async fn send(app: &App, consumer: Consumer, delivery: &Delivery) -> Sent {
    let (app, event, again) = (app.clone(), delivery.event.clone(), delivery.tries > 0);
    let mut alone = JoinSet::new();
    let language = app.config.shop.language;
    let span = tracing::debug_span!(
        "deliver",
        otel.name = format!("deliver {} to {}", event.topic, consumer.kind()),
        otel.kind = "consumer",
        messaging.message.id = event.seq
    );
    traces::begin(&span, &event.recorded_at());
    let work = tokio::time::timeout(PATIENCE, async move {
        match consumer {
            Consumer::Mail => mail::send_notice(&app, &event, again).await,
            Consumer::Fulfilment => fulfilment::follow(&app, &event).await.into(),
            Consumer::Webhook(id) => webhooks::send(&app, id, &event, again).await,
        }
    });
    alone.spawn(within(language, work).instrument(span.clone()));
    let sent = match alone.join_next().await {
        Some(Ok(Ok(sent))) => sent,
        Some(Ok(Err(_))) => Outcome::Failed(t!("events-delivery-too-long").to_owned()).into(),
        Some(Err(error)) => {
            let _ = broke_off(error);
            Outcome::Failed(t!("events-delivery-broke-off").to_owned()).into()
        }
        None => Outcome::Postponed.into(),
    };
    if matches!(sent.outcome, Outcome::Failed(_)) {
        traces::fail(&span);
    }
    sent
}

impl From<Result<(), AppError>> for Sent {
    fn from(result: Result<(), AppError>) -> Self {
        match result {
            Ok(()) => Outcome::Done.into(),
            Err(error) => Outcome::Failed(error.message).into(),
        }
    }
}

/// Records the outcome and releases the lane.
async fn settle(
    conn: &mut Conn,
    lane: &Lane,
    delivery: Option<&Delivery>,
    sent: Sent,
    now: Timestamp,
) -> Result<Settled, AppError> {
    let owned = lock_lane(conn, lane.consumer, &lane.subject, lane.lease).await?;
    let (mut due_at, mut settled) = (now, Settled::Other);
    if let Some(delivery) = delivery {
        if let Some(attempt) = &sent.attempt {
            create_attempt(conn, delivery.id, attempt).await?;
        }
        match &sent.outcome {
            Outcome::Done => {
                let tries = delivery.tries + 1;
                update_delivery(conn, delivery.id, DeliveryState::Done, tries, "", now).await?;
                settled = Settled::Done;
            }
            // If the lease has passed to another worker, this try is not the one that counts.
            Outcome::Failed(error) if owned => {
                let failure = note_failure(conn, delivery, error, sent.wait, now).await?;
                due_at = failure.due_at;
                settled = Settled::Failed(failure);
            }
            Outcome::Gone => pause(conn, lane.consumer, now).await?,
            Outcome::Postponed => {
                due_at = now.plus_seconds(sent.wait.unwrap_or(0));
                settled = Settled::Nothing;
            }
            Outcome::Failed(_) => {}
        }
    } else {
        settled = Settled::Nothing;
    }
    if owned {
        release_lane(conn, lane.consumer, &lane.subject, due_at).await?;
    }
    Ok(settled)
}

/// Counts the failure and sets the lane's next due time: no sooner than the recipient asked for.
async fn note_failure(
    conn: &mut Conn,
    delivery: &Delivery,
    error: &str,
    wait: Option<i64>,
    now: Timestamp,
) -> sqlx::Result<Failure> {
    const LONGEST: usize = 500;
    let (tries, error) = (delivery.tries + 1, cut(error, LONGEST));
    let (state, due_at) = if tries >= MOST_DELIVERY_TRIES {
        (DeliveryState::Dead, now)
    } else {
        let pause = pause_after(tries, rand::random()).max(wait.unwrap_or(0));
        (DeliveryState::Waiting, now.plus_seconds(pause))
    };
    update_delivery(conn, delivery.id, state, tries, &error, now).await?;
    Ok(Failure {
        seq: delivery.event.seq,
        topic: delivery.event.topic.clone(),
        tries,
        state,
        error,
        due_at,
    })
}

async fn pause(conn: &mut Conn, consumer: Consumer, now: Timestamp) -> sqlx::Result<()> {
    let because = t!("events-webhook-gone");
    match consumer.webhook() {
        Some(webhook) => pause_webhook(conn, webhook, because, now).await,
        None => Ok(()),
    }
}
