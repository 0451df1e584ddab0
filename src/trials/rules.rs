//! Rules for studies and subjects: codes, numbers, ages, and the states a subject goes through.

use crate::i18n::t;
use crate::text::{line_type, narrow};
use crate::words::words;

/// The greatest number of subjects that a study can plan for.
pub const MOST_PLANNED: i64 = 1_000_000;

/// The greatest age of a subject, in years.
pub const GREATEST_AGE: i64 = 120;

words!(
    /// The state of a study: subjects are registered while it is open.
    #[derive(Default)]
    pub enum StudyStatus {
        Planned = "planned",
        #[default]
        Open = "open",
        Closed = "closed",
    }

    fn unknown(_: &str) -> String {
        t!("trials-study-status-unknown").to_owned()
    }
);

impl StudyStatus {
    /// Returns the label for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Planned => t!("trials-study-status-planned"),
            Self::Open => t!("trials-study-status-open"),
            Self::Closed => t!("trials-study-status-closed"),
        }
    }
}

words!(
    /// A person's role in one study; it says nothing about any other study.
    pub enum StudyRole {
        /// Registers subjects and changes them, and knows their names.
        Coordinator = "coordinator",
        /// Checks what the coordinators do, and knows subjects by number only.
        Monitor = "monitor",
        /// Examines the audit trail, and knows subjects by number only.
        Auditor = "auditor",
    }

    fn unknown(_: &str) -> String {
        t!("trials-role-unknown").to_owned()
    }
);

impl StudyRole {
    /// Returns the label for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Coordinator => t!("trials-role-coordinator"),
            Self::Monitor => t!("trials-role-monitor"),
            Self::Auditor => t!("trials-role-auditor"),
        }
    }
}

words!(
    /// A subject's sex, as CDISC's terminology tells them apart.
    #[derive(Default)]
    pub enum Sex {
        Female = "female",
        Male = "male",
        Other = "other",
        #[default]
        Unknown = "unknown",
    }

    fn unknown(_: &str) -> String {
        t!("trials-sex-unknown-word").to_owned()
    }
);

impl Sex {
    /// Returns the label for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Female => t!("trials-sex-female"),
            Self::Male => t!("trials-sex-male"),
            Self::Other => t!("trials-sex-other"),
            Self::Unknown => t!("trials-sex-unknown"),
        }
    }
}

words!(
    /// The state of a subject in a study.
    #[derive(Default)]
    pub enum SubjectStatus {
        #[default]
        Screened = "screened",
        Enrolled = "enrolled",
        Completed = "completed",
        Withdrawn = "withdrawn",
    }

    fn unknown(_: &str) -> String {
        t!("trials-subject-status-unknown").to_owned()
    }
);

impl SubjectStatus {
    /// Returns the label for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Screened => t!("trials-subject-status-screened"),
            Self::Enrolled => t!("trials-subject-status-enrolled"),
            Self::Completed => t!("trials-subject-status-completed"),
            Self::Withdrawn => t!("trials-subject-status-withdrawn"),
        }
    }

    /// Returns the states that a subject can go to from this one. A withdrawal can be taken back: to where the
    /// subject was, which is known by whether it was ever enrolled.
    pub fn next(self, was_enrolled: bool) -> &'static [Self] {
        match self {
            Self::Screened => &[Self::Enrolled, Self::Withdrawn],
            Self::Enrolled => &[Self::Completed, Self::Withdrawn],
            Self::Completed => &[],
            Self::Withdrawn if was_enrolled => &[Self::Enrolled],
            Self::Withdrawn => &[Self::Screened],
        }
    }

    /// Checks a change of state; the error says what can follow.
    pub fn check_change(self, to: Self, was_enrolled: bool) -> Result<(), String> {
        let next = self.next(was_enrolled);
        if next.contains(&to) {
            return Ok(());
        }
        let (from, to) = (self.label(), to.label());
        if next.is_empty() {
            return Err(t!("trials-step-none", from = from, to = to));
        }
        let next: Vec<&str> = next.iter().map(|status| status.label()).collect();
        let next = next.join(t!("trials-step-or"));
        Err(t!("trials-step-refused", from = from, to = to, next = next))
    }
}

line_type!(
    /// A study's title: 1 to 200 characters.
    StudyTitle, 200, t!("trials-title-needed")
);

line_type!(
    /// A site's name: 1 to 80 characters.
    SiteName, 80, t!("trials-site-name-needed")
);

