//! Recording a reading.

use super::measure::Measure;
use super::ranges::{Ranges, read_ranges};
use super::reading::{NewReading, Reading};
use super::store;
use crate::accounts::User;
use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::server::App;
use crate::trials::Subject;
use crate::trials::audit::{Author, Trail, vital_record};
use crate::trials::subject::visible_subject;

/// Error code: the subject has a reading at this time already, with other values.
pub const READING_THERE: u16 = 3603;

/// Records a reading of a subject, for a coordinator of its study. The same once more changes nothing.
pub async fn record_reading(
    app: &App,
    user: &User,
    subject: i64,
    input: &NewReading,
) -> Result<(Subject, Reading, Ranges), AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let (subject, rights) = visible_subject(&mut tx, user, subject).await?;
    rights.check_coordinates()?;
    let mut faults = Faults::default();
    let mut reading = input.check(&mut faults, now);
    faults.finish()?;
    let author = Author::new(Some(user.id), now);
    let mut trail = Trail::lock(&mut tx, subject.study_id, author).await?;
    let ranges = read_ranges(&mut tx, subject.study_id).await?;
    if let Some(known) = store::find_reading_at(&mut tx, subject.id, reading.recorded_at).await? {
        (reading.id, reading.version) = (known.id, known.version);
        return match known.values == reading.values {
            true => Ok((subject, reading, ranges)),
            false => Err(AppError::conflict(
                READING_THERE,
                t!("trials-reading-there"),
            )),
        };
    }
    let place = (subject.study_id, subject.id);
    reading.id = store::insert_reading(&mut tx, place, &reading, Some(user.id), now).await?;
    let record = vital_record(&subject.number, reading.recorded_at);
    for measure in Measure::ALL {
        if let Some(value) = reading.value(measure) {
            trail.note_new(&record, measure.as_str(), measure.format(value));
        }
    }
    trail.write(&mut tx).await?;
    tx.commit().await?;
    tracing::info!(
        subject.number,
        user.id = user.id,
        "Vital signs were recorded"
    );
    Ok((subject, reading, ranges))
}
