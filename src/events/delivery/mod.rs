//! Deliveries: at least once, and in order per consumer and subject.

mod consumer;
mod dead_letter_store;
mod dead_letters;
mod dead_letters_page;
mod deliver;
mod deliver_event;
mod dispatch;
mod failing;
mod fulfilment;
mod lane_store;
mod outcome;
mod redeliver;
mod rest;
mod store;
mod worker;

pub use consumer::{Consumer, DeliveryState};
pub use dead_letters::{discard_dead, retry_dead};
pub use dead_letters_page::DeadLettersPage;
pub use deliver::deliver_due;
pub use deliver_event::{Reached, deliver_event};
pub use failing::Failing;
pub use lane_store::{delete_lanes, hurry_lanes};
pub use outcome::{Outcome, Sent, Told};
pub use redeliver::revive_delivery;
pub use rest::api_router;
pub use store::{create_deliveries, delete_old_deliveries, find_next_delivery, update_delivery};
pub use worker::start;
