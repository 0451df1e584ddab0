//! Text that people type: single lines, prose of many lines, and the forms that texts are compared by.
//!
//! Every text of every slice comes in through here, so that what is stored is in one form (NFC), is
//! visible, and does not change the direction of the text around it. What was typed on another
//! keyboard, or by another system, is then the same text.

use crate::i18n::t;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

/// One line of text: white space collapsed, nothing invisible but joiners between letters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line(String);

impl Line {
    /// Reads a line of 1 to `most` characters. `missing` is the error if nothing in it is visible.
    pub fn read(text: &str, most: usize, missing: &str) -> Result<Self, String> {
        let line = Self::optional(text, most)?;
        if line.0.is_empty() {
            Err(missing.to_owned())
        } else {
            Ok(line)
        }
    }

    /// Like [`Line::read`], for a line that may be left out.
    pub fn optional(text: &str, most: usize) -> Result<Self, String> {
        let seen = text.chars().filter(|c| !is_nothing(*c)).nfc();
        let line: String = seen.collect();
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        check(&line, most, |c| {
            is_override(c) || is_embedding_or_isolate(c)
        })?;
        Ok(Self(if is_seen(&line) { line } else { String::new() }))
    }

    /// Cuts a text down to a line: for another system's text, which nobody can be asked to write
    /// otherwise.
    pub fn cut(text: &str, most: usize) -> Self {
        let shown = |c: char| {
            let hidden = is_control(c) || is_override(c) || is_embedding_or_isolate(c);
            if hidden { ' ' } else { c }
        };
        let shown: String = text.nfc().map(shown).take(most).collect();
        Self::optional(&shown, most).unwrap_or_default()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Line> for String {
    fn from(Line(text): Line) -> Self {
        text
    }
}

/// Text of several lines, Markdown or plain, that may be empty: line ends are `\n`, none before
/// the first line of text, and nothing after the last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prose(String);

impl Prose {
    /// Reads a text of at most `most` characters.
    pub fn read(text: &str, most: usize) -> Result<Self, String> {
        // Browsers send CR LF.
        let lines = text.replace("\r\n", "\n").replace(['\r', '\u{2028}'], "\n");
        let lines: String = lines.replace(['\u{2029}', '\u{85}'], "\n").nfc().collect();
        let prose = lines.trim_end().trim_start_matches('\n');
        // An embedded or isolated direction ends with its paragraph; overrides reverse letters.
        let kept = prose.replace(['\n', '\t'], " ");
        check(&kept, most, is_override)?;
        Ok(Self(if is_seen(prose) {
            prose.to_owned()
        } else {
            String::new()
        }))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Prose> for String {
    fn from(Prose(text): Prose) -> Self {
        text
    }
}

/// Defines a type for one kind of line: 1 to `$most` characters.
macro_rules! line_type {
    ($(#[$doc:meta])* $name:ident, $most:literal, $missing:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name($crate::text::Line);

        impl $name {
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                $crate::text::Line::read(text, $most, $missing).map(Self)
            }
        }
    };
}
pub(crate) use line_type;

/// Refuses text that is too long, has control or non-characters, or changes its direction.
fn check(text: &str, most: usize, turns: impl Fn(char) -> bool) -> Result<(), String> {
    if text.chars().count() > most {
        Err(t!("ui-text-too-long", most = grouped(most)))
    } else if text.chars().any(is_control) {
        Err(t!("ui-text-control").to_owned())
    } else if let Some(turning) = text.chars().find(|c| turns(*c)) {
        Err(t!(
            "ui-text-turning",
            character = format!("U+{:04X}", u32::from(turning))
        ))
    } else {
        Ok(())
    }
}

/// Formats a number with its thousands separator: `10,000`.
fn grouped(number: usize) -> String {
    match number {
        0..1_000 => number.to_string(),
        _ => format!("{},{:03}", number / 1_000, number % 1_000),
    }
}

/// Returns true if anything of the text is visible.
pub fn is_seen(text: &str) -> bool {
    let seen = |c: char| !c.is_whitespace() && !is_unseen(c) && !is_combining_mark(c);
    text.chars().any(seen)
}

/// Returns true for characters without shape or effect in a line that come along with copied text:
/// zero-width spaces, soft hyphens, byte order marks.
const fn is_nothing(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{180E}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}'
    )
}

/// Returns true for characters that fonts draw nothing for (Unicode's
/// `Default_Ignorable_Code_Point`), and for the blank of Braille.
const fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Returns true for controls, the marks of annotations and of old formatting, and non-characters.
fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{206A}'..='\u{206F}' | '\u{FDD0}'..='\u{FDEF}' | '\u{FFF9}'..='\u{FFFB}')
        || c as u32 & 0xFFFE == 0xFFFE
}

const fn is_override(c: char) -> bool {
    matches!(c, '\u{202D}' | '\u{202E}')
}

const fn is_embedding_or_isolate(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202C}' | '\u{2066}'..='\u{2069}')
}

