//! A short-lived cache: copies of what the database says, or of what was made of it.
//!
//! Under load the same few things are asked for again and again. The first request makes the copy,
//! concurrent ones wait for it, and later ones get it. This process's own changes count at once:
//! each begins a new epoch ([`Epochs`]), and a copy still being made belongs to the old one. Another
//! process's changes count when it tells of them, or at the latest when the copy expires, a moment after it was
//! *begun*: it may have been out of date as soon as it was read, however long the rest took.
//!
//! Copies that were made together expire apart, so that they are not all made anew together. Before a copy
//! expires one request makes it anew, while the others still get it. That something does not exist is kept
//! too, for a shorter time. If the database is away, a cache that [outlasts](Cache::outlasting) it gives its
//! last copies, and says so ([`super::current::stale_for`]).

mod copies;
mod copy;
mod shared;
mod spans;

pub use copies::{Cache, MOMENT};
pub use shared::{SharedCache, Stored};
