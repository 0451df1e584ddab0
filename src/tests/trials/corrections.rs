//! Readings that are corrected, and readings that are struck out.

use super::imports::files::{GOOD, open, send};
use super::registry::{Registry, faulty_fields};
use crate::support::company::{made, post};
use crate::support::forms::{field, form_of};
use crate::support::{Answer, Client, execute, number};
use axum::http::{Method, StatusCode};
use guildhall::trials::verify_trials;
use serde_json::{Value, json};

const TIME: &str = "2020-03-01T08:15:00Z";

/// A registry with a subject that has one reading, and the address of its readings.
async fn with_reading() -> (Registry, String, Value) {
    let mut registry = Registry::open().await;
    let subject = registry.register("Mei Chen", "01").await;
    let path = format!("/api/v1/subjects/{}/vital-signs", subject["id"]);
    let body = json!({ "record_time": TIME, "heart_rate": 72, "blood_pressure": "120/80", "temperature": 36.6 });
    let answer = post(&mut registry.coordinator, &path, body).await;
    made(&answer);
    (registry, path, answer.data())
}

async fn correct(client: &mut Client, path: &str, reading: &Value, change: Value) -> Answer {
    let path = format!("{path}/{}", reading["id"]);
    client.send_json(Method::PATCH, &path, change).await
}

async fn strike_out(client: &mut Client, path: &str, reading: &Value, query: &str) -> Answer {
    let path = format!("{path}/{}?{query}", reading["id"]);
    client.send_json(Method::DELETE, &path, json!(null)).await
}

/// The entries about a record as `field old new reason`, the latest first.
async fn entries(registry: &mut Registry, record: &str) -> Vec<String> {
    let path = format!("/api/v1/studies/{}/audit?record={record}", registry.study);
    let items = registry.auditor.api(&path).await.data()["items"].clone();
    let text = |value: &Value| value.as_str().unwrap_or("–").to_owned();
    let items = items.as_array().expect("entries").iter();
    items
        .map(|it| {
            ["field", "old", "new", "reason"]
                .map(|name| text(&it[name]))
                .join(" ")
        })
        .collect()
}

#[tokio::test]
async fn each_corrected_field_is_an_entry_with_the_reason() {
    let (mut registry, path, reading) = with_reading().await;
    assert_eq!(reading["version"], 1);
    let change = json!({ "heart_rate": 172, "blood_pressure": "118/80", "temperature": null, "version": 1,
        "reason": "Read from the paper" });
    let answer = correct(&mut registry.coordinator, &path, &reading, change.clone()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let after = answer.data();
    assert_eq!(
        (
            &after["heart_rate"],
            &after["blood_pressure"],
            &after["temperature"]
        ),
        (&json!(172), &json!("118/80"), &json!(null))
    );
    assert_eq!(
        (&after["version"], &after["unusual"]),
        (&json!(2), &json!(["heart_rate"]))
    );
    let read = registry
        .monitor
        .api(&format!("{path}/{}", reading["id"]))
        .await;
    assert_eq!(read.data(), after);
    let told = entries(&mut registry, &format!("vital/HYP24-01-0001/{TIME}")).await;
    assert_eq!(
        told[..3],
        [
            "temperature 36.6 – Read from the paper",
            "systolic 120 118 Read from the paper",
            "heart_rate 72 172 Read from the paper",
        ]
    );
    // From a version that is gone, and what changes nothing.
    let answer = correct(&mut registry.coordinator, &path, &reading, change).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3001));
    let same = json!({ "heart_rate": 172, "version": 2, "reason": "Nothing" });
    let answer = correct(&mut registry.coordinator, &path, &reading, same).await;
    assert_eq!(answer.data()["version"], 2, "{}", answer.body);
    assert_eq!(
        entries(&mut registry, &format!("vital/HYP24-01-0001/{TIME}")).await,
        told
    );
    registry.check().await;
}

