//! Signatures of visits: who gives one, to what it is bound, and what voids it.

mod forms;
mod proofs;

use super::registry::{Registry, faulty_fields};
use crate::support::company::{made, post, post_keyed};
use crate::support::{Answer, Client, PASSWORD, number};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use guildhall::clock::Timestamp;
use serde_json::{Value, json};

const DAY: i64 = 86_400;

/// A study with a subject that has one visit, done by one reading.
struct Signing {
    registry: Registry,
    subject: Value,
    reading: Value,
    /// The midnight that began the day of enrolment.
    enrolled: Timestamp,
}

impl Signing {
    async fn open() -> Self {
        Self::of(Registry::open().await, "Week 1").await
    }

    async fn of(mut registry: Registry, visit: &str) -> Self {
        let subject = registry.register("Mei Chen", "01").await;
        let change =
            json!({ "status": "enrolled", "arm": "Morning", "version": 1, "reason": "Eligible" });
        let subject = registry.change(&subject, change).await;
        let at = subject["enrolled_at"].as_str().and_then(Timestamp::parse);
        let at = at.expect("a time").micros();
        let mut signing = Self {
            registry,
            subject,
            reading: json!(null),
            enrolled: Timestamp(at - at.rem_euclid(DAY * 1_000_000)),
        };
        signing.plan(visit, 2).await;
        signing.registry.server.app.clock.advance(20 * DAY);
        signing.reading = signing.record(7 * DAY + 60).await;
        signing
    }

    /// Plans a visit for day 7, and returns its id.
    async fn plan(&mut self, name: &str, after: i64) -> Value {
        let path = format!("/api/v1/studies/{}/visits", self.registry.study);
        let body = json!({ "name": name, "day": 7, "days_before": 1, "days_after": after, "reason": "Protocol" });
        let answer = post(&mut self.registry.admin, &path, body).await;
        made(&answer);
        answer.data()["id"].clone()
    }

    async fn record(&mut self, seconds: i64) -> Value {
        let body = json!({ "record_time": self.enrolled.plus_seconds(seconds).rfc3339(), "heart_rate": 72,
            "blood_pressure": "120/80" });
        let path = self.below("vital-signs");
        let answer = post(&mut self.registry.coordinator, &path, body).await;
        made(&answer);
        answer.data()
    }

    fn below(&self, path: &str) -> String {
        format!("/api/v1/subjects/{}/{path}", self.subject["id"])
    }

    /// The address of the visit's signatures.
    async fn path(&mut self) -> String {
        let visits = self.below("visits");
        let visits = self.registry.monitor.api(&visits).await.data();
        self.below(&format!(
            "visits/{}/signatures",
            visits["items"][0]["visit_id"]
        ))
    }

