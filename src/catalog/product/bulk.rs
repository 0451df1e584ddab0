//! Products written by the hundred, with ids given by hand: for seeding.

use crate::catalog::list::{ProductTexts, index_new_products};
use crate::clock::Timestamp;
use crate::server::{Conn, Engine, execute, fetch_scalar, with_db};
use sqlx::AssertSqlSafe;

/// A product as it is seeded.
pub struct SeededProduct {
    pub id: i64,
    pub category_id: i64,
    pub slug: String,
    pub name: String,
    pub description: String,
    pub price: i64,
    pub on_hand: i64,
    pub picture: Option<String>,
    pub picture_alt: String,
    pub at: Timestamp,
}

/// Writes the products, what they are found by, and the first line of each one's stock log.
pub async fn create_products(conn: &mut Conn, products: &[SeededProduct]) -> sqlx::Result<()> {
    let (Some(first), Some(last)) = (products.first(), products.last()) else {
        return Ok(());
    };
    let (first, last) = (first.id, last.id);
    insert_products(conn, products).await?;
    match conn.engine() {
        Engine::Sqlite => {
            let texts: Vec<_> = products.iter().map(SeededProduct::texts).collect();
            index_new_products(conn, &texts).await?;
        }
        Engine::Postgres => {
            // Ids given by hand do not move the sequence that gives them otherwise.
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
    let postgres = conn.engine() == Engine::Postgres;
    let (search, width) = if postgres { (", search", 12) } else { ("", 11) };
    let query = format!(
        "INSERT INTO products (id, category_id, slug, name, name_key, description, price, on_hand,
                               active, picture, picture_alt, created_at, updated_at{search})
         VALUES {}",
        rows(products.len(), width, |at| {
            let column = |index: usize| format!("${}", at + index);
            let mut columns: Vec<String> = (1..=8).map(column).collect();
            columns.push("TRUE".to_owned());
            // Made and changed at the same instant: one value, twice.
            columns.extend([9, 10, 11, 11].map(column));
            if postgres {
                columns.push(format!("CAST(${} AS TSVECTOR)", at + 12));
            }
            columns.join(", ")
        })
    );
    with_db!(conn, |c| {
        let mut query = sqlx::query(AssertSqlSafe(query));
        for product in products {
            query = query
                .bind(product.id)
                .bind(product.category_id)
                .bind(&product.slug)
                .bind(&product.name)
                .bind(product.name.to_lowercase())
                .bind(&product.description)
                .bind(product.price)
                .bind(product.on_hand)
                .bind(&product.picture)
                .bind(&product.picture_alt)
                .bind(product.at);
            if postgres {
                query = query.bind(product.texts().ts_vector());
            }
        }
        query.execute(c).await.map(drop)
    })
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

/// So many rows of placeholders. `row` writes one, given how many placeholders came before it.
fn rows(count: usize, width: usize, row: impl Fn(usize) -> String) -> String {
    let rows: Vec<String> = (0..count)
        .map(|index| format!("({})", row(index * width)))
        .collect();
    rows.join(", ")
}
