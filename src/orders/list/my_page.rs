//! `/orders`: the viewer's own orders.

use crate::accounts::viewer;
use crate::error::AppError;
use crate::i18n::t;
use crate::money::Money;
use crate::orders::detail::{StatusBadge, first_items};
use crate::orders::order::Order;
use crate::orders::store::list_orders;
use crate::server::{Cursor, PageOf, app, asked_cursor, page};
use crate::ui::{Empty, Icon, Pager, Price, Table, When, gap, lang_of};
use leptos::prelude::*;
use leptos_meta::Title;

const ON_A_PAGE: i64 = 20;

/// `/orders?cursor=`
#[component]
pub fn MyOrdersPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let cursor = asked_cursor();
    page(async move {
        let user = viewer.person()?;
        let before = Cursor::before(&cursor)?;
        let mut conn = app.db.read().await?;
        let orders = list_orders(&mut conn, Some(user.id), before, ON_A_PAGE + 1).await?;
        let orders = PageOf::from_rows(orders, ON_A_PAGE, |order| Cursor::new([&order.id]));
        let on_first_page = cursor.is_empty();
        Ok::<_, AppError>(view! { <MyOrders orders on_first_page /> })
    })
}

#[component]
fn MyOrders(orders: PageOf<Order>, on_first_page: bool) -> impl IntoView {
    let PageOf { items, next_cursor } = orders;
    let next = next_cursor.map(|cursor| format!("/orders?cursor={cursor}"));
    let first = (!on_first_page).then(|| "/orders".to_owned());
    let shown = items.len();
    let list = if shown == 0 {
        view! { <NoOrders /> }.into_any()
    } else {
        let rows = items
            .into_iter()
            .map(|order| view! { <OrderRow order /> })
            .collect::<Vec<_>>();
        view! {
            <Table
                caption=t!("orders-mine-title")
                class="order-list"
                head=vec![
                    t!("orders-order"),
                    t!("orders-placed"),
                    t!("orders-items"),
                    t!("orders-state"),
                    t!("orders-total"),
                ]
                num=&[4]
                stack=true
            >
                {rows}
            </Table>
            <Pager first next shown label=t!("orders-pages") />
        }
        .into_any()
    };
    view! {
        <Title text=t!("orders-mine-title") />
        <div class="page-head">
            <h1>{t!("orders-mine-title")}</h1>
        </div>
        {list}
    }
}

#[component]
fn NoOrders() -> impl IntoView {
    view! {
        <Empty icon=Icon::Box title=t!("orders-none")>
            <p>
                {t!("orders-mine-none")} {gap()} <a href="/products">{t!("orders-to-the-shop")}</a>
            </p>
        </Empty>
    }
}

#[component]
fn OrderRow(order: Order) -> impl IntoView {
    let path = order.path();
    let Order { number, state, .. } = order;
    let items = first_items(&state.items);
    let total = Money::new(state.total(), state.currency);
    let lang = lang_of(&items);
    view! {
        <tr>
            <th scope="row">
                <a href=path>{number}</a>
            </th>
            <td data-label=t!("orders-placed")>
                <When at=state.placed_at date_only=true />
            </td>
            <td class="order-things" data-label=t!("orders-items")>
                <span lang=lang>{items}</span>
            </td>
            <td data-label=t!("orders-state")>
                <StatusBadge status=state.status />
            </td>
            <td class="num" data-label=t!("orders-total")>
                <Price money=total />
            </td>
        </tr>
    }
}
