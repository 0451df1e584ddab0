//! Dispatch of outbox events: one delivery for every consumer that wants the event.

use super::consumer::Consumer;
use super::lane_store::open_lanes;
use super::store::create_deliveries;
use crate::error::AppError;
use crate::events::broker::mark_unpublished;
use crate::events::inbox::{hurry_messages, ring_inbox};
use crate::events::outbox::{has_undispatched, list_undispatched, lock_dispatch, mark_dispatched};
use crate::events::webhooks::{Subscription, list_subscriptions};
use crate::server::App;
use crate::server::config::Transport;

/// The maximum number of events per transaction.
const AT_ONCE: usize = 1_000;

/// The maximum number of events per run, so that consumers get their turn however many keep coming.
pub const MOST_AT_A_GO: usize = 2 * AT_ONCE;

/// Dispatches waiting events to the consumers that want them, at most [`MOST_AT_A_GO`], and returns
/// the number of events.
pub async fn dispatch(app: &App) -> Result<usize, AppError> {
    let mut done = 0;
    while done < MOST_AT_A_GO {
        let count = dispatch_first(app).await?;
        done += count;
        if count < AT_ONCE {
            break;
        }
    }
    Ok(done)
}

/// Dispatches the first of them in one transaction. Incoming messages that waited for something to
/// happen to the same subjects are retried.
async fn dispatch_first(app: &App) -> Result<usize, AppError> {
    let mut conn = app.db.read().await?;
    if !has_undispatched(&mut conn).await? {
        return Ok(0);
    }
    drop(conn);
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    if !lock_dispatch(&mut tx).await? {
        return Ok(0);
    }
    let events = list_undispatched(&mut tx, AT_ONCE as i64).await?;
    let subscriptions = list_subscriptions(&mut tx).await?;
    let mails = app.config.mail.transport != Transport::None;
    let deliveries: Vec<(i64, Consumer, &str)> = events
        .iter()
        .flat_map(|event| {
            let consumers = consumers_of(&event.topic, &subscriptions, mails);
            let delivery = |consumer| (event.seq, consumer, event.subject.as_str());
            consumers.into_iter().map(delivery)
        })
        .collect();
    if !deliveries.is_empty() {
        create_deliveries(&mut tx, &deliveries, now).await?;
        let lanes = deliveries
            .iter()
            .map(|(_, consumer, subject)| (*consumer, *subject));
        open_lanes(&mut tx, &lanes.collect::<Vec<_>>(), now).await?;
    }
    let seqs: Vec<i64> = events.iter().map(|event| event.seq).collect();
    mark_dispatched(&mut tx, &seqs, now).await?;
    if app.nats.is_some() {
        mark_unpublished(&mut tx, &seqs, now).await?;
    }
    let mut subjects: Vec<&str> = events.iter().map(|event| event.subject.as_str()).collect();
    subjects.sort_unstable();
    subjects.dedup();
    let hurried = hurry_messages(&mut tx, &subjects, now).await?;
    tx.commit().await?;
    if let Some(nats) = &app.nats {
        nats.ring();
    }
    if hurried > 0 {
        ring_inbox();
    }
    Ok(events.len())
}

fn consumers_of(topic: &str, subscriptions: &[Subscription], mails: bool) -> Vec<Consumer> {
    let mut consumers = Vec::new();
    if mails && Consumer::Mail.wants(topic) {
        consumers.push(Consumer::Mail);
    }
    if Consumer::Fulfilment.wants(topic) {
        consumers.push(Consumer::Fulfilment);
    }
    let subscribed = subscriptions.iter().filter(|it| it.filter.matches(topic));
    consumers.extend(subscribed.map(|it| Consumer::Webhook(it.webhook_id)));
    consumers
}
