//! A shop whose events are told: somebody who buys, somebody who packs, and somebody who listens.

use crate::support::{Answer, Client, TestServer, unique};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use guildhall::accounts::Role;
use guildhall::events::deliver_due;
use guildhall::server::config::Config;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

pub struct Shop {
    pub server: TestServer,
    pub staff: Client,
    pub mei: Client,
    pub product: i64,
    mail: PathBuf,
}

impl Shop {
    /// Listeners may be on this machine.
    pub async fn open() -> Self {
        Self::open_with(|config| config.webhooks.allow_private = true).await
    }

    pub async fn open_with(change: impl FnOnce(&mut Config)) -> Self {
        let mail = std::env::temp_dir().join(format!("guildhall-mail-{}", unique()));
        let server = TestServer::start_with(|config| {
            config.mail.folder = mail.display().to_string();
            // Programs are not to sign in again when the clock is moved.
            config.accounts.access_token_minutes = 600_000;
            config.accounts.sign_in_max_days = 3_650;
            change(config);
        })
        .await;
        let mut staff = server.program(Role::Staff).await;
        let mei = server.program(Role::Customer).await;
        let category = json!({ "name": "Keyboards" });
        let made = staff
            .send_json(Method::POST, "/api/v1/categories", category)
            .await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let product =
            json!({ "name": "键盘 [Pro]", "price": 19_900, "category": "keyboards", "stock": 100 });
        let product = staff
            .send_json(Method::POST, "/api/v1/products", product)
            .await;
        let top_up = format!("/api/v1/users/{}/top-up", mei.id());
        let body = json!({ "amount": 10_000_000, "memo": "" });
        let topped = staff.send_json(Method::POST, &top_up, body).await;
        assert_eq!(topped.status, StatusCode::CREATED, "{}", topped.body);
        Self {
            product: product.data()["id"].as_i64().expect("an id"),
            server,
            staff,
            mei,
            mail,
        }
    }

    /// Two keyboards by standard delivery; gives the order's number.
    pub async fn order(&mut self, payment: &str) -> String {
        self.order_by(payment, "standard").await
    }

    pub async fn order_by(&mut self, payment: &str, delivery: &str) -> String {
        let body = json!({
            "items": [{ "product_id": self.product, "quantity": 2 }],
            "address": {
                "name": "Mei *Chen*", "line1": "12 Tower Street", "city": "Shanghai",
                "postal_code": "200001", "country": "CN",
            },
            "delivery": delivery,
            "payment": payment,
        });
        let answer = self
            .mei
            .send_json(Method::POST, "/api/v1/orders", body)
            .await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        answer.data()["number"]
            .as_str()
            .expect("a number")
            .to_owned()
    }

    /// Staff take the order a step further.
    pub async fn step(&mut self, number: &str, step: &str, body: Value) {
        let path = format!("/api/v1/orders/{number}/{step}");
        let answer = self.staff.send_json(Method::POST, &path, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }

    /// Tells all that is due, and says how much that was.
    pub async fn deliver(&self) -> usize {
        let mut all = 0;
        loop {
            match deliver_due(&self.server.app).await.expect("delivers") {
                0 => return all,
                some => all += some,
            }
        }
    }

    pub fn wait(&self, seconds: i64) {
        self.server.app.clock.advance(seconds);
    }

    /// The files of the mails so far, by name.
    pub fn mails(&self) -> Vec<String> {
        let Ok(folder) = std::fs::read_dir(&self.mail) else {
            return Vec::new();
        };
        let names = folder.flatten().map(|file| file.file_name());
        let mut names: Vec<String> = names
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// The mail about this: its headers, and its text.
    pub fn mail(&self, about: &str) -> (String, String) {
        let names = self.mails();
        let name = names.iter().find(|name| name.contains(about));
        let name = name.unwrap_or_else(|| panic!("no mail about {about} in {names:?}"));
        let bytes = std::fs::read(self.mail.join(name)).expect("a file");
        let mail = String::from_utf8(bytes).expect("text");
        let (headers, body) = mail.split_once("\r\n\r\n").expect("headers and a body");
        let body = quoted_printable::decode(body, quoted_printable::ParseMode::Strict);
        let text = String::from_utf8(body.expect("readable")).expect("UTF-8");
        (headers.to_owned(), text.replace("\r\n", "\n"))
    }

    /// Subscribes `url` to these events, and gives what the API says of it.
    pub async fn subscribe(&mut self, url: &str, events: &str) -> Value {
        let answer = self.try_subscribe(url, events).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        answer.data()
    }

    pub async fn try_subscribe(&mut self, url: &str, events: &str) -> Answer {
        let body = json!({ "url": url, "events": [events] });
        self.staff
            .send_json(Method::POST, "/api/v1/webhooks", body)
            .await
    }

    /// The webhook's log, the newest delivery first.
    pub async fn log(&mut self, webhook: &Value) -> Vec<Value> {
        let path = format!("/api/v1/webhooks/{}/deliveries", webhook["id"]);
        let items = self.staff.api(&path).await.data()["items"].clone();
        items.as_array().expect("a list").clone()
    }

    pub async fn dead(&mut self) -> Vec<Value> {
        let items = self.staff.api("/api/v1/events/dead").await.data()["items"].clone();
        items.as_array().expect("a list").clone()
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        // Left behind only where the system holds on to it; it is in the temporary folder.
        let _ = std::fs::remove_dir_all(&self.mail);
    }
}

/// What somebody was told.
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

/// How a listener answers.
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

    /// So the next ones are answered, one after the other.
    pub fn answer(&self, answers: impl IntoIterator<Item = Answering>) {
        self.memory
            .lock()
            .expect("unbroken")
            .answers
            .extend(answers);
    }

    /// So many times it fails.
    pub fn fail(&self, times: usize) {
        self.answer(vec![
            Answering::With(StatusCode::INTERNAL_SERVER_ERROR);
            times
        ]);
    }

    pub fn heard(&self) -> Vec<Heard> {
        self.memory.lock().expect("unbroken").heard.clone()
    }

    /// What was heard, in short.
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
