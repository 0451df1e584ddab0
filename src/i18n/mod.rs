//! Internationalisation: the languages of the pages, and the texts in each of them.
//!
//! Every text that people read stands in `locales/<language>/<slice>.ftl`, in Fluent's syntax
//! (<https://projectfluent.org>), and is looked up by its key with `t!`. The language is that of the
//! present request: see `scope.rs`. The browser holds no texts: islands get theirs as props.

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

cfg_if::cfg_if! {
    if #[cfg(feature = "ssr")] {
        mod catalogue;
        mod scope;

        pub use catalogue::{Text, format};
        pub use scope::{COOKIE, current, negotiate, set_language, with, within};

        /// The text with this key in the language of the request: a `&'static str`, or a `String` where
        /// it has placeholders.
        ///
        /// ```text
        /// t!("cart-title")
        /// t!("cart-items", count = items)
        /// ```
        macro_rules! t {
            ($key:literal) => {{
                static TEXT: $crate::i18n::Text = $crate::i18n::Text::new($key);
                TEXT.get()
            }};
            ($key:literal, $($name:ident = $value:expr),+ $(,)?) => {
                $crate::i18n::format($key, [$((stringify!($name), $value.into())),+])
            };
        }
    } else {
        /// In the browser a text is empty: what is shown there, the server has written.
        macro_rules! t {
            ($key:literal) => {
                ""
            };
            ($key:literal, $($name:ident = $value:expr),+ $(,)?) => {{
                $(let _ = &$value;)+
                String::new()
            }};
        }

        /// The browser shows what the server has written.
        pub const fn current() -> Language {
            Language::English
        }
    }
}

pub(crate) use t;
