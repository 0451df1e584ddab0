//! `/products/{slug}/edit`

use super::conflict_page::{StaleEdit, fields_of};
use super::read::read_product;
use super::store::list_categories;
use super::text_fields::{TextFields, text_fields};
use super::types::{Category, Product};
use crate::accounts::viewer;
use crate::catalog::components::{ProductFields, VersionField};
use crate::catalog::islands::PicturePreview;
use crate::catalog::stock::{StockChangeLine, StockSection, list_stock_changes};
use crate::error::{AppError, STALE};
use crate::i18n::t;
use crate::money::Currency;
use crate::server::{app, page};
use crate::ui::{
    Breadcrumbs, Button, ButtonKind, ConfirmButton, Form, FormScope, Icon, LinkButton, Originals,
    Refusal, lang_of,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// The number of stock log lines on the page.
const LOG_LINES: i64 = 20;

/// The product's details, its picture, its stock. After a stale edit: both versions.
#[component]
pub fn EditProductPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let key = use_params_map()
        .read_untracked()
        .get("slug")
        .unwrap_or_default();
    let refusal = use_context::<Refusal>();
    page(async move {
        viewer.staff()?;
        let mut conn = app.db.snapshot().await?;
        let product = read_product(&mut conn, &key).await?;
        let categories = list_categories(&mut conn).await?;
        let log = list_stock_changes(&app, &mut conn, &product, LOG_LINES).await?;
        let currency = app.config.shop.currency;
        let action = format!("/products/{key}/edit");
        let stale =
            refusal.filter(|refusal| refusal.action == action && refusal.error.code == STALE);
        let body = match stale {
            Some(refusal) => view! { <StaleEdit refusal product categories currency /> }.into_any(),
            None => view! { <EditProduct action product categories log currency /> }.into_any(),
        };
        Ok::<_, AppError>(body)
    })
}

#[component]
fn EditProduct(
    action: String,
    product: Product,
    categories: Vec<Category>,
    log: Vec<StockChangeLine>,
    currency: Currency,
) -> impl IntoView {
    let path = product.path();
    let trail = vec![
        ("/products".into(), t!("catalog-shop").into()),
        (path.clone(), product.name.shown().to_owned()),
    ];
    let lang = lang_of(product.name.shown());
    let title = t!("catalog-edit-title", product = product.name.shown());
    let below = view! {
        <PictureSection product=product.clone() />
        <StockSection product=product.clone() log />
    };
    view! {
        <Title text=title />
        <Breadcrumbs trail here=t!("catalog-edit") />
        <div class="page-head">
            <h1 lang=lang>{product.name.shown().to_owned()}</h1>
            <div class="actions">
                <LinkButton href=path icon=Icon::ArrowLeft>
                    {t!("catalog-back")}
                </LinkButton>
            </div>
        </div>
        <section class="settings-section">
            <div class="settings-head">
                <h2>{t!("catalog-details")}</h2>
                <p>{t!("catalog-address-stays")}</p>
            </div>
            <Form action>
                <VersionField present=product.version />
                <Originals fields=fields_of(&product, currency) />
                <TextFields first=product.language fields=text_fields(&product) with_picture=true />
                <ProductFields
                    categories
                    category=product.category.slug.clone()
                    price=product.price_field(currency)
                    currency
                />
                <div class="actions">
                    <Button kind=ButtonKind::Primary>{t!("catalog-save")}</Button>
                </div>
            </Form>
        </section>
        {below}
    }
}

#[component]
fn PictureSection(product: Product) -> impl IntoView {
    let action = format!("{}/picture", product.path());
    let present = product
        .picture
        .as_ref()
        .map(|picture| picture.small_url(&app().files));
    let delete = present.is_some().then(|| {
        view! {
            <ConfirmButton
                action=format!("{action}/delete")
                label=t!("catalog-picture-remove")
                title=t!("catalog-picture-remove-title")
                message=t!("catalog-picture-remove-advice")
                confirm_label=t!("catalog-remove")
            />
        }
    });
    view! {
        <section class="settings-section">
            <div class="settings-head">
                <h2>{t!("catalog-picture")}</h2>
                <p>{t!("catalog-picture-hint")}</p>
            </div>
            <div class="stack">
                <Form action multipart=true>
                    <PictureField present=present.unwrap_or_default() />
                    <div class="actions">
                        <Button icon=Icon::Upload>{t!("catalog-upload")}</Button>
                    </div>
                </Form>
                <div class="actions">{delete}</div>
            </div>
        </section>
    }
}

#[component]
fn PictureField(present: String) -> impl IntoView {
    let scope = FormScope::current();
    let (id, error) = (scope.id("picture"), scope.error("picture"));
    let error_id = format!("{id}-error");
    let describedby = error.as_ref().map(|_| error_id.clone());
    view! {
        <div class="field">
            <PicturePreview id present describedby words=t!("catalog-picture-choose") />
            {error.map(|error| view! { <p class="field-error" id=error_id>{error}</p> })}
        </div>
    }
}
