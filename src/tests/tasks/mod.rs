//! Tasks: boards, lists, forms.

mod board;
pub mod boards;
mod changes;
pub mod forms;
pub mod lists;
mod pages;
pub mod positions;
mod rights;
