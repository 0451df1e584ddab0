//! A task in one line: `Call Mei !high #shop @ada tomorrow`.
//!
//! `!word` is a priority, `#word` a label, `@word` who is to do it (`@me` for oneself), and a last
//! word or two of `today`, `tomorrow`, a day of the week or a date says when. What does not fit is
//! part of the title, so that "Reprint invoice #4711" keeps its number.

use super::{DueDate, Priority, end_of_day};
use crate::clock::Timestamp;

/// What the line says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuickAdd {
    pub title: String,
    pub priority: Priority,
    pub labels: Vec<String>,
    /// The name after the @, in lower case.
    pub assignee: Option<String>,
    pub due: Option<Timestamp>,
}

pub fn parse(line: &str, now: Timestamp) -> QuickAdd {
    let mut added = QuickAdd::default();
    let mut title: Vec<&str> = Vec::new();
    for word in line.split_whitespace() {
        if !take_marked(word, &mut added) {
            title.push(word);
        }
    }
    // A title alone stays one: "Tomorrow" is something to write, however odd.
    if title.len() > 1
        && let Some(due) = title.last().and_then(|word| day(word, now))
    {
        added.due = Some(due);
        title.pop();
    }
    added.title = title.join(" ");
    added
}

fn take_marked(word: &str, added: &mut QuickAdd) -> bool {
    if let Some(word) = word.strip_prefix('!') {
        return word
            .parse()
            .map(|priority| added.priority = priority)
            .is_ok();
    }
    if let Some(label) = word.strip_prefix('#') {
        let is_label = label.chars().any(char::is_alphabetic) && !label.contains(['#', ',']);
        if is_label {
            added.labels.push(label.to_lowercase());
        }
        return is_label;
    }
    match word.strip_prefix('@') {
        Some(name) if added.assignee.is_none() && name.chars().any(char::is_alphanumeric) => {
            added.assignee = Some(name.to_lowercase());
            true
        }
        _ => false,
    }
}

/// The end of the day the word means; a day of the week is the next one, never today.
fn day(word: &str, now: Timestamp) -> Option<Timestamp> {
    const WEEK: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    const FULL: [&str; 7] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let word = word.to_lowercase();
    let ahead = match word.as_str() {
        "today" => 0,
        "tomorrow" => 1,
        word => {
            let named = |days: [&str; 7]| days.into_iter().position(|day| day == word);
            let Some(wanted) = named(FULL).or_else(|| named(WEEK)) else {
                let date = word.len() == 10;
                return word.parse().ok().filter(|_| date).map(|DueDate(at)| at);
            };
            let today = now.date_time().weekday().number_days_from_monday();
            let ahead = (wanted as i64 - i64::from(today)).rem_euclid(7);
            if ahead == 0 { 7 } else { ahead }
        }
    };
    Some(end_of_day(now.plus_days(ahead)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A Saturday.
    fn now() -> Timestamp {
        Timestamp::parse("2026-11-21T15:00:00Z").expect("a time")
    }

    fn due(line: &str) -> Option<String> {
        parse(line, now()).due.map(Timestamp::rfc3339)
    }

    #[test]
    fn a_line_says_all_at_once() {
        let added = parse("Call Mei !high #Shop @Ada #front-desk tomorrow", now());
        assert_eq!(added.title, "Call Mei");
        assert_eq!(added.priority, Priority::High);
        assert_eq!(added.labels, ["shop", "front-desk"]);
        assert_eq!(added.assignee.as_deref(), Some("ada"));
        assert_eq!(
            added.due.map(Timestamp::rfc3339).as_deref(),
            Some("2026-11-22T23:59:59Z")
        );
    }

    #[test]
    fn days_are_those_to_come() {
        assert_eq!(due("a monday").as_deref(), Some("2026-11-23T23:59:59Z"));
        assert_eq!(due("a sat").as_deref(), Some("2026-11-28T23:59:59Z"));
        assert_eq!(due("a today").as_deref(), Some("2026-11-21T23:59:59Z"));
        assert_eq!(due("a 2026-12-24").as_deref(), Some("2026-12-24T23:59:59Z"));
        assert_eq!(due("a 2026-13-24"), None);
        assert_eq!(due("Plan today well"), None, "only the last word");
    }

    #[test]
    fn what_does_not_fit_is_part_of_the_title() {
        for title in [
            "Reprint invoice #4711",
            "Wow !great",
            "mail a@b.example",
            "Tomorrow",
            "@",
            "#",
        ] {
            assert_eq!(parse(title, now()).title, title);
        }
    }

    proptest! {
        #[test]
        fn plain_words_are_kept_as_they_are(words in prop::collection::vec("[a-z]{1,3}x[a-z键]{0,5}", 1..8)) {
            let line = words.join(" ");
            prop_assert_eq!(parse(&line, now()).title, line);
        }

        #[test]
        fn no_line_is_too_odd(line in "\\PC{0,80}") {
            parse(&line, now());
        }
    }
}
