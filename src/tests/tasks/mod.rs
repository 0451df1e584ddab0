//! Tasks: boards, lists, forms.

pub mod api;
pub mod boards;
pub mod forms;
pub mod lists;
pub mod positions;
