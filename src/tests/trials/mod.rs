//! Clinical studies: subjects, their numbers, and the audit trail.

mod audit;
mod corrections;
mod exports;
mod import_kills;
mod imports;
mod kills;
mod mending;
mod numbers;
mod odm;
mod pages;
pub mod registry;
mod signatures;
mod studies;
mod study_readings;
mod subjects;
mod tables;
mod visits;
mod vital_signs;
mod who_may;
