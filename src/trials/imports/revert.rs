//! Taking back what an import brought.
//!
//! A reading that somebody corrected or struck out since is their work as well: it stays as it is, and is named.

use super::report::{Import, ImportStatus, Kept, Reverted};
use super::{fault_store, store};
use crate::accounts::User;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{App, Conn};
use crate::trials::access::{Rights, visible_study};
use crate::trials::audit::{Author, Trail, vital_record};
use crate::trials::vitals::store::{
    Numbered, count_touched, delete_brought, list_brought, list_touched,
};
use crate::trials::vitals::values_text;

/// Error code: nothing of the import is stored that could be taken back.
pub const NOTHING_TO_REVERT: u16 = 3606;

/// The readings read at once.
const AT_ONCE: i64 = 1_000;

/// The most readings that are named.
const MOST_NAMED: i64 = 100;

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

/// Reads what is left of an import that was taken back.
pub async fn read_kept(conn: &mut Conn, import: Import) -> sqlx::Result<Reverted> {
    let count = count_touched(conn, import.id).await?;
    let named = match count {
        0 => Vec::new(),
        _ => list_touched(conn, import.id, MOST_NAMED).await?,
    };
    let named = named.into_iter().map(Numbered::into_parts);
    let named = named.map(|(number, subject, reading)| Kept {
        number,
        subject,
        reading,
    });
    Ok(Reverted {
        count,
        named: named.collect(),
        import,
    })
}

/// Takes back every reading that the import brought and nobody touched since, for a coordinator of its study. Once more
/// changes nothing.
pub async fn revert_import(
    app: &App,
    user: &User,
    id: i64,
    reason: &str,
) -> Result<Reverted, AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let (import, rights) = visible_import(&mut tx, user, id).await?;
    rights.check_coordinates()?;
    let author = Author::with_reason(user, now, reason)?;
    let mut trail = Trail::lock(&mut tx, import.study_id, author).await?;
    // Read again now that nobody else changes it.
    let (mut import, _) = visible_import(&mut tx, user, id).await?;
    match import.status {
        ImportStatus::Done => {}
        ImportStatus::Reverted => return Ok(read_kept(&mut tx, import).await?),
        ImportStatus::Stopped => {
            let message = t!("trials-nothing-to-revert");
            return Err(AppError::conflict(NOTHING_TO_REVERT, message));
        }
    }
    let mut after = 0;
    loop {
        let readings = list_brought(&mut tx, id, after, AT_ONCE).await?;
        if readings.is_empty() {
            break;
        }
        for (number, _, reading) in readings.into_iter().map(Numbered::into_parts) {
            let record = vital_record(&number, reading.recorded_at);
            let old = values_text(|measure| reading.value(measure));
            trail.note(&record, "reading", Some(old), None);
            after = reading.id;
        }
        trail.flush(&mut tx).await?;
    }
    delete_brought(&mut tx, id).await?;
    // The rows that it mended are bad once more.
    fault_store::forget_mended(&mut tx, id).await?;
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
    import.status = new;
    import.reverted_at = Some(now);
    let reverted = read_kept(&mut tx, import).await?;
    tx.commit().await?;
    tracing::info!(
        import.id = id,
        user.id = user.id,
        import.kept = reverted.count,
        "An import was taken back"
    );
    Ok(reverted)
}
