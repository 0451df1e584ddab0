//! Packing lists, to be printed: one order's, or those of all orders in a state.

use super::components::{AddressView, StatusBadge};
use super::wording::count_things;
use crate::accounts::viewer;
use crate::error::AppError;
use crate::orders::checkout::number_of_page;
use crate::orders::history::find_order;
use crate::orders::list::{OrderFilter, list_found};
use crate::orders::order::Order;
use crate::orders::{Line, Status};
use crate::server::{app, page};
use crate::ui::{Alert, Breadcrumbs, Empty, Icon, TabLinks, Tone, When, lang_of};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// So many sheets at once: a morning's work, and no more than a printer holds.
const MOST_SHEETS: i64 = 50;

/// The states in which a packing list is of use.
const STATES: [Status; 3] = [Status::Placed, Status::Paid, Status::Packed];

/// `/orders/{number}/packing-list`
#[component]
pub fn PackingListPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let number = number_of_page();
    page(async move {
        let user = viewer.staff()?;
        let mut conn = app.db.read().await?;
        let order = find_order(&mut conn, user, &number).await?;
        Ok::<_, AppError>(view! { <OneList order /> })
    })
}

#[component]
fn OneList(order: Order) -> impl IntoView {
    let number = order.number.clone();
    let trail = vec![
        ("/orders/all".into(), "Orders".into()),
        (order.path(), number.clone()),
    ];
    view! {
        <Title text=format!("Packing list {number}") />
        <Breadcrumbs trail here="Packing list" />
        <div class="page-head">
            <h1>"Packing list"</h1>
        </div>
        <PrintHint />
        <Sheet order />
    }
}

/// `/orders/packing-lists?status=`
#[component]
pub fn PackingListsPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let status = use_query_map().get_untracked().get("status");
    let status = status.and_then(|word| word.parse().ok());
    let status = status.unwrap_or(Status::Paid);
    page(async move {
        viewer.staff()?;
        let filter = OrderFilter {
            status: Some(status),
            oldest_first: true,
            size: MOST_SHEETS,
            ..OrderFilter::default()
        };
        let mut conn = app.db.read().await?;
        let orders = list_found(&mut conn, &filter).await?;
        let more = orders.next_cursor.is_some();
        Ok::<_, AppError>(view! { <ManyLists orders=orders.items status more /> })
    })
}

#[component]
fn ManyLists(orders: Vec<Order>, status: Status, more: bool) -> impl IntoView {
    let tab = |of: Status| {
        let href = format!("/orders/packing-lists?status={of}");
        (href, of.label().to_owned(), of == status)
    };
    let tabs = STATES.map(tab).into();
    let none = orders.is_empty();
    let sheets = orders
        .into_iter()
        .map(|order| view! { <Sheet order /> })
        .collect::<Vec<_>>();
    let state = status.label().to_lowercase();
    view! {
        <Title text="Packing lists" />
        <Breadcrumbs trail=vec![("/orders/all".into(), "Orders".into())] here="Packing lists" />
        <div class="page-head">
            <h1>"Packing lists"</h1>
        </div>
        <TabLinks label="Packing lists of orders that are" items=tabs />
        {if none {
            view! {
                <Empty icon=Icon::CheckCircle title="Nothing to pack">
                    <p>{format!("No order is {state}.")}</p>
                </Empty>
            }
                .into_any()
        } else {
            view! {
                <PrintHint />
                {more
                    .then(|| {
                        view! {
                            <Alert>
                                {format!("These are the oldest {MOST_SHEETS}; there are more. Pack these first, then come back.")}
                            </Alert>
                        }
                    })}
                {sheets}
            }
                .into_any()
        }}
    }
}

#[component]
fn PrintHint() -> impl IntoView {
    view! {
        <p class="print-hint muted">
            "Print this page with your browser: each order comes on a sheet of its own, without what is around it here."
        </p>
    }
}

/// One order on one sheet of paper.
#[component]
fn Sheet(order: Order) -> impl IntoView {
    let Order { number, state, .. } = order;
    let unpackable = !STATES.contains(&state.status) || state.flagged;
    let why = match state.flagged {
        true => "This order is flagged. Do not pack it before it is cleared.".to_owned(),
        false => format!("This order is {}. There is nothing to pack.", state.status),
    };
    let rows = state
        .items
        .iter()
        .cloned()
        .map(|line| view! { <SheetRow line /> })
        .collect::<Vec<_>>();
    let heading = format!("sheet-{number}");
    let labelled = heading.clone();
    view! {
        <article class="sheet" aria-labelledby=labelled>
            {unpackable.then(|| view! { <Alert tone=Tone::Warn>{why}</Alert> })}
            <div class="sheet-head">
                <div>
                    <h2 id=heading>{format!("Order {number}")}</h2>
                    <p>
                        "Placed " <When at=state.placed_at date_only=true /> ", " {state.delivery.label().to_lowercase()}
                        " delivery " <StatusBadge status=state.status />
                    </p>
                </div>
                <AddressView address=state.address />
            </div>
            <table class="sheet-lines">
                <caption class="visually-hidden">{format!("What goes into the parcel of order {number}")}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Packed"</th>
                        <th scope="col" class="num">
                            "Quantity"
                        </th>
                        <th scope="col">"Product"</th>
                        <th scope="col" class="num">
                            "Number"
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="sheet-foot">
                <span>{count_things(&state.items)}</span>
                <span>"Packed by ____________________"</span>
                <span>"Date ______________"</span>
            </p>
        </article>
    }
}

#[component]
fn SheetRow(line: Line) -> impl IntoView {
    let lang = lang_of(&line.name);
    view! {
        <tr>
            <td>
                <span class="tick-box" aria-hidden="true"></span>
            </td>
            <td class="num">
                <strong>{line.quantity}</strong>
            </td>
            <td lang=lang>{line.name}</td>
            <td class="num">{line.product_id}</td>
        </tr>
    }
}
