//! Planned visits: set by admins, and done, due or missed by the readings that there are.

use super::registry::{Registry, faulty_fields};
use crate::support::company::{made, post};
use axum::http::{Method, StatusCode};
use guildhall::clock::Timestamp;
use serde_json::{Value, json};

const DAY: i64 = 86_400;

/// Plans the visits, each a name, a day, and the days before and after it.
async fn plan(registry: &mut Registry, visits: &[(&str, i64, i64, i64)]) {
    let path = format!("/api/v1/studies/{}/visits", registry.study);
    for (name, day, before, after) in visits {
        let body = json!({ "name": name, "day": day, "days_before": before, "days_after": after, "reason": "Protocol" });
        made(&post(&mut registry.admin, &path, body).await);
    }
}

/// Registers somebody who is enrolled at once.
async fn enrol(registry: &mut Registry, site: &str) -> Value {
    let subject = registry.register("Mei Chen", site).await;
    let change =
        json!({ "status": "enrolled", "arm": "Morning", "version": 1, "reason": "Eligible" });
    registry.change(&subject, change).await
}

/// Records a reading so many seconds after the day of enrolment began, if that is not ahead.
async fn record(registry: &mut Registry, subject: &Value, seconds: i64) -> Value {
    let at = Timestamp::parse(subject["enrolled_at"].as_str().expect("a time")).expect("a time");
    let midnight = Timestamp(at.micros() - at.micros().rem_euclid(DAY * 1_000_000));
    let body = json!({ "record_time": midnight.plus_seconds(seconds).rfc3339(), "heart_rate": 72,
        "blood_pressure": "120/80" });
    let path = format!("/api/v1/subjects/{}/vital-signs", subject["id"]);
    let answer = post(&mut registry.coordinator, &path, body).await;
    made(&answer);
    answer.data()
}

/// The states of a subject's visits.
async fn states(registry: &mut Registry, subject: &Value) -> Vec<String> {
    let path = format!("/api/v1/subjects/{}/visits", subject["id"]);
    let items = registry.monitor.api(&path).await.data()["items"].clone();
    let items = items.as_array().expect("visits").iter();
    items
        .map(|it| it["state"].as_str().unwrap_or_default().to_owned())
        .collect()
}

/// The missed visits of the study as `number visit`, one a page.
async fn missed(registry: &mut Registry) -> Vec<String> {
    let path = format!("/api/v1/studies/{}/missed-visits?limit=1", registry.study);
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = registry
            .monitor
            .api(&format!("{path}&cursor={cursor}"))
            .await
            .data();
        for it in page["items"].as_array().expect("visits") {
            let text = |name: &str| it[name].as_str().unwrap_or_default().to_owned();
            found.push(format!("{} {}", text("number"), text("visit")));
        }
        match page["next_cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => return found,
        }
    }
}

#[tokio::test]
async fn a_visit_is_done_by_a_reading_in_its_window_and_missed_without_one() {
    let mut registry = Registry::open().await;
    // From midnight on, so that days are counted alike whenever the test runs.
    let Timestamp(now) = registry.server.app.clock.now();
    let into = now.rem_euclid(DAY * 1_000_000) / 1_000_000;
    registry.server.app.clock.advance(DAY - into + 60);
    plan(
        &mut registry,
        &[
            ("Week 2", 14, 2, 2),
            ("Baseline", 0, 0, 0),
            ("Week 1", 7, 1, 2),
        ],
    )
    .await;
    let mei = enrol(&mut registry, "01").await;
    let noor = enrol(&mut registry, "01").await;
    let screened = registry.register("Jonas Berg", "02").await;
    assert_eq!(states(&mut registry, &screened).await, [""; 0]);
    assert_eq!(
        states(&mut registry, &mei).await,
        ["due", "upcoming", "upcoming"]
    );
    assert_eq!(missed(&mut registry).await, [""; 0]);
    record(&mut registry, &mei, 30).await;
    assert_eq!(
        states(&mut registry, &mei).await,
        ["done", "upcoming", "upcoming"]
    );

    // The last minute before the window is not in it, its first and its last are.
    registry.server.app.clock.advance(11 * DAY);
    record(&mut registry, &mei, 6 * DAY - 60).await;
    record(&mut registry, &mei, 10 * DAY).await;
    assert_eq!(
        states(&mut registry, &mei).await,
        ["done", "missed", "upcoming"]
    );
    let first = record(&mut registry, &mei, 6 * DAY).await;
    assert_eq!(
        states(&mut registry, &mei).await,
        ["done", "done", "upcoming"]
    );
    record(&mut registry, &noor, 10 * DAY - 60).await;
    assert_eq!(
        states(&mut registry, &noor).await,
        ["missed", "done", "upcoming"]
    );

    // What is struck out does for no visit.
    let strike = format!(
        "/api/v1/subjects/{}/vital-signs/{}?reason=Wrong+cuff",
        mei["id"], first["id"]
    );
    let answer = registry
        .coordinator
        .send_json(Method::DELETE, &strike, json!(null))
        .await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
    assert_eq!(
        missed(&mut registry).await,
        ["HYP24-01-0001 Week 1", "HYP24-01-0002 Baseline"]
    );
    registry.server.app.clock.advance(6 * DAY);
    assert_eq!(
        missed(&mut registry).await,
        [
            "HYP24-01-0001 Week 1",
            "HYP24-01-0001 Week 2",
            "HYP24-01-0002 Baseline",
            "HYP24-01-0002 Week 2",
        ]
    );
    let withdrawn = json!({ "status": "withdrawn", "version": noor["version"], "reason": "Moved" });
    registry.change(&noor, withdrawn).await;
    assert_eq!(
        states(&mut registry, &noor).await,
        ["not_expected", "done", "not_expected"]
    );
    assert_eq!(missed(&mut registry).await.len(), 2);

    let user = registry.monitor.user.clone().expect("a monitor");
    let mut mona = registry.server.sign_in(&user).await;
    let page = mona.page("/trials/HYP24").await;
    assert!(
        page.contains("Missed visits") && page.contains("Week 2"),
        "{page}"
    );
    assert!(
        page.contains("/trials/HYP24/subjects/HYP24-01-0001\""),
        "{page}"
    );
    let page = mona.page("/trials/HYP24/missed-visits").await;
    assert_eq!(
        page.matches("<a href=\"/trials/HYP24/subjects/HYP24-01-0001\"")
            .count(),
        2
    );
    let page = mona.page("/trials/HYP24/subjects/HYP24-01-0002").await;
    assert!(
        page.contains("Not expected") && page.contains("Done"),
        "{page}"
    );
    registry.check().await;
}

