//! SQL for signatures.

use super::rules::Meaning;
use crate::clock::Timestamp;
use crate::server::{Conn, QueryBuilder, fetch_optional, fetch_scalar, stored_as_word};
use sqlx::{AssertSqlSafe, FromRow};

stored_as_word!(Meaning);

/// The columns of a signature.
const SIGNATURE: &str = "id, visit, user_id, signer, meaning, signed_at, content_hash";

/// The signature of a subject's visit.
#[derive(Clone, Debug, FromRow)]
pub struct Signature {
    pub id: i64,
    /// The visit's name.
    pub visit: String,
    pub user_id: i64,
    /// The signer's name as it was.
    pub signer: String,
    pub meaning: Meaning,
    pub signed_at: Timestamp,
    /// The hash of what was signed.
    pub content_hash: String,
}

/// Inserts a signature, and returns its id.
pub async fn insert_signature(
    conn: &mut Conn,
    (study, subject): (i64, i64),
    signature: &Signature,
) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "INSERT INTO visit_signatures (study_id, subject_id, visit, user_id, signer, meaning, signed_at, content_hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
        study,
        subject,
        &signature.visit,
        signature.user_id,
        &signature.signer,
        signature.meaning.as_str(),
        signature.signed_at,
        &signature.content_hash
    )
}

/// Returns the signature with this id, if it is of the subject.
pub async fn find_signature(
    conn: &mut Conn,
    subject: i64,
    id: i64,
) -> sqlx::Result<Option<Signature>> {
    let query = AssertSqlSafe(format!(
        "SELECT {SIGNATURE} FROM visit_signatures WHERE id = $1 AND subject_id = $2"
    ));
    fetch_optional!(conn, query, id, subject)
}

/// Returns the signatures of a subject, the latest first: of the visit with this name, or of all, before this id.
pub async fn list_signatures(
    conn: &mut Conn,
    subject: i64,
    visit: Option<&str>,
    before: Option<i64>,
    limit: i64,
) -> sqlx::Result<Vec<Signature>> {
    let begin = format!("SELECT {SIGNATURE} FROM visit_signatures WHERE subject_id = ");
    let mut query = QueryBuilder::new(conn, begin);
    query.push_bind(subject);
    if let Some(visit) = visit {
        query.push(" AND visit = ").push_bind(visit.to_owned());
    }
    if let Some(before) = before {
        query.push(" AND id < ").push_bind(before);
    }
    query.push(" ORDER BY id DESC LIMIT ").push_bind(limit);
    query.fetch_all(conn).await
}
