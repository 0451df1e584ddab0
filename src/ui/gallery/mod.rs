//! The specimen page: every part in every state.

mod basics;
mod demo;
mod fields;
mod page;
mod specimen;

pub use page::Gallery;
