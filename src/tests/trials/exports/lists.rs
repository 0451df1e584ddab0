//! Exports of lists: in each format everything once, by the pages and by the API alike.

use crate::support::company::{made, post};
use crate::support::{Client, number};
use crate::trials::imports::files::{GOOD, MIXED, open, readings, send};
use crate::trials::registry::Registry;
use axum::http::StatusCode;
use guildhall::accounts::Role;
use serde_json::{Value, json};

/// A study with a good import and a mixed one, and the number of the mixed one.
async fn imported() -> (Registry, i64) {
    let mut registry = open().await;
    let arms = format!("/api/v1/studies/{}/arms", registry.study);
    let arm = json!({ "name": "=1+1", "reason": "Another dose" });
    let answer = post(&mut registry.admin, &arms, arm).await;
    assert!(answer.status.is_success(), "{}", answer.body);
    let query = format!("project_id={}", registry.study);
    made(&send(&mut registry.coordinator, &query, GOOD.as_bytes()).await);
    let mixed = send(&mut registry.coordinator, &query, MIXED.as_bytes()).await;
    made(&mixed);
    (registry, mixed.data()["id"].as_i64().expect("an id"))
}

/// Somebody of the registry in a browser.
async fn browser(registry: &Registry, client: &Client) -> Client {
    let user = client.user.clone().expect("somebody");
    registry.server.sign_in(&user).await
}

/// The rows of a CSV without its head, each as its values.
fn rows(csv: &str) -> Vec<Vec<String>> {
    let text = csv.strip_prefix('\u{feff}').expect("a byte order mark");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.map(|row| row.iter().map(str::to_owned).collect())
        .collect()
}

fn objects(lines: &str) -> Vec<Value> {
    let object = |line: &str| serde_json::from_str(line).expect("JSON");
    lines.lines().map(object).collect()
}

