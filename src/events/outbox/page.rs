//! `/events`: the outbox, newest first, with the deliveries of each event; for staff.

use super::store::{OutboxEvent, list_delivery_states, list_outbox};
use crate::accounts::viewer;
use crate::error::AppError;
use crate::events::components::{Data, EventTabs, StateBadge, Subject};
use crate::events::delivery::{Consumer, DeliveryState};
use crate::server::{Conn, Cursor, PageOf, app, asked_cursor, page};
use crate::ui::{Empty, Icon, Pager, Table, When};
use leptos::prelude::*;
use leptos_meta::Title;

const ON_A_PAGE: i64 = 50;

/// The delivery of an event to one of its consumers.
struct EventDelivery {
    seq: i64,
    consumer: String,
    state: DeliveryState,
}

/// `/events?cursor=`
#[component]
pub fn OutboxPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let cursor = asked_cursor();
    page(async move {
        viewer.staff()?;
        let before = Cursor::before(&cursor)?;
        let mut conn = app.db.read().await?;
        let events = list_outbox(&mut conn, before, ON_A_PAGE + 1).await?;
        let events = PageOf::from_rows(events, ON_A_PAGE, |last| Cursor::new([&last.seq]));
        let deliveries = list_deliveries(&mut conn, &events.items).await?;
        let on_first_page = cursor.is_empty();
        Ok::<_, AppError>(view! { <Outbox events deliveries on_first_page /> })
    })
}

async fn list_deliveries(
    conn: &mut Conn,
    events: &[OutboxEvent],
) -> sqlx::Result<Vec<EventDelivery>> {
    let (Some(newest), Some(oldest)) = (events.first(), events.last()) else {
        return Ok(Vec::new());
    };
    let rows = list_delivery_states(conn, oldest.seq, newest.seq).await?;
    let deliveries = |(seq, consumer, state)| EventDelivery {
        seq,
        consumer,
        state,
    };
    Ok(rows.into_iter().map(deliveries).collect())
}

#[component]
fn Outbox(
    events: PageOf<OutboxEvent>,
    deliveries: Vec<EventDelivery>,
    on_first_page: bool,
) -> impl IntoView {
    let PageOf { items, next_cursor } = events;
    let next = next_cursor.map(|cursor| format!("/events?cursor={cursor}"));
    let first = (!on_first_page).then(|| "/events".to_owned());
    let shown = items.len();
    let rows = items
        .into_iter()
        .map(|event| {
            let deliveries = deliveries
                .iter()
                .filter(|delivery| delivery.seq == event.seq);
            let deliveries = deliveries
                .map(|delivery| (delivery.consumer.clone(), delivery.state))
                .collect();
            view! { <EventRow event deliveries /> }
        })
        .collect::<Vec<_>>();
    view! {
        <Title text="Outbox" />
        <div class="page-head">
            <div>
                <h1>"Outbox"</h1>
                <p class="lead">"What happened, in order, and who was told of it."</p>
            </div>
        </div>
        <EventTabs here="Outbox" />
        {if shown == 0 {
            view! {
                <Empty icon=Icon::List title="Nothing has happened yet">
                    <p>"Orders, changes of stock and transfers are listed here as they happen."</p>
                </Empty>
            }
                .into_any()
        } else {
            view! {
                <Table
                    caption="Events"
                    class="events"
                    head=vec!["No.", "When", "Event", "About", "Told"]
                    dense=true
                    stack=true
                >
                    {rows}
                </Table>
                <Pager first next shown label="Pages of events" />
            }
                .into_any()
        }}
    }
}

#[component]
fn EventRow(event: OutboxEvent, deliveries: Vec<(String, DeliveryState)>) -> impl IntoView {
    let deliveries = match (event.dispatched_at, deliveries.is_empty()) {
        (None, _) => "About to be told".into_any(),
        (Some(_), true) => view! { <span class="muted">"Nobody asked"</span> }.into_any(),
        (Some(_), false) => deliveries
            .into_iter()
            .map(|(consumer, state)| {
                let of = consumer
                    .parse::<Consumer>()
                    .map_or(consumer, |consumer| consumer.short_label());
                view! { <StateBadge state of /> }
            })
            .collect::<Vec<_>>()
            .into_any(),
    };
    view! {
        <tr>
            <td data-label="No.">{event.seq}</td>
            <td data-label="When">
                <When at=event.at />
            </td>
            <td class="event-what">
                <code>{event.topic}</code>
                <Data json=event.data label="Data" />
            </td>
            <td data-label="About">
                <Subject subject=event.subject />
            </td>
            <td data-label="EventDelivery">
                <span class="event-told">{deliveries}</span>
            </td>
        </tr>
    }
}
