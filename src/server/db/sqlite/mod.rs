//! SQLite's one writer and its one file.

mod file;
mod writer;
mod writing;

pub use file::DatabaseFile;
pub use writer::{Writer, fit_for_use, waiting_for_writer};
pub use writing::Writing;
