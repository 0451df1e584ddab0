//! The filters of a task list, as given in the query string.

use crate::accounts::User;
use crate::clock::Timestamp;
use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::server::{Cursor, count_given, list_href, list_href_from, non_empty, page_size};
use crate::tasks::{Due, Priority, Sort};
use crate::text::fold;
use serde::Deserialize;
use utoipa::IntoParams;

/// The query string of a task list, on pages and in the JSON API. Empty values do not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[serde(default)]
pub struct TaskQuery {
    /// Words in the title or the description; each may be a prefix.
    pub q: String,
    pub board_id: String,
    /// The key of a column.
    pub status: String,
    /// A person's id, `me`, or `none`.
    pub assignee_id: String,
    /// `none`, `low`, `medium`, `high` or `urgent`.
    #[param(value_type = Priority)]
    pub priority: String,
    pub label: String,
    /// `overdue` (and not done), `today`, `week` or `none`; days are in UTC.
    #[param(value_type = Due)]
    pub due: String,
    /// `hide` leaves out finished tasks.
    pub done: String,
    /// `due` (the default), `priority`, `newest`, `updated` or `position`.
    #[param(value_type = Sort)]
    pub sort: String,
    /// 1 to 100; 50 if absent.
    pub limit: Option<i64>,
    /// `next_cursor` of the previous page.
    pub cursor: String,
    /// The tab of the page.
    #[param(ignore)]
    pub view: String,
}

/// The filters and the order of a task list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TaskFilter {
    /// Only tasks assigned to this user or on their own board: all that a customer sees.
    pub own: Option<i64>,
    pub text: Option<String>,
    pub board: Option<i64>,
    pub status: Option<String>,
    /// Only tasks assigned to this user, or only unassigned ones.
    pub assignee: Option<Option<i64>>,
    pub priority: Option<Priority>,
    /// Folded, as labels are compared.
    pub label: Option<String>,
    pub due: Option<Due>,
    pub hide_done: bool,
    pub sort: Sort,
    /// The sort value and the id of the last task seen.
    pub after: Option<(i64, i64)>,
    /// The maximum number of tasks.
    pub size: i64,
}

impl TaskQuery {
    /// Parses the filters, within what `user` may see.
    pub fn read(&self, user: &User) -> Result<TaskFilter, AppError> {
        let mut faults = Faults::default();
        let id = |text: &str| text.parse::<i64>().map_err(|_| t!("tasks-not-an-id"));
        let board = non_empty(&self.board_id).map(|text| faults.check("board_id", id(text)));
        let assignee = non_empty(&self.assignee_id).map(|text| match text {
            "me" => Some(Some(user.id)),
            "none" => Some(None),
            text => faults.check("assignee_id", id(text)).map(Some),
        });
        let priority = non_empty(&self.priority).map(|word| faults.check("priority", word.parse()));
        let due = non_empty(&self.due).map(|word| faults.check("due", word.parse()));
        let sort = non_empty(&self.sort).map(|word| faults.check("sort", word.parse()));
        faults.finish()?;
        let sort = sort.flatten().unwrap_or_default();
        Ok(TaskFilter {
            own: (!user.role.is_staff()).then_some(user.id),
            text: non_empty(&self.q).map(str::to_owned),
            board: board.flatten(),
            status: non_empty(&self.status).map(str::to_owned),
            assignee: assignee.flatten(),
            priority: priority.flatten(),
            label: non_empty(&self.label).map(fold),
            due: due.flatten(),
            hide_done: self.done == "hide",
            sort,
            after: read_cursor(&self.cursor, sort)?,
            size: page_size(self.limit),
        })
    }

    /// Returns the list's address at `path`, without the cursor.
    pub fn href(&self, path: &str) -> String {
        list_href(path, self.fields())
    }

    /// Returns the same address with a cursor.
    pub fn href_from(&self, path: &str, cursor: &str) -> String {
        list_href_from(path, self.fields(), cursor)
    }

    /// Returns true if anything filters the list, apart from the tab.
    pub fn narrows(&self) -> bool {
        self.narrowing() > 0
    }

    /// Returns the number of filters in use.
    pub fn narrowing(&self) -> usize {
        let shown = |(name, _): &(&str, &str)| !matches!(*name, "view" | "done" | "sort");
        count_given(self.fields().into_iter().filter(shown))
    }

