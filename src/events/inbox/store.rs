//! SQL for the inbox: incoming messages and their outcomes.

use super::message::Source;
use super::verdict::RiskWord;
use crate::clock::Timestamp;
use crate::i18n::t;
use crate::server::{
    Conn, QueryBuilder, execute, fetch_optional, fetch_optional_scalar, fetch_scalar,
    fetch_scalars, rows_affected, stored_as_word,
};
use crate::words::words;
use serde_json::json;
use sqlx::{AssertSqlSafe, FromRow};

stored_as_word!(InboxState);

words!(
    /// The state of a message.
    pub enum InboxState {
        Waiting = "waiting",
        Applied = "applied",
        /// Put aside for staff.
        Parked = "parked",
        /// Discarded by staff.
        Discarded = "discarded",
    }

    fn unknown(_: &str) -> String {
        t!("events-message-state-unknown").to_owned()
    }
);

/// A message as received, and its outcome so far.
#[derive(Clone, Debug, FromRow)]
pub struct InboxMessage {
    pub id: i64,
    source: String,
    /// The sender's id, by which duplicates are recognised.
    pub message_id: String,
    pub topic: String,
    pub subject: String,
    pub body: String,
    pub state: InboxState,
    /// The reason it waits or was parked, or the result of applying it.
    pub outcome: String,
    pub tries: i64,
    pub waiting_since: Timestamp,
    /// The time of the event, according to the sender.
    pub happened_at: Timestamp,
    pub received_at: Timestamp,
    pub settled_at: Option<Timestamp>,
}

impl InboxMessage {
    pub fn source(&self) -> Option<Source> {
        self.source.parse().ok()
    }
}

const MESSAGE: &str = "id, source, message_id, topic, subject, body, state, outcome, tries, \
     waiting_since, happened_at, received_at, settled_at";

/// A message to insert on arrival.
#[derive(Clone, Debug)]
pub struct Arrival {
    pub source: Source,
    pub message_id: String,
    pub topic: String,
    pub subject: String,
    pub body: String,
    pub happened_at: Timestamp,
}

/// Inserts the message. Returns false if it is a duplicate.
pub async fn create_message(
    conn: &mut Conn,
    arrival: &Arrival,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let written = rows_affected!(
        conn,
        "INSERT INTO inbox (source, message_id, topic, subject, body, state, due_at,
                            waiting_since, happened_at, received_at)
         VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $6, $7, $6)
         ON CONFLICT (source, message_id) DO NOTHING",
        arrival.source.as_str(),
        &arrival.message_id,
        &arrival.topic,
        &arrival.subject,
        &arrival.body,
        now,
        arrival.happened_at
    )?;
    Ok(written == 1)
}

/// Returns true if any message was ever received.
pub async fn has_messages(conn: &mut Conn) -> sqlx::Result<bool> {
    fetch_scalar!(conn, "SELECT EXISTS (SELECT 1 FROM inbox)")
}

pub async fn has_due_message(conn: &mut Conn, now: Timestamp) -> sqlx::Result<bool> {
    fetch_scalar!(
        conn,
        "SELECT EXISTS (SELECT 1 FROM inbox WHERE state = 'waiting' AND due_at <= $1)",
        now
    )
}

/// Returns the message due first that no other server works on; it is locked until the transaction
/// ends.
pub async fn lock_due_message(
    conn: &mut Conn,
    now: Timestamp,
) -> sqlx::Result<Option<InboxMessage>> {
    let lock = conn.pick("", "FOR UPDATE SKIP LOCKED");
    let query = AssertSqlSafe(format!(
        "SELECT {MESSAGE} FROM inbox WHERE state = 'waiting' AND due_at <= $1
         ORDER BY due_at, id LIMIT 1 {lock}"
    ));
    fetch_optional!(conn, query, now)
}

/// Returns the message, locked until the transaction ends.
pub async fn lock_message(conn: &mut Conn, id: i64) -> sqlx::Result<Option<InboxMessage>> {
    let lock = conn.pick("", "FOR UPDATE");
    let query = AssertSqlSafe(format!("SELECT {MESSAGE} FROM inbox WHERE id = $1 {lock}"));
    fetch_optional!(conn, query, id)
}

/// Records the message's outcome and, if it still waits, its next due time.
pub async fn update_message(
    conn: &mut Conn,
    message: &InboxMessage,
    due_at: Timestamp,
) -> sqlx::Result<()> {
    execute!(
        conn,
        "UPDATE inbox SET state = $1, outcome = $2, tries = $3, subject = $4, due_at = $5,
             waiting_since = $6, settled_at = $7
         WHERE id = $8",
        message.state,
        &message.outcome,
        message.tries,
        &message.subject,
        due_at,
        message.waiting_since,
        message.settled_at,
        message.id
    )
}

/// Postpones the message: nothing was wrong with it, but it could not be applied just now.
pub async fn delay_message(conn: &mut Conn, id: i64, due_at: Timestamp) -> sqlx::Result<()> {
    execute!(
        conn,
        "UPDATE inbox SET due_at = $1 WHERE id = $2 AND state = 'waiting'",
        due_at,
        id
    )
}

