//! The database: constraints, transactions, and its faults.

pub mod constraints;
pub mod full_disk;
pub mod given_up;
pub mod group;
pub mod lost_file;
pub mod outage;
pub mod refused_writes;
pub mod two_servers;
