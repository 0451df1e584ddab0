//! Taking back what an import brought.

use super::report::{Import, ImportStatus};
use super::store;
use crate::accounts::User;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{App, Conn};
use crate::trials::access::{Rights, visible_study};
use crate::trials::audit::{Author, Trail, vital_record};
use crate::trials::study::read_reason;

/// Error code: nothing of the import is stored that could be taken back.
pub const NOTHING_TO_REVERT: u16 = 3606;

/// The readings read at once.
const AT_ONCE: i64 = 1_000;

/// Returns the import with this id, and what `user` may do in its study.
pub async fn visible_import(
    conn: &mut Conn,
    user: &User,
    id: i64,
) -> Result<(Import, Rights), AppError> {
    let missing = || AppError::not_found("import");
    let import = store::find_import(conn, id).await?.ok_or_else(missing)?;
    let study = AppError::found(visible_study(conn, user, import.study_id).await)?;
    let (_, rights) = study.ok_or_else(missing)?;
    Ok((import, rights))
}

/// Takes back every reading that the import brought, for a coordinator of its study. Once more changes nothing.
pub async fn revert_import(
    app: &App,
    user: &User,
    id: i64,
    reason: &str,
) -> Result<Import, AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let (import, rights) = visible_import(&mut tx, user, id).await?;
    rights.check_coordinates()?;
    let author = Author {
        user_id: Some(user.id),
        at: now,
        reason: read_reason(reason)?,
    };
    let mut trail = Trail::lock(&mut tx, import.study_id, author).await?;
    // Read again now that nobody else changes it.
    let (mut import, _) = visible_import(&mut tx, user, id).await?;
    match import.status {
        ImportStatus::Done => {}
        ImportStatus::Reverted => return Ok(import),
        ImportStatus::Stopped => {
            let message = t!("trials-nothing-to-revert");
            return Err(AppError::conflict(NOTHING_TO_REVERT, message));
        }
    }
    let mut after = 0;
    loop {
        let readings = store::list_brought(&mut tx, id, after, AT_ONCE).await?;
        let Some(last) = readings.last() else { break };
        after = last.id;
        for reading in &readings {
            let record = vital_record(&reading.number, reading.recorded_at);
            let old = format!(
                "heart_rate {}, systolic {}, diastolic {}",
                reading.heart_rate, reading.systolic, reading.diastolic
            );
            trail.note(&record, "reading", Some(old), None);
        }
        trail.flush(&mut tx).await?;
    }
    store::delete_brought(&mut tx, id).await?;
    store::mark_reverted(&mut tx, id, now).await?;
    let record = format!("import/{id}");
    let (old, new) = (import.status, ImportStatus::Reverted);
    trail.note(
        &record,
        "status",
        Some(old.to_string()),
        Some(new.to_string()),
    );
    trail.write(&mut tx).await?;
    tx.commit().await?;
    import.status = new;
    import.reverted_at = Some(now);
    tracing::info!(
        import.id = id,
        user.id = user.id,
        "An import was taken back"
    );
    Ok(import)
}
