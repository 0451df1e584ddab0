//! The steps of an order: taking them, flags, and the panel that offers them.

mod dialogs;
mod expire;
mod fields;
mod flag;
mod panel;
mod perform;
mod stock;
mod store;

pub use expire::expire_orders;
pub use flag::{clear_order, flag_order};
pub use panel::{StepPanel, StepRefused};
pub use perform::{Command, perform, perform_within, set_aside};
pub use store::{create_reservations, list_shipments};
