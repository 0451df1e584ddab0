//! Full-text search: one way to split text into words, for every slice, both engines, and both
//! sides of a search.
//!
//! Neither engine knows where Chinese or Thai words end, nor that `Café` is searched for as `cafe`
//! and a mug as `mugs`. So both are given ready-made words. When the words made of a text change,
//! raise `FORM` in `server::reindex`: the existing index is then rebuilt.
//!
//! # Compared and found
//!
//! Texts are stored as they were typed, in NFC, and compared without case, width and accents
//! (`text::fold`: NFKC, case folding, accents taken off; the marks of scripts in which they are letters
//! stay). Neither engine does that, so the program does it for both, on both sides of a search:
//!
//! - `search.rs` cuts texts into folded words for FTS5 and for `tsvector`. English plurals are found by
//!   their singular and the other way round (`plurals.rs`, a rule for nouns: a stemmer conflates too much
//!   for names of products). Scripts without spaces (Chinese, Japanese, Korean, Thai, Lao, Burmese, Khmer)
//!   are cut into pairs of letters, which needs no dictionary.
//! - A product is found by its name, its slug, its category and the words for its picture, and its
//!   description, in this order of weight: a name outranks any description. Of the category only the id
//!   stands among the words; a query's word that fits a category's present name looks for that as well, so
//!   renaming one changes no product.
//! - People and accounts have a `search_key` (`server/db/matching.rs`), labels a `key`.
//! - E-mail addresses have one form (`accounts/email.rs`): lower case, the domain as A-labels, nothing that
//!   a mailer could not write to. What was stored in other spellings before still signs in by them, and
//!   `email_key` sees to it that nobody else registers the same address in another.
//!
//! When the words made of texts change, they are rebuilt: `server/db/reindex.rs` stores the number of their
//! form in the database, and whoever brings the database up to date (`serve`, `migrate up`, any command)
//! reprocesses all rows in batches if it differs, before anything is served: some thousands of rows a second.
//! Until then SQLite finds nothing, and PostgreSQL what it found before. If servers of before and after an
//! update wrote side by side, run `guildhall reindex` afterwards.

use crate::plurals::root;
use crate::text::fold;
use unicode_normalization::char::is_combining_mark;

/// A search term. All of a query's terms have to match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Letters, digits and their marks only, folded: it needs no quoting in any search syntax.
    pub word: String,
    /// True if longer words that begin with it match too.
    pub prefix: bool,
    /// Alternative whole words.
    pub or: Vec<String>,
}

impl Term {
    /// Returns true if a word of a text, as [`words`] returns it, matches.
    pub fn fits(&self, word: &str) -> bool {
        let whole = self.word == word || self.or.iter().any(|other| other == word);
        whole || (self.prefix && word.starts_with(&self.word))
    }
}

/// The maximum length of a word, in characters: longer ones are cut, in texts and in queries alike.
const LONGEST_WORD: usize = 40;

/// The maximum number of terms: more only make a search slow.
const MOST_TERMS: usize = 16;

/// Returns the words a text is found by, in their order.
///
/// Letters and digits make words, folded, and English plurals the singular besides. Chinese, Japanese,
/// Korean, Thai and its neighbours are written without spaces, so there every two neighbours are a
/// word, and the last one alone is another: 键盘 is found by 键盘, and by 键 and 盘, which are what
/// words begin with. (A dictionary would cut better, and weigh 2 MB; two letters find all the same.)
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for run in runs(text) {
        match run {
            Run::Spaced(word) => {
                let root = root(&word);
                let other = (*root != *word).then(|| root.into_owned());
                words.push(word);
                words.extend(other);
            }
            Run::Joined(letters) => {
                words.extend(letters.windows(2).map(|pair| pair.iter().collect()));
                words.extend(letters.last().map(char::to_string));
            }
        }
    }
    words
}

/// Returns the terms of a query: the same words, but without the lone last character, and with the
/// one still being typed as a prefix.
pub fn terms(query: &str) -> Vec<Term> {
    let runs = runs(query);
    let last = runs.len().saturating_sub(1);
    let mut terms = Vec::new();
    for (index, run) in runs.into_iter().enumerate() {
        match run {
            Run::Spaced(word) if index == last => {
                let root = root(&word);
                let or = (*root != *word).then(|| root.into_owned());
                terms.push(Term {
                    or: or.into_iter().collect(),
                    prefix: true,
                    word,
                });
            }
            Run::Spaced(word) => terms.push(whole(root(&word).into_owned())),
            Run::Joined(letters) if letters.len() == 1 => terms.push(Term {
                prefix: true,
                ..whole(letters.iter().collect())
            }),
            Run::Joined(letters) => {
                terms.extend(letters.windows(2).map(|pair| whole(pair.iter().collect())));
            }
        }
    }
    terms.truncate(MOST_TERMS);
    terms
}

