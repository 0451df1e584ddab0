//! `/checkout`: address, delivery, payment, and a final review.

use super::bank::BankAccount;
use crate::accounts::{User, viewer};
use crate::cart::{Cart, CartLine, CartOwner, find_cart_within};
use crate::catalog::{OUT_OF_STOCK, shortage};
use crate::error::AppError;
use crate::i18n::t;
use crate::ledger::{TOO_LITTLE, find_wallet};
use crate::money::{Currency, Money};
use crate::orders::detail::{AddressFields, DeliveryTotals, duration, find_last_address};
use crate::orders::{Address, Delivery, Payment};
use crate::server::config::OrdersConfig;
use crate::server::{IdempotencyKey, app, page};
use crate::ui::{
    Alert, Breadcrumbs, Button, ButtonKind, Choice, Empty, Form, FormScope, HiddenField, Icon,
    LinkButton, Price, RadioField, Table, Tone, gap, lang_of,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// Everything the page shows.
#[derive(Clone)]
struct Checkout {
    cart: Cart,
    address: Address,
    /// The amount available in the wallet.
    available: i64,
    orders: OrdersConfig,
    /// True if the shop takes bank transfers.
    takes_transfers: bool,
}

impl Checkout {
    fn total(&self, delivery: Delivery) -> i64 {
        let fee = self.orders.fee(delivery);
        self.cart.subtotal().minor.saturating_add(fee)
    }

    fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.cart.currency)
    }

    /// Encodes the cart lines shown, for the form to carry: `12:19900:2` is two of product 12 at 199.00.
    fn seen(&self) -> String {
        let line =
            |line: &CartLine| format!("{}:{}:{}", line.product_id, line.price, line.quantity);
        self.cart
            .lines
            .iter()
            .map(line)
            .collect::<Vec<_>>()
            .join(",")
    }
}

/// `/checkout`
#[component]
pub fn CheckoutPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    page(async move {
        let user = viewer.person()?;
        let mut conn = app.db.read().await?;
        let wallet = find_wallet(&mut conn, user.id, app.config.shop.currency).await?;
        let last = find_last_address(&mut conn, user.id).await?;
        let owner = CartOwner::Person(user.id);
        let checkout = Checkout {
            cart: find_cart_within(&mut conn, &owner, app.config.shop.currency).await?,
            address: last.unwrap_or_else(|| first_address(user)),
            available: wallet.and_then(|it| it.standing.available()).unwrap_or(0),
            orders: app.config.orders,
            takes_transfers: BankAccount::of(&app).is_some(),
        };
        Ok::<_, AppError>(view! { <CheckoutView checkout /> })
    })
}

/// Returns the address to start from if the user has not ordered before: just their name.
fn first_address(user: &User) -> Address {
    Address {
        name: user.name.clone(),
        ..Address::default()
    }
}

#[component]
fn CheckoutView(checkout: Checkout) -> impl IntoView {
    let trail = vec![("/cart".into(), t!("orders-checkout-cart").into())];
    let inside = if checkout.cart.lines.is_empty() {
        view! { <NothingToOrder /> }.into_any()
    } else {
        view! { <CheckoutForm checkout /> }.into_any()
    };
    view! {
        <Title text=t!("orders-checkout-title") />
        <Breadcrumbs trail here=t!("orders-checkout-title") />
        <div class="page-head">
            <h1>{t!("orders-checkout-title")}</h1>
        </div>
        {inside}
    }
}

#[component]
fn NothingToOrder() -> impl IntoView {
    view! {
        <Empty icon=Icon::Cart title=t!("orders-checkout-empty")>
            <p>{t!("orders-checkout-empty-advice")}</p>
            <p>
                <a href="/products">{t!("orders-to-the-shop")}</a>
                " · "
                <a href="/orders">{t!("orders-mine-title")}</a>
            </p>
        </Empty>
    }
}

#[component]
fn CheckoutForm(checkout: Checkout) -> impl IntoView {
    let help = checkout.clone();
    let review = checkout.clone();
    view! {
        <Form action="/checkout" id="checkout" class="checkout">
            <HiddenField name="idempotency_key" value=IdempotencyKey::new_key() />
            <HiddenField name="seen" value=checkout.seen() />
            <Help checkout=help />
            <div class="checkout-fields">
                <AddressFields address=checkout.address.clone() />
                <DeliveryField checkout=checkout.clone() />
                <PaymentField checkout />
            </div>
            <Review checkout=review />
        </Form>
    }
}

