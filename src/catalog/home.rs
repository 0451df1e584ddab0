//! The front page.

use super::components::{EmptyShop, ProductGrid};
use super::list::{ProductFilter, count_by_category, list_products};
use super::product::{AddRefused, Category, Product, list_categories};
use crate::accounts::viewer;
use crate::error::AppError;
use crate::i18n::t;
use crate::money::Currency;
use crate::server::{app, page};
use crate::ui::{ButtonKind, Icon, LinkButton};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};

/// The number of products shown: one in the hero, then two rows on a wide screen.
const FEATURED: i64 = 11;

/// `/`
#[component]
pub fn HomePage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    page(async move {
        let mut conn = app.db.read().await?;
        let categories = list_categories(&mut conn).await?;
        let counts = count_by_category(&mut conn, &ProductFilter::default()).await?;
        let newest = ProductFilter {
            in_stock: true,
            ..ProductFilter::default()
        };
        let mut featured = list_products(&mut conn, &newest, "", FEATURED).await?.items;
        let first = (!featured.is_empty()).then(|| featured.remove(0));
        let tiles = categories
            .into_iter()
            .filter_map(|category| Some((counts.get(&category.id).copied()?, category)))
            .collect::<Vec<_>>();
        let currency = app.config.shop.currency;
        let staff = viewer.is_staff();
        let name = viewer.user.map(|user| user.name);
        Ok::<_, AppError>(view! {
            <Title text=t!("catalog-home-title") />
            <Meta name="description" content=t!("catalog-home-description") />
            <AddRefused />
            <Hero name product=first />
            {if tiles.is_empty() {
                view! { <EmptyShop staff /> }.into_any()
            } else {
                view! { <Shelves tiles featured currency /> }.into_any()
            }}
        })
    })
}

#[component]
fn Hero(name: Option<String>, product: Option<Product>) -> impl IntoView {
    let kicker = match name {
        Some(name) => t!("catalog-home-welcome", name = name),
        None => t!("catalog-home-kicker").to_owned(),
    };
    let picture = product.and_then(|product| {
        let src = product.picture.as_ref()?.large_url(&app().files);
        let label = format!("{}: {}", product.name.shown(), product.picture_alt.shown());
        Some(view! {
            <a href=product.path() class="hero-link">
                <img class="hero-picture" src=src alt=label width="1200" height="900" fetchpriority="high" />
            </a>
        })
    });
    view! {
        <section class="hero">
            <div class="hero-text">
                <p class="hero-kicker">{kicker}</p>
                <h1 class="display">{t!("catalog-home-heading")}</h1>
                <p class="lead">
                    {t!("catalog-home-lead")}
                </p>
                <div class="hero-actions">
                    <LinkButton href="/products" kind=ButtonKind::Primary>
                        {t!("catalog-home-browse")}
                    </LinkButton>
                    <LinkButton href="/products?sort=price_up" kind=ButtonKind::Quiet icon=Icon::Tag>
                        {t!("catalog-home-cheapest")}
                    </LinkButton>
                </div>
            </div>
            {picture}
        </section>
    }
}

#[component]
fn Shelves(
    tiles: Vec<(i64, Category)>,
    featured: Vec<Product>,
    currency: Currency,
) -> impl IntoView {
    let tiles = tiles
        .into_iter()
        .map(|(count, category)| {
            let href = format!("/products?category={}", category.slug);
            view! {
                <li>
                    <a class="category-tile" href=href>
                        <span class="category-tile-name">{category.name.shown().to_owned()}</span>
                        <span class="visually-hidden">": "</span>
                        <span class="category-tile-count">
                            <span aria-hidden="true">{crate::number::count(count)}</span>
                            <span class="visually-hidden">{t!("catalog-products", count = count)}</span>
                        </span>
                    </a>
                </li>
            }
        })
        .collect::<Vec<_>>();
    let shelf = (!featured.is_empty()).then(|| {
        view! {
            <section class="home-section" aria-labelledby="featured">
                <div class="home-section-head">
                    <h2 id="featured">{t!("catalog-home-new")}</h2>
                    <a href="/products">{t!("catalog-home-all")}</a>
                </div>
                <ProductGrid products=featured currency />
            </section>
        }
    });
    view! {
        <section class="home-section" aria-labelledby="categories">
            <div class="home-section-head">
                <h2 id="categories">{t!("catalog-home-categories")}</h2>
            </div>
            <ul class="category-tiles">{tiles}</ul>
        </section>
        {shelf}
    }
}
