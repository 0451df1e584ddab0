//! The catalogue of texts: a Fluent bundle per language, built on first use.

use super::language::Language;
use super::scope::current;
use crate::number;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::borrow::Cow;
use std::sync::OnceLock;

macro_rules! sources {
    ($($slice:literal),+) => {
        /// The files of one language.
        fn sources(language: Language) -> &'static [&'static str] {
            match language {
                Language::English => &[$(
                    include_str!(concat!("../../locales/en/", $slice, ".ftl")),
                )+],
                Language::Chinese => &[$(
                    include_str!(concat!("../../locales/zh-CN/", $slice, ".ftl")),
                )+],
            }
        }
    };
}

sources!(
    "accounts", "cart", "catalog", "events", "gallery", "ledger", "ops", "orders", "server",
    "tasks", "ui"
);

type Bundle = FluentBundle<FluentResource>;

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
        let texts = self.texts.get_or_init(|| {
            Language::ALL.map(|language| match look_up(language, self.key, None) {
                Cow::Borrowed(text) => text,
                Cow::Owned(text) => Box::leak(text.into_boxed_str()),
            })
        });
        texts[current() as usize]
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

/// Looks up a text. A missing key is shown as itself: a page with it is better than none. The tests
/// ensure that none is missing.
fn look_up(
    language: Language,
    key: &'static str,
    values: Option<&FluentArgs<'_>>,
) -> Cow<'static, str> {
    let bundle = bundle(language);
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
        tracing::error!(text.key = key, "A text is missing");
        return Cow::Borrowed(key);
    };
    let mut faults = Vec::new();
    let text = bundle.format_pattern(pattern, values, &mut faults);
    for fault in faults {
        tracing::error!(text.key = key, error.cause = %fault, "A text has a fault");
    }
    match (text, values) {
        (Cow::Borrowed(text), None) => Cow::Borrowed(text),
        (text, _) => Cow::Owned(text.into_owned()),
    }
}

fn bundle(language: Language) -> &'static Bundle {
    static BUNDLES: OnceLock<[Bundle; Language::ALL.len()]> = OnceLock::new();
    &BUNDLES.get_or_init(|| Language::ALL.map(read))[language as usize]
}

fn read(language: Language) -> Bundle {
    let tag = language.as_str().parse().expect("a language's tag");
    let mut bundle = Bundle::new_concurrent(vec![tag]);
    // Isolation marks around placeholders are for right-to-left text, of which there is none.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(number) => Some(number::count(number.value as i64)),
        _ => None,
    }));
    for source in sources(language) {
        let resource = FluentResource::try_new((*source).to_owned());
        let resource = resource.unwrap_or_else(|(readable, faults)| {
            tracing::error!(error.cause = ?faults, "A file of texts has faults");
            readable
        });
        if let Err(faults) = bundle.add_resource(resource) {
            tracing::error!(error.cause = ?faults, "A text is there twice");
        }
    }
    bundle
}
