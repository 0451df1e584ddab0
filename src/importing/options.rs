//! Bounds of a reading.

/// The bounds: parts of the result, except for `threads` and `chunk`, which change nothing but the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    pub threads: usize,
    /// The bytes that are read at a time and handed to a worker. Memory follows it, and most of all the faults
    /// of a chunk, if all of its cells are wrong: with rows of four empty cells, forty times the chunk.
    pub chunk: usize,
    /// The number of columns of a file without a header; otherwise most of the first rows have it.
    pub fields: Option<usize>,
    /// The most bytes of a line.
    pub longest_line: usize,
    /// The most bytes of a quoted field with line breaks in it.
    pub longest_quoted: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            threads: std::thread::available_parallelism().map_or(1, Into::into),
            chunk: 128 * 1024,
            fields: None,
            longest_line: 1024 * 1024,
            longest_quoted: 64 * 1024,
        }
    }
}
