//! The engine's plans for slow statements. The driver logs the statement; its plan is read afterwards, on another
//! connection, and logged too.

use super::connection::Conn;
use super::pools::Db;
use moka::sync::Cache;
use sqlx::{AssertSqlSafe, Row};
use std::time::Duration;
use tokio::sync::mpsc::Receiver;

/// The time for which a statement's plan is not logged again, and the most statements that are remembered.
const AGAIN_AFTER: Duration = Duration::from_mins(10);
const MOST: u64 = 1_000;

/// Logs the plan of each statement that comes.
pub async fn explain_slow(db: Db, mut statements: Receiver<String>) {
    let explained = Cache::builder()
        .max_capacity(MOST)
        .time_to_live(AGAIN_AFTER)
        .build();
    while let Some(text) = statements.recv().await {
        if explained.contains_key(&text) {
            continue;
        }
        explained.insert(text.clone(), ());
        match read_plan(&db, &text).await {
            Ok(plan) => tracing::warn!(
                db.statement = words(&text),
                db.plan = plan.join("\n"),
                "The plan of a slow statement"
            ),
            // Not every statement has one: COMMIT waits for the disk.
            Err(error) => tracing::debug!(error.cause = %error, "A slow statement has no plan"),
        }
    }
}

async fn read_plan(db: &Db, text: &str) -> sqlx::Result<Vec<String>> {
    let mut conn = db.read().await?;
    explain(&mut conn, text).await
}

/// Returns the text on one line.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the lines of the plan. The text is one that this program ran: nothing of it comes from outside.
async fn explain(conn: &mut Conn, text: &str) -> sqlx::Result<Vec<String>> {
    match conn {
        Conn::Sqlite(connection) => {
            // A value that is not given is NULL, which changes nothing of a plan here.
            let query = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}"));
            let query = sqlx::query(query).persistent(false);
            let rows = query.fetch_all(&mut **connection).await?;
            rows.iter().map(|row| row.try_get("detail")).collect()
        }
        Conn::Postgres(connection) => {
            // The plan for any values, and within a transaction that ends with it.
            let explaining = AssertSqlSafe(format!(
                "BEGIN READ ONLY; SET LOCAL plan_cache_mode = force_generic_plan; PREPARE slow AS {text}; \
                 EXPLAIN EXECUTE slow{}",
                nulls(text)
            ));
            let rows = sqlx::raw_sql(explaining).fetch_all(&mut **connection).await;
            sqlx::raw_sql("ROLLBACK").execute(&mut **connection).await?;
            if rows.is_ok() {
                sqlx::raw_sql("DEALLOCATE slow")
                    .execute(&mut **connection)
                    .await?;
            }
            rows?.iter().map(|row| row.try_get(0)).collect()
        }
    }
}

/// Returns as many NULLs as the statement has values: `(NULL, NULL)`.
fn nulls(text: &str) -> String {
    let numbers = text.split('$').skip(1).filter_map(|rest| {
        let end = rest.find(|sign: char| !sign.is_ascii_digit());
        rest[..end.unwrap_or(rest.len())].parse::<usize>().ok()
    });
    match numbers.max() {
        Some(most) => format!("({})", vec!["NULL"; most].join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_is_given_once() {
        for (text, values) in [
            ("SELECT 1", ""),
            ("SELECT $1, $2, $1", "(NULL, NULL)"),
            (
                "UPDATE a SET b = $10",
                "(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
            ),
            ("SELECT '$'", ""),
        ] {
            assert_eq!(nulls(text), values, "{text}");
        }
    }
}
