//! The lists of products: searched, filtered, sorted, in pages.
//!
//! The query is assembled from the parts requested, so that each order of the list can scan its own
//! index. User input is only ever bound.

use super::filter::{ProductFilter, Sort, State};
use super::search_index::with_categories;
use crate::catalog::product::{PRODUCT, Product, ProductRow, list_categories};
use crate::error::AppError;
use crate::i18n::Language;
use crate::search::{Term, fts5_query, terms, tsquery};
use crate::server::{Conn, Cursor, Engine, PageOf, QueryBuilder};
use sqlx::FromRow;
use std::collections::HashMap;

/// A row of a list, with its search score.
#[derive(FromRow)]
struct ListedRow {
    #[sqlx(flatten)]
    product: ProductRow,
    /// The sort key of a list by name.
    sorted_by: String,
    score: i64,
}

/// Returns one page of the list. `cursor` is the `next_cursor` of the previous page, or empty.
pub async fn list_products(
    conn: &mut Conn,
    filter: &ProductFilter,
    cursor: &str,
    size: i64,
) -> Result<PageOf<Product>, AppError> {
    let order = filter.order();
    let after = read_cursor(cursor, order)?;
    let asked = read_terms(conn, filter).await?;
    if fits_nothing(filter, &asked) {
        return Ok(PageOf::from_rows(Vec::new(), size, |_| Cursor::new([])));
    }
    let query = build(
        QueryBuilder::new(conn, ""),
        conn,
        filter,
        &asked,
        after,
        size + 1,
    );
    let rows: Vec<ListedRow> = query.fetch_all(conn).await?;
    let page = PageOf::from_rows(rows, size, |row| cursor_of(row, order));
    Ok(page.map(|row| row.product.into()))
}

/// Returns the database's query plan for the first page, line by line.
pub async fn explain_products(
    conn: &mut Conn,
    filter: &ProductFilter,
) -> Result<Vec<String>, AppError> {
    let asked = read_terms(conn, filter).await?;
    let query = build(
        QueryBuilder::explaining(conn),
        conn,
        filter,
        &asked,
        None,
        25,
    );
    Ok(query.fetch_plan(conn).await?)
}

/// Returns the search terms of the filter's text.
async fn read_terms(conn: &mut Conn, filter: &ProductFilter) -> sqlx::Result<Vec<Term>> {
    let terms = terms(&filter.text);
    if terms.is_empty() {
        return Ok(terms);
    }
    Ok(with_categories(terms, &list_categories(conn).await?))
}

/// Returns true if the search text has neither letters nor digits.
fn fits_nothing(filter: &ProductFilter, asked: &[Term]) -> bool {
    asked.is_empty() && !filter.text.trim().is_empty()
}

fn build(
    mut query: QueryBuilder,
    conn: &Conn,
    filter: &ProductFilter,
    asked: &[Term],
    after: Option<(SortValue, i64)>,
    limit: i64,
) -> QueryBuilder {
    let order = filter.order();
    let names = filter.language.filter(|_| order == Sort::Name);
    let (column, direction, compare) = keys(order, names);
    let scored = order == Sort::Relevance;
    let (from, score) = if scored {
        push_matches(&mut query, conn, asked);
        ("matches m CROSS JOIN products p", column)
    } else if names.is_some() {
        ("product_names n CROSS JOIN products p", "0")
    } else {
        ("products p", "0")
    };
    // CROSS JOIN keeps SQLite from starting at the categories, which would end in a sort.
    let row = names.map_or("p.id", |_| "n.product_id");
    let sorted_by = names.map_or("p.name_key", |_| "n.name_key");
    query.push(format!(
        "SELECT {PRODUCT}, {sorted_by} AS sorted_by, CAST({score} AS BIGINT) AS score
         FROM {from} CROSS JOIN categories c WHERE c.id = p.category_id"
    ));
    if scored {
        query.push(" AND p.id = m.id");
    } else {
        narrow_by_text(&mut query, conn, asked);
    }
    narrow(&mut query, filter);
    if let Some(language) = names {
        query
            .push(" AND p.id = n.product_id AND n.language = ")
            .push_bind(language);
    }
    if !filter.category.is_empty() {
        let of = names.map_or("p", |_| "n");
        query.push(format!(
            " AND {of}.category_id = (SELECT id FROM categories WHERE slug = "
        ));
        query.push_bind(&filter.category).push(")");
    }
    if let Some((value, id)) = after {
        query.push(format!(" AND ({column}, {row}) {compare} ("));
        match value {
            SortValue::Number(number) => query.push_bind(number),
            SortValue::Text(text) => query.push_bind(text),
        };
        query.push(", ").push_bind(id).push(")");
    }
    query.push(format!(
        " ORDER BY {column} {direction}, {row} {direction} LIMIT {limit}"
    ));
    query
}

