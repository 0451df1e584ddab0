//! The clinical data: each subject with its demographics and its readings, and the entries of the audit trail beside them.

use super::metadata::FIELDS;
use super::plan::{Plan, RECORD_TIME, YEAR, field_oid, measure_oid, unit_oid, user_oid};
use super::xml::Xml;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::server::{App, Conn};
use crate::trials::audit::store::list_ends;
use crate::trials::audit::{Entry, subject_record, vital_record};
use crate::trials::subject::store::{SubjectKey, list_subject_keys};
use crate::trials::vitals::store::{ReadingFilter, list_readings};
use crate::trials::vitals::{Measure, Reading};
use std::collections::{HashMap, VecDeque};

/// The number of subjects, and of readings, read at once.
const AT_ONCE: i64 = 250;

/// The place up to which the clinical data are written.
#[derive(Default)]
pub struct Place {
    /// The subjects that were read and are yet to be written.
    waiting: VecDeque<(SubjectKey, Entries)>,
    /// The id of the subject that was read last.
    after: i64,
    /// The subject whose readings are being written.
    open: Option<Open>,
}

struct Open {
    subject: SubjectKey,
    /// The time and the id before which its readings continue.
    before: Option<(Timestamp, i64)>,
}

/// The entries of the audit trail about one record.
#[derive(Default)]
struct Entries {
    first: Option<Entry>,
    /// The last one of each field.
    last: HashMap<String, Entry>,
}

impl Entries {
    /// Returns the entry that set the field, if it has a value.
    fn of(&self, field: &str) -> Option<&Entry> {
        self.last.get(field).filter(|entry| entry.new.is_some())
    }
}

/// Writes the next page: subjects and readings, some hundreds of them. Returns false if that was the last.
pub async fn write_page(
    app: &App,
    plan: &Plan,
    place: &mut Place,
    xml: &mut Xml,
) -> Result<bool, AppError> {
    let mut conn = app.db.snapshot().await?;
    let mut left = AT_ONCE;
    while left > 0 {
        if let Some(mut open) = place.open.take() {
            left -= write_readings(&mut conn, plan, &mut open, xml).await?;
            match open.before {
                Some(_) => place.open = Some(open),
                None => xml.end("SubjectData"),
            }
            continue;
        }
        if place.waiting.is_empty() {
            read_subjects(&mut conn, plan, place).await?;
        }
        let Some((subject, entries)) = place.waiting.pop_front() else {
            return Ok(false);
        };
        begin_subject(xml, plan, &subject, &entries);
        left -= 1;
        place.open = Some(Open {
            subject,
            before: None,
        });
    }
    Ok(true)
}

async fn read_subjects(conn: &mut Conn, plan: &Plan, place: &mut Place) -> sqlx::Result<()> {
    let (study, ids) = (plan.study.id, (place.after, plan.last_subject));
    let subjects = list_subject_keys(conn, study, ids, AT_ONCE).await?;
    let records = subjects.iter().map(|it| subject_record(&it.number));
    let mut entries = read_entries(conn, plan, records.collect()).await?;
    for subject in subjects {
        place.after = subject.id;
        let entries = entries.remove(&subject_record(&subject.number));
        let entries = entries.unwrap_or_default();
        place.waiting.push_back((subject, entries));
    }
    Ok(())
}

async fn read_entries(
    conn: &mut Conn,
    plan: &Plan,
    records: Vec<String>,
) -> sqlx::Result<HashMap<String, Entries>> {
    let entries = list_ends(conn, plan.study.id, &records, plan.end.0).await?;
    let mut by_record: HashMap<String, Entries> = HashMap::new();
    for entry in entries {
        let of_record = by_record.entry(entry.record.clone()).or_default();
        of_record.first.get_or_insert_with(|| entry.clone());
        of_record.last.insert(entry.field.clone(), entry);
    }
    Ok(by_record)
}

