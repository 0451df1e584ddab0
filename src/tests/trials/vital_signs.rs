//! Vital signs: recorded, refused, marked and shown.

use super::registry::{Registry, faulty_fields};
use crate::support::company::{made, post};
use crate::support::number;
use axum::http::StatusCode;
use guildhall::clock::Timestamp;
use serde_json::{Value, json};

/// The time of a reading so many days before the server's now.
fn ago(registry: &Registry, days: i64) -> String {
    let Timestamp(now) = registry.server.app.clock.now();
    Timestamp(now - now.rem_euclid(60_000_000))
        .plus_days(-days)
        .rfc3339()
}

#[tokio::test]
async fn a_reading_is_recorded_once_and_marked_where_it_is_unusual() {
    let mut registry = Registry::open().await;
    let subject = registry.register("Mei Chen", "01").await;
    let path = format!("/api/v1/subjects/{}/vital-signs", subject["id"]);
    let (today, earlier) = (ago(&registry, 0), ago(&registry, 3));
    let body = json!({ "record_time": earlier, "heart_rate": 72, "blood_pressure": "172/80", "temperature": 36.6 });
    for _ in 0..2 {
        let answer = post(&mut registry.coordinator, &path, body.clone()).await;
        made(&answer);
        let reading = answer.data();
        assert_eq!(reading["blood_pressure"], "172/80");
        assert_eq!(reading["temperature"], 36.6);
        assert_eq!(reading["oxygen_saturation"], json!(null));
        assert_eq!(reading["unusual"], json!(["systolic"]));
    }
    let other = json!({ "record_time": earlier, "heart_rate": 73, "blood_pressure": "172/80" });
    let answer = post(&mut registry.coordinator, &path, other).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3603));
    let body = json!({ "record_time": today, "heart_rate": 70, "blood_pressure": "120/80" });
    made(&post(&mut registry.coordinator, &path, body).await);
    let list = registry
        .monitor
        .api(&format!("{path}?limit=1"))
        .await
        .data();
    assert_eq!(list["items"][0]["heart_rate"], 70);
    let cursor = list["next_cursor"]
        .as_str()
        .expect("a next page")
        .to_owned();
    let list = registry
        .monitor
        .api(&format!("{path}?limit=1&cursor={cursor}"))
        .await
        .data();
    assert_eq!(
        (&list["items"][0]["heart_rate"], &list["next_cursor"]),
        (&json!(72), &json!(null))
    );
    let body = json!({ "record_time": today, "heart_rate": 70, "blood_pressure": "120/80" });
    let answer = post(&mut registry.monitor, &path, body).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    registry.check().await;
}

#[tokio::test]
async fn all_faults_of_a_reading_are_told_at_once() {
    let mut registry = Registry::open().await;
    let subject = registry.register("Mei Chen", "01").await;
    let path = format!("/api/v1/subjects/{}/vital-signs", subject["id"]);
    let (now, ahead) = (ago(&registry, 0), ago(&registry, -1));
    for (body, fields) in [
        (
            json!({}),
            vec!["blood_pressure", "heart_rate", "record_time"],
        ),
        (
            json!({ "record_time": ahead, "heart_rate": 500, "blood_pressure": "80/120" }),
            vec!["blood_pressure", "heart_rate", "record_time"],
        ),
        (
            json!({ "record_time": "2026-11-28 08:15", "heart_rate": 72.5, "blood_pressure": 120 }),
            vec!["blood_pressure", "heart_rate", "record_time"],
        ),
        (
            json!({ "record_time": now, "heart_rate": 72, "blood_pressure": "120/80", "temperature": 366,
                 "oxygen_saturation": 101, "respiratory_rate": true }),
            vec!["oxygen_saturation", "respiratory_rate", "temperature"],
        ),
    ] {
        let answer = post(&mut registry.coordinator, &path, body.clone()).await;
        assert_eq!(faulty_fields(&answer), fields, "{body}");
    }
    assert_eq!(
        number(&registry.server.app, "SELECT COUNT(*) FROM vital_signs").await,
        0
    );
    registry.check().await;
}

