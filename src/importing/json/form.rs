//! The forms of JSON files, and the bounds of reading them.

use crate::words::words;

words!(
    /// The form of a JSON file.
    pub enum Form {
        /// An array of objects.
        Array = "array",
        /// One object on each line.
        Lines = "lines",
    }
);

/// Bounds of a reading.
#[derive(Clone, Copy)]
pub struct Bounds {
    pub chunk: usize,
    pub longest: usize,
}
