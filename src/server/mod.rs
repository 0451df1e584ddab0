//! The server: configuration, the database, the router that wires the slices together, and what
//! every request passes through. A slice uses what is re-exported here and nothing else of it.

mod audience;
mod batch;
mod begin;
mod built;
mod cache;
pub mod config;
mod connections;
pub mod cookies;
mod database_file;
pub mod db;
mod db_errors;
mod deadline;
mod errors;
mod etag;
mod event_config;
mod extract;
mod files;
pub mod forms;
mod gate;
mod group;
mod jobs;
mod limits;
mod links;
pub mod logs;
pub mod matching;
pub mod migrations;
pub mod once;
mod openapi;
pub mod pages;
mod paging;
mod payment_config;
pub mod reindex;
mod rounds;
mod router;
mod schemas;
pub mod secret;
mod security;
pub mod security_log;
mod serve;
mod state;
mod statement;
mod statics;
mod trace;
mod writer;
mod writing;

pub use audience::{VARIES, wants_page};
pub use batch::Batch;
pub use built::missing_files;
pub use cache::Cache;
pub(crate) use db::with_db;
pub use db::{Conn, Db, Engine, Tx};
pub use etag::Tagged;
pub use extract::{
    Address, Json, OptionalJson, Path, Query, UserAgent, created, no_content, object, objects, ok,
    some_objects,
};
pub use files::Files;
pub use forms::{Posted, done};
pub use group::{Group, Work};
pub use links::{count_given, given, list_href, list_href_from, read_day};
pub use once::Once;
pub use pages::{app, asked_cursor, page, viewer};
pub use paging::{Cursor, PageOf, page_size};
pub use rounds::{Next, round};
pub use router::{documented, router, router_with};
pub use serve::serve;
pub use state::App;
pub(crate) use statement::bind_all;
pub use statement::{Statement, Value, rows};
pub use trace::{current_id as trace_id, set_user};
