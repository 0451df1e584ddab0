//! Tones: the meaning of a message or a state, apart from its words.

use super::Icon;
use crate::words::words;

words!(
    /// The colour of a badge, an alert or a toast. Never the only sign: words or an icon go with
    /// it. Its word is the last part of a class: `badge-good`, `alert-good`.
    #[derive(Default)]
    pub enum Tone {
        #[default]
        Neutral = "neutral",
        Info = "info",
        Good = "good",
        Warn = "warn",
        Bad = "bad",
    }
);

impl Tone {
    pub const fn icon(self) -> Icon {
        match self {
            Self::Neutral | Self::Info => Icon::Info,
            Self::Good => Icon::CheckCircle,
            Self::Warn | Self::Bad => Icon::Warning,
        }
    }
}
