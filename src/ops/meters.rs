//! Meters: the console's figures of what must always hold.

use serde::{Deserialize, Serialize};

/// Something that must hold, and the figures that show whether it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meter {
    pub name: String,
    /// The verdict in a word, in the reader's language.
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
    /// Of when they are, how old they were, and what it took to measure them.
    pub said: String,
    /// The same while they are paused.
    pub paused: String,
    /// The same while no newer ones come.
    pub lost: String,
    pub meters: Vec<Meter>,
}
