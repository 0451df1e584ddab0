//! The filter of a list of subjects.

use crate::trials::SubjectStatus;

/// The subjects to list.
#[derive(Clone, Debug, Default)]
pub struct SubjectFilter {
    /// The user whose studies are meant if none is named.
    pub user_id: i64,
    pub study_id: Option<i64>,
    pub status: Option<SubjectStatus>,
    pub site_id: Option<i64>,
    pub arm_id: Option<i64>,
    /// A part of the number; `%` and `_` stand for themselves after a backslash.
    pub number: String,
    /// The id below which the list continues.
    pub before: i64,
}

/// Returns a part of a number as people type it, for a [`SubjectFilter`]: in capitals, and without characters that
/// are in no number.
pub fn number_part(text: &str) -> String {
    let known = |letter: &char| letter.is_ascii_alphanumeric() || *letter == '-';
    let capitals = text
        .trim()
        .chars()
        .map(|letter| letter.to_ascii_uppercase());
    let part: String = capitals.clone().filter(known).collect();
    // What cannot be in a number is in none.
    match capitals.count() == part.len() {
        true => part,
        false => "\\_".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::number_part;

    #[test]
    fn a_part_of_a_number_is_letters_digits_and_hyphens() {
        assert_eq!(number_part(" hyp24-01 "), "HYP24-01");
        assert_eq!(number_part(""), "");
        for wrong in ["%", "a_b", "李"] {
            assert_eq!(number_part(wrong), "\\_", "{wrong}");
        }
    }
}
