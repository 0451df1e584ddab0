//! Calls to other services: each has a timeout, a breaker, and retries from a bounded budget.
//!
//! A breaker counts failures in a row. After so many it *opens*: nothing is called, and whoever wanted to
//! learns so at once instead of waiting for another timeout. After a while it is *half
//! open* and lets one call through; that call's success closes it, and its failure opens it again.

mod breaker;
mod call;
mod meters;

pub use breaker::{Failure, State};
pub use call::Outbound;
pub use meters::METERS;