/// Makes messages that wait for something to happen to one of these subjects due at once, and
/// returns their number. One being worked on sees by itself what has happened.
pub async fn hurry_messages(
    conn: &mut Conn,
    subjects: &[&str],
    now: Timestamp,
) -> sqlx::Result<u64> {
    let query = conn.pick(
        "UPDATE inbox SET due_at = $1 WHERE id IN
             (SELECT id FROM inbox WHERE state = 'waiting' AND due_at > $1
              AND subject IN (SELECT value FROM json_each($2)))",
        "UPDATE inbox SET due_at = $1 WHERE id IN
             (SELECT id FROM inbox WHERE state = 'waiting' AND due_at > $1
              AND subject IN (SELECT json_array_elements_text(CAST($2 AS JSON)))
              FOR UPDATE SKIP LOCKED)",
    );
    let subjects = json!(subjects).to_string();
    rows_affected!(conn, query, now, subjects)
}

/// Lists messages with an id below `before`, in one state or in any, newest first.
pub async fn list_messages(
    conn: &mut Conn,
    state: Option<InboxState>,
    before: i64,
    limit: i64,
) -> sqlx::Result<Vec<InboxMessage>> {
    let begin = format!("SELECT {MESSAGE} FROM inbox WHERE id < ");
    let mut query = QueryBuilder::new(conn, begin);
    query.push_bind(before);
    if let Some(state) = state {
        query.push(" AND state = ").push_bind(state);
    }
    query.push(format!(" ORDER BY id DESC LIMIT {limit}"));
    query.fetch_all(conn).await
}

/// Returns true if another message reported the order's payment.
pub async fn was_captured(conn: &mut Conn, subject: &str, but: i64) -> sqlx::Result<bool> {
    fetch_scalar!(
        conn,
        "SELECT EXISTS (SELECT 1 FROM inbox WHERE subject = $1 AND state = 'applied'
             AND topic = 'payment.captured' AND id <> $2)",
        subject,
        but
    )
}

/// Returns the latest word on the order's risk from applied messages.
pub async fn find_risk_word(conn: &mut Conn, subject: &str) -> sqlx::Result<Option<RiskWord>> {
    let found: Option<(Timestamp, bool)> = fetch_optional!(
        conn,
        "SELECT happened_at, topic = 'risk.flagged' FROM inbox
         WHERE subject = $1 AND state = 'applied'
           AND topic IN ('risk.flagged', 'risk.cleared')
         ORDER BY happened_at DESC, topic DESC LIMIT 1",
        subject
    )?;
    Ok(found.map(|(at, flagged)| RiskWord { at, flagged }))
}

/// A refund that the payment service reported.
#[derive(Clone, Copy, Debug)]
pub struct BankRefund<'a> {
    /// The sender's id, unique only within the order: some senders count anew for each.
    pub refund_id: &'a str,
    pub order: i64,
    pub amount: i64,
    /// The order's event that books it.
    pub step: i64,
}

/// Returns the amount booked for the order under this refund's id.
pub async fn find_refund(
    conn: &mut Conn,
    order: i64,
    refund_id: &str,
) -> sqlx::Result<Option<i64>> {
    fetch_optional_scalar!(
        conn,
        "SELECT amount FROM bank_refunds WHERE order_id = $1 AND refund_id = $2",
        order,
        refund_id
    )
}

/// Lists the order's steps that book a refund reported by a message.
pub async fn list_matched_steps(conn: &mut Conn, order: i64) -> sqlx::Result<Vec<i64>> {
    fetch_scalars!(
        conn,
        "SELECT step FROM bank_refunds WHERE order_id = $1 AND step IS NOT NULL",
        order
    )
}

/// Records which event books the refund, so that it is not booked again.
pub async fn create_refund(
    conn: &mut Conn,
    refund: BankRefund<'_>,
    now: Timestamp,
) -> sqlx::Result<()> {
    execute!(
        conn,
        "INSERT INTO bank_refunds (refund_id, order_id, amount, step, at)
         VALUES ($1, $2, $3, $4, $5)",
        refund.refund_id,
        refund.order,
        refund.amount,
        refund.step,
        now
    )
}

/// Clears the bodies of up to `limit` messages applied or discarded before `before` and returns
/// their number. What stays is short and keeps them from counting again: the sender's id, the
/// subject and the time of the event.
pub async fn delete_old_texts(conn: &mut Conn, before: Timestamp, limit: i64) -> sqlx::Result<u64> {
    rows_affected!(
        conn,
        "UPDATE inbox SET body = '' WHERE state IN ('applied', 'discarded') AND id IN
             (SELECT id FROM inbox WHERE settled_at < $1
              AND body <> '' AND state IN ('applied', 'discarded')
              ORDER BY settled_at, id LIMIT $2)",
        before,
        limit
    )
}
