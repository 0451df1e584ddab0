//! Tests through the router, as the people and programs that use it.
//!
//! They run on SQLite, or, with `TEST_DATABASE_URL=postgres://…` naming a server where databases
//! can be made, on PostgreSQL. Each test has a database of its own.

mod accounts;
mod api_description;
mod at_once;
mod cart;
mod catalog;
mod catalog_api;
mod catalog_once;
mod catalog_pages;
mod catalog_pictures;
mod categories;
mod commands;
mod company;
mod compression;
mod connections;
mod constraints;
mod events;
mod events_mail;
mod events_shop;
mod full_disk;
mod given_up;
mod group;
mod kill;
mod ledger;
mod ledger_pages;
mod lookups;
mod lost_file;
mod once;
mod ops;
mod order_pages;
mod orders;
mod outage;
mod process;
mod refused_writes;
mod server;
mod sessions;
mod shop_settings;
mod statics;
mod support;
mod tasks;
mod tasks_lists;
mod tasks_room;
mod throttle;
mod tidy;
mod tokens;
mod verify;
mod webhooks;
mod webhooks_in;
mod webhooks_pages;
mod webhooks_shuffled;
mod who_may;