    /// The hash of what would be signed now, and the signatures.
    async fn shown(&mut self) -> Value {
        let path = self.path().await;
        let answer = self.registry.monitor.api(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.data()
    }

    /// The body that signs what there is now.
    async fn body(&mut self) -> Value {
        let hash = self.shown().await["hash"].clone();
        json!({ "meaning": "review", "hash": hash, "current_password": PASSWORD })
    }

    async fn sign(&mut self) -> Value {
        let (path, body) = (self.path().await, self.body().await);
        let answer = post(&mut self.registry.coordinator, &path, body).await;
        made(&answer);
        answer.data()
    }

    /// Says of each signature of the subject, the latest first, that it is void.
    async fn void(&mut self) -> Vec<bool> {
        let path = self.below("signatures");
        let items = self.registry.monitor.api(&path).await.data()["items"].clone();
        let items = items.as_array().expect("signatures").iter();
        items
            .map(|it| it["void"].as_bool().expect("known"))
            .collect()
    }

    async fn count(&self) -> i64 {
        let count = "SELECT COUNT(*) FROM visit_signatures";
        number(&self.registry.server.app, count).await
    }

    async fn correct(&mut self, mut change: Value) {
        let path = self.below(&format!("vital-signs/{}", self.reading["id"]));
        change["reason"] = json!("Typed wrong");
        change["version"] = self.reading["version"].clone();
        let coordinator = &mut self.registry.coordinator;
        let answer = coordinator.send_json(Method::PATCH, &path, change).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        self.reading = answer.data();
    }

    async fn strike_out(&mut self, reading: &Value) {
        let path = self.below(&format!("vital-signs/{}?reason=Wrong+cuff", reading["id"]));
        let coordinator = &mut self.registry.coordinator;
        let answer = coordinator
            .send_json(Method::DELETE, &path, json!(null))
            .await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
    }

    async fn remove_visit(&mut self) {
        let visits = self.below("visits");
        let visits = self.registry.monitor.api(&visits).await.data();
        let path = format!(
            "/api/v1/studies/{}/visits/{}?reason=Amendment",
            self.registry.study, visits["items"][0]["visit_id"]
        );
        let admin = &mut self.registry.admin;
        let answer = admin.send_json(Method::DELETE, &path, json!(null)).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
    }
}

#[tokio::test]
async fn a_signature_says_who_signed_as_what_and_when() {
    let mut signing = Signing::open().await;
    let signed = signing.sign().await;
    let user = signing.registry.coordinator.user.clone().expect("a person");
    let shown = signing.shown().await;
    assert_eq!(
        (&signed["signer"], &signed["user_id"], &signed["meaning"]),
        (&json!(user.name), &json!(user.id), &json!("review"))
    );
    let now = signing.registry.server.app.clock.now();
    assert_eq!(signed["signed_at"], json!(now.rfc3339()));
    assert_eq!(
        (&signed["hash"], &signed["void"]),
        (&shown["hash"], &json!(false))
    );
    assert_eq!(
        (&shown["readings"], &shown["items"]),
        (&json!(1), &json!([signed]))
    );

    // The name as it was, whatever becomes of it.
    let change = json!({ "name": "Somebody Else" });
    let coordinator = &mut signing.registry.coordinator;
    let answer = coordinator
        .send_json(Method::PATCH, "/api/v1/me", change)
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let again = signing.sign().await;
    assert_eq!(again["signer"], json!("Somebody Else"));
    assert_eq!(signing.shown().await["items"], json!([again, signed]));
    signing.registry.check().await;
}

#[tokio::test]
async fn a_hash_can_be_recomputed_from_the_api_by_the_recipe() {
    use sha2::{Digest, Sha256};
    let mut signing = Signing::open().await;
    signing.correct(json!({ "temperature": 36.6 })).await;
    signing.record(6 * DAY).await;
    signing.record(10 * DAY).await;
    let (readings, visits) = (signing.below("vital-signs"), signing.below("visits"));
    let monitor = &mut signing.registry.monitor;
    let visit = monitor.api(&visits).await.data()["items"][0].clone();
    let readings = monitor.api(&readings).await.data()["items"].clone();
    let line = |values: &[Value]| format!("{}\n", json!(values));
    let (first, last) = (visit["first_day"].clone(), visit["last_day"].clone());
    let number = signing.subject["number"].clone();
    let mut text = line(&[json!("HYP24"), number, visit["visit"].clone(), first, last]);
    for reading in readings.as_array().expect("readings") {
        let at = reading["record_time"].clone();
        if at.as_str().expect("a time")[..10] > *visit["last_day"].as_str().expect("a day") {
            continue;
        }
        let pressure = reading["blood_pressure"].as_str().expect("a pressure");
        let (systolic, diastolic) = pressure.split_once('/').expect("two");
        let word = |name: &str| match &reading[name] {
            Value::Null => Value::Null,
            value => json!(value.to_string()),
        };
        text += &line(&[
            at,
            word("heart_rate"),
            json!(systolic),
            json!(diastolic),
            word("temperature"),
            word("oxygen_saturation"),
            word("respiratory_rate"),
        ]);
    }
    assert_eq!(text.lines().count(), 3, "{text}");
    let hash = hex::encode(Sha256::digest(text));
    assert_eq!(signing.shown().await["hash"], json!(hash));
}

#[tokio::test]
async fn only_a_coordinator_of_the_study_signs() {
    let mut signing = Signing::open().await;
    let other = signing.registry.create("VIT25").await;
    let server = &signing.registry.server;
    let customer = server.program(Role::Customer).await;
    let elsewhere = server.program(Role::Staff).await;
    let admin = server.program(Role::Admin).await;
    let nobody = server.visitor();
    let id = elsewhere.id();
    signing.registry.give(other, id, "coordinator").await;
    let (path, body) = (signing.path().await, signing.body().await);
    let registry = &signing.registry;
    let everybody: [(&str, &Client, u16, u16); 7] = [
        ("nobody", &nobody, 401, 401),
        ("a customer", &customer, 404, 404),
        ("a coordinator of another study", &elsewhere, 404, 404),
        ("a monitor", &registry.monitor, 200, 403),
        ("an auditor", &registry.auditor, 200, 403),
        ("an admin", &admin, 200, 403),
        ("the coordinator", &registry.coordinator, 200, 201),
    ];
    for (who, client, reads, signs) in everybody {
        let mut client = client.clone();
        assert_eq!(client.api(&path).await.status, reads, "{who}");
        let answer = post(&mut client, &path, body.clone()).await;
        assert_eq!(answer.status, signs, "{who}: {}", answer.body);
    }
    assert_eq!(signing.count().await, 1);
    let own = signing.below("visits/999/signatures");
    let answer = post(&mut signing.registry.coordinator, &own, body).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    signing.registry.check().await;
}

#[tokio::test]
async fn a_request_says_all_that_is_needed() {
    let mut signing = Signing::open().await;
    let (path, body) = (signing.path().await, signing.body().await);
    let coordinator = &mut signing.registry.coordinator;
    let answer = post(coordinator, &path, json!({})).await;
    assert_eq!(
        faulty_fields(&answer),
        ["current_password", "hash", "meaning"]
    );
    let mut other = body.clone();
    other["meaning"] = json!("Review");
    other["hash"] = json!("0");
    let answer = post(coordinator, &path, other).await;
    assert_eq!(faulty_fields(&answer), ["hash", "meaning"]);

    // A hash that was not shown, and one of what is there no more.
    let stale = |answer: &Answer| {
        let said = (answer.status, answer.code());
        assert_eq!(said, (StatusCode::CONFLICT, 3001), "{}", answer.body);
    };
    let mut other = body.clone();
    other["hash"] = json!("0".repeat(64));
    stale(&post(coordinator, &path, other).await);
    signing.correct(json!({ "heart_rate": 73 })).await;
    let coordinator = &mut signing.registry.coordinator;
    stale(&post(coordinator, &path, body.clone()).await);
    let reading = signing.reading.clone();
    signing.strike_out(&reading).await;
    assert_eq!(signing.shown().await["hash"], json!(null));
    let answer = post(&mut signing.registry.coordinator, &path, body).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3609));
    assert_eq!(signing.count().await, 0);
    signing.registry.check().await;
}

