//! Clinical studies: subjects, their numbers, and the audit trail.

mod audit;
mod corrections;
mod exports;
mod imports;
mod kills;
mod numbers;
mod pages;
pub mod registry;
mod signatures;
mod studies;
mod study_readings;
mod subjects;
mod visits;
mod vital_signs;
mod who_may;
