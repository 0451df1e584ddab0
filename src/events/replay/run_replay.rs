//! A replay of events to one consumer, from the command line.

use super::choice::Choice;
use super::store::{list_events, list_states, update_to_waiting};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::events::delivery::{Consumer, DeliveryState, create_deliveries, hurry_lanes};
use crate::events::outbox::OutboxEvent;
use crate::events::rules::Filter;
use crate::events::webhooks::list_subscriptions;
use crate::server::{App, Conn};
use std::collections::HashMap;
use std::fmt;

/// The maximum number of events that are looked at, and changed, in one transaction.
const AT_ONCE: i64 = 200;

/// A request to send history again.
#[derive(Clone, Debug)]
pub struct Replay {
    pub choice: Choice,
    pub since: Timestamp,
    pub until: Timestamp,
    /// `None` to see what there is for each consumer; nothing is sent then.
    pub consumer: Option<Consumer>,
    /// The maximum number of events that are sent.
    pub limit: u64,
    /// True to change nothing.
    pub dry_run: bool,
    /// True to send mails again that were sent before.
    pub mail_again: bool,
}

/// The numbers of events for one consumer, by what becomes of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Sent before, given up or discarded.
    pub again: u64,
    /// Never meant for the consumer before: it was registered later.
    pub first: u64,
    /// Waiting for their turn anyway.
    pub waiting: u64,
    /// Mails that were sent, or of which nothing is on record.
    pub left_out: u64,
    /// Beyond the limit.
    pub beyond: u64,
}

/// The outcome: each consumer with its counts, and whether anything was changed.
pub struct Report {
    pub counts: Vec<(Consumer, Counts)>,
    pub changed: bool,
}

/// Sends the chosen events to the consumer again, oldest first, or only counts them.
pub async fn replay(app: &App, wanted: &Replay) -> Result<Report, AppError> {
    let mut conn = app.db.read().await?;
    let filters: HashMap<i64, Filter> = list_subscriptions(&mut conn)
        .await?
        .into_iter()
        .map(|it| (it.webhook_id, it.filter))
        .collect();
    drop(conn);
    let consumers = match wanted.consumer {
        Some(Consumer::Webhook(id)) if !filters.contains_key(&id) => {
            return Err(AppError::not_found("webhook"));
        }
        Some(consumer) => vec![consumer],
        None => {
            let mut webhooks: Vec<i64> = filters.keys().copied().collect();
            webhooks.sort_unstable();
            let webhooks = webhooks.into_iter().map(Consumer::Webhook);
            [Consumer::Mail, Consumer::Fulfilment]
                .into_iter()
                .chain(webhooks)
                .collect()
        }
    };
    let changed = !wanted.dry_run && wanted.consumer.is_some();
    let mut counts = Vec::new();
    for consumer in consumers {
        let filter = consumer.webhook().and_then(|id| filters.get(&id));
        let turn = Turn {
            wanted,
            consumer,
            filter,
            changed,
        };
        counts.push((consumer, turn.go_through(app).await?));
    }
    Ok(Report { counts, changed })
}

/// The replay to one consumer.
struct Turn<'a> {
    wanted: &'a Replay,
    consumer: Consumer,
    /// The filter of a webhook.
    filter: Option<&'a Filter>,
    changed: bool,
}

impl Turn<'_> {
    async fn go_through(&self, app: &App) -> Result<Counts, AppError> {
        let (mut counts, mut after) = (Counts::default(), 0);
        loop {
            let mut conn = app.db.read().await?;
            let times = (self.wanted.since, self.wanted.until);
            let page = list_events(&mut conn, times, after, AT_ONCE).await?;
            drop(conn);
            let Some(last) = page.last() else {
                return Ok(counts);
            };
            after = last.seq;
            let events: Vec<&OutboxEvent> = page.iter().filter(|it| self.concerns(it)).collect();
            if events.is_empty() {
                continue;
            }
            if self.changed {
                let mut tx = app.db.write().await?;
                self.send(&mut tx, &events, &mut counts, app.clock.now())
                    .await?;
                tx.commit().await?;
            } else {
                let mut conn = app.db.read().await?;
                self.choose(&mut conn, &events, &mut counts).await?;
            }
        }
    }

    fn concerns(&self, event: &OutboxEvent) -> bool {
        let wants = match self.filter {
            Some(filter) => filter.matches(&event.topic),
            None => self.consumer.wants(&event.topic),
        };
        wants && self.wanted.choice.covers(&event.topic, &event.subject)
    }

    /// Counts the events, and returns those to send: again, and for the first time.
    async fn choose<'e>(
        &self,
        conn: &mut Conn,
        events: &[&'e OutboxEvent],
        counts: &mut Counts,
    ) -> Result<[Vec<&'e OutboxEvent>; 2], AppError> {
        let seqs: Vec<i64> = events.iter().map(|event| event.seq).collect();
        let states = list_states(conn, self.consumer, &seqs).await?;
        let states: HashMap<i64, DeliveryState> = states.into_iter().collect();
        let keeps_mail = self.consumer == Consumer::Mail && !self.wanted.mail_again;
        let [mut again, mut first] = [Vec::new(), Vec::new()];
        for event in events {
            let has_room = counts.again + counts.first < self.wanted.limit;
            match states.get(&event.seq) {
                Some(DeliveryState::Waiting) => counts.waiting += 1,
                // Of an event that is kept for its dead letters, the mail's record may be gone already.
                Some(DeliveryState::Done | DeliveryState::Discarded) | None if keeps_mail => {
                    counts.left_out += 1;
                }
                _ if !has_room => counts.beyond += 1,
                Some(_) => {
                    counts.again += 1;
                    again.push(*event);
                }
                None => {
                    counts.first += 1;
                    first.push(*event);
                }
            }
        }
        Ok([again, first])
    }

    async fn send(
        &self,
        conn: &mut Conn,
        events: &[&OutboxEvent],
        counts: &mut Counts,
        now: Timestamp,
    ) -> Result<(), AppError> {
        let [again, first] = self.choose(conn, events, counts).await?;
        let all = again.iter().chain(&first);
        let lanes: Vec<_> = all
            .map(|event| (self.consumer, event.subject.as_str()))
            .collect();
        if lanes.is_empty() {
            return Ok(());
        }
        // Lock order, as everywhere: the lanes before their deliveries.
        hurry_lanes(conn, &lanes, now).await?;
        let seqs: Vec<i64> = again.iter().map(|event| event.seq).collect();
        update_to_waiting(conn, self.consumer, &seqs).await?;
        let new: Vec<_> = first
            .into_iter()
            .map(|event| (event.seq, self.consumer, event.subject.as_str()))
            .collect();
        create_deliveries(conn, &new, now).await?;
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (consumer, counts) in &self.counts {
            writeln!(f, "{consumer}:")?;
            for (count, of) in [
                (counts.again, "sent again"),
                (counts.first, "sent for the first time"),
                (counts.waiting, "waiting for their turn already"),
                (
                    counts.left_out,
                    "left out: mailed already, or not on record; --mail-again sends them too",
                ),
                (counts.beyond, "left out: more than --limit"),
            ] {
                if count > 0 {
                    writeln!(f, "  {count:>6} {of}")?;
                }
            }
            if *counts == Counts::default() {
                writeln!(f, "  no such events")?;
            }
        }
        match (self.changed, self.counts.len()) {
            (true, _) => write!(f, "The servers that run deliver them now."),
            (false, 1) => write!(f, "Nothing was changed: this was a dry run."),
            (false, _) => write!(f, "Nothing was changed: name one of them as --consumer."),
        }
    }
}
