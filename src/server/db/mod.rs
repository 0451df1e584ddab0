//! The database: one type over both engines, transactions, and what surrounds them.

mod batch;
mod connection;
mod errors;
mod group;
mod hosts;
pub mod idempotency;
pub mod matching;
pub mod migrations;
mod paging;
mod plan;
mod pools;
mod probe;
mod query_builder;
pub mod reindex;
mod run;
mod sqlite;
mod stored;

pub use batch::Batch;
pub use connection::{Changed, Conn, Engine, Epochs, Fence, Made, Savepoint, Subject, Tx};
pub use group::{Group, Work};
pub use hosts::each_address;
pub use idempotency::IdempotencyKey;
pub use paging::{Cursor, LONGEST_CURSOR, PageOf, page_size};
pub use plan::explain_slow;
pub use pools::{Db, StatementLimit};
pub use query_builder::QueryBuilder;
pub(crate) use run::{
    execute, fetch_all, fetch_one, fetch_optional, fetch_optional_scalar, fetch_scalar,
    fetch_scalars, rows_affected, with_db,
};
pub use run::{execute_rows, from_json};
pub(crate) use stored::{stored_as, stored_as_word};
