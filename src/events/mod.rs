//! What happened, told to others: each change worth telling is written to the outbox in the
//! transaction that made it, and goes out from there: to customers by mail, to the board of those who
//! pack, and to whoever subscribed. And what others tell us comes in, and becomes what it says.

cfg_select! {
    feature = "ssr" => {
        mod components;
        mod delivery;
        mod demo;
        pub mod forms;
        mod inbox;
        mod mail;
        mod outbox;
        pub mod rest;
        mod rules;
        mod webhooks;

        pub use components::staff_places;
        pub use delivery::{DeadLettersPage, DeliveryState, Failing, deliver_due, start};
        pub use demo::seed_demo;
        pub use inbox::{InboxPage, InboxState, Source, apply_due, receive_router};
        pub use mail::{
            ConfirmAddressPage, check_config as check_mail, confirm_address, confirm_router,
            is_confirmed,
        };
        pub use outbox::{Lag, OutboxPage, delete_old, outbox_lag};
        pub use webhooks::{
            NewWebhookPage, WebhookClient, WebhookPage, WebhooksPage, check_secret, tls_config,
        };
    }
    _ => {}
}
