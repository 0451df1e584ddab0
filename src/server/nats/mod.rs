//! The connection to the broker (NATS with `JetStream`), if there is one.
//!
//! It is opened in the background and again for ever: the server starts and runs while the broker is away. Each
//! try looks the hosts' names up anew; one that failed is tried last, and taken back once it answers.

mod link;

pub use link::{Link, Nats, away};