#[tokio::test]
async fn a_study_says_what_it_expects() {
    let mut registry = Registry::open().await;
    let subject = registry.register("Mei Chen", "01").await;
    let path = format!("/api/v1/subjects/{}/vital-signs", subject["id"]);
    let user = registry.admin.user.clone().expect("an admin");
    let mut ada = registry.server.sign_in(&user).await;
    let mut fields = vec![
        ("heart_rate_low", "50"),
        ("heart_rate_high", "70"),
        ("systolic_low", "90"),
        ("systolic_high", "160"),
        ("diastolic_low", "50"),
        ("diastolic_high", "100"),
        ("temperature_low", "35,5"),
        ("temperature_high", "38"),
        ("oxygen_saturation_low", "94"),
        ("oxygen_saturation_high", "100"),
        ("respiratory_rate_low", "10"),
        ("respiratory_rate_high", "22"),
        ("reason", "Athletes"),
    ];
    let answer = ada.post("/trials/HYP24/settings/ranges", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let body =
        json!({ "record_time": ago(&registry, 0), "heart_rate": 72, "blood_pressure": "120/80" });
    let answer = post(&mut registry.coordinator, &path, body).await;
    assert_eq!(answer.data()["unusual"], json!(["heart_rate"]));
    let audit = format!(
        "/api/v1/studies/{}/audit?record=range/heart_rate",
        registry.study
    );
    let entries: Value = registry.auditor.api(&audit).await.data()["items"].clone();
    assert_eq!(
        entries.as_array().map(Vec::len),
        Some(1),
        "only what changed: {entries}"
    );
    assert_eq!(
        (&entries[0]["old"], &entries[0]["new"]),
        (&json!("110"), &json!("70"))
    );
    fields[1] = ("heart_rate_high", "50");
    let answer = ada.post("/trials/HYP24/settings/ranges", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.body.contains("The highest is above the lowest"),
        "{}",
        answer.body
    );
    registry.check().await;
}

#[tokio::test]
async fn a_subjects_page_has_charts_and_a_table() {
    let mut registry = Registry::open().await;
    registry.register("Mei Chen", "01").await;
    let user = registry.coordinator.user.clone().expect("somebody");
    let mut sam = registry.server.sign_in(&user).await;
    let page = "/trials/HYP24/subjects/HYP24-01-0001";
    assert!(sam.page(page).await.contains("No readings"));
    let form = format!("{page}/vital-signs");
    let fields = [
        ("record_time", "2020-02-30 08:15"),
        ("heart_rate", "72"),
        ("blood_pressure", "120-80"),
    ];
    let answer = sam.post(&form, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for shown in [
        "2020-02-30",
        "with its offset",
        "value=\"120-80\"",
        "systolic/diastolic",
    ] {
        assert!(answer.body.contains(shown), "{shown}");
    }
    for (time, heart_rate) in [("2020-02-28 08:15", "72"), ("2020-02-29 08:15", "130")] {
        let fields = [
            ("record_time", time),
            ("heart_rate", heart_rate),
            ("blood_pressure", "120/80"),
            ("temperature", ""),
            ("oxygen_saturation", ""),
            ("respiratory_rate", ""),
        ];
        let answer = sam.post(&form, &fields).await;
        assert_eq!(answer.header("location"), page, "{}", answer.body);
    }
    let shown = sam.page(page).await;
    assert_eq!(
        shown.matches("<figure class=\"vital-chart\"").count(),
        2,
        "what was measured"
    );
    assert_eq!(shown.matches("outside the expected range)").count(), 1);
    assert!(shown.contains("130 /min") && shown.contains("29 Feb 2020, 08:15 UTC"));
    let recent = sam.page(&format!("{page}?days=7")).await;
    assert!(recent.contains("No readings") && recent.contains("Last 30 days"));
    registry.check().await;
}