    fn fields(&self) -> [(&'static str, &str); 10] {
        [
            ("view", &self.view),
            ("q", &self.q),
            ("board_id", &self.board_id),
            ("status", &self.status),
            ("assignee_id", &self.assignee_id),
            ("priority", &self.priority),
            ("label", &self.label),
            ("due", &self.due),
            ("done", &self.done),
            ("sort", &self.sort),
        ]
    }
}

fn read_cursor(text: &str, sort: Sort) -> Result<Option<(i64, i64)>, AppError> {
    let Some([order, value, id]) = Cursor::read::<3>(text)? else {
        return Ok(None);
    };
    match (value.parse(), id.parse()) {
        (Ok(value), Ok(id)) if order == sort.as_str() => Ok(Some((value, id))),
        _ => Err(Cursor::wrong()),
    }
}

impl TaskFilter {
    /// Returns the cursor of `task` in the list.
    pub fn cursor(&self, task: &crate::tasks::Task) -> Cursor {
        let value = match self.sort {
            Sort::Due => task.due_at.map_or(i64::MAX, Timestamp::micros),
            Sort::Priority => i64::from(task.priority.rank()),
            Sort::Newest => task.id,
            Sort::Updated => task.updated_at.micros(),
            Sort::Position => task.position,
        };
        Cursor::new([&self.sort.as_str(), &value, &task.id])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::Role;
    use proptest::prelude::*;

    fn user(role: Role) -> User {
        User {
            id: 7,
            name: "Mei".into(),
            email: "mei@example.com".into(),
            role,
            active: true,
            version: 1,
            language: None,
            created_at: Timestamp(0),
            updated_at: Timestamp(0),
        }
    }

    #[test]
    fn a_customer_never_asks_for_more_than_their_own() {
        let all = TaskQuery::default();
        assert_eq!(all.read(&user(Role::Customer)).expect("reads").own, Some(7));
        assert_eq!(all.read(&user(Role::Staff)).expect("reads").own, None);
    }

    #[test]
    fn what_is_empty_narrows_nothing_and_what_is_wrong_is_named() {
        let read = |query: &str| {
            serde_urlencoded::from_str::<TaskQuery>(query)
                .expect("a query")
                .read(&user(Role::Staff))
        };
        let open = read("q=&board_id=&due=").expect("reads");
        assert_eq!(open, read("").expect("reads"));
        let count = |query: &str| {
            serde_urlencoded::from_str(query).map(|query: TaskQuery| query.narrowing())
        };
        assert_eq!(
            count("q=+&board_id=&due=&view=all&sort=due&done=show"),
            Ok(0)
        );
        assert_eq!(count("q=mug&due=week&view=all"), Ok(2));
        let filter = read("assignee_id=me&priority=high&due=week&label=Shop").expect("reads");
        assert_eq!(filter.assignee, Some(Some(7)));
        assert_eq!(filter.priority, Some(Priority::High));
        assert_eq!(filter.label.as_deref(), Some("shop"));
        assert_eq!(
            read("assignee_id=none").expect("reads").assignee,
            Some(None)
        );
        let error = read("priority=x&due=x&sort=x&board_id=x&assignee_id=x").expect_err("wrong");
        assert_eq!(error.errors.len(), 5);
    }

    #[test]
    fn a_cursor_belongs_to_the_order_it_was_made_in() {
        let text = Cursor::new([&"due", &5, &6]).to_string();
        assert_eq!(read_cursor(&text, Sort::Due), Ok(Some((5, 6))));
        assert!(read_cursor(&text, Sort::Newest).is_err());
    }

    fn word(known: &'static [&'static str]) -> impl Strategy<Value = String> {
        prop_oneof![
            prop::sample::select(known).prop_map(str::to_owned),
            "\\PC{0,12}",
            Just(String::new()),
        ]
    }

    prop_compose! {
        fn query()(
            (q, board_id, status) in (word(&["mug", "键盘 a&b", "a+b%20"]), word(&["1", "-7"]), word(&["todo"])),
            (assignee_id, priority) in (word(&["me", "none", "12"]), word(&["high", "URGENT"])),
            (label, due, done) in (word(&["Shop", "#a"]), word(&["week", "none"]), word(&["hide"])),
            (sort, view) in (word(&["newest", "due"]), word(&["all"])),
        ) -> TaskQuery {
            TaskQuery { q, board_id, status, assignee_id, priority, label, due, done, sort, view, ..Default::default() }
        }
    }

    proptest! {
        #[test]
        fn any_filter_is_read_alike_from_its_address_or_named_as_wrong(query in query(), limit in proptest::option::of(any::<i64>())) {
            let href = query.href("/tasks");
            let (_, text) = href.split_once('?').unwrap_or((&href, ""));
            let again: TaskQuery = serde_urlencoded::from_str(text).expect("a query");
            let user = user(Role::Staff);
            match (query.read(&user), again.read(&user)) {
                (Ok(first), Ok(second)) => prop_assert_eq!(first, second),
                (Err(first), Err(second)) => {
                    prop_assert!(!first.errors.is_empty());
                    prop_assert_eq!(first.errors, second.errors);
                }
                (first, second) => prop_assert!(false, "{:?} {:?}", first, second),
            }
            let read = TaskQuery { limit, ..Default::default() }.read(&user).expect("reads");
            prop_assert!((1..=100).contains(&read.size));
        }

        #[test]
        fn any_cursor_leads_on_or_is_refused(text in "\\PC{0,40}", value in any::<i64>(), id in any::<i64>()) {
            for sort in Sort::ALL {
                let _ = read_cursor(&text, sort);
                let cursor = Cursor::new([&sort.as_str(), &value, &id]).to_string();
                prop_assert_eq!(read_cursor(&cursor, sort), Ok(Some((value, id))));
            }
        }
    }

    #[test]
    fn the_address_holds_what_was_asked_for() {
        let query = TaskQuery {
            q: "键盘 a&b".into(),
            due: "today".into(),
            ..Default::default()
        };
        let href = query.href("/tasks");
        let (_, text) = href.split_once('?').expect("a query");
        assert_eq!(serde_urlencoded::from_str(text), Ok(query));
        assert_eq!(TaskQuery::default().href("/tasks"), "/tasks");
    }
}
