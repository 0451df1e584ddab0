//! Clinical studies: subjects, their numbers, and the audit trail.

mod audit;
mod corrections;
mod imports;
mod kills;
mod mending;
mod numbers;
mod pages;
mod registry;
mod studies;
mod study_readings;
mod subjects;
mod visits;
mod vital_signs;
mod who_may;
