//! Exports of a study: every list as CSV and as JSON Lines, and the whole study as CDISC ODM.
//!
//! All of them are written while they are sent, a page at a time and by keyset, so that an export takes as little
//! memory for a million rows as for one, and holds no connection while the client takes its time. What is added after
//! an export began is not in it, so it has an end however busy the study is.
//!
//! Whoever sees a study may export it. Names are sealed in all of it; only the lists of subjects open them, for a
//! coordinator who asks.

mod entries;
mod faults;
mod files;
mod imports;
mod list;
mod odm;
mod rest;
mod router;
mod stream;
mod subjects;
mod vital_signs;

pub use faults::FaultsFile;
pub use files::ExportFile;
pub use rest::api_router;
pub use router::router;
