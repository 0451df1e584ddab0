//! The language of what people wrote.

/// The `lang` of a text in another script than the page's, so that the browser picks the right
/// glyphs and a screen reader the right voice: Chinese where it has Han characters.
pub fn lang_of(text: &str) -> Option<&'static str> {
    let han = |c| matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{323AF}');
    text.chars().any(han).then_some("zh-Hans")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn han_characters_are_marked_as_chinese() {
        assert_eq!(lang_of("Tea, 龙井茶"), Some("zh-Hans"));
        assert_eq!(lang_of("Café crème"), None);
        assert_eq!(lang_of(""), None);
    }
}
