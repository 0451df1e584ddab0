//! Order numbers: unique, and without gaps within a year, however many servers assign them.

use serde::{Deserialize, Serialize};

/// The strategy that keeps two concurrent checkouts from taking the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Numbering {
    /// The second waits until the first has its number.
    Lock,
    /// Both try; the unique constraint rejects one, which retries with the next number.
    Retry,
}

/// The maximum number of attempts to get a number.
pub const MOST_TRIES: u32 = 64;
