//! Order numbers: one each, without gaps within a year, however many servers give them.

use serde::{Deserialize, Serialize};

/// How two checkouts at the same moment are kept from the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Numbering {
    /// The second waits until the first has its number.
    Lock,
    /// Both try; the unique constraint refuses one, which tries again with the next.
    Retry,
}

/// How often a refused number is tried again.
pub const MOST_TRIES: u32 = 64;
