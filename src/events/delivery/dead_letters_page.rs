//! `/events/dead`: failed deliveries, for staff to retry or discard.

use super::Consumer;
use super::dead_letter_store::{DeadLetter, list_dead};
use crate::accounts::viewer;
use crate::error::AppError;
use crate::events::components::{EventTabs, Subject};
use crate::events::rules::MOST_DELIVERY_TRIES;
use crate::i18n::t;
use crate::server::{Cursor, PageOf, app, asked_cursor, page};
use crate::ui::{Button, ConfirmButton, Empty, Icon, PagedTable, Refused, When};
use leptos::prelude::*;
use leptos_meta::Title;

const ON_A_PAGE: i64 = 50;

/// `/events/dead?cursor=`
#[component]
pub fn DeadLettersPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let cursor = asked_cursor();
    page(async move {
        viewer.staff()?;
        let before = Cursor::before(&cursor)?;
        let mut conn = app.db.read().await?;
        let letters = list_dead(&mut conn, before, ON_A_PAGE + 1).await?;
        let letters = PageOf::from_rows(letters, ON_A_PAGE, |last| Cursor::new([&last.id]));
        let on_first_page = cursor.is_empty();
        Ok::<_, AppError>(view! { <DeadLetters letters on_first_page /> })
    })
}

#[component]
fn DeadLetters(letters: PageOf<DeadLetter>, on_first_page: bool) -> impl IntoView {
    let PageOf { items, next_cursor } = letters;
    let rows = items
        .into_iter()
        .map(|letter| view! { <LetterRow letter /> }.into_any())
        .collect();
    let head = vec![
        t!("events-when"),
        t!("events-event"),
        t!("events-about"),
        t!("events-dead-recipient"),
        t!("events-dead-error"),
        t!("events-actions"),
    ];
    let none = view! {
        <Empty icon=Icon::CheckCircle title=t!("events-dead-none")>
            <p>{t!("events-dead-none-advice")}</p>
        </Empty>
    };
    view! {
        <Title text=t!("events-dead") />
        <div class="page-head">
            <div>
                <h1>{t!("events-dead")}</h1>
                <p class="lead">{t!("events-dead-lead", count = MOST_DELIVERY_TRIES)}</p>
            </div>
        </div>
        <EventTabs here="/events/dead" />
        <Refused action="/retry" />
        <Refused action="/discard" />
        <PagedTable
            caption=t!("events-dead")
            class="events"
            head
            dense=true
            rows
            address="/events/dead"
            on_first_page
            next_cursor
            label=t!("events-dead-pages")
            none=none.into_any()
        />
    }
}

#[component]
fn LetterRow(letter: DeadLetter) -> impl IntoView {
    let recipient = letter.recipient();
    let to = match letter.consumer().and_then(Consumer::webhook) {
        Some(webhook) => {
            let href = format!("/webhooks/{webhook}");
            view! { <a href=href>{recipient}</a> }.into_any()
        }
        None => recipient.into_any(),
    };
    let retry = format!("/events/dead/{}/retry", letter.id);
    let discard = format!("/events/dead/{}/discard", letter.id);
    let tries = t!("events-dead-tries", count = letter.tries);
    view! {
        <tr>
            <td data-label=t!("events-when")>
                <When at=letter.at />
            </td>
            <td data-label=t!("events-event")>
                <code>{letter.topic}</code>
            </td>
            <td data-label=t!("events-about")>
                <Subject subject=letter.subject />
            </td>
            <td class="event-address" data-label=t!("events-dead-recipient")>
                <span>{to}</span>
            </td>
            <td class="event-why" data-label=t!("events-dead-error")>
                <span>{letter.last_error} " " <span class="muted">{tries}</span></span>
            </td>
            <td class="event-actions">
                <form method="post" action=retry>
                    <Button small=true>{t!("events-send-again")}</Button>
                </form>
                <ConfirmButton
                    action=discard
                    label=t!("events-discard")
                    title=t!("events-dead-discard-title")
                    message=t!("events-dead-discard-message")
                    confirm_label=t!("events-discard")
                    small=true
                />
            </td>
        </tr>
    }
}
