//! `/confirm-address`: confirms an address by the link from its first mail.
//!
//! Opening the link changes nothing, since mail servers open links by themselves; the button confirms.

use crate::accounts::address_store::{confirm_by_token, find_by_token};
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{App, Posted, app, done, page};
use crate::ui::{Button, ButtonKind, Flash, Form, HiddenField, Icon, LinkButton};
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use serde::Deserialize;

const PATH: &str = "/confirm-address";

pub fn confirm_router() -> Router<App> {
    Router::new().route(PATH, post(confirm_form))
}

/// Returns the confirmation link of this token.
pub fn link_of(base: &str, token: &str) -> String {
    format!("{base}{PATH}?token={token}")
}

/// `/confirm-address?token=`
#[component]
pub fn ConfirmAddressPage() -> impl IntoView {
    let app = app();
    let token = use_query_map().get_untracked().get("token");
    page(async move {
        let token = token.unwrap_or_default();
        let mut conn = app.db.read().await?;
        let found = find_by_token(&mut conn, &token).await?;
        let (address, confirmed) = found.ok_or_else(no_such_link)?;
        Ok::<_, AppError>(view! { <Confirm token address confirmed /> })
    })
}

fn no_such_link() -> AppError {
    AppError {
        message: t!("events-confirm-unknown").to_owned(),
        ..AppError::not_found("link")
    }
}

#[component]
fn Confirm(token: String, address: String, confirmed: bool) -> impl IntoView {
    let inside = if confirmed {
        view! {
            <p class="lead">{t!("events-confirm-done", address = address)}</p>
            <LinkButton href="/">{t!("events-confirm-to-shop")}</LinkButton>
        }
        .into_any()
    } else {
        view! {
            <p class="lead">{t!("events-confirm-question", address = address)}</p>
            <Form action=PATH>
                <HiddenField name="token" value=token />
                <Button kind=ButtonKind::Primary icon=Icon::Check>
                    {t!("events-confirm-yes")}
                </Button>
            </Form>
            <p class="muted">{t!("events-confirm-no")}</p>
        }
        .into_any()
    };
    view! {
        <Title text=t!("events-confirm-title") />
        <div class="page-narrow">
            <h1>{t!("events-confirm-title")}</h1>
            {inside}
        </div>
    }
}

#[derive(Deserialize)]
struct ConfirmForm {
    token: String,
}

async fn confirm_form(
    State(app): State<App>,
    Posted(form): Posted<ConfirmForm>,
) -> Result<Response, AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    if !confirm_by_token(&mut tx, &form.token, now).await? {
        return Err(no_such_link());
    }
    tx.commit().await?;
    let said = Flash::good(t!("events-confirm-said"));
    Ok(done(&link_of("", &form.token), said))
}
