//! Reading and checking a file of vital signs, and nothing else: `bin/bench imports` times it.
//!
//! `imports FILE THREADS` prints the rows, those that are bad, and the milliseconds of the quickest of five readings.

use guildhall::importing::{
    Delimited, Faults, Options, Output, Overrides, Record, moment, pressure, read, whole_between,
};
use std::env::args;
use std::error::Error;
use std::fs::File;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

/// A reading as it would be stored.
struct Row {
    subject: u32,
    at: i64,
    heart_rate: i64,
    pressure: [u16; 2],
}

/// The good rows of a chunk, and what is wrong with the others.
#[derive(Default)]
struct Checked {
    rows: Vec<Row>,
    bad: u64,
    faults: Faults,
}

impl Output for Checked {
    fn clear(&mut self) {
        self.rows.clear();
        self.bad = 0;
        self.faults.clear();
    }
}

/// Returns the ordinal in a subject's number, as a look among those that are there would.
fn subject(number: &str) -> Option<u32> {
    number.rsplit('-').next()?.parse().ok()
}

fn check(record: &Record<'_>, out: &mut Checked) {
    if out.faults.push_damage(record) {
        out.bad += 1;
        return;
    }
    let before = out.faults.len();
    let subject = subject(record.text(0));
    let at = moment(record.text(1), 0).map_err(|wrong| out.faults.push(record, 1, &wrong));
    let rate = whole_between(record.text(2), 20, 300);
    let rate = rate.map_err(|wrong| out.faults.push(record, 2, &wrong));
    let pressure = pressure(record.text(3)).map_err(|wrong| out.faults.push(record, 3, &wrong));
    match (subject, at, rate, pressure) {
        (Some(subject), Ok(at), Ok(heart_rate), Ok(pressure)) if out.faults.len() == before => {
            out.rows.push(Row {
                subject,
                at: at.micros,
                heart_rate,
                pressure: [pressure.systolic, pressure.diastolic],
            });
        }
        _ => out.bad += 1,
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let file = args().nth(1).ok_or("usage: imports FILE THREADS")?;
    let threads = args()
        .nth(2)
        .ok_or("usage: imports FILE THREADS")?
        .parse()?;
    let (mut rows, mut bad, mut best) = (0, 0, Duration::MAX);
    // Added up, so that no value is worked out for nobody.
    let mut sum = 0_i64;
    for _ in 0..5 {
        (rows, bad) = (0, 0);
        let began = Instant::now();
        let source = Delimited::detect(
            File::open(&file)?,
            &Overrides::default(),
            &Options::default(),
        )?;
        read(source, threads, check, |chunk| {
            rows += chunk.tally.records;
            bad += chunk.output.bad;
            for row in &chunk.output.rows {
                let [systolic, diastolic] = row.pressure.map(i64::from);
                let values = i64::from(row.subject) + row.heart_rate + systolic - diastolic;
                sum = sum.wrapping_add(row.at).wrapping_add(values);
            }
            ControlFlow::Continue(())
        })?;
        best = best.min(began.elapsed());
    }
    println!("{rows} {bad} {} {sum}", best.as_secs_f64() * 1_000.0);
    Ok(())
}
