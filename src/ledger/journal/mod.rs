//! The journal: every transfer, searched, listed and exported.

mod csv;
mod exports;
mod filter;
mod hledger;
mod page;
mod query;
mod search_index;

pub use exports::router;
pub use filter::{JournalFilter, JournalQuery};
pub use page::JournalPage;
pub use query::{JournalRow, explain_journal, list_journal, list_transfers_of};
pub use search_index::{create_words, index_transfers_again};
