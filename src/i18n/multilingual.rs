//! Multilingual texts of user-entered things: as first entered, and their translations.
//!
//! A product's name is entered in one language and can be translated into the others. Pages show it
//! in their language; programs get it as first entered, with the translations beside it.

use super::{Language, current};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The translations of a text into languages other than its original. None is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Translations(BTreeMap<Language, String>);

impl Translations {
    pub fn get(&self, language: Language) -> Option<&str> {
        self.0.get(&language).map(String::as_str)
    }

    /// Sets a translation; an empty text removes it.
    pub fn set(&mut self, language: Language, text: String) {
        if text.is_empty() {
            self.0.remove(&language);
        } else {
            self.0.insert(language, text);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Skips unknown languages: an older program may meet the data of a newer one.
impl<'de> Deserialize<'de> for Translations {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let all: BTreeMap<String, String> = Deserialize::deserialize(deserializer)?;
        let known = all
            .into_iter()
            .filter_map(|(tag, text)| Some((tag.parse().ok()?, text)));
        Ok(Self(known.collect()))
    }
}

/// Returns the name of the field for the translation of the text `name`, in forms and in errors.
pub fn translation_of(name: &str, language: Language) -> String {
    format!("{name}_translations.{}", language.as_str())
}

/// The same, or the text's own field for the language `first` that the thing was entered in.
pub fn field_in(name: &str, language: Language, first: Language) -> String {
    if language == first {
        name.to_owned()
    } else {
        translation_of(name, language)
    }
}

/// A text as it was first entered, and its translations. Names are stored and sent in this form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Multilingual {
    #[serde(rename = "name")]
    pub first: String,
    #[serde(
        rename = "name_translations",
        default,
        skip_serializing_if = "Translations::is_empty"
    )]
    pub translations: Translations,
}

impl Multilingual {
    pub fn new(first: impl Into<String>, translations: Translations) -> Self {
        Self {
            first: first.into(),
            translations,
        }
    }

    /// Returns the text in the current page's language.
    pub fn shown(&self) -> &str {
        self.within(current())
    }

    /// Returns the text in this language, or else as first entered, or else in any.
    pub fn within(&self, language: Language) -> &str {
        match self.translations.get(language) {
            Some(text) => text,
            None if self.first.is_empty() => self.all().nth(1).unwrap_or_default(),
            None => &self.first,
        }
    }

    /// Returns what was written in this language, if anything. `first` is the language first entered in.
    pub fn written(&self, language: Language, first: Language) -> Option<&str> {
        let text = if language == first {
            Some(self.first.as_str())
        } else {
            self.translations.get(language)
        };
        text.filter(|text| !text.is_empty())
    }

    /// Returns the text as first entered, then the translations.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        let translations = self.translations.0.values().map(String::as_str);
        std::iter::once(self.first.as_str()).chain(translations)
    }

    /// Returns all of them, joined by spaces: what a search looks through.
    pub fn together(&self) -> String {
        self.all().collect::<Vec<_>>().join(" ")
    }
}

/// A text in one language only.
impl From<String> for Multilingual {
    fn from(first: String) -> Self {
        Self::new(first, Translations::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::with;

    fn kettle() -> Multilingual {
        let mut translations = Translations::default();
        translations.set(Language::English, "Kettle".to_owned());
        Multilingual::new("水壶", translations)
    }

    #[test]
    fn a_page_shows_the_text_in_its_language_where_there_is_one() {
        let kettle = kettle();
        assert_eq!(
            with(Language::English, || kettle.shown().to_owned()),
            "Kettle"
        );
        assert_eq!(
            with(Language::Chinese, || kettle.shown().to_owned()),
            "水壶"
        );
        assert_eq!(kettle.together(), "水壶 Kettle");
        let pen = Multilingual::from("Pen".to_owned());
        assert_eq!(pen.within(Language::Chinese), "Pen");
    }

    #[test]
    fn a_text_that_was_only_translated_is_better_than_none() {
        let mut text = kettle();
        text.first.clear();
        assert_eq!(text.within(Language::Chinese), "Kettle");
        assert_eq!(Multilingual::default().within(Language::Chinese), "");
    }

    #[test]
    fn an_empty_translation_is_none() {
        let mut kettle = kettle();
        kettle.translations.set(Language::English, String::new());
        assert!(kettle.translations.is_empty());
    }

    #[test]
    fn languages_that_pages_do_not_have_are_passed_over() {
        let read: Translations =
            serde_json::from_str(r#"{"de": "Kessel", "en": "Kettle"}"#).expect("translations");
        assert_eq!(read, kettle().translations);
        assert_eq!(serde_json::json!(read), serde_json::json!({"en": "Kettle"}));
    }
}
