//! Events: each change worth publishing is written to the outbox in the same transaction, and
//! delivered from there to customers by mail, to the fulfilment board, and to subscribed webhooks.
//! Messages from other systems come in through the inbox, and are applied once.
//!
//! # Going out
//!
//! Events are written to the `outbox` in the transaction of their change, and delivered by workers
//! that run beside the requests. There are three kinds of consumer: mail to the customer, the board
//! "Fulfilment", and webhooks.
//!
//! 1. `events/delivery/dispatch.rs` dispatches each new event: a row in `deliveries` for each consumer that
//!    wants it. One server at a time does this, so that no event overtakes an earlier one about its subject.
//!    After a thousand it stops to see who has something due, and if it fails due deliveries are still made.
//! 2. The pending deliveries of one consumer about one subject (an order, a product) are a *lane*.
//!    `events/delivery/deliver.rs` leases a lane, makes its first delivery, records the outcome,
//!    and releases it. So each consumer hears of one subject in order, whatever happens to other
//!    subjects meanwhile. Order is kept within a subject and nowhere else: `order-NUMBER` is the
//!    subject of `order.*`, `product-ID` of `stock.*`, and `transfer-ID` of `ledger.posted`. A
//!    subscriber to `*` gets the `order.*` events of one order in order, but may hear of its
//!    shipping before the posting of its capture, or of its stock afterwards.
//! 3. A failed delivery is retried after ten seconds, then after four times as long each time, up
//!    to half a day, for a little over three days; a recipient's `Retry-After` is heard. Then it is
//!    dead: it no longer blocks its lane, and `/events/dead` shows it until staff retry or discard it.
//!
//! Where `[nats] url` names a broker, it says which lane has something due (`events/broker/mod.rs`); all else stays.
//! `guildhall events replay` has history delivered again (`events/replay/mod.rs`), and `docs/events.md` describes
//! the payloads.
//!
//! Invariants:
//!
//! - **At least once.** If a server dies while sending, its lease expires and another server sends
//!   the same event again, under the same id. Normally nothing is sent twice: a lease lasts three
//!   minutes and a delivery at most forty seconds, so servers whose clocks are up to two minutes
//!   apart do not collide.
//! - **A lane is locked before its deliveries**, by whoever settles a delivery, retries one, or
//!   deletes a webhook. Deleting a webhook waits for a running dispatch, discards all that was not
//!   sent, and closes its lanes.
//! - **A round that fails, panics or hangs is over, and the next one comes** (`server/background.rs`):
//!   the workers of outbox and inbox and the clean-up and expiry jobs all run in rounds with a timeout.
//! - **No transaction is open while something is sent.**
//! - **Consumers can recognise duplicates.** A mail's id and file name and a webhook's `webhook-id`
//!   derive from the event; the board looks at the order's current state.
//! - **`Retry-After` is respected.** On a failed delivery, in seconds or as a date, it applies if
//!   longer than the usual pause, up to a day.
//! - **The log records changes.** A consumer that starts failing, has dead deliveries or recovers
//!   gets a line each (`events/delivery/failing.rs`); every try is in the webhook's own log.
//! - **Mail goes to those who want it.** Anybody can type anybody's address, so one that neither
//!   its owner nor staff have confirmed gets a single mail, without anything that somebody typed
//!   and with a link; opening the link shows a button, and the button confirms. Nobody gets more
//!   than `[mail] most_per_day` (`events/mail/addresses.rs`).
//! - **A webhook never reaches the internal network.** A URL may name any host, but the name is resolved and
//!   checked for every connection, and the connection goes to the address that was checked. Private, local
//!   and special addresses are refused, redirects are not followed, and only the beginning of a response is
//!   read. `[webhooks] allow_private` permits such addresses, for subscribers on the same network.
//! - **A secret is shown once**, in the response that created it, and is in no log, cookie or URL. After a
//!   rotation the previous one signs as well for a day, and until then it is not rotated again: a third would
//!   cut the first one's day short. Whoever cannot wait deletes the webhook and registers it anew.
//!
//! # Coming in
//!
//! Other systems post to `/webhooks/payments`, `inventory`, `shipping` and `risk`, signed in the same
//! way. `events/inbox/receive.rs` verifies signature and time, stores the message under the sender's id,
//! and responds; `events/inbox/apply.rs` applies it later, in one transaction with its effects.
//!
//! - **A message counts once**, by its `webhook-id`, for good; a refund once, by its `refund_id`
//!   and order. One that staff made by bank is matched to their booking and not booked again; one
//!   of another amount, while theirs is unreported, waits an hour and is then parked. An amount in
//!   another currency than the order's is parked.
//! - **A source is trusted only in its own domain.**
//! - **The order of arrival does not matter.** `events/inbox/verdict.rs` decides whether a message
//!   is to be applied, already holds, has to wait, or can never be right. A waiting message is
//!   retried when something happens to its order or product, and periodically. Of risk messages the
//!   one with the latest `timestamp` wins, so one without a readable time is parked: its arrival
//!   time would make the result depend on the delivery path. Other messages need none. A carrier's
//!   report that a parcel has left counts even if the order is flagged: it cannot be held back any
//!   more. Tests play every short sequence in all its orders and compare the final states.
//! - **Nothing is lost.** What can never be right (money for a cancelled order, another amount, an order
//!   still unknown after an hour) is parked with the reason, and `/webhooks/inbox` shows it to staff.
//! - **A message that cannot be applied blocks no other**: if the database is busy it is put off
//!   for ten seconds, and if it fails it is retried later each time.
//!
//! Finished data is deleted `[events] keep_days` after it was settled, and nothing that waits is:
//! events with no deliveries left, deliveries made or discarded, and the bodies of messages applied
//! or discarded. A message's row stays for good, since it identifies a second payment or a repeated
//! id: about 300 bytes as a rule, at most some four kilobytes. Dead letters and parked messages
//! wait for staff, and deliveries held for a paused webhook until it is resumed or deleted.
//! `/ops/conservation` counts late, held and dead deliveries separately.

cfg_if::cfg_if! {
    if #[cfg(feature = "ssr")] {
        mod broker;
        mod components;
        mod delivery;
        mod demo;
        pub mod forms;
        mod inbox;
        mod mail;
        mod outbox;
        mod replay;
        pub mod rest;
        mod rules;
        mod webhooks;

        pub use components::staff_places;
        pub use delivery::{Consumer, DeadLettersPage, DeliveryState, Failing, deliver_due, start};
        pub use demo::seed_demo;
        pub use inbox::{InboxPage, InboxState, Source, apply_due, receive_router};
        pub use mail::{
            ConfirmAddressPage, SMTP_PATIENCE, check_config as check_mail, confirm_router,
        };
        pub use outbox::{Lag, OutboxPage, delete_old, outbox_lag};
        pub use replay::{Choice, Replay, moment, replay};
        pub use rules::TOPICS;
        pub use webhooks::{
            NewWebhookPage, WebhookClient, WebhookPage, WebhooksPage, check_secret, tls_config,
        };
    }
}
