//! The content of a signature: a canonical text of a visit and its readings, and the hash of it.
//!
//! `docs/trials.md` has the recipe, so that any program can recompute the hash. Each line is a JSON array without white
//! space: no name or value can so be taken for another, or for a line of its own.

use crate::trials::visits::Window;
use crate::trials::vitals::{Measure, Reading};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// The visit that is signed.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// The study's code.
    pub study: &'a str,
    /// The subject's number.
    pub subject: &'a str,
    /// The visit's name.
    pub visit: &'a str,
    pub window: Window,
}

/// The content of a signature, hashed while it is read.
pub struct Content(Sha256);

impl Content {
    /// Begins with the visit.
    pub fn of(signed: Signed) -> Self {
        let mut content = Self(Sha256::new());
        let [first, last] = signed.window.dates();
        content.add_line(&(signed.study, signed.subject, signed.visit, first, last));
        content
    }

    /// Adds a reading. They come in the order of the API, the latest first.
    pub fn add(&mut self, reading: &Reading) {
        let value = |measure: Measure| Some(measure.format(reading.value(measure)?));
        let values = Measure::ALL.map(value);
        let mut line = vec![Some(reading.recorded_at.rfc3339())];
        line.extend(values);
        self.add_line(&line);
    }

    fn add_line(&mut self, line: &impl Serialize) {
        let json = serde_json::to_vec(line).expect("texts are always JSON");
        self.0.update(json);
        self.0.update(b"\n");
    }

    /// Returns the SHA-256 of it all, in hexadecimal.
    pub fn hash(self) -> String {
        hex::encode(self.0.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    const SIGNED: Signed = Signed {
        study: "HYP24",
        subject: "HYP24-01-0001",
        visit: "Week \"1\"\n第一周",
        window: Window {
            first: 20_792,
            last: 20_796,
        },
    };

    fn reading(at: &str, values: [Option<i64>; 6]) -> Reading {
        Reading {
            id: 7,
            recorded_at: Timestamp::parse(at).expect("a time"),
            values,
            version: 1,
            struck_out: None,
        }
    }

    fn readings() -> Vec<Reading> {
        let all = [Some(71), Some(121), Some(79), Some(366), Some(98), Some(14)];
        let needed = [Some(72), Some(120), Some(80), None, None, None];
        vec![
            reading("2026-12-08T08:15:00.5Z", all),
            reading("2026-12-07T08:15:00Z", needed),
        ]
    }

    fn hash(signed: Signed, readings: &[Reading]) -> String {
        let mut content = Content::of(signed);
        for reading in readings {
            content.add(reading);
        }
        content.hash()
    }

    #[test]
    fn the_recipe_stays_the_same() {
        // Computed by Python: sha256 of json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for each line.
        let expected = "7ca50256e5bc64692259eb4d464418c2e763c4fd5390c7a4df5380238e51cc23";
        assert_eq!(hash(SIGNED, &readings()), expected);
    }

    #[test]
    fn whatever_is_changed_changes_the_hash() {
        let with = |change: &dyn Fn(&mut Vec<Reading>)| {
            let mut changed = readings();
            change(&mut changed);
            hash(SIGNED, &changed)
        };
        let later = Window {
            first: 20_793,
            last: 20_796,
        };
        let longer = Window {
            first: 20_792,
            last: 20_797,
        };
        let mut hashes = vec![
            hash(SIGNED, &readings()),
            with(&|it| it.truncate(1)),
            with(&|it| it.clear()),
            with(&|it| it[0].values[0] = Some(72)),
            with(&|it| it[1].values[3] = Some(366)),
            with(&|it| it[0].values.swap(0, 5)),
            with(&|it| it[1].recorded_at = it[1].recorded_at.plus_seconds(1)),
        ];
        for signed in [
            Signed {
                study: "HYP25",
                ..SIGNED
            },
            Signed {
                subject: "HYP24-01-0002",
                ..SIGNED
            },
            Signed {
                visit: "Week 1",
                ..SIGNED
            },
            Signed {
                window: later,
                ..SIGNED
            },
            Signed {
                window: longer,
                ..SIGNED
            },
        ] {
            hashes.push(hash(signed, &readings()));
        }
        let all = hashes.len();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), all);
    }

    #[test]
    fn a_correction_that_is_taken_back_leaves_the_hash_as_it_was() {
        let mut corrected = readings();
        corrected[0].id = 8;
        corrected[0].version = 3;
        assert_eq!(hash(SIGNED, &corrected), hash(SIGNED, &readings()));
    }
}
