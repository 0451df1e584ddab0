//! A task in one line: `Call Mei !high #shop @ada tomorrow`.
//!
//! `!word` is a priority, `#word` a label, `@word` the assignee (`@me` for oneself), and the last word the
//! due date: `today`, `tomorrow`, a day of the week or a date, in Chinese as well (今天, 明天, 周一, 星期一). What
//! does not fit is part of the title, so that "Reprint invoice #4711" keeps its number, and "Buy cream
//! against the sun" its last word.

use super::access::{any_board, called_for};
use super::create::{NewTask, create_task};
use crate::accounts::{User, find_names, find_people_called};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{App, Conn, IdempotencyKey};
use crate::tasks::{DueDate, Priority, Task, end_of_day};

/// The maximum number of names looked up per line.
const MOST_NAMES: usize = 5;

/// A task created from a line, and what was understood beyond what the task itself says.
pub struct Added {
    pub task: Task,
    /// Board and column.
    pub place: String,
    /// The assignee's name.
    pub assignee: Option<String>,
    /// Names that stayed in the title, and why.
    pub left: Vec<(String, &'static str)>,
}

/// Creates a task from one line. What the line leaves open, the place in particular, is as in `rest`.
pub async fn quick_add(
    app: &App,
    user: &User,
    once: &IdempotencyKey,
    line: &str,
    rest: NewTask,
) -> Result<Added, AppError> {
    let mut conn = app.db.read().await?;
    let (person, left) = named(&mut conn, user, line).await?;
    drop(conn);
    let name = person.as_ref().map(|(name, _)| name.as_str());
    let Line {
        title,
        priority,
        labels,
        due,
    } = parse(line, name, app.clock.now());
    let input = NewTask {
        title,
        priority: Some(priority.as_str().to_owned()),
        assignee_id: person.map(|(_, id)| id).or(rest.assignee_id),
        due_at: due.map(Timestamp::rfc3339),
        labels,
        ..rest
    };
    // The line is the only field that can be corrected.
    let made = create_task(app, user, once, input).await;
    let task = made.map_err(|mut error| {
        if let Some((_, message)) = error.errors.pop_first() {
            error.errors = [("title".to_owned(), message)].into();
        }
        error
    })?;
    let mut conn = app.db.read().await?;
    let board = called_for(user, any_board(&mut conn, task.board_id).await?);
    let column = board.column(&task.status);
    let column = column.map_or_else(|| task.status.clone(), |column| column.shown().to_owned());
    let names = find_names(&mut conn, &Vec::from_iter(task.assignee_id)).await?;
    Ok(Added {
        place: t!("tasks-place", board = board.name.shown(), column = column),
        assignee: names.into_values().next(),
        left,
        task,
    })
}

/// Returns the line's first name that matches one person, with their id, and those before it that do not.
///
/// Customers match only themselves: others' names are not theirs to try.
async fn named(
    conn: &mut Conn,
    user: &User,
    line: &str,
) -> Result<(Option<(String, i64)>, Vec<(String, &'static str)>), AppError> {
    let mut left = Vec::new();
    for name in line.split_whitespace().filter_map(name_in).take(MOST_NAMES) {
        if name == "me" {
            return Ok((Some((name, user.id)), left));
        }
        if !user.role.is_staff() {
            continue;
        }
        match find_people_called(conn, &name).await?.as_slice() {
            [person] => return Ok((Some((name, person.id)), left)),
            [] => left.push((name, t!("tasks-name-unknown"))),
            _ => left.push((name, t!("tasks-name-ambiguous"))),
        }
    }
    Ok((None, left))
}

/// Returns the name in an `@word`, in lower case.
fn name_in(word: &str) -> Option<String> {
    let name = word.strip_prefix('@')?;
    name.chars()
        .any(char::is_alphanumeric)
        .then(|| name.to_lowercase())
}

/// The parsed line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Line {
    title: String,
    priority: Priority,
    labels: Vec<String>,
    due: Option<Timestamp>,
}

/// Parses the line; `person` is the name in it that matched somebody.
fn parse(line: &str, person: Option<&str>, now: Timestamp) -> Line {
    let mut added = Line::default();
    let mut title: Vec<&str> = Vec::new();
    let mut person = person;
    for word in line.split_whitespace() {
        if person.is_some() && name_in(word).as_deref() == person {
            person = None;
        } else if !take_marked(word, &mut added) {
            title.push(word);
        }
    }
    if let Some((words, due)) = day_at_end(&title, now) {
        added.due = Some(due);
        title.truncate(title.len() - words);
    }
    added.title = title.join(" ");
    added
}

fn take_marked(word: &str, added: &mut Line) -> bool {
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
    false
}

/// Words before a day that belong to it and are removed with it.
const MARKS: [&str; 4] = ["by", "on", "due", "until"];

/// Words after which a day is part of the title: "the order of Monday", "slides for tomorrow".
const LEADS: [&str; 31] = [
    "a", "about", "after", "against", "an", "and", "any", "at", "before", "during", "each",
    "every", "for", "from", "his", "her", "in", "last", "my", "next", "of", "or", "our", "since",
    "that", "the", "their", "this", "to", "with", "your",
];

/// Returns the number of words at the end that mean a day, and that day. A title of one word stays:
/// "Tomorrow" is a valid title, however odd.
fn day_at_end(title: &[&str], now: Timestamp) -> Option<(usize, Timestamp)> {
    let [.., before, last] = title else {
        return None;
    };
    let (day, short) = day(last, now)?;
    let lower = before.to_lowercase();
    if title.len() > 2 && MARKS.contains(&&*lower) {
        return Some((2, day));
    }
    let capital = |word: &str| word.starts_with(char::is_uppercase);
    // "Black Friday" is a name.
    let is_name = capital(last) && capital(before);
    let part_of_title = short || is_name || LEADS.contains(&&*lower) || MARKS.contains(&&*lower);
    (!part_of_title).then_some((1, day))
}

/// Returns the end of the day the word means, and whether it is a day's short name, which may be another word
/// ("sun", "wed"). A day of the week is the next one, never today.
fn day(word: &str, now: Timestamp) -> Option<(Timestamp, bool)> {
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
        "today" | "今天" => 0,
        "tomorrow" | "明天" => 1,
        word => {
            let named = |days: [&str; 7]| days.into_iter().position(|day| day == word);
            let known = named(FULL).or_else(|| named(WEEK));
            let Some(wanted) = known.or_else(|| chinese_weekday(word)) else {
                let date = word.len() == 10;
                let date = word.parse().ok().filter(|_| date);
                return date.map(|DueDate(at)| (at, false));
            };
            let today = now.date_time().weekday().number_days_from_monday();
            let ahead = (wanted as i64 - i64::from(today)).rem_euclid(7);
            if ahead == 0 { 7 } else { ahead }
        }
    };
    let short = WEEK.contains(&&*word);
    Some((end_of_day(now.plus_days(ahead)), short))
}

