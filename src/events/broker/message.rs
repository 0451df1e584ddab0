//! An event as it travels by the broker: headers for the program, and a body for whoever else listens.

use crate::events::delivery::Told;
use crate::events::outbox::OutboxEvent;
use crate::events::rules::{VERSION, message_id};
use crate::server::telemetry::traces::{SpanPoint, traceparent};
use async_nats::HeaderMap;
use async_nats::jetstream::message::PublishMessage;
use serde_json::{Value, json};
use tracing::Span;

/// The headers: of the broker, which drops a second event with the same id; the event's sequence number and subject;
/// and W3C Trace Context.
const ID: &str = "Nats-Msg-Id";
const SEQ: &str = "Guildhall-Seq";
const SUBJECT: &str = "Guildhall-Subject";
const TRACEPARENT: &str = "traceparent";

/// Returns the message for the event. Its trace goes on from `span`.
pub fn to_message(event: &OutboxEvent, span: &Span) -> PublishMessage {
    let mut headers = HeaderMap::new();
    headers.insert(ID, message_id(event.seq));
    headers.insert(SEQ, event.seq.to_string());
    headers.insert(SUBJECT, event.subject.as_str());
    if let Some(parent) = traceparent(span) {
        headers.insert(TRACEPARENT, parent);
    }
    let body = body(event).to_string();
    PublishMessage::build()
        .headers(headers)
        .payload(body.into())
}

/// Returns the body: `{"id": …, "type": …, "version": …, "subject": …, "timestamp": …, "data": …}`.
fn body(event: &OutboxEvent) -> Value {
    let data: Value = serde_json::from_str(&event.data).unwrap_or_default();
    json!({
        "id": message_id(event.seq),
        "type": event.topic,
        "version": VERSION,
        "subject": event.subject,
        "timestamp": event.at,
        "data": data,
    })
}

/// Reads the headers; `None` if the message is not one of ours.
pub fn read_told(headers: &HeaderMap) -> Option<Told> {
    let text = |name| headers.get(name).map(async_nats::HeaderValue::as_str);
    Some(Told {
        seq: text(SEQ)?.parse().ok()?,
        subject: text(SUBJECT)?.to_owned(),
        span: text(TRACEPARENT)
            .and_then(SpanPoint::read)
            .unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_is_not_ours_is_seen_at_once() {
        let mut headers = HeaderMap::new();
        assert!(read_told(&headers).is_none());
        headers.insert(SEQ, "seven");
        headers.insert(SUBJECT, "order-1");
        assert!(read_told(&headers).is_none());
        headers.insert(SEQ, "7");
        headers.insert(TRACEPARENT, "nonsense");
        let told = read_told(&headers).expect("ours");
        assert_eq!((told.seq, told.subject.as_str()), (7, "order-1"));
        assert!(told.span.span_id.is_empty());
    }
}
