//! Rules for a task's fields.

use crate::i18n::t;
use crate::text::{Line, Prose, caseless, fold, line_type};
use crate::words::words;
use std::str::FromStr;

/// The key of the column for finished tasks. Every board has it.
pub const DONE: &str = "done";

line_type!(
    /// A task's title, one line: 1 to 200 characters.
    Title, 200, t!("tasks-title-missing")
);
line_type!(
    /// A board's name: 1 to 80 characters.
    BoardName, 80, t!("tasks-board-name-missing")
);
line_type!(
    /// A column's name: 1 to 40 characters.
    ColumnName, 40, t!("tasks-column-name-missing")
);

impl ColumnName {
    /// Returns an unused key for a new column of this name: its letters and digits, dashes between.
    pub fn key(&self, taken: impl Fn(&str) -> bool) -> String {
        let lower = self.as_str().to_lowercase();
        let parts: Vec<&str> = lower
            .split(|c: char| !c.is_alphanumeric())
            .filter(|part| !part.is_empty())
            .collect();
        let key = match parts.join("-") {
            key if key.is_empty() => "column".to_owned(),
            key => key,
        };
        if !taken(&key) {
            return key;
        }
        (2..=u32::MAX)
            .map(|number| format!("{key}-{number}"))
            .find(|key| !taken(key))
            .expect("numbers do not run out before columns do")
    }
}

/// Markdown of at most 20,000 characters; may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description(Prose);

impl Description {
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl FromStr for Description {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Prose::read(text, 20_000).map(Self)
    }
}

/// At most ten labels of 1 to 30 characters each: lower case, unique, sorted. `café` and `cafe` are the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels(Vec<String>);

impl Labels {
    pub fn parse<T: AsRef<str>>(labels: impl IntoIterator<Item = T>) -> Result<Self, String> {
        let mut all = Vec::new();
        for text in labels {
            let text = caseless(text.as_ref());
            let text = text.trim_start_matches(|c: char| c == '#' || c.is_whitespace());
            if text.contains(',') {
                return Err(t!("tasks-label-comma").to_owned());
            }
            let label = Line::optional(text, 30)
                .map_err(|fault| t!("tasks-label-fault", label = text, fault = fault))?;
            if !label.as_str().is_empty() {
                all.push(label.into());
            }
        }
        all.sort_by_cached_key(|label: &String| (fold(label), label.clone()));
        all.dedup_by_key(|label| fold(label));
        if all.len() > 10 {
            return Err(t!("tasks-labels-too-many").to_owned());
        }
        Ok(Self(all))
    }

    pub fn into_vec(self) -> Vec<String> {
        self.0
    }
}

words!(
    /// A task's priority. Stored as its place in this list, so that it sorts.
    #[derive(Default, PartialOrd, Ord)]
    pub enum Priority {
        #[default]
        None = "none",
        Low = "low",
        Medium = "medium",
        High = "high",
        Urgent = "urgent",
    }
);

impl Priority {
    /// Returns the label for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::None => t!("tasks-priority-none"),
            Self::Low => t!("tasks-priority-low"),
            Self::Medium => t!("tasks-priority-medium"),
            Self::High => t!("tasks-priority-high"),
            Self::Urgent => t!("tasks-priority-urgent"),
        }
    }

    /// Returns the stored value: 0 for none to 4 for urgent.
    pub const fn rank(self) -> i16 {
        self as i16
    }

    pub fn from_rank(rank: i16) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|priority| priority.rank() == rank)
            .ok_or_else(|| format!("priority={rank}"))
    }
}

impl FromStr for Priority {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::from_word(&word.to_lowercase()).ok_or(t!("tasks-priority-unknown"))
    }
}

words!(
    /// The sort order of a list.
    #[derive(Default)]
    pub enum Sort {
        /// Soonest first, then those without a date.
        #[default]
        Due = "due",
        /// Most urgent first.
        Priority = "priority",
        /// Most recently created first.
        Newest = "newest",
        /// Most recently changed first.
        Updated = "updated",
        /// As the cards are arranged in their columns.
        Position = "position",
    }

    fn unknown(_: &str) -> &'static str {
        t!("tasks-sort-unknown")
    }
);

impl Sort {
    /// Returns the label for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Due => t!("tasks-sort-due"),
            Self::Priority => t!("tasks-sort-priority"),
            Self::Newest => t!("tasks-sort-newest"),
            Self::Updated => t!("tasks-sort-updated"),
            Self::Position => t!("tasks-sort-position"),
        }
    }
}

