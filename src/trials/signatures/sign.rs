//! Signing a visit.

use super::read::{Judged, judge, read_present};
use super::rules::{Meaning, check_hash};
use super::store::{Signature, find_signature, insert_signature};
use crate::accounts::{User, check_current_password, still_current};
use crate::clock::Timestamp;
use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::server::idempotency::{Attempt, complete, reserve};
use crate::server::{App, ClientIp, Conn, IdempotencyKey};
use crate::trials::access::{Rights, visible_study};
use crate::trials::audit::{Author, Trail, signature_record};
use crate::trials::subject::visible_subject;
use crate::trials::visits::{SubjectVisit, read_visits};
use crate::trials::{Study, Subject};
use serde::Deserialize;

/// Error code: only a visit that is done can be signed.
pub const VISIT_NOT_DONE: u16 = 3609;

/// A signature to be given.
#[derive(Default, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = NewSignature)]
pub struct NewSignature {
    /// `review`, `responsibility` or `approval`.
    #[schema(required, value_type = Meaning)]
    pub meaning: String,
    /// The hash of what is signed, as the signatures of the visit were listed with it.
    #[schema(required, max_length = 64)]
    pub hash: String,
    /// The signer's current password.
    #[schema(required, format = Password)]
    pub current_password: String,
}

impl NewSignature {
    fn check(&self) -> Result<(Meaning, String), AppError> {
        let mut faults = Faults::default();
        let meaning = faults.check("meaning", self.meaning.parse::<Meaning>());
        let hash = faults.check("hash", check_hash(&self.hash));
        if self.current_password.is_empty() {
            faults.check::<()>("current_password", Err(t!("trials-sign-password-needed")));
        }
        faults.finish()?;
        meaning.zip(hash).ok_or_else(AppError::internal)
    }
}

/// Returns the subject with its study, and what `user` may do in that.
pub async fn visible_place(
    conn: &mut Conn,
    user: &User,
    subject: i64,
) -> Result<(Study, Rights, Subject), AppError> {
    let (subject, _) = visible_subject(conn, user, subject).await?;
    let (study, rights) = visible_study(conn, user, subject.study_id).await?;
    Ok((study, rights, subject))
}

/// Returns the subject's visit with this id.
pub async fn find_visit(
    conn: &mut Conn,
    subject: &Subject,
    id: i64,
    now: Timestamp,
) -> Result<SubjectVisit, AppError> {
    let visits = read_visits(conn, subject, now).await?;
    let visit = visits.into_iter().find(|it| it.visit.id == id);
    visit.ok_or_else(|| AppError::not_found("visit"))
}

/// Signs a visit of a subject, for a coordinator of its study who gives their current password, if what is signed is what
/// they were shown; once per idempotency key.
pub async fn sign_visit(
    app: &App,
    user: &User,
    address: ClientIp,
    once: &IdempotencyKey,
    (subject, visit): (i64, i64),
    input: NewSignature,
) -> Result<Judged, AppError> {
    let now = app.clock.now();
    let mut conn = app.db.read().await?;
    let (_, rights, found) = visible_place(&mut conn, user, subject).await?;
    rights.check_coordinates()?;
    let (meaning, hash) = input.check()?;
    find_visit(&mut conn, &found, visit, now).await?;
    drop(conn);
    let proven = check_current_password(app, user, input.current_password, address).await?;

    let mut tx = app.db.write().await?;
    // As the name is now, and only if the password is still theirs.
    let signer = still_current(&mut tx, user, &proven).await?;
    let stands_for = ("signature", subject, visit, meaning, &hash);
    let reserved = match reserve(&mut tx, user.id, once, &stands_for, now).await? {
        Attempt::First(reserved) => reserved,
        Attempt::Repeat(id) => return read_signed(&mut tx, user, subject, id, now).await,
    };
    let author = Author::new(Some(user.id), now);
    let mut trail = Trail::lock(&mut tx, found.study_id, author).await?;
    // Read again now that nobody else changes it.
    let (study, rights, subject) = visible_place(&mut tx, user, subject).await?;
    rights.check_coordinates()?;
    let visit = find_visit(&mut tx, &subject, visit, now).await?;
    let present = read_present(&mut tx, &study.code, &subject, &visit).await?;
    let not_done = || AppError::conflict(VISIT_NOT_DONE, t!("trials-sign-not-done"));
    if present.ok_or_else(not_done)?.hash != hash {
        return Err(AppError::stale("visit"));
    }
    let mut signature = Signature {
        id: 0,
        visit: visit.visit.name,
        user_id: signer.id,
        signer: signer.name,
        meaning,
        signed_at: now,
        content_hash: hash,
    };
    signature.id = insert_signature(&mut tx, (study.id, subject.id), &signature).await?;
    let record = signature_record(&subject.number, &signature.visit);
    trail.note_new(&record, "signer", &signature.signer);
    trail.note_new(&record, "meaning", signature.meaning);
    trail.note_new(&record, "content", &signature.content_hash);
    trail.write(&mut tx).await?;
    complete(&mut tx, reserved, signature.id).await?;
    tx.commit().await?;
    tracing::info!(
        subject.number,
        signature.id,
        user.id = user.id,
        "A visit was signed"
    );
    Ok(Judged {
        signature,
        holds: true,
    })
}

/// Returns a signature that was given before.
async fn read_signed(
    conn: &mut Conn,
    user: &User,
    subject: i64,
    id: i64,
    now: Timestamp,
) -> Result<Judged, AppError> {
    let (study, _, subject) = visible_place(conn, user, subject).await?;
    let signature = find_signature(conn, subject.id, id).await?;
    let signature = signature.ok_or_else(AppError::internal)?;
    let judged = judge(conn, &study.code, &subject, vec![signature], now).await?;
    judged.into_iter().next().ok_or_else(AppError::internal)
}
