//! An order as the server knows it.

use super::{Actor, Event, OrderState, Step};
use crate::accounts::User;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::t;

/// An order: its number, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub id: i64,
    pub number: String,
    pub state: OrderState,
}

/// Who does something to an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    pub role: Actor,
    pub user_id: Option<i64>,
    /// As the order's history shows it.
    pub name: String,
}

impl By {
    /// A person: staff, or else taken for the customer. Whether the order is theirs to see is asked before.
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

/// Something in an order's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderEvent {
    pub seq: i64,
    pub event: Event,
    pub actor_id: Option<i64>,
    /// Who did it, as they were called then.
    pub actor: String,
    /// The request it came from; empty where it came from none.
    pub trace_id: String,
    pub at: Timestamp,
}

impl OrderEvent {
    /// Who did it, for a page. Where it was no person, the history has one of a few fixed words: the
    /// source of a message, or the program itself.
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

    /// Whether this person may see it.
    pub fn is_open_to(&self, user: &User) -> bool {
        user.role.is_staff() || self.state.customer_id == user.id
    }

    /// What this person may do to it next.
    pub fn steps_for(&self, user: &User) -> Vec<Step> {
        let mut steps = Step::possible(self.state.status, By::user(user).role);
        steps.retain(|step| self.allows(*step).is_ok());
        steps
    }

    /// Whether anything but its state keeps the order from taking the step.
    pub fn allows(&self, step: Step) -> Result<(), AppError> {
        /// Somebody has to look at the order first.
        const FLAGGED: u16 = 3406;
        /// There is no money left to give back.
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
