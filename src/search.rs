//! Full-text search: one way to cut text into words, for every slice, both engines, and both sides
//! of a search.
//!
//! Neither engine knows where Chinese words end, so both are given words ready-made.

/// One thing a search asks for. All of a query's terms have to be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Letters and digits only, in lower case: it needs no quoting in any search syntax.
    pub word: String,
    /// Whether longer words that begin like this count too.
    pub prefix: bool,
}

/// Words longer than this are cut, in texts and in queries alike.
const LONGEST_WORD: usize = 40;

/// More terms than this only make a search slow.
const MOST_TERMS: usize = 16;

/// The words a text is found by, in their order.
///
/// Letters and digits make words, in lower case. Chinese, Japanese and Korean are written without
/// spaces, so there every two neighbours are a word, and the last one alone is another: 键盘 is
/// found by 键盘, and by 键 and 盘, which are what words begin with.
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for run in runs(text) {
        match run {
            Run::Spaced(word) => words.push(word),
            Run::Joined(letters) => {
                words.extend(letters.windows(2).map(|pair| pair.iter().collect()));
                words.extend(letters.last().map(char::to_string));
            }
        }
    }
    words
}

/// What a query asks for: the same words, but for the lone last character, and the one still being
/// typed is a beginning.
pub fn terms(query: &str) -> Vec<Term> {
    let runs = runs(query);
    let last = runs.len().saturating_sub(1);
    let mut terms = Vec::new();
    for (index, run) in runs.into_iter().enumerate() {
        match run {
            Run::Spaced(word) => {
                let prefix = index == last;
                terms.push(Term { word, prefix });
            }
            Run::Joined(letters) if letters.len() == 1 => terms.push(Term {
                word: letters.iter().collect(),
                prefix: true,
            }),
            Run::Joined(letters) => terms.extend(letters.windows(2).map(|pair| Term {
                word: pair.iter().collect(),
                prefix: false,
            })),
        }
    }
    terms.truncate(MOST_TERMS);
    terms
}

/// Letters that belong together, by how their script puts words.
enum Run {
    Spaced(String),
    Joined(Vec<char>),
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let letters = text.chars().flat_map(char::to_lowercase);
    let mut open = false;
    for letter in letters {
        if !letter.is_alphanumeric() {
            open = false;
            continue;
        }
        match (runs.last_mut(), is_unspaced(letter)) {
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

/// Whether the letter's script puts no spaces between words: Han, kana, Hangul.
fn is_unspaced(letter: char) -> bool {
    matches!(letter,
        '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

/// A text for SQLite's FTS5 to index.
pub fn fts5_text(text: &str) -> String {
    words(text).join(" ")
}

/// A query for FTS5 that wants every term.
pub fn fts5_query(terms: &[Term]) -> String {
    let star = |term: &Term| format!("\"{}\"{}", term.word, if term.prefix { " *" } else { "" });
    terms.iter().map(star).collect::<Vec<_>>().join(" AND ")
}

/// A text for PostgreSQL, to be cast to `tsvector`.
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

/// A query for PostgreSQL that wants every term, to be cast to `tsquery`.
pub fn tsquery(terms: &[Term]) -> String {
    let star = |term: &Term| format!("'{}'{}", term.word, if term.prefix { ":*" } else { "" });
    terms.iter().map(star).collect::<Vec<_>>().join(" & ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn asked(query: &str) -> Vec<String> {
        let star = |term: Term| format!("{}{}", term.word, if term.prefix { "*" } else { "" });
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
    fn the_word_being_typed_is_a_beginning() {
        assert_eq!(asked("Mechanical key"), ["mechanical", "key*"]);
        assert_eq!(asked("键盘"), ["键盘"]);
        assert_eq!(asked("机械键"), ["机械", "械键"]);
        assert_eq!(asked("键 usb"), ["键*", "usb*"]);
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
    }

    proptest! {
        #[test]
        fn every_word_is_letters_and_digits(text in ".*") {
            for word in words(&text).into_iter().chain(terms(&text).into_iter().map(|term| term.word)) {
                prop_assert!(!word.is_empty() && word.chars().all(char::is_alphanumeric), "{}", word);
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
                    let found = own.iter().any(|word| *word == term.word || (term.prefix && word.starts_with(&term.word)));
                    prop_assert!(found, "{term:?} in {own:?}");
                }
            }
        }
    }
}
