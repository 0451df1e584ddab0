//! The filters above a list or a board.

use super::filter::TaskQuery;
use crate::accounts::{User, list_people};
use crate::server::Conn;
use crate::tasks::{Board, Due, Priority, Sort};
use crate::ui::{
    Button, CheckField, Filters, Form, HiddenField, Icon, LinkButton, SelectField, TextField,
};
use leptos::prelude::*;

/// Value and words of each choice.
pub type Options = Vec<(String, String)>;

/// How many people a list to choose from holds.
const MOST_PEOPLE: i64 = 300;

fn option(value: impl ToString, words: impl ToString) -> (String, String) {
    (value.to_string(), words.to_string())
}

/// Whom `user` can give a task to, themselves first.
pub async fn assignable(conn: &mut Conn, user: &User) -> sqlx::Result<Options> {
    let mut options = vec![option(user.id, format!("{} (me)", user.name))];
    if user.role.is_staff() {
        let people = list_people(conn, MOST_PEOPLE).await?;
        let others = people.into_iter().filter(|person| person.id != user.id);
        options.extend(others.map(|person| option(person.id, person.name)));
    }
    Ok(options)
}

/// Every column there is on these boards, each key once.
pub fn column_options(boards: &[Board]) -> Options {
    let mut options: Options = Vec::new();
    for column in boards.iter().flat_map(|board| &board.columns) {
        if options.iter().all(|(key, _)| *key != column.key) {
            options.push(option(&column.key, &column.name));
        }
    }
    options
}

pub fn board_options(boards: &[Board]) -> Options {
    let options = boards.iter().map(|board| option(board.id, &board.name));
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

/// What the filters are and what there is to choose from. Empty lists of choices are left out.
#[component]
pub fn TaskFilters(
    path: String,
    query: TaskQuery,
    boards: Options,
    columns: Options,
    /// Left out where the list is one person's.
    people: Option<Options>,
    /// Whether done tasks are hidden unless asked for.
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
        let people = people
            .into_iter()
            .filter(|(_, name)| !name.ends_with(" (me)"));
        let people = [option("me", "Me"), option("none", "Nobody")]
            .into_iter()
            .chain(people)
            .collect();
        with_any("Anybody", people)
    });
    let narrowing = query.narrowing();
    view! {
        <Filters narrowing>
            <Form action=path method="get" class="filters-form" id="filter">
                {(!query.view.is_empty()).then(|| view! { <HiddenField name="view" value=query.view /> })}
                <TextField name="q" label="Text" kind="search" value=query.q />
                {(!boards.is_empty())
                    .then(|| {
                        view! { <SelectField name="board_id" label="Board" value=query.board_id options=with_any("Any", boards) /> }
                    })}
                {(!columns.is_empty())
                    .then(|| {
                        view! { <SelectField name="status" label="Column" value=query.status options=with_any("Any", columns) /> }
                    })}
                {people
                    .map(|options| view! { <SelectField name="assignee_id" label="Assignee" value=query.assignee_id options /> })}
                <SelectField name="priority" label="Priority" value=query.priority options=with_any("Any", priority_options()) />
                <TextField name="label" label="Label" value=query.label maxlength=30_u32 />
                <SelectField name="due" label="Due" value=query.due options=with_any("Any time", due) />
                {sorts.then(|| view! { <SelectField name="sort" label="Sort by" value=query.sort options=sort.into() /> })}
                {hides_done
                    .then(|| view! { <CheckField name="done" label="Show done" value="show" checked=query.done == "show" /> })}
                <div class="actions">
                    <Button icon=Icon::Filter>"Filter"</Button>
                    {clear.map(|href| view! { <LinkButton href>"Clear"</LinkButton> })}
                </div>
            </Form>
        </Filters>
    }
}
