//! Meters: the console's figures of what must always hold.

use serde::{Deserialize, Serialize};

/// Something that must hold, and the figures that show whether it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meter {
    pub name: String,
    /// The verdict in a word: `Holds`.
    pub word: String,
    /// What holds, or what is wrong.
    pub verdict: String,
    pub holds: bool,
    /// Words and figures.
    pub facts: Vec<(String, String)>,
}

/// All of them, at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meters {
    /// The time of day, UTC: `15:04:05`.
    pub as_of: String,
    /// How old they are, and what it took to measure them.
    pub age: String,
    pub meters: Vec<Meter>,
}
