//! Events: each change worth publishing is written to the outbox in the transaction that made it, and
//! is delivered from there to customers by mail, to the board of those who pack, and to subscribed
//! webhooks. Messages of other systems come in through the inbox, and are applied once.
//!
//! # Going out
//!
//! What happened is written to the `outbox` in the transaction that made it happen, and told from there
//! by workers that run beside the requests. It goes to three kinds of consumer: mail to the customer, the
//! board "Fulfilment", and webhooks.
//!
//! 1. `events/delivery/dispatch.rs` gives each new event to those who want it: a row in `deliveries` each. One
//!    server at a time does this, so that no event overtakes an earlier one about the same thing. It stops
//!    after a thousand to look who has something due, and where it fails what is due goes out all the same.
//! 2. What one consumer is still to be told about one subject (an order, a product) is a *lane*.
//!    `events/delivery/deliver.rs` leases a lane, sends the first delivery in it, writes down how it went, and lets
//!    go. So each consumer hears of one subject in order, whatever happens to other subjects meanwhile.
//!    Order is kept within a subject and nowhere else: `order-NUMBER` is the subject of `order.*`,
//!    `product-ID` of `stock.*`, and `transfer-ID` of `ledger.posted`. Who subscribes to `*` hears the
//!    `order.*` of one order in order, but may hear of its shipping before the posting of its capture, or of
//!    its stock afterwards.
//! 3. What fails is tried again after ten seconds, then after four times as long each time, up to eight
//!    tries. Then it is dead: it no longer holds up what follows, and `/events/dead` shows it until staff
//!    send it again or let it go.
//!
//! What always holds:
//!
//! - **At least once.** A server that dies while it sends leaves a lease that runs out, and another one
//!   sends the same again, under the same id. In the ordinary case nothing is sent twice: a lease is three
//!   minutes long and a delivery at most forty seconds, so servers whose clocks are up to two minutes apart
//!   stay out of each other's way.
//! - **A lane is locked before what is in it**, by whoever settles a delivery, sends one again, or deletes a
//!   webhook. Deleting one waits for whoever dispatches, lets go of all that was not sent, and closes its
//!   lanes.
//! - **A round that fails, panics or hangs is over, and the next one comes** (`server/background.rs`): the
//!   workers of outbox and inbox and the jobs that clean up and expire all go by rounds with a longest time.
//! - **No transaction is open while something is sent.**
//! - **Who listens does what it hears once.** A mail's id and file name, a webhook's `webhook-id` come
//!   from the event; the board looks at where the order stands now.
//! - **Who asks for time gets it.** A `Retry-After` of a failed delivery, in seconds or as a date, is kept to
//!   where it is longer than the usual pause, for a day at most.
//! - **The log says what changed.** That a consumer fails, that its deliveries are dead and that they arrive
//!   again is a line each (`events/delivery/failing.rs`); every try is in the webhook's own log.
//! - **Mail goes to those who want it.** Anybody can type anybody's address, so one that neither its owner nor
//!   staff have confirmed gets a single mail, with nothing in it that somebody typed and a link; opening the
//!   link shows a button, and the button confirms. Nobody gets more than `[mail] most_per_day`
//!   (`events/mail/addresses.rs`).
//! - **A webhook never leads into the house.** A URL may name any host, but where the name leads is looked
//!   at for every connection, and the connection goes to the address that was looked at. Private, local
//!   and special addresses are refused, redirects are not followed, and of an answer only the beginning is
//!   read. `[webhooks] allow_private` takes this off for subscribers in the same house.
//! - **A secret is shown once**, in the answer that made it, and is in no log, cookie or address. After a
//!   change the one before signs as well for a day, and until then it is not changed again: a third would cut
//!   the first one's day short. Whoever cannot wait deletes the webhook and registers it anew.
//!
//! # Coming in
//!
//! What others tell us comes to `/webhooks/payments`, `inventory`, `shipping` and `risk`, signed in the same
//! way. `events/inbox/receive.rs` checks signature and time, stores the message under the sender's id, and
//! answers; `events/inbox/apply.rs` works on it later, in one transaction with what it does.
//!
//! - **A message counts once**, by its `webhook-id`, for good; a refund once, by its `refund_id` and order. One
//!   that staff gave back by bank is matched to theirs and not booked again; one of another amount, while
//!   theirs is untold, waits an hour and is then parked. An amount in another currency than the order's is
//!   parked.
//! - **A source has a say in its own matters alone.**
//! - **The order of arrival does not matter.** `events/inbox/verdict.rs` says of every message whether it is to be
//!   done, is so already, has to wait, or can never be right. What waits is tried again when something
//!   happens to its order or product, and now and then. Of words on a risk the one with the latest `timestamp`
//!   wins, so one without a time that can be read is parked: the time of its arrival would let the way it took
//!   decide. Other messages need none. A carrier's word that a parcel has left counts even where the order is
//!   flagged: it cannot be held back any more. Tests tell every short sequence in all its orders and compare
//!   where it ends.
//! - **Nothing is lost.** What can never be right (money for a cancelled order, another amount, an order
//!   that is unknown after an hour) is parked with the reason, and `/webhooks/inbox` shows it to staff.
//! - **A message that cannot be worked on holds up no other**: what a busy database refuses is put off for
//!   ten seconds, and what fails is tried later each time.
//!
//! What is over is dropped `[events] keep_days` after it was over, and nothing that waits is: events when
//! nobody is to be told of them any more, deliveries that were made or discarded, and of messages that were
//! applied or discarded the text. A message's row stays for good, since it is what tells a second payment or
//! an old id that comes again: about 300 bytes as a rule, at most some four kilobytes. Dead letters and parked
//! messages wait for staff, and what is held for a paused webhook until it is resumed or deleted.
//! `/ops/conservation` counts what is late, what is held and what is dead, each by itself.

cfg_if::cfg_if! {
    if #[cfg(feature = "ssr")] {
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
            ConfirmAddressPage, check_config as check_mail, confirm_router,
        };
        pub use outbox::{Lag, OutboxPage, delete_old, outbox_lag};
        pub use webhooks::{
            NewWebhookPage, WebhookClient, WebhookPage, WebhooksPage, check_secret, tls_config,
        };
    }
}
