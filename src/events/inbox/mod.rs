//! The inbox: messages of other systems, verified, judged, and applied once.

mod apply;
mod bell;
mod manage;
mod message;
#[cfg(test)]
mod message_tests;
mod page;
mod receive;
mod rest;
mod signed;
mod stock_message;
mod store;
mod verdict;
#[cfg(test)]
mod verdict_tests;

pub use apply::apply_due;
pub use bell::{ring_inbox, rung};
pub use manage::{discard_message, retry_message};
pub use message::{Outline, Source};
pub use page::InboxPage;
pub use receive::receive_router;
pub use rest::api_router;
pub use store::{
    Arrival, InboxState, create_message, delete_old_texts, has_messages, hurry_messages,
};
