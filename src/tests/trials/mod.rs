//! Clinical studies: subjects, their numbers, and the audit trail.

mod audit;
mod exports;
mod import_kills;
mod imports;
mod kills;
mod mending;
mod numbers;
mod odm;
mod pages;
pub mod registry;
mod studies;
mod subjects;
mod tables;
mod vital_signs;
mod who_may;
