//! Figures of the business and of its queues, as they were last read from the database.

use super::readings::Readings;
use crate::clock::Timestamp;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::DescriptorEncoder;
use std::fmt::Result;
use std::sync::{Arc, Mutex, PoisonError};

/// All of one moment.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    pub at: Timestamp,
    /// Orders by status.
    pub orders: Vec<(&'static str, i64)>,
    /// Sales less what was given back, in minor units, by currency.
    pub revenue: Vec<(&'static str, i64)>,
    pub products: i64,
    /// Products on sale that nothing is left of.
    pub stock_outs: i64,
    pub transfers: i64,
    /// Each conservation law, and whether it holds.
    pub conserved: Vec<(&'static str, bool)>,
    pub undispatched: i64,
    pub undispatched_seconds: i64,
    pub overdue: i64,
    pub overdue_seconds: i64,
    pub paused: i64,
    pub dead: i64,
    /// Incoming messages that are not settled, by state.
    pub inbox: Vec<(&'static str, i64)>,
}

/// The last figures; nothing before they were read for the first time.
#[derive(Clone, Debug, Default)]
pub struct LastFigures(Arc<Mutex<Option<Figures>>>);

impl LastFigures {
    pub fn set(&self, figures: Figures) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *last = Some(figures);
    }
}

impl Collector for LastFigures {
    fn encode(&self, encoder: DescriptorEncoder) -> Result {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some(figures) => figures.encode(Readings(encoder)),
            None => Ok(()),
        }
    }
}

impl Figures {
    fn encode(&self, mut readings: Readings) -> Result {
        readings.gauge(
            "figures_timestamp_seconds",
            "Moment of the figures that come from the database, in seconds since 1970",
            self.at.seconds(),
        )?;
        self.encode_business(&mut readings)?;
        self.encode_queues(&mut readings)
    }

    fn encode_business(&self, readings: &mut Readings) -> Result {
        let by = |label: &'static str, rows: &[(&'static str, i64)]| {
            let row = |(word, count): &(&'static str, i64)| ([(label, *word)], *count);
            rows.iter().map(row).collect::<Vec<_>>()
        };
        readings.gauges("orders", "Orders by status", by("status", &self.orders))?;
        readings.gauges(
            "revenue_minor_units",
            "Sales less what was given back, in the currency's minor unit",
            by("currency", &self.revenue),
        )?;
        readings.gauge("products", "Products on sale", self.products)?;
        readings.gauge(
            "stock_outs",
            "Products on sale that nothing is left of",
            self.stock_outs,
        )?;
        readings.gauge("ledger_transfers", "Transfers in the books", self.transfers)?;
        let conserved = self.conserved.iter();
        readings.gauges(
            "conserved",
            "Conservation laws: 1 where it holds, 0 where it is broken",
            conserved.map(|(law, holds)| ([("law", *law)], i64::from(*holds))),
        )?;
        readings.gauges(
            "inbox_messages",
            "Messages from others that are not settled, by state",
            by("state", &self.inbox),
        )
    }

    fn encode_queues(&self, readings: &mut Readings) -> Result {
        for (name, help, value) in [
            (
                "outbox_undispatched",
                "Events that no consumer was given yet",
                self.undispatched,
            ),
            (
                "outbox_undispatched_age_seconds",
                "Age of the oldest of them",
                self.undispatched_seconds,
            ),
            (
                "deliveries_overdue",
                "Deliveries that wait longer than they should",
                self.overdue,
            ),
            (
                "deliveries_overdue_age_seconds",
                "Age of the oldest of them",
                self.overdue_seconds,
            ),
            (
                "deliveries_paused",
                "Deliveries to webhooks that are paused",
                self.paused,
            ),
            (
                "deliveries_dead",
                "Deliveries that were given up",
                self.dead,
            ),
        ] {
            readings.gauge(name, help, value)?;
        }
        Ok(())
    }
}
