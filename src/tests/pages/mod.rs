//! Promises that every page and form keeps.

pub mod hostile;
pub mod lengths;
pub mod navigation;
pub mod ops;
mod redirects;
pub mod stale_edits;
pub mod texts;
pub mod true_words;
mod whole_company;
