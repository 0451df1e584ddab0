//! Product components shared by several pages.

use super::product::{Category, Product, QuickAdd, StockLevel};
use crate::accounts::viewer;
use crate::i18n::t;
use crate::money::Currency;
use crate::server::app;
use crate::ui::{
    Badge, Command, Empty, FormScope, HiddenField, Icon, IconView, Price, SelectField, TextField,
    Tone, lang_of,
};
use leptos::prelude::*;

/// A grid of products. Goes under a heading of the second level.
#[component]
pub fn ProductGrid(products: Vec<Product>, currency: Currency) -> impl IntoView {
    let cards = products
        .into_iter()
        .map(|product| view! { <ProductCard product currency /> })
        .collect::<Vec<_>>();
    view! { <ul class="product-grid">{cards}</ul> }
}

#[component]
fn ProductCard(product: Product, currency: Currency) -> impl IntoView {
    let href = product.path();
    let money = product.money(currency);
    let lang = lang_of(product.name.shown());
    // The name beside it says what the picture shows.
    let picture = match &product.picture {
        Some(picture) => {
            let src = picture.small_url(&app().files);
            view! { <img src=src alt="" width="320" height="320" loading="lazy" decoding="async" /> }
                .into_any()
        }
        None => view! { <IconView icon=Icon::Image /> }.into_any(),
    };
    view! {
        <li class="product-card">
            <div class="product-card-picture">{picture}</div>
            <h3 class="product-card-name" lang=lang>
                <a href=href>{product.name.shown().to_owned()}</a>
            </h3>
            <p class="product-card-category">{product.category.name.shown().to_owned()}</p>
            <div class="product-card-foot">
                <Price money />
                <Availability available=product.available() active=product.active />
            </div>
            <QuickAdd product />
        </li>
    }
}

/// The availability of a product. The exact count is for staff.
#[component]
pub fn Availability(available: i64, active: bool) -> impl IntoView {
    let (tone, words) = match StockLevel::of(available) {
        _ if !active => (Tone::Neutral, t!("catalog-not-for-sale").to_owned()),
        StockLevel::SoldOut => (Tone::Bad, t!("catalog-sold-out").to_owned()),
        StockLevel::FewLeft if viewer().is_staff() => {
            (Tone::Warn, t!("catalog-only-left", count = available))
        }
        StockLevel::FewLeft => (Tone::Warn, t!("catalog-few-left").to_owned()),
        StockLevel::InStock => (Tone::Good, t!("catalog-in-stock").to_owned()),
    };
    view! { <Badge tone>{words}</Badge> }
}

/// The picture of a product's own page.
#[component]
pub fn LargePicture(product: Product) -> impl IntoView {
    match &product.picture {
        Some(picture) => {
            let alt = match product.picture_alt.shown() {
                "" => product.name.shown(),
                alt => alt,
            };
            let alt = alt.to_owned();
            let src = picture.large_url(&app().files);
            view! {
                <img
                    class="product-picture"
                    src=src
                    alt=alt
                    width="800"
                    height="800"
                    fetchpriority="high"
                />
            }
            .into_any()
        }
        None => view! {
            <div class="product-picture">
                <IconView icon=Icon::Image />
            </div>
        }
        .into_any(),
    }
}

/// The page of a shop without any products.
#[component]
pub fn EmptyShop(staff: bool) -> impl IntoView {
    let advice = if staff {
        view! { <p><a href="/products/new">{t!("catalog-first-product")}</a></p> }.into_any()
    } else {
        view! { <p>{t!("catalog-empty-advice")}</p> }.into_any()
    };
    view! {
        <Empty icon=Icon::Box title=t!("catalog-empty")>{advice}</Empty>
    }
}

/// The fields shared by the forms for a new and an existing product.
#[component]
pub fn ProductFields(
    categories: Vec<Category>,
    category: String,
    price: String,
    currency: Currency,
) -> impl IntoView {
    let options = categories
        .into_iter()
        .map(|category| (category.slug, category.name.shown().to_owned()))
        .collect();
    view! {
        <div class="field-row">
            <TextField
                name="price"
                label=t!("catalog-price-in", currency = currency.code())
                inputmode="decimal"
                required=true
                value=price
                autocomplete="off"
            />
            <SelectField name="category" label=t!("catalog-category") value=category options />
        </div>
    }
}

/// The version that an edit is based on. After a refusal it stays the same, so that the next try
/// notices others' changes as well. Somebody who has `seen` those changes may save over them.
#[component]
pub fn VersionField(present: i64, #[prop(optional)] seen: bool) -> impl IntoView {
    let present = present.to_string();
    let value = if seen {
        present
    } else {
        FormScope::current().value("version", present)
    };
    view! { <HiddenField name="version" value /> }
}

/// Returns the command palette's entries for shop staff.
pub fn staff_places() -> Vec<Command> {
    vec![
        Command::new(
            t!("catalog-new-product"),
            "/products/new",
            t!("catalog-shop"),
        ),
        Command::new(t!("catalog-categories"), "/categories", t!("catalog-shop")),
    ]
}
