//! The shop: the list of products, and the page of one.

use super::components::{Availability, EmptyShop, LargePicture, ProductGrid};
use super::list::{
    Fault, Fragment, ListKey, Listing, ProductFilter, count_by_category, list_products,
    list_toolbar, product_filters,
};
use super::product::{
    AddRefused, AddToCart, Category, Product, list_categories, missing_texts, read_visible_product,
};
use crate::accounts::viewer;
use crate::error::AppError;
use crate::i18n::{Language, t};
use crate::markdown;
use crate::money::Currency;
use crate::server::{App, app, page};
use crate::ui::{
    Alert, Breadcrumbs, Button, ButtonKind, Empty, Icon, LinkButton, Pager, Price, Tone, When, gap,
    lang_of,
};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use leptos_router::hooks::{use_params_map, use_query_map};

/// The number of products on a page: four rows on a wide screen, and whole rows on most.
const ON_A_PAGE: i64 = 24;

/// The list that a URL requests, and for whom.
struct Asked {
    filter: ProductFilter,
    cursor: String,
    /// The invalid parts of the URL.
    faults: Vec<Fault>,
    staff: bool,
}

impl Asked {
    /// Returns the cache key; `None` if the page is for this viewer alone: staff, or a mistyped URL.
    fn key(&self) -> Option<ListKey> {
        let for_all = !self.staff && self.faults.is_empty();
        for_all.then(|| ListKey::Products {
            filter: self.filter.clone(),
            cursor: self.cursor.clone(),
            size: ON_A_PAGE,
            staff: self.staff,
        })
    }
}

/// `/products?q=&category=&min_price=&max_price=&in_stock=&state=&sort=&cursor=`
#[component]
pub fn ProductsPage() -> impl IntoView {
    let (app, staff) = (app(), viewer().is_staff());
    let query = use_query_map().get_untracked();
    let currency = app.config.shop.currency;
    let (filter, faults) = ProductFilter::from_address(|name| query.get(name), currency, staff);
    let asked = Asked {
        filter,
        cursor: query.get("cursor").unwrap_or_default(),
        faults,
        staff,
    };
    page(async move {
        let Fragment { title, html } = match asked.key() {
            Some(key) => app.shop.pages.get(key, || render(&app, asked)).await?,
            None => render(&app, asked).await?,
        };
        Ok::<_, AppError>(view! {
            <Title text=title.to_string() />
            <AddRefused />
            <div inner_html=html></div>
        })
    })
}

async fn render(app: &App, asked: Asked) -> Result<Fragment, AppError> {
    let listing = read_listing(app, asked).await?;
    Ok(Fragment {
        title: heading(&listing).into(),
        html: view! { <Products listing /> }.to_html().into(),
    })
}

async fn read_listing(app: &App, asked: Asked) -> Result<Listing, AppError> {
    let mut filter = asked.filter;
    let mut conn = app.db.read().await?;
    let categories = list_categories(&mut conn).await?;
    if !categories
        .iter()
        .any(|category| category.slug == filter.category)
    {
        filter.category.clear();
    }
    let page = list_products(&mut conn, &filter, &asked.cursor, ON_A_PAGE).await?;
    let counts = count_by_category(&mut conn, &filter).await?;
    Ok(Listing {
        filter,
        currency: app.config.shop.currency,
        staff: asked.staff,
        categories,
        counts,
        page,
        further: !asked.cursor.is_empty(),
        faults: asked.faults,
    })
}

#[component]
fn Products(mut listing: Listing) -> impl IntoView {
    let heading = heading(&listing);
    let add = listing.staff.then(|| {
        view! {
            <div class="actions">
                <LinkButton href="/categories" kind=ButtonKind::Quiet icon=Icon::Tag>
                    {t!("catalog-categories")}
                </LinkButton>
                <LinkButton href="/products/new" icon=Icon::Plus>
                    {t!("catalog-new-product")}
                </LinkButton>
            </div>
        }
    });
    let filters = product_filters(&listing).into_any();
    let faults = std::mem::take(&mut listing.faults)
        .into_iter()
        .map(|fault| view! { <Alert tone=Tone::Warn>{fault.message}</Alert> })
        .collect::<Vec<_>>();
    let toolbar = list_toolbar(&listing).into_any();
    view! {
        <div class="page-head">
            <h1>{heading}</h1>
            {add}
        </div>
        <div class="products-page">
            {filters} <section class="products-main" aria-labelledby="products-heading">
                <h2 id="products-heading" class="visually-hidden">
                    {t!("catalog-products-heading")}
                </h2>
                {faults} {toolbar} <Found listing />
            </section>
        </div>
    }
}

fn heading(listing: &Listing) -> String {
    let chosen = |category: &&Category| category.slug == listing.filter.category;
    let place = listing.categories.iter().find(chosen);
    match (listing.filter.text.as_str(), place) {
        ("", None) => t!("catalog-shop").to_owned(),
        ("", Some(category)) => category.name.shown().to_owned(),
        (text, _) => t!("catalog-search", text = text),
    }
}

#[component]
fn Found(listing: Listing) -> impl IntoView {
    let first = listing
        .further
        .then(|| listing.filter.href(listing.currency, None));
    let next = listing.page.next_cursor.as_deref();
    let next = next.map(|cursor| listing.filter.href(listing.currency, Some(cursor)));
    let shown = listing.page.items.len();
    if shown == 0 {
        return view! { <NothingFound listing /> }.into_any();
    }
    view! {
        <ProductGrid products=listing.page.items currency=listing.currency />
        <Pager first next shown />
    }
    .into_any()
}

