//! `docs/events.md`: its schema is what the program sends.

use super::broker::{by, until_all_is_told, until_live};
use crate::support::broker::Broker;
use crate::support::company::Company;
use crate::support::listener::{Heard, Listener};
use crate::support::sender::{Sender, apply, listening};
use crate::support::{TestServer, number};
use guildhall::events::{TOPICS, start};
use guildhall::seed::{Seed, seed};
use guildhall::server::{App, Conn};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const EVENTS: &str = include_str!("../../../docs/events.md");

/// The part of JSON Schema that the document uses. Whoever uses more of it there adds it here.
struct Schema(Value);

impl Schema {
    fn read() -> Self {
        let (_, rest) = EVENTS.split_once("```json\n").expect("a schema");
        let (text, _) = rest.split_once("```").expect("its end");
        Self(serde_json::from_str(text).expect("JSON"))
    }

    fn of(&self, name: &str) -> &Value {
        let found = &self.0["$defs"][name];
        assert!(found.is_object(), "docs/events.md says nothing of {name}");
        found
    }

    /// Returns what is wrong with the value, and where.
    fn faults(&self, schema: &Value, value: &Value, at: &str) -> Vec<String> {
        let mut faults = Vec::new();
        for (word, wanted) in schema.as_object().expect("a schema is an object") {
            let fits = match word.as_str() {
                "$ref" => {
                    let name = wanted
                        .as_str()
                        .expect("a name")
                        .trim_start_matches("#/$defs/");
                    faults.extend(self.faults(self.of(name), value, at));
                    true
                }
                "allOf" => {
                    let all = wanted.as_array().expect("a list");
                    faults.extend(all.iter().flat_map(|one| self.faults(one, value, at)));
                    true
                }
                "type" => is_of(value, wanted.as_str().expect("a type")),
                "const" => value == wanted,
                "enum" => wanted.as_array().expect("a list").contains(value),
                "pattern" => fits_pattern(value, wanted.as_str().expect("a pattern")),
                "format" => {
                    assert_eq!(wanted, "date-time");
                    let text = value.as_str().unwrap_or_default();
                    guildhall::clock::Timestamp::parse(text).is_some()
                }
                "required" => {
                    let names = wanted.as_array().expect("a list").iter();
                    let missing =
                        names.filter(|name| value.get(name.as_str().expect("a name")).is_none());
                    faults.extend(missing.map(|name| format!("{at} has no {name}")));
                    true
                }
                "properties" => {
                    for (name, inner) in wanted.as_object().expect("an object") {
                        if let Some(found) = value.get(name) {
                            faults.extend(self.faults(inner, found, &format!("{at}.{name}")));
                        }
                    }
                    true
                }
                "additionalProperties" => {
                    faults.extend(self.unknown(schema, wanted, value, at));
                    true
                }
                "items" => {
                    let items = value.as_array().into_iter().flatten();
                    faults.extend(
                        items.flat_map(|item| self.faults(wanted, item, &format!("{at}[]"))),
                    );
                    true
                }
                "description" => true,
                other => panic!("{other} is not checked"),
            };
            if !fits {
                faults.push(format!("{at} is {value}, and its {word} {wanted}"));
            }
        }
        faults
    }

    fn unknown(&self, schema: &Value, others: &Value, value: &Value, at: &str) -> Vec<String> {
        let known = schema["properties"].as_object();
        let fields = value.as_object().into_iter().flatten();
        let unknown =
            fields.filter(|(name, _)| known.is_none_or(|known| !known.contains_key(*name)));
        unknown
            .flat_map(|(name, value)| match others {
                Value::Bool(false) => vec![format!("{at} has {name}, which nobody described")],
                schema => self.faults(schema, value, &format!("{at}.{name}")),
            })
            .collect()
    }
}

fn is_of(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64(),
        "boolean" => value.is_boolean(),
        other => panic!("the type {other} is not checked"),
    }
}

fn fits_pattern(value: &Value, pattern: &str) -> bool {
    let text = value.as_str().unwrap_or_default();
    let upper = |length| text.len() == length && text.bytes().all(|b| b.is_ascii_uppercase());
    match pattern {
        "^[A-Z]{3}$" => upper(3),
        "^[A-Z]{2}$" => upper(2),
        "^event-[0-9]+$" => {
            let number = text.strip_prefix("event-").unwrap_or_default();
            !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
        }
        other => panic!("the pattern {other} is not checked"),
    }
}

