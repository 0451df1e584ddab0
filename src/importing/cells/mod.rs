//! Typed cells: what a text means as a number, a time or a blood pressure, or why it means none of them.
//!
//! Each reading has a quick way for what is right and an unhurried one that explains what is not. The
//! unhurried one suggests a text only if that is the one thing that can have been meant; the suggestion is
//! in a form that the quick way reads, so that taking it over cannot make another fault.

mod number;
mod pressure;
mod time;
mod typos;

pub use number::{Decimal, decimal, whole, whole_between};
pub use pressure::{Pressure, pressure};
pub use time::{Moment, moment};
