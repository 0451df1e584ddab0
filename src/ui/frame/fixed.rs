//! Fixed parts of the page, rendered once and reused.

use crate::i18n::{Language, current};
use leptos::tachys::html::InertElement;
use leptos::tachys::view::RenderHtml;
use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

/// The maximum number of variants, more than any part of the frame has.
const MOST: usize = 64;

/// A part of the page that depends only on its key and the language. It is rendered on first use
/// and then kept as text for every page, which saves a good part of each page's time.
pub struct Fixed<K> {
    kept: RwLock<BTreeMap<(Language, K), &'static str>>,
}

impl<K: Ord> Fixed<K> {
    pub const fn new() -> Self {
        Self {
            kept: RwLock::new(BTreeMap::new()),
        }
    }

    pub fn get<V: RenderHtml>(&self, key: K, make: impl FnOnce() -> V) -> InertElement {
        let key = (current(), key);
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(html) = kept.get(&key) {
            return InertElement::new(*html);
        }
        drop(kept);
        let html = make().to_html();
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            return InertElement::new(html);
        }
        // Leaked once for each of a few keys, and needed for as long as the program runs.
        let html: &'static str = Box::leak(html.into_boxed_str());
        kept.insert(key, html);
        InertElement::new(html)
    }
}

impl<K: Ord> Default for Fixed<K> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use leptos::prelude::*;

    #[test]
    fn a_part_is_made_once_for_each_key() {
        static PART: Fixed<bool> = Fixed::new();
        let mut made = 0;
        let mut get = |key: bool| {
            let make = || {
                made += 1;
                view! { <p class=key.to_string()></p> }
            };
            PART.get(key, make).to_html()
        };
        assert_eq!(
            (get(true), get(false)),
            (
                r#"<p class="true"></p>"#.into(),
                r#"<p class="false"></p>"#.into()
            )
        );
        assert_eq!(get(true), r#"<p class="true"></p>"#);
        assert_eq!(made, 2);
    }
}
