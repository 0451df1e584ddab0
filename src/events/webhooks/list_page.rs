//! `/webhooks`: the subscribers, and the form for a new one; for staff.

use super::store::{Webhook, list_webhooks};
use crate::accounts::viewer;
use crate::error::AppError;
use crate::events::components::EventTabs;
use crate::events::rules::TOPICS;
use crate::i18n::t;
use crate::server::{Cursor, IdempotencyKey, PageOf, app, asked_cursor, page};
use crate::ui::{
    Badge, Breadcrumbs, Button, ButtonKind, Empty, Form, HiddenField, Icon, LinkButton, PagedTable,
    TextField, Tone,
};
use leptos::prelude::*;
use leptos_meta::Title;

const ON_A_PAGE: i64 = 50;

/// `/webhooks?cursor=`
#[component]
pub fn WebhooksPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let cursor = asked_cursor();
    page(async move {
        viewer.staff()?;
        let after = Cursor::after(&cursor)?;
        let mut conn = app.db.read().await?;
        let webhooks = list_webhooks(&mut conn, after, ON_A_PAGE + 1).await?;
        let webhooks = PageOf::from_rows(webhooks, ON_A_PAGE, |last| Cursor::new([&last.id]));
        let on_first_page = cursor.is_empty();
        Ok::<_, AppError>(view! { <Webhooks webhooks on_first_page /> })
    })
}

#[component]
fn Webhooks(webhooks: PageOf<Webhook>, on_first_page: bool) -> impl IntoView {
    let PageOf { items, next_cursor } = webhooks;
    let head = vec![
        t!("events-webhook-address"),
        t!("events-note"),
        t!("events-webhook-events"),
        t!("events-state"),
    ];
    let rows = items
        .into_iter()
        .map(|webhook| view! { <WebhookRow webhook /> }.into_any())
        .collect();
    let none = view! {
        <Empty icon=Icon::External title=t!("events-webhooks-none")>
            <p>{t!("events-webhooks-none-advice")}</p>
        </Empty>
    };
    view! {
        <Title text=t!("events-webhooks") />
        <div class="page-head">
            <div>
                <h1>{t!("events-webhooks")}</h1>
                <p class="lead">{t!("events-webhooks-lead")}</p>
            </div>
            <LinkButton href="/webhooks/new" icon=Icon::Plus>
                {t!("events-webhook-new")}
            </LinkButton>
        </div>
        <EventTabs here="/webhooks" />
        <PagedTable
            caption=t!("events-webhooks")
            class="events"
            head
            rows
            address="/webhooks"
            on_first_page
            next_cursor
            label=t!("events-webhooks-pages")
            none=none.into_any()
        />
    }
}

#[component]
fn WebhookRow(webhook: Webhook) -> impl IntoView {
    let href = webhook.path();
    let state = state(&webhook);
    let note = (!webhook.description.is_empty()).then_some(webhook.description);
    view! {
        <tr>
            <th scope="row" class="event-address">
                <a href=href>{webhook.url}</a>
            </th>
            <td data-label=t!("events-note")>{note}</td>
            <td class="event-filter" data-label=t!("events-webhook-events")>
                <code>{webhook.events}</code>
            </td>
            <td data-label=t!("events-state")>{state}</td>
        </tr>
    }
}

/// Renders a badge: active or paused.
pub fn state(webhook: &Webhook) -> impl IntoView + use<> {
    let (tone, word) = match webhook.paused_at {
        None => (Tone::Good, t!("events-webhook-active")),
        Some(_) => (Tone::Warn, t!("events-webhook-paused")),
    };
    view! { <Badge tone>{word}</Badge> }
}

/// `/webhooks/new`
#[component]
pub fn NewWebhookPage() -> impl IntoView {
    let viewer = viewer();
    page(async move {
        viewer.staff()?;
        Ok::<_, AppError>(view! {
            <Title text=t!("events-webhook-new") />
            <div class="page-narrow">
                <Breadcrumbs trail=vec![("/webhooks".into(), t!("events-webhooks").into())] here=t!("events-webhook-new") />
                <h1>{t!("events-webhook-new")}</h1>
                <p class="lead">{t!("events-webhook-new-lead")}</p>
                <Form action="/webhooks/new">
                    <HiddenField name="idempotency_key" value=IdempotencyKey::new_key() />
                    <WebhookFields url=String::new() events="order.*".to_owned() description=String::new() />
                    <div class="actions">
                        <Button kind=ButtonKind::Primary icon=Icon::Plus>
                            {t!("events-webhook-create")}
                        </Button>
                        <LinkButton href="/webhooks">{t!("ui-cancel")}</LinkButton>
                    </div>
                </Form>
            </div>
        })
    })
}

/// The form fields of a subscriber.
#[component]
pub fn WebhookFields(url: String, events: String, description: String) -> impl IntoView {
    let topics = TOPICS
        .iter()
        .map(|topic| {
            view! {
                <li>
                    <code>{*topic}</code>
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <TextField
            name="url"
            label=t!("events-webhook-address")
            kind="url"
            value=url
            hint=t!("events-webhook-address-hint")
            required=true
            maxlength=500_u32
            autocomplete="off"
        />
        <TextField
            name="events"
            label=t!("events-webhook-events")
            value=events
            hint=t!("events-webhook-filter-hint")
            required=true
            maxlength=1000_u32
            autocomplete="off"
        />
        <details class="event-topics">
            <summary>{t!("events-webhook-topics")}</summary>
            <ul>{topics}</ul>
        </details>
        <TextField
            name="description"
            label=t!("events-webhook-note")
            value=description
            maxlength=200_u32
            autocomplete="off"
        />
    }
}
