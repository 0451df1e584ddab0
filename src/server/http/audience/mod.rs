//! The audience of a response: people or programs, and the language they read.

mod form;
mod language;

pub use form::{VARIES, names_page, wants_page};
pub use language::{LANGUAGE_COOKIE, negotiate_language};
