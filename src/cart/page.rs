//! `/cart`: the items in it, with their current availability and prices.

use super::answer::words;
use super::contents::{Cart, CartLine, read_cart};
use super::owner::CartOwner;
use super::rules::LineState;
use super::summary::CartSummary;
use crate::accounts::viewer;
use crate::error::AppError;
use crate::i18n::t;
use crate::money::{Currency, Money};
use crate::server::{app, page};
use crate::ui::{
    Alert, Badge, Button, ButtonKind, Empty, HiddenField, Icon, IconView, LinkButton, Price,
    Refusal, Tone, lang_of,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// `/cart`
#[component]
pub fn CartPage() -> impl IntoView {
    let (app, owner, viewer) = (app(), CartOwner::current(), viewer());
    let refusal = use_context::<Refusal>();
    page(async move {
        let cart = read_cart(&app, &owner).await?;
        let signed_in = viewer.user.is_some();
        let orders = app.config.orders;
        Ok::<_, AppError>(view! {
            <Title text=t!("cart-title") />
            <div class="page-head">
                <h1>{t!("cart-heading")}</h1>
            </div>
            {elsewhere(&cart, refusal.as_ref())}
            {if cart.lines.is_empty() {
                view! { <EmptyCart /> }.into_any()
            } else {
                view! {
                    <div class="cart-page">
                        <div class="cart-main">
                            <MovedPrices cart=cart.clone() />
                            <Lines cart=cart.clone() refusal />
                        </div>
                        <CartSummary cart orders signed_in />
                    </div>
                }
                    .into_any()
            }}
        })
    })
}

#[component]
fn EmptyCart() -> impl IntoView {
    view! {
        <Empty icon=Icon::Cart title=t!("cart-empty")>
            <p>{t!("cart-empty-advice")}</p>
            <LinkButton href="/products" kind=ButtonKind::Primary>
                {t!("cart-go-shopping")}
            </LinkButton>
        </Empty>
    }
}

fn action_of(line: &CartLine) -> String {
    format!("/cart/items/{}", line.product_id)
}

/// Shows a refusal that concerns none of the lines shown.
fn elsewhere(cart: &Cart, refusal: Option<&Refusal>) -> Option<impl IntoView + use<>> {
    let refusal = refusal.filter(|refusal| refusal.action.starts_with("/cart/"))?;
    let shown = cart
        .lines
        .iter()
        .any(|line| action_of(line) == refusal.action);
    let text = words(refusal.error.clone());
    (!shown).then(|| view! { <Alert tone=Tone::Bad>{text}</Alert> })
}

/// The items whose price has changed, and the form to accept the new prices.
#[component]
fn MovedPrices(cart: Cart) -> impl IntoView {
    let moved: Vec<&CartLine> = cart.lines.iter().filter(|line| line.has_moved()).collect();
    if moved.is_empty() {
        return None;
    }
    let title = match moved.len() {
        1 => t!("cart-price-moved"),
        _ => t!("cart-prices-moved"),
    };
    let seen = moved
        .into_iter()
        .map(|line| format!("{}:{}", line.product_id, line.price))
        .map(|value| view! { <HiddenField name="seen" value /> })
        .collect::<Vec<_>>();
    Some(view! {
        <Alert tone=Tone::Warn title>
            <p>{t!("cart-prices-moved-sums")}</p>
            <form method="post" action="/cart/seen">
                {seen} <Button small=true>{t!("cart-use-new-prices")}</Button>
            </form>
        </Alert>
    })
}

#[component]
fn Lines(cart: Cart, refusal: Option<Refusal>) -> impl IntoView {
    let currency = cart.currency;
    let lines = cart
        .lines
        .into_iter()
        .map(|line| {
            let action = action_of(&line);
            let refusal = refusal.clone().filter(|refusal| refusal.action == action);
            view! { <Line line currency refusal /> }
        })
        .collect::<Vec<_>>();
    view! { <ul class="cart-lines">{lines}</ul> }
}

#[component]
fn Line(line: CartLine, currency: Currency, refusal: Option<Refusal>) -> impl IntoView {
    let counts = line.state().counts();
    let lang = lang_of(line.name.shown());
    let name = match line.active {
        true => {
            let href = format!("/products/{}", line.slug);
            view! { <a href=href>{line.name.shown().to_owned()}</a> }.into_any()
        }
        false => line.name.shown().to_owned().into_any(),
    };
    let total = counts.then(|| view! { <Price money=Money::new(line.total(), currency) /> });
    let remove = format!("{}/remove", action_of(&line));
    let label = t!("cart-remove", product = line.name.shown());
    let price = counts.then(|| line.price.to_string());
    let quantity = counts.then(|| view! { <Quantity line=line.clone() refusal /> });
    view! {
        <li class="cart-line" data-price=price>
            <Thumb line=line.clone() />
            <div class="cart-what">
                <h2 class="cart-name" lang=lang>
                    {name}
                </h2>
                <Costs line=line.clone() currency />
                <Trouble line />
            </div>
            {quantity}
            <p class="cart-total">{total}</p>
            <form class="cart-remove" method="post" action=remove>
                <Button kind=ButtonKind::Quiet small=true icon=Icon::Trash label />
            </form>
        </li>
    }
}

#[component]
fn Thumb(line: CartLine) -> impl IntoView {
    // The name beside it says what the picture shows.
    let picture = match line.picture {
        Some(picture) => {
            let src = picture.small_url(&app().files);
            view! { <img src=src alt="" width="96" height="96" loading="lazy" decoding="async" /> }
                .into_any()
        }
        None => view! { <IconView icon=Icon::Image /> }.into_any(),
    };
    view! { <div class="cart-picture">{picture}</div> }
}

/// The unit price, and a note if it has changed since it was last seen.
#[component]
fn Costs(line: CartLine, currency: Currency) -> impl IntoView {
    let money = |minor| Money::new(minor, currency);
    let moved = line.has_moved().then(|| {
        let (was, now) = (money(line.seen_price), money(line.price));
        view! { <p class="cart-note cart-note-warn">{t!("cart-price-was", was = was.to_string(), now = now.to_string())}</p> }
    });
    let each = line.state().counts().then(|| {
        view! {
            <p class="cart-each">
                <Price money=money(line.price) />
                " "
                {t!("cart-each")}
            </p>
        }
    });
    view! {
        {each}
        {moved}
    }
}

/// The reason the line cannot be ordered as it is, and a way to fix it.
#[component]
fn Trouble(line: CartLine) -> impl IntoView {
    let trouble = line.trouble()?;
    let advice = match line.state() {
        LineState::TooFew => {
            let most = super::rules::most_of(line.available);
            let action = action_of(&line);
            let label = t!("cart-take-of", most = most, product = line.name.shown());
            view! {
                <p class="cart-note cart-note-warn">{trouble}</p>
                <form method="post" action=action>
                    <HiddenField name="quantity" value=most.to_string() />
                    <Button small=true label>
                        {t!("cart-take", most = most)}
                    </Button>
                </form>
            }
            .into_any()
        }
        LineState::SoldOut => {
            view! { <Badge tone=Tone::Bad>{t!("cart-sold-out")}</Badge> }.into_any()
        }
        LineState::NotForSale | LineState::Good => {
            view! { <Badge>{t!("cart-not-for-sale")}</Badge> }.into_any()
        }
    };
    Some(view! { <div class="cart-trouble">{advice}</div> })
}

/// The quantity field, with a button for use without script. With `data-live` the cart's island may
/// submit it in place; a line in trouble is better rendered anew.
#[component]
fn Quantity(line: CartLine, refusal: Option<Refusal>) -> impl IntoView {
    let live = (line.state() == LineState::Good && refusal.is_none()).then_some("true");
    let id = format!("quantity-{}", line.product_id);
    let error_id = format!("{id}-error");
    let typed = refusal.as_ref().and_then(|refusal| {
        let typed = refusal.typed.iter().find(|(name, _)| name == "quantity");
        typed.map(|(_, value)| value.clone())
    });
    let value = typed.unwrap_or_else(|| line.quantity.to_string());
    let fault = refusal.as_ref().map(|refusal| words(refusal.error.clone()));
    let describedby = fault.as_ref().map(|_| error_id.clone());
    let invalid = fault.as_ref().map(|_| "true");
    view! {
        <form class="cart-quantity" method="post" action=action_of(&line) data-live=live>
            <label class="visually-hidden" for=id.clone()>
                {t!("cart-quantity-of", product = line.name.shown())}
            </label>
            <input
                class="input"
                type="number"
                id=id
                name="quantity"
                value=value
                min="0"
                max="999"
                required=true
                inputmode="numeric"
                autocomplete="off"
                aria-describedby=describedby
                aria-invalid=invalid
            />
            <Button small=true>{t!("cart-update")}</Button>
            {fault.map(|fault| view! { <p class="field-error" id=error_id role="alert">{fault}</p> })}
        </form>
    }
}
