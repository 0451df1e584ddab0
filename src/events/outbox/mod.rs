//! The outbox: events, written with the change itself and read until all consumers are served.

mod clean;
mod lag;
mod page;
mod store;

pub use clean::delete_old;
pub use lag::{Lag, outbox_lag};
pub use page::OutboxPage;
pub use store::{
    EVENT, OutboxEvent, await_dispatch, has_undispatched, list_outbox, list_undispatched,
    lock_dispatch, mark_dispatched, update_time,
};