/// Folds a text for comparison: letters without case, width and accent. `Café`, `CAFE` and `ｃａｆé`
/// are one; so are `Straße` and `STRASSE`, and the four letters i of Turkish.
///
/// The marks of a script that are letters of their own (kana's voicing, the vowels of Thai) stay.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let bare = text.nfkd().filter(|c| !is_accent(*c)).flat_map(plain);
    // Capitals of one letter can be two, with an accent again.
    let bare = bare.nfkd().filter(|c| !is_accent(*c)).collect();
    iotas_after_marks(bare).into_iter().nfkc().collect()
}

/// Moves each iota after the marks that follow it.
///
/// The iota below a letter comes last of its marks, the one beside it in capitals before them:
/// otherwise `ῷ` and `ΩΙ` with one more mark would be two words.
fn iotas_after_marks(mut letters: Vec<char>) -> Vec<char> {
    for at in 1..letters.len() {
        if canonical_combining_class(letters[at]) > 0 && letters[at - 1] == 'ι' {
            letters.swap(at - 1, at);
        }
    }
    letters
}

/// Returns the text in narrow letters and digits, for what is read as a number or a code: keyboards of Chinese and
/// Japanese type wide ones.
pub fn narrow(text: &str) -> String {
    text.trim().nfkc().collect()
}

/// Folds labels and the like for comparison: case and width do not count, accents do.
pub fn caseless(text: &str) -> String {
    let lower = text.nfkc().flat_map(char::to_lowercase);
    lower.nfkc().collect()
}

/// Lower-cases a letter by way of its capital, so that ς is σ; letters with a stroke that Unicode
/// does not decompose lose it.
fn plain(letter: char) -> impl Iterator<Item = char> {
    let plain = match letter {
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ø' | 'Ø' => "o",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'ħ' | 'Ħ' => "h",
        'ł' | 'Ł' => "l",
        'ŧ' | 'Ŧ' => "t",
        'þ' | 'Þ' => "th",
        _ => "",
    };
    let other = plain.is_empty().then_some(letter).into_iter();
    let lower = other
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase);
    plain.chars().chain(lower)
}

