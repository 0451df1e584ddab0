//! The vital signs of a study or of one subject that count, by the columns that an import asks for: an export can be imported.

use super::list::{List, text_of};
use crate::clock::Timestamp;
use crate::server::Conn;
use crate::trials::Subject;
use crate::trials::imports::COLUMNS;
use crate::trials::vitals::store::{ReadingFilter, list_readings, list_study_readings};
use crate::trials::vitals::{Measure, Ranges, Reading, ReadingBody};
use serde::Serialize;

pub struct VitalSigns {
    pub of: Of,
    pub ranges: Ranges,
}

/// The readings that are meant, and the place in them where the list continues.
pub enum Of {
    /// Of a study, the one stored last first.
    Study { id: i64, before: i64 },
    /// Of a subject, the latest first.
    Subject {
        subject: Subject,
        before: Option<(Timestamp, i64)>,
    },
}

/// A reading with its subject's number.
type Row = (String, Reading);

/// A reading as programs read it.
#[derive(Serialize)]
struct NumberedBody {
    patient_id: String,
    #[serde(flatten)]
    reading: ReadingBody,
}

impl List for VitalSigns {
    type Row = Row;

    async fn read(&mut self, conn: &mut Conn, limit: i64) -> sqlx::Result<Vec<Row>> {
        match &mut self.of {
            Of::Study { id, before } => {
                let rows = list_study_readings(conn, *id, *before, limit).await?;
                let rows = rows.into_iter().map(|row| {
                    let (number, _, reading) = row.into_parts();
                    (number, reading)
                });
                let rows: Vec<Row> = rows.collect();
                if let Some((_, last)) = rows.last() {
                    *before = last.id;
                }
                Ok(rows)
            }
            Of::Subject { subject, before } => {
                let filter = ReadingFilter {
                    before: *before,
                    ..ReadingFilter::of(subject.id)
                };
                let readings = list_readings(conn, filter, limit).await?;
                if let Some(last) = readings.last() {
                    *before = Some((last.recorded_at, last.id));
                }
                let number = |reading| (subject.number.clone(), reading);
                Ok(readings.into_iter().map(number).collect())
            }
        }
    }

    fn columns(&self) -> Vec<&'static str> {
        let mut names: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
        names.push("unusual");
        names
    }

    fn values(&self, (number, reading): &Row) -> Vec<String> {
        let value = |measure: Measure| {
            let value = reading.value(measure);
            text_of(value.map(|value| measure.format(value)))
        };
        let unusual: Vec<&str> = self.ranges.unusual(reading).map(Measure::as_str).collect();
        vec![
            number.clone(),
            reading.recorded_at.rfc3339(),
            value(Measure::HeartRate),
            reading.pressure(),
            value(Measure::Temperature),
            value(Measure::OxygenSaturation),
            value(Measure::RespiratoryRate),
            unusual.join(" "),
        ]
    }

    fn body(&self, (number, reading): &Row) -> impl Serialize {
        NumberedBody {
            patient_id: number.clone(),
            reading: ReadingBody::new(reading, &self.ranges),
        }
    }
}
