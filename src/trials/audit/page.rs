//! `/trials/{code}/audit`: the audit trail of a study.

use super::entry::{Entry, field_name, record_name, value_name};
use super::store::{AuditFilter, find_end, list_entries};
use crate::accounts::{find_names, viewer};
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{Conn, Cursor, PageOf, app, page};
use crate::trials::Study;
use crate::trials::access::{Rights, visible_study_called};
use crate::trials::components::{ExportLinks, StudyHead, audit_path, in_path, study_path};
use crate::ui::{Empty, Icon, Pager, Table, When, gap, lang_of};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

const ON_A_PAGE: i64 = 100;

/// An entry as people read it.
#[derive(Clone, Debug)]
pub struct Described {
    entry: Entry,
    /// Whoever made the change; `None` if the program did.
    who: Option<String>,
    record: String,
}

/// Looks up the names of the people in these entries.
pub async fn describe(conn: &mut Conn, entries: Vec<Entry>) -> sqlx::Result<Vec<Described>> {
    let member =
        |entry: &Entry| -> Option<i64> { entry.record.strip_prefix("member/")?.parse().ok() };
    let mut people: Vec<i64> = entries.iter().filter_map(|it| it.user_id).collect();
    people.extend(entries.iter().filter_map(member));
    people.sort_unstable();
    people.dedup();
    let names = find_names(conn, &people).await?;
    let described = entries.into_iter().map(|entry| Described {
        who: entry.user_id.and_then(|id| names.get(&id).cloned()),
        record: match member(&entry).and_then(|id| names.get(&id)) {
            Some(name) => name.clone(),
            None => record_name(&entry.record),
        },
        entry,
    });
    Ok(described.collect())
}

/// `/trials/{code}/audit?record=&cursor=`
#[component]
pub fn AuditPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let code = in_path("code");
    let query = use_query_map().get_untracked();
    let record = query.get("record").unwrap_or_default();
    let cursor = query.get("cursor").unwrap_or_default();
    page(async move {
        let user = viewer.person()?;
        let before = Cursor::before(&cursor)?;
        let mut conn = app.db.read().await?;
        let (study, rights) = visible_study_called(&mut conn, user, &code).await?;
        let filter = AuditFilter {
            chain: study.id,
            record,
            before: Some(before),
        };
        let entries = list_entries(&mut conn, &filter, ON_A_PAGE + 1).await?;
        let entries = PageOf::from_rows(entries, ON_A_PAGE, |entry| Cursor::new([&entry.seq]));
        let end = find_end(&mut conn, study.id).await?;
        let next_cursor = entries.next_cursor;
        let entries = describe(&mut conn, entries.items).await?;
        let on_first_page = cursor.is_empty();
        Ok::<_, AppError>(view! {
            <Trail study rights record=filter.record entries next_cursor on_first_page end />
        })
    })
}

#[component]
fn Trail(
    study: Study,
    rights: Rights,
    record: String,
    entries: Vec<Described>,
    next_cursor: Option<String>,
    on_first_page: bool,
    /// The length of the trail and its last hash.
    end: (i64, String),
) -> impl IntoView {
    let path = study_path(&study.code, "audit");
    let address = match record.is_empty() {
        true => format!("{path}?"),
        false => format!("{}&", audit_path(&study.code, &record)),
    };
    let next = next_cursor.map(|cursor| format!("{address}cursor={cursor}"));
    let first = (!on_first_page).then(|| address.trim_end_matches(['?', '&']).to_owned());
    let shown = entries.len();
    let actions = view! { <ExportLinks path=path.clone() /> };
    let (length, hash) = end;
    let only = (!record.is_empty()).then(|| {
        let record = record_name(&record);
        view! {
            <p>
                {t!("trials-audit-only", record = record)} {gap()}
                <a href=path.clone()>{t!("trials-show-all")}</a>
            </p>
        }
    });
    let code = study.code.clone();
    view! {
        <Title text=t!("trials-audit-of", study = code.as_str()) />
        <StudyHead study rights here="audit" actions=Some(actions.into_any()) />
        <p class="audit-end">
            <span>{t!("trials-audit-end", length = length)}</span>
            <code>{hash}</code>
        </p>
        {only}
        <AuditTable code entries with_record=true />
        <Pager first next shown label=t!("trials-pages") />
    }
}

/// The table of these entries, newest first.
#[component]
pub fn AuditTable(
    /// The code of the study.
    code: String,
    entries: Vec<Described>,
    /// True if they are about several records.
    with_record: bool,
) -> impl IntoView {
    if entries.is_empty() {
        return view! {
            <Empty icon=Icon::List title=t!("trials-audit-empty")>
                <p>{t!("trials-audit-empty-advice")}</p>
            </Empty>
        }
        .into_any();
    }
    let rows = entries
        .into_iter()
        .map(|entry| view! { <EntryRow code=code.clone() entry with_record /> })
        .collect::<Vec<_>>();
    let mut head = vec![
        t!("trials-audit-no"),
        t!("trials-audit-when"),
        t!("trials-audit-who"),
    ];
    if with_record {
        head.push(t!("trials-audit-record"));
    }
    head.extend([
        t!("trials-audit-field"),
        t!("trials-audit-change"),
        t!("trials-reason"),
    ]);
    view! {
        <Table caption=t!("trials-audit") class="audit-table" head num=&[0] dense=true stack=true>
            {rows}
        </Table>
    }
    .into_any()
}

#[component]
fn EntryRow(code: String, entry: Described, with_record: bool) -> impl IntoView {
    let Described { entry, who, record } = entry;
    let name = |value: Option<String>| value.map(|value| value_name(&entry.field, &value));
    let (old, new) = (name(entry.old.clone()), name(entry.new.clone()));
    let who = who.unwrap_or_else(|| "Guildhall".to_owned());
    let href = match entry.record.strip_prefix("subject/") {
        Some(number) => study_path(&code, &format!("subjects/{number}")),
        None => audit_path(&code, &entry.record),
    };
    let record = with_record.then(|| {
        view! {
            <td data-label=t!("trials-audit-record")>
                <a href=href>{record}</a>
            </td>
        }
    });
    let lang = lang_of(&entry.reason);
    view! {
        <tr>
            <td class="num" data-label=t!("trials-audit-no")>
                {entry.seq}
            </td>
            <td data-label=t!("trials-audit-when")>
                <When at=entry.at />
            </td>
            <td data-label=t!("trials-audit-who")>{who}</td>
            {record}
            <td data-label=t!("trials-audit-field")>{field_name(&entry.field)}</td>
            <td data-label=t!("trials-audit-change")>
                <Values old new />
            </td>
            <td data-label=t!("trials-reason") lang=lang>
                {(!entry.reason.is_empty()).then(|| entry.reason.clone())}
            </td>
        </tr>
    }
}

/// A value before a change and after it.
#[component]
fn Values(old: Option<String>, new: Option<String>) -> impl IntoView {
    let old = old.map(|old| {
        view! {
            <del>{old}</del>
            " "
        }
    });
    let new = match new {
        Some(new) => view! { <ins>{new}</ins> }.into_any(),
        None => view! { <span class="muted">{t!("trials-audit-removed")}</span> }.into_any(),
    };
    view! {
        <span class="audit-values">
            {old} {new}
        </span>
    }
}
