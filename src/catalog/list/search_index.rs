//! The words that products are found by, and how a search matches them.

use crate::catalog::product::{Category, Product, ProductRow, name_key, product_query};
use crate::i18n::{Language, Multilingual, sort_key};
use crate::search::{Term, fts5_text, words};
use crate::server::{Conn, Engine, QueryBuilder, execute, fetch_all};

/// The texts a product is found by, the most significant first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductTexts {
    pub id: i64,
    pub name: Multilingual,
    /// A name as well, often in another language than the name.
    pub slug: String,
    pub picture_alt: Multilingual,
    pub category_id: i64,
    pub description: Multilingual,
}

impl From<&Product> for ProductTexts {
    fn from(product: &Product) -> Self {
        Self {
            id: product.id,
            name: product.name.clone(),
            slug: product.slug.clone(),
            picture_alt: product.picture_alt.clone(),
            category_id: product.category.id,
            description: product.description.clone(),
        }
    }
}

impl ProductTexts {
    /// Returns the columns of SQLite's `product_search`: name, slug, beside, description.
    pub fn columns(&self) -> [String; 4] {
        let beside = format!(
            "{} {}",
            category_word(self.category_id),
            fts5_text(&self.picture_alt.together())
        );
        [
            fts5_text(&self.name.together()),
            fts5_text(&self.slug),
            beside,
            fts5_text(&self.description.together()),
        ]
    }

    /// Returns the words as a tsvector, weighted A to D in the same order. Not left to
    /// `to_tsvector`, whose parser has its own idea of a word and follows the database's locale.
    pub fn ts_vector(&self) -> String {
        // Positions end there, and words repeat: those that far down add nothing.
        const LAST: usize = 16_000;
        let weighted =
            |text: &str, weight: char| words(text).into_iter().map(move |it| (it, weight));
        let category = [(category_word(self.category_id), 'C')];
        weighted(&self.name.together(), 'A')
            .chain(weighted(&self.slug, 'B'))
            .chain(category)
            .chain(weighted(&self.picture_alt.together(), 'C'))
            .chain(weighted(&self.description.together(), 'D'))
            .take(LAST)
            .enumerate()
            .map(|(index, (word, weight))| format!("'{word}':{}{weight}", index + 1))
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// Returns the token for a category among a product's words, so that renaming it changes no
/// product's. It starts with a private-use letter, which no word contains.
fn category_word(id: i64) -> String {
    format!("\u{E000}{id}")
}

/// Lets a term that matches a category's name or slug find the products in the category.
pub fn with_categories(mut terms: Vec<Term>, categories: &[Category]) -> Vec<Term> {
    let known: Vec<(i64, Vec<String>)> = categories
        .iter()
        .map(|category| {
            (
                category.id,
                words(&format!("{} {}", category.name.together(), category.slug)),
            )
        })
        .collect();
    for term in &mut terms {
        let fits = |(_, words): &&(i64, Vec<String>)| words.iter().any(|word| term.fits(word));
        let found: Vec<String> = known
            .iter()
            .filter(fits)
            .map(|(id, _)| category_word(*id))
            .collect();
        term.or.extend(found);
    }
    terms
}

/// Replaces the product's search words and the sort keys of its names.
pub async fn index_product(conn: &mut Conn, texts: &ProductTexts) -> sqlx::Result<()> {
    if conn.engine() == Engine::Postgres {
        execute!(
            conn,
            "UPDATE products SET search = CAST($1 AS TSVECTOR) WHERE id = $2",
            texts.ts_vector(),
            texts.id
        )?;
    } else {
        execute!(
            conn,
            "DELETE FROM product_search WHERE rowid = $1",
            texts.id
        )?;
        index_new_products(conn, std::slice::from_ref(texts)).await?;
    }
    write_names(conn, std::slice::from_ref(texts)).await
}

/// Inserts the search words of products that have none: SQLite keeps them in a table of their own.
pub async fn index_new_products(conn: &mut Conn, products: &[ProductTexts]) -> sqlx::Result<()> {
    let mut query = QueryBuilder::new(
        conn,
        "INSERT INTO product_search (rowid, name, slug, beside, description) ",
    );
    query.push_values(products, |row, product| {
        row.push_bind(product.id);
        for column in product.columns() {
            row.push_bind(column);
        }
    });
    query.persistent(products.len() == 1);
    query.execute(conn).await
}

/// Writes the products' sort keys in each language.
pub async fn write_names(conn: &mut Conn, products: &[ProductTexts]) -> sqlx::Result<()> {
    let mut query = QueryBuilder::new(
        conn,
        "INSERT INTO product_names (product_id, language, category_id, name_key) ",
    );
    let names = products
        .iter()
        .flat_map(|product| Language::ALL.map(|language| (product, language)));
    query.push_values(names, |row, (product, language)| {
        row.push_bind(product.id)
            .push_bind(language)
            .push_bind(product.category_id)
            .push_bind(sort_key(product.name.within(language), language));
    });
    query.push(
        " ON CONFLICT (product_id, language)
          DO UPDATE SET category_id = EXCLUDED.category_id, name_key = EXCLUDED.name_key",
    );
    query.persistent(products.len() == 1);
    query.execute(conn).await
}

/// Reindexes up to `limit` products after this id, and returns the id of the last; `None` if none.
pub async fn index_products_again(
    conn: &mut Conn,
    after: i64,
    limit: i64,
) -> sqlx::Result<Option<i64>> {
    let products: Vec<ProductRow> = fetch_all!(
        conn,
        product_query!("WHERE p.id > $1 ORDER BY p.id LIMIT $2"),
        after,
        limit
    )?;
    let products: Vec<Product> = products.into_iter().map(Product::from).collect();
    for product in &products {
        index_product(conn, &ProductTexts::from(product)).await?;
        execute!(
            conn,
            "UPDATE products SET name_key = $1 WHERE id = $2",
            name_key(&product.name.first),
            product.id
        )?;
    }
    Ok(products.last().map(|product| product.id))
}
