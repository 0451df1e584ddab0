//! `/webhooks/{id}`: one subscriber, its delivery log and its settings; for staff.

use super::list_page::{WebhookFields, state};
use super::log::DeliveryLog;
use super::manage::{OLD_SECRET_HOURS, no_such_webhook, read_webhook};
use super::store::{LoggedDelivery, Webhook, list_deliveries};
use crate::accounts::viewer;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::pages::Revealed;
use crate::server::{Cursor, IdempotencyKey, PageOf, app, asked_cursor, page};
use crate::ui::{
    Alert, Breadcrumbs, Button, ButtonKind, ConfirmButton, Form, FormScope, HiddenField, Icon,
    Originals, Refused, Tone, is_stale, moment,
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
    let title = t!("events-webhook-title", id = webhook.id.to_string());
    view! {
        <Title text=title.clone() />
        <Breadcrumbs trail=vec![("/webhooks".into(), t!("events-webhooks").into())] here=title.clone() />
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
        <DeliveryLog
            webhook=webhook.id
            paused=webhook.paused_at.is_some()
            deliveries
            on_first_page
        />
        <Settings webhook now />
    }
}

/// The secret, in the only response that contains it.
#[component]
fn Secret() -> impl IntoView {
    let Revealed(secret) = use_context()?;
    Some(view! {
        <section class="token-once stack" aria-labelledby="secret-title">
            <h2 id="secret-title">{t!("events-secret")}</h2>
            <p>
                <code>{secret}</code>
            </p>
            <p>{t!("events-secret-once")}</p>
        </section>
    })
}

#[component]
fn Paused(webhook: Webhook) -> impl IntoView {
    let at = webhook.paused_at?;
    Some(view! {
        <Alert tone=Tone::Warn title=t!("events-webhook-paused")>
            {t!("events-webhook-paused-since", because = webhook.paused_because, at = moment(at))}
        </Alert>
    })
}

#[component]
fn PauseButton(webhook: Webhook) -> impl IntoView {
    let (step, label) = match webhook.paused_at {
        None => ("pause", t!("events-webhook-pause")),
        Some(_) => ("resume", t!("events-webhook-resume")),
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
                <h2>{t!("events-webhook-events")}</h2>
                <p>{t!("events-webhook-events-hint")}</p>
            </div>
            <ChangeForm webhook=webhook.clone() />
        </section>
        <section class="settings-section">
            <div class="settings-head">
                <h2>{t!("events-secret")}</h2>
                <p>{t!("events-secret-hint")}</p>
            </div>
            <div class="stack">
                <OldSecret webhook now />
                <div class="actions">
                    <ConfirmButton
                        action=format!("{path}/rotate")
                        label=t!("events-secret-change")
                        title=t!("events-secret-change-title")
                        message=t!("events-secret-change-message", hours = OLD_SECRET_HOURS)
                        confirm_label=t!("events-secret-change")
                        kind=ButtonKind::Secondary
                        icon=Icon::Key
                        hidden=vec![("idempotency_key".to_owned(), IdempotencyKey::new_key())]
                    />
                </div>
            </div>
        </section>
        <section class="settings-section">
            <div class="settings-head">
                <h2>{t!("events-webhook-delete")}</h2>
                <p>{t!("events-webhook-delete-hint")}</p>
            </div>
            <div class="actions">
                <ConfirmButton
                    action=format!("{path}/delete")
                    label=t!("events-webhook-delete")
                    title=t!("events-webhook-delete-title")
                    message=t!("events-webhook-delete-message")
                    confirm_label=t!("events-webhook-delete")
                />
            </div>
        </section>
    }
}

#[component]
fn OldSecret(webhook: Webhook, now: Timestamp) -> impl IntoView {
    let until = webhook.old_secret_until.filter(|until| *until > now)?;
    Some(view! {
        <p>{t!("events-secret-old", until = moment(until))}</p>
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
        let words = t!(
            "events-webhook-stale",
            url = webhook.url.as_str(),
            events = webhook.events.as_str()
        );
        view! {
            <Alert tone=Tone::Warn title=t!("events-webhook-stale-title")>
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
                    <Button>{t!("events-webhook-save")}</Button>
                </div>
            </Form>
        </div>
    }
}

/// The version that the form is based on: the present one after a conflict, and the submitted one
/// after any other refusal.
#[component]
fn Version(present: i64, stale: bool) -> impl IntoView {
    let present = present.to_string();
    let value = match stale {
        true => present,
        false => FormScope::current().value("version", present),
    };
    view! { <HiddenField name="version" value /> }
}
