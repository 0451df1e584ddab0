//! The people of a study and their roles, which admins decide.

use super::store;
use crate::accounts::{User, find_user};
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{App, Conn};
use crate::trials::StudyRole;
use crate::trials::access::visible_study;
use crate::trials::audit::{Author, Trail, member_record};

/// Gives somebody a role in the study, or takes theirs away: `None`. Does nothing if that is so already.
pub async fn set_member(
    app: &App,
    actor: &User,
    study: i64,
    member: i64,
    role: Option<StudyRole>,
    reason: &str,
) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    let (study, rights) = visible_study(&mut tx, actor, study).await?;
    rights.check_manages()?;
    let author = Author::with_reason(actor, app.clock.now(), reason)?;
    let mut trail = Trail::lock(&mut tx, study.id, author).await?;
    match role {
        Some(role) => {
            let person = find_user(&mut tx, member).await?;
            if !person.is_some_and(|person| person.active) {
                return Err(AppError::invalid("user_id", t!("trials-no-such-member")));
            }
            set_member_within(&mut tx, &mut trail, study.id, member, role).await?;
        }
        None => {
            let before = store::find_role(&mut tx, study.id, member).await?;
            store::delete_member(&mut tx, study.id, member).await?;
            let before = before.map(|role| role.to_string());
            trail.note(&member_record(member), "role", before, None);
        }
    }
    trail.write(&mut tx).await?;
    tx.commit().await?;
    tracing::info!(
        study.id,
        user.id = actor.id,
        member.id = member,
        "A role in a study was changed"
    );
    Ok(())
}

/// Gives somebody a role within the caller's transaction.
pub async fn set_member_within(
    conn: &mut Conn,
    trail: &mut Trail,
    study: i64,
    member: i64,
    role: StudyRole,
) -> sqlx::Result<()> {
    let before = store::find_role(conn, study, member).await?;
    if before == Some(role) {
        return Ok(());
    }
    store::save_member(conn, study, member, role, trail.at()).await?;
    let before = before.map(|role| role.to_string());
    trail.note(
        &member_record(member),
        "role",
        before,
        Some(role.to_string()),
    );
    Ok(())
}
