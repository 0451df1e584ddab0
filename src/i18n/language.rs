//! A language that pages are written in.

use crate::words::words;

words!(
    /// A language that pages are written in. Its word is its BCP 47 tag, as in `lang` attributes,
    /// the cookie and the names of the folders.
    #[derive(Default, PartialOrd, Ord)]
    pub enum Language {
        #[default]
        English = "en",
        Chinese = "zh-CN",
    }

    fn unknown(_: &str) -> &'static str {
        "Use en or zh-CN."
    }
);

impl Language {
    /// Guesses the language of a text by its letters: Chinese if it has Han characters.
    pub fn of(text: &str) -> Self {
        let han = |c| matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{323AF}');
        if text.chars().any(han) {
            Self::Chinese
        } else {
            Self::English
        }
    }

    /// Returns the language that was noted, or else the one that the text's letters suggest.
    pub fn noted(language: Option<Self>, text: &str) -> Self {
        language.unwrap_or_else(|| Self::of(text))
    }

    /// Returns its name in the language itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Chinese => "中文",
        }
    }
}
