//! Studies: creating and managing them, and their pages.

mod bodies;
mod create;
mod enrolment;
mod form_router;
mod list_page;
mod manage;
mod members;
mod new_page;
mod page;
mod rest;
mod settings_page;
pub(super) mod store;

pub use bodies::NewSite;
pub use create::{NewStudy, create_study_within};
pub use form_router::{form_router, study_id};
pub use list_page::StudiesPage;
pub use manage::changing;
pub use members::set_member_within;
pub use new_page::NewStudyPage;
pub use page::StudyPage;
pub use rest::api_router;
pub use settings_page::StudySettingsPage;
