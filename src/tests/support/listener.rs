//! A listener: a program on this machine that is told of events, and answers as the test says.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

/// A delivery that was received.
#[derive(Clone, Debug)]
pub struct Heard {
    pub headers: HeaderMap,
    pub body: String,
}

impl Heard {
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).expect("the header");
        value.to_str().expect("a readable header")
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// `order.paid order-2026-000001`
    pub fn what(&self) -> String {
        let json = self.json();
        let number = json["data"]["number"].as_str().unwrap_or("-");
        format!("{} {number}", json["type"].as_str().expect("a type"))
    }
}

/// A listener's answer.
#[derive(Clone, Debug)]
pub enum Answering {
    With(StatusCode),
    /// With a body.
    Saying(StatusCode, String),
    /// Elsewhere.
    Leading(String),
    /// With this `Retry-After`.
    Later(StatusCode, String),
    /// Not at all.
    Never,
}

#[derive(Default)]
struct Memory {
    heard: Vec<Heard>,
    /// The next answers; then 204.
    answers: VecDeque<Answering>,
}

/// A program on this machine that is told of events, and answers as it was told to.
#[derive(Clone)]
pub struct Listener {
    memory: Arc<Mutex<Memory>>,
    pub port: u16,
}

impl Listener {
    pub async fn start() -> Self {
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let listener = Self {
            memory: Arc::default(),
            port: socket.local_addr().expect("an address").port(),
        };
        let router = Router::new().fallback(hear).with_state(listener.clone());
        tokio::spawn(async move { axum::serve(socket, router).await });
        listener
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook", self.port)
    }

    /// Queues the answers to the next deliveries.
    pub fn answer(&self, answers: impl IntoIterator<Item = Answering>) {
        self.memory
            .lock()
            .expect("unbroken")
            .answers
            .extend(answers);
    }

    /// Fails the next so many deliveries.
    pub fn fail(&self, times: usize) {
        self.answer(vec![
            Answering::With(StatusCode::INTERNAL_SERVER_ERROR);
            times
        ]);
    }

    pub fn heard(&self) -> Vec<Heard> {
        self.memory.lock().expect("unbroken").heard.clone()
    }

    /// The topics heard of each order so far, in the order they came in.
    pub fn by_order(&self) -> BTreeMap<String, Vec<String>> {
        let mut by_order: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for what in self.what() {
            let (topic, number) = what.split_once(' ').expect("topic and number");
            let topics = by_order.entry(number.to_owned()).or_default();
            topics.push(topic.to_owned());
        }
        by_order
    }

    /// Topic and subject of each delivery so far.
    pub fn what(&self) -> Vec<String> {
        self.heard().iter().map(Heard::what).collect()
    }
}

async fn hear(State(listener): State<Listener>, headers: HeaderMap, body: Bytes) -> Response {
    let answer = {
        let mut memory = listener.memory.lock().expect("unbroken");
        let body = String::from_utf8(body.to_vec()).expect("text");
        memory.heard.push(Heard { headers, body });
        memory.answers.pop_front()
    };
    match answer.unwrap_or(Answering::With(StatusCode::NO_CONTENT)) {
        Answering::With(status) => status.into_response(),
        Answering::Saying(status, words) => (status, words).into_response(),
        Answering::Leading(to) => (StatusCode::FOUND, [("location", to)]).into_response(),
        Answering::Later(status, after) => (status, [("retry-after", after)]).into_response(),
        Answering::Never => std::future::pending().await,
    }
}