#[component]
fn NothingFound(listing: Listing) -> impl IntoView {
    if listing.further {
        return view! {
            <Empty icon=Icon::Box title=t!("catalog-page-empty")>
                <p>
                    {t!("catalog-page-moved")} {gap()}
                    <a href=listing.filter.href(listing.currency, None)>{t!("catalog-page-first")}</a>
                </p>
            </Empty>
        }
        .into_any();
    }
    if listing.filter.narrows() {
        return view! {
            <Empty icon=Icon::Search title=t!("catalog-nothing-matches")>
                <p>
                    {t!("catalog-nothing-advice")} {gap()}
                    <a href="/products">{t!("catalog-show-everything")}</a>
                </p>
            </Empty>
        }
        .into_any();
    }
    view! { <EmptyShop staff=listing.staff /> }.into_any()
}

/// `/products/{slug}`
#[component]
pub fn ProductPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let key = use_params_map()
        .read_untracked()
        .get("slug")
        .unwrap_or_default();
    page(async move {
        let staff = viewer.is_staff();
        let product = read_visible_product(&app, &key, staff).await?;
        let currency = app.config.shop.currency;
        Ok::<_, AppError>(view! { <OneProduct product currency staff /> })
    })
}

#[component]
fn OneProduct(product: Product, currency: Currency, staff: bool) -> impl IntoView {
    let category = format!("/products?category={}", product.category.slug);
    let money = product.money(currency);
    let name = product.name.shown().to_owned();
    let lang = lang_of(&name);
    let trail = vec![
        ("/products".into(), t!("catalog-shop").into()),
        (category.clone(), product.category.name.shown().to_owned()),
    ];
    let description = match product.description.shown() {
        "" => view! { <p class="muted">{t!("catalog-no-description")}</p> }.into_any(),
        text => {
            let html = markdown::to_html(text);
            view! { <div class="product-description" inner_html=html></div> }.into_any()
        }
    };
    view! {
        <Title text=name.clone() />
        <ProductMeta product=product.clone() />
        <Breadcrumbs trail here=name.clone() />
        <article class="product-page">
            <div class="product-pictures">
                <LargePicture product=product.clone() />
            </div>
            <div class="product-info">
                <p class="product-category">
                    <a href=category>{product.category.name.shown().to_owned()}</a>
                </p>
                <h1 lang=lang>{name}</h1>
                <p class="product-price">
                    <Price money /> <Availability available=product.available() active=product.active />
                </p>
                <AddToCart product=product.clone() />
                {staff.then(|| view! { <StaffActions product=product.clone() /> })}
                {description}
                {staff.then(|| view! { <StaffFacts product=product.clone() /> })}
            </div>
        </article>
    }
}

/// The metadata that search engines and messengers show.
#[component]
fn ProductMeta(product: Product) -> impl IntoView {
    let app = app();
    let base = app
        .config
        .server
        .public_url
        .trim_end_matches('/')
        .to_owned();
    let summary = markdown::to_summary(product.description.shown(), 160);
    let described = (!summary.is_empty()).then(|| {
        let shared = summary.clone();
        view! {
            <Meta name="description" content=summary />
            <Meta property="og:description" content=shared />
        }
    });
    let picture = product.picture.as_ref().map(|picture| {
        let address = format!("{base}{}", picture.large_url(&app.files));
        view! { <Meta property="og:image" content=address /> }
    });
    view! {
        {described}
        <Meta property="og:type" content="product" />
        <Meta property="og:title" content=product.name.shown().to_owned() />
        <Meta property="og:url" content=format!("{base}{}", product.path()) />
        {picture}
    }
}

#[component]
fn StaffActions(product: Product) -> impl IntoView {
    let path = product.path();
    let (act, words) = if product.active {
        ("deactivate", t!("catalog-unpublish"))
    } else {
        ("activate", t!("catalog-publish"))
    };
    view! {
        <div class="product-actions">
            <LinkButton href=format!("{path}/edit") icon=Icon::Edit>
                {t!("catalog-edit")}
            </LinkButton>
            <form method="post" action=format!("{path}/{act}")>
                <Button kind=ButtonKind::Quiet>{words}</Button>
            </form>
        </div>
    }
}

/// The facts shown to staff only.
#[component]
fn StaffFacts(product: Product) -> impl IntoView {
    let untranslated = Language::ALL.map(|language| {
        let missing = missing_texts(&product, language);
        (!missing.is_empty()).then(|| {
            view! {
                <div>
                    <dt>{t!("catalog-missing-in", language = language.name())}</dt>
                    <dd>
                        {missing.join(t!("catalog-comma"))} " "
                        <a href=format!("{}/edit", product.path())>{t!("catalog-translate")}</a>
                    </dd>
                </div>
            }
        })
    });
    view! {
        <dl class="product-facts">
            <div>
                <dt>{t!("catalog-number")}</dt>
                <dd>{product.id}</dd>
            </div>
            <div>
                <dt>{t!("catalog-on-hand")}</dt>
                <dd>
                    {product.stock} " "
                    {(product.reserved > 0).then(|| t!("catalog-reserved", count = product.reserved))}
                    <a href=format!("{}/edit#stock", product.path())>{t!("catalog-adjust")}</a>
                </dd>
            </div>
            <div>
                <dt>{t!("catalog-orders")}</dt>
                <dd>
                    <a href=format!("/orders/all?product={}", product.id)>{t!("catalog-orders-with-it")}</a>
                </dd>
            </div>
            {untranslated}
            <div>
                <dt>{t!("catalog-updated")}</dt>
                <dd>
                    <When at=product.updated_at />
                </dd>
            </div>
        </dl>
    }
}
