//! Internationalisation: the languages of the pages, and the texts in each of them.
//!
//! Every text that people read is in `locales/<language>/<slice>.ftl`, in Fluent's syntax
//! (<https://projectfluent.org>), and is looked up by its key with `t!`. The language is that of
//! the current request, determined by `server/http/audience/language.rs`. The browser holds no
//! texts: islands get theirs as props.

mod language;
mod multilingual;

pub use language::Language;
pub use multilingual::{Multilingual, Translations, field_in, translation_of};

cfg_if::cfg_if! {
    if #[cfg(feature = "ssr")] {
        mod catalogue;
        #[cfg(debug_assertions)]
        mod latest;
        mod look_up;
        mod scope;
        mod sort_key;

        pub use look_up::{Text, edition, format};
        pub use scope::{current, set_language, with, within};
        pub use sort_key::sort_key;

        /// Expands to the text with this key in the request's language: a `&'static str`, or a
        /// `String` if it has placeholders.
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
        /// In the browser every text is empty: the server has rendered what is shown there.
        macro_rules! t {
            ($key:literal) => {
                ""
            };
            ($key:literal, $($name:ident = $value:expr),+ $(,)?) => {{
                $(let _ = &$value;)+
                String::new()
            }};
        }

        /// Always the first: no texts, no other editions of them.
        pub const fn edition() -> u64 {
            0
        }

        /// Always English: the browser shows what the server has rendered.
        pub const fn current() -> Language {
            Language::English
        }
    }
}

pub(crate) use t;
