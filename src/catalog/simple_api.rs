//! `/products` and `/products/{id}`: pages for people, bare JSON for programs that know only the
//! simple shop protocol. Both have the same URL; [`crate::server::wants_page`] decides by the
//! request.

use super::list::ListKey;
use super::product::{NewProduct, Product};
use super::{pictures, product};
use crate::accounts::{Staff, Viewer};
use crate::error::AppError;
use crate::server::{App, IdempotencyKey, Json, Path, Tagged, VARIES, documents, wants_page};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::{Deserialize, Serialize};

/// The number of products per response.
const AT_ONCE: i64 = 100;

pub fn router() -> Router<App> {
    Router::new()
        .route("/products", get(list_products).post(create_product))
        .route("/products/{slug}", get(read_product))
        .route("/pictures/{file}", get(read_picture))
}

/// A product as the simple protocol lists it.
#[derive(Serialize)]
struct SimpleItem {
    id: i64,
    name: String,
    price: i64,
    stock: i64,
}

/// One product as the simple protocol has it.
#[derive(Serialize)]
struct SimpleProduct {
    #[serde(flatten)]
    item: SimpleItem,
    description: String,
}

impl From<Product> for SimpleItem {
    fn from(product: Product) -> Self {
        Self {
            stock: product.available(),
            id: product.id,
            name: product.name.first,
            price: product.price,
        }
    }
}

impl From<Product> for SimpleProduct {
    fn from(mut product: Product) -> Self {
        Self {
            description: std::mem::take(&mut product.description.first),
            item: product.into(),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SimpleQuery {
    /// The last id of the previous response.
    after: Option<i64>,
}

async fn list_products(
    State(app): State<App>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, AppError> {
    if wants_page(&headers) {
        return Ok(varied(documents::serve(State(app), request).await));
    }
    let query: axum::extract::Query<SimpleQuery> =
        axum::extract::Query::try_from_uri(request.uri())?;
    let after = query.after.unwrap_or_default();
    let make = async || {
        let mut conn = app.db.read().await?;
        let mut products = product::list_products_by_id(&mut conn, after, AT_ONCE + 1).await?;
        let more = products.len() as i64 > AT_ONCE;
        products.truncate(AT_ONCE as usize);
        let next = products.last().filter(|_| more).map(|last| last.id);
        let body: Vec<SimpleItem> = products.into_iter().map(SimpleItem::from).collect();
        let answer = Tagged::new(&body)?;
        Ok(match next {
            Some(id) => answer.with_next(&format!("/products?after={id}")),
            None => answer,
        })
    };
    let answer = app
        .shop
        .answers
        .get(ListKey::Simple { after }, make)
        .await?;
    Ok(varied(answer.answer(&headers)))
}

async fn read_product(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(key): Path<String>,
    request: Request,
) -> Result<Response, AppError> {
    if wants_page(&headers) {
        return Ok(varied(documents::serve(State(app), request).await));
    }
    let product = product::read_visible_product(&app, &key, viewer.is_staff()).await?;
    let body = Tagged::new(&SimpleProduct::from(product))?;
    Ok(varied(body.answer(&headers)))
}

/// Creates a product and returns it bare, with 201. Staff only.
async fn create_product(
    State(app): State<App>,
    Staff(user): Staff,
    once: IdempotencyKey,
    Json(input): Json<NewProduct>,
) -> Result<Response, AppError> {
    let product = product::create_product(&app, &user, &once, input).await?;
    let location = [(header::LOCATION, format!("/products/{}", product.id))];
    let body = Tagged::new(&SimpleProduct::from(product))?;
    Ok((
        StatusCode::CREATED,
        location,
        body.answer(&HeaderMap::new()),
    )
        .into_response())
}

async fn read_picture(
    State(app): State<App>,
    Path(file): Path<String>,
) -> Result<Response, AppError> {
    pictures::read_picture(&app, &file).await
}

/// Tells caches that the same URL serves a page and JSON.
fn varied(mut response: Response) -> Response {
    let by = HeaderValue::from_static(VARIES);
    response.headers_mut().append(header::VARY, by);
    response
}
