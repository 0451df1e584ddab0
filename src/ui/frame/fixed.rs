//! Fixed parts of the page, rendered once and reused.

use crate::i18n::{Language, current, edition};
use leptos::tachys::html::InertElement;
use leptos::tachys::view::RenderHtml;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

/// The maximum number of variants, more than any part of the frame has.
const MOST: usize = 256;

/// Stands for the value in a part that is rendered around one: a character that no text has.
const HOLE: &str = "\u{E000}";

/// A part of the page that depends only on its key, the language, and perhaps one value that it
/// holds as it is. It is rendered on first use and then kept as text for every page, which saves a
/// good part of each page's time.
pub struct Fixed<K> {
    /// By the edition of the texts as well, which changes in development.
    kept: RwLock<BTreeMap<(u64, Language, K), &'static str>>,
}

impl<K: Ord> Fixed<K> {
    pub const fn new() -> Self {
        Self {
            kept: RwLock::new(BTreeMap::new()),
        }
    }

    pub fn get<V: RenderHtml>(&self, key: K, make: impl FnOnce() -> V) -> InertElement {
        InertElement::new(self.html(key, make))
    }

    /// The same around `value`, which is different on every page: an attribute, wherever `make`
    /// puts what it is given.
    pub fn around<V: RenderHtml>(
        &self,
        key: K,
        value: &str,
        make: impl FnOnce(&'static str) -> V,
    ) -> InertElement {
        let value = html_escape::encode_double_quoted_attribute(value);
        let html = self.html(key, || make(HOLE));
        InertElement::new(html.replace(HOLE, &value))
    }

    /// Returns the kept text, or a new one if there is no room to keep it.
    fn html<V: RenderHtml>(&self, key: K, make: impl FnOnce() -> V) -> Cow<'static, str> {
        let key = (edition(), current(), key);
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(html) = kept.get(&key) {
            return Cow::Borrowed(html);
        }
        drop(kept);
        let html = make().to_html();
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            return Cow::Owned(html);
        }
        // Leaked once for each of a few keys, and needed for as long as the program runs.
        let html: &'static str = Box::leak(html.into_boxed_str());
        kept.insert(key, html);
        Cow::Borrowed(html)
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

    #[test]
    fn a_value_stands_in_a_part_that_is_made_once() {
        static PART: Fixed<()> = Fixed::new();
        let mut made = 0;
        for value in [
            "/products?q=tea",
            "/\" onclick=\"steal()",
            "/茶&<b>",
            "",
            HOLE,
        ] {
            let make = |next| {
                made += 1;
                view! { <form><input name="next" value=next /><a href=next></a></form> }
            };
            let with = view! { <form><input name="next" value=value /><a href=value></a></form> };
            assert_eq!(PART.around((), value, make).to_html(), with.to_html());
        }
        assert_eq!(made, 1);
    }

    #[test]
    fn what_finds_no_room_is_made_each_time() {
        static PART: Fixed<usize> = Fixed::new();
        for key in (0..MOST + 2).chain(0..2) {
            let html = PART.around(
                key,
                "a",
                |value| view! { <p class=value id=key.to_string()></p> },
            );
            assert_eq!(html.to_html(), format!(r#"<p id="{key}" class="a"></p>"#));
        }
    }
}
