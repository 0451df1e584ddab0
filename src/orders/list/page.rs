//! `/orders/all`: all orders, for staff.

use super::filter::OrderQuery;
use super::query::{count_by_status, list_found};
use super::saved_views_section::{SavedViews, SavedViewsEditor};
use super::view_store::{SavedView, list_views};
use crate::accounts::{find_names, viewer};
use crate::error::AppError;
use crate::i18n::t;
use crate::money::{Currency, Money};
use crate::orders::detail::{FlaggedBadge, StatusBadge};
use crate::orders::order::Order;
use crate::orders::{Delivery, Payment, Status};
use crate::server::{PageOf, app, page};
use crate::ui::{
    Button, Command, Empty, Filters, Form, HiddenField, Icon, LinkButton, Pager, Price,
    SelectField, TabLinks, Table, TextField, UnreadableFilters, When, gap,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use std::collections::HashMap;

const PATH: &str = "/orders/all";

/// Returns the order pages that the command palette offers to staff.
pub fn staff_places() -> Vec<Command> {
    let kind = t!("orders-all-title");
    vec![
        Command::new(t!("orders-place-new"), "/orders/new", kind),
        Command::new(t!("orders-packing-lists"), "/orders/packing-lists", kind),
        Command::new(t!("orders-place-flagged"), "/orders/all?flagged=yes", kind),
    ]
}

/// Reads the filters from the page's query string.
pub fn query_of_page() -> OrderQuery {
    let query = use_query_map().get_untracked().to_query_string();
    serde_urlencoded::from_str(query.trim_start_matches('?')).unwrap_or_default()
}

/// The results of the filters.
struct Found {
    orders: PageOf<Order>,
    counts: HashMap<Status, i64>,
    /// The customers' names, by id.
    names: HashMap<i64, String>,
}

/// `/orders/all?q=&status=&payment=&delivery=&flagged=&product=&from=&to=&min=&max=&cursor=`
#[component]
pub fn AllOrdersPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let query = query_of_page();
    page(async move {
        let user = viewer.staff()?;
        let (currency, now) = (app.config.shop.currency, app.clock.now());
        let mut conn = app.db.read().await?;
        let views = list_views(&mut conn, user.id).await?;
        // An invalid filter is reported beside the filters, which keep what was typed.
        let found = match query.read(&mut conn, currency, now).await {
            Ok(filter) => {
                let orders = list_found(&mut conn, &filter).await?;
                let customers = orders.items.iter().map(|order| order.state.customer_id);
                let names = find_names(&mut conn, &customers.collect::<Vec<_>>()).await?;
                let counts = count_by_status(&mut conn, &filter).await?;
                Ok(Found {
                    orders,
                    counts,
                    names,
                })
            }
            Err(error) if error.errors.is_empty() => return Err(error),
            Err(error) => Err(error),
        };
        Ok(view! { <AllOrders query views currency found /> })
    })
}

#[component]
fn AllOrders(
    query: OrderQuery,
    views: Vec<SavedView>,
    currency: Currency,
    found: Result<Found, AppError>,
) -> impl IntoView {
    let unreadable = found.is_err();
    let (filters, editor, here) = (query.clone(), query.clone(), query.clone());
    let list = match found {
        Ok(found) => view! { <Orders query found /> }.into_any(),
        Err(error) => {
            view! { <UnreadableFilters error label=move |field| label(field, currency) /> }
                .into_any()
        }
    };
    view! {
        <Title text=t!("orders-all-title") />
        <div class="page-wide">
            <div class="page-head">
                <h1>{t!("orders-all-title")}</h1>
                <div class="actions">
                    <LinkButton href="/orders/packing-lists" icon=Icon::List>
                        {t!("orders-packing-lists")}
                    </LinkButton>
                    <LinkButton href="/orders/new" icon=Icon::Plus>
                        {t!("orders-new-title")}
                    </LinkButton>
                </div>
            </div>
            <SavedViews views=views.clone() query=here />
            <OrderFilters query=filters currency unreadable />
            {list}
            <SavedViewsEditor views query=editor />
        </div>
    }
}

/// Returns the label of a filter's field.
fn label(field: &str, currency: Currency) -> String {
    let words = match field {
        "q" => t!("orders-filter-q"),
        "status" => t!("orders-state"),
        "payment" => t!("orders-payment"),
        "delivery" => t!("orders-delivery"),
        "flagged" => t!("orders-flagged"),
        "product" => t!("orders-filter-product"),
        "from" => t!("orders-filter-from"),
        "to" => t!("orders-filter-to"),
        "min" => return t!("orders-filter-min", currency = currency.code()),
        "max" => return t!("orders-filter-max", currency = currency.code()),
        _ => t!("orders-filter-cursor"),
    };
    words.to_owned()
}

