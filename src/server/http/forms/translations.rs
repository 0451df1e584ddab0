//! Translations as a form or a program sends them.

use super::Fields;
use crate::error::Faults;
use crate::i18n::{Language, Multilingual, Translations, t, translation_of};
use std::collections::BTreeMap;

/// Translations by language. An empty one removes what is there; an absent one leaves it.
pub type SentTranslations = BTreeMap<Language, String>;

/// Reads the translations of the text `name` from a form: its fields `name_translations.en` and so on.
pub fn sent_translations(fields: &Fields, name: &str) -> SentTranslations {
    let sent = |language: Language| {
        let field = translation_of(name, language);
        let text = fields.has(&field).then(|| fields.text(&field).to_owned());
        Some((language, text?))
    };
    Language::ALL.into_iter().filter_map(sent).collect()
}

/// Checks a text of a form and its translations, beside what else the form gets wrong.
pub fn check_sent(
    faults: &mut Faults,
    fields: &Fields,
    name: &str,
    check: impl Fn(&str) -> Result<String, String>,
) {
    faults.check(name, check(fields.text(name)));
    for (language, text) in sent_translations(fields, name) {
        if !text.trim().is_empty() {
            faults.check(&translation_of(name, language), check(&text));
        }
    }
}

/// Applies the translations sent for the text `name` of a thing whose own texts are in `first`.
pub fn translate<E: Into<String>>(
    faults: &mut Faults,
    name: &str,
    first: Language,
    sent: &SentTranslations,
    translations: &mut Translations,
    check: impl Fn(&str) -> Result<String, E>,
) {
    for (language, text) in sent {
        let field = translation_of(name, *language);
        if text.trim().is_empty() {
            translations.set(*language, String::new());
        } else if *language == first {
            let fault = t!("server-own-language", language = first.name(), field = name);
            faults.check::<()>(&field, Err(fault));
        } else if let Some(text) = faults.check(&field, check(text)) {
            translations.set(*language, text);
        }
    }
}

/// Builds the text `name` of a new thing, first entered in the language `first`.
pub fn multilingual<E: Into<String>>(
    faults: &mut Faults,
    name: &str,
    first: Language,
    text: &str,
    sent: &SentTranslations,
    check: impl Fn(&str) -> Result<String, E>,
) -> Multilingual {
    let mut translations = Translations::default();
    translate(faults, name, first, sent, &mut translations, &check);
    let text = faults.check(name, check(text)).unwrap_or_default();
    Multilingual::new(text, translations)
}