/// Pushes the products that match the search, with a score: whether the name alone has all terms, or the name
/// with the slug, or these with the category and the picture's text, or all with the description.
///
/// The score depends only on the product. The engines' own scores (how rare a word is among all
/// products) change whenever a product is added, and so would every place in the list: pages would
/// repeat and skip rows.
fn push_matches(query: &mut QueryBuilder, conn: &Conn, asked: &[Term]) {
    let text = search_query(conn, asked);
    let id = conn.pick("rowid", "id");
    query.push(format!("WITH matches AS MATERIALIZED (SELECT {id} AS id, "));
    let columns = [
        ("name", "a"),
        ("name slug", "a,b"),
        ("name slug beside", "a,b,c"),
    ];
    for (index, (columns, weights)) in columns.into_iter().enumerate() {
        let (begin, end) = conn.pick(
            (
                format!(
                    "rowid IN (SELECT rowid FROM product_search
                               WHERE product_search MATCH '{{{columns}}} : (' || "
                ),
                " || ')')",
            ),
            (
                format!("ts_filter(search, '{{{weights}}}') @@ CAST("),
                " AS TSQUERY)",
            ),
        );
        query.push(if index > 0 {
            " + CASE WHEN "
        } else {
            "CASE WHEN "
        });
        query.push(begin).push_bind(&text).push(end);
        query.push(" THEN 1000 ELSE 0 END");
    }
    let (begin, end) = conn.pick(
        ("product_search WHERE product_search MATCH ", ")"),
        ("products WHERE search @@ CAST(", " AS TSQUERY))"),
    );
    query
        .push(" AS fit FROM ")
        .push(begin)
        .push_bind(text)
        .push(end)
        .push(" ");
}

/// Returns the terms in the engine's query syntax.
fn search_query(conn: &Conn, asked: &[Term]) -> String {
    match conn.engine() {
        Engine::Sqlite => fts5_query(asked),
        Engine::Postgres => tsquery(asked),
    }
}

/// Narrows the query to what matches the search, whatever its score.
fn narrow_by_text(query: &mut QueryBuilder, conn: &Conn, asked: &[Term]) {
    if asked.is_empty() {
        return;
    }
    let (begin, end) = conn.pick(
        (
            "p.id IN (SELECT rowid FROM product_search WHERE product_search MATCH ",
            ")",
        ),
        ("p.search @@ CAST(", " AS TSQUERY)"),
    );
    let text = search_query(conn, asked);
    query.push(" AND ").push(begin).push_bind(text).push(end);
}

/// Adds all conditions but the text, the category and the cursor.
fn narrow(query: &mut QueryBuilder, filter: &ProductFilter) {
    match filter.state {
        State::Active => query.push(" AND p.active"),
        State::Inactive => query.push(" AND NOT p.active"),
        State::All => &mut *query,
    };
    if let Some(price) = filter.min_price {
        query.push(" AND p.price >= ").push_bind(price);
    }
    if let Some(price) = filter.max_price {
        query.push(" AND p.price <= ").push_bind(price);
    }
    if filter.in_stock {
        query.push(" AND p.on_hand > p.reserved");
    }
}

/// Returns the number of products in each category under the other filters, by its id.
pub async fn count_by_category(
    conn: &mut Conn,
    filter: &ProductFilter,
) -> Result<HashMap<i64, i64>, AppError> {
    let asked = read_terms(conn, filter).await?;
    if fits_nothing(filter, &asked) {
        return Ok(HashMap::new());
    }
    let begin = "SELECT p.category_id, COUNT(*) FROM products p WHERE TRUE";
    let mut query = QueryBuilder::new(conn, begin);
    narrow_by_text(&mut query, conn, &asked);
    narrow(&mut query, filter);
    query.push(" GROUP BY p.category_id");
    let rows: Vec<(i64, i64)> = query.fetch_all(conn).await?;
    Ok(rows.into_iter().collect())
}

/// Returns the column a list is sorted by, its direction, and the comparison that finds the
/// following rows. Of names that match alike the shorter comes first: it says less besides.
fn keys(order: Sort, names: Option<Language>) -> (&'static str, &'static str, &'static str) {
    match order {
        Sort::Relevance => ("(m.fit - LENGTH(p.name))", "DESC", "<"),
        Sort::Newest => ("p.created_at", "DESC", "<"),
        Sort::PriceDown => ("p.price", "DESC", "<"),
        Sort::PriceUp => ("p.price", "ASC", ">"),
        Sort::Name if names.is_some() => ("n.name_key", "ASC", ">"),
        Sort::Name => ("p.name_key", "ASC", ">"),
    }
}

fn cursor_of(row: &ListedRow, order: Sort) -> Cursor {
    let product = &row.product;
    let value: &dyn ToString = match order {
        Sort::Relevance => &row.score,
        Sort::Newest => &product.created_at.micros(),
        Sort::PriceUp | Sort::PriceDown => &product.price,
        Sort::Name => &row.sorted_by,
    };
    Cursor::new([&order.as_str(), value, &product.id])
}

fn read_cursor(text: &str, order: Sort) -> Result<Option<(SortValue, i64)>, AppError> {
    let Some([sort, value, id]) = Cursor::read(text)? else {
        return Ok(None);
    };
    // PostgreSQL rejects a zero byte in text, and no name has one.
    if sort != order.as_str() || value.contains('\0') {
        return Err(Cursor::wrong());
    }
    let value = match order {
        Sort::Name => SortValue::Text(value),
        _ => SortValue::Number(value.parse().map_err(|_| Cursor::wrong())?),
    };
    Ok(Some((value, id.parse().map_err(|_| Cursor::wrong())?)))
}

/// The sort column's value in the last row of the previous page.
enum SortValue {
    Number(i64),
    Text(String),
}
