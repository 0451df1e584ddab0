//! Forms that put a product into the cart, on its page and on its card in a list.
//!
//! They are plain forms that know only the cart's URL. Once the cart's island is hydrated, it
//! handles them in place.

use super::types::Product;
use crate::i18n::t;
use crate::server::{IdempotencyKey, app};
use crate::ui::{
    Alert, Button, ButtonKind, Form, HiddenField, Icon, Own, Refusal, TextField, Tone, own_text,
};
use leptos::prelude::*;

const ACTION: &str = "/cart/items";

/// The form with a quantity, on the product's own page. It holds a key that makes a double click count
/// once: the page may be kept for many, but the key is left open in it.
#[component]
pub fn AddToCart(product: Product) -> impl IntoView {
    if !product.is_for_sale(app().config.shop.currency) {
        return None;
    }
    if product.available() <= 0 {
        return Some(view! { <AddRefused /> }.into_any());
    }
    let form = view! {
        <Form action=ACTION class="add-to-cart">
            <HiddenField name="product_id" value=product.id.to_string() />
            <HiddenField name="idempotency_key" value=own_text(Own::Key, IdempotencyKey::new_key) />
            <TextField
                name="quantity"
                label=t!("catalog-quantity")
                kind="number"
                value="1"
                min="1"
                max="999"
                inputmode="numeric"
                autocomplete="off"
                required=true
            />
            <Button kind=ButtonKind::Primary icon=Icon::Cart>
                {t!("catalog-add")}
            </Button>
        </Form>
    };
    Some(form.into_any())
}

/// The form for one of a product, on its card. The list is the same for everybody and is cached for
/// a moment: nothing here may be personal.
#[component]
pub fn QuickAdd(product: Product) -> impl IntoView {
    if !product.is_for_sale(app().config.shop.currency) || product.available() <= 0 {
        return None;
    }
    let label = t!("catalog-add-of", product = product.name.shown());
    Some(view! {
        <form class="product-card-add" method="post" action=ACTION>
            <HiddenField name="product_id" value=product.id.to_string() />
            <Button small=true icon=Icon::Cart label>
                {t!("catalog-add")}
            </Button>
        </form>
    })
}

/// The reason the last such form was refused, on pages without a form to show it in.
#[component]
pub fn AddRefused() -> impl IntoView {
    let refusal = use_context::<Refusal>().filter(|refusal| refusal.action == ACTION)?;
    Some(view! { <Alert tone=Tone::Bad>{refusal.error.message}</Alert> })
}
