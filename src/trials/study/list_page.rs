//! `/trials`: the studies in which the viewer has a role.

use super::store::{StudyLine, list_studies};
use crate::accounts::viewer;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{Cursor, PageOf, app, asked_cursor, page};
use crate::trials::components::{EnrolmentMeter, StudyBadge, study_path};
use crate::trials::{Study, StudyRole};
use crate::ui::{ButtonKind, Empty, Icon, LinkButton, PagedTable, gap, lang_of};
use leptos::prelude::*;
use leptos_meta::Title;

const ON_A_PAGE: i64 = 50;

/// `/trials?cursor=`
#[component]
pub fn StudiesPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let cursor = asked_cursor();
    page(async move {
        let user = viewer.person()?;
        let after = Cursor::after(&cursor)?;
        let mut conn = app.db.read().await?;
        let admin = user.role.is_admin();
        let lines = list_studies(&mut conn, user.id, admin, after, ON_A_PAGE + 1).await?;
        let lines = lines.into_iter().map(StudyLine::into_parts).collect();
        let studies = PageOf::from_rows(lines, ON_A_PAGE, |(study, ..): &(Study, _, _)| {
            Cursor::new([&study.id])
        });
        Ok::<_, AppError>(view! { <Studies studies admin on_first_page=cursor.is_empty() /> })
    })
}

#[component]
fn Studies(
    studies: PageOf<(Study, Option<StudyRole>, i64)>,
    admin: bool,
    on_first_page: bool,
) -> impl IntoView {
    let PageOf { items, next_cursor } = studies;
    let rows = items
        .into_iter()
        .map(|(study, role, enrolled)| view! { <StudyRow study role enrolled /> }.into_any())
        .collect();
    let head = vec![
        t!("trials-code"),
        t!("trials-title"),
        t!("trials-status"),
        t!("trials-enrolment"),
        t!("trials-your-role"),
    ];
    view! {
        <Title text=t!("trials-trials") />
        <div class="page-head">
            <h1>{t!("trials-trials")}</h1>
            {admin
                .then(|| {
                    view! {
                        <LinkButton href="/trials/new" icon=Icon::Plus kind=ButtonKind::Primary>
                            {t!("trials-new")}
                        </LinkButton>
                    }
                })}
        </div>
        <PagedTable
            caption=t!("trials-trials")
            head
            dense=true
            rows
            address="/trials"
            on_first_page
            next_cursor
            label=t!("trials-pages")
            none=view! { <NoStudies admin /> }.into_any()
        />
    }
}

#[component]
fn StudyRow(study: Study, role: Option<StudyRole>, enrolled: i64) -> impl IntoView {
    let role = role.map_or_else(|| t!("trials-role-admin"), StudyRole::label);
    let lang = lang_of(&study.title);
    view! {
        <tr>
            <th scope="row">
                <a href=study_path(&study.code, "")>{study.code.clone()}</a>
            </th>
            <td data-label=t!("trials-title") lang=lang>
                {study.title.clone()}
            </td>
            <td data-label=t!("trials-status")>
                <StudyBadge status=study.status />
            </td>
            <td data-label=t!("trials-enrolment")>
                <EnrolmentMeter enrolled planned=study.planned />
            </td>
            <td data-label=t!("trials-your-role")>{role}</td>
        </tr>
    }
}

#[component]
fn NoStudies(admin: bool) -> impl IntoView {
    if admin {
        return view! {
            <Empty icon=Icon::List title=t!("trials-empty")>
                <p>{t!("trials-empty-admin")} {gap()} <a href="/trials/new">{t!("trials-empty-new")}</a></p>
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty icon=Icon::List title=t!("trials-empty")>
            <p>{t!("trials-empty-advice")}</p>
        </Empty>
    }
    .into_any()
}
