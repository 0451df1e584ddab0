//! SQL for the readings of a whole study.

use super::super::measure::Measure;
use super::super::ranges::Ranges;
use super::super::store::{Numbered, numbered};
use super::filter::{Side, StudyFilter};
use crate::server::{Conn, QueryBuilder};

/// Appends the condition that one of these measures is outside its expected range. A value that was not measured is not.
fn push_unusual(
    query: &mut QueryBuilder,
    measures: &[Measure],
    side: Option<Side>,
    ranges: &Ranges,
) {
    let mut separator = "(";
    for measure in measures {
        let range = ranges.of(*measure);
        for (of, sign, end) in [
            (Side::Below, '<', range.low),
            (Side::Above, '>', range.high),
        ] {
            if side.is_none_or(|side| side == of) {
                query.push(format!("{separator}{measure} {sign} "));
                query.push_bind(end);
                separator = " OR ";
            }
        }
    }
    query.push(")");
}

/// Returns the matching readings, the latest first.
///
/// They are found in the index alone, and only those of the page are read in the table.
pub async fn list_of_study(
    conn: &mut Conn,
    filter: &StudyFilter,
    limit: i64,
) -> sqlx::Result<Vec<Numbered>> {
    let begin = format!(
        "{} WHERE v.id IN (SELECT id FROM vital_signs WHERE struck_out_at IS NULL AND study_id = ",
        numbered()
    );
    let mut query = QueryBuilder::new(conn, begin);
    query.push_bind(filter.study);
    if let Some(subject) = filter.subject {
        query.push(" AND subject_id = ").push_bind(subject);
    } else if !filter.number.is_empty() {
        query.push(" AND subject_id IN (SELECT id FROM subjects WHERE study_id = ");
        query.push_bind(filter.study);
        query.push(" AND number LIKE ");
        query.push_bind(format!("%{}%", filter.number));
        query.push(" ESCAPE '\\')");
    }
    if !filter.unusual.is_empty() {
        query.push(" AND ");
        push_unusual(&mut query, &filter.unusual, filter.side, &filter.ranges);
    }
    if let Some((at, id)) = filter.before {
        query.push(" AND (recorded_at, id) < (").push_bind(at);
        query.push(", ").push_bind(id).push(")");
    }
    query.push(" ORDER BY recorded_at DESC, id DESC LIMIT ");
    query.push_bind(limit);
    query.push(") ORDER BY v.recorded_at DESC, v.id DESC");
    query.fetch_all(conn).await
}

/// The readings, those of them with an unusual value, and the unusual values of each measure.
type Counts = (i64, i64, i64, i64, i64, i64, i64, i64);

/// Counts the readings of a study that count, those of them with an unusual value, and the unusual values in the order of
/// [`Measure::ALL`].
pub async fn count_unusual(
    conn: &mut Conn,
    study: i64,
    ranges: &Ranges,
) -> sqlx::Result<(i64, i64, [i64; Measure::ALL.len()])> {
    let mut query = QueryBuilder::new(conn, "SELECT COUNT(*), COUNT(CASE WHEN ");
    push_unusual(&mut query, &Measure::ALL, None, ranges);
    query.push(" THEN 1 END)");
    for measure in Measure::ALL {
        query.push(", COUNT(CASE WHEN ");
        push_unusual(&mut query, &[measure], None, ranges);
        query.push(" THEN 1 END)");
    }
    query.push(" FROM vital_signs WHERE struck_out_at IS NULL AND study_id = ");
    query.push_bind(study);
    let rows: Vec<Counts> = query.fetch_all(conn).await?;
    let row = rows.first().copied().unwrap_or_default();
    let (readings, any, a, b, c, d, e, f) = row;
    Ok((readings, any, [a, b, c, d, e, f]))
}
