//! The filter of a list of subjects.

use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::text::narrow;
use crate::trials::{Site, SubjectStatus};
use serde::Deserialize;

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

/// The query of the list's address, and of its export's.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SubjectsQuery {
    /// A part of the number.
    pub q: String,
    pub status: String,
    /// The code of a site.
    pub site: String,
    pub cursor: String,
}

impl SubjectsQuery {
    /// The filters in use.
    pub fn narrowing(&self) -> usize {
        let filters = [&self.q, &self.status, &self.site];
        filters
            .iter()
            .filter(|text| !text.trim().is_empty())
            .count()
    }

    /// Returns the address of the list at `path` with the same filters.
    pub fn address(&self, path: &str) -> String {
        match self.text() {
            query if query.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }

    /// Returns the filters as an address has them.
    pub fn text(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, text) in [
            ("q", &self.q),
            ("status", &self.status),
            ("site", &self.site),
        ] {
            if !text.is_empty() {
                query.append_pair(name, text);
            }
        }
        query.finish()
    }

    /// Reads the filters of a list of a study's subjects, from its beginning.
    pub fn read(&self, study: i64, sites: &[Site]) -> Result<SubjectFilter, AppError> {
        let mut faults = Faults::default();
        let status = match self.status.as_str() {
            "" => None,
            word => faults.check("status", word.parse::<SubjectStatus>()),
        };
        let site = sites.iter().find(|site| site.code == self.site);
        if site.is_none() && !self.site.is_empty() {
            faults.check("site", Err::<(), _>(t!("trials-site-unknown")));
        }
        faults.finish()?;
        Ok(SubjectFilter {
            study_id: Some(study),
            status,
            site_id: site.map(|site| site.id),
            number: number_part(&self.q),
            before: i64::MAX,
            ..Default::default()
        })
    }
}

/// Returns a part of a number as people type it, for a [`SubjectFilter`]: in capitals, and without characters that
/// are in no number.
pub fn number_part(text: &str) -> String {
    let part = narrow(text).to_ascii_uppercase();
    let known = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    // What cannot be in a number is in none.
    match part.chars().all(known) {
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
        assert_eq!(number_part("ｈｙｐ２４"), "HYP24");
        assert_eq!(number_part(""), "");
        for wrong in ["%", "a_b", "李"] {
            assert_eq!(number_part(wrong), "\\_", "{wrong}");
        }
    }
}
