//! Looks texts up in the catalogue, which is made on first use.

use super::catalogue::Catalogue;
#[cfg(not(debug_assertions))]
use super::catalogue::sources;
use super::language::Language;
use super::scope::current;
use fluent_bundle::{FluentArgs, FluentValue};
use std::borrow::Cow;
use std::sync::OnceLock;

/// A text without placeholders, as each use of `t!` holds it: looked up in all languages once.
pub struct Text {
    key: &'static str,
    texts: OnceLock<[&'static str; Language::ALL.len()]>,
}

impl Text {
    pub const fn new(key: &'static str) -> Self {
        Self {
            key,
            texts: OnceLock::new(),
        }
    }

    pub fn get(&self) -> &'static str {
        if cfg!(debug_assertions) {
            return self.look_up(current());
        }
        let texts = self
            .texts
            .get_or_init(|| Language::ALL.map(|language| self.look_up(language)));
        texts[current() as usize]
    }

    fn look_up(&self, language: Language) -> &'static str {
        match look_up(language, self.key, None) {
            Cow::Borrowed(text) => text,
            Cow::Owned(text) => Box::leak(text.into_boxed_str()),
        }
    }
}

/// Returns the text with this key, its placeholders filled in. Whole numbers select the plural, and
/// are formatted as everywhere.
pub fn format<const N: usize>(
    key: &'static str,
    values: [(&'static str, FluentValue<'_>); N],
) -> String {
    let values = FluentArgs::from_iter(values);
    look_up(current(), key, Some(&values)).into_owned()
}

fn look_up(
    language: Language,
    key: &'static str,
    values: Option<&FluentArgs<'_>>,
) -> Cow<'static, str> {
    catalogue().text(language, key, values)
}

fn catalogue() -> &'static Catalogue {
    #[cfg(debug_assertions)]
    {
        super::latest::catalogue()
    }
    #[cfg(not(debug_assertions))]
    {
        static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
        CATALOGUE.get_or_init(|| {
            let texts = |language| sources(language).iter().map(|(_, text)| *text).collect();
            Catalogue::new(0, texts)
        })
    }
}

/// The number of the catalogue's edition, to tell what was made of its texts from what was made before.
pub fn edition() -> u64 {
    if cfg!(debug_assertions) {
        catalogue().edition
    } else {
        0
    }
}
