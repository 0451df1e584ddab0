//! A study as CDISC ODM 1.3.2: a document of type `Snapshot`, with the definitions of what is recorded, the people and
//! sites, and the clinical data.
//!
//! It is of one moment, the end of the audit trail when the export began, however long it takes to send it: each value
//! of a subject is the one that the trail says last up to that entry, and stands beside that entry as its
//! `AuditRecord`; readings never change. So a change that is made meanwhile is in the next export, with its entry.
//!
//! Names of subjects are not in it, sealed or open. Those who made changes are there by the name that the page of the
//! audit trail shows everybody who may see the study, and by nothing else.

mod admin;
mod clinical;
mod document;
mod metadata;
mod plan;
mod xml;

pub use document::odm_file;
