//! Mail to customers: its text, its permitted recipients and its sending.

mod addresses;
mod confirm_page;
mod notice;
mod send;
mod store;

pub use confirm_page::{ConfirmAddressPage, confirm_router};
pub use send::{SMTP_PATIENCE, check_config, send_notice};
pub use store::delete_old_sent;
