//! Tests through the router, as the people and programs that use it.
//!
//! They run on SQLite, or, with `TEST_DATABASE_URL=postgres://…` naming a server where databases
//! can be made, on PostgreSQL. Each test has a database of its own.

mod accounts;
mod catalog;
mod database;
mod events;
mod fleet;
mod http;
mod i18n;
mod importing;
mod ledger;
mod orders;
mod pages;
mod program;
mod rpc;
mod support;
mod tasks;
mod telemetry;
mod tidy;
mod trials;
