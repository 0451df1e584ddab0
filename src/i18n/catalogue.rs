//! The catalogue of texts: a Fluent bundle per language.

use super::language::Language;
use crate::number;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::borrow::Cow;

macro_rules! sources {
    ($($slice:literal),+) => {
        /// The files of one language by their slices, as they were when the program was built.
        pub(super) fn sources(language: Language) -> &'static [(&'static str, &'static str)] {
            match language {
                Language::English => &[$(
                    ($slice, include_str!(concat!("../../locales/en/", $slice, ".ftl"))),
                )+],
                Language::Chinese => &[$(
                    ($slice, include_str!(concat!("../../locales/zh-CN/", $slice, ".ftl"))),
                )+],
            }
        }
    };
}

sources!(
    "accounts", "cart", "catalog", "events", "gallery", "ledger", "ops", "orders", "server",
    "tasks", "trials", "ui"
);

type Bundle = FluentBundle<FluentResource>;

/// The texts of all languages.
pub(super) struct Catalogue {
    /// Another number each time the files are read, in development.
    pub edition: u64,
    bundles: [Bundle; Language::ALL.len()],
}

impl Catalogue {
    /// Makes a catalogue of the files that `source` returns for a language.
    pub fn new<T: Into<String>>(edition: u64, source: impl Fn(Language) -> Vec<T>) -> Self {
        Self {
            edition,
            bundles: Language::ALL.map(|language| read(language, source(language))),
        }
    }

    /// Looks up a text. A missing key is shown as itself: a page with it is better than none. The
    /// tests ensure that none is missing.
    pub fn text<'a>(
        &'a self,
        language: Language,
        key: &'static str,
        values: Option<&FluentArgs<'_>>,
    ) -> Cow<'a, str> {
        let bundle = &self.bundles[language as usize];
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
}

fn read<T: Into<String>>(language: Language, sources: Vec<T>) -> Bundle {
    let tag = language.as_str().parse().expect("a language's tag");
    let mut bundle = Bundle::new_concurrent(vec![tag]);
    // Isolation marks around placeholders are for right-to-left text, of which there is none.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(number) => Some(number::count(number.value as i64)),
        _ => None,
    }));
    for source in sources {
        let resource = FluentResource::try_new(source.into());
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
