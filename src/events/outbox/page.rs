//! `/events`: the outbox, newest first, with the deliveries of each event; for staff.

use super::store::{OutboxEvent, list_delivery_states, list_outbox};
use crate::accounts::viewer;
use crate::error::AppError;
use crate::events::components::{Data, EventTabs, StateBadge, Subject};
use crate::events::delivery::{Consumer, DeliveryState};
use crate::i18n::t;
use crate::server::{Conn, Cursor, PageOf, app, asked_cursor, page};
use crate::ui::{Empty, Icon, PagedTable, When};
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
    let rows = items
        .into_iter()
        .map(|event| {
            let deliveries = deliveries
                .iter()
                .filter(|delivery| delivery.seq == event.seq);
            let deliveries = deliveries
                .map(|delivery| (delivery.consumer.clone(), delivery.state))
                .collect();
            view! { <EventRow event deliveries /> }.into_any()
        })
        .collect();
    let head = vec![
        t!("events-number"),
        t!("events-when"),
        t!("events-event"),
        t!("events-about"),
        t!("events-deliveries"),
    ];
    let none = view! {
        <Empty icon=Icon::List title=t!("events-outbox-none")>
            <p>{t!("events-outbox-none-advice")}</p>
        </Empty>
    };
    view! {
        <Title text=t!("events-outbox") />
        <div class="page-head">
            <div>
                <h1>{t!("events-outbox")}</h1>
                <p class="lead">{t!("events-outbox-lead")}</p>
            </div>
        </div>
        <EventTabs here="/events" />
        <PagedTable
            caption=t!("events-title")
            class="events"
            head
            num=&[0]
            dense=true
            rows
            address="/events"
            on_first_page
            next_cursor
            label=t!("events-outbox-pages")
            none=none.into_any()
        />
    }
}

#[component]
fn EventRow(event: OutboxEvent, deliveries: Vec<(String, DeliveryState)>) -> impl IntoView {
    let deliveries = match (event.dispatched_at, deliveries.is_empty()) {
        (None, _) => t!("events-outbox-undispatched").into_any(),
        (Some(_), true) => {
            view! { <span class="muted">{t!("events-outbox-no-subscriber")}</span> }.into_any()
        }
        (Some(_), false) => deliveries
            .into_iter()
            .map(|(consumer, state)| {
                let of = consumer
                    .parse::<Consumer>()
                    .map_or(consumer, Consumer::short_label);
                view! { <StateBadge state of /> }
            })
            .collect::<Vec<_>>()
            .into_any(),
    };
    view! {
        <tr>
            <td class="num" data-label=t!("events-number")>{event.seq}</td>
            <td data-label=t!("events-when")>
                <When at=event.at />
            </td>
            <td class="event-what">
                <code>{event.topic}</code>
                <Data json=event.data label=t!("events-outbox-data") />
            </td>
            <td data-label=t!("events-about")>
                <Subject subject=event.subject />
            </td>
            <td data-label=t!("events-deliveries")>
                <span class="event-told">{deliveries}</span>
            </td>
        </tr>
    }
}
