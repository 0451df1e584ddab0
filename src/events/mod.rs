//! What happened, told to others: each change worth telling is written to the outbox in the
//! transaction that made it, and goes out from there: to customers by mail, to the board of those who
//! pack, and to whoever subscribed. And what others tell us comes in, and becomes what it says.

cfg_if::cfg_if! {
    if #[cfg(feature = "ssr")] {
        mod lag;
        mod address;
        mod addresses;
        mod apply;
        mod attempt;
        mod clean;
        pub mod confirm_page;
        mod consumer;
        mod dead;
        mod dead_page;
        mod dead_rest;
        mod deliver;
        mod delivery_log;
        mod delivery_rest;
        mod delivery_store;
        mod demo;
        mod dispatch;
        pub mod forms;
        mod failing;
        mod fulfilment;
        mod inbox;
        mod inbox_page;
        mod inbox_rest;
        mod inbox_store;
        mod lane_store;
        mod mail;
        mod message;
        #[cfg(test)]
        mod message_tests;
        mod notice;
        mod outbox;
        mod outbox_page;
        mod outbox_store;
        mod parts;
        pub mod receive;
        pub mod rest;
        mod revive;
        mod rules;
        mod signature;
        mod signed;
        mod stock_message;
        mod verdict;
        #[cfg(test)]
        mod verdict_tests;
        mod webhook_client;
        mod webhook_page;
        mod webhook_rest;
        mod webhook_send;
        mod webhook_store;
        mod webhooks;
        mod webhooks_page;
        mod worker;

        pub use lag::{Lag, outbox_lag};
        pub use outbox::{Happened, record, record_all};
        pub use addresses::{confirm_address, is_confirmed};
        pub use apply::apply_due;
        pub use clean::delete_old;
        pub use confirm_page::ConfirmAddressPage;
        pub use consumer::DeliveryState;
        pub use dead_page::DeadLettersPage;
        pub use deliver::deliver_due;
        pub use demo::seed_demo;
        pub use failing::Failing;
        pub use inbox_page::InboxPage;
        pub use inbox_store::InboxState;
        pub use mail::check_config as check_mail;
        pub use outbox_page::OutboxPage;
        pub use parts::staff_places;
        pub use webhook_client::{WebhookClient, tls_config};
        pub use message::Source;
        pub use signature::check_secret;
        pub use webhook_page::WebhookPage;
        pub use webhooks_page::{NewWebhookPage, WebhooksPage};
        pub use worker::start;
    }
}
