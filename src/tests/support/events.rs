//! A company's events: webhooks it tells, mails it sends, and what could not be delivered.

use crate::support::Answer;
use crate::support::company::Company;
use axum::http::{Method, StatusCode};
use guildhall::events::deliver_due;
use serde_json::{Value, json};

impl Company {
    /// Allows webhooks to this machine, where the tests listen.
    pub async fn open_to_listeners() -> Self {
        Self::open_with(|config| config.webhooks.allow_private = true).await
    }

    /// Delivers all that is due, and says how much that was.
    pub async fn deliver(&self) -> usize {
        let mut all = 0;
        loop {
            match deliver_due(&self.server.app).await.expect("delivers") {
                0 => return all,
                some => all += some,
            }
        }
    }

    /// The files of the mails so far, by name.
    pub fn mails(&self) -> Vec<String> {
        let Ok(folder) = std::fs::read_dir(self.server.mails()) else {
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
        let bytes = std::fs::read(self.server.mails().join(name)).expect("a file");
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

    pub async fn delete_webhook(&mut self, webhook: &Value) {
        let path = format!("/api/v1/webhooks/{}", webhook["id"]);
        let answer = self.staff.send_json(Method::DELETE, &path, json!({})).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
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
