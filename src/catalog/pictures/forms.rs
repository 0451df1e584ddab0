//! The forms for a product's picture.

use super::keep::{self, Upload};
use crate::accounts::Staff;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::config::ServerConfig;
use crate::server::forms::form;
use crate::server::{App, Path, done, is_too_long};
use crate::ui::Flash;
use axum::Router;
use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{DefaultBodyLimit, State};
use axum::response::Response;

pub fn form_router(server: &ServerConfig) -> Router<App> {
    let picture =
        form("/products", picture_form).layer(DefaultBodyLimit::max(server.picture_limit_bytes));
    Router::new()
        .route("/products/{slug}/picture", picture)
        .route(
            "/products/{slug}/picture/delete",
            form("/products", delete_picture_form),
        )
}

async fn picture_form(
    State(app): State<App>,
    Staff(user): Staff,
    Path(slug): Path<String>,
    body: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Result<Response, AppError> {
    let body = body.map_err(|_| AppError::unsupported(t!("catalog-picture-form")))?;
    let upload = read_upload(body).await?;
    let product = keep::update_picture(&app, &user, &slug, upload).await?;
    let said = t!("catalog-said-picture", product = product.name.shown());
    Ok(done(&format!("{}/edit", product.path()), Flash::good(said)))
}

async fn delete_picture_form(
    State(app): State<App>,
    _staff: Staff,
    Path(slug): Path<String>,
) -> Result<Response, AppError> {
    let product = keep::delete_picture(&app, &slug).await?;
    let said = t!("catalog-said-no-picture", product = product.name.shown());
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
    Err(AppError::invalid("picture", t!("catalog-picture-none")))
}

fn broken_body(error: MultipartError) -> AppError {
    match is_too_long(&error) {
        true => AppError::too_large(t!("catalog-picture-too-large")),
        false => AppError::unreadable(t!("catalog-picture-cut")),
    }
}
