//! The language of user-written text.

use crate::i18n::{Language, current};

/// Returns the `lang` of a text in another language than the page's, as far as its letters tell, so
/// that the browser picks the right glyphs and a screen reader the right voice. `None` without letters.
pub fn lang_of(text: &str) -> Option<&'static str> {
    let language = Language::of(text);
    let foreign = language != current() && text.chars().any(char::is_alphabetic);
    let tag = match language {
        Language::Chinese => "zh-Hans",
        Language::English => "en",
    };
    foreign.then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::with;

    #[test]
    fn a_text_in_the_other_language_is_marked() {
        assert_eq!(lang_of("Tea, 龙井茶"), Some("zh-Hans"));
        assert_eq!(lang_of("Café crème"), None);
        assert_eq!(lang_of(""), None);
        with(Language::Chinese, || {
            assert_eq!(lang_of("Tea, 龙井茶"), None);
            assert_eq!(lang_of("Café crème"), Some("en"));
            assert_eq!(lang_of("42 %"), None);
        });
    }
}