/// Returns true for marks without which a reader takes a letter for the same: accents of Latin,
/// Greek and Cyrillic, the points of Hebrew, the vowel signs and the lengthening stroke of Arabic.
/// Not the iota below a Greek letter, which in capitals stands beside it.
const fn is_accent(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{344}' | '\u{346}'..='\u{36F}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5BD}' | '\u{5BF}'
        | '\u{5C1}'..='\u{5C2}' | '\u{5C4}'..='\u{5C5}' | '\u{5C7}' | '\u{610}'..='\u{61A}' | '\u{640}'
        | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{6D6}'..='\u{6DC}' | '\u{6DF}'..='\u{6E4}'
        | '\u{6E7}'..='\u{6E8}' | '\u{6EA}'..='\u{6ED}' | '\u{1AB0}'..='\u{1AFF}'
        | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(text: &str) -> Result<String, String> {
        Line::read(text, 10, "Write it.").map(String::from)
    }

    #[test]
    fn a_line_is_what_can_be_read_of_it() {
        for (text, read) in [
            ("  Mei \n Lin\t", "Mei Lin"),
            ("Cafe\u{301}", "Café"),
            ("Mei\u{200B}Lin\u{FEFF}", "MeiLin"),
            ("می\u{200C}خواهم", "می\u{200C}خواهم"),
            ("👩\u{200D}🔧", "👩\u{200D}🔧"),
            ("修修修修修修修修修修", "修修修修修修修修修修"),
            // Ten letters in twenty characters, as some systems store names.
            (&"e\u{301}".repeat(10), "éééééééééé"),
        ] {
            assert_eq!(line(text).as_deref(), Ok(read), "{text:?}");
        }
    }

    #[test]
    fn a_line_of_nothing_is_missing() {
        for text in [
            "",
            " \t\n",
            "\u{200B}",
            "\u{200D}\u{200D}",
            "\u{2800}",
            "\u{3164}",
            "\u{301}",
            "\u{FE0F}",
            "\u{E0020}",
            "\u{A0}\u{3000}",
            "\u{200E}",
        ] {
            assert_eq!(line(text), Err("Write it.".to_owned()), "{text:?}");
            assert_eq!(Line::optional(text, 10), Ok(Line::default()), "{text:?}");
        }
    }

    #[test]
    fn what_hides_or_turns_is_refused() {
        for text in [
            "a\u{202E}b",
            "\u{202D}a",
            "a\u{2066}b\u{2069}",
            "\u{202B}a\u{202C}",
            "a\0b",
            "a\u{7}",
            "a\u{9F}b",
            "a\u{FFF9}b",
            "a\u{FFFE}",
            "12345678901",
        ] {
            assert!(line(text).is_err(), "{text:?}");
        }
        let fault = line("a\u{202E}b").expect_err("turns");
        assert!(fault.contains("U+202E"), "{fault}");
    }

    #[test]
    fn prose_keeps_its_lines() {
        let prose = |text| Prose::read(text, 20).map(String::from);
        assert_eq!(prose("- a\r\n- b\r\n"), Ok("- a\n- b".to_owned()));
        assert_eq!(prose("\r\n    code\rmore"), Ok("    code\nmore".to_owned()));
        assert_eq!(prose("e\u{301}\tx"), Ok("é\tx".to_owned()));
        assert_eq!(prose("\u{200B}\n"), Ok(String::new()));
        assert_eq!(
            prose("\u{2067}שלום\u{2069}"),
            Ok("\u{2067}שלום\u{2069}".to_owned())
        );
        for wrong in ["a\0", "a\u{202E}b", &"x".repeat(21)] {
            assert!(prose(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn texts_are_compared_without_case_width_and_accent() {
        for alike in [
            ["Café", "CAFE", "cafe\u{301}", "ｃａｆé"].as_slice(),
            &["USB", "ＵＳＢ", "usb"],
            &["Straße", "STRASSE", "strasse", "STRAẞE"],
            &["İstanbul", "istanbul", "ISTANBUL", "ıstanbul"],
            &["Ὀδυσσεύς", "οδυσσευσ", "ΟΔΥΣΣΕΥΣ"],
            &["Ærøskøbing", "aeroskobing"],
            &["ｶﾞｲﾄﾞ", "ガイド"],
            &["أحمد", "احمد"],
        ] {
            for text in alike {
                assert_eq!(fold(text), fold(alike[0]), "{text}");
            }
        }
        assert_ne!(fold("が"), fold("か"));
        assert_ne!(fold("กิน"), fold("กัน"));
        assert_eq!(caseless("Ｃafe\u{301}"), "café");
        assert_ne!(caseless("Café"), caseless("Cafe"));
    }

    proptest! {
        #[test]
        fn a_line_read_again_is_the_same(text in ".{0,12}|[a\u{301}\u{200B}\u{202E}\u{3164} \u{AD}é\n]{0,12}") {
            if let Ok(line) = Line::optional(&text, 20) {
                prop_assert_eq!(Line::optional(line.as_str(), 20), Ok(line.clone()));
                prop_assert!(line.as_str().is_empty() || is_seen(line.as_str()));
                prop_assert!(line.as_str().chars().all(|c| !is_control(c) && !is_override(c)));
            }
        }

        #[test]
        fn prose_read_again_is_the_same(text in "(.|\n|\r|\u{2028}){0,12}|[a\u{301}\u{85}\r\n\t ]{0,12}") {
            if let Ok(prose) = Prose::read(&text, 20) {
                prop_assert_eq!(Prose::read(prose.as_str(), 20), Ok(prose.clone()));
            }
        }

        #[test]
        fn a_form_is_stored_once_however_it_was_typed(text in "\\PC{0,12}") {
            let decomposed: String = text.nfd().collect();
            prop_assert_eq!(Line::optional(&text, 40), Line::optional(&decomposed, 40));
            prop_assert_eq!(fold(&text), fold(&decomposed));
        }

        #[test]
        fn folding_is_done_once(text in ".{0,20}") {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded.clone());
            prop_assert_eq!(fold(&text.to_uppercase()), folded.clone());
            prop_assert_eq!(caseless(&caseless(&text)), caseless(&text));
        }
    }
}