#[tokio::test]
async fn a_correction_is_checked_as_a_new_reading_is() {
    let (mut registry, path, reading) = with_reading().await;
    for (change, fields) in [
        (json!({}), vec!["reason", "version"]),
        (
            json!({ "heart_rate": 500, "blood_pressure": "80/120", "temperature": 50, "record_time": "2999-01-01T00:00:00Z",
                "oxygen_saturation": 101, "respiratory_rate": [], "reason": "x" }),
            vec![
                "blood_pressure",
                "heart_rate",
                "oxygen_saturation",
                "record_time",
                "respiratory_rate",
                "temperature",
                "version",
            ],
        ),
        (
            json!({ "heart_rate": null, "blood_pressure": null, "record_time": null, "version": 1, "reason": "x" }),
            vec!["blood_pressure", "heart_rate", "record_time"],
        ),
    ] {
        let answer = correct(&mut registry.coordinator, &path, &reading, change.clone()).await;
        assert_eq!(faulty_fields(&answer), fields, "{change}");
    }
    let read = registry
        .monitor
        .api(&format!("{path}/{}", reading["id"]))
        .await;
    assert_eq!(read.data(), reading);
    let other = path.replace(&path[17..18], "9");
    let change = json!({ "heart_rate": 73, "version": 1, "reason": "x" });
    let answer = correct(&mut registry.coordinator, &other, &reading, change).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{other}");
    registry.check().await;
}

#[tokio::test]
async fn a_reading_goes_to_a_time_that_is_free() {
    let (mut registry, path, reading) = with_reading().await;
    let taken = "2020-03-02T08:15:00Z";
    let body = json!({ "record_time": taken, "heart_rate": 70, "blood_pressure": "120/80" });
    made(&post(&mut registry.coordinator, &path, body).await);
    let change = |to: &str| json!({ "record_time": to, "heart_rate": 71, "version": 1, "reason": "A day late" });
    let answer = correct(&mut registry.coordinator, &path, &reading, change(taken)).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3603));
    let free = "2020-03-03T16:15:00+08:00";
    let answer = correct(&mut registry.coordinator, &path, &reading, change(free)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let at = "2020-03-03T08:15:00Z";
    assert_eq!(answer.data()["record_time"], at);
    let moved = format!("record_time {TIME} {at} A day late");
    let told = entries(&mut registry, &format!("vital/HYP24-01-0001/{at}")).await;
    assert_eq!(told, ["heart_rate 72 71 A day late", &moved]);
    let told = entries(&mut registry, &format!("vital/HYP24-01-0001/{TIME}")).await;
    assert_eq!(told[0], moved);
    registry.check().await;
}

#[tokio::test]
async fn a_reading_that_is_struck_out_is_kept_and_counts_no_more() {
    let (mut registry, path, reading) = with_reading().await;
    let answer = strike_out(&mut registry.coordinator, &path, &reading, "").await;
    assert_eq!(faulty_fields(&answer), ["reason"]);
    let stale = "version=7&reason=Stale";
    let answer = strike_out(&mut registry.coordinator, &path, &reading, stale).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3001));
    for _ in 0..2 {
        let answer = strike_out(
            &mut registry.coordinator,
            &path,
            &reading,
            "version=1&reason=Wrong+cuff",
        )
        .await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
    }
    let told = entries(&mut registry, &format!("vital/HYP24-01-0001/{TIME}")).await;
    assert_eq!(told[0], "status recorded struck_out Wrong cuff");
    let list = registry.monitor.api(&path).await.data();
    assert_eq!(list["items"], json!([]));
    let list = registry
        .monitor
        .api(&format!("{path}?struck_out=true"))
        .await
        .data();
    let kept = &list["items"][0];
    assert_eq!(kept["struck_out_by"], registry.coordinator.id());
    assert!(kept["struck_out_at"].is_string(), "{kept}");
    let change = json!({ "heart_rate": 70, "version": 2, "reason": "Too late" });
    let answer = correct(&mut registry.coordinator, &path, &reading, change).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3608));

    // There is room for another at its time, and then no more.
    let body = json!({ "record_time": TIME, "heart_rate": 74, "blood_pressure": "120/80" });
    let again = post(&mut registry.coordinator, &path, body).await;
    made(&again);
    assert_ne!(again.data()["id"], reading["id"]);
    let body = json!({ "record_time": TIME, "heart_rate": 75, "blood_pressure": "120/80" });
    let answer = post(&mut registry.coordinator, &path, body).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3603));
    assert_eq!(
        number(&registry.server.app, "SELECT COUNT(*) FROM vital_signs").await,
        2
    );
    registry.check().await;
}

