//! Printable packing lists: one order's, or those of all orders in a state.

use super::components::{AddressView, StatusBadge, delivery_words};
use super::wording::count_items;
use crate::accounts::viewer;
use crate::error::AppError;
use crate::i18n::t;
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

/// The maximum number of sheets at once: a morning's work, and no more than a printer holds.
const MOST_SHEETS: i64 = 50;

/// The states in which a packing list is useful.
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
        ("/orders/all".into(), t!("orders-all-title").into()),
        (order.path(), number.clone()),
    ];
    view! {
        <Title text=t!("orders-packing-list-of", number = number) />
        <Breadcrumbs trail here=t!("orders-packing-list") />
        <div class="page-head">
            <h1>{t!("orders-packing-list")}</h1>
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
    let none_here = t!(
        "orders-packing-none-in",
        state = status.label().to_lowercase()
    );
    view! {
        <Title text=t!("orders-packing-lists") />
        <Breadcrumbs trail=vec![("/orders/all".into(), t!("orders-all-title").into())] here=t!("orders-packing-lists") />
        <div class="page-head">
            <h1>{t!("orders-packing-lists")}</h1>
        </div>
        <TabLinks label=t!("orders-packing-tabs") items=tabs />
        {if none {
            view! {
                <Empty icon=Icon::CheckCircle title=t!("orders-packing-none")>
                    <p>{none_here}</p>
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
                                {t!("orders-packing-more", most = MOST_SHEETS)}
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
            {t!("orders-packing-print")}
        </p>
    }
}

/// One order on one sheet of paper.
#[component]
fn Sheet(order: Order) -> impl IntoView {
    let Order { number, state, .. } = order;
    let unpackable = !STATES.contains(&state.status) || state.flagged;
    let why = match state.flagged {
        true => t!("orders-sheet-flagged").to_owned(),
        false => t!(
            "orders-sheet-not-to-pack",
            state = state.status.label().to_lowercase()
        ),
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
                    <h2 id=heading>{t!("orders-title-of", number = &number)}</h2>
                    <p>
                        {t!("orders-placed")} " " <When at=state.placed_at date_only=true /> " · " {delivery_words(state.delivery)} " "
                        <StatusBadge status=state.status />
                    </p>
                </div>
                <AddressView address=state.address />
            </div>
            <table class="sheet-lines">
                <caption class="visually-hidden">{t!("orders-sheet-caption", number = &number)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!("orders-sheet-packed")}</th>
                        <th scope="col" class="num">
                            {t!("orders-quantity")}
                        </th>
                        <th scope="col">{t!("orders-product")}</th>
                        <th scope="col" class="num">
                            {t!("orders-sheet-number")}
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="sheet-foot">
                <span>{count_items(&state.items)}</span>
                <span>{t!("orders-sheet-packed-by")} " ____________________"</span>
                <span>{t!("orders-date")} " ______________"</span>
            </p>
        </article>
    }
}

#[component]
fn SheetRow(line: Line) -> impl IntoView {
    let lang = lang_of(line.name.shown());
    view! {
        <tr>
            <td>
                <span class="tick-box" aria-hidden="true"></span>
            </td>
            <td class="num">
                <strong>{line.quantity}</strong>
            </td>
            <td lang=lang>{line.name.shown().to_owned()}</td>
            <td class="num">{line.product_id}</td>
        </tr>
    }
}