line_type!(
    /// An arm's name: 1 to 60 characters.
    ArmName, 60, t!("trials-arm-name-needed")
);

line_type!(
    /// A subject's name: 1 to 120 characters.
    SubjectName, 120, t!("trials-name-needed")
);

line_type!(
    /// The reason for a change: 1 to 300 characters.
    Reason, 300, t!("trials-reason-needed")
);

/// Reads a study's code: 2 to 16 letters and digits, stored as capitals.
pub fn read_study_code(text: &str) -> Result<String, String> {
    read_code(text, 2..=16).ok_or_else(|| t!("trials-code-wrong").to_owned())
}

/// Reads a site's code: 1 to 8 letters and digits, stored as capitals.
pub fn read_site_code(text: &str) -> Result<String, String> {
    read_code(text, 1..=8).ok_or_else(|| t!("trials-site-code-wrong").to_owned())
}

/// The letters and digits of ASCII only: a code is a part of numbers that are written by hand, typed and spoken.
/// Full-width ones, as Chinese and Japanese keyboards type them, are the same.
fn read_code(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<String> {
    let code = narrow(text);
    let plain = code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (plain && length.contains(&code.len())).then(|| code.to_ascii_uppercase())
}

/// Checks a subject's age in whole years: 1 to 120.
pub fn check_age(age: i64) -> Result<i64, String> {
    match age {
        1..=GREATEST_AGE => Ok(age),
        _ => Err(t!("trials-age-wrong").to_owned()),
    }
}

/// Checks the number of subjects that a study plans for: 1 to a million.
pub fn check_planned(planned: i64) -> Result<i64, String> {
    match planned {
        1..=MOST_PLANNED => Ok(planned),
        _ => Err(t!("trials-planned-wrong").to_owned()),
    }
}

/// Formats a subject's number: the study's code, the site's, and the ordinal of at least four digits.
pub fn subject_number(study: &str, site: &str, ordinal: i64) -> String {
    format!("{study}-{site}-{ordinal:04}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn codes_are_capitals_and_digits_however_they_were_typed() {
        for (typed, code) in [
            ("hyp24", Some("HYP24")),
            (" HYP24 ", Some("HYP24")),
            ("ｈｙｐ２４", Some("HYP24")),
            ("H", None),
            ("", None),
            ("HYP-24", None),
            ("HYP 24", None),
            ("高血压", None),
            ("ABCDEFGHIJKLMNOPQ", None),
        ] {
            assert_eq!(read_study_code(typed).ok().as_deref(), code, "{typed}");
        }
        assert_eq!(read_site_code("b"), Ok("B".to_owned()));
        assert!(read_site_code("ABCDEFGHI").is_err());
    }

    #[test]
    fn a_subject_goes_only_where_the_protocol_lets_it() {
        use SubjectStatus::{Completed, Enrolled, Screened, Withdrawn};
        for (from, was_enrolled, next) in [
            (Screened, false, &[Enrolled, Withdrawn][..]),
            (Enrolled, true, &[Completed, Withdrawn]),
            (Completed, true, &[]),
            (Withdrawn, false, &[Screened]),
            (Withdrawn, true, &[Enrolled]),
        ] {
            for to in SubjectStatus::ALL {
                let allowed = from.check_change(to, was_enrolled).is_ok();
                assert_eq!(allowed, next.contains(&to), "{from} to {to}");
            }
        }
        let refused = Screened.check_change(Completed, false);
        let refused = refused.expect_err("is refused");
        assert!(refused.contains("Enrolled"), "{refused}");
    }

    #[test]
    fn an_age_is_one_to_a_hundred_and_twenty() {
        for age in [i64::MIN, -1, 0, 121, i64::MAX] {
            assert!(check_age(age).is_err(), "{age}");
        }
        assert_eq!((check_age(1), check_age(120)), (Ok(1), Ok(120)));
    }

    #[test]
    fn a_number_grows_when_four_digits_are_used_up() {
        assert_eq!(subject_number("HYP24", "01", 7), "HYP24-01-0007");
        assert_eq!(subject_number("HYP24", "01", 10_000), "HYP24-01-10000");
    }

    proptest! {
        #[test]
        fn a_code_read_again_is_the_same(text in "\\PC{0,18}") {
            if let Ok(code) = read_study_code(&text) {
                prop_assert_eq!(read_study_code(&code), Ok(code.clone()));
                prop_assert!(code.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit()));
            }
        }
    }
}
