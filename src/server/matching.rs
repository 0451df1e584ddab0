//! Finding rows by a part of a text, whatever the case of its letters.
//!
//! SQLite's `LOWER` and `LIKE` know the cases of ASCII only. There a pattern for `GLOB` names both cases
//! of every letter; PostgreSQL lowers any letter by itself.

use super::Conn;

/// Longer texts are cut: nothing that is looked for like this is as long.
const LONGEST: usize = 200;

/// Where in a column a text has to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    Anywhere,
    Beginning,
    Whole,
}

impl Conn {
    /// The condition that the column fits the pattern that is bound at `place`.
    pub fn fits(&self, column: &str, place: &str) -> String {
        self.pick(
            format!("{column} GLOB {place}"),
            format!("LOWER({column}) LIKE {place} ESCAPE '\\'"),
        )
    }

    /// The pattern for [`Conn::fits`] of columns that have this text.
    pub fn pattern(&self, whereabouts: Whereabouts, text: &str) -> String {
        let text = text.chars().take(LONGEST).collect::<String>();
        let (text, any) = self.pick((glob(&text), "*"), (like(&text), "%"));
        match whereabouts {
            Whereabouts::Anywhere => format!("{any}{text}{any}"),
            Whereabouts::Beginning => format!("{text}{any}"),
            Whereabouts::Whole => text,
        }
    }
}

/// A pattern for `GLOB` of the text's own letters, in either case.
fn glob(text: &str) -> String {
    let either = |letter: char| {
        let (lower, upper) = (letter.to_lowercase(), letter.to_uppercase());
        match letter {
            '*' | '?' | '[' => format!("[{letter}]"),
            // The capital of ß is two letters, which no set can name.
            _ if (lower.len(), upper.len()) == (1, 1) && lower.clone().ne(upper.clone()) => {
                format!("[{lower}{upper}]")
            }
            _ => letter.to_string(),
        }
    };
    text.chars().map(either).collect()
}

/// A pattern for `LIKE … ESCAPE '\'` of the text's own letters, in lower case.
fn like(text: &str) -> String {
    text.to_lowercase()
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_")
}

#[cfg(test)]
mod tests {
    use super::{glob, like};

    #[test]
    fn a_pattern_means_its_letters_and_nothing_else() {
        assert_eq!(glob("Éa*[?]1 ß键"), "[éÉ][aA][*][[][?]]1 ß键");
        assert_eq!(like("Éa%_\\ 键"), "éa\\%\\_\\\\ 键");
    }
}
