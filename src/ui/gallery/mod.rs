//! The specimen page: every part in every state.

mod basics;
mod fields;
mod page;

pub use page::Gallery;
