//! The back room: making a product, and changing it.

use super::change::read_product;
use super::islands::PicturePreview;
use super::product::{Category, Product};
use super::stale::StaleEdit;
use super::store::{StockAdjustment, list_categories, list_stock_adjustments};
use super::views::category_options;
use crate::error::{AppError, STALE};
use crate::money::Currency;
use crate::server::{app, page, viewer};
use crate::ui::{
    Breadcrumbs, Button, ButtonKind, CheckField, ConfirmButton, Form, FormScope, HiddenField, Icon,
    LinkButton, Refusal, SelectField, Table, TextArea, TextField, When, lang_of,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// How much of a stock's log the page shows.
const LOG_LINES: i64 = 20;

/// `/products/new`
#[component]
pub fn NewProductPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    page(async move {
        viewer.staff()?;
        let mut conn = app.db.read().await?;
        let categories = list_categories(&mut conn).await?;
        let currency = app.config.shop.currency;
        Ok::<_, AppError>(view! { <NewProductForm categories currency /> })
    })
}

#[component]
fn NewProductForm(categories: Vec<Category>, currency: Currency) -> impl IntoView {
    view! {
        <Title text="New product" />
        <Breadcrumbs trail=vec![("/products".into(), "Shop".into())] here="New product" />
        <div class="page-narrow">
            <div class="page-head">
                <h1>"New product"</h1>
            </div>
            <Form action="/products/new">
                <TextField name="name" label="Name" required=true maxlength=120_u32 autocomplete="off" />
                <TextField
                    name="slug"
                    label="Address"
                    hint="The last part of /products/… in small letters, digits and dashes. Made from the name where left empty; it stays as it is afterwards, so that links keep working."
                    maxlength=80_u32
                    autocomplete="off"
                />
                <ProductFields
                    categories
                    category=String::new()
                    price=String::new()
                    description=String::new()
                    currency
                />
                <TextField name="stock" label="In stock" kind="number" min="0" value="0" autocomplete="off" />
                <CheckField
                    name="active"
                    label="For sale at once"
                    hint="Until then only staff see it."
                    checked=true
                />
                <div class="actions">
                    <Button kind=ButtonKind::Primary>"Make the product"</Button>
                    <LinkButton href="/products" kind=ButtonKind::Quiet>
                        "Cancel"
                    </LinkButton>
                </div>
            </Form>
        </div>
    }
}

/// The fields that a new product and an old one have in common.
#[component]
fn ProductFields(
    categories: Vec<Category>,
    category: String,
    price: String,
    description: String,
    currency: Currency,
) -> impl IntoView {
    let options = category_options(&categories);
    view! {
        <div class="field-row">
            <TextField
                name="price"
                label=format!("Price in {}", currency.code())
                inputmode="decimal"
                required=true
                value=price
                autocomplete="off"
            />
            <SelectField name="category" label="Category" value=category options />
        </div>
        <TextArea
            name="description"
            label="Description"
            hint="Markdown: **bold**, lists with a dash, tables."
            rows=12
            maxlength=10_000_u32
            value=description
        />
    }
}

/// `/products/{slug}/edit`
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
        let mut conn = app.db.read().await?;
        let product = read_product(&mut conn, &key).await?;
        let categories = list_categories(&mut conn).await?;
        let log = list_stock_adjustments(&mut conn, product.id, LOG_LINES).await?;
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
    log: Vec<StockAdjustment>,
    currency: Currency,
) -> impl IntoView {
    let path = product.path();
    let trail = vec![
        ("/products".into(), "Shop".into()),
        (path.clone(), product.name.clone()),
    ];
    let lang = lang_of(&product.name);
    let title = format!("Edit {}", product.name);
    let below = view! {
        <PictureSection product=product.clone() />
        <StockSection product=product.clone() log />
    };
    view! {
        <Title text=title />
        <Breadcrumbs trail here="Edit" />
        <div class="page-head">
            <h1 lang=lang>{product.name.clone()}</h1>
            <div class="actions">
                <LinkButton href=path icon=Icon::ArrowLeft>
                    "Back to the product"
                </LinkButton>
            </div>
        </div>
        <section class="settings-section">
            <div class="settings-head">
                <h2>"What it is"</h2>
                <p>"The address stays as it is, so that links keep working."</p>
            </div>
            <Form action>
                <VersionField present=product.version />
                <TextField name="name" label="Name" value=product.name.clone() required=true maxlength=120_u32 autocomplete="off" />
                <ProductFields
                    categories
                    category=product.category.slug.clone()
                    price=product.money(currency).decimal()
                    description=product.description.clone()
                    currency
                />
                <TextField
                    name="picture_alt"
                    label="What the picture shows"
                    hint="For those who do not see it."
                    value=product.picture_alt.clone()
                    maxlength=300_u32
                    autocomplete="off"
                />
                <div class="actions">
                    <Button kind=ButtonKind::Primary>"Save"</Button>
                </div>
            </Form>
        </section>
        {below}
    }
}

