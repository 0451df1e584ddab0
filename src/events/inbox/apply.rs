//! Applies incoming messages, each in one transaction with its effects, so that it happens once
//! however often the server dies in between.

use super::message::{About, Message, Source};
use super::stock_message::adjust_stock;
use super::store::{
    BankRefund, InboxMessage, InboxState, create_refund, delay_message, find_refund,
    find_risk_word, has_due_message, hurry_messages, list_matched_steps, lock_due_message,
    update_message, was_captured,
};
use super::verdict::{Action, Applied, Past, RiskWord, StaffRefund, Verdict, judge};
use crate::clock::Timestamp;
use crate::error::{AppError, Kind};
use crate::events::rules::cut;
use crate::i18n::{t, within};
use crate::orders::{
    By, Command, Event, Order, RefundTo, Step, list_events, lock_order, perform_within,
};
use crate::server::{App, Conn, Subject};

/// The maximum number of messages per round.
const AT_ONCE: usize = 200;

/// The maximum wait for a message's subject to exist, in seconds.
const PATIENCE_UNKNOWN: i64 = 3_600;

/// The maximum wait for something else to happen first, in seconds.
const PATIENCE: i64 = 30 * 86_400;

/// The delay of a message that could not be applied because the database was busy, in seconds.
const PUT_OFF_SECONDS: i64 = 10;

/// The maximum number of tries of a message that fails through our own fault.
const MOST_TRIES: i64 = 8;

/// The maximum length of a stored outcome, in characters.
const LONGEST_OUTCOME: usize = 500;

/// Runs one round: applies the due messages and returns their number. Outcomes are recorded in the
/// shop's language.
pub async fn apply_due(app: &App) -> Result<usize, AppError> {
    within(app.config.shop.language, Box::pin(apply_some(app))).await
}

async fn apply_some(app: &App) -> Result<usize, AppError> {
    let mut worked_on = 0;
    while worked_on < AT_ONCE && apply_next(app).await? {
        worked_on += 1;
    }
    Ok(worked_on)
}

/// Applies the message that is due first. Returns false if none is due.
async fn apply_next(app: &App) -> Result<bool, AppError> {
    let now = app.clock.now();
    let mut conn = app.db.read().await?;
    if !has_due_message(&mut conn, now).await? {
        return Ok(false);
    }
    drop(conn);
    let mut tx = app.db.write().await?;
    let Some(mut message) = lock_due_message(&mut tx, now).await? else {
        return Ok(false);
    };
    match apply(&mut tx, &mut message, now).await {
        Ok(applied) => {
            settle(&mut tx, message, applied, now).await?;
            // Stock may have come, which the shop shows at once.
            tx.commit_change(Subject::Catalogue).await?;
        }
        // A busy database does not count as a try. But it may be busy with this message's order
        // alone, so others go first next time.
        Err(error) if error.kind == Kind::Unavailable => {
            drop(tx);
            put_off(app, message.id, now).await;
            return Err(error);
        }
        Err(error) => {
            drop(tx);
            note_failure(app, message.id, &error, now).await?;
        }
    }
    Ok(true)
}

async fn put_off(app: &App, id: i64, now: Timestamp) {
    let put_off = async {
        let mut tx = app.db.write().await?;
        delay_message(&mut tx, id, now.plus_seconds(PUT_OFF_SECONDS)).await?;
        tx.commit().await
    };
    // On failure the whole database is busy, and the message stays as it was.
    if let Err(error) = put_off.await {
        tracing::debug!(inbox.id = id, error.cause = %error, "A message could not be put off");
    }
}

