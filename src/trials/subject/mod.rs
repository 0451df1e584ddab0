//! Subjects: registering and changing them, and their pages.

mod components;
mod csv;
mod exports;
mod filter;
mod form_router;
mod list_page;
mod new_page;
mod page;
mod register;
mod rest;
mod sealed_name;
pub(super) mod store;
mod update;

pub use exports::router as export_router;
pub use filter::number_part;
pub use form_router::{form_router, subject_id};
pub use list_page::SubjectsPage;
pub use new_page::NewSubjectPage;
pub use page::SubjectPage;
pub use register::{Registration, register_within, visible_subject};
pub use rest::api_router;
pub use sealed_name::{NameKey, SEALED};
pub use update::{SubjectChange, update_subject};
