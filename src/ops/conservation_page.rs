//! `/ops/conservation`: the proof, while it happens.

use super::conservation::read_conservation;
use super::islands::LiveMeters;
use crate::accounts::viewer;
use crate::error::AppError;
use crate::server::{app, page};
use crate::ui::Command;
use leptos::prelude::*;
use leptos_meta::Title;

/// Where staff of the console want to be quickly, for the palette.
pub fn staff_places() -> Vec<Command> {
    vec![Command::new(
        "Conservation",
        "/ops/conservation",
        "Operations",
    )]
}

#[component]
pub fn ConservationPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    page(async move {
        viewer.staff()?;
        let first = read_conservation(&app).await?.meters();
        Ok::<_, AppError>(view! {
            <Title text="Conservation" />
            <div class="page-head">
                <div>
                    <h1>"Conservation"</h1>
                    <p class="lead">
                        "Nothing is lost and nothing comes from nowhere: counted again from what happened, and compared with what is written."
                    </p>
                </div>
            </div>
            <LiveMeters first />
            <p class="muted">
                "The newest 500 orders are folded again here. "<code>"guildhall verify orders"</code>
                " and "<code>"guildhall verify ledger"</code>" work out everything again and name what differs."
            </p>
        })
    })
}