async fn apply(
    conn: &mut Conn,
    incoming: &mut InboxMessage,
    now: Timestamp,
) -> Result<Applied, AppError> {
    let source = incoming.source().ok_or_else(AppError::internal)?;
    let message = match Message::read(source, &incoming.body) {
        Ok(message) => message,
        Err(why) => return Ok(Applied::Park(why)),
    };
    match message.about() {
        Some(About::Order(number)) => {
            let order = match lock_order(conn, &number).await {
                Ok(order) => order,
                Err(error) if error.kind == Kind::NotFound => {
                    return Ok(Applied::Unknown(t!("events-no-such-order", order = number)));
                }
                Err(error) => return Err(error),
            };
            let past = read_past(conn, &message, incoming, &order).await?;
            match judge(&message, incoming.happened_at, &order.state, &past) {
                Verdict::Do(action) => {
                    let said = action.said().to_owned();
                    perform(conn, order, source, &message, action, now).await?;
                    Ok(Applied::Done(said))
                }
                Verdict::Nothing(why) => Ok(Applied::Done(t!("events-applied-nothing", why = why))),
                Verdict::Wait(why) => Ok(Applied::Wait(why)),
                Verdict::Unclear(why) => Ok(Applied::Unknown(why)),
                Verdict::Park(why) => Ok(Applied::Park(why)),
            }
        }
        Some(About::Product(key)) => adjust_stock(conn, incoming, &message, &key, now).await,
        None => Err(AppError::internal()),
    }
}

async fn read_past(
    conn: &mut Conn,
    message: &Message,
    incoming: &InboxMessage,
    order: &Order,
) -> Result<Past, AppError> {
    let mut past = Past::default();
    match message {
        Message::Captured { .. } => {
            past.captured = was_captured(conn, &incoming.subject, incoming.id).await?;
        }
        Message::Refunded { refund_id, .. } => {
            past.refunded = find_refund(conn, order.id, refund_id).await?;
            past.unmatched = list_unmatched_refunds(conn, order.id).await?;
        }
        Message::Flagged { .. } | Message::Cleared { .. } => {
            let heard = find_risk_word(conn, &incoming.subject).await?;
            past.risk = heard.max(word_of_staff(conn, order).await?);
        }
        _ => {}
    }
    Ok(past)
}

/// Returns the order's bank refunds by staff that no message was matched to.
async fn list_unmatched_refunds(conn: &mut Conn, order: i64) -> Result<Vec<StaffRefund>, AppError> {
    let matched = list_matched_steps(conn, order).await?;
    let events = list_events(conn, order).await?;
    let unmatched = events.iter().filter(|event| {
        // Events applied from messages have no actor; of people only staff refund.
        event.actor_id.is_some() && !matched.contains(&event.seq)
    });
    let refunds = unmatched.filter_map(|event| match event.event {
        Event::Refunded {
            amount,
            to: RefundTo::Bank,
            ..
        } => Some(StaffRefund {
            step: event.seq,
            amount,
        }),
        _ => None,
    });
    Ok(refunds.collect())
}

/// Returns the latest risk decision by staff: nobody else may flag (`Order::may_be_flagged_by`).
async fn word_of_staff(conn: &mut Conn, order: &Order) -> Result<Option<RiskWord>, AppError> {
    let events = list_events(conn, order.id).await?;
    let by_staff = events.iter().rev().filter(|event| event.actor_id.is_some());
    let words = by_staff.filter_map(|event| {
        let flagged = match event.event {
            Event::Flagged { .. } => true,
            Event::Cleared {} => false,
            _ => return None,
        };
        Some(RiskWord {
            at: event.at,
            flagged,
        })
    });
    Ok(words.max())
}

/// Performs the action in the name of the service that sent the message.
async fn perform(
    conn: &mut Conn,
    mut order: Order,
    source: Source,
    message: &Message,
    action: Action,
    now: Timestamp,
) -> Result<(), AppError> {
    let by = By::system(&source.name());
    let mut command = Command::default();
    let step = match action {
        Action::Pay => Step::Pay,
        Action::Deliver => Step::Deliver,
        Action::Ship { carrier, tracking } => {
            (command.carrier, command.tracking) = (carrier, tracking);
            Step::Ship
        }
        Action::Refund { amount } => {
            (command.amount, command.to) = (Some(amount), Some(RefundTo::Bank));
            let step = order.state.version + 1;
            note_refund(conn, &order, message, step, now).await?;
            Step::Refund
        }
        Action::MatchRefund { step } => return note_refund(conn, &order, message, step, now).await,
        Action::FailPayment { reason } => {
            let event = Event::PaymentFailed { reason };
            return order.append(conn, event, &by, now).await;
        }
        Action::Flag { reason } => {
            return order
                .append(conn, Event::Flagged { reason }, &by, now)
                .await;
        }
        Action::Clear => return order.append(conn, Event::Cleared {}, &by, now).await,
    };
    perform_within(conn, &mut order, step, &command, &by, now).await
}