#[tokio::test]
async fn an_import_finds_room_where_a_reading_is_struck_out() {
    let mut registry = open().await;
    let query = format!("project_id={}&again=true", registry.study);
    made(&send(&mut registry.coordinator, &query, GOOD.as_bytes()).await);
    let id = number(
        &registry.server.app,
        "SELECT MIN(subject_id) FROM vital_signs",
    )
    .await;
    let path = format!("/api/v1/subjects/{id}/vital-signs");
    let reading = registry.coordinator.api(&path).await.data()["items"][1].clone();
    let answer = strike_out(
        &mut registry.coordinator,
        &path,
        &reading,
        "reason=Wrong+patient",
    )
    .await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
    let report = send(&mut registry.coordinator, &query, GOOD.as_bytes())
        .await
        .data();
    assert_eq!(
        (&report["good"], &report["bad"]),
        (&json!(1), &json!(4)),
        "{report}"
    );
    let report = send(&mut registry.coordinator, &query, GOOD.as_bytes())
        .await
        .data();
    assert_eq!(
        (&report["good"], &report["bad"]),
        (&json!(0), &json!(5)),
        "{report}"
    );
    registry.check().await;
}

#[tokio::test]
async fn an_import_that_is_taken_back_leaves_what_somebody_touched() {
    let mut registry = open().await;
    let query = format!("project_id={}", registry.study);
    let report = send(&mut registry.coordinator, &query, GOOD.as_bytes())
        .await
        .data();
    let id = number(
        &registry.server.app,
        "SELECT MAX(subject_id) FROM vital_signs",
    )
    .await;
    let path = format!("/api/v1/subjects/{id}/vital-signs");
    let items = registry.coordinator.api(&path).await.data()["items"].clone();
    let change = json!({ "heart_rate": 65, "version": 1, "reason": "Misread" });
    let answer = correct(&mut registry.coordinator, &path, &items[0], change).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    strike_out(
        &mut registry.coordinator,
        &path,
        &items[1],
        "reason=Wrong+patient",
    )
    .await;

    let user = registry.coordinator.user.clone().expect("somebody");
    let mut sam = registry.server.sign_in(&user).await;
    let import = format!("/trials/HYP24/imports/{}", report["id"]);
    let page = sam.page(&import).await;
    assert!(
        page.contains("3 readings are removed") && page.contains("2 more stay"),
        "{page}"
    );
    let revert = format!("/api/v1/imports/{}/revert", report["id"]);
    for _ in 0..2 {
        let reason = json!({ "reason": "Wrong ward" });
        let answer = post(&mut registry.coordinator, &revert, reason).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let told = answer.data();
        assert_eq!(
            (&told["status"], &told["kept"]),
            (&json!("reverted"), &json!(2))
        );
        let kept = told["kept_readings"].as_array().expect("readings").iter();
        let kept: Vec<_> = kept
            .map(|it| (it["id"].clone(), it["struck_out"].clone()))
            .collect();
        let mut expected = vec![
            (items[1]["id"].clone(), json!(true)),
            (items[0]["id"].clone(), json!(false)),
        ];
        expected.sort_by_key(|(id, _)| id.as_i64());
        assert_eq!(kept, expected);
    }
    assert_eq!(
        number(&registry.server.app, "SELECT COUNT(*) FROM vital_signs").await,
        2
    );
    let page = sam.page(&import).await;
    assert!(
        page.contains("2 readings stay") && page.contains("HYP24-01-0002, reading of"),
        "{page}"
    );
    // The file comes in again, but for the one that is there.
    let report = send(&mut registry.coordinator, &query, GOOD.as_bytes())
        .await
        .data();
    assert_eq!(
        (&report["good"], &report["bad"]),
        (&json!(4), &json!(1)),
        "{report}"
    );
    registry.check().await;
}

