//! Imports afterwards: bad rows that are mended, and imports that are taken back.

use super::files::{GOOD, MIXED, open, readings, send};
use crate::support::company::post;
use crate::support::number;
use axum::http::StatusCode;
use serde_json::json;

#[tokio::test]
async fn what_is_taken_back_is_recorded_as_it_was() {
    let mut registry = open().await;
    let query = format!("project_id={}", registry.study);
    let report = send(&mut registry.coordinator, &query, GOOD.as_bytes())
        .await
        .data();
    let revert = format!("/api/v1/imports/{}/revert", report["id"]);
    let reason = json!({ "reason": "Wrong ward" });
    let answer = post(&mut registry.coordinator, &revert, reason).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let record = "vital/HYP24-01-0001/2020-03-01T08:15:00Z";
    let audit = format!("/api/v1/studies/{}/audit?record={record}", registry.study);
    let entries = registry.auditor.api(&audit).await.data()["items"].clone();
    let values = "heart_rate 72, systolic 120, diastolic 80, temperature 36.6";
    assert_eq!(
        (&entries[0]["old"], &entries[0]["new"]),
        (&json!(values), &json!(null))
    );
    assert_eq!(
        (&entries[1]["old"], &entries[1]["new"]),
        (&json!(null), &json!(values))
    );
    registry.check().await;
}

#[tokio::test]
async fn bad_rows_are_mended_cell_by_cell() {
    let mut registry = open().await;
    let query = format!("project_id={}&file_name=ward.csv", registry.study);
    let report = send(&mut registry.coordinator, &query, MIXED.as_bytes())
        .await
        .data();
    let import = format!("/trials/HYP24/imports/{}", report["id"]);
    let user = registry.coordinator.user.clone().expect("somebody");
    let mut sam = registry.server.sign_in(&user).await;
    assert!(sam.page(&import).await.contains("Mend 5 bad rows"));
    let csv = sam.get(&format!("{import}/bad-rows.csv")).await.body;
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 6, "{csv}");
    assert!(
        lines[1].contains(",70,\"120/80\"") && lines[1].contains("swapped 80/120"),
        "{csv}"
    );
    let mend = format!("{import}/mend");
    let page = sam.page(&mend).await;
    for shown in [
        "value=\"70\"",
        "value=\"120/80\"",
        "Found “7O”",
        "Row 6",
        "HYP24-01-0002;2020-03-01T08:15:00Z;72",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let fields = [
        ("cell-2-patient_id", "HYP24-01-0002"),
        ("cell-2-record_time", "2020-03-05T08:15:00Z"),
        ("cell-2-heart_rate", "70"),
        ("cell-2-blood_pressure", "120/80"),
        ("cell-2-temperature", "36,6"),
        ("cell-5-patient_id", "HYP24-01-0002"),
        ("cell-5-record_time", "2020-03-01 08:15"),
        ("cell-5-heart_rate", "72"),
        ("cell-5-blood_pressure", "120/80"),
        ("cell-3-patient_id", "HYP24-01-0001"),
        ("leave-3", "on"),
    ];
    let answer = sam.post(&mend, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let mended = answer.header("location").to_owned();
    let shown = sam.page(&mended).await;
    for text in ["ward.csv, mended", "zone · 1", "Mend 1 bad rows"] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    assert!(
        sam.page(&import).await.contains("Mend 3 bad rows"),
        "what was sent is there no more"
    );
    assert_eq!(readings(&registry).await, 3);
    let kept = "SELECT temperature FROM vital_signs WHERE heart_rate = 70";
    assert_eq!(number(&registry.server.app, kept).await, 366);
    let answer = sam.post(&mend, &fields).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "a double click");
    assert!(answer.body.contains("in the meantime"), "{}", answer.body);
    assert_eq!(readings(&registry).await, 3);
    let answer = sam
        .post(&format!("{mended}/revert"), &[("reason", "Looked again")])
        .await;
    assert_eq!(answer.header("location"), mended, "{}", answer.body);
    assert!(
        sam.page(&import).await.contains("Mend 5 bad rows"),
        "they are bad once more"
    );
    assert_eq!(readings(&registry).await, 2);
    let nothing = [("cell-3-patient_id", "x"), ("leave-3", "on")];
    let answer = sam.post(&mend, &nothing).await;
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        answer.body
    );
    let other = registry.monitor.user.clone().expect("a monitor");
    let mut monitor = registry.server.sign_in(&other).await;
    for path in [mend.clone(), format!("{import}/bad-rows.csv")] {
        assert_eq!(
            monitor.get(&path).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    assert_eq!(
        monitor.post(&mend, &fields).await.status,
        StatusCode::FORBIDDEN
    );
    registry.check().await;
}
