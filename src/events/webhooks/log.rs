//! The delivery log of a webhook on its page.

use super::attempt_store::Attempt;
use super::store::LoggedDelivery;
use crate::events::components::{StateBadge, Subject};
use crate::events::delivery::DeliveryState;
use crate::server::PageOf;
use crate::ui::{Button, Empty, Icon, Pager, Table, When};
use leptos::prelude::*;

#[component]
pub fn DeliveryLog(
    webhook: i64,
    deliveries: PageOf<LoggedDelivery>,
    on_first_page: bool,
) -> impl IntoView {
    let path = format!("/webhooks/{webhook}");
    let PageOf { items, next_cursor } = deliveries;
    let next = next_cursor.map(|cursor| format!("{path}?cursor={cursor}"));
    let first = (!on_first_page).then_some(path);
    let shown = items.len();
    let rows = items
        .into_iter()
        .map(|delivery| view! { <DeliveryRow webhook delivery /> })
        .collect::<Vec<_>>();
    view! {
        <section class="delivery-log" aria-labelledby="deliveries-title">
            <h2 id="deliveries-title">"Deliveries"</h2>
            {if shown == 0 {
                view! {
                    <Empty icon=Icon::Clock title="Nothing was sent yet">
                        <p>"What it asked for is sent as soon as it happens, and listed here."</p>
                    </Empty>
                }
                    .into_any()
            } else {
                view! {
                    <Table
                        caption="Latest deliveries"
                        class="events"
                        head=vec!["When", "Event", "About", "State", "Tries", "Send again"]
                        dense=true
                        stack=true
                    >
                        {rows}
                    </Table>
                    <Pager first next shown label="Pages of deliveries" />
                }
                    .into_any()
            }}
        </section>
    }
}

#[component]
fn DeliveryRow(webhook: i64, delivery: LoggedDelivery) -> impl IntoView {
    let action = format!("/webhooks/{webhook}/deliveries/{}/redeliver", delivery.id);
    let label = match delivery.state {
        DeliveryState::Waiting => "Send now",
        _ => "Send again",
    };
    view! {
        <tr>
            <td data-label="When">
                <When at=delivery.created_at />
            </td>
            <td data-label="Event">
                <code>{delivery.topic}</code>
            </td>
            <td data-label="About">
                <Subject subject=delivery.subject />
            </td>
            <td data-label="State">
                <StateBadge state=delivery.state />
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
        return view! { <span class="muted">"Not tried yet"</span> }.into_any();
    };
    let count = match attempts.len() {
        1 => last,
        count => format!("{last}, after {count} tries"),
    };
    let items = attempts
        .into_iter()
        .map(|attempt| {
            let how = how_it_went(&attempt);
            let answer = (!attempt.answer.is_empty()).then(|| view! { <pre>{attempt.answer}</pre> });
            view! {
                <li>
                    <p>
                        <When at=attempt.at /> ": " {how} {format!(" in {} ms. ", attempt.milliseconds)}
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

fn how_it_went(attempt: &Attempt) -> String {
    match attempt.status {
        Some(status) => status.to_string(),
        None => "No answer".to_owned(),
    }
}
