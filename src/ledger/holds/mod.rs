//! Two-phase transfers: set aside first, then captured, voided or expired.

mod hold;
mod rest;
mod store;

pub use hold::{
    Hold, HoldStatus, NewHold, OF_AN_ORDER, capture_hold, capture_within, create_hold,
    expire_holds, hold_within, release_within, void_hold,
};
pub use rest::api_router;
pub use store::find_hold;
