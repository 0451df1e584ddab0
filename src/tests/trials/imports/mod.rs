//! Imports of vital signs: files and tables, what is wrong in them, and what is left of one that is killed.

pub mod files;
mod kills;
mod mending;
mod tables;
