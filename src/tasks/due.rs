//! Due dates.

use crate::clock::Timestamp;
use crate::i18n::t;
use crate::words::words;
use std::str::FromStr;

/// A due date as written: an instant, or a day, which means its last second in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueDate(pub Timestamp);

const SECONDS_OF_A_DAY: i64 = 86_400;

impl FromStr for DueDate {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let day = (text.len() == 10)
            .then(|| Timestamp::parse(&format!("{text}T00:00:00Z")))
            .flatten()
            .map(end_of_day);
        day.or_else(|| Timestamp::parse(text))
            .filter(|at| (1970..=9998).contains(&at.date_time().year()))
            .map(Self)
            .ok_or(t!("tasks-due-form"))
    }
}

fn start_of_day(at: Timestamp) -> Timestamp {
    Timestamp(at.micros() - at.micros().rem_euclid(SECONDS_OF_A_DAY * 1_000_000))
}

/// Returns the last second of the day, in UTC.
pub fn end_of_day(at: Timestamp) -> Timestamp {
    start_of_day(at).plus_seconds(SECONDS_OF_A_DAY - 1)
}

/// Returns the calendar date in UTC, as a date field holds it: `2026-11-30`.
pub fn date_of(at: Timestamp) -> String {
    at.date_time().date().to_string()
}

/// Returns the time of day in UTC, as a time field holds it; empty for the end of the day.
pub fn time_of(at: Timestamp) -> String {
    if at == end_of_day(at) {
        return String::new();
    }
    let time = at.date_time().time();
    let minute = format!("{:02}:{:02}", time.hour(), time.minute());
    match time.second() {
        0 => minute,
        second => format!("{minute}:{second:02}"),
    }
}

/// Joins a date field and a time field as [`DueDate`] reads them; `None` if both are empty.
pub fn join(date: &str, time: &str) -> Option<String> {
    match (date.trim(), time.trim()) {
        ("", "") => None,
        (date, "") => Some(date.to_owned()),
        (date, time) => {
            let seconds = if time.len() == 5 { ":00" } else { "" };
            Some(format!("{date}T{time}{seconds}Z"))
        }
    }
}

words!(
    /// The due date filter of a list.
    pub enum Due {
        /// Past, and not done.
        Overdue = "overdue",
        /// On this day, in UTC.
        Today = "today",
        /// On this day or one of the six after it.
        Week = "week",
        /// No date at all.
        None = "none",
    }

    fn unknown(_: &str) -> &'static str {
        t!("tasks-due-unknown")
    }
);

impl Due {
    /// Returns the label for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Overdue => t!("tasks-due-overdue"),
            Self::Today => t!("tasks-due-today"),
            Self::Week => t!("tasks-due-week"),
            Self::None => t!("tasks-due-none"),
        }
    }

    /// Returns the instants it spans, the end exclusive; `None` for no date.
    pub fn span(self, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let today = start_of_day(now);
        match self {
            Self::Overdue => Some((Timestamp(i64::MIN), now)),
            Self::Today => Some((today, today.plus_days(1))),
            Self::Week => Some((today, today.plus_days(7))),
            Self::None => Option::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("a time")
    }

    #[test]
    fn a_day_means_its_last_second_and_an_instant_itself() {
        let parse = |text: &str| text.parse::<DueDate>().map(|due| due.0.rfc3339());
        assert_eq!(parse(" 2026-11-30 "), Ok("2026-11-30T23:59:59Z".into()));
        assert_eq!(
            parse("2026-11-30T18:00:00+08:00"),
            Ok("2026-11-30T10:00:00Z".into())
        );
        for wrong in [
            "",
            "tomorrow",
            "2026-02-30",
            "30.11.2026",
            "0001-01-01",
            "9999-12-31",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_task_due_today_is_not_overdue_before_the_day_is() {
        let now = at("2026-11-21T15:00:00Z");
        let today = "2026-11-21".parse::<DueDate>().expect("a day").0;
        let within = |due: Due, at: Timestamp| {
            due.span(now)
                .is_some_and(|(from, to)| from <= at && at < to)
        };
        assert!(within(Due::Today, today) && within(Due::Week, today));
        assert!(!within(Due::Overdue, today));
        assert!(within(Due::Overdue, at("2026-11-21T14:59:59Z")));
        assert!(within(Due::Week, at("2026-11-27T23:59:59Z")));
        assert!(!within(Due::Week, at("2026-11-28T00:00:00Z")));
        assert_eq!(Due::None.span(now), None);
    }

    #[test]
    fn two_fields_say_a_day_or_an_instant() {
        for (date, time, said) in [
            ("", " ", None),
            (" 2026-11-30", "", Some("2026-11-30")),
            ("2026-11-30", "09:00", Some("2026-11-30T09:00:00Z")),
            ("2026-11-30", "09:00:30", Some("2026-11-30T09:00:30Z")),
        ] {
            assert_eq!(join(date, time).as_deref(), said);
        }
        assert_eq!(time_of(at("2026-11-30T09:05:00Z")), "09:05");
        assert_eq!(time_of(at("2026-11-30T00:00:07Z")), "00:00:07");
        assert_eq!(time_of(at("2026-11-30T23:59:59Z")), "", "the day");
    }

    /// Dates as people and programs write them, and near misses.
    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            "\\PC{0,30}",
            "[0-9]{1,5}-[0-9]{1,2}-[0-9]{1,2}",
            "[0-9]{4}-[01][0-9]-[0-3][0-9](T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{1,9})?(Z|[+-][0-2][0-9]:[0-6][0-9]))?",
        ]
    }

    proptest! {
        #[test]
        fn fields_read_again_are_the_same_instant(seconds in 0_i64..253_000_000_000) {
            let at = Timestamp(seconds * 1_000_000);
            let joined = join(&date_of(at), &time_of(at)).expect("a date");
            prop_assert_eq!(joined.parse::<DueDate>(), Ok(DueDate(at)));
            let day = end_of_day(at);
            prop_assert_eq!(date_of(at).parse::<DueDate>(), Ok(DueDate(day)));
            prop_assert_eq!(time_of(day), "");
        }

        #[test]
        fn any_text_is_an_instant_that_reads_back_or_refused(text in text(), time in "\\PC{0,8}") {
            let joined = join(&text, &time).unwrap_or_default();
            for text in [text, joined] {
                if let Ok(DueDate(at)) = text.parse::<DueDate>() {
                    prop_assert_eq!(at.rfc3339().parse::<DueDate>(), Ok(DueDate(at)));
                }
            }
        }
    }
}
