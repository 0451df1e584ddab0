//! SQL for products and pictures, and for the categories to choose from.

use super::types::{Category, Picture, Product, ProductKey};
use crate::clock::Timestamp;
use crate::i18n::{Language, Multilingual, Translations, sort_key};
use crate::money::Currency;
use crate::server::{
    Conn, Engine, execute, fetch_all, fetch_optional, fetch_optional_scalar, fetch_scalar,
    rows_affected,
};
use sqlx::FromRow;

/// The columns of a [`ProductRow`], of `products p` and `categories c`.
pub const PRODUCT: &str = "p.id, p.slug, p.language, p.name, p.name_translations, p.description, \
     p.description_translations, p.price, p.currency, p.on_hand, p.reserved, p.active, p.picture, \
     p.picture_alt, p.picture_alt_translations, p.version, p.created_at, p.updated_at, \
     c.id AS category_id, c.slug AS category_slug, c.name AS category_name, \
     c.name_translations AS category_name_translations";

#[derive(FromRow)]
pub struct ProductRow {
    pub id: i64,
    slug: String,
    language: Option<Language>,
    #[sqlx(flatten)]
    name: Multilingual,
    description: String,
    description_translations: Translations,
    pub price: i64,
    currency: Option<Currency>,
    on_hand: i64,
    reserved: i64,
    active: bool,
    picture: Option<String>,
    picture_alt: String,
    picture_alt_translations: Translations,
    version: i64,
    pub created_at: Timestamp,
    updated_at: Timestamp,
    category_id: i64,
    category_slug: String,
    category_name: String,
    category_name_translations: Translations,
}

impl From<ProductRow> for Product {
    fn from(row: ProductRow) -> Self {
        Self {
            id: row.id,
            slug: row.slug,
            // It was not always recorded.
            language: Language::noted(row.language, &row.name.first),
            name: row.name,
            description: Multilingual::new(row.description, row.description_translations),
            price: row.price,
            currency: row.currency,
            category: Category {
                id: row.category_id,
                slug: row.category_slug,
                name: Multilingual::new(row.category_name, row.category_name_translations),
            },
            stock: row.on_hand,
            reserved: row.reserved,
            active: row.active,
            picture: row.picture.map(Picture::read),
            picture_alt: Multilingual::new(row.picture_alt, row.picture_alt_translations),
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// Builds the query for products with these conditions.
macro_rules! product_query {
    ($rest:expr) => {
        sqlx::AssertSqlSafe(format!(
            "SELECT {} FROM products p JOIN categories c ON c.id = p.category_id {}",
            $crate::catalog::product::PRODUCT,
            $rest
        ))
    };
}

pub(crate) use product_query;

pub async fn find_product(conn: &mut Conn, key: &ProductKey) -> sqlx::Result<Option<Product>> {
    let row: Option<ProductRow> = match key {
        ProductKey::Id(id) => fetch_optional!(conn, product_query!("WHERE p.id = $1"), *id)?,
        ProductKey::Slug(slug) => {
            fetch_optional!(conn, product_query!("WHERE p.slug = $1"), slug.as_str())?
        }
    };
    Ok(row.map(Product::from))
}

/// Returns the keys of all products: two for each.
pub async fn list_product_keys(conn: &mut Conn) -> sqlx::Result<Vec<ProductKey>> {
    let rows: Vec<(i64, String)> = fetch_all!(conn, "SELECT id, slug FROM products")?;
    let keys = rows.into_iter().flat_map(|(id, slug)| {
        let slug = slug.parse().ok().map(ProductKey::Slug);
        [Some(ProductKey::Id(id)), slug]
    });
    Ok(keys.flatten().collect())
}

/// Like [`find_product`], but locks the product until the transaction ends.
pub async fn lock_product(conn: &mut Conn, id: i64) -> sqlx::Result<Option<Product>> {
    if conn.engine() == Engine::Postgres {
        let _: Option<i64> =
            fetch_optional_scalar!(conn, "SELECT id FROM products WHERE id = $1 FOR UPDATE", id)?;
    }
    find_product(conn, &ProductKey::Id(id)).await
}

/// Lists products for sale by id, starting after `after`.
pub async fn list_products_by_id(
    conn: &mut Conn,
    after: i64,
    limit: i64,
) -> sqlx::Result<Vec<Product>> {
    let query = product_query!("WHERE p.active AND p.id > $1 ORDER BY p.id LIMIT $2");
    let rows: Vec<ProductRow> = fetch_all!(conn, query, after, limit)?;
    Ok(rows.into_iter().map(Product::from).collect())
}

pub async fn list_categories(conn: &mut Conn) -> sqlx::Result<Vec<Category>> {
    fetch_all!(
        conn,
        "SELECT id, slug, name, name_translations FROM categories ORDER BY position, id"
    )
}

/// The values of a new row of `products` that it does not get by itself.
pub struct ProductValues<'a> {
    pub category_id: i64,
    pub slug: &'a str,
    pub language: Language,
    pub name: &'a Multilingual,
    pub description: &'a Multilingual,
    pub price: i64,
    pub currency: Currency,
    pub on_hand: i64,
    pub active: bool,
}

/// Inserts the product, without its words: see [`index_product`](crate::catalog::list::index_product).
pub async fn create_product(
    conn: &mut Conn,
    product: &ProductValues<'_>,
    now: Timestamp,
) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "INSERT INTO products (category_id, slug, name, name_key, description, price, on_hand,
                               active, created_at, updated_at, currency, language,
                               name_translations, description_translations)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $12, $13) RETURNING id",
        product.category_id,
        product.slug,
        &product.name.first,
        name_key(&product.name.first),
        &product.description.first,
        product.price,
        product.on_hand,
        product.active,
        now,
        product.currency,
        product.language,
        &product.name.translations,
        &product.description.translations
    )
}

