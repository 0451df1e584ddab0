//! The forms of the catalogue, all of them for staff.

use super::product::{NewProduct, ProductChange, create_product};
use super::rules::check_description;
use super::stock::{StockChange, adjust_stock};
use super::{ProductName, Slug, categories, pictures, product};
use crate::accounts::{Staff, User};
use crate::error::{AppError, Faults, STALE};
use crate::i18n::t;
use crate::money::{Currency, Money};
use crate::server::config::ServerConfig;
use crate::server::forms::form;
use crate::server::{App, IdempotencyKey, Path, Posted, done};
use crate::ui::Flash;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;

pub fn router(server: &ServerConfig) -> Router<App> {
    Router::new()
        .route("/products/new", post(new_form))
        .route("/products/{slug}/edit", post(edit_form))
        .route(
            "/products/{slug}/activate",
            form("/products", activate_form),
        )
        .route(
            "/products/{slug}/deactivate",
            form("/products", deactivate_form),
        )
        .route("/products/{slug}/stock", form("/products", stock_form))
        .merge(pictures::form_router(server))
        .merge(categories::form_router())
}

#[derive(Deserialize)]
struct NewForm {
    name: String,
    #[serde(default)]
    slug: String,
    price: String,
    category: String,
    #[serde(default)]
    stock: String,
    #[serde(default)]
    description: String,
    active: Option<String>,
    #[serde(default)]
    once: String,
}

async fn new_form(
    State(app): State<App>,
    Staff(user): Staff,
    Posted(form): Posted<NewForm>,
) -> Result<Response, AppError> {
    let mut faults = Faults::default();
    let price = faults.check("price", read_price(&form.price, app.config.shop.currency));
    let stock = faults.check("stock", read_count(&form.stock));
    check_texts(&mut faults, &form.name, &form.description);
    if !form.slug.trim().is_empty() {
        faults.check("slug", form.slug.trim().parse::<Slug>());
    }
    faults.finish()?;
    let input = NewProduct {
        name: form.name,
        slug: form.slug,
        description: form.description,
        price: price.unwrap_or_default(),
        category: form.category,
        stock: stock.unwrap_or_default(),
        active: form.active.is_some(),
    };
    let once = IdempotencyKey::from_field(&form.once);
    let product = create_product(&app, &user, &once, input).await?;
    let said = t!("catalog-said-created", product = product.name.as_str());
    Ok(done(&format!("{}/edit", product.path()), Flash::good(said)))
}

#[derive(Deserialize)]
struct EditForm {
    version: i64,
    name: String,
    price: String,
    category: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    picture_alt: String,
}

async fn edit_form(
    State(app): State<App>,
    Staff(user): Staff,
    Path(slug): Path<String>,
    Posted(form): Posted<EditForm>,
) -> Result<Response, AppError> {
    let mut faults = Faults::default();
    let price = faults.check("price", read_price(&form.price, app.config.shop.currency));
    check_texts(&mut faults, &form.name, &form.description);
    faults.finish()?;
    let change = ProductChange {
        version: Some(form.version),
        name: Some(form.name),
        price,
        category: Some(form.category),
        description: Some(form.description),
        picture_alt: Some(form.picture_alt),
        ..ProductChange::default()
    };
    let product = match product::update_product(&app, &user, &slug, change.clone()).await {
        // Sent twice by a double click: what was asked for is so already.
        Err(refusal) if refusal.code == STALE => {
            let present = product::find_changed_product(&app, &slug, change).await?;
            present.ok_or(refusal)?
        }
        saved => saved?,
    };
    let said = t!("catalog-said-saved", product = product.name.as_str());
    Ok(done(&product.path(), Flash::good(said)))
}

async fn activate_form(
    State(app): State<App>,
    Staff(user): Staff,
    Path(slug): Path<String>,
) -> Result<Response, AppError> {
    set_active(&app, &user, &slug, true).await
}

async fn deactivate_form(
    State(app): State<App>,
    Staff(user): Staff,
    Path(slug): Path<String>,
) -> Result<Response, AppError> {
    set_active(&app, &user, &slug, false).await
}

async fn set_active(
    app: &App,
    actor: &User,
    slug: &str,
    active: bool,
) -> Result<Response, AppError> {
    let change = ProductChange {
        active: Some(active),
        ..ProductChange::default()
    };
    let product = product::update_product(app, actor, slug, change).await?;
    let path = product.path();
    let name = product.name.as_str();
    let (said, back) = if active {
        (t!("catalog-said-published", product = name), "deactivate")
    } else {
        (t!("catalog-said-unpublished", product = name), "activate")
    };
    let flash = Flash::good(said);
    Ok(done(
        &path,
        flash.with_undo(format!("{path}/{back}"), t!("catalog-undo")),
    ))
}

#[derive(Deserialize)]
struct StockForm {
    change: String,
    reason: String,
    #[serde(default)]
    once: String,
}

async fn stock_form(
    State(app): State<App>,
    Staff(user): Staff,
    Path(slug): Path<String>,
    Posted(form): Posted<StockForm>,
) -> Result<Response, AppError> {
    let change = StockChange::parse(&form.change, &form.reason)?;
    let once = IdempotencyKey::from_field(&form.once);
    let (product, _) = adjust_stock(&app, &user, &slug, &once, change).await?;
    let said = t!(
        "catalog-said-adjusted",
        product = product.name.as_str(),
        count = product.stock
    );
    Ok(done(&format!("{}/edit", product.path()), Flash::good(said)))
}

/// Checks what making and changing a product check as well, so that its faults are said together
/// with those of a number that cannot be read.
fn check_texts(faults: &mut Faults, name: &str, description: &str) {
    faults.check("name", name.parse::<ProductName>());
    faults.check("description", check_description(description));
}

fn read_price(text: &str, currency: Currency) -> Result<i64, String> {
    Money::parse(text, currency).map(|money| money.minor)
}

/// A count as typed; nothing typed is none.
fn read_count(text: &str) -> Result<i64, &'static str> {
    match text.trim() {
        "" => Ok(0),
        text => text.parse().map_err(|_| t!("catalog-whole-number")),
    }
}
