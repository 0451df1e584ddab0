//! Electronic signatures of subjects' visits.
//!
//! A signature says who signed a visit, as what, when, and the hash of what was signed (`trials/signatures/content.rs`).
//! It is never changed. That it holds is stored nowhere either: the hash of what there is now is compared with its own
//! whenever somebody looks, so that nothing which changes a reading or the plan can forget to void it. One that was void
//! holds again if what was signed is there again.

mod content;
mod form_router;
mod read;
mod rest;
mod rules;
mod section;
mod sign;
mod store;

pub use form_router::form_router;
pub use read::{VisitSignatures, read_visit_signatures};
pub use rest::api_router;
pub use rules::Meaning;
pub use section::Signatures;
