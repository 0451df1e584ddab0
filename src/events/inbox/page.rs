//! `/webhooks/inbox`: incoming messages and their outcomes; for staff.

use super::store::{InboxMessage, InboxState, list_messages};
use crate::accounts::viewer;
use crate::error::AppError;
use crate::events::components::{Data, EventTabs, Subject};
use crate::i18n::t;
use crate::server::{Cursor, PageOf, app, page};
use crate::ui::{
    Badge, Button, ConfirmButton, Empty, Form, Icon, PagedTable, Refused, SelectField, Tone, When,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

const ON_A_PAGE: i64 = 50;
const PATH: &str = "/webhooks/inbox";

impl InboxState {
    /// Returns the label shown to people.
    fn label(self) -> &'static str {
        match self {
            Self::Waiting => t!("events-message-waiting"),
            Self::Applied => t!("events-message-applied"),
            Self::Parked => t!("events-message-parked"),
            Self::Discarded => t!("events-message-discarded"),
        }
    }

    const fn tone(self) -> Tone {
        match self {
            Self::Waiting => Tone::Info,
            Self::Applied => Tone::Good,
            Self::Parked => Tone::Bad,
            Self::Discarded => Tone::Neutral,
        }
    }
}

/// `/webhooks/inbox?state=&cursor=`
#[component]
pub fn InboxPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let query = use_query_map().get_untracked();
    // An unknown state filters nothing.
    let state = query.get("state").and_then(|word| word.parse().ok());
    let cursor = query.get("cursor").unwrap_or_default();
    page(async move {
        viewer.staff()?;
        let before = Cursor::before(&cursor)?;
        let mut conn = app.db.read().await?;
        let messages = list_messages(&mut conn, state, before, ON_A_PAGE + 1).await?;
        let messages = PageOf::from_rows(messages, ON_A_PAGE, |last| Cursor::new([&last.id]));
        let on_first_page = cursor.is_empty();
        Ok::<_, AppError>(view! { <Inbox state messages on_first_page /> })
    })
}

#[component]
fn Inbox(
    state: Option<InboxState>,
    messages: PageOf<InboxMessage>,
    on_first_page: bool,
) -> impl IntoView {
    let word = state.map_or("", InboxState::as_str);
    let PageOf { items, next_cursor } = messages;
    let rows = items
        .into_iter()
        .map(|message| view! { <MessageRow message /> }.into_any())
        .collect();
    let head = vec![
        t!("events-inbox-received"),
        t!("events-inbox-message"),
        t!("events-about"),
        t!("events-state"),
        t!("events-inbox-outcome"),
        t!("events-actions"),
    ];
    let (icon, title, advice) = match state {
        None => (
            Icon::List,
            t!("events-inbox-none"),
            t!("events-inbox-none-advice"),
        ),
        Some(_) => (
            Icon::Filter,
            t!("events-inbox-none-so"),
            t!("events-inbox-none-so-advice"),
        ),
    };
    let none = view! {
        <Empty icon title>
            <p>{advice}</p>
        </Empty>
    };
    view! {
        <Title text=t!("events-inbox") />
        <div class="page-head">
            <div>
                <h1>{t!("events-inbox")}</h1>
                <p class="lead">{t!("events-inbox-lead")}</p>
            </div>
        </div>
        <EventTabs here="/webhooks/inbox" />
        <Refused action="/retry" />
        <Refused action="/discard" />
        <Filter word />
        <PagedTable
            caption=t!("events-inbox-messages")
            class="events"
            head
            dense=true
            rows
            address=format!("{PATH}?state={word}")
            on_first_page
            next_cursor
            label=t!("events-inbox-pages")
            none=none.into_any()
        />
    }
}

#[component]
fn Filter(word: &'static str) -> impl IntoView {
    let all = (String::new(), t!("events-inbox-all").to_owned());
    let states = InboxState::ALL.map(|it| (it.as_str().to_owned(), it.label().to_owned()));
    let options = std::iter::once(all).chain(states).collect();
    view! {
        <Form action=PATH method="get" class="filters-form">
            <SelectField name="state" label=t!("events-state") value=word options />
            <div class="actions">
                <Button icon=Icon::Filter>{t!("events-inbox-filter")}</Button>
            </div>
        </Form>
    }
}

#[component]
fn MessageRow(message: InboxMessage) -> impl IntoView {
    let state = message.state;
    let from = message.source().map_or("", |source| source.label());
    let open = matches!(state, InboxState::Waiting | InboxState::Parked);
    view! {
        <tr>
            <td data-label=t!("events-inbox-received")>
                <When at=message.received_at />
            </td>
            <td class="event-what">
                <code>{message.topic}</code>
                {match message.body.as_str() {
                    "" => view! { <span class="muted">{t!("events-inbox-from-dropped", source = from)}</span> }
                        .into_any(),
                    _ => view! { <Data json=message.body label=t!("events-inbox-from", source = from) /> }.into_any(),
                }}
            </td>
            <td data-label=t!("events-about")>
                <Subject subject=message.subject />
            </td>
            <td data-label=t!("events-state")>
                <Badge tone=state.tone()>{state.label()}</Badge>
            </td>
            <td class="event-why" data-label=t!("events-inbox-outcome")>
                <span>{message.outcome}</span>
            </td>
            <td class="event-actions">{open.then(|| view! { <Decide id=message.id /> })}</td>
        </tr>
    }
}

#[component]
fn Decide(id: i64) -> impl IntoView {
    view! {
        <form method="post" action=format!("{PATH}/{id}/retry")>
            <Button small=true>{t!("events-inbox-retry")}</Button>
        </form>
        <ConfirmButton
            action=format!("{PATH}/{id}/discard")
            label=t!("events-discard")
            title=t!("events-inbox-discard-title")
            message=t!("events-inbox-discard-message")
            confirm_label=t!("events-discard")
            small=true
        />
    }
}
