//! Redis, where `[redis] url` names one: a memory that several servers share, and may lose at any time.
//!
//! One connection carries everything, and [`follow`](Redis::follow) looks after it: it goes to the first address
//! that is there and takes writes, is asked twice a second whether it still answers, and is replaced when it does
//! not. While there is none, whoever asks is told so at once, and does without: nobody waits for Redis longer than
//! one time-out, and after the first who did nobody waits at all. Each call goes through the breaker as well, which
//! calls to other services have in common (`server/outbound/`). `redis::aio::ConnectionManager` would let each of
//! them wait for the new connection, and knows one address.

mod addresses;
mod client;
mod follow;

pub use addresses::{Address, addresses};
pub use client::Redis;
pub use follow::Heard;
