//! The lists of products: searched, filtered, sorted, in pages.
//!
//! The query is put together from the parts that are asked for, so that each order of the list
//! can walk its own index. What people typed is only ever bound.

use super::filter::{ProductFilter, Sort, State};
use super::search_index::with_categories;
use crate::catalog::product::{PRODUCT, Product, ProductRow, list_categories};
use crate::error::AppError;
use crate::search::{Term, fts5_query, terms, tsquery};
use crate::server::{Conn, Cursor, PageOf, with_db};
use sqlx::{AssertSqlSafe, FromRow, Row};
use std::collections::HashMap;

/// Binds each value to the query, in order.
macro_rules! bound {
    ($query:expr, $binds:expr) => {{
        let mut query = $query;
        for bind in $binds {
            query = match bind {
                Bind::Int(number) => query.bind(number),
                Bind::Text(text) => query.bind(text),
            };
        }
        query
    }};
}

/// A row of a list, with how well it fits the search.
#[derive(FromRow)]
struct ListedRow {
    #[sqlx(flatten)]
    product: ProductRow,
    score: i64,
}

/// One page of the list. `cursor` is the `next_cursor` of the page before, or empty.
pub async fn list_products(
    conn: &mut Conn,
    filter: &ProductFilter,
    cursor: &str,
    size: i64,
) -> Result<PageOf<Product>, AppError> {
    let order = filter.order();
    let after = read_cursor(cursor, order)?;
    let asked = read_terms(conn, filter).await?;
    let rows: Vec<ListedRow> = match list_query(conn, filter, &asked, after, size + 1) {
        Some((text, binds)) => {
            with_db!(conn, |c| bound!(sqlx::query_as(AssertSqlSafe(text)), binds)
                .fetch_all(c)
                .await)?
        }
        None => Vec::new(),
    };
    let page = PageOf::from_rows(rows, size, |row| cursor_of(row, order));
    Ok(page.map(|row| row.product.into()))
}

/// How the database would find the first page: its plan, line by line.
pub async fn explain_products(
    conn: &mut Conn,
    filter: &ProductFilter,
) -> Result<Vec<String>, AppError> {
    let asked = read_terms(conn, filter).await?;
    let Some((text, binds)) = list_query(conn, filter, &asked, None, 25) else {
        return Ok(Vec::new());
    };
    let (explain, column) = conn.pick(("EXPLAIN QUERY PLAN", "detail"), ("EXPLAIN", "QUERY PLAN"));
    let text = format!("{explain} {text}");
    Ok(with_db!(conn, |c| {
        let rows = bound!(sqlx::query(AssertSqlSafe(text)), binds)
            .fetch_all(c)
            .await?;
        rows.iter()
            .map(|row| row.try_get(column))
            .collect::<sqlx::Result<_>>()
    })?)
}

/// What the filter's text asks for.
async fn read_terms(conn: &mut Conn, filter: &ProductFilter) -> sqlx::Result<Vec<Term>> {
    let terms = terms(&filter.text);
    if terms.is_empty() {
        return Ok(terms);
    }
    Ok(with_categories(terms, &list_categories(conn).await?))
}

/// The text of the list's query and what is bound in it. None where nothing can fit.
fn list_query(
    conn: &Conn,
    filter: &ProductFilter,
    terms: &[Term],
    after: Option<(Bind, i64)>,
    limit: i64,
) -> Option<(String, Vec<Bind>)> {
    let order = filter.order();
    let mut sql = Sql::of(conn, filter, terms, order == Sort::Relevance)?;
    if !filter.category.is_empty() {
        let slug = sql.bind(Bind::Text(filter.category.clone()));
        sql.condition(&format!(
            "p.category_id = (SELECT id FROM categories WHERE slug = {slug})"
        ));
    }
    let (column, direction, compare) = keys(order);
    if let Some((value, id)) = after {
        let (value, id) = (sql.bind(value), sql.bind(Bind::Int(id)));
        sql.condition(&format!("({column}, p.id) {compare} ({value}, {id})"));
    }
    let limit = sql.bind(Bind::Int(limit));
    let score = if order == Sort::Relevance {
        column
    } else {
        "0"
    };
    // CROSS JOIN keeps SQLite from starting at the categories, which would end in a sort.
    let text = format!(
        "{} SELECT {PRODUCT}, CAST({score} AS BIGINT) AS score
         FROM {} CROSS JOIN categories c WHERE c.id = p.category_id {}
         ORDER BY {column} {direction}, p.id {direction} LIMIT {limit}",
        sql.with, sql.from, sql.conditions
    );
    Some((text, sql.binds))
}

/// The products that fit the search, and how well: whether the name alone has what is asked for, or the
/// name with the slug, or these with the category and the picture's text, or all with the description.
///
/// It depends on nothing but the product. What the engines would count of themselves (how rare a word
/// is among all products) changes whenever one comes in, and so would every place in the list: pages would
/// repeat and leave out.
fn matches(conn: &Conn, query: &str) -> String {
    let among = |columns: &str, weights: &str| {
        conn.pick(
            format!(
                "rowid IN (SELECT rowid FROM product_search
                           WHERE product_search MATCH '{{{columns}}} : (' || {query} || ')')"
            ),
            format!("ts_filter(search, '{{{weights}}}') @@ CAST({query} AS TSQUERY)"),
        )
    };
    let fit: Vec<String> = [
        among("name", "a"),
        among("name slug", "a,b"),
        among("name slug beside", "a,b,c"),
    ]
    .into_iter()
    .map(|fits| format!("CASE WHEN {fits} THEN 1000 ELSE 0 END"))
    .collect();
    let (id, found) = conn.pick(
        (
            "rowid",
            format!("product_search WHERE product_search MATCH {query}"),
        ),
        (
            "id",
            format!("products WHERE search @@ CAST({query} AS TSQUERY)"),
        ),
    );
    let fit = fit.join(" + ");
    format!("WITH matches AS MATERIALIZED (SELECT {id} AS id, {fit} AS fit FROM {found})")
}

