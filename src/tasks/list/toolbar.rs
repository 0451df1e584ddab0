//! The filters above a list or a board.

use super::filter::TaskQuery;
use crate::accounts::{User, list_people};
use crate::i18n::t;
use crate::server::Conn;
use crate::tasks::{Board, Due, Priority, Sort};
use crate::ui::{
    Button, CheckField, Filters, Form, HiddenField, Icon, LinkButton, SelectField, TextField,
};
use leptos::prelude::*;

/// The value and the label of each choice.
pub type Options = Vec<(String, String)>;

/// The maximum number of people in a list to choose from.
const MOST_PEOPLE: i64 = 300;

fn option(value: impl ToString, words: impl ToString) -> (String, String) {
    (value.to_string(), words.to_string())
}

/// Returns the people `user` can assign a task to, themselves first.
pub async fn assignable(conn: &mut Conn, user: &User) -> sqlx::Result<Options> {
    let mut options = vec![option(
        user.id,
        t!("tasks-person-me", name = user.name.as_str()),
    )];
    if user.role.is_staff() {
        let people = list_people(conn, MOST_PEOPLE).await?;
        let others = people.into_iter().filter(|person| person.id != user.id);
        options.extend(others.map(|person| option(person.id, person.name)));
    }
    Ok(options)
}

/// Returns all columns of these boards, each key once.
pub fn column_options(boards: &[Board]) -> Options {
    let mut options: Options = Vec::new();
    for column in boards.iter().flat_map(|board| &board.columns) {
        if options.iter().all(|(key, _)| *key != column.key) {
            options.push(option(&column.key, column.shown()));
        }
    }
    options
}

pub fn board_options(boards: &[Board]) -> Options {
    let options = boards
        .iter()
        .map(|board| option(board.id, board.name.shown()));
    options.collect()
}

pub fn priority_options() -> Options {
    let all = Priority::ALL.into_iter().rev();
    all.map(|priority| option(priority.as_str(), priority.label()))
        .collect()
}

fn with_any(words: &str, options: Options) -> Options {
    std::iter::once(option("", words)).chain(options).collect()
}

/// The filter form with its choices. Empty lists of choices are left out.
#[component]
pub fn TaskFilters(
    path: String,
    query: TaskQuery,
    boards: Options,
    columns: Options,
    /// `None` if the list is one person's.
    people: Option<Options>,
    /// True if done tasks are hidden unless asked for.
    hides_done: bool,
    #[prop(default = true)] sorts: bool,
) -> impl IntoView {
    let clear = TaskQuery {
        view: query.view.clone(),
        ..Default::default()
    };
    let clear = query.narrows().then(|| clear.href(&path));
    let due = Due::ALL.map(|due| option(due.as_str(), due.label())).into();
    let sort = Sort::ALL.map(|sort| option(sort.as_str(), sort.label()));
    let people = people.map(|people| {
        // The viewer comes first, and is `me` here.
        let people = people.into_iter().skip(1);
        let people = [
            option("me", t!("tasks-filter-me")),
            option("none", t!("tasks-nobody")),
        ]
        .into_iter()
        .chain(people)
        .collect();
        with_any(t!("tasks-filter-anybody"), people)
    });
    let (narrowing, any) = (query.narrowing(), t!("tasks-filter-any"));
    view! {
        <Filters narrowing>
            <Form action=path method="get" class="filters-form" id="filter">
                {(!query.view.is_empty()).then(|| view! { <HiddenField name="view" value=query.view /> })}
                <TextField name="q" label=t!("tasks-filter-text") kind="search" value=query.q />
                {(!boards.is_empty())
                    .then(|| {
                        view! { <SelectField name="board_id" label=t!("tasks-board") value=query.board_id options=with_any(any, boards) /> }
                    })}
                {(!columns.is_empty())
                    .then(|| {
                        view! { <SelectField name="status" label=t!("tasks-column") value=query.status options=with_any(any, columns) /> }
                    })}
                {people
                    .map(|options| view! { <SelectField name="assignee_id" label=t!("tasks-assignee") value=query.assignee_id options /> })}
                <SelectField name="priority" label=t!("tasks-priority") value=query.priority options=with_any(any, priority_options()) />
                <TextField name="label" label=t!("tasks-filter-label") value=query.label maxlength=30_u32 />
                <SelectField name="due" label=t!("tasks-due") value=query.due options=with_any(t!("tasks-filter-any-time"), due) />
                {sorts.then(|| view! { <SelectField name="sort" label=t!("tasks-filter-sort") value=query.sort options=sort.into() /> })}
                {hides_done
                    .then(|| view! { <CheckField name="done" label=t!("tasks-filter-done") value="show" checked=query.done == "show" /> })}
                <div class="actions">
                    <Button icon=Icon::Filter>{t!("tasks-filter")}</Button>
                    {clear.map(|href| view! { <LinkButton href>{t!("tasks-clear")}</LinkButton> })}
                </div>
            </Form>
        </Filters>
    }
}
