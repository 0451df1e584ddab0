//! The data of an order's page, for its viewer.

use super::as_of::AsOf;
use crate::accounts::User;
use crate::money::Money;
use crate::orders::order::{Order, OrderEvent};

/// Everything the page shows.
#[derive(Clone)]
pub struct OrderView {
    /// The order as it is now.
    pub order: Order,
    /// The order as it is shown.
    pub shown: AsOf,
    pub events: Vec<OrderEvent>,
    /// The viewer.
    pub user: User,
    pub customer: Option<User>,
    /// The amount available in the customer's wallet.
    pub available: i64,
}

impl OrderView {
    pub fn is_past(&self) -> bool {
        self.shown.seq < self.order.state.version
    }

    /// Returns the URL of the order as it stood after the event `seq`.
    pub fn href_at(&self, seq: i64) -> String {
        match seq == self.order.state.version {
            true => self.order.path(),
            false => format!("{}?at={seq}", self.order.path()),
        }
    }

    pub fn for_staff(&self) -> bool {
        self.user.role.is_staff()
    }

    pub fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.order.state.currency)
    }
}
