//! Consuming: events from the broker, by as many servers as there are.

use super::message::read_told;
use super::stream::{STREAM, consumer_config};
use crate::error::AppError;
use crate::events::delivery::{Consumer, Reached, deliver_event};
use crate::i18n::within;
use crate::server::nats::{Nats, away};
use crate::server::{App, round};
use async_nats::jetstream::consumer::PullConsumer;
use async_nats::jetstream::{AckKind, Message};
use futures_util::StreamExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

/// The maximum number of events that one server works on for one consumer at a time.
const AT_ONCE: usize = 8;

/// The time for which the broker is asked to wait for events before it is asked again.
const BETWEEN_PULLS: Duration = Duration::from_secs(5);

/// The timeout of a pull with all deliveries that it brings.
const LONGEST_PULL: Duration = Duration::from_mins(2);

/// The pause after a pull that failed, and after an event that could not be worked on.
const AFTER_A_FAILURE: Duration = Duration::from_secs(1);

/// Pulls the consumer's events until it is told to stop, or the server stops. A pull that fails, or a connection that
/// is lost, is followed by the next.
pub async fn consume(app: App, nats: Nats, consumer: Consumer, stop: Arc<AtomicBool>) {
    // Made where it is missing and else only found, anew after each failure and on each connection.
    let mut durable: Option<(u64, PullConsumer)> = None;
    while !app.is_draining() && !stop.load(Ordering::Relaxed) {
        let opened = nats.link().opened;
        if !nats.is_live() {
            // Told as soon as it is connected; the stream is looked for right after that.
            let _ = timeout(AFTER_A_FAILURE, nats.changes().changed()).await;
            sleep(Duration::from_millis(50)).await;
            continue;
        }
        let (ours, broker) = (app.clone(), nats.clone());
        let known = durable.take().filter(|(at, _)| *at == opened);
        let pulled = round(LONGEST_PULL, async move {
            let durable = match known {
                Some((_, durable)) => durable,
                None => find_or_make(&ours, &broker, consumer).await?,
            };
            pull(&ours, &broker, consumer, &durable).await?;
            Ok(durable)
        });
        match pulled.await {
            Ok(known) => durable = Some((opened, known)),
            Err(error) => {
                tracing::debug!(
                    error.cause = %error,
                    delivery.consumer = %consumer,
                    "The broker gave no events; it is asked again"
                );
                nats.doubt();
                sleep(AFTER_A_FAILURE).await;
            }
        }
    }
}

async fn find_or_make(
    app: &App,
    nats: &Nats,
    consumer: Consumer,
) -> Result<PullConsumer, AppError> {
    let config = consumer_config(consumer, app.config.nats.ack_wait());
    let context = nats.context().await?;
    let made = context.create_consumer_on_stream(config, STREAM).await;
    made.map_err(|error| refused(consumer, &error))
}

/// Takes some events, and works on each as it comes. Ends when they are done, and takes no more once the connection
/// is another.
async fn pull(
    app: &App,
    nats: &Nats,
    consumer: Consumer,
    durable: &PullConsumer,
) -> Result<(), AppError> {
    let mut changes = nats.changes();
    let batch = durable
        .batch()
        .max_messages(AT_ONCE)
        .expires(BETWEEN_PULLS)
        .messages();
    let mut batch = batch.await.map_err(|error| refused(consumer, &error))?;
    let mut working = JoinSet::new();
    let ended = loop {
        let next = tokio::select! {
            next = batch.next() => next,
            _ = changes.changed() => break Ok(()),
        };
        match next {
            Some(Ok(message)) => {
                let work = work_on(app.clone(), consumer, message);
                working.spawn(within(app.config.shop.language, work));
            }
            Some(Err(error)) => break Err(refused(consumer, &error)),
            None => break Ok(()),
        }
    };
    // What was begun is finished in any case.
    while working.join_next().await.is_some() {}
    ended
}

fn refused(consumer: Consumer, error: &dyn std::fmt::Display) -> AppError {
    tracing::debug!(error.cause = %error, delivery.consumer = %consumer, "The broker refused");
    away()
}

/// Delivers the event and tells the broker: done, not again, or again later. While it is worked on, the broker gives it
/// to nobody else. If the answer is lost the event comes again, and its row says that it is done.
async fn work_on(app: App, consumer: Consumer, message: Message) {
    if message.info().is_ok_and(|info| info.delivered > 1) {
        app.metrics.broker.count_redelivery(consumer.kind());
    }
    let Some(told) = message.headers.as_ref().and_then(read_told) else {
        answer(&message, AckKind::Term).await;
        return;
    };
    let mut beat = interval(app.config.nats.ack_wait() / 3);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat.reset();
    let work = deliver_event(&app, consumer, &told);
    tokio::pin!(work);
    let reached = loop {
        tokio::select! {
            reached = &mut work => break reached,
            _ = beat.tick() => answer(&message, AckKind::Progress).await,
        }
    };
    let kind = match reached {
        Ok(Reached::Settled) => AckKind::Ack,
        Ok(Reached::Dead) => AckKind::Term,
        Ok(Reached::Later(pause)) => AckKind::Nak(Some(pause)),
        Err(_) => AckKind::Nak(Some(AFTER_A_FAILURE)),
    };
    answer(&message, kind).await;
}

async fn answer(message: &Message, kind: AckKind) {
    if let Err(error) = message.ack_with(kind).await {
        tracing::debug!(error.cause = %error, "The broker was not answered");
    }
}
