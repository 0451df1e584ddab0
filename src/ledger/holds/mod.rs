//! Two-phase transfers: set aside first, then captured, voided or expired.

mod hold;
mod rest;
mod set_aside;
mod store;

pub use hold::{Hold, HoldStatus};
pub use rest::api_router;
pub use set_aside::{
    NewHold, capture_hold, capture_within, create_hold, expire_holds, hold_within, release_within,
    void_hold,
};
pub use store::find_hold;
