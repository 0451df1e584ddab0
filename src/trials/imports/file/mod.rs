//! A file of vital signs: its format, the check of its rows, and what is told of the bad ones.

mod bad_row;
mod check;
mod columns;
mod fault;
mod format;
mod look;
mod table_store;

pub use bad_row::{BadRow, Cells, MOST_KEPT, column_of};
pub use check::{Checked, Checker, Row};
pub use columns::COLUMNS;
pub use fault::{FaultBody, FileFault};
pub use format::{Given, Input, Open};
pub use look::{Origin, describe_columns, file_faults, look};
pub use table_store::{TableName, is_database};
