//! Meters: the console's figures on its invariants.

use serde::{Deserialize, Serialize};

/// An invariant, and the figures that show whether it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meter {
    pub name: String,
    /// The verdict in a word, in the reader's language.
    pub word: String,
    /// A sentence on what holds or what is wrong.
    pub verdict: String,
    pub holds: bool,
    /// Labels and figures.
    pub facts: Vec<(String, String)>,
}

/// All meters at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meters {
    /// The time, age and duration of the measurement, in words.
    pub said: String,
    /// The text while they are paused.
    pub paused: String,
    /// The text while no newer ones come.
    pub lost: String,
    pub meters: Vec<Meter>,
}