/// How many products each category has under the other conditions of the filter, by its id.
pub async fn count_by_category(
    conn: &mut Conn,
    filter: &ProductFilter,
) -> Result<HashMap<i64, i64>, AppError> {
    let asked = read_terms(conn, filter).await?;
    let Some(sql) = Sql::of(conn, filter, &asked, false) else {
        return Ok(HashMap::new());
    };
    let text = format!(
        "SELECT p.category_id, COUNT(*) FROM {} WHERE TRUE {} GROUP BY p.category_id",
        sql.from, sql.conditions
    );
    let rows: Vec<(i64, i64)> = with_db!(conn, |c| bound!(
        sqlx::query_as(AssertSqlSafe(text)),
        sql.binds
    )
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().collect())
}

/// What a list is sorted by, its direction, and what comes after a given row. Of names that fit alike the
/// shorter says less besides.
const fn keys(order: Sort) -> (&'static str, &'static str, &'static str) {
    match order {
        Sort::Relevance => ("(m.fit - LENGTH(p.name))", "DESC", "<"),
        Sort::Newest => ("p.created_at", "DESC", "<"),
        Sort::PriceDown => ("p.price", "DESC", "<"),
        Sort::PriceUp => ("p.price", "ASC", ">"),
        Sort::Name => ("p.name_key", "ASC", ">"),
    }
}

fn cursor_of(row: &ListedRow, order: Sort) -> Cursor {
    let product = &row.product;
    let value: &dyn ToString = match order {
        Sort::Relevance => &row.score,
        Sort::Newest => &product.created_at.micros(),
        Sort::PriceUp | Sort::PriceDown => &product.price,
        Sort::Name => &product.name_key,
    };
    Cursor::new([&order.as_str(), value, &product.id])
}

fn read_cursor(text: &str, order: Sort) -> Result<Option<(Bind, i64)>, AppError> {
    let Some([sort, value, id]) = Cursor::read(text)? else {
        return Ok(None);
    };
    // A zero byte is no text to PostgreSQL, and never in a name.
    if sort != order.as_str() || value.contains('\0') {
        return Err(Cursor::wrong());
    }
    let value = match order {
        Sort::Name => Bind::Text(value),
        _ => Bind::Int(value.parse().map_err(|_| Cursor::wrong())?),
    };
    Ok(Some((value, id.parse().map_err(|_| Cursor::wrong())?)))
}

enum Bind {
    Int(i64),
    Text(String),
}

/// A query in the making: where it reads from, on what conditions, and what is bound to them.
#[derive(Default)]
struct Sql {
    with: String,
    from: String,
    conditions: String,
    binds: Vec<Bind>,
}

impl Sql {
    /// What the filter asks for, but for the category. None where nothing can fit: the search text
    /// has neither letters nor digits.
    fn of(conn: &Conn, filter: &ProductFilter, terms: &[Term], scored: bool) -> Option<Self> {
        let mut sql = Self {
            from: "products p".to_owned(),
            ..Self::default()
        };
        if !filter.text.trim().is_empty() {
            sql.search(conn, terms, scored)?;
        }
        match filter.state {
            State::Active => sql.condition("p.active"),
            State::Inactive => sql.condition("NOT p.active"),
            State::All => {}
        }
        if let Some(price) = filter.min_price {
            let price = sql.bind(Bind::Int(price));
            sql.condition(&format!("p.price >= {price}"));
        }
        if let Some(price) = filter.max_price {
            let price = sql.bind(Bind::Int(price));
            sql.condition(&format!("p.price <= {price}"));
        }
        if filter.in_stock {
            sql.condition("p.on_hand > p.reserved");
        }
        Some(sql)
    }

    fn search(&mut self, conn: &Conn, terms: &[Term], scored: bool) -> Option<()> {
        if terms.is_empty() {
            return None;
        }
        let query = self.bind(Bind::Text(conn.pick(fts5_query(terms), tsquery(terms))));
        if scored {
            self.with = matches(conn, &query);
            "matches m CROSS JOIN products p".clone_into(&mut self.from);
            self.condition("p.id = m.id");
        } else {
            self.condition(&conn.pick(
                format!(
                    "p.id IN (SELECT rowid FROM product_search WHERE product_search MATCH {query})"
                ),
                format!("p.search @@ CAST({query} AS TSQUERY)"),
            ));
        }
        Some(())
    }

    /// Binds the value, and gives the placeholder it is bound to.
    fn bind(&mut self, value: Bind) -> String {
        self.binds.push(value);
        format!("${}", self.binds.len())
    }

    fn condition(&mut self, condition: &str) {
        self.conditions.push_str(" AND ");
        self.conditions.push_str(condition);
    }
}
