//! Importing: rows from files that other systems and people have written.
//!
//! # The promise
//!
//! - Every row of a file gets exactly one verdict. Good ones and bad ones together are all there are: none is
//!   lost, and no two become one, without its being said.
//! - Damage costs the row that it is in. A quote too many, a missing bracket or a byte that is no text leaves
//!   the rows behind it as they are.
//! - The result is the same on any number of threads and however the file is cut; memory is the same however
//!   long the file.
//! - Whatever was found out about a file (`Dialect`) is shown, and can be given instead.
//! - A fault says where it is to the byte, what was found, and what was meant if only one thing can have been.
//!
//! # The way of a row
//!
//! ```text
//!              one at a time, in order          in parallel                      in order
//! input ──▶ Decoded ──▶ Feed ──▶ DataSource::fill ──▶ Rows::each ──▶ check ──▶ consume
//!           (UTF-8)     (cut)    (a block)            (records)      (cells)     (a chunk)
//! ```
//!
//! `decode.rs` makes UTF-8 of any encoding, with the way back to the file's own offsets. `feed.rs` cuts it into
//! blocks, and the sources say where: `delimited/blocks.rs` behind a record, `json/blocks.rs` behind an object.
//! A worker (`parallel.rs`) splits its block into records and hands each to the caller's check, which reads
//! cells (`cells/`), keeps what is right and notes what is not (`fault.rs`). Chunks of results reach the
//! caller in the order of the file. What has been noted is numbers and codes; words are made of it elsewhere,
//! in the reader's language.
//!
//! The hard part is to cut where a record ends, though a line break may stand within quotes and a quote may be
//! there by mistake. The rules are in `delimited/rules.rs`, those for JSON in `json/scan.rs`. They are made
//! so that a file cut at the end of any record is read as it is in one piece.
//!
//! # What is where
//!
//! - The dialect: `dialect.rs`, found out in `detect/`.
//! - Columns by their names, in any of the names they go by: `columns.rs`.
//! - Another source, such as a table of a database: `source.rs` and `table.rs`.
//! - A file once more, with its corrections: `write.rs`.

mod cells;
mod code;
mod columns;
mod decode;
mod delimited;
mod detect;
mod dialect;
mod fault;
mod feed;
mod json;
mod options;
mod parallel;
mod record;
mod short;
mod source;
mod table;
mod write;

pub use cells::{Decimal, Moment, Pressure, decimal, moment, pressure, whole, whole_between};
pub use code::{Code, Wrong};
pub use columns::{Column, ColumnFault, Mapping, map_columns};
pub use delimited::{Delimited, read_delimited};
pub use detect::{SAMPLE, detect, detect_encoding};
pub use dialect::{Dialect, Encoding, Overrides, Quote, Separator};
pub use fault::{Fault, Faults};
pub use json::{Form, Json};
pub use options::Options;
pub use parallel::read;
pub use record::{Damage, Field, Mark, Places, Record, Span};
pub use short::Short;
pub use source::{Chunk, Counts, DataSource, Output, ReadError, Rows, Tally};
pub use table::{CellRows, Cells};
pub use write::{Corrected, Corrections, Writer, Written, write_corrected, write_rows};
