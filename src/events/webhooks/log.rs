//! The delivery log of a webhook on its page.

use super::attempt_store::Attempt;
use super::store::LoggedDelivery;
use crate::clock::Timestamp;
use crate::events::components::{StateBadge, Subject};
use crate::events::delivery::DeliveryState;
use crate::i18n::t;
use crate::server::PageOf;
use crate::ui::{Badge, Button, Empty, Icon, PagedTable, Tone, When};
use leptos::prelude::*;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

const CLOCK: &[BorrowedFormatItem<'_>] = format_description!("[hour]:[minute]");

#[component]
pub fn DeliveryLog(
    webhook: i64,
    paused: bool,
    deliveries: PageOf<LoggedDelivery>,
    on_first_page: bool,
) -> impl IntoView {
    let PageOf { items, next_cursor } = deliveries;
    let head = vec![
        t!("events-when"),
        t!("events-event"),
        t!("events-about"),
        t!("events-state"),
        t!("events-deliveries-tries"),
        t!("events-actions"),
    ];
    let rows = items
        .into_iter()
        .map(|delivery| view! { <DeliveryRow webhook paused delivery /> }.into_any())
        .collect();
    let none = view! {
        <Empty icon=Icon::Clock title=t!("events-deliveries-none")>
            <p>{t!("events-deliveries-none-advice")}</p>
        </Empty>
    };
    view! {
        <section class="delivery-log" aria-labelledby="deliveries-title">
            <h2 id="deliveries-title">{t!("events-deliveries")}</h2>
            <PagedTable
                caption=t!("events-deliveries-latest")
                class="events"
                head
                dense=true
                rows
                address=format!("/webhooks/{webhook}")
                on_first_page
                next_cursor
                label=t!("events-deliveries-pages")
                none=none.into_any()
            />
        </section>
    }
}

#[component]
fn DeliveryRow(webhook: i64, paused: bool, delivery: LoggedDelivery) -> impl IntoView {
    let action = format!("/webhooks/{webhook}/deliveries/{}/redeliver", delivery.id);
    let label = match delivery.state {
        DeliveryState::Waiting => t!("events-send-now"),
        _ => t!("events-send-again"),
    };
    let state = match delivery.next_try().filter(|_| !paused) {
        Some(at) => view! { <Badge tone=Tone::Warn>{retrying(at)}</Badge> }.into_any(),
        None => view! { <StateBadge state=delivery.state /> }.into_any(),
    };
    view! {
        <tr>
            <td data-label=t!("events-when")>
                <When at=delivery.created_at />
            </td>
            <td data-label=t!("events-event")>
                <code>{delivery.topic}</code>
            </td>
            <td data-label=t!("events-about")>
                <Subject subject=delivery.subject />
            </td>
            <td data-label=t!("events-state")>
                {state}
            </td>
            <td class="event-what">
                <Attempts attempts=delivery.attempts />
            </td>
            <td class="event-actions">
                <form method="post" action=action>
                    <Button small=true>{label}</Button>
                </form>
            </td>
        </tr>
    }
}

#[component]
fn Attempts(attempts: Vec<Attempt>) -> impl IntoView {
    let Some(last) = attempts.first().map(how_it_went) else {
        return view! { <span class="muted">{t!("events-delivery-untried")}</span> }.into_any();
    };
    let count = match attempts.len() {
        1 => last,
        count => t!("events-delivery-tries", last = last, count = count),
    };
    let items = attempts
        .into_iter()
        .map(|attempt| {
            let how = how_it_went(&attempt);
            let answer =
                (!attempt.answer.is_empty()).then(|| view! { <pre>{attempt.answer}</pre> });
            view! {
                <li>
                    <p>
                        <When at=attempt.at /> " "
                        {t!("events-delivery-attempt", how = how, took = attempt.milliseconds)} " "
                        {attempt.error}
                    </p>
                    {answer}
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <details class="event-data">
            <summary>{count}</summary>
            <ol>{items}</ol>
        </details>
    }
    .into_any()
}

/// Labels the next try with its time of day, which is enough: it is within a day.
fn retrying(at: Timestamp) -> String {
    let clock = at.date_time().format(CLOCK).unwrap_or_default();
    t!("events-delivery-retrying", at = clock)
}

fn how_it_went(attempt: &Attempt) -> String {
    match attempt.status {
        Some(status) => status.to_string(),
        None => t!("events-delivery-no-answer").to_owned(),
    }
}
