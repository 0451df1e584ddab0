//! An order, its actors and its events, as the server sees them.

use super::{Actor, Event, OrderState, Step};
use crate::accounts::User;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::t;

/// An order: its number and its current state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub id: i64,
    pub number: String,
    pub state: OrderState,
}

/// The actor behind a change to an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    pub role: Actor,
    pub user_id: Option<i64>,
    /// The name shown in the order's history.
    pub name: String,
}

impl By {
    /// A user: staff, or else taken for the customer. The caller checks first that they may see the order.
    pub fn user(user: &User) -> Self {
        Self {
            role: if user.role.is_staff() {
                Actor::Staff
            } else {
                Actor::Customer
            },
            user_id: Some(user.id),
            name: user.name.clone(),
        }
    }

    /// The program, on behalf of `name`.
    pub fn system(name: &str) -> Self {
        Self {
            role: Actor::System,
            user_id: None,
            name: name.to_owned(),
        }
    }
}

/// An entry in an order's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderEvent {
    pub seq: i64,
    pub event: Event,
    pub actor_id: Option<i64>,
    /// The actor's name at the time.
    pub actor: String,
    /// The trace ID of the originating request; empty if there was none.
    pub trace_id: String,
    pub at: Timestamp,
}

impl OrderEvent {
    /// Returns the actor's name for a page. If it was not a person, the history has one of a few fixed words:
    /// the source of a message, or the program itself.
    pub fn actor_label(&self) -> &str {
        match (self.actor_id, &*self.actor) {
            (None, "Payments") => t!("orders-by-payments"),
            (None, "Inventory") => t!("orders-by-inventory"),
            (None, "Shipping") => t!("orders-by-shipping"),
            (None, "Risk") => t!("orders-by-risk"),
            (_, name) => name,
        }
    }
}

impl Order {
    pub fn path(&self) -> String {
        format!("/orders/{}", self.number)
    }

    /// Returns true if `user` may see the order.
    pub fn is_open_to(&self, user: &User) -> bool {
        user.role.is_staff() || self.state.customer_id == user.id
    }

    /// Returns the steps that `user` may take next.
    pub fn steps_for(&self, user: &User) -> Vec<Step> {
        let mut steps = Step::possible(self.state.status, By::user(user).role);
        steps.retain(|step| self.allows(*step).is_ok());
        steps
    }

    /// Refuses the step if anything other than the order's status forbids it.
    pub fn allows(&self, step: Step) -> Result<(), AppError> {
        /// Error code: the order is flagged and needs a review first.
        const FLAGGED: u16 = 3406;
        /// Error code: nothing is left to refund or return.
        const NOTHING_TO_REFUND: u16 = 3407;
        match step {
            Step::Pack | Step::Ship if self.state.flagged => {
                Err(AppError::conflict(FLAGGED, t!("orders-refused-flagged")))
            }
            Step::Refund if self.state.refundable() == 0 => Err(AppError::conflict(
                NOTHING_TO_REFUND,
                t!("orders-refused-all-refunded"),
            )),
            Step::Return
                if self
                    .state
                    .items
                    .iter()
                    .all(|line| line.returned == line.quantity) =>
            {
                let message = t!("orders-refused-all-returned");
                Err(AppError::conflict(NOTHING_TO_REFUND, message))
            }
            _ => Ok(()),
        }
    }
}
