//! A server for one test, and the clients that talk to it.

pub mod broker;
mod client;
pub mod company;
mod database;
pub mod described;
mod events;
pub mod eventually;
pub mod forms;
pub mod listener;
pub mod page_parts;
pub mod process;
pub mod redis;
pub mod sender;
mod server;
pub mod tls;

pub use client::{Answer, Client, cookie_of};
pub use database::{
    execute, fresh_database, fresh_file, interfere, number, on_postgres, postgres_host, try_execute,
};
pub use server::{PASSWORD, TestServer, another, app_on};

use std::sync::atomic::{AtomicU32, Ordering};

/// A name nobody else has, in this process or another.
pub fn unique() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!(
        "{}_{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::SeqCst)
    )
}
