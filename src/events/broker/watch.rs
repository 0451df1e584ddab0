//! The watch over the broker: the stream is there, each consumer is pulled for, and the meters are read.

use super::consume::consume;
use super::publish::{LONGEST_PUBLISHING, publish_waiting};
use super::store::{count_unpublished, republish_unfinished};
use super::stream::{STREAM, stream_config};
use crate::error::AppError;
use crate::events::delivery::Consumer;
use crate::events::webhooks::{list_pulled, list_subscriptions};
use crate::server::config::Transport;
use crate::server::nats::{Nats, away};
use crate::server::telemetry::Backlog;
use crate::server::{App, round};
use async_nats::jetstream::ErrorCode;
use async_nats::jetstream::context::{GetStreamError, GetStreamErrorKind};
use futures_util::StreamExt;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

/// The interval between looks at the stream and at the webhooks.
const BETWEEN_LOOKS: Duration = Duration::from_secs(2);

/// The interval between readings of the meters.
const BETWEEN_READINGS: Duration = Duration::from_secs(5);

/// The timeout of one look.
const LONGEST_LOOK: Duration = Duration::from_secs(30);

/// The pause before events are looked for that another server dispatched, and after a failure.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Starts publishing and consuming, if there is a broker; they end when the server stops.
pub fn start_broker(app: &App) {
    if let Some(nats) = &app.nats {
        tokio::spawn(publish(app.clone(), nats.clone()));
        tokio::spawn(watch(app.clone(), nats.clone()));
    }
}

async fn publish(app: App, nats: Nats) {
    while !app.is_draining() {
        let mut changes = nats.changes();
        if nats.is_live() {
            let (ours, broker) = (app.clone(), nats.clone());
            let turn = round(LONGEST_PUBLISHING, async move {
                publish_waiting(&ours, &broker).await
            });
            match turn.await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(error.cause = %error, "Events could not be published and are tried again");
                    sleep(LONGEST_PAUSE).await;
                }
            }
        }
        tokio::select! {
            () = nats.rung() => {}
            _ = changes.changed() => {}
            () = sleep(LONGEST_PAUSE) => {}
        }
    }
}

/// A task that pulls for one consumer.
struct Puller {
    stop: Arc<AtomicBool>,
    task: JoinHandle<()>,
}

async fn watch(app: App, nats: Nats) {
    let mut pullers: HashMap<Consumer, Puller> = HashMap::new();
    let mut read_at: Option<Instant> = None;
    let mut changes = nats.changes();
    let mut in_trouble = false;
    while !app.is_draining() {
        // Begins to connect.
        let _ = nats.context().await;
        if nats.link().is_up {
            let looked = look(&app, &nats, &mut pullers).await;
            say(&looked, std::mem::replace(&mut in_trouble, looked.is_err()));
        }
        if read_at.is_none_or(|at| at.elapsed() >= BETWEEN_READINGS) {
            // While it is away there is nothing to spare it.
            read_at = nats.is_live().then(Instant::now);
            read_meters(&app, &nats).await;
        }
        let _ = timeout(BETWEEN_LOOKS, async {
            tokio::select! {
                _ = changes.changed() => {}
                () = nats.doubted() => {}
            }
        })
        .await;
    }
}

/// Logs what begins and what ends, and not every look in between.
fn say(looked: &Result<(), AppError>, in_trouble: bool) {
    match looked {
        Err(error) if !in_trouble => tracing::warn!(
            error.cause = %error,
            "The stream of events cannot be used and is looked at again and again; events go out from the database"
        ),
        Err(error) => tracing::debug!(error.cause = %error, "The stream of events cannot be used"),
        Ok(()) if in_trouble => tracing::info!("The stream of events can be used again"),
        Ok(()) => {}
    }
}

/// Looks whether the stream is there, and whether somebody pulls for each consumer.
async fn look(
    app: &App,
    nats: &Nats,
    pullers: &mut HashMap<Consumer, Puller>,
) -> Result<(), AppError> {
    let (ours, broker) = (app.clone(), nats.clone());
    let opened = nats.link().opened;
    let looked = round(LONGEST_LOOK, async move {
        find_or_make_stream(&ours, &broker).await?;
        wanted_consumers(&ours).await
    });
    let wanted = looked.await.inspect_err(|_| nats.set_ready(false))?;
    let link = nats.link();
    nats.set_ready(link.is_up && link.opened == opened);
    for (consumer, puller) in &*pullers {
        if !wanted.contains(consumer) {
            puller.stop.store(true, Ordering::Relaxed);
        }
    }
    pullers.retain(|_, puller| !puller.task.is_finished());
    for consumer in wanted {
        pullers.entry(consumer).or_insert_with(|| {
            let stop = Arc::new(AtomicBool::new(false));
            let pulling = consume(app.clone(), nats.clone(), consumer, stop.clone());
            Puller {
                stop,
                task: tokio::spawn(pulling),
            }
        });
    }
    Ok(())
}

