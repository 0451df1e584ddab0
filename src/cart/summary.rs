//! The summary of a cart: its total, and the link to the checkout.

use super::contents::Cart;
use crate::i18n::t;
use crate::money::{Currency, Money};
use crate::server::config::OrdersConfig;
use crate::ui::{Alert, ButtonKind, LinkButton, Price, Tone, lang_of};
use leptos::prelude::*;

/// The subtotal, delivery costs, and the checkout, or the reason it is closed.
#[component]
pub fn CartSummary(cart: Cart, orders: OrdersConfig, signed_in: bool) -> impl IntoView {
    let open = cart.is_orderable();
    let note =
        (open && !signed_in).then(|| view! { <p class="cart-hint">{t!("cart-sign-in-first")}</p> });
    view! {
        <section class="cart-summary" aria-labelledby="cart-summary">
            <h2 id="cart-summary">{t!("cart-summary")}</h2>
            <dl>
                <div class="cart-subtotal">
                    <dt>{t!("cart-subtotal")}</dt>
                    <dd>
                        <Price money=cart.subtotal() />
                    </dd>
                </div>
                {fees(orders, cart.currency)}
            </dl>
            <p class="cart-hint">{t!("cart-delivery-later")}</p>
            {if open {
                view! {
                    <LinkButton href="/checkout" kind=ButtonKind::Primary>
                        {t!("cart-checkout")}
                    </LinkButton>
                    {note}
                }
                    .into_any()
            } else {
                view! { <Closed cart /> }.into_any()
            }}
        </section>
    }
}

fn fees(orders: OrdersConfig, currency: Currency) -> impl IntoView {
    let fee = |(label, fee): (&str, i64)| {
        let money = Money::new(fee, currency);
        view! {
            <div>
                <dt>{t!("cart-delivery-cost", delivery = label)}</dt>
                <dd>
                    <Price money />
                </dd>
            </div>
        }
    };
    orders.fees().map(fee).collect::<Vec<_>>()
}

/// The problems to fix before the checkout opens.
#[component]
fn Closed(cart: Cart) -> impl IntoView {
    let troubles = cart
        .lines
        .iter()
        .filter_map(|line| Some((line.name.shown().to_owned(), line.trouble()?)))
        .map(|(name, trouble)| {
            let lang = lang_of(&name);
            view! {
                <li>
                    <span lang=lang>{name}</span>
                    ": "
                    {trouble}
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <Alert tone=Tone::Warn title=t!("cart-blocked")>
            <p>{t!("cart-blocked-advice")}</p>
            <ul>{troubles}</ul>
        </Alert>
    }
}
