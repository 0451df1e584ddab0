//! A language that pages are written in.

use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// A language that pages are written in.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Language {
    #[default]
    #[serde(rename = "en")]
    English,
    #[serde(rename = "zh-CN")]
    Chinese,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// Its tag by BCP 47, as in `lang` attributes, the cookie and the names of the folders.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// The language that a text seems to be in, by its letters: Chinese where it has Han characters.
    pub fn of(text: &str) -> Self {
        let han = |c| matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{323AF}');
        if text.chars().any(han) {
            Self::Chinese
        } else {
            Self::English
        }
    }

    /// Its name in itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Chinese => "中文",
        }
    }
}

impl FromStr for Language {
    type Err = &'static str;

    fn from_str(tag: &str) -> Result<Self, &'static str> {
        Self::ALL
            .into_iter()
            .find(|language| language.as_str() == tag)
            .ok_or("Use en or zh-CN.")
    }
}
