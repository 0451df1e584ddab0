//! `/api/v1/products`, and with it all of the catalogue.

use super::list::{
    LONGEST_SEARCH, LONGEST_SLUG, ListKey, ProductCacheKey, ProductFilter, Sort, read_sort,
};
use super::product::{NewProduct, Product, ProductChange, ProductKey, StockLevel};
use super::{categories, list, product, stock};
use crate::accounts::{Staff, Viewer};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::{Language, Translations};
use crate::money::Currency;
use crate::server::{
    App, IdempotencyKey, Json, PageOf, Path, Query, Tagged, created, no_content, ok, page_size,
};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_products, create_product))
        .routes(routes!(read_product, update_product, delete_product))
        .merge(categories::api_router())
        .merge(stock::api_router())
}

#[derive(Serialize, ToSchema)]
struct ProductBody {
    id: i64,
    slug: String,
    /// The language in which its texts were first entered. They are in that language, with their
    /// translations beside them.
    #[schema(value_type = String)]
    language: Language,
    name: String,
    #[schema(value_type = std::collections::HashMap<String, String>)]
    name_translations: Translations,
    /// Markdown.
    description: String,
    #[schema(value_type = std::collections::HashMap<String, String>)]
    description_translations: Translations,
    /// In the currency's minor unit.
    price: i64,
    currency: Currency,
    /// The category's slug.
    category: String,
    /// The availability.
    availability: StockLevel,
    /// The quantity available: on hand, less what open orders reserve. Staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    stock: Option<i64>,
    active: bool,
    image_url: Option<String>,
    /// The number of changes, not counting the stock's. Send it with a change to get a 409 if
    /// somebody else changed it first.
    version: i64,
    /// RFC 3339, UTC.
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl ProductBody {
    fn new(product: Product, app: &App, staff: bool) -> Self {
        let image = product.picture.as_ref();
        let (availability, available) = (product.stock_level(), product.available());
        let money = product.money(app.config.shop.currency);
        Self {
            id: product.id,
            slug: product.slug,
            language: product.language,
            name: product.name.first,
            name_translations: product.name.translations,
            description: product.description.first,
            description_translations: product.description.translations,
            price: product.price,
            currency: money.currency,
            availability,
            category: product.category.slug,
            stock: staff.then_some(available),
            active: product.active,
            image_url: image.map(|picture| picture.large_url(&app.files)),
            version: product.version,
            created_at: product.created_at,
            updated_at: product.updated_at,
        }
    }
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
struct ProductQuery {
    /// Words of the name or the description; the last may be incomplete.
    q: String,
    /// A category's slug.
    category: String,
    /// In the currency's minor unit.
    min_price: Option<i64>,
    max_price: Option<i64>,
    /// `relevance`, `newest`, `price_up`, `price_down` or `name`.
    #[param(value_type = Sort)]
    sort: String,
    /// 1 to 100; default 50.
    limit: Option<i64>,
    /// `next_cursor` of the previous page.
    cursor: String,
}

/// Products for sale.
#[utoipa::path(get, path = "/products", tag = "catalog", security(()), params(ProductQuery),
    responses((status = 200, body = PageOf<ProductBody>), (status = 304, description = "As the client has it")))]
async fn list_products(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Query(query): Query<ProductQuery>,
) -> Result<Response, AppError> {
    let slug = query.category.chars().filter(|letter| *letter != '\0');
    let filter = ProductFilter {
        text: query.q.chars().take(LONGEST_SEARCH).collect(),
        category: slug.take(LONGEST_SLUG).collect(),
        min_price: query.min_price,
        max_price: query.max_price,
        sort: read_sort(&query.sort)?,
        ..ProductFilter::default()
    };
    let size = page_size(query.limit);
    let key = ListKey::Products {
        filter: filter.clone(),
        cursor: query.cursor.clone(),
        size,
        staff: viewer.is_staff(),
    };
    let make = async || {
        let mut conn = app.db.read().await?;
        let page = list::list_products(&mut conn, &filter, &query.cursor, size).await?;
        Tagged::ok(&page.map(|product| ProductBody::new(product, &app, viewer.is_staff())))
    };
    let answer = app.shop.answers.get(key, make).await?;
    Ok(answer.answer(&headers))
}

/// One product, by its id or its slug. Staff also see what is not for sale.
#[utoipa::path(get, path = "/products/{id}", tag = "catalog", security(()), params(("id" = String, Path)),
    responses((status = 200, body = ProductBody), (status = 304, description = "As the client has it"),
              (status = 404, description = "No such product")))]
async fn read_product(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let found = find_answer(&app, &id, viewer.is_staff()).await?;
    let answer = found.ok_or_else(|| AppError::not_found("product"))?;
    Ok(answer.answer(&headers))
}

/// Finds the answer about one product. What can be no product's key, of whatever length, is neither looked for nor
/// kept.
pub async fn find_answer(app: &App, id: &str, staff: bool) -> Result<Option<Tagged>, AppError> {
    if !ProductKey::is_one(id) {
        return Ok(None);
    }
    let key = ProductCacheKey {
        key: id.to_owned(),
        staff,
    };
    let make = async || {
        let product = product::find_visible_product(app, id, staff).await?;
        let body = product.map(|product| Tagged::ok(&ProductBody::new(product, app, staff)));
        body.transpose()
    };
    app.shop.products.get(key, make).await
}

/// Create a product. Staff only. With an `Idempotency-Key`, a repeated request returns the product
/// created the first time.
#[utoipa::path(post, path = "/products", tag = "catalog", security(("bearer" = ["staff"])), request_body = NewProduct,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = ProductBody), (status = 403, description = "Not staff"),
              (status = 422, description = "A field is at fault")))]
async fn create_product(
    State(app): State<App>,
    Staff(user): Staff,
    once: IdempotencyKey,
    Json(input): Json<NewProduct>,
) -> Result<Response, AppError> {
    let product = product::create_product(&app, &user, &once, input).await?;
    Ok(created(
        &format!("/api/v1/products/{}", product.id),
        ProductBody::new(product, &app, true),
    ))
}

/// Change a product. Staff only.
#[utoipa::path(patch, path = "/products/{id}", tag = "catalog", security(("bearer" = ["staff"])), params(("id" = String, Path)),
    request_body = ProductChange,
    responses((status = 200, body = ProductBody), (status = 403, description = "Not staff"),
              (status = 404, description = "No such product"), (status = 409, description = "Stale version"),
              (status = 422, description = "A field is at fault")))]
async fn update_product(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<String>,
    Json(input): Json<ProductChange>,
) -> Result<Response, AppError> {
    let product = product::update_product(&app, &user, &id, input).await?;
    Ok(ok(ProductBody::new(product, &app, true)))
}

/// Take a product off sale. It is kept for the orders it is in. Staff only.
#[utoipa::path(delete, path = "/products/{id}", tag = "catalog", security(("bearer" = ["staff"])), params(("id" = String, Path)),
    responses((status = 204, description = "Not for sale, now or before"),
              (status = 403, description = "Not staff"), (status = 404, description = "No such product")))]
async fn delete_product(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let change = ProductChange {
        active: Some(false),
        ..ProductChange::default()
    };
    product::update_product(&app, &user, &id, change).await?;
    Ok(no_content())
}