fn whole(word: String) -> Term {
    Term {
        word,
        prefix: false,
        or: Vec::new(),
    }
}

/// Letters that belong together, by how their script separates words.
enum Run {
    Spaced(String),
    Joined(Vec<char>),
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut open = false;
    for letter in fold(text).chars() {
        if is_joiner(letter) {
            continue;
        }
        // A mark belongs to the letter before it, and to none where there is none.
        if !(letter.is_alphanumeric() || (open && is_combining_mark(letter))) {
            open = false;
            continue;
        }
        let joined = match runs.last() {
            Some(run) if open && is_combining_mark(letter) => matches!(run, Run::Joined(_)),
            _ => is_unspaced(letter),
        };
        match (runs.last_mut(), joined) {
            (Some(Run::Joined(run)), true) if open => run.push(letter),
            (Some(Run::Spaced(word)), false) if open => {
                if word.chars().count() < LONGEST_WORD {
                    word.push(letter);
                }
            }
            (_, true) => runs.push(Run::Joined(vec![letter])),
            (_, false) => runs.push(Run::Spaced(letter.to_string())),
        }
        open = true;
    }
    runs
}

/// Returns true if the character shapes those beside it, is not a letter, and does not end a word.
const fn is_joiner(letter: char) -> bool {
    matches!(
        letter,
        '\u{AD}' | '\u{200C}' | '\u{200D}' | '\u{2060}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
    )
}

