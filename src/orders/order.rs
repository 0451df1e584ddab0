//! An order as the server knows it, and how something that happens to it is written down.

use super::{Actor, Event, OrderState, Step, store};
use crate::accounts::User;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::t;
use crate::outbox::record;
use crate::server::{Conn, trace_id};
use serde_json::json;

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
    /// A person, as far as the order of `customer` is concerned.
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

    /// Applies the event and writes it down: in the history, in the order's row, and for those who
    /// are told of it.
    pub async fn append(
        &mut self,
        conn: &mut Conn,
        event: Event,
        by: &By,
        now: Timestamp,
    ) -> Result<(), AppError> {
        self.state.apply(&event, now);
        store::update_order(conn, self).await?;
        if matches!(event, Event::Returned { .. }) {
            store::update_returned(conn, self).await?;
        }
        self.write_event(conn, event, by, now).await
    }

    /// Writes down the event that the order stands after already.
    pub async fn write_event(
        &self,
        conn: &mut Conn,
        event: Event,
        by: &By,
        now: Timestamp,
    ) -> Result<(), AppError> {
        let topic = format!("order.{}", event.kind());
        let written = OrderEvent {
            seq: self.state.version,
            event,
            actor_id: by.user_id,
            actor: by.name.clone(),
            trace_id: trace_id(),
            at: now,
        };
        store::create_event(conn, self.id, &written).await?;
        record(
            conn,
            &topic,
            &format!("order-{}", self.number),
            &self.payload(&written),
            now,
        )
        .await
    }

    /// The payload of an event, as consumers get it.
    fn payload(&self, event: &OrderEvent) -> serde_json::Value {
        let state = &self.state;
        let details = serde_json::to_value(&event.event).unwrap_or_default();
        json!({
            "number": self.number,
            "seq": event.seq,
            "status": state.status,
            "customer_id": state.customer_id,
            "payment": state.payment,
            "currency": state.currency,
            "total": state.total(),
            "refunded": state.refunded,
            "details": details["data"],
            "actor": event.actor,
            "at": event.at,
        })
    }
}

pub fn no_such_order() -> AppError {
    AppError::not_found("order")
}

/// The order with this number, where this person may see it.
pub async fn find_order(conn: &mut Conn, user: &User, number: &str) -> Result<Order, AppError> {
    store::find_order(conn, number)
        .await?
        .filter(|order| order.is_open_to(user))
        .ok_or_else(no_such_order)
}

/// The order with this number, for the program itself.
pub async fn read_order(conn: &mut Conn, number: &str) -> Result<Option<Order>, AppError> {
    store::find_order(conn, number).await
}

/// The order that must be there, and nobody else changes it until the transaction ends.
pub async fn lock_order(conn: &mut Conn, number: &str) -> Result<Order, AppError> {
    let order = store::lock_order(conn, number).await?;
    order.ok_or_else(no_such_order)
}

/// The order's history, the first event first.
pub async fn list_events(conn: &mut Conn, order: i64) -> Result<Vec<OrderEvent>, AppError> {
    store::list_events(conn, order).await
}
