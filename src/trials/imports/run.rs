//! Running an import: reading and checking on threads of their own, writing in one transaction.

use super::file::{
    BadRow, COLUMNS, Cells, Checked, Checker, FileFault, Given, MOST_KEPT, Open, Origin, Row,
    describe_columns, file_faults, look,
};
use super::report::{Import, ImportStatus, Report};
use super::{fault_store, store};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::t;
use crate::importing::{Chunk, Code, Mapping, Options, Record, read};
use crate::server::{App, Conn, Tx};
use crate::text::Line;
use crate::trials::Study;
use crate::trials::audit::{Author, Trail, vital_record};
use crate::trials::vitals::{Measure, read_ranges, values_text};
use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::atomic::AtomicUsize;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Error code: the same file was imported before.
pub const SAME_FILE: u16 = 3604;

/// Error code: some of the rows were mended in the meantime.
pub const MENDED_MEANWHILE: u16 = 3607;

/// The most faults that are kept of one file.
pub const MOST_FAULTS: usize = 10_000;

/// The most characters of a file's name.
const LONGEST_NAME: usize = 120;

/// The chunks that may wait for the database.
const WAITING: usize = 4;

/// The rows in one statement.
const AT_ONCE: usize = 2_000;

/// A file to be imported.
pub struct Wanted {
    pub file_name: String,
    pub origin: Origin,
    pub given: Given,
    pub dry_run: bool,
    /// True if nothing is to be stored of a file with a bad row.
    pub stop_on_error: bool,
    /// True if it may have been imported before.
    pub again: bool,
    /// The import and the numbers of its rows that this one mends.
    pub mends: Option<(i64, Vec<i64>)>,
}

/// An open file, and its import as far as it is known.
struct Opened {
    open: Open,
    mapping: Mapping,
    columns: Vec<String>,
    import: Import,
}

/// The faults of a file and its bad rows, as far as they are kept.
#[derive(Default)]
struct Found {
    faults: Vec<FileFault>,
    rows: Vec<BadRow>,
}

impl Found {
    async fn store(&self, conn: &mut Conn, import: i64) -> sqlx::Result<()> {
        fault_store::insert_faults(conn, import, &self.faults).await?;
        fault_store::insert_bad_rows(conn, import, &self.rows).await
    }
}

/// A chunk of checked rows on its way to the database.
struct Batch {
    checked: Checked,
    records: u64,
}

/// Imports a file into the study. The caller has checked that `user` may.
pub async fn run_import(
    app: &App,
    user: Option<i64>,
    study: &Study,
    wanted: Wanted,
) -> Result<Report, AppError> {
    let now = app.clock.now();
    let Wanted {
        file_name,
        origin,
        given,
        dry_run,
        stop_on_error,
        again,
        mends,
    } = wanted;
    let study_id = study.id;
    let (hash, bytes, open) = look(origin, given).await?;
    let mapping = open.mapping();
    let mut opened = Opened {
        columns: open.columns(),
        import: Import {
            id: 0,
            study_id,
            file_name: Line::cut(&file_name, LONGEST_NAME).into(),
            bytes,
            hash,
            format: open.describe(),
            columns: String::new(),
            status: ImportStatus::Done,
            records: 0,
            good: 0,
            bad: 0,
            unusual: 0,
            created_by: user,
            created_at: now,
            reverted_at: None,
            ahead: given.ahead.map(i64::from),
        },
        open,
        mapping,
    };
    opened.import.columns = describe_columns(&opened.columns, &opened.mapping);
    let faults = file_faults(&opened.columns, &opened.mapping);
    if !faults.is_empty() {
        opened.import.status = ImportStatus::Stopped;
        return Ok(Report {
            import: opened.import,
            faults,
            dry_run,
        });
    }

    let mut tx = app.db.write().await?;
    let author = Author::new(user, now);
    let mut trail = Trail::lock(&mut tx, study_id, author.clone()).await?;
    // Now that nobody else imports into the study: the same file may come twice at the same moment.
    if !again
        && let Some(before) = store::find_same_file(&mut tx, study_id, &opened.import.hash).await?
    {
        let message = t!("trials-same-file", number = before.id);
        return Err(AppError::conflict(SAME_FILE, message));
    }
    if let Some((mended, rows)) = &mends
        && let Some(by) = fault_store::find_mender(&mut tx, *mended, rows).await?
    {
        let message = t!("trials-mended-meanwhile", number = by);
        return Err(AppError::conflict(MENDED_MEANWHILE, message));
    }
    opened.import.id = store::insert_import(&mut tx, &opened.import).await?;
    trail.set_reason(t!("trials-import-reason", number = opened.import.id));
    let (mut import, found) = take_rows(app, &mut tx, &mut trail, opened, given).await?;
    let stopped = stop_on_error && import.bad > 0;
    if dry_run || stopped {
        // A transaction that is dropped never was.
        drop(tx);
        import.id = 0;
    } else {
        store::update_counts(&mut tx, &import).await?;
        found.store(&mut tx, import.id).await?;
        note_import(&mut trail, &import);
        if let Some((mended, rows)) = &mends {
            fault_store::mark_mended(&mut tx, *mended, rows, import.id).await?;
            trail.note_new(&format!("import/{}", import.id), "mends", mended);
        }
        trail.write(&mut tx).await?;
        tx.commit().await?;
    }
    if stopped {
        import.status = ImportStatus::Stopped;
    }
    if stopped && !dry_run {
        keep_stopped(app, author, &mut import, &found).await?;
    }
    tracing::info!(
        study.id = study_id,
        import.id,
        import.records,
        import.good,
        import.bad,
        "A file was imported"
    );
    Ok(Report {
        import,
        faults: found.faults,
        dry_run,
    })
}

