//! The forms of the catalogue, all of them for staff.

use super::product::{NewProduct, ProductChange, create_product};
use super::rules::{check_description, check_picture_alt, check_product_name};
use super::stock::{StockChange, adjust_stock};
use super::{Slug, categories, pictures, product};
use crate::accounts::{Staff, User};
use crate::error::{AppError, Faults, STALE};
use crate::i18n::t;
use crate::money::{Currency, Money};
use crate::server::config::ServerConfig;
use crate::server::forms::{Fields, check_sent, form, sent_translations};
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

async fn new_form(
    State(app): State<App>,
    Staff(user): Staff,
    Posted(form): Posted<Fields>,
) -> Result<Response, AppError> {
    let mut faults = Faults::default();
    let text = |name: &str| form.text(name).to_owned();
    let price = read_price(form.text("price"), app.config.shop.currency);
    let price = faults.check("price", price);
    let stock = faults.check("stock", read_count(form.text("stock")));
    check_texts(&mut faults, &form);
    if !form.text("slug").trim().is_empty() {
        faults.check("slug", form.text("slug").trim().parse::<Slug>());
    }
    faults.finish()?;
    let input = NewProduct {
        name: text("name"),
        name_translations: sent_translations(&form, "name"),
        language: form.text("language").parse().ok(),
        slug: text("slug"),
        description: text("description"),
        description_translations: sent_translations(&form, "description"),
        price: price.unwrap_or_default(),
        category: text("category"),
        stock: stock.unwrap_or_default(),
        active: form.has("active"),
    };
    let once = IdempotencyKey::from_field(form.text("idempotency_key"));
    let product = create_product(&app, &user, &once, input).await?;
    let said = t!("catalog-said-created", product = product.name.shown());
    Ok(done(&format!("{}/edit", product.path()), Flash::good(said)))
}

async fn edit_form(
    State(app): State<App>,
    Staff(user): Staff,
    Path(slug): Path<String>,
    Posted(form): Posted<Fields>,
) -> Result<Response, AppError> {
    let mut faults = Faults::default();
    let text = |name: &str| form.has(name).then(|| form.text(name).to_owned());
    let price = read_price(form.text("price"), app.config.shop.currency);
    let price = faults.check("price", price);
    check_texts(&mut faults, &form);
    faults.finish()?;
    let change = ProductChange {
        version: Some(form.number("version")?),
        name: text("name"),
        name_translations: sent_translations(&form, "name"),
        price,
        category: text("category"),
        description: text("description"),
        description_translations: sent_translations(&form, "description"),
        picture_alt: text("picture_alt"),
        picture_alt_translations: sent_translations(&form, "picture_alt"),
        ..ProductChange::default()
    };
    let product = match product::update_product(&app, &user, &slug, change.clone()).await {
        // The second submit of a double click: the change has been made already.
        Err(refusal) if refusal.code == STALE => {
            let present = product::find_changed_product(&app, &slug, change).await?;
            present.ok_or(refusal)?
        }
        saved => saved?,
    };
    let said = t!("catalog-said-saved", product = product.name.shown());
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
    let name = product.name.shown();
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
    idempotency_key: String,
}

async fn stock_form(
    State(app): State<App>,
    Staff(user): Staff,
    Path(slug): Path<String>,
    Posted(form): Posted<StockForm>,
) -> Result<Response, AppError> {
    let change = StockChange::parse(&form.change, &form.reason)?;
    let once = IdempotencyKey::from_field(&form.idempotency_key);
    let (product, _) = adjust_stock(&app, &user, &slug, &once, change).await?;
    let said = t!(
        "catalog-said-adjusted",
        product = product.name.shown(),
        count = product.stock
    );
    Ok(done(&format!("{}/edit", product.path()), Flash::good(said)))
}

/// Checks what creating and changing a product check as well, so that these errors are reported
/// together with those of numbers that cannot be read.
fn check_texts(faults: &mut Faults, form: &Fields) {
    check_sent(faults, form, "name", check_product_name);
    check_sent(faults, form, "description", check_description);
    check_sent(faults, form, "picture_alt", check_picture_alt);
}

fn read_price(text: &str, currency: Currency) -> Result<i64, String> {
    Money::parse(text, currency).map(|money| money.minor)
}

/// Reads a count as typed; empty is zero.
fn read_count(text: &str) -> Result<i64, &'static str> {
    match text.trim() {
        "" => Ok(0),
        text => text.parse().map_err(|_| t!("catalog-whole-number")),
    }
}
