//! Tones: the meaning of a message or a state, apart from its words.

use super::Icon;
use serde::{Deserialize, Serialize};

/// How a badge, an alert or a toast is coloured. Never the only sign: words or an icon go with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    #[default]
    Neutral,
    Info,
    Good,
    Warn,
    Bad,
}

impl Tone {
    /// The last part of the class: `badge-good`, `alert-good`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }

    pub const fn icon(self) -> Icon {
        match self {
            Self::Neutral | Self::Info => Icon::Info,
            Self::Good => Icon::CheckCircle,
            Self::Warn | Self::Bad => Icon::Warning,
        }
    }
}
