//! SQL for imports, their faults, and the rows that they bring.

use super::file::Row;
use super::report::{Import, ImportStatus};
use crate::clock::Timestamp;
use crate::server::{
    Conn, execute, execute_rows, fetch_all, fetch_optional, fetch_scalar, fetch_scalars, from_json,
    rows_affected, stored_as_word,
};
use sqlx::AssertSqlSafe;
use std::collections::HashMap;

stored_as_word!(ImportStatus);

const IMPORT: &str = "id, study_id, file_name, bytes, hash, format, columns, status, records, good, bad, unusual, \
     created_by, created_at, reverted_at, ahead";

pub async fn insert_import(conn: &mut Conn, import: &Import) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "INSERT INTO imports (study_id, file_name, bytes, hash, format, columns, status, records, good, bad, unusual,
             created_by, created_at, ahead)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id",
        import.study_id,
        &import.file_name,
        import.bytes,
        &import.hash,
        &import.format,
        &import.columns,
        import.status,
        import.records,
        import.good,
        import.bad,
        import.unusual,
        import.created_by,
        import.created_at,
        import.ahead
    )
}

/// Saves the numbers that are known when the whole file is read.
pub async fn update_counts(conn: &mut Conn, import: &Import) -> sqlx::Result<()> {
    execute!(
        conn,
        "UPDATE imports SET records = $1, good = $2, bad = $3, unusual = $4 WHERE id = $5",
        import.records,
        import.good,
        import.bad,
        import.unusual,
        import.id
    )
}

/// Notes that an import was taken back. Returns false if it was not done, or was taken back before.
pub async fn mark_reverted(conn: &mut Conn, id: i64, now: Timestamp) -> sqlx::Result<bool> {
    let marked = rows_affected!(
        conn,
        "UPDATE imports SET status = 'reverted', reverted_at = $1 WHERE id = $2 AND status = 'done'",
        now,
        id
    )?;
    Ok(marked == 1)
}

pub async fn find_import(conn: &mut Conn, id: i64) -> sqlx::Result<Option<Import>> {
    let query = AssertSqlSafe(format!("SELECT {IMPORT} FROM imports WHERE id = $1"));
    fetch_optional!(conn, query, id)
}

/// Returns the import of a file with this hash, unless what it brought was taken back.
pub async fn find_same_file(
    conn: &mut Conn,
    study: i64,
    hash: &str,
) -> sqlx::Result<Option<Import>> {
    let query = AssertSqlSafe(format!(
        "SELECT {IMPORT} FROM imports WHERE study_id = $1 AND hash = $2 AND status = 'done' AND good > 0
         ORDER BY id DESC LIMIT 1"
    ));
    fetch_optional!(conn, query, study, hash)
}

/// Returns the imports of a study, the latest first.
pub async fn list_imports(
    conn: &mut Conn,
    study: i64,
    before: i64,
    limit: i64,
) -> sqlx::Result<Vec<Import>> {
    let query = AssertSqlSafe(format!(
        "SELECT {IMPORT} FROM imports WHERE study_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
    ));
    fetch_all!(conn, query, study, before, limit)
}

/// Returns the ids of the study's subjects by number.
pub async fn list_subject_ids(conn: &mut Conn, study: i64) -> sqlx::Result<HashMap<String, i64>> {
    let subjects: Vec<(String, i64)> = fetch_all!(
        conn,
        "SELECT number, id FROM subjects WHERE study_id = $1",
        study
    )?;
    Ok(subjects.into_iter().collect())
}

/// Inserts the rows of an import, but for those whose subject has a reading at that time. One that is struck out is in
/// nobody's way.
pub async fn insert_rows(conn: &mut Conn, import: &Import, rows: &[Row]) -> sqlx::Result<()> {
    let (study, id, by) = (import.study_id, import.id, import.created_by);
    let now = import.created_at.micros();
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            let [
                heart_rate,
                systolic,
                diastolic,
                temperature,
                oxygen,
                breaths,
            ] = row.values;
            (
                row.subject,
                row.at,
                heart_rate,
                systolic,
                diastolic,
                temperature,
                oxygen,
                breaths,
                row.number,
            )
        })
        .collect();
    let by = by.map_or_else(|| "NULL".to_owned(), |by| by.to_string());
    let insert = |rows: &str| {
        let value = |index: usize| format!("CAST(value ->> {index} AS BIGINT)");
        let values: Vec<String> = (0..9).map(value).collect();
        let values = values.join(", ");
        format!(
            "INSERT INTO vital_signs (study_id, created_by, created_at, import_id, subject_id, recorded_at, heart_rate,
                 systolic, diastolic, temperature, oxygen_saturation, respiratory_rate, import_row)
             SELECT {study}, {by}, {now}, {id}, {values} FROM {rows} WHERE TRUE
             ON CONFLICT (subject_id, recorded_at) WHERE struck_out_at IS NULL DO NOTHING"
        )
    };
    execute_rows(conn, insert, rows).await
}

/// Returns the numbers of the rows that an import has brought, from this one to that.
pub async fn list_rows(
    conn: &mut Conn,
    import: i64,
    first: i64,
    last: i64,
) -> sqlx::Result<Vec<i64>> {
    fetch_scalars!(
        conn,
        "SELECT import_row FROM vital_signs WHERE import_id = $1 AND import_row BETWEEN $2 AND $3",
        import,
        first,
        last
    )
}

/// Returns for the numbers of these rows the import and the row that brought the reading that is in their way.
pub async fn find_origins(
    conn: &mut Conn,
    rows: &[&Row],
) -> sqlx::Result<HashMap<i64, (Option<i64>, Option<i64>)>> {
    let values: Vec<_> = rows
        .iter()
        .map(|row| (row.subject, row.at, row.number))
        .collect();
    let values = serde_json::json!(values).to_string();
    let query = AssertSqlSafe(format!(
        "SELECT CAST(value ->> 2 AS BIGINT), v.import_id, v.import_row FROM {}
         JOIN vital_signs v ON v.subject_id = CAST(value ->> 0 AS BIGINT)
              AND v.recorded_at = CAST(value ->> 1 AS BIGINT) AND v.struck_out_at IS NULL",
        from_json(conn)
    ));
    let origins: Vec<(i64, Option<i64>, Option<i64>)> = fetch_all!(conn, query, values)?;
    let origins = origins
        .into_iter()
        .map(|(row, import, before)| (row, (import, before)));
    Ok(origins.collect())
}