#[tokio::test]
async fn a_reading_is_corrected_on_its_page_and_a_stale_edit_loses_nothing() {
    let (mut registry, path, reading) = with_reading().await;
    let user = registry.coordinator.user.clone().expect("somebody");
    let mut sam = registry.server.sign_in(&user).await;
    let subject = "/trials/HYP24/subjects/HYP24-01-0001";
    let page = format!("{subject}/vital-signs/{}", reading["id"]);
    assert!(
        sam.page(subject)
            .await
            .contains(&format!("href=\"{page}\""))
    );
    let opened = sam.page(&page).await;
    let form = form_of(&opened, &page);
    let names = [
        "record_time",
        "heart_rate",
        "blood_pressure",
        "temperature",
        "oxygen_saturation",
    ];
    assert_eq!(
        names.map(|name| field(form, name)),
        ["2020-03-01 08:15", "72", "120/80", "36.6", ""]
    );
    let mut fields: Vec<(String, String)> = Vec::new();
    for name in [
        "record_time",
        "heart_rate",
        "blood_pressure",
        "temperature",
        "oxygen_saturation",
        "respiratory_rate",
    ] {
        fields.push((
            format!("was_{name}"),
            field(form, &format!("was_{name}")).to_owned(),
        ));
        fields.push((name.to_owned(), field(form, name).to_owned()));
    }
    fields.push(("version".to_owned(), field(form, "version").to_owned()));
    let typed = |changes: &[(&str, &str)]| {
        let mut fields = fields.clone();
        for (name, text) in changes {
            fields.retain(|(field, _)| field != name);
            fields.push(((*name).to_owned(), (*text).to_owned()));
        }
        fields
    };
    let send = async |client: &mut Client, fields: Vec<(String, String)>| {
        let fields: Vec<_> = fields
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        client.post(&page, &fields).await
    };
    let answer = send(&mut sam, typed(&[("heart_rate", "7O"), ("reason", "")])).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for shown in ["value=\"7O\"", "Write a whole number", "Say why"] {
        assert!(answer.body.contains(shown), "{shown}");
    }
    let theirs = json!({ "heart_rate": 75, "version": 1, "reason": "Misread" });
    correct(&mut registry.coordinator, &path, &reading, theirs).await;
    let mine = [("blood_pressure", "122/80"), ("reason", "Second look")];
    let answer = send(&mut sam, typed(&mine)).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
    let form = form_of(&answer.body, &page);
    assert_eq!(
        ["heart_rate", "blood_pressure", "reason", "version"].map(|name| field(form, name)),
        ["75", "122/80", "Second look", "2"]
    );
    let again = [
        ("heart_rate", "75"),
        ("blood_pressure", "122/80"),
        ("reason", "Second look"),
        ("version", "2"),
    ];
    let answer = send(&mut sam, typed(&again)).await;
    assert_eq!(answer.header("location"), subject, "{}", answer.body);
    let shown = sam.page(subject).await;
    assert!(
        shown.contains("122 mmHg") && shown.contains("Corrected"),
        "{shown}"
    );
    assert!(sam.page(&page).await.contains("Second look"));

    // Whoever is correcting a reading while it is struck out has what they typed, to record it.
    strike_out(
        &mut registry.coordinator,
        &path,
        &reading,
        "reason=Wrong+cuff",
    )
    .await;
    let answer = send(
        &mut sam,
        typed(&[("heart_rate", "99"), ("version", "3"), ("reason", "Late")]),
    )
    .await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let form = form_of(&answer.body, &format!("{subject}/vital-signs"));
    assert_eq!(field(form, "heart_rate"), "99");
    registry.check().await;
}

