//! `/trials/{code}/missed-visits`: the visits whose windows have passed without a reading.

use super::rules::day_of;
use super::section::{MissedVisit, MissedVisitRow, missed_head};
use super::store::list_missed;
use crate::accounts::viewer;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{Cursor, PageOf, app, asked_cursor, page};
use crate::trials::Study;
use crate::trials::access::{Rights, visible_study_called};
use crate::trials::components::{StudyHead, in_path, study_path};
use crate::ui::{Empty, Icon, PagedTable};
use leptos::prelude::*;
use leptos_meta::Title;

const ON_A_PAGE: i64 = 50;

/// `/trials/{code}/missed-visits?cursor=`
#[component]
pub fn MissedVisitsPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let (code, cursor) = (in_path("code"), asked_cursor());
    page(async move {
        let user = viewer.person()?;
        let after = Cursor::numbers(&cursor)?.map_or((0, -1), |[subject, day]| (subject, day));
        let today = day_of(app.clock.now());
        let mut conn = app.db.read().await?;
        let (study, rights) = visible_study_called(&mut conn, user, &code).await?;
        let missed = list_missed(&mut conn, study.id, today, after, ON_A_PAGE + 1).await?;
        let missed = missed.into_iter().map(MissedVisit::from).collect();
        let missed = PageOf::from_rows(missed, ON_A_PAGE, |it: &MissedVisit| {
            Cursor::new([&it.subject, &it.visit.day])
        });
        let on_first_page = cursor.is_empty();
        Ok::<_, AppError>(view! { <MissedList study rights missed on_first_page /> })
    })
}

#[component]
fn MissedList(
    study: Study,
    rights: Rights,
    missed: PageOf<MissedVisit>,
    on_first_page: bool,
) -> impl IntoView {
    let code = study.code.clone();
    let PageOf { items, next_cursor } = missed;
    let rows = items
        .into_iter()
        .map(|missed| view! { <MissedVisitRow code=code.clone() missed /> }.into_any())
        .collect();
    let none = view! {
        <Empty icon=Icon::CheckCircle title=t!("trials-visits-missed-empty")>
            <p>{t!("trials-visits-none-missed")}</p>
        </Empty>
    };
    view! {
        <Title text=t!("trials-visits-missed-in", study = code.as_str()) />
        <StudyHead study rights here="missed-visits" />
        <h2>{t!("trials-visits-missed")}</h2>
        <PagedTable
            caption=t!("trials-visits-missed")
            head=missed_head()
            dense=true
            rows
            address=study_path(&code, "missed-visits")
            on_first_page
            next_cursor
            label=t!("trials-pages")
            none=none.into_any()
        />
    }
}