/// Parses 周一 or 星期一, counted from Monday.
fn chinese_weekday(word: &str) -> Option<usize> {
    const DAYS: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
    let day = word
        .strip_prefix("星期")
        .or_else(|| word.strip_prefix('周'))?;
    let day = if day == "天" { "日" } else { day };
    DAYS.into_iter().position(|known| known == day)
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
        parse(line, None, now()).due.map(Timestamp::rfc3339)
    }

    #[test]
    fn a_line_says_all_at_once() {
        let line = "Call Mei !high #Shop @Ada #front-desk tomorrow";
        let added = parse(line, Some("ada"), now());
        assert_eq!(added.title, "Call Mei");
        assert_eq!(added.priority, Priority::High);
        assert_eq!(added.labels, ["shop", "front-desk"]);
        assert_eq!(
            added.due.map(Timestamp::rfc3339).as_deref(),
            Some("2026-11-22T23:59:59Z")
        );
        let added = parse(line, None, now());
        assert_eq!(added.title, "Call Mei @Ada", "nobody was found by it");
        assert_eq!(
            parse("Tell @ada and @ada", Some("ada"), now()).title,
            "Tell and @ada"
        );
    }

    #[test]
    fn days_are_those_to_come() {
        for (line, title, day) in [
            ("Pack monday", "Pack", "2026-11-23"),
            ("Pack the lamps Monday", "Pack the lamps", "2026-11-23"),
            ("Pack saturday", "Pack", "2026-11-28"),
            ("Pack today", "Pack", "2026-11-21"),
            ("打包 明天", "打包", "2026-11-22"),
            ("打包 周一", "打包", "2026-11-23"),
            ("打包 星期天", "打包", "2026-11-22"),
            ("Pack 2026-12-24", "Pack", "2026-12-24"),
            ("Pack by sat", "Pack", "2026-11-28"),
            ("Call Mei on Friday", "Call Mei", "2026-11-27"),
            ("Buy sun cream due sun", "Buy sun cream", "2026-11-22"),
            ("Keep it until tomorrow", "Keep it", "2026-11-22"),
        ] {
            let added = parse(line, None, now());
            assert_eq!(added.title, title, "{line}");
            let due = added.due.map(Timestamp::rfc3339);
            assert_eq!(due, Some(format!("{day}T23:59:59Z")), "{line}");
        }
    }

    #[test]
    fn what_does_not_fit_is_part_of_the_title() {
        for title in [
            "Reprint invoice #4711",
            "Wow !great",
            "mail a@b.example",
            "Mail @everyone",
            "Tomorrow",
            "Due sun",
            "On Friday",
            "@",
            "#",
            "Buy cream against the sun",
            "Put the cushions in the sun",
            "Count who sat",
            "Ask when they wed",
            "Print the list of Monday",
            "Write slides for tomorrow",
            "Water the plants every friday",
            "Decorate for Black Friday",
            "Prepare Black Friday",
            "Black Friday",
            "Plan today well",
            "Pack 2026-13-24",
            "明天",
            "打包 周末",
        ] {
            let added = parse(title, None, now());
            assert_eq!(added.title, title);
            assert_eq!(due(title), None, "{title}");
        }
    }

    fn words() -> impl Strategy<Value = Vec<String>> {
        let word = prop_oneof![
            "[a-z]{1,3}x[a-z键]{0,5}",
            "[!#@]{1,2}[a-zA-Z0-9,é]{0,6}",
            Just("by".to_owned()),
            Just("sun".to_owned()),
            Just("Friday".to_owned()),
            Just("2026-12-24".to_owned()),
        ];
        prop::collection::vec(word, 1..8)
    }

    proptest! {
        #[test]
        fn plain_words_are_kept_as_they_are(words in prop::collection::vec("[a-z]{1,3}x[a-z键]{0,5}", 1..8)) {
            let line = words.join(" ");
            prop_assert_eq!(parse(&line, None, now()).title, line);
        }

        #[test]
        fn no_line_is_too_odd(line in "\\PC{0,80}", person in proptest::option::of("\\PC{0,8}")) {
            let added = parse(&line, person.as_deref(), now());
            prop_assert!(!added.title.contains("  "));
        }

        /// Every word is in the title or is one of those that stand for something.
        #[test]
        fn no_word_is_lost(words in words()) {
            let added = parse(&words.join(" "), None, now());
            let mut kept = added.title.split(' ').filter(|word| !word.is_empty()).peekable();
            let mut last = Vec::new();
            for word in &words {
                if kept.peek() == Some(&word.as_str()) {
                    kept.next();
                } else if word.starts_with(['!', '#']) {
                    let taken = word[1..].parse::<Priority>().is_ok()
                        || added.labels.contains(&word[1..].to_lowercase());
                    prop_assert!(taken, "{}", word);
                } else {
                    last.push(word.as_str());
                }
            }
            prop_assert_eq!(kept.next(), None);
            prop_assert_eq!(last.is_empty(), added.due.is_none());
            prop_assert!(last.len() <= 2, "{:?}", last);
        }
    }
}