#[tokio::test]
async fn admins_plan_visits_that_share_no_day() {
    let mut registry = Registry::open().await;
    let path = format!("/api/v1/studies/{}/visits", registry.study);
    plan(&mut registry, &[("Week 1", 7, 1, 2)]).await;
    for (body, fields) in [
        (json!({}), vec!["day", "name", "reason"]),
        (
            json!({ "name": "Week 1", "day": 9, "days_before": 1, "reason": "x" }),
            vec!["day", "name"],
        ),
        (
            json!({ "name": "Early", "day": 3, "days_before": 4, "days_after": 366, "reason": "x" }),
            vec!["days_after", "days_before"],
        ),
        (
            json!({ "name": "Late", "day": 3_651, "reason": "x" }),
            vec!["day"],
        ),
    ] {
        let answer = post(&mut registry.admin, &path, body.clone()).await;
        assert_eq!(faulty_fields(&answer), fields, "{body}");
    }
    let user = registry.admin.user.clone().expect("an admin");
    let mut ada = registry.server.sign_in(&user).await;
    let settings = "/trials/HYP24/settings";
    let fields = [
        ("name", "Week 2"),
        ("day", "２１"),
        ("days_before", ""),
        ("days_after", "two"),
        ("reason", ""),
    ];
    let answer = ada.post(&format!("{settings}/visits"), &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for shown in ["value=\"two\"", "from 0 to 365", "Say why"] {
        assert!(answer.body.contains(shown), "{shown}");
    }
    let fields = [
        ("name", "Week 3"),
        ("day", "２１"),
        ("days_before", ""),
        ("days_after", "2"),
        ("reason", "Protocol"),
    ];
    let answer = ada.post(&format!("{settings}/visits"), &fields).await;
    assert_eq!(answer.header("location"), settings, "{}", answer.body);
    let visits = registry.auditor.api(&path).await.data()["items"].clone();
    assert_eq!(
        (
            &visits[1]["name"],
            &visits[1]["day"],
            &visits[1]["days_after"]
        ),
        (&json!("Week 3"), &json!(21), &json!(2))
    );
    let remove = format!("{settings}/remove-visit");
    let answer = ada.post(&remove, &[("visit", ""), ("reason", "x")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let id = visits[0]["id"].to_string();
    for _ in 0..2 {
        let answer = ada
            .post(&remove, &[("visit", &id), ("reason", "Amendment 2")])
            .await;
        assert_eq!(answer.header("location"), settings, "{}", answer.body);
    }
    let audit = format!(
        "/api/v1/studies/{}/audit?record=visit/Week+1",
        registry.study
    );
    let entries = registry.auditor.api(&audit).await.data()["items"].clone();
    assert_eq!(entries.as_array().map(Vec::len), Some(6), "{entries}");
    assert_eq!(
        (
            &entries[2]["field"],
            &entries[2]["old"],
            &entries[2]["new"],
            &entries[2]["reason"]
        ),
        (
            &json!("day"),
            &json!("7"),
            &json!(null),
            &json!("Amendment 2")
        )
    );
    assert!(
        ada.page("/trials/HYP24/audit")
            .await
            .contains("Visit Week 3")
    );
    registry.check().await;
}
