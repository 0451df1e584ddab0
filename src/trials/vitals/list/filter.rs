//! The filter of a list of a study's readings.

use super::super::measure::Measure;
use super::super::ranges::{Ranges, read_ranges};
use crate::clock::Timestamp;
use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::server::Conn;
use crate::trials::subject::number_part;
use crate::trials::subject::store::find_subject_numbered;
use crate::words::words;
use serde::Deserialize;

words!(
    /// The side of the expected range on which a value is.
    pub enum Side {
        Below = "below",
        Above = "above",
    }

    fn unknown(_: &str) -> String {
        t!("trials-side-unknown").to_owned()
    }
);

impl Side {
    /// Returns the label for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Below => t!("trials-side-below"),
            Self::Above => t!("trials-side-above"),
        }
    }
}

/// The word for any measure.
pub const ANY: &str = "any";

/// The readings of a study to list, all of which count.
#[derive(Clone, Debug)]
pub struct StudyFilter {
    pub study: i64,
    /// A subject, where its whole number is asked for.
    pub subject: Option<i64>,
    /// A part of the subjects' numbers otherwise, as [`number_part`] returns it.
    pub number: String,
    /// The measures of which one at least is to be unusual; all readings if there are none.
    pub unusual: Vec<Measure>,
    /// The side on which it is to be; either if `None`.
    pub side: Option<Side>,
    pub ranges: Ranges,
    /// The time and the id before which the list continues.
    pub before: Option<(Timestamp, i64)>,
}

/// The filters of the list's address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// A part of the subject's number.
    pub q: String,
    /// A measure, or [`ANY`].
    pub unusual: String,
    /// A side. By itself it is of any measure.
    pub range: String,
}

impl Wanted {
    fn fields(&self) -> [(&'static str, &String); 3] {
        [
            ("q", &self.q),
            ("unusual", &self.unusual),
            ("range", &self.range),
        ]
    }

    /// The filters in use.
    pub fn narrowing(&self) -> usize {
        let fields = self.fields().into_iter();
        fields.filter(|(_, text)| !text.trim().is_empty()).count()
    }

    /// Returns the address of the list at `path` with these filters.
    pub fn address(&self, path: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, text) in self.fields() {
            if !text.is_empty() {
                query.append_pair(name, text);
            }
        }
        match query.finish() {
            query if query.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }

    /// Reads the filters of a list of a study's readings, from its beginning.
    pub async fn read(&self, conn: &mut Conn, study: i64) -> Result<StudyFilter, AppError> {
        let mut faults = Faults::default();
        let side = match self.range.as_str() {
            "" => None,
            word => faults.check("range", word.parse::<Side>()),
        };
        let unusual = faults.check("unusual", measures(&self.unusual, side));
        faults.finish()?;
        let number = number_part(&self.q);
        let subject = match number.is_empty() {
            true => None,
            false => find_subject_numbered(conn, &number).await?,
        };
        let subject = subject.filter(|subject| subject.study_id == study);
        Ok(StudyFilter {
            study,
            subject: subject.map(|subject| subject.id),
            number,
            unusual: unusual.unwrap_or_default(),
            side,
            ranges: read_ranges(conn, study).await?,
            before: None,
        })
    }
}

/// Returns the measures that a word stands for.
fn measures(word: &str, side: Option<Side>) -> Result<Vec<Measure>, &'static str> {
    match (word, side) {
        ("", None) => Ok(Vec::new()),
        ("", Some(_)) | (ANY, _) => Ok(Measure::ALL.into()),
        (word, _) => {
            let measure = Measure::from_word(word).ok_or_else(|| t!("trials-measure-unknown"))?;
            Ok(vec![measure])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stands_for_one_measure_or_for_all() {
        for (word, side, found) in [
            ("", None, Some(0)),
            ("", Some(Side::Above), Some(6)),
            ("any", None, Some(6)),
            ("systolic", Some(Side::Below), Some(1)),
            ("pulse", None, None),
        ] {
            let measures = measures(word, side).ok().map(|all| all.len());
            assert_eq!(measures, found, "{word}");
        }
    }
}