/// Records that the order's event `step` books the message's refund.
async fn note_refund(
    conn: &mut Conn,
    order: &Order,
    message: &Message,
    step: i64,
    now: Timestamp,
) -> Result<(), AppError> {
    let Message::Refunded {
        refund_id, amount, ..
    } = message
    else {
        return Err(AppError::internal());
    };
    let refund = BankRefund {
        refund_id,
        order: order.id,
        amount: *amount,
        step,
    };
    Ok(create_refund(conn, refund, now).await?)
}

/// Records the message's outcome. Messages that waited for the same subject may be applicable now.
async fn settle(
    conn: &mut Conn,
    mut message: InboxMessage,
    applied: Applied,
    now: Timestamp,
) -> Result<(), AppError> {
    let waited = now.seconds_since(message.waiting_since);
    let (state, outcome) = match applied {
        Applied::Done(said) => (InboxState::Applied, said),
        Applied::Park(why) => (InboxState::Parked, why),
        Applied::Unknown(why) if waited >= PATIENCE_UNKNOWN => (InboxState::Parked, why),
        Applied::Wait(why) if waited >= PATIENCE => {
            (InboxState::Parked, t!("events-message-waited", why = why))
        }
        Applied::Unknown(why) | Applied::Wait(why) => (InboxState::Waiting, why),
    };
    message.state = state;
    // The outcome outlives the body, so it must be short whatever the body was.
    message.outcome = cut(&outcome, LONGEST_OUTCOME);
    message.tries += 1;
    message.settled_at = (state != InboxState::Waiting).then_some(now);
    tracing::info!(
        inbox.id = message.id,
        inbox.topic = message.topic,
        inbox.subject = message.subject,
        inbox.state = state.as_str(),
        inbox.outcome = message.outcome,
        "A message was worked on"
    );
    let due_at = now.plus_seconds(pause_after(message.tries));
    update_message(conn, &message, due_at).await?;
    if state == InboxState::Applied && !message.subject.is_empty() {
        hurry_messages(conn, &[&message.subject], now).await?;
    }
    Ok(())
}

/// Returns the seconds to the next try: a minute, then twice as long each time, up to an hour.
fn pause_after(tries: i64) -> i64 {
    let doublings = u32::try_from(tries.clamp(1, 7) - 1).unwrap_or_default();
    (60 * 2_i64.pow(doublings)).min(3_600)
}

/// Schedules another try, or parks the message if one of our rules refuses it or it fails again and
/// again.
async fn note_failure(
    app: &App,
    id: i64,
    error: &AppError,
    now: Timestamp,
) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    let Some(mut message) = super::store::lock_message(&mut tx, id).await? else {
        return Ok(());
    };
    if message.state != InboxState::Waiting {
        return Ok(());
    }
    message.tries += 1;
    let faults = error.errors.values().map(String::as_str);
    let said = std::iter::once(error.message.as_str()).chain(faults);
    message.outcome = cut(&said.collect::<Vec<_>>().join(" "), LONGEST_OUTCOME);
    if error.kind != Kind::Internal || message.tries >= MOST_TRIES {
        message.state = InboxState::Parked;
        message.settled_at = Some(now);
    }
    tracing::warn!(
        inbox.id = id,
        inbox.state = message.state.as_str(),
        error.cause = %error,
        "A message could not be worked on"
    );
    let due_at = now.plus_seconds(pause_after(message.tries));
    update_message(&mut tx, &message, due_at).await?;
    Ok(tx.commit().await?)
}
