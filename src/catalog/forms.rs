//! What the forms of the catalogue do. All of them are staff's.

use super::change::{self, NewProduct, ProductChange};
use super::pictures::{self, Upload};
use super::stock::{self, StockInput};
use crate::accounts::Viewer;
use crate::error::{AppError, Faults};
use crate::money::{Currency, Money};
use crate::server::config::ServerConfig;
use crate::server::forms::form;
use crate::server::{App, Path, Posted, done};
use crate::ui::Flash;
use axum::Router;
use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{DefaultBodyLimit, State};
use axum::response::Response;
use axum::routing::post;
use http_body_util::LengthLimitError;
use serde::Deserialize;

pub fn router(server: &ServerConfig) -> Router<App> {
    let picture =
        form("/products", picture_form).layer(DefaultBodyLimit::max(server.picture_limit_bytes));
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
        .route("/products/{slug}/picture", picture)
        .route(
            "/products/{slug}/picture/delete",
            form("/products", delete_picture_form),
        )
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
}

async fn new_form(
    State(app): State<App>,
    viewer: Viewer,
    Posted(form): Posted<NewForm>,
) -> Result<Response, AppError> {
    let actor = viewer.staff()?;
    let mut faults = Faults::default();
    let price = faults.check("price", read_price(&form.price, app.config.shop.currency));
    let stock = faults.check("stock", read_count(&form.stock));
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
    let product = change::create_product(&app, actor, input).await?;
    let said = format!("{} is made. Add its picture now.", product.name);
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
    viewer: Viewer,
    Path(slug): Path<String>,
    Posted(form): Posted<EditForm>,
) -> Result<Response, AppError> {
    let actor = viewer.staff()?;
    let price = read_price(&form.price, app.config.shop.currency)
        .map_err(|fault| AppError::invalid("price", fault))?;
    let change = ProductChange {
        version: Some(form.version),
        name: Some(form.name),
        price: Some(price),
        category: Some(form.category),
        description: Some(form.description),
        picture_alt: Some(form.picture_alt),
        ..ProductChange::default()
    };
    let product = change::update_product(&app, actor, &slug, change).await?;
    let said = format!("{} is saved.", product.name);
    Ok(done(&product.path(), Flash::good(said)))
}

async fn activate_form(
    State(app): State<App>,
    viewer: Viewer,
    Path(slug): Path<String>,
) -> Result<Response, AppError> {
    set_active(&app, &viewer, &slug, true).await
}

async fn deactivate_form(
    State(app): State<App>,
    viewer: Viewer,
    Path(slug): Path<String>,
) -> Result<Response, AppError> {
    set_active(&app, &viewer, &slug, false).await
}

async fn set_active(
    app: &App,
    viewer: &Viewer,
    slug: &str,
    active: bool,
) -> Result<Response, AppError> {
    let change = ProductChange {
        active: Some(active),
        ..ProductChange::default()
    };
    let product = change::update_product(app, viewer.staff()?, slug, change).await?;
    let path = product.path();
    let (said, back) = if active {
        ("is for sale.", "deactivate")
    } else {
        ("is not for sale any more.", "activate")
    };
    let flash = Flash::good(format!("{} {said}", product.name));
    Ok(done(
        &path,
        flash.with_undo(format!("{path}/{back}"), "Undo"),
    ))
}

async fn stock_form(
    State(app): State<App>,
    viewer: Viewer,
    Path(slug): Path<String>,
    Posted(input): Posted<StockInput>,
) -> Result<Response, AppError> {
    let product = stock::adjust_stock(&app, viewer.staff()?, &slug, input).await?;
    let said = format!("{} has {} on hand now.", product.name, product.stock);
    Ok(done(&format!("{}/edit", product.path()), Flash::good(said)))
}

async fn picture_form(
    State(app): State<App>,
    viewer: Viewer,
    Path(slug): Path<String>,
    body: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Result<Response, AppError> {
    let actor = viewer.staff()?;
    let body =
        body.map_err(|_| AppError::unsupported("Send the picture as a form with a file."))?;
    let upload = read_upload(body).await?;
    let product = pictures::update_picture(&app, actor, &slug, upload).await?;
    let said = format!("{} has a new picture.", product.name);
    Ok(done(&format!("{}/edit", product.path()), Flash::good(said)))
}

async fn delete_picture_form(
    State(app): State<App>,
    viewer: Viewer,
    Path(slug): Path<String>,
) -> Result<Response, AppError> {
    viewer.staff()?;
    let product = pictures::delete_picture(&app, &slug).await?;
    let said = format!("The picture of {} is gone.", product.name);
    Ok(done(&format!("{}/edit", product.path()), Flash::good(said)))
}

/// The file in the field `picture`.
async fn read_upload(mut body: Multipart) -> Result<Upload, AppError> {
    while let Some(field) = body.next_field().await.map_err(broken_body)? {
        if field.name() == Some("picture") {
            let content_type = field.content_type().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(broken_body)?;
            return Ok(Upload {
                bytes,
                content_type,
            });
        }
    }
    Err(AppError::invalid("picture", "Choose a picture first."))
}

fn broken_body(error: MultipartError) -> AppError {
    let mut cause: Option<&dyn std::error::Error> = Some(&error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return AppError::too_large("A picture has at most 5 MiB.");
        }
        cause = error.source();
    }
    AppError::unreadable("The picture could not be read to its end. Please try again.")
}

fn read_price(text: &str, currency: Currency) -> Result<i64, String> {
    Money::parse(text, currency).map(|money| money.minor)
}

/// A count as typed; nothing typed is none.
fn read_count(text: &str) -> Result<i64, &'static str> {
    match text.trim() {
        "" => Ok(0),
        text => text
            .parse()
            .map_err(|_| "Write a whole number, such as 12."),
    }
}