#[tokio::test]
async fn each_list_is_there_in_each_format_with_every_row() {
    let (mut registry, mixed) = imported().await;
    let mut monitor = browser(&registry, &registry.monitor).await;
    let (study, subject) = (registry.study, "subject=HYP24-01-0002");
    let of_subject =
        "vital_signs WHERE subject_id = (SELECT id FROM subjects WHERE number = 'HYP24-01-0002')";
    let of_import = format!("import_faults WHERE import_id = {mixed}");
    let lists = "/trials/HYP24".to_owned();
    let api = format!("/api/v1/studies/{study}/exports");
    let (import, import_api) = (
        format!("/trials/HYP24/imports/{mixed}"),
        format!("/api/v1/imports/{mixed}/exports"),
    );
    for (page, api, list, query, stored) in [
        (&lists, &api, "subjects", "", "subjects"),
        (&lists, &api, "vital-signs", "", "vital_signs"),
        (&lists, &api, "vital-signs", subject, of_subject),
        (&lists, &api, "imports", "", "imports"),
        (
            &lists,
            &api,
            "audit",
            "",
            "audit_entries WHERE chain_id > 0",
        ),
        (&import, &import_api, "faults", "", &of_import),
    ] {
        let stored = number(
            &registry.server.app,
            &format!("SELECT COUNT(*) FROM {stored}"),
        )
        .await;
        assert!(stored > 0, "{list}");
        for (format, kind) in [
            ("csv", "text/csv; charset=utf-8"),
            ("jsonl", "application/jsonl; charset=utf-8"),
        ] {
            let file = format!("{list}.{format}?{query}");
            let answer = monitor.get(&format!("{page}/{file}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{file}: {}", answer.body);
            assert_eq!(answer.header("content-type"), kind, "{file}");
            let named = answer.header("content-disposition");
            assert!(named.contains(&format!("{list}.{format}\"")), "{named}");
            let rows = match format {
                "csv" => rows(&answer.body).len(),
                _ => objects(&answer.body).len(),
            };
            assert_eq!(rows as i64, stored, "{file}: {}", answer.body);
            let by_api = registry.monitor.api(&format!("{api}/{file}")).await;
            assert_eq!(by_api.header("content-disposition"), named);
            assert_eq!(by_api.body, answer.body, "{file}");
        }
    }
}

#[tokio::test]
async fn json_lines_are_what_the_lists_of_the_api_have() {
    let (mut registry, mixed) = imported().await;
    let study = registry.study;
    let mut monitor = registry.monitor.clone();
    let subject = registry.coordinator.api("/api/v1/subjects").await.data();
    let subject = subject["items"][0]["id"].clone();
    for (export, list) in [
        (
            format!("studies/{study}/exports/subjects.jsonl"),
            format!("subjects?project_id={study}"),
        ),
        (
            format!("studies/{study}/exports/vital-signs.jsonl?subject=HYP24-01-0002"),
            format!("subjects/{subject}/vital-signs"),
        ),
        (
            format!("studies/{study}/exports/imports.jsonl"),
            format!("imports?project_id={study}"),
        ),
        (
            format!("imports/{mixed}/exports/faults.jsonl"),
            format!("imports/{mixed}/faults"),
        ),
    ] {
        let exported = monitor.api(&format!("/api/v1/{export}")).await;
        let mut exported = objects(&exported.body);
        for row in &mut exported {
            row.as_object_mut().expect("an object").remove("patient_id");
        }
        let listed = monitor.api(&format!("/api/v1/{list}")).await.data();
        assert_eq!(json!(exported), listed["items"], "{export}");
    }
}

#[tokio::test]
async fn exported_vital_signs_can_be_imported() {
    let (mut registry, _) = imported().await;
    let app = registry.server.app.clone();
    let study = registry.study;
    for format in ["csv", "jsonl"] {
        let path = format!("/api/v1/studies/{study}/exports/vital-signs.{format}");
        let exported = registry.monitor.api(&path).await.body;
        let before = readings(&registry).await;
        let newest = "SELECT COALESCE(MAX(id), 0) FROM imports WHERE status = 'done'";
        let mut id = number(&app, newest).await;
        while id > 0 {
            let path = format!("/api/v1/imports/{id}/revert");
            let reason = json!({ "reason": "To bring it back" });
            let answer = post(&mut registry.coordinator, &path, reason).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
            id = number(&app, newest).await;
        }
        assert_eq!(readings(&registry).await, 0);
        let query = format!("project_id={study}");
        let answer = send(&mut registry.coordinator, &query, exported.as_bytes()).await;
        made(&answer);
        let counts = ["good", "bad"].map(|it| answer.data()[it].as_i64());
        assert_eq!(counts, [Some(before), Some(0)], "{}", answer.body);
        let again = registry.monitor.api(&path).await.body;
        let sorted = |text: &str| {
            let mut lines: Vec<String> = match format {
                "csv" => text.lines().map(str::to_owned).collect(),
                _ => objects(text)
                    .into_iter()
                    .map(|mut row| {
                        row.as_object_mut().expect("an object").remove("id");
                        row.to_string()
                    })
                    .collect(),
            };
            lines.sort();
            lines
        };
        assert_eq!(sorted(&again), sorted(&exported), "{format}");
    }
    registry.check().await;
}

#[tokio::test]
async fn a_list_of_many_pages_has_every_row_once() {
    const ROWS: usize = 2_500;
    let mut registry = open().await;
    let rows_of_file = (0..ROWS).map(|row| {
        let (hour, minute) = (row / 60 % 24, row % 60);
        let day = row / 1_440 + 1;
        format!("HYP24-01-0001,2020-03-{day:02}T{hour:02}:{minute:02}:00Z,72,120/80\n")
    });
    let rows_of_file: String = rows_of_file.collect();
    let file = format!("patient_id,record_time,heart_rate,blood_pressure\n{rows_of_file}");
    let query = format!("project_id={}", registry.study);
    let answer = send(&mut registry.coordinator, &query, file.as_bytes()).await;
    assert_eq!(answer.data()["good"], ROWS, "{}", answer.body);
    let api = format!("/api/v1/studies/{}/exports", registry.study);
    for query in ["", "?subject=HYP24-01-0001"] {
        let csv = format!("{api}/vital-signs.csv{query}");
        let csv = registry.monitor.api(&csv).await.body;
        let mut times: Vec<String> = rows(&csv).into_iter().map(|row| row[1].clone()).collect();
        assert_eq!(times.len(), ROWS);
        times.sort();
        times.dedup();
        assert_eq!(times.len(), ROWS, "{query}");
    }
    let audit = registry.monitor.api(&format!("{api}/audit.csv")).await.body;
    let mut numbers = rows(&audit).into_iter().map(|row| row[0].clone());
    let entries = "SELECT COUNT(*) FROM audit_entries WHERE chain_id > 0";
    let entries = number(&registry.server.app, entries).await;
    assert!((1..=entries).all(|seq| numbers.next() == Some(seq.to_string())));
    assert_eq!(numbers.next(), None);
}

#[tokio::test]
async fn names_are_for_coordinators_who_ask() {
    let (mut registry, _) = imported().await;
    let api = format!("/api/v1/studies/{}/exports", registry.study);
    for format in ["csv", "jsonl"] {
        let path = format!("{api}/subjects.{format}");
        let without = registry.coordinator.api(&path).await;
        assert!(!without.body.contains("Mei Chen"), "{}", without.body);
        let asked = format!("{path}?names=1");
        let with = registry.coordinator.api(&asked).await;
        assert!(with.body.contains("Mei Chen"), "{}", with.body);
        for client in [&mut registry.monitor, &mut registry.auditor] {
            let answer = client.api(&asked).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.body);
        }
    }
    for list in ["vital-signs", "imports", "audit"] {
        for format in ["csv", "jsonl"] {
            let path = format!("{api}/{list}.{format}?names=1");
            let answer = registry.coordinator.api(&path).await;
            assert_eq!(answer.status, StatusCode::OK);
            assert!(!answer.body.contains("Mei Chen"), "{path}");
        }
    }
}

