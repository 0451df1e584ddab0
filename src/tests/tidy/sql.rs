//! SQL stands in stores, where one looks for it.

use super::each_source;

/// The names of files with SQL: a slice's store and what stands for one (`token_store.rs`), the search of
/// a list, a proof, and what makes data up.
const HOMES: [&str; 9] = [
    "store.rs",
    "query.rs",
    "search_index.rs",
    "verify.rs",
    "demo.rs",
    "generate.rs",
    "bulk.rs",
    "outbox.rs",
    "proof.rs",
];

/// The calls that run a statement, or put one together.
const STATEMENTS: [&str; 10] = [
    "execute!(",
    "rows_affected!(",
    "fetch_one!(",
    "fetch_optional!(",
    "fetch_all!(",
    "fetch_scalar!(",
    "fetch_optional_scalar!(",
    "fetch_scalars!(",
    "QueryBuilder::new(",
    "sqlx::query",
];

#[test]
fn sql_stands_in_stores() {
    each_source(|name, text| {
        let file = name.rsplit('/').next().unwrap_or_default();
        let at_home = HOMES.contains(&file)
            || file.ends_with("_store.rs")
            || name.starts_with("src/server/db/")
            || name.starts_with("src/tests/");
        let statement = STATEMENTS.iter().find(|it| text.contains(*it))?;
        (!at_home).then(|| {
            format!("{name} runs SQL ({statement}…): move it to the store.rs beside it, as a function that takes the connection first")
        })
    });
}
