//! An order's history: appending events and reading them back.

use super::order::{By, Order, OrderEvent};
use super::{Event, store};
use crate::accounts::User;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::outbox::record;
use crate::server::{Conn, trace_id};
use serde_json::json;

impl Order {
    /// Applies the event and writes it to the history, the order's row and the outbox.
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

    /// Writes an event that the order's state already includes.
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

    /// Returns the payload of an event, as consumers receive it.
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

/// Returns the order with this number; a not-found error also if `user` may not see it.
pub async fn find_order(conn: &mut Conn, user: &User, number: &str) -> Result<Order, AppError> {
    store::find_order(conn, number)
        .await?
        .filter(|order| order.is_open_to(user))
        .ok_or_else(no_such_order)
}

/// Returns the order with this number, for the program itself: no permission check.
pub async fn read_order(conn: &mut Conn, number: &str) -> Result<Option<Order>, AppError> {
    store::find_order(conn, number).await
}

/// Locks and returns the order until the transaction ends; a not-found error if there is none.
pub async fn lock_order(conn: &mut Conn, number: &str) -> Result<Order, AppError> {
    let order = store::lock_order(conn, number).await?;
    order.ok_or_else(no_such_order)
}

/// Returns the order's history, oldest event first.
pub async fn list_events(conn: &mut Conn, order: i64) -> Result<Vec<OrderEvent>, AppError> {
    store::list_events(conn, order).await
}
