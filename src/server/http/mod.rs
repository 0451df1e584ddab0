//! HTTP: request extractors, response helpers, and the gates between.

mod audience;
mod body;
mod built;
mod client;
pub mod cookies;
pub mod cors;
pub mod documents;
pub mod errors;
mod etag;
mod extract;
mod files;
pub mod forms;
pub mod gate;
mod links;
pub mod pages;
pub mod security;
pub mod statics;

pub use audience::{LANGUAGE_COOKIE, VARIES, negotiate_language, wants_page};
pub use body::{Field, Json, OptionalJson, object, objects, some_objects};
pub use built::missing_files;
pub use client::{ClientIp, UserAgent};
pub use documents::{Document, DocumentKey};
pub use etag::Tagged;
pub use extract::{Path, Query, attachment, created, is_too_long, no_content, ok};
pub use files::Files;
pub use forms::{Posted, done};
pub use links::{count_given, list_href, list_href_from, non_empty, read_day};
pub use pages::{app, asked_cursor, page};
