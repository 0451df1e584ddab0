//! A connection of either engine, a transaction on one, and what is noted on it.

mod conn;
mod epochs;
mod fence;
mod savepoint;

pub use conn::{Conn, Engine, Handle, Seal, Tx};
pub use epochs::{Changed, Epochs, Made, Subject};
pub use fence::Fence;
pub use savepoint::Savepoint;
