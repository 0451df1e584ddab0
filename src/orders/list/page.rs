//! `/orders/all`: every order there is, for staff.

use super::filter::OrderQuery;
use super::query::{count_by_status, list_found};
use super::saved_views_section::{SavedViews, SavedViewsEditor};
use super::view_store::{SavedView, list_views};
use crate::accounts::{find_names, viewer};
use crate::error::AppError;
use crate::money::{Currency, Money};
use crate::orders::detail::{FlaggedBadge, StatusBadge};
use crate::orders::order::Order;
use crate::orders::{Delivery, Payment, Status};
use crate::server::{PageOf, app, page};
use crate::ui::{
    Button, Command, Empty, Filters, Form, HiddenField, Icon, LinkButton, Pager, Price,
    SelectField, TabLinks, Table, TextField, UnreadableFilters, When,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use std::collections::HashMap;

const PATH: &str = "/orders/all";

/// Where staff want to be quickly, for the palette.
pub fn staff_places() -> Vec<Command> {
    vec![
        Command::new("New order for a customer", "/orders/new", "Orders"),
        Command::new("Packing lists", "/orders/packing-lists", "Orders"),
        Command::new("Flagged orders", "/orders/all?flagged=yes", "Orders"),
    ]
}

/// The query string of the page, as filters.
pub fn query_of_page() -> OrderQuery {
    let query = use_query_map().get_untracked().to_query_string();
    serde_urlencoded::from_str(query.trim_start_matches('?')).unwrap_or_default()
}

/// What the filters leave.
struct Found {
    orders: PageOf<Order>,
    counts: HashMap<Status, i64>,
    /// Of the customers, by id.
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
        // A filter that cannot be read is said beside the filters, which keep what was typed.
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
        <Title text="Orders" />
        <div class="page-wide">
            <div class="page-head">
                <h1>"Orders"</h1>
                <div class="actions">
                    <LinkButton href="/orders/packing-lists" icon=Icon::List>
                        "Packing lists"
                    </LinkButton>
                    <LinkButton href="/orders/new" icon=Icon::Plus>
                        "New order"
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

/// What stands above a filter's field.
fn label(field: &str, currency: Currency) -> String {
    let words = match field {
        "q" => "Number or customer",
        "status" => "State",
        "payment" => "Payment",
        "delivery" => "Delivery",
        "flagged" => "Flagged",
        "product" => "Product number",
        "from" => "From day",
        "to" => "To day",
        "min" => return format!("{} from", currency.code()),
        "max" => return format!("{} to", currency.code()),
        _ => "Place in the list",
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
    let payments = std::iter::once(option("", "Any")).chain(payments).collect();
    let deliveries = Delivery::ALL
        .iter()
        .map(|it| option(it.as_str(), it.label()));
    let deliveries = std::iter::once(option("", "Any"))
        .chain(deliveries)
        .collect();
    let flagged = vec![option("", "Any"), option("yes", "Only flagged")];
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
                    <Button icon=Icon::Filter>"Filter"</Button>
                    {clear.map(|href| view! { <LinkButton href>"Clear"</LinkButton> })}
                </div>
            </Form>
        </Filters>
    }
}

/// All, and those in each state, with how many there are.
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
    let all = tab("", "All", counts.values().sum());
    let each = Status::ALL.iter().map(|status| {
        let count = counts.get(status).copied().unwrap_or_default();
        tab(status.as_str(), status.label(), count)
    });
    let items = std::iter::once(all).chain(each).collect();
    view! { <TabLinks label="Orders by state" items /> }
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
            caption="Orders"
            class="order-list"
            head=vec!["Order", "Placed", "Customer", "State", "Payment", "Delivery", "Total"]
            num=&[6]
            dense=true
            stack=true
        >
            {rows}
        </Table>
        <Pager first next shown label="Pages of orders" />
    }
    .into_any()
}

#[component]
fn NoOrders(narrowed: bool) -> impl IntoView {
    if narrowed {
        return view! {
            <Empty icon=Icon::Filter title="Nothing matches">
                <p>"Loosen a filter, or " <a href=PATH>"show every order"</a> "."</p>
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty icon=Icon::Box title="No orders yet">
            <p>"What customers order is listed here. You can also " <a href="/orders/new">"place one for somebody"</a> "."</p>
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
            <td data-label="Placed">
                <When at=state.placed_at />
            </td>
            <td data-label="Customer">{customer}</td>
            <td data-label="State">
                <span class="badges">
                    <StatusBadge status=state.status />
                    {state.flagged.then(|| view! { <FlaggedBadge /> })}
                </span>
            </td>
            <td data-label="Payment">{state.payment.label()}</td>
            <td data-label="Delivery">{state.delivery.label()}</td>
            <td class="num" data-label="Total">
                <Price money=total />
            </td>
        </tr>
    }
}