#[tokio::test]
async fn a_struck_out_reading_is_in_the_table_and_not_in_the_charts() {
    let (mut registry, path, reading) = with_reading().await;
    let users =
        [&registry.coordinator, &registry.monitor].map(|it| it.user.clone().expect("somebody"));
    let mut sam = registry.server.sign_in(&users[0]).await;
    let mut mona = registry.server.sign_in(&users[1]).await;
    let subject = "/trials/HYP24/subjects/HYP24-01-0001";
    let page = format!("{subject}/vital-signs/{}", reading["id"]);
    assert!(!mona.page(subject).await.contains(&page));
    assert_eq!(mona.get(&page).await.status, StatusCode::FORBIDDEN);
    let strike = format!("{page}/strike-out");
    let fields = [("version", "1"), ("reason", "Wrong cuff")];
    assert_eq!(
        mona.post(&strike, &fields).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        mona.post(&page, &fields).await.status,
        StatusCode::FORBIDDEN
    );
    let answer = sam.post(&strike, &[("version", "1"), ("reason", "")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = sam
        .post(&strike, &[("version", "9"), ("reason", "Wrong cuff")])
        .await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(
        field(form_of(&answer.body, &strike), "reason"),
        "Wrong cuff"
    );
    let answer = sam.post(&strike, &fields).await;
    assert_eq!(answer.header("location"), subject, "{}", answer.body);
    let shown = mona.page(subject).await;
    assert!(
        shown.contains("<del>72 /min<") && shown.contains("Struck out by"),
        "{shown}"
    );
    assert!(
        !shown.contains("vital-chart\""),
        "no chart of what does not count"
    );
    let shown = sam.page(&page).await;
    assert!(
        shown.contains("stays as it is") && !shown.contains("Strike out"),
        "{shown}"
    );
    let body = json!({ "record_time": TIME, "heart_rate": 74, "blood_pressure": "120/80" });
    made(&post(&mut registry.coordinator, &path, body).await);
    let shown = sam.page(subject).await;
    let counting = shown.find(">74 /min").expect("the one that counts");
    assert!(
        counting < shown.find("<del>72 /min").expect("the other"),
        "{shown}"
    );
    registry.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_corrections_at_the_same_moment_one_is_made() {
    let (mut registry, path, reading) = with_reading().await;
    let sent: Vec<_> = (0..8)
        .map(|more| {
            let (mut client, path, reading) =
                (registry.coordinator.clone(), path.clone(), reading.clone());
            tokio::spawn(async move {
                let change = json!({ "heart_rate": 80 + more, "version": 1, "reason": "Misread" });
                correct(&mut client, &path, &reading, change).await.status
            })
        })
        .collect();
    let mut statuses = Vec::new();
    for answer in sent {
        statuses.push(answer.await.expect("an answer").as_u16());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409, 409, 409, 409, 409]);
    let told = entries(&mut registry, &format!("vital/HYP24-01-0001/{TIME}")).await;
    let changes = told.iter().filter(|it| it.ends_with("Misread")).count();
    assert_eq!(changes, 1, "{told:?}");
    registry.check().await;
}

#[tokio::test]
async fn verification_sees_what_was_struck_out_beside_the_program() {
    let (mut registry, path, reading) = with_reading().await;
    let other = registry.create("VIT25").await;
    let study = registry.study;
    let app = &registry.server.app;
    let id = &reading["id"];
    for (done, undone, found) in [
        (
            "UPDATE vital_signs SET struck_out_at = 1".to_owned(),
            "UPDATE vital_signs SET struck_out_at = NULL".to_owned(),
            "Study HYP24 has 1 readings that are struck out, and its audit trail says 0".to_owned(),
        ),
        (
            format!("UPDATE vital_signs SET study_id = {other}"),
            format!("UPDATE vital_signs SET study_id = {study}"),
            format!("Reading no. {id} is in study no. {other}, and its subject in no. {study}"),
        ),
    ] {
        execute(app, &done).await;
        let findings = verify_trials(app).await.expect("reads");
        let said: Vec<&str> = findings.iter().map(|finding| finding.0.as_str()).collect();
        assert_eq!(said, [found]);
        execute(app, &undone).await;
    }
    let query = "reason=Wrong+cuff";
    strike_out(&mut registry.coordinator, &path, &reading, query).await;
    registry.check().await;
    let app = &registry.server.app;
    execute(app, "UPDATE vital_signs SET struck_out_at = NULL").await;
    assert_eq!(verify_trials(app).await.expect("reads").len(), 1);
}
