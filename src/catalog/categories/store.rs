//! SQL for the stored categories, with their product counts.

use crate::i18n::{Language, Multilingual};
use crate::server::{
    Conn, Engine, execute, fetch_all, fetch_optional, fetch_optional_scalar, fetch_scalar,
};
use sqlx::{AssertSqlSafe, FromRow};

/// A category's row, with its product counts.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct CategoryRecord {
    pub id: i64,
    pub slug: String,
    /// The language in which its name was first entered, if recorded.
    pub language: Option<Language>,
    #[sqlx(flatten)]
    pub name: Multilingual,
    /// Its place among the others; of two with the same, the older comes first.
    pub position: i64,
    /// The number of changes to its name and slug.
    pub version: i64,
    /// The number of products in it, for sale or not.
    pub products: i64,
    pub for_sale: i64,
}

impl CategoryRecord {
    /// Returns the language in which its name was first entered; guessed if not recorded.
    pub fn language(&self) -> Language {
        Language::noted(self.language, &self.name.first)
    }
}

/// The columns of a [`CategoryRecord`], of `categories c`.
const RECORD: &str = "c.id, c.slug, c.language, c.name, c.name_translations, c.position, c.version,
     (SELECT COUNT(*) FROM products p WHERE p.category_id = c.id) AS products,
     (SELECT COUNT(*) FROM products p WHERE p.category_id = c.id AND p.active) AS for_sale";

/// Lists the categories in order, starting after `after`: a position and an id.
pub async fn list_category_records(
    conn: &mut Conn,
    after: Option<(i64, i64)>,
    limit: i64,
) -> sqlx::Result<Vec<CategoryRecord>> {
    let (position, id) = after.unwrap_or((i64::MIN, i64::MIN));
    let query = AssertSqlSafe(format!(
        "SELECT {RECORD} FROM categories c WHERE (c.position, c.id) > ($1, $2)
         ORDER BY c.position, c.id LIMIT $3"
    ));
    fetch_all!(conn, query, position, id, limit)
}

pub async fn find_category_record(
    conn: &mut Conn,
    id: i64,
) -> sqlx::Result<Option<CategoryRecord>> {
    let query = AssertSqlSafe(format!("SELECT {RECORD} FROM categories c WHERE c.id = $1"));
    fetch_optional!(conn, query, id)
}

/// Like [`find_category_record`], but until the transaction ends nobody else changes it or adds products.
pub async fn lock_category(conn: &mut Conn, id: i64) -> sqlx::Result<Option<CategoryRecord>> {
    if conn.engine() == Engine::Postgres {
        // A query of its own, so that the count below sees what was added while this waited.
        let _: Option<i64> = fetch_optional_scalar!(
            conn,
            "SELECT id FROM categories WHERE id = $1 FOR UPDATE",
            id
        )?;
    }
    find_category_record(conn, id).await
}

/// Inserts a category after all others.
pub async fn create_category(
    conn: &mut Conn,
    slug: &str,
    language: Language,
    name: &Multilingual,
) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "INSERT INTO categories (slug, language, name, name_translations, position)
         VALUES ($1, $2, $3, $4, (SELECT COALESCE(MAX(position), 0) + 1 FROM categories))
         RETURNING id",
        slug,
        language,
        &name.first,
        &name.translations
    )
}

/// Writes the editable columns, and increments the version.
pub async fn update_category(conn: &mut Conn, category: &CategoryRecord) -> sqlx::Result<()> {
    execute!(
        conn,
        "UPDATE categories
         SET slug = $1, language = $2, name = $3, name_translations = $4, version = version + 1
         WHERE id = $5",
        &category.slug,
        category.language(),
        &category.name.first,
        &category.name.translations,
        category.id
    )
}

pub async fn delete_category(conn: &mut Conn, id: i64) -> sqlx::Result<()> {
    execute!(conn, "DELETE FROM categories WHERE id = $1", id)
}