/// Keeps what was found in a file of which nothing is stored.
async fn keep_stopped(
    app: &App,
    author: Author,
    import: &mut Import,
    found: &Found,
) -> Result<(), AppError> {
    let mut tx: Tx = app.db.write().await?;
    let mut trail = Trail::lock(&mut tx, import.study_id, author).await?;
    import.id = store::insert_import(&mut tx, import).await?;
    found.store(&mut tx, import.id).await?;
    note_import(&mut trail, import);
    trail.write(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

fn note_import(trail: &mut Trail, import: &Import) {
    let record = format!("import/{}", import.id);
    trail.note_new(&record, "file", &import.file_name);
    trail.note_new(&record, "hash", &import.hash);
    trail.note_new(&record, "status", import.status);
    trail.note_new(&record, "good", import.good);
    trail.note_new(&record, "bad", import.bad);
}

/// Reads all rows and writes the good ones. Returns the import with its numbers, and the first faults.
async fn take_rows(
    app: &App,
    conn: &mut Conn,
    trail: &mut Trail,
    opened: Opened,
    given: Given,
) -> Result<(Import, Found), AppError> {
    let Opened {
        open,
        mapping,
        columns,
        mut import,
    } = opened;
    let mut places = [None; COLUMNS.len()];
    for (place, found) in places.iter_mut().zip(&mapping.places) {
        *place = found.map(usize::from);
    }
    let subjects = store::list_subject_ids(conn, import.study_id).await?;
    let mut numbers = HashMap::with_capacity(subjects.len());
    numbers.extend(subjects.iter().map(|(number, id)| (*id, number.clone())));
    let checker = Checker {
        places,
        subjects,
        ranges: read_ranges(conn, import.study_id).await?,
        decimal_comma: open.decimal_comma(),
        ahead: given.ahead,
        now: app.clock.now().micros(),
        kept: AtomicUsize::new(0),
    };
    let tenths = places[4];
    let (mut batches, reading) = start_reading(open, checker);
    let mut found = Found::default();
    while let Some(batch) = batches.recv().await {
        let Batch { checked, records } = batch;
        import.records += records as i64;
        import.bad += checked.bad as i64;
        import.unusual += checked.unusual.len() as i64;
        let begin = found.faults.len();
        let told = checked.faults.iter().chain(checked.unusual.iter());
        let told = told.take(MOST_FAULTS.saturating_sub(begin));
        let told = told.map(|fault| FileFault::new(&fault, &columns, tenths));
        found.faults.extend(told);
        found.rows.extend(checked.kept);
        for rows in checked.rows.chunks(AT_ONCE) {
            let doubles = write_rows(conn, trail, &import, rows, &numbers).await?;
            import.bad += doubles.len() as i64;
            import.good += (rows.len() - doubles.len()) as i64;
            for (fault, row) in doubles {
                if found.faults.len() < MOST_FAULTS {
                    found.faults.push(fault);
                }
                if found.rows.len() < MOST_KEPT {
                    found.rows.push(row);
                }
            }
        }
        found.faults[begin..].sort_by_key(|fault| fault.row_no);
    }
    reading.await.map_err(|_| AppError::internal())??;
    found.rows.truncate(MOST_KEPT);
    Ok((import, found))
}

/// Starts to read and check on threads of their own. They end when the receiver is gone.
fn start_reading(
    open: Open,
    checker: Checker,
) -> (mpsc::Receiver<Batch>, JoinHandle<Result<(), AppError>>) {
    let (send, batches) = mpsc::channel(WAITING);
    let reading = tokio::task::spawn_blocking(move || {
        let threads = Options::default().threads;
        let check = |record: &Record<'_>, out: &mut Checked| checker.check(record, out);
        let hand_on = |chunk: Chunk<'_, Checked>| {
            let batch = Batch {
                records: chunk.tally.records,
                checked: std::mem::take(chunk.output),
            };
            match send.blocking_send(batch) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            }
        };
        let read = match open {
            Open::Delimited(file) => read(*file, threads, check, hand_on),
            Open::Json(file) => read(*file, threads, check, hand_on),
            Open::Table(table) => read(*table, threads, check, hand_on),
        };
        read.map(drop).map_err(|error| {
            AppError::unreadable(t!("trials-file-unreadable", cause = error.to_string()))
        })
    });
    (batches, reading)
}

