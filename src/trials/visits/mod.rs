//! Planned visits: a study's schedule, and what has become of each visit of each subject.
//!
//! A visit is planned for a day after enrolment, with a window of days around it. It is done if the subject has a reading
//! of vital signs in the window that counts; nothing else is stored of it, so a reading that is corrected, struck out or
//! imported late is in the answer at once.

mod form_router;
mod manage;
mod missed_page;
mod rest;
mod rules;
mod section;
mod settings;
mod store;

pub use form_router::form_router;
pub use manage::{NewVisit, add_visit_within};
pub use missed_page::MissedVisitsPage;
pub use rest::api_router;
pub use rules::{Visit, VisitState, Window, midnight};
pub use section::{Missed, MissedVisits, SubjectVisit, SubjectVisits, read_missed, read_visits};
pub use settings::VisitsForm;
pub use store::list_visits;
