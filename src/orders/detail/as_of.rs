//! An order as it stood after one of its events, with its reservations and ledger entries at that point.

use crate::clock::Timestamp;
use crate::ledger::{Hold, HoldStatus, JournalRow, PurchaseBooks, PurchasePart};
use crate::orders::order::OrderEvent;
use crate::orders::{Event, OrderState};

/// An order after one of its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AsOf {
    /// The event's sequence number.
    pub seq: i64,
    pub state: OrderState,
    pub books: PurchaseBooks,
}

impl AsOf {
    /// Returns the order after event `seq`, or after the last one if there is no such event.
    /// `None` if the history does not begin with `Placed`.
    pub fn new(
        number: &str,
        events: &[OrderEvent],
        seq: i64,
        books: PurchaseBooks,
    ) -> Option<Self> {
        let known = events.iter().find(|event| event.seq == seq);
        let last = known.or(events.last())?;
        let then = &events[..=events.iter().position(|event| event.seq == last.seq)?];
        let state = OrderState::fold(then.iter().map(|written| (&written.event, written.at)))?;
        let books = PurchaseBooks {
            hold: books.hold.and_then(|hold| hold_then(hold, then)),
            transfers: transfers_then(number, books.transfers, then),
        };
        let seq = last.seq;
        Some(Self { seq, state, books })
    }
}

/// Returns the hold as it stood; `None` before payment. Goes by events, not time, as several may share one
/// timestamp: `Paid` opens the hold, another event ends it.
fn hold_then(mut hold: Hold, then: &[OrderEvent]) -> Option<Hold> {
    then.iter()
        .find(|written| matches!(written.event, Event::Paid { .. }))?;
    let ended = then.iter().any(|written| {
        matches!(
            written.event,
            Event::Packed { .. } | Event::Cancelled { .. } | Event::Expired {}
        )
    });
    if !ended {
        hold.status = HoldStatus::Open;
        hold.captured = 0;
        hold.closed_at = None;
    }
    Some(hold)
}

/// Returns the transfers posted by then: the order's own by the event that made them, others that refer to it
/// by their time.
fn transfers_then(number: &str, all: Vec<JournalRow>, then: &[OrderEvent]) -> Vec<JournalRow> {
    let at = then.last().map_or(Timestamp(0), |written| written.at);
    let any = |fits: fn(&Event) -> bool| then.iter().any(|written| fits(&written.event));
    let posted = |row: &JournalRow| match PurchasePart::of(number, &row.id) {
        Some(PurchasePart::Payment) => any(|event| matches!(event, Event::Paid { .. })),
        Some(PurchasePart::Capture) => any(|event| matches!(event, Event::Packed { .. })),
        Some(PurchasePart::Refund(seq)) => then.iter().any(|written| written.seq == seq),
        None => row.posted_at <= at,
    };
    all.into_iter().filter(posted).collect()
}
