//! Checking one row of a file of vital signs.

use super::bad_row::{BadRow, MOST_KEPT};
use super::columns::COLUMNS;
use crate::importing::{
    Code, Faults, Output, Record, Wrong, decimal, moment, pressure, whole_between,
};
use crate::trials::vitals::{MEASURES, Measure, Range, Ranges};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A row without a fault.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub number: u64,
    pub line: u64,
    /// The place of the row in the file, in bytes.
    pub place: u64,
    pub subject: i64,
    /// In microseconds since 1970, UTC.
    pub at: i64,
    /// By [`Measure::index`].
    pub values: [Option<i16>; MEASURES],
}

/// The rows of one chunk of the file.
#[derive(Default)]
pub struct Checked {
    pub rows: Vec<Row>,
    pub faults: Faults,
    /// Values that are possible and not expected.
    pub unusual: Faults,
    /// The number of rows with a fault.
    pub bad: u64,
    /// These rows, as far as there is room for them.
    pub kept: Vec<BadRow>,
}

impl Output for Checked {
    fn clear(&mut self) {
        self.rows.clear();
        self.faults.clear();
        self.unusual.clear();
        self.bad = 0;
        self.kept.clear();
    }
}

/// The facts that a row is checked against.
pub struct Checker {
    /// The place of each of [`COLUMNS`] in the file.
    pub places: [Option<usize>; COLUMNS.len()],
    /// The ids of the study's subjects, by number.
    pub subjects: HashMap<String, i64>,
    pub ranges: Ranges,
    pub decimal_comma: bool,
    /// The minutes that a time without a zone is ahead of UTC; none if such a time is a fault.
    pub ahead: Option<i32>,
    /// The time after which no reading can have been, in microseconds since 1970, UTC.
    pub now: i64,
    /// The number of bad rows that were kept.
    pub kept: AtomicUsize,
}

/// The measures of one number each, with their places in [`COLUMNS`].
const NUMBERS: [(Measure, usize); 4] = [
    (Measure::HeartRate, 2),
    (Measure::Temperature, 4),
    (Measure::OxygenSaturation, 5),
    (Measure::RespiratoryRate, 6),
];
const PRESSURE: usize = 3;

impl Checker {
    /// Checks a row: it is one of the good ones, or has a fault for each of its wrong cells.
    pub fn check(&self, record: &Record<'_>, out: &mut Checked) {
        if out.faults.push_damage(record) {
            out.bad += 1;
            if self.has_room() {
                out.kept
                    .push(BadRow::unreadable(record.number, record.raw()));
            }
            return;
        }
        let before = out.faults.len();
        let mut row = Row {
            number: record.number,
            line: record.line,
            place: record.offset(),
            subject: 0,
            at: 0,
            values: [None; MEASURES],
        };
        row.subject = self
            .cell(record, 0, out, |text| self.subject(text))
            .unwrap_or_default();
        row.at = self
            .cell(record, 1, out, |text| self.time(text))
            .unwrap_or_default();
        for (measure, column) in NUMBERS {
            let needed = COLUMNS[column].required;
            let read = |text: &str| self.number(measure, text, needed);
            row.values[measure.index()] = self.cell(record, column, out, read).flatten();
        }
        if let Some((systolic, diastolic)) = self.cell(record, PRESSURE, out, read_pressure) {
            row.values[Measure::Systolic.index()] = Some(systolic);
            row.values[Measure::Diastolic.index()] = Some(diastolic);
        }
        if out.faults.len() > before {
            out.bad += 1;
            if self.has_room() {
                let cell =
                    |column: usize| self.places[column].map_or("", |place| record.text(place));
                out.kept.push(BadRow::of_cells(record.number, cell));
            }
            return;
        }
        self.note_unusual(record, &row, out);
        out.rows.push(row);
    }

    /// Returns true as often as there is room for a bad row.
    fn has_room(&self) -> bool {
        self.kept.load(Ordering::Relaxed) < MOST_KEPT
            && self.kept.fetch_add(1, Ordering::Relaxed) < MOST_KEPT
    }

