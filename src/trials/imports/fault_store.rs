//! SQL for what is wrong with imported files: faults, and bad rows to be mended.

use super::file::{BadRow, FileFault};
use crate::server::{Conn, QueryBuilder, execute, execute_rows, fetch_all, fetch_scalar};
use sqlx::FromRow;

pub async fn insert_faults(conn: &mut Conn, import: i64, faults: &[FileFault]) -> sqlx::Result<()> {
    const AT_ONCE: usize = 1_000;
    for (index, faults) in faults.chunks(AT_ONCE).enumerate() {
        let rows: Vec<_> = (index * AT_ONCE + 1..)
            .zip(faults)
            .map(|(seq, fault)| {
                (
                    (
                        seq,
                        fault.row_no,
                        fault.line_no,
                        &fault.column_name,
                        fault.place,
                    ),
                    (
                        &fault.code,
                        &fault.low,
                        &fault.high,
                        &fault.found,
                        &fault.suggestion,
                    ),
                )
            })
            .collect();
        let insert = |rows: &str| {
            format!(
                "INSERT INTO import_faults (import_id, seq, row_no, line_no, column_name, place, code, low, high, found,
                     suggestion)
                 SELECT {import}, CAST(value -> 0 ->> 0 AS BIGINT), CAST(value -> 0 ->> 1 AS BIGINT),
                     CAST(value -> 0 ->> 2 AS BIGINT), value -> 0 ->> 3, CAST(value -> 0 ->> 4 AS BIGINT),
                     value -> 1 ->> 0, value -> 1 ->> 1, value -> 1 ->> 2, value -> 1 ->> 3, value -> 1 ->> 4
                 FROM {rows}"
            )
        };
        execute_rows(conn, insert, rows).await?;
    }
    Ok(())
}

/// The faults of an import to list, in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct FaultFilter {
    pub import: i64,
    /// Any, if empty.
    pub code: String,
    /// The place in the list after which it continues.
    pub after: i64,
}

/// A fault with its place in the list.
#[derive(FromRow)]
pub struct FaultLine {
    pub seq: i64,
    #[sqlx(flatten)]
    pub fault: FileFault,
}

pub async fn list_faults(
    conn: &mut Conn,
    filter: &FaultFilter,
    limit: i64,
) -> sqlx::Result<Vec<FaultLine>> {
    let mut query = QueryBuilder::new(
        conn,
        "SELECT seq, row_no, line_no, column_name, place, code, low, high, found, suggestion
         FROM import_faults WHERE import_id = ",
    );
    query.push_bind(filter.import);
    if !filter.code.is_empty() {
        query.push(" AND code = ").push_bind(filter.code.clone());
    }
    query.push(" AND seq > ").push_bind(filter.after);
    query.push(" ORDER BY seq LIMIT ").push_bind(limit);
    query.fetch_all(conn).await
}

/// Counts the stored faults of an import by code.
pub async fn count_faults(conn: &mut Conn, import: i64) -> sqlx::Result<Vec<(String, i64)>> {
    fetch_all!(
        conn,
        "SELECT code, COUNT(*) FROM import_faults WHERE import_id = $1 GROUP BY code ORDER BY COUNT(*) DESC, code",
        import
    )
}

pub async fn insert_bad_rows(conn: &mut Conn, import: i64, rows: &[BadRow]) -> sqlx::Result<()> {
    const AT_ONCE: usize = 1_000;
    for rows in rows.chunks(AT_ONCE) {
        let cells = |row: &BadRow| serde_json::json!(row.cells).to_string();
        let rows: Vec<_> = rows
            .iter()
            .map(|row| (row.number, cells(row), &row.raw))
            .collect();
        let insert = |rows: &str| {
            format!(
                "INSERT INTO import_bad_rows (import_id, row_no, cells, raw)
                 SELECT {import}, CAST(value ->> 0 AS BIGINT), value ->> 1, value ->> 2 FROM {rows}"
            )
        };
        execute_rows(conn, insert, rows).await?;
    }
    Ok(())
}

/// Returns the bad rows of an import that are not mended, after this number.
pub async fn list_bad_rows(
    conn: &mut Conn,
    import: i64,
    after: i64,
    limit: i64,
) -> sqlx::Result<Vec<BadRow>> {
    let rows: Vec<(i64, String, String)> = fetch_all!(
        conn,
        "SELECT row_no, cells, raw FROM import_bad_rows
         WHERE import_id = $1 AND mended_by IS NULL AND row_no > $2 ORDER BY row_no LIMIT $3",
        import,
        after,
        limit
    )?;
    let row = |(number, cells, raw): (i64, String, String)| BadRow {
        number,
        cells: serde_json::from_str(&cells).unwrap_or_default(),
        raw,
    };
    Ok(rows.into_iter().map(row).collect())
}

/// Counts the bad rows of an import that are not mended.
pub async fn count_bad_rows(conn: &mut Conn, import: i64) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "SELECT COUNT(*) FROM import_bad_rows WHERE import_id = $1 AND mended_by IS NULL",
        import
    )
}

/// Returns an import that has mended any of these rows.
pub async fn find_mender(conn: &mut Conn, import: i64, rows: &[i64]) -> sqlx::Result<Option<i64>> {
    let query = conn.pick(
        "SELECT MAX(mended_by) FROM import_bad_rows
         WHERE import_id = $1 AND row_no IN (SELECT value FROM json_each($2))",
        "SELECT MAX(mended_by) FROM import_bad_rows WHERE import_id = $1 AND row_no IN
             (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($2 AS JSON)))",
    );
    let rows = serde_json::json!(rows).to_string();
    fetch_scalar!(conn, query, import, rows)
}

/// Notes that what mended rows was taken back.
pub async fn forget_mended(conn: &mut Conn, by: i64) -> sqlx::Result<()> {
    execute!(
        conn,
        "UPDATE import_bad_rows SET mended_by = NULL WHERE mended_by = $1",
        by
    )
}

/// Notes that rows were mended by another import.
pub async fn mark_mended(conn: &mut Conn, import: i64, rows: &[i64], by: i64) -> sqlx::Result<()> {
    let query = conn.pick(
        "UPDATE import_bad_rows SET mended_by = $1
         WHERE import_id = $2 AND row_no IN (SELECT value FROM json_each($3))",
        "UPDATE import_bad_rows SET mended_by = $1 WHERE import_id = $2 AND row_no IN
             (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($3 AS JSON)))",
    );
    let rows = serde_json::json!(rows).to_string();
    execute!(conn, query, by, import, rows)
}

/// Returns the faults of these rows, from this one to that.
pub async fn list_faults_of_rows(
    conn: &mut Conn,
    import: i64,
    first: i64,
    last: i64,
) -> sqlx::Result<Vec<FileFault>> {
    fetch_all!(
        conn,
        "SELECT row_no, line_no, column_name, place, code, low, high, found, suggestion FROM import_faults
         WHERE import_id = $1 AND row_no BETWEEN $2 AND $3 AND code <> 'unusual' ORDER BY seq",
        import,
        first,
        last
    )
}