#[tokio::test]
async fn filters_hold_and_wrong_ones_are_named() {
    let (mut registry, mixed) = imported().await;
    let api = format!("/api/v1/studies/{}/exports", registry.study);
    let faults = format!("/api/v1/imports/{mixed}/exports");
    for (path, count) in [
        (format!("{api}/subjects.jsonl?q=0002"), 1),
        (format!("{api}/subjects.jsonl?status=enrolled"), 0),
        (format!("{api}/subjects.jsonl?site=02"), 0),
        (format!("{faults}/faults.jsonl?code=swapped"), 1),
        (format!("{faults}/faults.jsonl?code=none"), 0),
    ] {
        let answer = registry.monitor.api(&path).await;
        assert_eq!(
            objects(&answer.body).len(),
            count,
            "{path}: {}",
            answer.body
        );
    }
    for (path, status, field) in [
        (format!("{api}/subjects.csv?status=king"), 422, "status"),
        (format!("{api}/subjects.csv?site=99"), 422, "site"),
        (
            format!("{api}/vital-signs.csv?subject=HYP24-01-0009"),
            422,
            "subject",
        ),
        (format!("{api}/people.csv"), 404, ""),
        (format!("{api}/subjects.xlsx"), 404, ""),
        (format!("{faults}/subjects.csv"), 404, ""),
    ] {
        let answer = registry.monitor.api(&path).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.body);
        let named = field.is_empty() || answer.json()["errors"][field].is_string();
        assert!(named, "{path}: {}", answer.body);
    }
    // An import is for those who may see its study.
    let mut stranger = registry.server.program(Role::Staff).await;
    let answer = stranger.api(&format!("{faults}/faults.csv")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.body);
    // A study says nothing of the subjects of another.
    let other = registry.create("VIT25").await;
    let path = format!("/api/v1/studies/{other}/exports/vital-signs.csv?subject=HYP24-01-0001");
    let answer = registry.admin.api(&path).await;
    assert_eq!(answer.status.as_u16(), 422, "{}", answer.body);
    let path = format!("/trials/VIT25/imports/{mixed}/faults.csv");
    let mut admin = browser(&registry, &registry.admin).await;
    assert_eq!(admin.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_file_is_safe_to_open_and_in_the_reader_s_language() {
    let (mut registry, mixed) = imported().await;
    let subject = registry.register("Adaeze Obi", "02").await;
    let change = json!({ "arm": "=1+1", "version": 1, "reason": "+1, as \"agreed\"" });
    registry.change(&subject, change).await;
    let mut monitor = browser(&registry, &registry.monitor).await;
    let csv = monitor.get("/trials/HYP24/subjects.csv").await.body;
    assert!(csv.contains(",\"'=1+1\","), "{csv}");
    let csv = monitor.get("/trials/HYP24/audit.csv").await.body;
    assert!(csv.contains(",\"'+1, as \"\"agreed\"\"\","), "{csv}");
    let faults = format!("/trials/HYP24/imports/{mixed}/faults.csv?fault=swapped");
    let english = monitor.get(&faults).await.body;
    assert!(
        english.contains("The lower pressure stands first"),
        "{english}"
    );
    let language = [("accept-language", "zh-CN"), ("accept", "text/html")];
    let mut reader = browser(&registry, &registry.monitor).await;
    let chinese = reader
        .send(
            axum::http::Method::GET,
            &faults,
            &language,
            axum::body::Body::empty(),
        )
        .await;
    let told = rows(&chinese.body);
    assert_eq!(told.len(), 1);
    assert!(!told[0][5].is_ascii(), "{}", chinese.body);
}

#[tokio::test]
async fn the_pages_lead_to_the_files() {
    let (registry, mixed) = imported().await;
    let mut monitor = browser(&registry, &registry.monitor).await;
    let import = format!("/trials/HYP24/imports/{mixed}");
    let swapped = format!("{import}?fault=swapped");
    let (faults, some) = (
        format!("{import}/faults.jsonl"),
        format!("{import}/faults.csv?fault=swapped"),
    );
    for (page, files) in [
        (
            "/trials/HYP24",
            vec![
                "/trials/HYP24/export.odm.xml",
                "/trials/HYP24/subjects.csv",
                "/trials/HYP24/vital-signs.jsonl",
                "/trials/HYP24/imports.csv",
                "/trials/HYP24/audit.jsonl",
            ],
        ),
        (
            "/trials/HYP24/subjects?site=01",
            vec!["/trials/HYP24/subjects.csv?site=01"],
        ),
        (
            "/trials/HYP24/subjects/HYP24-01-0001",
            vec!["/trials/HYP24/vital-signs.csv?subject=HYP24-01-0001"],
        ),
        ("/trials/HYP24/imports", vec!["/trials/HYP24/imports.jsonl"]),
        ("/trials/HYP24/audit", vec!["/trials/HYP24/audit.csv"]),
        (&import, vec![&faults]),
        (&swapped, vec![&some]),
    ] {
        let shown = monitor.page(page).await;
        for file in files {
            assert!(
                shown.contains(&format!("href=\"{file}\"")),
                "{file}: {shown}"
            );
            assert_eq!(monitor.get(file).await.status, StatusCode::OK, "{file}");
        }
    }
}