    /// Reads a cell, or notes why it cannot be read. A column that the file does not have is empty.
    #[inline]
    fn cell<T>(
        &self,
        record: &Record<'_>,
        column: usize,
        out: &mut Checked,
        read: impl FnOnce(&str) -> Result<T, Wrong>,
    ) -> Option<T> {
        let place = self.places[column];
        let text = place.map_or("", |place| record.text(place));
        match read(text) {
            Ok(value) => Some(value),
            Err(wrong) => {
                out.faults.push(record, place.unwrap_or_default(), &wrong);
                None
            }
        }
    }

    fn subject(&self, text: &str) -> Result<i64, Wrong> {
        match self.subjects.get(text) {
            Some(id) => Ok(*id),
            None if text.is_empty() => Err(Wrong::new(Code::Empty)),
            None => Err(Wrong::new(Code::Unknown)),
        }
    }

    fn time(&self, text: &str) -> Result<i64, Wrong> {
        let time = moment(text, self.ahead.unwrap_or_default())?;
        if time.local && self.ahead.is_none() {
            return Err(Wrong::new(Code::Zone));
        }
        match time.micros <= self.now {
            true => Ok(time.micros),
            false => Err(Wrong::new(Code::Future)),
        }
    }

    fn number(&self, measure: Measure, text: &str, needed: bool) -> Result<Option<i16>, Wrong> {
        if text.is_empty() {
            return match needed {
                true => Err(Wrong::new(Code::Empty)),
                false => Ok(None),
            };
        }
        let Range { low, high } = measure.possible();
        let value = match measure {
            Measure::Temperature => {
                let tenths = tenths(text, self.decimal_comma)?;
                in_range(tenths, low, high)?
            }
            _ => whole_between(text, low, high)?,
        };
        Ok(Some(value as i16))
    }

    /// Notes the values of a good row that are outside the ranges in which the study expects them.
    fn note_unusual(&self, record: &Record<'_>, row: &Row, out: &mut Checked) {
        for measure in Measure::ALL {
            let Some(value) = row.values[measure.index()].map(i64::from) else {
                continue;
            };
            if !self.ranges.is_unusual(measure, value) {
                continue;
            }
            let column = match measure {
                Measure::Systolic | Measure::Diastolic => PRESSURE,
                measure => NUMBERS
                    .iter()
                    .find(|(of, _)| *of == measure)
                    .map_or(PRESSURE, |(_, column)| *column),
            };
            let Range { low, high } = self.ranges.of(measure);
            let unusual = Wrong {
                numbers: [low, high],
                ..Wrong::new(Code::Unusual)
            };
            let place = self.places[column].unwrap_or_default();
            out.unusual.push(record, place, &unusual);
        }
    }
}

fn in_range(value: i64, low: i64, high: i64) -> Result<i64, Wrong> {
    match (low..=high).contains(&value) {
        true => Ok(value),
        false => Err(Wrong {
            numbers: [low, high],
            ..Wrong::new(Code::Range)
        }),
    }
}

/// Reads a number of at most one decimal that counts, in tenths.
fn tenths(text: &str, comma: bool) -> Result<i64, Wrong> {
    let number = decimal(text, comma)?;
    let mut digits = number.digits;
    for _ in number.places..1 {
        digits = digits.saturating_mul(10);
    }
    for _ in 1..number.places {
        if digits % 10 != 0 {
            return Err(Wrong::new(Code::Precision));
        }
        digits /= 10;
    }
    Ok(digits)
}

fn read_pressure(text: &str) -> Result<(i16, i16), Wrong> {
    if text.is_empty() {
        return Err(Wrong::new(Code::Empty));
    }
    let read = pressure(text)?;
    let (systolic, diastolic) = (read.systolic.into(), read.diastolic.into());
    for (value, measure) in [
        (systolic, Measure::Systolic),
        (diastolic, Measure::Diastolic),
    ] {
        let Range { low, high } = measure.possible();
        in_range(value, low, high)?;
    }
    Ok((systolic as i16, diastolic as i16))
}
