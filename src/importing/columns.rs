//! The way from a file's columns to those that are asked for.

use super::code::Code;
use crate::text::caseless;

/// A column that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Column<'a> {
    pub name: &'a str,
    /// Other names it is known by, in any language.
    pub synonyms: &'a [&'a str],
    pub required: bool,
}

/// A fault of the file as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnFault {
    /// [`Code::MissingColumn`] or [`Code::RepeatedColumn`].
    pub code: Code,
    /// The name that was asked for.
    pub column: String,
    /// The columns of the file that claim it; of a missing one, those with a name that is nearly right.
    pub found: Vec<u16>,
}

/// The places of the columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// For each column that is asked for, its index in the file.
    pub places: Vec<Option<u16>>,
    /// The file's other columns, which are kept and not looked at.
    pub ignored: Vec<u16>,
    pub faults: Vec<ColumnFault>,
}

/// Finds the columns of a schema by their names, or by their order in a file without a header.
///
/// Case, width, spaces, underscores and hyphens make no difference. The first column with a name wins; that
/// there is another is a fault all the same, since either may be the right one.
pub fn map_columns(header: &[String], width: usize, schema: &[Column<'_>]) -> Mapping {
    let folded: Vec<String> = header.iter().map(|name| fold(name)).collect();
    let mut taken = vec![false; width.max(header.len())];
    let mut mapping = Mapping::default();
    for (position, column) in schema.iter().enumerate() {
        let names = |name: &str| {
            let known = fold(column.name) == name;
            known || column.synonyms.iter().any(|it| fold(it) == name)
        };
        let found: Vec<usize> = match header.is_empty() {
            true => (position..width).take(1).collect(),
            false => (0..header.len()).filter(|at| names(&folded[*at])).collect(),
        };
        for at in &found {
            taken[*at] = true;
        }
        mapping.places.push(found.first().map(|at| *at as u16));
        if found.len() > 1 {
            mapping.faults.push(ColumnFault {
                code: Code::RepeatedColumn,
                column: column.name.to_owned(),
                found: found.iter().map(|at| *at as u16).collect(),
            });
        }
    }
    let others = (0..taken.len()).filter(|at| !taken[*at]);
    mapping.ignored = others.map(|at| at as u16).collect();
    for (column, place) in schema.iter().zip(&mapping.places) {
        if column.required && place.is_none() {
            let near = |at: &&u16| {
                let name = folded.get(usize::from(**at));
                name.is_some_and(|name| is_near(&fold(column.name), name))
            };
            mapping.faults.push(ColumnFault {
                code: Code::MissingColumn,
                column: column.name.to_owned(),
                found: mapping.ignored.iter().filter(near).copied().collect(),
            });
        }
    }
    mapping
}

/// Folds a name for comparison.
fn fold(name: &str) -> String {
    let counts = |letter: &char| {
        let unseen = matches!(letter, '_' | '-' | '\u{FEFF}' | '\u{200B}' | '\u{AD}');
        !(unseen || letter.is_whitespace() || letter.is_control())
    };
    caseless(name).chars().filter(counts).collect()
}

/// Returns true if a name becomes the other by no more than two slips, and by one in four letters at most.
fn is_near(name: &str, other: &str) -> bool {
    let (name, other): (Vec<char>, Vec<char>) = (name.chars().collect(), other.chars().collect());
    let mut slips: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in name.iter().enumerate() {
        let mut before = at;
        slips[0] = at + 1;
        for (index, found) in other.iter().enumerate() {
            let same = before + usize::from(letter != found);
            before = slips[index + 1];
            slips[index + 1] = same.min(before + 1).min(slips[index] + 1);
        }
    }
    let slips = slips.last().copied().unwrap_or_default();
    slips <= 2 && slips * 4 <= name.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: [Column<'static>; 3] = [
        Column {
            name: "patient_id",
            synonyms: &["patient", "病人编号"],
            required: true,
        },
        Column {
            name: "heart_rate",
            synonyms: &["hr", "pulse", "心率"],
            required: true,
        },
        Column {
            name: "note",
            synonyms: &[],
            required: false,
        },
    ];

    fn map(header: &[&str], width: usize) -> Mapping {
        let header: Vec<String> = header.iter().map(|it| (*it).to_owned()).collect();
        map_columns(&header, width, &SCHEMA)
    }

    #[test]
    fn names_are_found_however_they_are_written() {
        for header in [
            ["patient_id", "heart_rate", "note"],
            ["\u{FEFF}Patient ID", "Heart-Rate", "NOTE"],
            ["ｐａｔｉｅｎｔＩＤ", "HR", " note "],
            ["病人编号", "心率", "Note"],
        ] {
            let mapping = map(&header, 3);
            assert_eq!(mapping.places, [Some(0), Some(1), Some(2)], "{header:?}");
            assert!(mapping.faults.is_empty() && mapping.ignored.is_empty());
        }
    }

    #[test]
    fn other_columns_are_listed() {
        let mapping = map(&["ward", "pulse", "patient", "bed"], 4);
        assert_eq!(mapping.places, [Some(2), Some(1), None]);
        assert_eq!(mapping.ignored, [0, 3]);
        assert_eq!(mapping.faults, []);
    }

    #[test]
    fn missing_and_repeated_columns_are_faults() {
        let mapping = map(&["patient_id", "Patient", "haert_rate"], 3);
        assert_eq!(mapping.places, [Some(0), None, None]);
        let fault = |code, column: &str, found: &[u16]| ColumnFault {
            code,
            column: column.to_owned(),
            found: found.to_vec(),
        };
        assert_eq!(
            mapping.faults,
            [
                fault(Code::RepeatedColumn, "patient_id", &[0, 1]),
                fault(Code::MissingColumn, "heart_rate", &[2]),
            ]
        );
    }

    #[test]
    fn columns_without_names_are_taken_in_order() {
        let mapping = map(&[], 4);
        assert_eq!(mapping.places, [Some(0), Some(1), Some(2)]);
        assert_eq!(mapping.ignored, [3]);
        assert_eq!(map(&[], 1).faults.len(), 1);
    }
}
