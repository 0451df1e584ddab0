//! The fields for a product's texts, one language beside the other.

use super::types::Product;
use crate::i18n::{Language, Multilingual, field_in, t};
use crate::ui::{Badge, FormScope, TextArea, TextField, Tone, languages};
use leptos::prelude::*;

/// A form's fields: names and values.
pub type Fields = Vec<(String, String)>;

/// The texts of a product, by the names of their fields in its own language.
const TEXTS: [&str; 3] = ["name", "description", "picture_alt"];

/// Returns every text in every language, by the names of the form's fields.
pub fn text_fields(product: &Product) -> Fields {
    let texts = [&product.name, &product.description, &product.picture_alt];
    let in_language = |language| {
        TEXTS.into_iter().zip(texts).map(move |(text, value)| {
            let written = value.written(language, product.language);
            (
                field_in(text, language, product.language),
                written.unwrap_or_default().to_owned(),
            )
        })
    };
    languages(product.language).flat_map(in_language).collect()
}

/// The labels of the texts, in their order.
fn labels() -> [&'static str; 3] {
    [
        t!("catalog-name"),
        t!("catalog-description"),
        t!("catalog-alt"),
    ]
}

/// Returns the label of a text's field, with its language. `None` if it is no text's.
pub fn field_label(field: &str, first: Language) -> Option<String> {
    languages(first).find_map(|language| {
        let mut labelled = TEXTS.into_iter().zip(labels());
        let (_, label) = labelled.find(|(text, _)| field_in(text, language, first) == field)?;
        Some(t!(
            "catalog-in-language",
            text = label,
            language = language.name()
        ))
    })
}

/// Returns the labels of the product's texts that are missing in this language.
pub fn missing_texts(product: &Product, language: Language) -> Vec<&'static str> {
    let texts = [&product.name, &product.description, &product.picture_alt];
    let missing = |text: &Multilingual| {
        let there = text.all().any(|text| !text.is_empty());
        there && text.written(language, product.language).is_none()
    };
    let labelled = labels().into_iter().zip(texts);
    labelled
        .filter(|(_, text)| missing(text))
        .map(|(label, _)| label)
        .collect()
}

/// The fields, grouped by language. A language with missing texts is marked.
#[component]
pub fn TextFields(
    /// The language in which the product was first entered.
    first: Language,
    /// The values of the fields.
    #[prop(optional)]
    fields: Fields,
    /// True if there can be a picture to describe.
    #[prop(optional)]
    with_picture: bool,
) -> impl IntoView {
    let groups = languages(first)
        .map(|language| view! { <OneLanguage language first fields=fields.clone() with_picture /> })
        .collect::<Vec<_>>();
    view! { <div class="language-fields">{groups}</div> }
}

#[component]
fn OneLanguage(
    language: Language,
    first: Language,
    fields: Fields,
    with_picture: bool,
) -> impl IntoView {
    let value = |name: &str| {
        let found = fields.iter().find(|(field, _)| field == name);
        found.map_or_else(String::new, |(_, value)| value.clone())
    };
    let [name, description, alt] = TEXTS.map(|text| field_in(text, language, first));
    let id = FormScope::current().id(&format!("language-{}", language.as_str()));
    let labelled_by = id.clone();
    let own = language == first;
    let missing = !own
        && TEXTS.into_iter().any(|text| {
            !value(text).is_empty() && value(&field_in(text, language, first)).is_empty()
        });
    let mark = missing.then(|| {
        view! { <Badge tone=Tone::Warn>{t!("catalog-translation-missing")}</Badge> }
    });
    let picture = with_picture.then(|| {
        view! {
            <TextField
                name=alt.clone()
                label=t!("catalog-alt")
                hint=t!("catalog-alt-hint")
                value=value(&alt)
                maxlength=300_u32
                autocomplete="off"
            />
        }
    });
    view! {
        <div class="language-group" role="group" aria-labelledby=labelled_by>
            <p class="language-name" id=id>
                {language.name()} " "
                {own.then(|| view! { <span class="muted">{t!("catalog-language-first")}</span> })} {mark}
            </p>
            <TextField
                label=t!("catalog-name")
                value=value(&name)
                name
                required=own
                maxlength=120_u32
                autocomplete="off"
            />
            <TextArea
                label=t!("catalog-description")
                hint=t!("catalog-description-hint")
                rows=10
                maxlength=10_000_u32
                value=value(&description)
                name=description
            />
            {picture}
        </div>
    }
}
