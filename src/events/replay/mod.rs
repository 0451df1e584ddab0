//! Replay: history is sent again to one consumer, for an operator who knows why.
//!
//! What is replayed is marked as waiting in the database, with a broker or without: the servers that run deliver it
//! in its order, after what the consumer was still to be told about the same subject. A mail is read by a person, so
//! one that was sent, or may have been, is not sent again unless that is asked for in so many words.

mod choice;
mod run_replay;
mod store;

pub use choice::{Choice, moment};
pub use run_replay::{Replay, replay};
