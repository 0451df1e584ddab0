//! The program itself, in a process of its own.

pub mod commands;
pub mod connections;
pub mod demo;
pub mod kill;
pub mod practices;
pub mod process;
pub mod reload;
pub mod tls;