/// Topic and payload of each event in the outbox.
async fn recorded(app: &App) -> Vec<(String, Value)> {
    let all = "SELECT topic, data FROM outbox ORDER BY seq";
    let rows: Vec<(String, String)> = match &mut app.db.read().await.expect("a connection") {
        Conn::Sqlite(conn) => sqlx::query_as(all).fetch_all(&mut **conn).await,
        Conn::Postgres(conn) => sqlx::query_as(all).fetch_all(&mut **conn).await,
    }
    .expect("events");
    let read =
        |(topic, data): (String, String)| (topic, serde_json::from_str(&data).expect("JSON"));
    rows.into_iter().map(read).collect()
}

#[tokio::test]
async fn every_topic_is_described_and_what_is_sent_is_as_described() {
    let schema = Schema::read();
    let server = TestServer::start().await;
    let demo = Seed {
        demo: true,
        products: 0,
        tasks: 0,
    };
    seed(&server.app, &demo).await.expect("the demo");
    let mut company = Company::open_with(listening).await;
    let order = company.place(2, "invoice").await;
    company
        .step(&order, "cancel", json!({ "reason": "Changed their mind" }))
        .await;
    let doubtful = company.place(1, "invoice").await;
    let mut sender = Sender::new(&company);
    for (second, topic) in [
        (1, "payment.failed"),
        (2, "risk.flagged"),
        (3, "risk.cleared"),
    ] {
        let data = json!({ "order": doubtful, "reason": "no funds" });
        sender.send_event(&company, topic, second, data).await;
        apply(&company).await;
    }
    let mut all = recorded(&server.app).await;
    all.extend(recorded(company.app()).await);
    let mut seen = BTreeSet::new();
    for (topic, data) in &all {
        let faults = schema.faults(schema.of(topic), data, topic);
        assert!(faults.is_empty(), "{faults:#?}\nin {data:#}");
        seen.insert(topic.as_str());
    }
    let missing: Vec<_> = TOPICS
        .iter()
        .filter(|topic| !seen.contains(*topic))
        .collect();
    assert!(missing.is_empty(), "never sent here: {missing:?}");
}

#[tokio::test]
async fn a_webhook_and_the_broker_get_what_is_described() {
    let schema = Schema::read();
    let broker = Broker::start().await;
    let mut company = Company::open_with(by(&broker)).await;
    let listener = Listener::start().await;
    company.subscribe(&listener.url(), "*").await;
    start(company.app());
    until_live(company.app()).await;
    company.place(2, "wallet").await;
    until_all_is_told(company.app()).await;
    let mut bodies: Vec<Value> = listener.heard().iter().map(Heard::json).collect();
    let context = broker.client().await;
    let stream = context.get_stream("GUILDHALL").await.expect("the stream");
    for seq in 1..=number(company.app(), "SELECT COUNT(*) FROM outbox").await {
        let message = stream.get_raw_message(seq as u64).await.expect("a message");
        bodies.push(serde_json::from_slice(&message.payload).expect("JSON"));
    }
    let mut ways: BTreeMap<bool, usize> = BTreeMap::new();
    for body in &bodies {
        let topic = body["type"].as_str().expect("a topic");
        let mut faults = schema.faults(schema.of("message"), body, topic);
        faults.extend(schema.faults(schema.of(topic), &body["data"], topic));
        assert!(faults.is_empty(), "{faults:#?}\nin {body:#}");
        *ways.entry(body.get("id").is_some()).or_default() += 1;
    }
    assert!(ways[&true] > 3 && ways[&false] > 3, "{ways:?}");
}

#[test]
fn a_payload_that_is_not_as_described_is_found() {
    let schema = Schema::read();
    let faults = |value: Value| schema.faults(schema.of("stock.adjusted"), &value, "it");
    let sound = json!({ "product_id": 1, "quantity": -2, "on_hand": 3, "reserved": 0 });
    assert_eq!(faults(sound.clone()), [""; 0]);
    for (field, value) in [
        ("quantity", json!("2")),
        ("reserved", Value::Null),
        ("colour", json!(1)),
    ] {
        let mut wrong = sound.clone();
        wrong[field] = value;
        assert_eq!(faults(wrong).len(), 1, "{field}");
    }
    let mut short = sound;
    short.as_object_mut().expect("an object").remove("on_hand");
    assert_eq!(faults(short), ["it has no \"on_hand\""]);
}
