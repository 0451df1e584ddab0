//! `/api/v1/categories`.

use super::manage::{self, CategoryChange, NewCategory};
use super::store::{CategoryRecord, list_category_records};
use crate::accounts::{Staff, Viewer};
use crate::error::AppError;
use crate::i18n::{Language, Translations};
use crate::server::{
    App, Cursor, IdempotencyKey, Json, PageOf, Path, Query, Tagged, created, no_content, ok,
    page_size,
};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn api_router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_categories, create_category))
        .routes(routes!(read_category, update_category, delete_category))
}

/// A category of products.
#[derive(Serialize, ToSchema)]
struct CategoryBody {
    id: i64,
    /// The category's name in URLs, and in a product.
    slug: String,
    /// The language in which its name was first entered. `name` is in that language, with the
    /// translations beside it.
    #[schema(value_type = String)]
    language: Language,
    name: String,
    #[schema(value_type = std::collections::HashMap<String, String>)]
    name_translations: Translations,
    /// The number of products for sale in it. Staff see the number of all its products.
    products: i64,
    /// The number of changes. Send it with a change to get a 409 if somebody else changed it first.
    version: i64,
}

impl CategoryBody {
    fn new(category: CategoryRecord, staff: bool) -> Self {
        Self {
            id: category.id,
            language: category.language(),
            slug: category.slug,
            name: category.name.first,
            name_translations: category.name.translations,
            products: if staff {
                category.products
            } else {
                category.for_sale
            },
            version: category.version,
        }
    }
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
struct CategoryQuery {
    /// 1 to 100; default 50.
    limit: Option<i64>,
    /// `next_cursor` of the previous page.
    cursor: String,
}

/// The categories, in the order the shop shows them.
#[utoipa::path(get, path = "/categories", tag = "catalog", security(()), params(CategoryQuery),
    responses((status = 200, body = PageOf<CategoryBody>), (status = 304, description = "As the client has it"),
              (status = 422, description = "The cursor is at fault")))]
async fn list_categories(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Query(query): Query<CategoryQuery>,
) -> Result<Response, AppError> {
    let after = Cursor::numbers(&query.cursor)?.map(<(i64, i64)>::from);
    let size = page_size(query.limit);
    let mut conn = app.db.read().await?;
    let categories = list_category_records(&mut conn, after, size + 1).await?;
    let page = PageOf::from_rows(categories, size, |last| {
        Cursor::new([&last.position, &last.id])
    });
    let staff = viewer.is_staff();
    let body = page.map(|category| CategoryBody::new(category, staff));
    Ok(Tagged::ok(&body)?.answer(&headers))
}

/// Create a category, after the others. Staff only. With an `Idempotency-Key`, a repeated request
/// returns the category created the first time.
#[utoipa::path(post, path = "/categories", tag = "catalog", security(("bearer" = ["staff"])), request_body = NewCategory,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = CategoryBody), (status = 403, description = "Not staff"),
              (status = 409, description = "There are too many"), (status = 422, description = "A field is at fault")))]
async fn create_category(
    State(app): State<App>,
    Staff(user): Staff,
    once: IdempotencyKey,
    Json(input): Json<NewCategory>,
) -> Result<Response, AppError> {
    let category = manage::create_category(&app, &user, &once, input).await?;
    let location = format!("/api/v1/categories/{}", category.id);
    Ok(created(&location, CategoryBody::new(category, true)))
}

/// One category.
#[utoipa::path(get, path = "/categories/{id}", tag = "catalog", security(()), params(("id" = i64, Path)),
    responses((status = 200, body = CategoryBody), (status = 304, description = "As the client has it"),
              (status = 404, description = "No such category")))]
async fn read_category(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let category = manage::read_category(&mut conn, id).await?;
    let body = CategoryBody::new(category, viewer.is_staff());
    Ok(Tagged::ok(&body)?.answer(&headers))
}

/// Change a category's name or slug. Staff only.
#[utoipa::path(patch, path = "/categories/{id}", tag = "catalog", security(("bearer" = ["staff"])), params(("id" = i64, Path)),
    request_body = CategoryChange,
    responses((status = 200, body = CategoryBody), (status = 403, description = "Not staff"),
              (status = 404, description = "No such category"), (status = 409, description = "Stale version"),
              (status = 422, description = "A field is at fault")))]
async fn update_category(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<i64>,
    Json(change): Json<CategoryChange>,
) -> Result<Response, AppError> {
    let category = manage::update_category(&app, &user, id, change).await?;
    Ok(ok(CategoryBody::new(category, true)))
}

/// Delete a category without products. Staff only.
#[utoipa::path(delete, path = "/categories/{id}", tag = "catalog", security(("bearer" = ["staff"])), params(("id" = i64, Path)),
    responses((status = 204, description = "Deleted"), (status = 403, description = "Not staff"),
              (status = 404, description = "No such category"), (status = 409, description = "Products are in it")))]
async fn delete_category(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    manage::delete_category(&app, &user, id).await?;
    Ok(no_content())
}
