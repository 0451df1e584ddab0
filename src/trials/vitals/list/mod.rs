//! The readings of a whole study: their list, and the counts of those outside the expected ranges.
//!
//! A value is unusual by the ranges that the study has when somebody looks: they can be changed, and nothing is stored
//! of them with the reading. The index of the list has the values, so both engines find and count without the table.

mod figures;
mod filter;
mod page;
mod rest;
mod store;

pub use figures::{Unusual, UnusualFigures, read_unusual};
pub use page::ReadingsPage;
pub use rest::api_router;
