//! Bulk inserts of products with explicit ids, for seeding.

use super::store::name_key;
use crate::catalog::list::{ProductTexts, index_new_products, write_names};
use crate::clock::Timestamp;
use crate::i18n::{Language, Multilingual};
use crate::server::{Conn, Engine, QueryBuilder, execute, fetch_scalar};

/// A product to be seeded.
pub struct SeededProduct {
    pub id: i64,
    pub category_id: i64,
    pub slug: String,
    pub language: Language,
    pub name: Multilingual,
    pub description: Multilingual,
    pub price: i64,
    pub on_hand: i64,
    pub picture: Option<String>,
    pub picture_alt: Multilingual,
    pub at: Timestamp,
}

/// Inserts the products, their search words, and the first line of each one's stock log.
pub async fn create_products(conn: &mut Conn, products: &[SeededProduct]) -> sqlx::Result<()> {
    let (Some(first), Some(last)) = (products.first(), products.last()) else {
        return Ok(());
    };
    let (first, last) = (first.id, last.id);
    insert_products(conn, products).await?;
    let texts: Vec<_> = products.iter().map(SeededProduct::texts).collect();
    write_names(conn, &texts).await?;
    match conn.engine() {
        Engine::Sqlite => index_new_products(conn, &texts).await?,
        Engine::Postgres => {
            // Explicit ids do not advance the sequence.
            let _: i64 = fetch_scalar!(
                conn,
                "SELECT setval(pg_get_serial_sequence('products', 'id'), MAX(id)) FROM products"
            )?;
        }
    }
    execute!(
        conn,
        "INSERT INTO stock_adjustments (product_id, change, on_hand, reason, at)
         SELECT id, on_hand, on_hand, 'Opening stock', created_at FROM products
         WHERE id BETWEEN $1 AND $2 AND on_hand > 0 ORDER BY id",
        first,
        last
    )
}

async fn insert_products(conn: &mut Conn, products: &[SeededProduct]) -> sqlx::Result<()> {
    let search = conn.pick(None, Some(", search"));
    let mut query = QueryBuilder::new(
        conn,
        format!(
            "INSERT INTO products (id, category_id, slug, language, name, name_translations, name_key,
                                   description, description_translations, price, on_hand, active,
                                   picture, picture_alt, picture_alt_translations, created_at,
                                   updated_at{}) ",
            search.unwrap_or_default()
        ),
    );
    query.push_values(products, |row, product| {
        row.push_bind(product.id)
            .push_bind(product.category_id)
            .push_bind(&product.slug)
            .push_bind(product.language)
            .push_bind(&product.name.first)
            .push_bind(&product.name.translations)
            .push_bind(name_key(&product.name.first))
            .push_bind(&product.description.first)
            .push_bind(&product.description.translations)
            .push_bind(product.price)
            .push_bind(product.on_hand)
            .push("TRUE")
            .push_bind(&product.picture)
            .push_bind(&product.picture_alt.first)
            .push_bind(&product.picture_alt.translations)
            .push_bind(product.at)
            .push_bind(product.at);
        if search.is_some() {
            row.push_bind_as(product.texts().ts_vector(), "TSVECTOR");
        }
    });
    query.execute(conn).await
}

impl SeededProduct {
    fn texts(&self) -> ProductTexts {
        ProductTexts {
            id: self.id,
            name: self.name.clone(),
            slug: self.slug.clone(),
            picture_alt: self.picture_alt.clone(),
            category_id: self.category_id,
            description: self.description.clone(),
        }
    }
}
