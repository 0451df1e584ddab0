//! `/webhooks/{id}`: one subscriber, what was sent to it, and what can be changed; for staff.

use super::list_page::{WebhookFields, state};
use super::log::DeliveryLog;
use super::manage::{OLD_SECRET_HOURS, no_such_webhook, read_webhook};
use super::store::{LoggedDelivery, Webhook, list_deliveries};
use crate::accounts::viewer;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::server::pages::Revealed;
use crate::server::{Cursor, IdempotencyKey, PageOf, app, asked_cursor, page};
use crate::ui::{
    Alert, Breadcrumbs, Button, ButtonKind, ConfirmButton, Form, FormScope, HiddenField, Icon,
    Originals, Refused, Tone, When, is_stale,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

const ON_A_PAGE: i64 = 25;

/// `/webhooks/{id}?cursor=`
#[component]
pub fn WebhookPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let id = use_params_map().read_untracked().get("id");
    let cursor = asked_cursor();
    page(async move {
        viewer.staff()?;
        let id = id
            .and_then(|id| id.parse().ok())
            .ok_or_else(no_such_webhook)?;
        let before = Cursor::before(&cursor)?;
        let mut conn = app.db.read().await?;
        let webhook = read_webhook(&mut conn, id).await?;
        let deliveries = list_deliveries(&mut conn, id, before, ON_A_PAGE + 1).await?;
        let deliveries = PageOf::from_rows(deliveries, ON_A_PAGE, |last| Cursor::new([&last.id]));
        let (on_first_page, now) = (cursor.is_empty(), app.clock.now());
        Ok::<_, AppError>(view! { <WebhookView webhook deliveries on_first_page now /> })
    })
}

#[component]
fn WebhookView(
    webhook: Webhook,
    deliveries: PageOf<LoggedDelivery>,
    on_first_page: bool,
    now: Timestamp,
) -> impl IntoView {
    let title = format!("Webhook {}", webhook.id);
    view! {
        <Title text=title.clone() />
        <Breadcrumbs trail=vec![("/webhooks".into(), "Webhooks".into())] here=title.clone() />
        <div class="page-head">
            <div>
                <h1>{title}</h1>
                <p class="lead event-address">{webhook.url.clone()}</p>
                <p class="event-told">
                    {state(&webhook)} <code>{webhook.events.clone()}</code>
                    <span class="muted">{webhook.description.clone()}</span>
                </p>
            </div>
            <PauseButton webhook=webhook.clone() />
        </div>
        <Refused action="/redeliver" />
        <Refused action="/rotate" />
        <Secret />
        <Paused webhook=webhook.clone() />
        <DeliveryLog webhook=webhook.id deliveries on_first_page />
        <Settings webhook now />
    }
}

/// The secret, on the one answer that has it.
#[component]
fn Secret() -> impl IntoView {
    let Revealed(secret) = use_context()?;
    Some(view! {
        <section class="token-once stack" aria-labelledby="secret-title">
            <h2 id="secret-title">"Its secret"</h2>
            <p>
                <code>{secret}</code>
            </p>
            <p>
                "Give it to the other side now, for it to verify our messages with, as Standard Webhooks has it. It is not shown again."
            </p>
        </section>
    })
}

#[component]
fn Paused(webhook: Webhook) -> impl IntoView {
    let at = webhook.paused_at?;
    Some(view! {
        <Alert tone=Tone::Warn title="Paused">
            {webhook.paused_because} " Since " <When at />
            ", what happens waits for it, and goes out when you resume."
        </Alert>
    })
}

#[component]
fn PauseButton(webhook: Webhook) -> impl IntoView {
    let (step, label) = match webhook.paused_at {
        None => ("pause", "Pause"),
        Some(_) => ("resume", "Resume"),
    };
    let action = format!("{}/{step}", webhook.path());
    view! {
        <form method="post" action=action>
            <Button>{label}</Button>
        </form>
    }
}

#[component]
fn Settings(webhook: Webhook, now: Timestamp) -> impl IntoView {
    let path = webhook.path();
    view! {
        <section class="settings-section">
            <div class="settings-head">
                <h2>"What it is told"</h2>
                <p>"A change counts for what happens from now on."</p>
            </div>
            <ChangeForm webhook=webhook.clone() />
        </section>
        <section class="settings-section">
            <div class="settings-head">
                <h2>"Secret"</h2>
                <p>"It signs every message. Change it when somebody may know it who should not."</p>
            </div>
            <div class="stack">
                <OldSecret webhook now />
                <div class="actions">
                    <ConfirmButton
                        action=format!("{path}/rotate")
                        label="Change the secret"
                        title="Change the secret?"
                        message=format!(
                            "You are shown a new one. The present one signs as well for {OLD_SECRET_HOURS} hours more, and until then it cannot be changed again.",
                        )
                        confirm_label="Change it"
                        kind=ButtonKind::Secondary
                        icon=Icon::Key
                        hidden=vec![("once".to_owned(), IdempotencyKey::new_key())]
                    />
                </div>
            </div>
        </section>
        <section class="settings-section">
            <div class="settings-head">
                <h2>"End it"</h2>
                <p>"To stop for a while, pause it."</p>
            </div>
            <div class="actions">
                <ConfirmButton
                    action=format!("{path}/delete")
                    label="Delete"
                    title="Delete this webhook?"
                    message="Nothing more is sent to it, not even what waits. Its log goes as well. This cannot be undone."
                    confirm_label="Delete the webhook"
                />
            </div>
        </section>
    }
}

#[component]
fn OldSecret(webhook: Webhook, now: Timestamp) -> impl IntoView {
    let until = webhook.old_secret_until.filter(|until| *until > now)?;
    Some(view! {
        <p>"The secret before this one signs as well until " <When at=until /> ". It can be changed again after that."</p>
    })
}

#[component]
fn ChangeForm(webhook: Webhook) -> impl IntoView {
    let action = webhook.path();
    let fields = vec![
        ("url", webhook.url.clone()),
        ("events", webhook.events.clone()),
        ("description", webhook.description.clone()),
    ];
    let stale = is_stale(&action, &fields);
    let theirs = stale.then(|| {
        let words = format!(
            "It is {} with the events {} now. Below is what you typed, and theirs where you changed nothing: save it over theirs, or not.",
            webhook.url, webhook.events
        );
        view! {
            <Alert tone=Tone::Warn title="Somebody was quicker">
                {words}
            </Alert>
        }
    });
    view! {
        <div class="stack">
            {theirs}
            <Form action>
                <Version present=webhook.version stale />
                <Originals fields seen=stale />
                <WebhookFields url=webhook.url events=webhook.events description=webhook.description />
                <div class="actions">
                    <Button>"Save"</Button>
                </div>
            </Form>
        </div>
    }
}

/// The version the form starts from: after somebody was quicker theirs, after any other refusal still
/// the one it started from.
#[component]
fn Version(present: i64, stale: bool) -> impl IntoView {
    let present = present.to_string();
    let value = match stale {
        true => present,
        false => FormScope::current().value("version", present),
    };
    view! { <HiddenField name="version" value /> }
}
