//! Events: deliveries, mail, webhooks out and in.

mod breakers;
pub mod broker;
mod broker_kills;
pub mod delivery;
pub mod inbox;
mod inbox_outcomes;
pub mod mail;
pub mod mail_consent;
mod replay;
pub mod shuffled;
mod topics;
pub mod webhooks;
pub mod webhooks_pages;