/// Makes the stream if it is missing. Before that, what is not delivered is marked to be published again: the broker
/// may have had it, and lost it.
async fn find_or_make_stream(app: &App, nats: &Nats) -> Result<(), AppError> {
    let context = nats.context().await?;
    match context.get_stream(STREAM).await {
        Ok(_) => return Ok(()),
        Err(error) if is_missing(&error) => {}
        Err(error) => {
            tracing::debug!(error.cause = %error, "The broker did not say whether the stream is there");
            return Err(away());
        }
    }
    let mut tx = app.db.write().await?;
    let events = republish_unfinished(&mut tx, app.clock.now()).await?;
    tx.commit().await?;
    let made = context.create_stream(stream_config(app.config.nats.replicas));
    made.await.map_err(|error| {
        tracing::debug!(error.cause = %error, "The broker refused to make the stream of events");
        away()
    })?;
    tracing::info!(events.republished = events, "The stream of events was made");
    Ok(())
}

fn is_missing(error: &GetStreamError) -> bool {
    match error.kind() {
        GetStreamErrorKind::JetStream(error) => error.error_code() == ErrorCode::STREAM_NOT_FOUND,
        _ => false,
    }
}

/// Returns the consumers to pull for. A webhook that is paused or deleted has none.
async fn wanted_consumers(app: &App) -> Result<Vec<Consumer>, AppError> {
    let mut conn = app.db.read().await?;
    let webhooks = list_pulled(&mut conn).await?;
    let mut wanted = vec![Consumer::Fulfilment];
    if app.config.mail.transport != Transport::None {
        wanted.push(Consumer::Mail);
    }
    wanted.extend(webhooks.into_iter().map(Consumer::Webhook));
    Ok(wanted)
}

/// Reads the backlogs. What cannot be read stays as it was.
async fn read_meters(app: &App, nats: &Nats) {
    let (ours, broker) = (app.clone(), nats.clone());
    let read = round(LONGEST_LOOK, async move {
        read_unpublished(&ours).await?;
        match broker.is_live() {
            true => read_backlogs(&ours, &broker).await,
            false => Ok(()),
        }
    });
    if let Err(error) = read.await {
        tracing::debug!(error.cause = %error, "The broker's meters could not be read");
    }
}

async fn read_unpublished(app: &App) -> Result<(), AppError> {
    let mut conn = app.db.read().await?;
    let (count, since) = count_unpublished(&mut conn).await?;
    let age = since.map_or(0, |since| app.clock.now().seconds_since(since).max(0));
    app.metrics.broker.unpublished.set(count);
    app.metrics.broker.unpublished_seconds.set(age);
    Ok(())
}

/// Adds the backlogs of all webhooks up, and forgets the consumers of those that were deleted.
async fn read_backlogs(app: &App, nats: &Nats) -> Result<(), AppError> {
    let context = nats.context().await?;
    let stream = context.get_stream_no_info(STREAM).await;
    let stream = stream.map_err(|_| away())?;
    let mut by_kind: BTreeMap<&'static str, Backlog> = BTreeMap::new();
    let (mut consumers, mut webhooks) = (stream.consumers(), HashSet::new());
    while let Some(info) = consumers.next().await {
        let info = info.map_err(|_| away())?;
        let Ok(consumer) = info.name.parse::<Consumer>() else {
            continue;
        };
        webhooks.extend(consumer.webhook());
        let backlog = by_kind.entry(consumer.kind()).or_default();
        backlog.pending += i64::try_from(info.num_pending).unwrap_or(i64::MAX);
        backlog.unacknowledged += i64::try_from(info.num_ack_pending).unwrap_or(i64::MAX);
    }
    for (kind, backlog) in by_kind {
        app.metrics.broker.note_backlog(kind, backlog);
    }
    // Read after the broker was asked: a webhook that is missing then was deleted, for good.
    let mut conn = app.db.read().await?;
    for known in list_subscriptions(&mut conn).await? {
        webhooks.remove(&known.webhook_id);
    }
    drop(conn);
    for deleted in webhooks {
        let name = Consumer::Webhook(deleted).to_string();
        stream.delete_consumer(&name).await.map_err(|_| away())?;
    }
    Ok(())
}