/// The distance between neighbours where nothing has to fit between.
pub const GAP: i64 = 1 << 20;

/// The furthest position a client can request, either way: so far from the ends of the stored range that
/// there is always room beside it, and exact in every program.
pub const FURTHEST: i64 = (1 << 53) - 1;

/// Checks a position chosen by a client.
pub fn chosen_position(position: i64) -> Result<i64, String> {
    if (-FURTHEST..=FURTHEST).contains(&position) {
        Ok(position)
    } else {
        Err(t!("tasks-position-range", most = FURTHEST.to_string()))
    }
}

/// Returns a position between two neighbours; `None` if they are too close and must be moved apart.
pub fn position_between(above: Option<i64>, below: Option<i64>) -> Option<i64> {
    match (above, below) {
        (None, None) => Some(GAP),
        (Some(above), None) => above.checked_add(GAP),
        (None, Some(below)) => below.checked_sub(GAP),
        (Some(above), Some(below)) => {
            let middle = i64::midpoint(above, below);
            (above < middle && middle < below).then_some(middle)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_title_is_one_line_of_1_to_200_characters() {
        let title = "  Call \n Mei ".parse::<Title>().expect("a title");
        assert_eq!(title.as_str(), "Call Mei");
        assert!("修".repeat(200).parse::<Title>().is_ok());
        for wrong in ["", " \t ", "a\u{7}b", &"x".repeat(201)] {
            assert!(wrong.parse::<Title>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_description_keeps_its_lines() {
        let text = "- a\r\n- b\r\n".parse::<Description>().expect("a text");
        assert_eq!(text.as_str(), "- a\n- b");
        assert!("\0".parse::<Description>().is_err());
        assert!("x".repeat(20_001).parse::<Description>().is_err());
    }

    #[test]
    fn labels_are_told_apart_by_their_words_alone() {
        let labels = |all: &[&str]| Labels::parse(all).map(Labels::into_vec);
        assert_eq!(
            labels(&["Shop", " #shop ", "front  desk", ""]),
            Ok(vec!["front desk".into(), "shop".into()])
        );
        assert_eq!(labels(&["Ｃafe\u{301}"]), Ok(vec!["café".into()]));
        assert_eq!(labels(&["café", "Cafe"]), Ok(vec!["cafe".into()]));
        assert!(labels(&["a,b"]).is_err());
        assert!(labels(&[&"x".repeat(31)]).is_err());
        let many = |count: u32| Labels::parse((0..count).map(|number| number.to_string()));
        assert!(many(10).is_ok() && many(11).is_err());
    }

    #[test]
    fn priorities_sort_as_they_are_stored() {
        for pair in Priority::ALL.windows(2) {
            assert!(pair[0].rank() < pair[1].rank());
        }
        assert!(Priority::from_rank(5).is_err());
    }

    #[test]
    fn a_column_gets_a_key_of_its_own() {
        let key = |name: &str, taken: &[&str]| {
            let name: ColumnName = name.parse().expect("a name");
            name.key(|key| taken.contains(&key))
        };
        assert_eq!(key("In review", &[]), "in-review");
        assert_eq!(key("Done", &["done", "done-2"]), "done-3");
        assert_eq!(key("!", &[]), "column");
        assert_eq!(key("待办", &[]), "待办");
    }

    #[test]
    fn nothing_fits_between_neighbours_on_either_side_of_zero() {
        assert_eq!(position_between(Some(-1), Some(0)), None);
        assert_eq!(position_between(Some(0), Some(1)), None);
        assert_eq!(position_between(Some(-1), Some(1)), Some(0));
    }

    #[test]
    fn a_place_at_either_end_is_beyond_the_last() {
        assert_eq!(position_between(Some(5), None), Some(5 + GAP));
        assert_eq!(position_between(None, Some(5)), Some(5 - GAP));
        assert_eq!(position_between(Some(i64::MAX), None), None);
        assert_eq!(position_between(None, Some(i64::MIN)), None);
    }

    proptest! {
        #[test]
        fn labels_read_again_are_the_same(all in prop::collection::vec("[ #a-zA-Z键盘-]{0,12}", 0..10)) {
            let once = Labels::parse(all).expect("few and short");
            prop_assert_eq!(Labels::parse(once.clone().into_vec()), Ok(once));
        }

        #[test]
        fn a_place_between_two_is_between_them(above in -1_000_000_i64..1_000_000, room in 0_i64..1_000) {
            match position_between(Some(above), Some(above + room)) {
                Some(place) => prop_assert!(above < place && place < above + room),
                None => prop_assert!(room < 2),
            }
        }
    }
}