/// Writes these rows and what the audit trail says of them. Returns those whose subject has a reading at that time
/// already, each with its fault.
async fn write_rows(
    conn: &mut Conn,
    trail: &mut Trail,
    import: &Import,
    rows: &[Row],
    numbers: &HashMap<i64, String>,
) -> Result<Vec<(FileFault, BadRow)>, AppError> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Ok(Vec::new());
    };
    store::insert_rows(conn, import, rows).await?;
    let (first, last) = (first.number as i64, last.number as i64);
    let written = store::list_rows(conn, import.id, first, last).await?;
    let written: HashSet<i64> = written.into_iter().collect();
    let number = |row: &Row| numbers.get(&row.subject).map_or("", String::as_str);
    let (stored, doubles): (Vec<&Row>, Vec<&Row>) = rows
        .iter()
        .partition(|row| written.contains(&(row.number as i64)));
    for row in stored {
        let record = vital_record(number(row), Timestamp(row.at));
        let value = |measure: Measure| row.values[measure.index()].map(i64::from);
        trail.note_new(&record, "reading", values_text(value));
    }
    trail.flush(conn).await?;
    if doubles.is_empty() {
        return Ok(Vec::new());
    }
    let origins = store::find_origins(conn, &doubles).await?;
    let double = |row: &Row| {
        let at = row.number as i64;
        let (code, before) = match origins.get(&at) {
            Some((Some(from), Some(before))) if *from == import.id => (Code::Duplicate, *before),
            _ => (Code::Known, 0),
        };
        let cells = row_cells(row, number(row));
        let fault = FileFault {
            row_no: at,
            line_no: row.line as i64,
            column_name: String::new(),
            place: row.place as i64,
            code: code.to_string(),
            low: before.to_string(),
            high: String::new(),
            found: format!("{} {}", cells[0], cells[1]),
            suggestion: None,
        };
        (fault, BadRow::of_cells(row.number, |column| &cells[column]))
    };
    Ok(doubles.into_iter().map(double).collect())
}

/// The cells of a row without a fault, as they would be written.
fn row_cells(row: &Row, number: &str) -> Cells {
    let text = |measure: Measure| {
        let value = row.values[measure.index()];
        value.map_or_else(String::new, |value| measure.format(value.into()))
    };
    let pressure = format!("{}/{}", text(Measure::Systolic), text(Measure::Diastolic));
    [
        number.to_owned(),
        Timestamp(row.at).rfc3339(),
        text(Measure::HeartRate),
        pressure,
        text(Measure::Temperature),
        text(Measure::OxygenSaturation),
        text(Measure::RespiratoryRate),
    ]
}
