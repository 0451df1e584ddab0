//! Publishing: events in the order of the outbox, by one server at a time.

use super::message::to_message;
use super::store::{claim_publishing, list_unpublished, mark_published, release_publishing};
use super::stream::subject_of;
use crate::error::AppError;
use crate::events::outbox::OutboxEvent;
use crate::server::App;
use crate::server::nats::{Nats, away};
use crate::server::telemetry::traces;
use async_nats::jetstream::Context;
use async_nats::jetstream::context::PublishErrorKind;
use futures_util::future::join_all;
use std::collections::HashSet;
use std::time::{Duration, Instant};
use tracing::Instrument;

/// The maximum number of events that are read, and under way to the broker, at once.
const AT_ONCE: i64 = 200;

/// The time after which a turn begins no further wave.
const LONGEST_TURN: Duration = Duration::from_secs(10);

/// The duration of the lease: a turn, the last wave with its wait for the broker, and the recording. By the servers'
/// own clocks; where those differ by more, two may publish at once, and the broker drops what it has already.
const LEASE_SECONDS: i64 = 40;

/// The timeout of a turn, shorter than the lease.
pub const LONGEST_PUBLISHING: Duration = Duration::from_secs(30);

/// Publishes what waits, if no other server does. Returns true if there may be more.
pub async fn publish_waiting(app: &App, nats: &Nats) -> Result<bool, AppError> {
    let mut conn = app.db.read().await?;
    if list_unpublished(&mut conn, 1).await?.is_empty() {
        return Ok(false);
    }
    drop(conn);
    let (lease, now) = (rand::random::<i64>() | 1, app.clock.now());
    let mut tx = app.db.write().await?;
    let until = now.plus_seconds(LEASE_SECONDS);
    let claimed = claim_publishing(&mut tx, lease, until, now).await?;
    tx.commit().await?;
    if !claimed {
        return Ok(false);
    }
    let published = publish_for_a_turn(app, nats).await;
    let mut tx = app.db.write().await?;
    release_publishing(&mut tx, lease).await?;
    tx.commit().await?;
    if matches!(published, Ok(Turn::Refused)) {
        nats.doubt();
    }
    Ok(published? == Turn::More)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Finished,
    More,
    /// The broker did not take all.
    Refused,
}

async fn publish_for_a_turn(app: &App, nats: &Nats) -> Result<Turn, AppError> {
    let context = nats.context().await?;
    let begun = Instant::now();
    while begun.elapsed() < LONGEST_TURN {
        let mut conn = app.db.read().await?;
        let events = list_unpublished(&mut conn, AT_ONCE).await?;
        drop(conn);
        if events.is_empty() {
            return Ok(Turn::Finished);
        }
        let wave = first_of_each_subject(events);
        let wanted = wave.len();
        let acknowledged = send(nats, context, wave).await;
        let broker = &app.metrics.broker;
        broker.published.inc_by(acknowledged.len() as u64);
        let failed = wanted - acknowledged.len();
        broker.not_published.inc_by(failed as u64);
        if !acknowledged.is_empty() {
            let mut tx = app.db.write().await?;
            mark_published(&mut tx, &acknowledged).await?;
            tx.commit().await?;
        }
        if failed > 0 {
            return Ok(Turn::Refused);
        }
    }
    Ok(Turn::More)
}

/// Returns the events that may be on their way together: none overtakes another about its subject.
fn first_of_each_subject(mut events: Vec<OutboxEvent>) -> Vec<OutboxEvent> {
    let mut subjects = HashSet::new();
    events.retain(|event| subjects.insert(event.subject.clone()));
    events
}

/// Sends the events side by side, and returns the sequence numbers of those that the broker has on its disk.
async fn send(nats: &Nats, context: &Context, wave: Vec<OutboxEvent>) -> Vec<i64> {
    let context = context.clone();
    let sending = nats.way().call(async move {
        let sent = join_all(wave.iter().map(|event| publish(&context, event))).await;
        let acknowledged: Vec<i64> = sent.into_iter().flatten().collect();
        match acknowledged.is_empty() {
            true => Err(away()),
            false => Ok(acknowledged),
        }
    });
    // Those whose acknowledgement was lost are sent again, and dropped by the broker, which knows their ids.
    sending.await.unwrap_or_default()
}

/// Publishes the event and returns its sequence number once the broker acknowledged it, or if it never will.
async fn publish(context: &Context, event: &OutboxEvent) -> Option<i64> {
    let span = tracing::debug_span!(
        "send",
        otel.name = format!("send {}", event.topic),
        otel.kind = "producer",
        messaging.system = "nats",
        messaging.message.id = event.seq
    );
    traces::begin(&span, &event.recorded_at());
    let message = to_message(event, &span);
    let sending = async {
        let sent = context.send_publish(subject_of(&event.topic), message);
        sent.await?.await
    };
    match sending.instrument(span.clone()).await {
        Ok(_) => Some(event.seq),
        Err(error) if error.kind() == PublishErrorKind::MaxPayloadExceeded => {
            tracing::warn!(
                event.seq,
                event.topic,
                "An event is larger than the broker takes; it is delivered from the database alone"
            );
            Some(event.seq)
        }
        Err(error) => {
            traces::fail(&span);
            tracing::debug!(event.seq, error.cause = %error, "An event was not published");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    #[test]
    fn events_about_one_subject_are_never_under_way_together() {
        let event = |(seq, subject): (i64, &str)| OutboxEvent {
            seq,
            topic: "order.paid".to_owned(),
            subject: subject.to_owned(),
            data: "{}".to_owned(),
            trace_id: String::new(),
            span_id: String::new(),
            at: Timestamp(0),
            dispatched_at: None,
        };
        let events = [(1, "a"), (2, "b"), (3, "a"), (4, "c"), (5, "b")].map(event);
        let wave = first_of_each_subject(events.into());
        let seqs: Vec<i64> = wave.iter().map(|event| event.seq).collect();
        assert_eq!(seqs, [1, 2, 4]);
    }
}
