//! Imports: vital signs from files of other systems.
//!
//! A file is read once (`importing/`): its rows are checked on several threads and written by one transaction, in the
//! order of the file. So an import is one thing: it has a number, everything that it brought names it, and one that is
//! killed leaves nothing. Each row is good or bad, and good and bad make up all of them; a bad one is never stored, and
//! each of its faults is told. A value that is possible and not expected is stored, and told as unusual.
//!
//! A reading is named by its subject and its time. One that is there already is a fault of its row, in the file as in the
//! database, since either may be the right one. The same file is not imported twice, unless the first was reverted or
//! somebody asks for it.

mod command;
mod components;
pub(super) mod fault_store;
mod file;
mod forms;
mod list_page;
mod mend;
mod mend_page;
mod page;
mod report;
mod rest;
mod revert;
mod run;
pub(super) mod store;
mod upload;

pub use command::{ImportCommand, import_file};
pub use file::{COLUMNS, FaultBody};
pub use forms::form_router;
pub use list_page::ImportsPage;
pub use mend_page::MendPage;
pub use page::ImportPage;
pub use report::{Import, ImportBody, ImportStatus, Report};
pub use rest::api_router;
pub use revert::visible_import;
pub use run::{Wanted, run_import};
pub use upload::{typed_offset, wanted};