/// The version that the edit started from. After a refusal still that one: what others did in the
/// meantime has to be noticed at the next try as well.
#[component]
fn VersionField(present: i64) -> impl IntoView {
    let value = FormScope::current().value("version", present.to_string());
    view! { <HiddenField name="version" value /> }
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
                label="Remove the picture"
                title="Remove the picture?"
                message="The product is shown without one until you upload another."
                confirm_label="Remove"
            />
        }
    });
    view! {
        <section class="settings-section">
            <div class="settings-head">
                <h2>"Picture"</h2>
                <p>"PNG, JPEG or WebP, at most 5 MiB. A square one is shown whole in lists."</p>
            </div>
            <div class="stack">
                <Form action multipart=true>
                    <PictureField present=present.unwrap_or_default() />
                    <div class="actions">
                        <Button icon=Icon::Upload>"Upload"</Button>
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
            <PicturePreview id present describedby />
            {error.map(|error| view! { <p class="field-error" id=error_id>{error}</p> })}
        </div>
    }
}

#[component]
fn StockSection(product: Product, log: Vec<StockAdjustment>) -> impl IntoView {
    let reasons = [
        "Delivery",
        "Return",
        "Stocktake",
        "Damaged",
        "Sold at the counter",
    ]
    .map(|reason| view! { <option value=reason></option> });
    view! {
        <section class="settings-section" id="stock">
            <div class="settings-head">
                <h2>"Stock"</h2>
                <p>
                    <strong class="num">{product.stock}</strong>
                    " on hand. Every change is kept with its reason."
                </p>
            </div>
            <div class="stack">
                <Form action=format!("{}/stock", product.path())>
                    <div class="field-row">
                        <TextField
                            name="change"
                            label="Change"
                            hint="12 come in, -3 go out."
                            inputmode="text"
                            required=true
                            autocomplete="off"
                        />
                        <TextField
                            name="reason"
                            label="Reason"
                            required=true
                            maxlength=200_u32
                            list="stock-reasons"
                            autocomplete="off"
                        />
                    </div>
                    <datalist id="stock-reasons">{reasons}</datalist>
                    <div class="actions">
                        <Button>"Adjust the stock"</Button>
                    </div>
                </Form>
                <StockLog log />
            </div>
        </section>
    }
}

#[component]
fn StockLog(log: Vec<StockAdjustment>) -> impl IntoView {
    if log.is_empty() {
        return view! { <p class="muted">"Nothing has come in or gone out yet."</p> }.into_any();
    }
    let rows = log
        .into_iter()
        .map(|entry| {
            view! {
                <tr>
                    <td data-label="When">
                        <When at=entry.at />
                    </td>
                    <td data-label="Change" class="num">
                        {format!("{:+}", entry.change).replace('-', "−")}
                    </td>
                    <td data-label="On hand" class="num">
                        {entry.on_hand}
                    </td>
                    <td data-label="Reason">{entry.reason}</td>
                    <td data-label="By">{entry.actor.unwrap_or_else(|| "Guildhall".to_owned())}</td>
                </tr>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <Table
            caption="Latest changes of the stock"
            head=vec!["When", "Change", "On hand", "Reason", "By"]
            num=&[1, 2]
            dense=true
            stack=true
            show_caption=true
        >
            {rows}
        </Table>
    }
    .into_any()
}
