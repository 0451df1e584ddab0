//! `/orders/{number}/thanks`: the page after checkout.

use super::bank::HowToPay;
use crate::accounts::address_store::is_confirmed;
use crate::accounts::viewer;
use crate::error::AppError;
use crate::i18n::t;
use crate::orders::detail::{AddressView, LinesTable, StatusBadge, what_next};
use crate::orders::history::{find_order, list_events};
use crate::orders::order::Order;
use crate::server::{app, page};
use crate::ui::{ButtonKind, LinkButton};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// Returns the order number in the page's URL.
pub fn number_of_page() -> String {
    let params = use_params_map().read_untracked();
    params.get("number").unwrap_or_default()
}

/// `/orders/{number}/thanks`
#[component]
pub fn ThanksPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let number = number_of_page();
    page(async move {
        let user = viewer.person()?;
        let mut conn = app.db.read().await?;
        let order = find_order(&mut conn, user, &number).await?;
        let events = list_events(&mut conn, order.id).await?;
        let next = what_next(&order.state, &events);
        let email = user.email.clone();
        let confirmed = is_confirmed(&mut conn, &email).await?;
        Ok::<_, AppError>(view! { <Thanks order next email confirmed /> })
    })
}

#[component]
fn Thanks(order: Order, next: String, email: String, confirmed: bool) -> impl IntoView {
    let path = order.path();
    let Order { number, state, .. } = order;
    view! {
        <Title text=t!("orders-thanks-title") />
        <div class="thanks">
            <h1>{t!("orders-thanks-title")}</h1>
            <p class="lead">{t!("orders-thanks-number", number = &number)}</p>
            <p>{next}</p>
            <p>
                <StatusBadge status=state.status />
            </p>
            <HowToPay number state=state.clone() />
            <h2>{t!("orders-thanks-items")}</h2>
            <LinesTable state=state.clone() />
            <h2>{t!("orders-address")}</h2>
            <AddressView address=state.address />
            {(!confirmed)
                .then(|| {
                    view! { <p>{t!("orders-thanks-confirm", email = &email)}</p> }
                })}
            <p class="muted">{t!("orders-thanks-find", email = &email)}</p>
            <div class="actions">
                <LinkButton href=path kind=ButtonKind::Primary>
                    {t!("orders-thanks-see")}
                </LinkButton>
                <LinkButton href="/products">{t!("orders-thanks-back")}</LinkButton>
            </div>
        </div>
    }
}
