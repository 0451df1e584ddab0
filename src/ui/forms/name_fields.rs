//! The fields for a name in several languages, side by side.

use super::field::TextField;
use crate::i18n::{Language, Multilingual, field_in, t};
use leptos::prelude::*;

/// Returns a name in every language, keyed by field name, the first language first.
pub fn name_fields(first: Language, name: &Multilingual) -> Vec<(String, String)> {
    let field = |language| {
        let text = name.written(language, first).unwrap_or_default();
        (field_in("name", language, first), text.to_owned())
    };
    languages(first).map(field).collect()
}

/// Returns the language that a thing was entered in, and then the others.
pub fn languages(first: Language) -> impl Iterator<Item = Language> {
    let others = Language::ALL
        .into_iter()
        .filter(move |language| *language != first);
    std::iter::once(first).chain(others)
}

/// A field for each language. One whose name is missing is marked so.
#[component]
pub fn NameFields(
    first: Language,
    #[prop(optional)] name: Multilingual,
    maxlength: u32,
) -> impl IntoView {
    let saved = !name.first.is_empty();
    languages(first)
        .zip(name_fields(first, &name))
        .map(|(language, (field, value))| {
            let own = language == first;
            let missing = saved && !own && value.is_empty();
            let label = t!("ui-name-in", language = language.name());
            let hint = if missing { t!("ui-not-translated") } else { "" };
            view! {
                <TextField name=field label hint value required=own maxlength autocomplete="off" />
            }
        })
        .collect::<Vec<_>>()
}
