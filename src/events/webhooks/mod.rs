//! Webhooks: subscribers, deliveries to them and their log.

mod attempt_store;
mod client;
mod destination;
mod list_page;
mod log;
mod log_rest;
mod manage;
mod page;
mod rest;
mod send;
mod signature;
mod store;

pub use attempt_store::{Attempt, create_attempt};
pub use client::{WebhookClient, tls_config};
pub use list_page::{NewWebhookPage, WebhooksPage};
pub use log_rest::log_router;
pub use manage::{
    NewWebhook, WebhookChange, create_webhook, delete_webhook, redeliver, rotate_secret,
    update_webhook,
};
pub use page::WebhookPage;
pub use rest::{ListQuery, api_router};
pub use send::send;
pub use signature::{Secret, check_secret};
pub use store::{
    Subscription, Webhook, count_webhooks, insert_webhook, list_pulled, list_subscriptions,
    pause_webhook,
};
