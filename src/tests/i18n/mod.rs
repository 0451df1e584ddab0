//! The languages: their catalogues, and who gets which.

mod catalogue;
mod language;
mod literals;
