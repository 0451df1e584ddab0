//! Components shared by several task pages.

use super::task::Added;
use super::{Due, Priority, Task};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::t;
use crate::ui::{
    Alert, Flash, FormScope, HiddenField, Icon, IconView, Refusal, TabLinks, Tone, When, moment,
};
use leptos::prelude::*;

/// Returns the id of a task's card or row, which gets the focus again after a move.
pub fn task_anchor(id: i64) -> String {
    format!("task-{id}")
}

/// Returns the address of the page at `here`, at this task.
pub fn at_task(here: &str, id: i64) -> String {
    format!("{here}#{}", task_anchor(id))
}

/// Tabs: my tasks, all tasks, boards; `here` is the current address.
#[component]
pub fn TaskTabs(here: &'static str) -> impl IntoView {
    let items = [
        ("/tasks", t!("tasks-mine")),
        ("/tasks?view=all", t!("tasks-tab-all")),
        ("/boards", t!("tasks-boards")),
    ];
    let items = items
        .into_iter()
        .map(|(href, label)| (href.to_owned(), label.to_owned(), href == here))
        .collect();
    view! { <TabLinks label=t!("tasks-tasks") items /> }
}

#[component]
pub fn PriorityMark(priority: Priority) -> impl IntoView {
    let class = match priority {
        Priority::None => return None,
        Priority::Low => "priority priority-low",
        Priority::Medium => "priority priority-normal",
        Priority::High => "priority priority-high",
        Priority::Urgent => "priority priority-urgent",
    };
    Some(view! {
        <span class=class>
            <IconView icon=Icon::Flag />
            {priority.label()}
        </span>
    })
}

/// The due date; highlighted if it is past or near, unless the task is done.
#[component]
pub fn DueMark(task: Task, now: Timestamp) -> impl IntoView {
    let at = task.due_at?;
    let within = |due: Due| {
        due.span(now)
            .is_some_and(|(from, to)| from <= at && at < to)
    };
    let (class, icon, said) = if task.is_done() {
        ("due", Icon::Calendar, None)
    } else if within(Due::Overdue) {
        (
            "due due-late",
            Icon::Warning,
            Some(t!("tasks-due-overdue-said")),
        )
    } else if within(Due::Today) {
        (
            "due due-soon",
            Icon::Clock,
            Some(t!("tasks-due-today-said")),
        )
    } else {
        ("due", Icon::Calendar, None)
    };
    Some(view! {
        <span class=class>
            <IconView icon />
            {said.map(|said| view! { <span class="visually-hidden">{said}</span> })}
            <When at />
        </span>
    })
}

#[component]
pub fn TaskLabels(labels: Vec<String>) -> impl IntoView {
    if labels.is_empty() {
        return None;
    }
    let labels = labels
        .into_iter()
        .map(|label| {
            let class = format!("task-label task-label-{}", hue(&label));
            view! { <li class=class>{label}</li> }
        })
        .collect::<Vec<_>>();
    Some(view! { <ul class="task-card-labels">{labels}</ul> })
}

/// Returns one of eight hues, always the same for a label (FNV-1a).
fn hue(label: &str) -> u32 {
    let hash = label.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    hash % 8 + 1
}

/// Says why a small form without fields of its own, a move for example, was refused.
#[component]
pub fn Refused() -> impl IntoView {
    const SMALL: [&str; 6] = ["move", "complete", "assign", "delete", "restore", "remove"];
    let Refusal { action, error, .. } = use_context::<Refusal>()?;
    let last = action.rsplit('/').next().unwrap_or_default();
    if !SMALL.contains(&last) && !action.contains("/reopen/") {
        return None;
    }
    let AppError {
        message, errors, ..
    } = error;
    let faults = errors.into_values().collect::<Vec<_>>().join(" ");
    let message = if faults.is_empty() { message } else { faults };
    Some(view! {
        <Alert tone=Tone::Bad title=t!("tasks-refused")>
            {message}
        </Alert>
    })
}

/// The input that a task is created with. Goes inside a form of the class `quick-add`.
#[component]
pub fn QuickAddInput(#[prop(into)] label: String) -> impl IntoView {
    let scope = FormScope::current();
    let id = scope.id("title");
    let value = scope.value("title", String::new());
    let value = (!value.is_empty()).then_some(value);
    let invalid = scope.error("title").map(|_| "true");
    view! {
        <input
            id=id
            name="title"
            value=value
            required=true
            maxlength="200"
            autocomplete="off"
            placeholder=label.clone()
            aria-label=label
            aria-invalid=invalid
        />
    }
}

/// A form that moves, completes or the like: a hidden field for each name, and the button's content.
#[component]
pub fn ActForm(
    #[prop(into)] action: String,
    hidden: Vec<(&'static str, String)>,
    children: Children,
) -> impl IntoView {
    let hidden = hidden
        .into_iter()
        .map(|(name, value)| view! { <HiddenField name value /> })
        .collect::<Vec<_>>();
    view! {
        <form method="post" action=action>
            {hidden}
            {children()}
        </form>
    }
}

/// Returns the message that says what was understood of the line, with an undo.
pub fn said_of(added: &Added) -> Flash {
    let Added {
        task,
        place,
        assignee,
        left,
    } = added;
    let mut said = t!(
        "tasks-added",
        title = task.title.as_str(),
        place = place.as_str()
    );
    if task.priority != Priority::None {
        said += &format!(" · {}", task.priority.label());
    }
    for label in &task.labels {
        said += &format!(" · #{label}");
    }
    if let Some(name) = assignee {
        said += &format!(" · {}", t!("tasks-added-for", name = name.as_str()));
    }
    if let Some(at) = task.due_at {
        said += &format!(" · {}", t!("tasks-added-due", at = moment(at)));
    }
    for (name, why) in left {
        said += &format!(
            " · {}",
            t!("tasks-added-left", name = name.as_str(), why = *why)
        );
    }
    Flash::good(said).with_undo(format!("/tasks/{}/delete", task.id), t!("tasks-undo"))
}
