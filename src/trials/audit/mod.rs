//! The audit trail: a row for each change of each field, chained by hashes.
//!
//! The hash of a row is the SHA-256, in hexadecimal, of a JSON array without white space: the hash of the row before
//! (an empty text for the first), then chain, number, time in microseconds since 1970, the user's id or null, record,
//! field, the old value or null, the new value or null, and the reason. Any program can recompute it from the export;
//! `docs/trials.md` has the recipe.

mod chain;
mod entry;
mod page;
pub(super) mod store;
mod trail;
mod verify;

pub use entry::{
    Entry, RECORDED, REGISTRY, STRUCK_OUT, member_record, signature_record, site_record,
    subject_record, visit_record, vital_record,
};
pub use page::{AuditPage, AuditTable, Described, describe};
pub use trail::{Author, Trail};
pub use verify::verify_audit;
