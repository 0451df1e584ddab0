//! Components shared by several pages of trials.

use super::access::Rights;
use super::{Study, StudyStatus, SubjectStatus};
use crate::i18n::t;
use crate::ui::{
    Badge, Breadcrumbs, FormScope, HiddenField, Icon, LinkButton, TabLinks, TextField, Tone,
    lang_of,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The values and labels of a list to choose from.
pub type Options = Vec<(String, String)>;

/// Returns a part of the page's address by its name.
pub fn in_path(name: &str) -> String {
    use_params_map()
        .read_untracked()
        .get(name)
        .unwrap_or_default()
}

/// Returns the address of a study's page, or of one below it.
pub fn study_path(code: &str, below: &str) -> String {
    match below {
        "" => format!("/trials/{code}"),
        below => format!("/trials/{code}/{below}"),
    }
}

/// Returns the address of the part of a study's audit trail that is about this record.
pub fn audit_path(code: &str, record: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("record", record);
    format!("{}?{}", study_path(code, "audit"), query.finish())
}

/// The heading of every page of a study: where it is, its code and title, and its tabs.
#[component]
pub fn StudyHead(
    study: Study,
    rights: Rights,
    /// The last part of the page's address: empty for the overview.
    here: &'static str,
    #[prop(optional_no_strip)] actions: Option<AnyView>,
) -> impl IntoView {
    let tabs = [
        ("", t!("trials-overview")),
        ("subjects", t!("trials-subjects")),
        ("readings", t!("trials-readings")),
        ("imports", t!("trials-imports")),
        ("audit", t!("trials-audit")),
        ("settings", t!("trials-settings")),
    ];
    let tabs = tabs
        .into_iter()
        .filter(|(below, _)| *below != "settings" || rights.manages());
    let tabs = tabs.map(|(below, label)| {
        (
            study_path(&study.code, below),
            label.to_owned(),
            below == here,
        )
    });
    let items = tabs.collect();
    let lang = lang_of(&study.title);
    view! {
        <Breadcrumbs trail=vec![("/trials".into(), t!("trials-trials").into())] here=study.code.clone() />
        <div class="page-head">
            <div>
                <h1 class="study-heading">
                    {study.code.clone()} <StudyBadge status=study.status />
                </h1>
                <p class="lead" lang=lang>
                    {study.title.clone()}
                </p>
            </div>
            {actions.map(|actions| view! { <div class="actions">{actions}</div> })}
        </div>
        <TabLinks label=t!("trials-views") items />
    }
}

#[component]
pub fn StudyBadge(status: StudyStatus) -> impl IntoView {
    let tone = match status {
        StudyStatus::Planned => Tone::Neutral,
        StudyStatus::Open => Tone::Info,
        StudyStatus::Closed => Tone::Good,
    };
    view! { <Badge tone>{status.label()}</Badge> }
}

#[component]
pub fn SubjectBadge(status: SubjectStatus) -> impl IntoView {
    let tone = match status {
        SubjectStatus::Screened => Tone::Neutral,
        SubjectStatus::Enrolled => Tone::Info,
        SubjectStatus::Completed => Tone::Good,
        SubjectStatus::Withdrawn => Tone::Warn,
    };
    view! { <Badge tone>{status.label()}</Badge> }
}

/// A description list of facts.
#[component]
pub fn Facts(facts: Vec<(&'static str, AnyView)>) -> impl IntoView {
    let facts = facts
        .into_iter()
        .map(|(name, value)| {
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                </div>
            }
        })
        .collect::<Vec<_>>();
    view! { <dl class="task-facts">{facts}</dl> }
}

/// The links to the files that a list is exported to.
#[component]
pub fn ExportLinks(
    /// The address of the files, without the end that says the format.
    path: String,
    /// The filters of the list, as its address has them.
    #[prop(into, optional)]
    query: String,
    /// The label of the one that a spreadsheet opens.
    #[prop(optional)]
    csv: Option<&'static str>,
) -> impl IntoView {
    let query = match query.as_str() {
        "" => String::new(),
        query => format!("?{query}"),
    };
    let csv = csv.unwrap_or_else(|| t!("trials-csv"));
    view! {
        <LinkButton href=format!("{path}.csv{query}") icon=Icon::External>
            {csv}
        </LinkButton>
        <LinkButton href=format!("{path}.jsonl{query}") icon=Icon::External>
            {t!("trials-json-lines")}
        </LinkButton>
    }
}

/// The enrolment of a study against its plan, as a bar and in words.
#[component]
pub fn EnrolmentMeter(enrolled: i64, planned: Option<i64>) -> impl IntoView {
    let words = match planned {
        Some(planned) => t!("trials-enrolled-of", enrolled = enrolled, planned = planned),
        None => t!("trials-enrolled-without-plan", enrolled = enrolled),
    };
    let bar = planned.map(|planned| {
        let label = words.clone();
        view! { <meter class="enrolment-bar" min="0" max=planned value=enrolled.min(planned) aria-label=label></meter> }
    });
    view! {
        <div class="enrolment">
            {bar}
            <span>{words}</span>
        </div>
    }
}

/// The field for the reason, which every change needs.
#[component]
pub fn ReasonField() -> impl IntoView {
    view! {
        <TextField
            name="reason"
            label=t!("trials-reason")
            hint=t!("trials-reason-hint")
            required=true
            maxlength=300_u32
            autocomplete="off"
        />
    }
}

/// The version that an edit is based on, kept when the form is refused for another reason.
#[component]
pub fn Version(version: String, seen: bool) -> impl IntoView {
    let version = match seen {
        true => version,
        false => FormScope::current().value("version", version),
    };
    view! { <HiddenField name="version" value=version /> }
}
