//! The readings of a whole study: their list, its filters, and the counts on the study's page.

use super::registry::{Registry, faulty_fields};
use crate::support::company::{made, post};
use axum::http::{Method, StatusCode};
use guildhall::clock::Timestamp;
use serde_json::{Value, json};

/// A registry with two subjects at different sites, and readings of both: day, subject, heart rate, blood pressure,
/// temperature.
async fn with_readings() -> Registry {
    let mut registry = Registry::open().await;
    let mut paths = Vec::new();
    for site in ["01", "02"] {
        let subject = registry.register("Mei Chen", site).await;
        paths.push(format!("/api/v1/subjects/{}/vital-signs", subject["id"]));
    }
    for (day, subject, heart_rate, pressure, temperature) in [
        (1, 0, 72, "120/80", json!(36.6)),
        (2, 1, 45, "165/85", json!(null)),
        (3, 0, 115, "120/80", json!(34.9)),
        (3, 1, 70, "118/79", json!(38.4)),
        (4, 0, 44, "121/81", json!(36.5)),
    ] {
        let body = json!({ "record_time": format!("2020-03-0{day}T08:15:00Z"), "heart_rate": heart_rate,
            "blood_pressure": pressure, "temperature": temperature });
        made(&post(&mut registry.coordinator, &paths[subject], body).await);
    }
    registry
}

/// The readings as `number day heart_rate`, page by page.
async fn listed(registry: &mut Registry, query: &str) -> Vec<String> {
    let path = format!(
        "/api/v1/studies/{}/vital-signs?limit=2&{query}",
        registry.study
    );
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let answer = registry
            .monitor
            .api(&format!("{path}&cursor={cursor}"))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let page = answer.data();
        let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
        for it in page["items"].as_array().expect("readings") {
            let (number, time) = (text(&it["number"]), text(&it["record_time"]));
            found.push(format!(
                "{} {} {}",
                &number[6..8],
                &time[8..10],
                it["heart_rate"]
            ));
        }
        match page["next_cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => return found,
        }
    }
}

#[tokio::test]
async fn readings_are_found_by_subject_measure_and_range() {
    let mut registry = with_readings().await;
    let all = ["01 04 44", "02 03 70", "01 03 115", "02 02 45", "01 01 72"];
    for (query, found) in [
        ("", &all[..]),
        ("q=hyp24-02", &["02 03 70", "02 02 45"]),
        ("q=HYP24-01-0001", &["01 04 44", "01 03 115", "01 01 72"]),
        ("q=HYP24-09", &[]),
        ("q=%25", &[]),
        (
            "unusual=any",
            &["01 04 44", "02 03 70", "01 03 115", "02 02 45"],
        ),
        ("unusual=heart_rate", &["01 04 44", "01 03 115", "02 02 45"]),
        ("unusual=heart_rate&range=below", &["01 04 44", "02 02 45"]),
        (
            "unusual=heart_rate&range=below&q=HYP24-02-0001",
            &["02 02 45"],
        ),
        ("unusual=temperature&range=above", &["02 03 70"]),
        ("unusual=systolic", &["02 02 45"]),
        ("unusual=diastolic", &[]),
        ("range=above", &["02 03 70", "01 03 115", "02 02 45"]),
    ] {
        assert_eq!(listed(&mut registry, query).await, found, "{query}");
    }
    let path = format!("/api/v1/studies/{}/vital-signs", registry.study);
    let answer = registry
        .monitor
        .api(&format!("{path}?unusual=pulse&range=beside"))
        .await;
    assert_eq!(faulty_fields(&answer), ["range", "unusual"]);
    let answer = registry.monitor.api(&format!("{path}?cursor=!")).await;
    assert_eq!(faulty_fields(&answer), ["cursor"]);
}

#[tokio::test]
async fn the_ranges_of_today_decide_and_what_is_struck_out_is_not_there() {
    let mut registry = with_readings().await;
    let user = registry.monitor.user.clone().expect("a monitor");
    let mut mona = registry.server.sign_in(&user).await;
    let page = mona.page("/trials/HYP24").await;
    assert!(page.contains("4 of 5 readings"), "{page}");
    let link = |word: &str, values: u8| format!("readings?unusual={word}\">{values}<");
    for (word, values) in [("heart_rate", 3), ("systolic", 1), ("temperature", 2)] {
        assert!(page.contains(&link(word, values)), "{word}: {page}");
    }
    assert!(!page.contains("unusual=diastolic"));
    let app = &registry.server.app;
    let range = format!(
        "INSERT INTO study_ranges (study_id, measure, low, high) VALUES ({}, 'heart_rate', 40, 80)",
        registry.study
    );
    crate::support::execute(app, &range).await;
    assert_eq!(
        listed(&mut registry, "unusual=heart_rate").await,
        ["01 03 115"]
    );

    let path = format!(
        "/api/v1/studies/{}/vital-signs?unusual=heart_rate",
        registry.study
    );
    let found = registry.monitor.api(&path).await.data()["items"][0].clone();
    let reading = format!(
        "/api/v1/subjects/{}/vital-signs/{}",
        found["subject_id"], found["id"]
    );
    assert_eq!(found["unusual"], json!(["heart_rate", "temperature"]));
    let strike = format!("{reading}?reason=Wrong+cuff");
    registry
        .coordinator
        .send_json(Method::DELETE, &strike, json!(null))
        .await;
    assert_eq!(listed(&mut registry, "").await.len(), 4);
    assert_eq!(listed(&mut registry, "unusual=heart_rate").await, [""; 0]);
    let page = mona.page("/trials/HYP24").await;
    assert!(
        page.contains("2 of 4 readings") && !page.contains("unusual=heart_rate"),
        "{page}"
    );
    registry.check().await;
}

#[tokio::test]
async fn a_monitor_reads_the_list_page_by_page() {
    let mut registry = with_readings().await;
    let subject = registry.register("Noor Ali", "01").await;
    let path = format!("/api/v1/subjects/{}/vital-signs", subject["id"]);
    let Timestamp(now) = registry.server.app.clock.now();
    let minute = Timestamp(now - now.rem_euclid(60_000_000));
    for ago in 0..60 {
        let body = json!({ "record_time": minute.plus_seconds(-60 * ago).rfc3339(), "heart_rate": 120,
            "blood_pressure": "120/80" });
        made(&post(&mut registry.coordinator, &path, body).await);
    }
    let user = registry.monitor.user.clone().expect("a monitor");
    let mut mona = registry.server.sign_in(&user).await;
    let list = "/trials/HYP24/readings?unusual=heart_rate";
    let first = mona.page(list).await;
    let rows = |page: &str| page.matches("#vital-signs\">HYP24-").count();
    assert_eq!(rows(&first), 50);
    let next = first
        .split_once(&format!("{list}&amp;cursor="))
        .expect("a next page")
        .1;
    let cursor = next.split('"').next().expect("a cursor");
    let second = mona.page(&format!("{list}&cursor={cursor}")).await;
    assert_eq!(rows(&second), 13);
    assert!(second.contains("outside the expected range)"));
    let none = mona
        .page("/trials/HYP24/readings?unusual=respiratory_rate")
        .await;
    assert!(none.contains("Nothing matches"));
    let odd = mona.page("/trials/HYP24/readings?unusual=pulse").await;
    assert!(odd.contains("Nothing matches"));
}
