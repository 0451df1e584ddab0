//! Subjects: registering and changing them, and their pages.

mod body;
mod components;
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
mod wire;

pub use body::SubjectBody;
pub use filter::{SubjectFilter, SubjectsQuery, number_part};
pub use form_router::{form_router, subject_id};
pub use list_page::SubjectsPage;
pub use new_page::NewSubjectPage;
pub use page::SubjectPage;
pub use register::{NewSubject, Registration, register_within, visible_subject};
pub use rest::api_router;
pub use sealed_name::{NameKey, SEALED};
pub use update::{SubjectChange, update_subject, withdraw_subject};
pub use wire::{SubjectQuery, create_subject_body, list_subject_bodies, read_subject_body};