/// Advice on what to do about a refusal, beyond its own message.
#[component]
fn Help(checkout: Checkout) -> impl IntoView {
    let scope = FormScope::current();
    let code = scope.refused()?.code;
    if code == OUT_OF_STOCK {
        return Some(
            view! {
                <p class="checkout-help">
                    {t!("orders-checkout-short")} {gap()} <a href="/cart">{t!("orders-checkout-change-cart")}</a>
                </p>
            }
            .into_any(),
        );
    }
    if code != TOO_LITTLE {
        return None;
    }
    let delivery: Delivery = scope
        .value("delivery", String::new())
        .parse()
        .unwrap_or(Delivery::Standard);
    let by_transfer = checkout.takes_transfers;
    let total = checkout.total(delivery);
    let missing = checkout.money(total.saturating_sub(checkout.available).max(0));
    let total = checkout.money(total).to_string();
    let available = checkout.money(checkout.available).to_string();
    let title = t!("orders-checkout-missing", amount = missing.to_string());
    let said = t!(
        "orders-checkout-missing-sums",
        total = total,
        available = available
    );
    Some(
        view! {
            <Alert title>
                <p>{said}</p>
                {by_transfer
                    .then(|| {
                        view! {
                            <p>{t!("orders-checkout-or-transfer")}</p>
                            <Button formaction="/checkout?payment=invoice">{t!("orders-checkout-transfer-instead")}</Button>
                        }
                    })}
            </Alert>
        }
        .into_any(),
    )
}

#[component]
fn DeliveryField(checkout: Checkout) -> impl IntoView {
    let choice = |delivery: Delivery| {
        let fee = checkout.money(checkout.orders.fee(delivery));
        Choice::new(delivery, delivery.label(), fee)
    };
    let choices = Delivery::ALL.map(choice).into();
    view! { <RadioField name="delivery" legend=t!("orders-delivery") value=Delivery::Standard.as_str() choices /> }
}

#[component]
fn PaymentField(checkout: Checkout) -> impl IntoView {
    let available = checkout.money(checkout.available).to_string();
    let enough = checkout.available >= checkout.total(Delivery::Standard);
    let wallet = if enough {
        t!("orders-checkout-wallet-enough", amount = available)
    } else {
        t!("orders-checkout-wallet-short", amount = available)
    };
    let kept = duration(checkout.orders.unpaid_minutes);
    let invoice = t!("orders-checkout-transfer-hint", time = kept);
    let chosen = if enough || !checkout.takes_transfers {
        Payment::Wallet
    } else {
        Payment::Invoice
    };
    let mut choices = vec![Choice::new(
        Payment::Wallet,
        Payment::Wallet.label(),
        wallet,
    )];
    if checkout.takes_transfers {
        choices.push(Choice::new(
            Payment::Invoice,
            Payment::Invoice.label(),
            invoice,
        ));
    }
    view! { <RadioField name="payment" legend=t!("orders-payment") value=chosen.as_str() choices /> }
}

#[component]
fn Review(checkout: Checkout) -> impl IntoView {
    let Checkout { cart, orders, .. } = checkout;
    let (currency, subtotal) = (cart.currency, cart.subtotal().minor);
    let trouble: Vec<String> = cart
        .lines
        .iter()
        .filter(|line| !line.is_orderable())
        .map(|line| shortage(line.name.shown(), line.available, line.active))
        .collect();
    let rows = cart
        .lines
        .into_iter()
        .map(|line| view! { <ReviewRow line currency /> })
        .collect::<Vec<_>>();
    let can_be_had = trouble.is_empty();
    view! {
        <section class="checkout-review" aria-labelledby="review-title">
            <h2 id="review-title">{t!("orders-checkout-review")}</h2>
            {(!can_be_had)
                .then(|| {
                    let items = trouble.into_iter().map(|line| view! { <li>{line}</li> }).collect::<Vec<_>>();
                    view! {
                        <Alert tone=Tone::Warn title=t!("orders-checkout-trouble")>
                            <ul>{items}</ul>
                        </Alert>
                    }
                })}
            <Table
                caption=t!("orders-checkout-items")
                class="review-lines"
                head=vec![t!("orders-product"), t!("orders-quantity"), t!("orders-sum")]
                num=&[1, 2]
                dense=true
            >
                {rows}
            </Table>
            <DeliveryTotals subtotal fees=orders currency />
            <div class="actions">
                {if can_be_had {
                    view! { <Button kind=ButtonKind::Primary icon=Icon::Check>{t!("orders-checkout-place")}</Button> }.into_any()
                } else {
                    view! { <LinkButton href="/cart" kind=ButtonKind::Primary icon=Icon::Cart>{t!("orders-checkout-change-first")}</LinkButton> }
                        .into_any()
                }}
            </div>
        </section>
    }
}

#[component]
fn ReviewRow(line: CartLine, currency: Currency) -> impl IntoView {
    let money = |minor| Money::new(minor, currency);
    let href = format!("/products/{}", line.slug);
    let each = (line.quantity > 1).then(|| {
        let price = money(line.price).to_string();
        t!("orders-checkout-each", price = price)
    });
    let moved = line.has_moved().then(|| {
        let price = money(line.seen_price).to_string();
        t!("orders-checkout-moved", price = price)
    });
    let notes = [each, moved]
        .into_iter()
        .flatten()
        .map(|note| view! { <span class="line-note">{note}</span> })
        .collect::<Vec<_>>();
    let sum = money(line.total());
    let lang = lang_of(line.name.shown());
    view! {
        <tr>
            <th scope="row">
                <a href=href lang=lang>
                    {line.name.shown().to_owned()}
                </a>
                {notes}
            </th>
            <td class="num">{line.quantity}</td>
            <td class="num">
                <Price money=sum />
            </td>
        </tr>
    }
}
