//! The server: configuration, the database, the router that wires the slices together, and what
//! every request passes through. A slice uses what is re-exported here and nothing else of it.

mod background;
mod cache;
pub mod config;
mod connections;
pub mod db;
mod deadline;
mod http;
mod jobs;
mod limits;
pub mod logs;
mod openapi;
mod router;
mod schemas;
pub mod security_log;
mod serve;
mod state;
mod trace;

pub use background::{Next, round};
pub use cache::Cache;
pub use db::{
    Batch, Conn, Cursor, Db, Engine, Group, Once, PageOf, Statement, Tx, Value, Work, idempotency,
    matching, migrations, page_size, reindex, rows,
};
pub(crate) use db::{bind_all, with_db};
pub use http::{
    Address, Files, Json, OptionalJson, Path, Posted, Query, Tagged, UserAgent, VARIES, app,
    asked_cursor, cookies, count_given, created, done, forms, given, list_href, list_href_from,
    missing_files, no_content, object, objects, ok, page, pages, read_day, some_objects, viewer,
    wants_page,
};
pub use router::{documented, router, router_with};
pub use serve::serve;
pub use state::App;
pub use trace::{current_id as trace_id, set_user};