/// Returns the sort key used if no language is given: that of the name as first entered.
pub fn name_key(name: &str) -> String {
    sort_key(name, Language::default())
}

/// Writes the editable columns. Returns false if `product.version` is not the current one.
pub async fn update_product(
    conn: &mut Conn,
    product: &Product,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let written = rows_affected!(
        conn,
        "UPDATE products
         SET category_id = $1, name = $2, name_key = $3, description = $4, price = $5,
             active = $6, picture_alt = $7, version = version + 1, updated_at = $8,
             currency = $11, language = $12, name_translations = $13,
             description_translations = $14, picture_alt_translations = $15
         WHERE id = $9 AND version = $10",
        product.category.id,
        &product.name.first,
        name_key(&product.name.first),
        &product.description.first,
        product.price,
        product.active,
        &product.picture_alt.first,
        now,
        product.id,
        product.version,
        product.currency,
        product.language,
        &product.name.translations,
        &product.description.translations,
        &product.picture_alt.translations
    )?;
    Ok(written == 1)
}

/// Records this currency for all prices whose currency was never recorded.
pub async fn note_currency(conn: &mut Conn, currency: Currency) -> sqlx::Result<()> {
    execute!(
        conn,
        "UPDATE products SET currency = $1 WHERE currency IS NULL",
        currency
    )
}

pub async fn find_picture(conn: &mut Conn, hash: &str, size: i64) -> sqlx::Result<Option<Vec<u8>>> {
    fetch_optional_scalar!(
        conn,
        "SELECT bytes FROM pictures WHERE hash = $1 AND size = $2",
        hash,
        size
    )
}

/// Stores the picture, unless it is stored already: the same content has the same hash.
pub async fn create_picture(
    conn: &mut Conn,
    hash: &str,
    size: i64,
    bytes: &[u8],
) -> sqlx::Result<()> {
    execute!(
        conn,
        "INSERT INTO pictures (hash, size, bytes) VALUES ($1, $2, $3)
         ON CONFLICT (hash, size) DO NOTHING",
        hash,
        size,
        bytes
    )
}

/// Sets the product's picture, or removes it.
pub async fn set_picture(
    conn: &mut Conn,
    product: i64,
    picture: Option<&str>,
    now: Timestamp,
) -> sqlx::Result<()> {
    execute!(
        conn,
        "UPDATE products SET picture = $1, updated_at = $2 WHERE id = $3",
        picture,
        now,
        product
    )
}

/// Deletes the picture if no product shows it any more.
pub async fn delete_unused_picture(conn: &mut Conn, hash: &str) -> sqlx::Result<()> {
    execute!(
        conn,
        "DELETE FROM pictures WHERE hash = $1
           AND NOT EXISTS (SELECT 1 FROM products WHERE picture = $1)",
        hash
    )
}

/// Returns true if a product has this slug.
pub async fn is_slug_taken(conn: &mut Conn, slug: &str) -> sqlx::Result<bool> {
    let count: i64 = fetch_scalar!(conn, "SELECT COUNT(*) FROM products WHERE slug = $1", slug)?;
    Ok(count > 0)
}

/// Returns the largest id plus one.
pub async fn next_product_id(conn: &mut Conn) -> sqlx::Result<i64> {
    fetch_scalar!(conn, "SELECT COALESCE(MAX(id), 0) + 1 FROM products")
}
