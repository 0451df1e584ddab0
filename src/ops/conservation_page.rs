//! `/ops/conservation`: live meters of the conservation check.

use super::conservation::{FOLDED, read_conservation};
use super::islands::LiveMeters;
use crate::accounts::viewer;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{app, page};
use crate::ui::Command;
use leptos::prelude::*;
use leptos_meta::Title;

/// Returns the command palette entries for staff.
pub fn staff_places() -> Vec<Command> {
    vec![Command::new(
        t!("ops-conservation"),
        "/ops/conservation",
        t!("ops-operations"),
    )]
}

#[component]
pub fn ConservationPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    page(async move {
        viewer.staff()?;
        let first = read_conservation(&app).await?.meters();
        Ok::<_, AppError>(view! {
            <Title text=t!("ops-conservation") />
            <div class="page-head">
                <div>
                    <h1>{t!("ops-conservation")}</h1>
                    <p class="lead">{t!("ops-conservation-lead")}</p>
                </div>
            </div>
            <LiveMeters
                first
                again=t!("ops-measure-again").to_owned()
                pause=t!("ops-pause").to_owned()
                resume=t!("ops-resume").to_owned()
            />
            <p class="muted">
                {t!("ops-replayed-here", count = FOLDED)} " "
                <code>"guildhall verify orders"</code> " · " <code>"guildhall verify ledger"</code>
            </p>
        })
    })
}
