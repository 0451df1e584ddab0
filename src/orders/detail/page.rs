//! `/orders/{number}`: one order, now or as it stood after any of its events.

use super::as_of::AsOf;
use super::components::{AddressView, FlaggedBadge, LinesTable, StatusBadge};
use super::timeline::{Books, HistorySection, PastBanner};
use super::view::OrderView;
use super::wording::{parcel, what_next};
use crate::accounts::{User, find_user, viewer};
use crate::error::AppError;
use crate::i18n::t;
use crate::ledger::{find_purchase, find_wallet};
use crate::orders::checkout::{HowToPay, number_of_page};
use crate::orders::history::{find_order, list_events};
use crate::orders::steps::{StepPanel, StepRefused};
use crate::server::{Conn, app, page};
use crate::ui::{Breadcrumbs, Icon, LinkButton, Price, When};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// `/orders/{number}?at=`
#[component]
pub fn OrderPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let number = number_of_page();
    let at = use_query_map().get_untracked().get("at");
    let at = at.and_then(|at| at.parse().ok()).unwrap_or(i64::MAX);
    page(async move {
        let user = viewer.person()?;
        // One snapshot of the database, so that order, history and ledger entries are consistent.
        let mut tx = app.db.snapshot().await?;
        let view = read_view(&mut tx, user, &number, at).await?;
        Ok::<_, AppError>(view! { <OrderDetails view /> })
    })
}

async fn read_view(
    conn: &mut Conn,
    user: &User,
    number: &str,
    at: i64,
) -> Result<OrderView, AppError> {
    let order = find_order(conn, user, number).await?;
    let events = list_events(conn, order.id).await?;
    let mut books = find_purchase(conn, number).await?;
    if !user.role.is_staff() {
        // Other transfers that staff post under an order's number are for staff only.
        let own = |id: &str| crate::ledger::PurchasePart::of(number, id).is_some();
        books.transfers.retain(|row| own(&row.id));
    }
    let shown = AsOf::new(number, &events, at, books).ok_or_else(AppError::internal)?;
    let wallet = find_wallet(conn, order.state.customer_id, order.state.currency).await?;
    Ok(OrderView {
        customer: find_user(conn, order.state.customer_id).await?,
        available: wallet.and_then(|it| it.standing.available()).unwrap_or(0),
        user: user.clone(),
        order,
        shown,
        events,
    })
}

#[component]
fn OrderDetails(view: OrderView) -> impl IntoView {
    let number = view.order.number.clone();
    let state = view.shown.state.clone();
    let past = view.is_past();
    let trail = match view.for_staff() {
        true => ("/orders/all".into(), t!("orders-all-title").into()),
        false => ("/orders".into(), t!("orders-mine-title").into()),
    };
    let packing = view.for_staff().then(|| {
        let href = format!("{}/packing-list", view.order.path());
        view! {
            <LinkButton href icon=Icon::List>
                {t!("orders-packing-list")}
            </LinkButton>
        }
    });
    view! {
        <Title text=t!("orders-title-of", number = &number) />
        <Breadcrumbs trail=vec![trail] here=number.clone() />
        <div class="page-head">
            <h1>{t!("orders-title-of", number = &number)}</h1>
            <div class="actions">
                <StatusBadge status=state.status />
                {state.flagged.then(|| view! { <FlaggedBadge /> })}
                {packing}
            </div>
        </div>
        {past.then(|| view! { <PastBanner view=view.clone() /> })}
        <StepRefused order=view.order.clone() steps=view.order.steps_for(&view.user) />
        <div class="order-page">
            <div class="order-top">
                {(!past).then(|| view! { <WhatNext view=view.clone() /> })}
                <LinesTable state />
            </div>
            <aside class="order-side" aria-label=t!("orders-about")>
                <Facts view=view.clone() />
            </aside>
            <div class="order-rest">
                <Books view=view.clone() />
                <HistorySection view />
            </div>
        </div>
    }
}

/// The section with what happens next, and what the viewer can do about it.
#[component]
fn WhatNext(view: OrderView) -> impl IntoView {
    let OrderView {
        order,
        events,
        user,
        ..
    } = view.clone();
    let own = order.state.customer_id == user.id;
    let next = own.then(|| what_next(&order.state, &events));
    view! {
        <section class="order-next" aria-label=t!("orders-next")>
            {next.map(|next| view! { <p class="lead">{next}</p> })}
            {own.then(|| view! { <HowToPay number=order.number.clone() state=order.state.clone() /> })}
            <StepPanel view />
        </section>
    }
}

#[component]
fn Facts(view: OrderView) -> impl IntoView {
    let state = view.shown.state.clone();
    let then = view
        .events
        .iter()
        .filter(|event| event.seq <= view.shown.seq);
    let parcel = parcel(&then.cloned().collect::<Vec<_>>());
    let customer = view
        .customer
        .clone()
        .filter(|_| view.for_staff())
        .map(|user| {
            let href = crate::server::list_href("/orders/all", [("q", user.email.as_str())]);
            view! {
                <div>
                    <dt>{t!("orders-customer")}</dt>
                    <dd class="stacked">
                        <span>{user.name}</span>
                        <a href=href>{user.email}</a>
                    </dd>
                </div>
            }
        });
    let sums = [
        (t!("orders-authorised"), state.held),
        (t!("orders-captured"), state.captured),
        (t!("orders-refunded"), state.refunded),
    ];
    let sums = sums
        .into_iter()
        .filter(|(_, minor)| *minor > 0)
        .map(|(label, minor)| {
            let money = view.money(minor);
            view! {
                <div>
                    <dt>{label}</dt>
                    <dd>
                        <Price money />
                    </dd>
                </div>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <dl class="order-facts">
            {customer}
            <div>
                <dt>{t!("orders-placed")}</dt>
                <dd>
                    <When at=state.placed_at />
                </dd>
            </div>
            <div>
                <dt>{t!("orders-delivery")}</dt>
                <dd>{state.delivery.label()}</dd>
            </div>
            {parcel
                .map(|parcel| {
                    view! {
                        <div>
                            <dt>{t!("orders-parcel")}</dt>
                            <dd>{parcel}</dd>
                        </div>
                    }
                })}
            <div>
                <dt>{t!("orders-payment")}</dt>
                <dd>{state.payment.label()}</dd>
            </div>
            {sums}
            <div>
                <dt>{t!("orders-address")}</dt>
                <dd>
                    <AddressView address=state.address />
                </dd>
            </div>
        </dl>
    }
}