/// Returns true if the letter's script puts no spaces between words: Thai, Lao, Burmese, Khmer, and
/// Han, kana, Hangul.
const fn is_unspaced(letter: char) -> bool {
    matches!(letter,
        '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{1A20}'..='\u{1AAF}'
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{312F}' | '\u{31A0}'..='\u{31BF}'
        | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{AA60}'..='\u{AA7F}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{323AF}')
}

/// Returns a text's words for SQLite's FTS5 to index.
pub fn fts5_text(text: &str) -> String {
    words(text).join(" ")
}

/// Returns a query for FTS5 that requires every term.
pub fn fts5_query(terms: &[Term]) -> String {
    let quoted = |word: &str| format!("\"{word}\"");
    joined(terms, " AND ", " OR ", quoted, " *")
}

/// Returns a text's words for PostgreSQL, to be cast to `tsvector`.
pub fn tsvector(text: &str) -> String {
    let mut words = words(text);
    words.sort();
    words.dedup();
    words
        .into_iter()
        .map(|word| format!("'{word}'"))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Returns a query for PostgreSQL that requires every term, to be cast to `tsquery`.
pub fn tsquery(terms: &[Term]) -> String {
    let quoted = |word: &str| format!("'{word}'");
    joined(terms, " & ", " | ", quoted, ":*")
}

fn joined(
    terms: &[Term],
    and: &str,
    or: &str,
    quoted: impl Fn(&str) -> String,
    star: &str,
) -> String {
    let one = |term: &Term| {
        let word = quoted(&term.word) + if term.prefix { star } else { "" };
        if term.or.is_empty() {
            return word;
        }
        let others = term.or.iter().map(|other| quoted(other));
        let all: Vec<_> = std::iter::once(word).chain(others).collect();
        format!("({})", all.join(or))
    };
    terms.iter().map(one).collect::<Vec<_>>().join(and)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    fn asked(query: &str) -> Vec<String> {
        let star = |term: Term| {
            let or: String = term.or.iter().map(|other| format!("|{other}")).collect();
            format!("{}{}{or}", term.word, if term.prefix { "*" } else { "" })
        };
        terms(query).into_iter().map(star).collect()
    }

    #[test]
    fn texts_are_cut_into_words_and_pairs() {
        assert_eq!(words("USB-C, 40 h"), ["usb", "c", "40", "h"]);
        assert_eq!(words("机械键盘"), ["机械", "械键", "键盘", "盘"]);
        assert_eq!(words("RK61键盘 pro"), ["rk61", "键盘", "盘", "pro"]);
        assert_eq!(words("茶"), ["茶"]);
        assert!(words(" %_\"'*:()-^ ").is_empty());
    }

    #[test]
    fn words_are_folded_and_marks_stay_with_their_letters() {
        assert_eq!(
            words("Café ＵＳＢ Straße"),
            ["cafe", "usb", "strasse", "strass"]
        );
        assert_eq!(words("हिन्दी"), ["हिन्दी"]);
        assert_eq!(words("co\u{AD}op می\u{200C}خواهم"), ["coop", "میخواهم"]);
        assert_eq!(
            words("ที่นอน").len(),
            6,
            "pairs of letters and marks, and the last"
        );
        assert_eq!(words("\u{E48}x"), ["x"], "a mark alone is nothing");
    }

    #[test]
    fn a_text_is_found_however_it_is_typed() {
        for (text, query) in [
            ("Café Crème", "cafe"),
            ("cafe\u{301}", "CAFÉ"),
            ("USB-C cable", "ＵＳＢ"),
            ("ＵＳＢ", "usb"),
            ("Straße", "strasse"),
            ("STRASSE", "straße"),
            ("İstanbul", "istanbul"),
            ("ıspanak", "ISPANAK"),
            ("กาแฟร้อน", "ร้อน"),
            ("กาแฟร้อน", "กาแฟ"),
            ("ຫນັງສື", "ສື"),
            ("ကော်ဖီ", "ဖီ"),
            ("កាហ្វេ", "ហ្វេ"),
            ("コーヒー", "ｺｰﾋｰ"),
            ("한국어", "한국어"),
            ("ῷ\u{1D165}", "ΩΙ\u{1D165}"),
            ("Mugs", "mug"),
            ("mug", "Mugs"),
            ("batteries", "battery pack batterie"),
            ("pack of a battery", "batteries pack"),
        ] {
            let text = format!("{text} pack");
            let own = words(&text);
            for term in terms(query) {
                assert!(
                    own.iter().any(|word| term.fits(word)),
                    "{term:?} in {own:?}"
                );
            }
        }
    }

    #[test]
    fn the_word_being_typed_is_a_beginning() {
        assert_eq!(asked("Mechanical key"), ["mechanical", "key*"]);
        assert_eq!(asked("键盘"), ["键盘"]);
        assert_eq!(asked("机械键"), ["机械", "械键"]);
        assert_eq!(asked("键 usb"), ["键*", "usb*"]);
        assert_eq!(asked("lamps mugs"), ["lamp", "mugs*|mug"]);
        assert_eq!(
            asked("100% \"wool\" OR NOT a*"),
            ["100", "wool", "or", "not", "a*"]
        );
    }

    #[test]
    fn a_query_holds_nothing_but_words() {
        let query = terms("a\" OR it's | 键盘 b*");
        assert_eq!(
            fts5_query(&query),
            "\"a\" AND \"or\" AND \"it\" AND \"s\" AND \"键盘\" AND \"b\" *"
        );
        assert_eq!(tsquery(&query), "'a' & 'or' & 'it' & 's' & '键盘' & 'b':*");
        assert_eq!(tsvector("b a, b"), "'a' 'b'");
        let plural = terms("lamps mugs");
        assert_eq!(fts5_query(&plural), "\"lamp\" AND (\"mugs\" * OR \"mug\")");
        assert_eq!(tsquery(&plural), "'lamp' & ('mugs':* | 'mug')");
    }

    proptest! {
        #[test]
        fn every_word_is_letters_and_digits(text in ".*") {
            for word in words(&text).into_iter().chain(terms(&text).into_iter().map(|term| term.word)) {
                let fits = |c: char| c.is_alphanumeric() || is_combining_mark(c);
                prop_assert!(!word.is_empty() && word.chars().all(fits), "{}", word);
            }
        }

        #[test]
        fn a_text_is_found_by_any_of_its_words_however_typed(texts in prop::collection::vec("[a-zéßİğøÅ]{1,12}s?|[键盘灯]{1,4}|[ก-ฮิ่้]{1,5}|\\w{1,6}", 1..6), which in 0_usize..6, how in 0_usize..5) {
            let own = words(&texts.join(" "));
            let word = &texts[which.min(texts.len() - 1)];
            let typed = match how {
                0 => word.clone(),
                1 => word.to_uppercase(),
                2 => word.to_lowercase(),
                3 => word.nfd().collect(),
                _ => word.nfkc().collect(),
            };
            for term in terms(&typed) {
                prop_assert!(own.iter().any(|word| term.fits(word)), "{term:?} of {typed:?} in {own:?}");
            }
        }

        #[test]
        fn a_text_is_found_by_any_of_its_parts(text in "[a-z键盘灯 ]{1,30}", from in 0_usize..30, length in 1_usize..6) {
            let own = words(&text);
            let letters: Vec<char> = text.chars().collect();
            let (from, to) = (from.min(letters.len()), (from + length).min(letters.len()));
            // A part that begins within a Latin word is no beginning of one.
            let latin = |at: usize| letters.get(at).is_some_and(char::is_ascii_lowercase);
            let begins = from == 0 || !(latin(from - 1) && latin(from));
            let part: String = letters[from..to].iter().collect();
            if begins {
                for term in terms(&part) {
                    prop_assert!(own.iter().any(|word| term.fits(word)), "{term:?} in {own:?}");
                }
            }
        }
    }
}