#[component]
fn OrderFilters(query: OrderQuery, currency: Currency, unreadable: bool) -> impl IntoView {
    let narrowing = query.narrowing();
    let label = move |field| label(field, currency);
    let option = |value: &str, words: &str| (value.to_owned(), words.to_owned());
    let payments = Payment::ALL
        .iter()
        .map(|it| option(it.as_str(), it.label()));
    let payments = std::iter::once(option("", t!("orders-any")))
        .chain(payments)
        .collect();
    let deliveries = Delivery::ALL
        .iter()
        .map(|it| option(it.as_str(), it.label()));
    let deliveries = std::iter::once(option("", t!("orders-any")))
        .chain(deliveries)
        .collect();
    let flagged = vec![
        option("", t!("orders-any")),
        option("yes", t!("orders-filter-flagged")),
    ];
    let clear = OrderQuery {
        status: query.status.clone(),
        ..OrderQuery::default()
    };
    let clear = (narrowing > 0).then(|| clear.href(PATH));
    view! {
        <Filters narrowing open=unreadable>
            <Form action=PATH method="get" class="filters-form order-filters" id="filter">
                {(!query.status.is_empty()).then(|| view! { <HiddenField name="status" value=query.status /> })}
                <TextField name="q" label=label("q") kind="search" value=query.q />
                <SelectField name="payment" label=label("payment") value=query.payment options=payments />
                <SelectField name="delivery" label=label("delivery") value=query.delivery options=deliveries />
                <SelectField name="flagged" label=label("flagged") value=query.flagged options=flagged />
                <TextField name="product" label=label("product") value=query.product inputmode="numeric" autocomplete="off" />
                <TextField name="from" label=label("from") kind="date" value=query.from />
                <TextField name="to" label=label("to") kind="date" value=query.to />
                <TextField name="min" label=label("min") value=query.min inputmode="decimal" autocomplete="off" />
                <TextField name="max" label=label("max") value=query.max inputmode="decimal" autocomplete="off" />
                <div class="actions">
                    <Button icon=Icon::Filter>{t!("orders-filter")}</Button>
                    {clear.map(|href| view! { <LinkButton href>{t!("orders-filter-clear")}</LinkButton> })}
                </div>
            </Form>
        </Filters>
    }
}

/// Tabs for all orders and for each state, with their counts.
#[component]
fn StatusTabs(query: OrderQuery, counts: HashMap<Status, i64>) -> impl IntoView {
    let tab = |status: &str, words: &str, count: i64| {
        let to = OrderQuery {
            status: status.to_owned(),
            ..query.clone()
        };
        (
            to.href(PATH),
            format!("{words} ({})", crate::number::count(count)),
            query.status == status,
        )
    };
    let all = tab("", t!("orders-all"), counts.values().sum());
    let each = Status::ALL.iter().map(|status| {
        let count = counts.get(status).copied().unwrap_or_default();
        tab(status.as_str(), status.label(), count)
    });
    let items = std::iter::once(all).chain(each).collect();
    view! { <TabLinks label=t!("orders-by-state") items /> }
}

#[component]
fn Orders(query: OrderQuery, found: Found) -> impl IntoView {
    let Found {
        orders,
        counts,
        names,
    } = found;
    let PageOf { items, next_cursor } = orders;
    let tabs = view! { <StatusTabs query=query.clone() counts /> };
    let next = next_cursor.map(|cursor| query.href_from(PATH, &cursor));
    let first = (!query.cursor.is_empty()).then(|| query.href(PATH));
    let shown = items.len();
    if shown == 0 {
        let narrowed = query.narrowing() > 0 || !query.status.is_empty();
        return view! {
            {tabs}
            <NoOrders narrowed />
        }
        .into_any();
    }
    let rows = items
        .into_iter()
        .map(|order| {
            let customer = names.get(&order.state.customer_id).cloned();
            view! { <OrderRow order customer /> }
        })
        .collect::<Vec<_>>();
    view! {
        {tabs}
        <Table
            caption=t!("orders-all-title")
            class="order-list"
            head=vec![
                t!("orders-order"),
                t!("orders-placed"),
                t!("orders-customer"),
                t!("orders-state"),
                t!("orders-payment"),
                t!("orders-delivery"),
                t!("orders-total"),
            ]
            num=&[6]
            dense=true
            stack=true
        >
            {rows}
        </Table>
        <Pager first next shown label=t!("orders-pages") />
    }
    .into_any()
}

#[component]
fn NoOrders(narrowed: bool) -> impl IntoView {
    if narrowed {
        return view! {
            <Empty icon=Icon::Filter title=t!("orders-none-match")>
                <p>
                    {t!("orders-none-match-advice")} {gap()} <a href=PATH>{t!("orders-show-all")}</a>
                </p>
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty icon=Icon::Box title=t!("orders-none")>
            <p>
                {t!("orders-all-none")} {gap()} <a href="/orders/new">{t!("orders-place-new")}</a>
            </p>
        </Empty>
    }
    .into_any()
}

#[component]
fn OrderRow(order: Order, customer: Option<String>) -> impl IntoView {
    let path = order.path();
    let Order { number, state, .. } = order;
    let total = Money::new(state.total(), state.currency);
    view! {
        <tr>
            <th scope="row">
                <a href=path>{number}</a>
            </th>
            <td data-label=t!("orders-placed")>
                <When at=state.placed_at />
            </td>
            <td data-label=t!("orders-customer")>{customer}</td>
            <td data-label=t!("orders-state")>
                <span class="badges">
                    <StatusBadge status=state.status />
                    {state.flagged.then(|| view! { <FlaggedBadge /> })}
                </span>
            </td>
            <td data-label=t!("orders-payment")>{state.payment.label()}</td>
            <td data-label=t!("orders-delivery")>{state.delivery.label()}</td>
            <td class="num" data-label=t!("orders-total")>
                <Price money=total />
            </td>
        </tr>
    }
}
