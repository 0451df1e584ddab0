//! `/webhooks`: the subscribers, and the form for a new one; for staff.

use super::store::{Webhook, list_webhooks};
use crate::accounts::viewer;
use crate::error::AppError;
use crate::events::components::EventTabs;
use crate::events::rules::TOPICS;
use crate::server::{Cursor, IdempotencyKey, PageOf, app, asked_cursor, page};
use crate::ui::{
    Badge, Breadcrumbs, Button, ButtonKind, Empty, Form, HiddenField, Icon, LinkButton, Pager,
    Table, TextField, Tone,
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
    let next = next_cursor.map(|cursor| format!("/webhooks?cursor={cursor}"));
    let first = (!on_first_page).then(|| "/webhooks".to_owned());
    let shown = items.len();
    let rows = items
        .into_iter()
        .map(|webhook| view! { <WebhookRow webhook /> })
        .collect::<Vec<_>>();
    view! {
        <Title text="Webhooks" />
        <div class="page-head">
            <div>
                <h1>"Webhooks"</h1>
                <p class="lead">"Other programs that are told what happens here, as it happens."</p>
            </div>
            <LinkButton href="/webhooks/new" icon=Icon::Plus>
                "New webhook"
            </LinkButton>
        </div>
        <EventTabs here="Webhooks" />
        {if shown == 0 {
            view! {
                <Empty icon=Icon::External title="Nobody is told yet">
                    <p>"Register the address of a program, and it gets a signed message for every event it asks for."</p>
                </Empty>
            }
                .into_any()
        } else {
            view! {
                <Table
                    caption="Webhooks"
                    class="events"
                    head=vec!["Address", "For whom", "Events", "State"]
                    stack=true
                >
                    {rows}
                </Table>
                <Pager first next shown label="Pages of webhooks" />
            }
                .into_any()
        }}
    }
}

#[component]
fn WebhookRow(webhook: Webhook) -> impl IntoView {
    let href = webhook.path();
    let state = state(&webhook);
    view! {
        <tr>
            <th scope="row" class="event-address">
                <a href=href>{webhook.url}</a>
            </th>
            <td data-label="For whom">{webhook.description}</td>
            <td class="event-filter" data-label="Events">
                <code>{webhook.events}</code>
            </td>
            <td data-label="State">{state}</td>
        </tr>
    }
}

/// Whether it is told of what happens.
pub fn state(webhook: &Webhook) -> impl IntoView + use<> {
    let (tone, word) = match webhook.paused_at {
        None => (Tone::Good, "active"),
        Some(_) => (Tone::Warn, "paused"),
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
            <Title text="New webhook" />
            <div class="page-narrow">
                <Breadcrumbs trail=vec![("/webhooks".into(), "Webhooks".into())] here="New" />
                <h1>"New webhook"</h1>
                <p class="lead">"The next page shows the secret that our messages are signed with, once."</p>
                <Form action="/webhooks/new">
                    <HiddenField name="once" value=IdempotencyKey::new_key() />
                    <WebhookFields url=String::new() events="order.*".to_owned() description=String::new() />
                    <div class="actions">
                        <Button kind=ButtonKind::Primary icon=Icon::Plus>
                            "Register"
                        </Button>
                        <LinkButton href="/webhooks">"Cancel"</LinkButton>
                    </div>
                </Form>
            </div>
        })
    })
}

/// What is said of a subscriber.
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
            label="Address"
            kind="url"
            value=url
            hint="Where we send to: https://example.com/hooks"
            required=true
            maxlength=500_u32
            autocomplete="off"
        />
        <TextField
            name="events"
            label="Events"
            value=events
            hint="* for all, order.* for all of orders, or topics such as order.paid, with spaces between."
            required=true
            maxlength=1000_u32
            autocomplete="off"
        />
        <details class="event-topics">
            <summary>"All topics"</summary>
            <ul>{topics}</ul>
        </details>
        <TextField
            name="description"
            label="For whom"
            value=description
            hint="For your colleagues; it is not sent."
            maxlength=200_u32
            autocomplete="off"
        />
    }
}