fn begin_subject(xml: &mut Xml, plan: &Plan, subject: &SubjectKey, entries: &Entries) {
    let location = plan.location_oid(subject.site_id);
    xml.begin("SubjectData", &[("SubjectKey", &subject.number)]);
    if let Some(entry) = &entries.first {
        write_audit(xml, entry, &location);
    }
    xml.empty("SiteRef", &[("LocationOID", &location)]);
    xml.begin("StudyEventData", &[("StudyEventOID", "SE.DM")]);
    xml.begin("FormData", &[("FormOID", "FO.DM")]);
    xml.begin("ItemGroupData", &[("ItemGroupOID", "IG.DM")]);
    for field in FIELDS {
        let entry = entries.of(field);
        let Some((entry, value)) = entry.and_then(|entry| Some((entry, entry.new.as_ref()?)))
        else {
            continue;
        };
        let unit = (field == "age").then_some(YEAR);
        write_item(
            xml,
            &field_oid(field),
            value,
            Some((entry, &location)),
            unit,
        );
    }
    for element in ["ItemGroupData", "FormData", "StudyEventData"] {
        xml.end(element);
    }
}

/// Writes the next readings of a subject, the latest first, and returns their number.
async fn write_readings(
    conn: &mut Conn,
    plan: &Plan,
    open: &mut Open,
    xml: &mut Xml,
) -> sqlx::Result<i64> {
    let filter = ReadingFilter {
        before: open.before,
        ..ReadingFilter::of(open.subject.id)
    };
    let mut readings = list_readings(conn, filter, AT_ONCE).await?;
    let more = readings.len() as i64 == AT_ONCE;
    let last = readings.last().filter(|_| more);
    open.before = last.map(|reading| (reading.recorded_at, reading.id));
    // Those that were stored meanwhile are in the next export.
    readings.retain(|reading| reading.id <= plan.last_reading);
    let number = &open.subject.number;
    let record = |reading: &Reading| vital_record(number, reading.recorded_at);
    let records = readings.iter().map(record).collect();
    let entries = read_entries(conn, plan, records).await?;
    let location = plan.location_oid(open.subject.site_id);
    let none = Entries::default();
    for reading in &readings {
        let entries = entries.get(&record(reading)).unwrap_or(&none);
        write_reading(xml, reading, entries, &location);
    }
    Ok(readings.len() as i64)
}

/// Writes a reading as an event of its own, which is named by its time. One that was imported is one entry of the audit
/// trail, one that was recorded by hand has an entry for each value.
fn write_reading(xml: &mut Xml, reading: &Reading, entries: &Entries, location: &str) {
    let at = reading.recorded_at.rfc3339();
    let event = [("StudyEventOID", "SE.VS"), ("StudyEventRepeatKey", &*at)];
    xml.begin("StudyEventData", &event);
    xml.begin("FormData", &[("FormOID", "FO.VS")]);
    xml.begin("ItemGroupData", &[("ItemGroupOID", "IG.VS")]);
    if let Some(entry) = entries.of("reading") {
        write_audit(xml, entry, location);
    }
    write_item(xml, RECORD_TIME, &at, None, None);
    for measure in Measure::ALL {
        if let Some(value) = reading.value(measure) {
            let entry = entries.of(measure.as_str()).map(|entry| (entry, location));
            let (oid, value) = (measure_oid(measure), measure.format(value));
            write_item(xml, &oid, &value, entry, Some(unit_oid(measure)));
        }
    }
    for element in ["ItemGroupData", "FormData", "StudyEventData"] {
        xml.end(element);
    }
}

fn write_item(
    xml: &mut Xml,
    oid: &str,
    value: &str,
    entry: Option<(&Entry, &str)>,
    unit: Option<&str>,
) {
    let attributes = [("ItemOID", oid), ("Value", value)];
    if entry.is_none() && unit.is_none() {
        xml.empty("ItemData", &attributes);
        return;
    }
    xml.begin("ItemData", &attributes);
    if let Some((entry, location)) = entry {
        write_audit(xml, entry, location);
    }
    if let Some(unit) = unit {
        xml.empty("MeasurementUnitRef", &[("MeasurementUnitOID", unit)]);
    }
    xml.end("ItemData");
}

/// Writes an entry of the audit trail: its `SourceID` is the entry's number.
fn write_audit(xml: &mut Xml, entry: &Entry, location: &str) {
    xml.begin("AuditRecord", &[]);
    xml.empty("UserRef", &[("UserOID", &user_oid(entry.user_id))]);
    xml.empty("LocationRef", &[("LocationOID", location)]);
    xml.text("DateTimeStamp", &[], &entry.at.rfc3339());
    if !entry.reason.is_empty() {
        xml.text("ReasonForChange", &[], &entry.reason);
    }
    xml.text("SourceID", &[], &entry.seq.to_string());
    xml.end("AuditRecord");
}
