//! Finds rows by part of a text, ignoring the case, width and accents of its letters.
//!
//! SQLite's `LOWER` and `LIKE` fold ASCII only, and neither engine matches é by e. So a row has a
//! key beside its texts: each of them folded, on a line of its own.

use crate::text::fold;

/// The maximum length of a search text, in characters; longer ones are cut, as no real search is as long.
const LONGEST: usize = 200;

/// The part of one of a row's texts that the search text must match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    Anywhere,
    Beginning,
    Whole,
}

/// Builds the key of a row with these texts.
pub fn key<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut key = "\n".to_owned();
    for text in texts {
        key.push_str(&fold(text));
        key.push('\n');
    }
    key
}

/// Returns the condition that the column, a [`key`], matches the pattern bound at `place`.
pub fn fits(column: &str, place: &str) -> String {
    format!("{column} LIKE {place} ESCAPE '\\'")
}

/// Returns the pattern for [`fits`] that matches keys containing this text.
pub fn pattern(whereabouts: Whereabouts, text: &str) -> String {
    let text = text.chars().take(LONGEST).collect::<String>();
    // A trailing space counts in a prefix; around a substring it does not.
    let text = match whereabouts {
        Whereabouts::Anywhere => text.trim(),
        Whereabouts::Beginning | Whereabouts::Whole => &text,
    };
    let text = fold(text)
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    match whereabouts {
        Whereabouts::Anywhere => format!("%{text}%"),
        Whereabouts::Beginning => format!("%\n{text}%"),
        Whereabouts::Whole => format!("%\n{text}\n%"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Whereabouts, key, pattern};
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    /// Implements the subset of `LIKE` used here: `%` at both ends, and escapes.
    fn is_found(key: &str, pattern: &str) -> bool {
        let inner = pattern
            .strip_prefix('%')
            .and_then(|rest| rest.strip_suffix('%'));
        let mut plain = String::new();
        let mut letters = inner.expect("begins and ends open").chars();
        while let Some(letter) = letters.next() {
            let escaped = (letter == '\\').then(|| letters.next()).flatten();
            plain.push(escaped.unwrap_or(letter));
        }
        key.contains(&plain)
    }

    #[test]
    fn a_pattern_means_its_letters_and_nothing_else() {
        assert_eq!(key(["Éa", "ＵＳＢ"]), "\nea\nusb\n");
        assert_eq!(
            pattern(Whereabouts::Anywhere, " Éa%_\\ 键 "),
            "%ea\\%\\_\\\\ 键%"
        );
        assert_eq!(pattern(Whereabouts::Beginning, "Ada "), "%\nada %");
        assert_eq!(pattern(Whereabouts::Whole, "Ada"), "%\nada\n%");
    }

    proptest! {
        #[test]
        fn a_text_is_found_by_any_part_however_typed(text in "[a-zA-ZéßøİÅ %_\\\\键ก]{1,20}", from in 0_usize..20, length in 1_usize..8) {
            let letters: Vec<char> = text.chars().collect();
            let part: String = letters.iter().skip(from).take(length).collect();
            let key = key(["before", &text]);
            for typed in [part.clone(), part.to_uppercase(), part.to_lowercase(), part.nfd().collect()] {
                prop_assert!(is_found(&key, &pattern(Whereabouts::Anywhere, &typed)), "{typed:?} in {key:?}");
            }
            for whereabouts in [Whereabouts::Beginning, Whereabouts::Whole] {
                prop_assert!(is_found(&key, &pattern(whereabouts, &text)), "{text:?} in {key:?}");
            }
        }
    }
}
