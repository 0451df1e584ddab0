//! The visits on a subject's page, and the missed ones on the study's.

use super::rules::{Visit, VisitState, Window, day_of, midnight};
use super::store::{MissedRow, count_missed, list_missed, list_visits, list_visits_of};
use crate::clock::Timestamp;
use crate::i18n::t;
use crate::number::count;
use crate::server::Conn;
use crate::trials::components::study_path;
use crate::trials::{Subject, SubjectStatus};
use crate::ui::{Badge, Table, Tone, When, lang_of};
use leptos::prelude::*;

/// The missed visits on the study's page; the others are one click away.
const FIRST: i64 = 10;

/// A visit of one subject.
#[derive(Clone, Debug)]
pub struct SubjectVisit {
    pub visit: Visit,
    pub window: Window,
    pub state: VisitState,
    /// The time of the first reading in the window.
    pub done_at: Option<Timestamp>,
}

/// Returns a subject's visits by day; none before it is enrolled.
pub async fn read_visits(
    conn: &mut Conn,
    subject: &Subject,
    now: Timestamp,
) -> sqlx::Result<Vec<SubjectVisit>> {
    let Some(enrolled_at) = subject.enrolled_at else {
        return Ok(Vec::new());
    };
    let (study, enrolled_on) = (subject.study_id, day_of(enrolled_at));
    let visits = list_visits_of(conn, study, subject.id, enrolled_on).await?;
    let expected = subject.status != SubjectStatus::Withdrawn;
    let visits = visits.into_iter().map(|(visit, done_at)| {
        let window = visit.window(enrolled_at);
        SubjectVisit {
            state: VisitState::of(window, now, done_at.is_some(), expected),
            window,
            visit,
            done_at,
        }
    });
    Ok(visits.collect())
}

/// A visit that a subject has missed.
#[derive(Clone, Debug)]
pub struct MissedVisit {
    pub subject: i64,
    pub number: String,
    pub visit: Visit,
    pub window: Window,
}

impl From<MissedRow> for MissedVisit {
    fn from(row: MissedRow) -> Self {
        let (subject, number, enrolled_at, visit) = row.into_parts();
        Self {
            window: visit.window(enrolled_at),
            subject,
            number,
            visit,
        }
    }
}

/// The missed visits of a study: how many there are, and the first of them.
#[derive(Clone, Debug)]
pub struct Missed {
    count: i64,
    first: Vec<MissedVisit>,
}

/// Reads the missed visits of a study; `None` if it plans none.
pub async fn read_missed(
    conn: &mut Conn,
    study: i64,
    now: Timestamp,
) -> sqlx::Result<Option<Missed>> {
    if list_visits(conn, study).await?.is_empty() {
        return Ok(None);
    }
    let today = day_of(now);
    let first = list_missed(conn, study, today, (0, 0), FIRST).await?;
    Ok(Some(Missed {
        count: count_missed(conn, study, today).await?,
        first: first.into_iter().map(MissedVisit::from).collect(),
    }))
}

/// The days of a window.
#[component]
fn Days(window: Window) -> impl IntoView {
    let Window { first, last } = window;
    let until = (first < last).then(|| {
        view! {
            " – "
            <When at=midnight(last) date_only=true />
        }
    });
    view! {
        <span>
            <When at=midnight(first) date_only=true />
            {until}
        </span>
    }
}

#[component]
fn StateBadge(state: VisitState) -> impl IntoView {
    let tone = match state {
        VisitState::Upcoming | VisitState::NotExpected => Tone::Neutral,
        VisitState::Due => Tone::Info,
        VisitState::Done => Tone::Good,
        VisitState::Missed => Tone::Bad,
    };
    view! { <Badge tone>{state.label()}</Badge> }
}

/// The visits of a subject, if its study plans any and it is enrolled.
#[component]
pub fn SubjectVisits(visits: Vec<SubjectVisit>) -> impl IntoView {
    if visits.is_empty() {
        return None;
    }
    let head = vec![
        t!("trials-visit"),
        t!("trials-visit-window"),
        t!("trials-status"),
        t!("trials-reading"),
    ];
    let rows = visits
        .into_iter()
        .map(|it| {
            let lang = lang_of(&it.visit.name);
            let done = it.done_at.map(|at| view! { <When at /> });
            view! {
                <tr>
                    <th scope="row" lang=lang>
                        {it.visit.name}
                    </th>
                    <td data-label=t!("trials-visit-window")>
                        <Days window=it.window />
                    </td>
                    <td data-label=t!("trials-status")>
                        <StateBadge state=it.state />
                    </td>
                    <td data-label=t!("trials-reading")>{done}</td>
                </tr>
            }
        })
        .collect::<Vec<_>>();
    Some(view! {
        <section class="subject-visits">
            <h2>{t!("trials-visits")}</h2>
            <Table caption=t!("trials-visits") head dense=true stack=true>
                {rows}
            </Table>
        </section>
    })
}

/// The columns of a table of missed visits.
pub fn missed_head() -> Vec<&'static str> {
    vec![
        t!("trials-subject"),
        t!("trials-visit"),
        t!("trials-visit-window"),
    ]
}

/// A row of a table of missed visits.
#[component]
pub fn MissedVisitRow(
    /// The code of the study.
    code: String,
    missed: MissedVisit,
) -> impl IntoView {
    let href = study_path(&code, &format!("subjects/{}", missed.number));
    let lang = lang_of(&missed.visit.name);
    view! {
        <tr>
            <th scope="row">
                <a href=href>{missed.number}</a>
            </th>
            <td data-label=t!("trials-visit") lang=lang>
                {missed.visit.name}
            </td>
            <td data-label=t!("trials-visit-window")>
                <Days window=missed.window />
            </td>
        </tr>
    }
}

/// The missed visits on the study's page.
#[component]
pub fn MissedVisits(
    /// The code of the study.
    code: String,
    missed: Missed,
) -> impl IntoView {
    let Missed { count: all, first } = missed;
    let more = all > first.len() as i64;
    let list = study_path(&code, "missed-visits");
    let shown = match first.is_empty() {
        true => view! { <p class="muted">{t!("trials-visits-none-missed")}</p> }.into_any(),
        false => {
            let rows = first
                .into_iter()
                .map(|missed| view! { <MissedVisitRow code=code.clone() missed /> })
                .collect::<Vec<_>>();
            view! {
                <Table caption=t!("trials-visits-missed") head=missed_head() dense=true stack=true>
                    {rows}
                </Table>
            }
            .into_any()
        }
    };
    let all = more.then(|| {
        view! {
            <p>
                <a href=list>{t!("trials-visits-all-missed", missed = count(all))}</a>
            </p>
        }
    });
    view! {
        <section class="study-missed">
            <h2>{t!("trials-visits-missed")}</h2>
            {shown}
            {all}
        </section>
    }
}