#[tokio::test]
async fn a_wrong_password_signs_nothing_and_guessing_is_throttled() {
    let mut signing = Signing::open().await;
    let (path, body) = (signing.path().await, signing.body().await);
    let mut wrong = body.clone();
    wrong["current_password"] = json!("a wrong guess");
    let coordinator = &mut signing.registry.coordinator;
    for _ in 0..10 {
        let answer = post(coordinator, &path, wrong.clone()).await;
        assert_eq!(faulty_fields(&answer), ["current_password"]);
    }
    let answer = post(coordinator, &path, body.clone()).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    let wait: i64 = answer.header("retry-after").parse().expect("seconds");
    assert_eq!(signing.count().await, 0);
    signing.registry.server.app.clock.advance(wait);
    made(&post(&mut signing.registry.coordinator, &path, body).await);
    signing.registry.check().await;
}

#[tokio::test]
async fn a_repeated_request_signs_once() {
    let mut signing = Signing::open().await;
    let (path, body) = (signing.path().await, signing.body().await);
    let coordinator = &signing.registry.coordinator;
    let mut clients = [coordinator.clone(), coordinator.clone()];
    let [one, two] = &mut clients;
    let (one, two) = tokio::join!(
        post_keyed(one, &path, "once", &body),
        post_keyed(two, &path, "once", &body)
    );
    made(&one);
    assert_eq!(one.data(), two.data());
    // The repeat says what has become of it.
    signing.correct(json!({ "heart_rate": 73 })).await;
    let again = post_keyed(&mut signing.registry.coordinator, &path, "once", &body).await;
    assert_eq!(again.data()["id"], one.data()["id"]);
    assert_eq!(again.data()["void"], json!(true));
    let mut other = body;
    other["meaning"] = json!("approval");
    let other = post_keyed(&mut signing.registry.coordinator, &path, "once", &other).await;
    assert_eq!(other.code(), 2003, "{}", other.body);
    assert_eq!(signing.count().await, 1);
    signing.registry.check().await;
}

#[tokio::test]
async fn a_change_of_what_was_signed_voids_the_signature_and_a_change_back_ends_that() {
    let mut signing = Signing::open().await;
    signing.sign().await;
    // A reading before the window, and one after it.
    signing.record(6 * DAY - 1).await;
    signing.record(10 * DAY).await;
    assert_eq!(signing.void().await, [false]);

    signing.correct(json!({ "heart_rate": 73 })).await;
    assert_eq!(signing.void().await, [true]);
    signing.sign().await;
    assert_eq!(signing.void().await, [false, true]);
    signing.correct(json!({ "heart_rate": 72 })).await;
    assert_eq!(signing.void().await, [true, false]);

    let more = signing.record(6 * DAY).await;
    assert_eq!(signing.void().await, [true, true]);
    signing.strike_out(&more).await;
    assert_eq!(signing.void().await, [true, false]);
    let reading = signing.reading.clone();
    signing.strike_out(&reading).await;
    assert_eq!(signing.void().await, [true, true]);
    // Recorded anew with the same values.
    signing.record(7 * DAY + 60).await;
    assert_eq!(signing.void().await, [true, false]);

    signing.remove_visit().await;
    assert_eq!(signing.void().await, [true, true]);
    signing.plan("Week 1", 1).await;
    assert_eq!(signing.void().await, [true, true]);
    signing.remove_visit().await;
    signing.plan("Week one", 2).await;
    assert_eq!(signing.void().await, [true, true]);
    assert_eq!(signing.shown().await["items"], json!([]));
    signing.remove_visit().await;
    signing.plan("Week 1", 2).await;
    assert_eq!(signing.void().await, [true, false]);
    assert_eq!(signing.shown().await["items"][1]["void"], json!(false));
    signing.registry.check().await;
}
