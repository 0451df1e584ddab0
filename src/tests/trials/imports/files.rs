//! Imports of vital signs: by programs, in the browser and on the command line.

use crate::support::company::{made, post};
use crate::support::process::{Folder, run, text};
use crate::support::{Answer, Client, TestServer, number};
use crate::trials::registry::Registry;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

/// A registry with two subjects at site 01.
pub async fn open() -> Registry {
    let mut registry = Registry::open().await;
    registry.register("Mei Chen", "01").await;
    registry.register("Noor Ali", "01").await;
    registry
}

/// Five good rows.
pub const GOOD: &str = "patient_id,record_time,heart_rate,blood_pressure,temperature
HYP24-01-0001,2020-03-01T08:15:00Z,72,120/80,36.6
HYP24-01-0001,2020-03-02T08:15:00+08:00,75,122/81,
HYP24-01-0002,2020-03-01T08:15:00Z,66,118/76,36.9
HYP24-01-0002,2020-03-02T08:15:00Z,130,118/76,36.4
HYP24-01-0002,2020-03-03T08:15:00Z,64,117/75,37
";

/// Seven rows, of which two are good.
pub const MIXED: &str = "Patient ID;Time;HR;BP;Ward
HYP24-01-0001;2020-03-01T08:15:00Z;72;120/80;A
HYP24-01-0009;2020-03-01T08:15:00Z;7O;80/120;A
HYP24-01-0001;2020-03-01T08:15:00Z;73;121/80;A
HYP24-01-0002;2020-02-30T08:15:00Z;500;120-80;B
HYP24-01-0002;2020-03-01 08:15;72;120/80;B
HYP24-01-0002;2020-03-01T08:15:00Z;72
HYP24-01-0002;2020-03-04T08:15:00Z;72;120/80;B
";

pub async fn send(client: &mut Client, query: &str, file: &[u8]) -> Answer {
    let path = format!("/api/v1/imports?{query}");
    let headers = [
        ("content-type", "text/csv"),
        ("sec-fetch-site", "same-origin"),
    ];
    client
        .send(Method::POST, &path, &headers, Body::from(file.to_vec()))
        .await
}

/// The faults as `row code column`.
fn faults(report: &Value) -> Vec<String> {
    let faults = report["faults"].as_array().expect("faults").iter();
    faults
        .map(|it| {
            format!(
                "{} {} {}",
                it["row"],
                it["code"].as_str().unwrap_or_default(),
                it["column"].as_str().unwrap_or("–")
            )
        })
        .collect()
}

pub async fn readings(registry: &Registry) -> i64 {
    number(&registry.server.app, "SELECT COUNT(*) FROM vital_signs").await
}

#[tokio::test]
async fn a_good_file_is_stored_once_and_can_be_taken_back() {
    let mut registry = open().await;
    let query = format!("project_id={}&file_name=march.csv", registry.study);
    let answer = send(&mut registry.coordinator, &query, GOOD.as_bytes()).await;
    made(&answer);
    let report = answer.data();
    assert_eq!(
        (&report["records"], &report["good"], &report["bad"]),
        (&json!(5), &json!(5), &json!(0))
    );
    assert_eq!(report["unusual"], 1);
    assert_eq!(faults(&report), ["4 unusual heart_rate"]);
    assert_eq!(
        report["faults"][0]["message"],
        "Expected are 50 to 110. It is stored."
    );
    assert_eq!(readings(&registry).await, 5);
    let path = "/api/v1/subjects/1/vital-signs?limit=1";
    let latest = registry.monitor.api(path).await.data()["items"][0].clone();
    assert_eq!(latest["record_time"], "2020-03-02T00:15:00Z");
    assert_eq!(
        (&latest["heart_rate"], &latest["temperature"]),
        (&json!(75), &json!(null))
    );

    let again = send(&mut registry.coordinator, &query, GOOD.as_bytes()).await;
    assert_eq!((again.status, again.code()), (StatusCode::CONFLICT, 3604));
    let again = send(
        &mut registry.coordinator,
        &format!("{query}&again=true"),
        GOOD.as_bytes(),
    )
    .await;
    made(&again);
    assert_eq!(
        (&again.data()["good"], &again.data()["bad"]),
        (&json!(0), &json!(5))
    );
    assert!(
        faults(&again.data())
            .iter()
            .all(|it| it.contains("known") || it.contains("unusual"))
    );
    registry.check().await;

    let import = format!("/api/v1/imports/{}", report["id"]);
    let revert = format!("{import}/revert");
    let answer = post(
        &mut registry.monitor,
        &revert,
        json!({ "reason": "Wrong ward" }),
    )
    .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let answer = post(&mut registry.coordinator, &revert, json!({})).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for _ in 0..2 {
        let answer = post(
            &mut registry.coordinator,
            &revert,
            json!({ "reason": "Wrong ward" }),
        )
        .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        assert_eq!(answer.data()["status"], "reverted");
    }
    assert_eq!(readings(&registry).await, 0);
    let anew = send(&mut registry.coordinator, &query, GOOD.as_bytes()).await;
    assert_eq!(anew.data()["good"], 5, "{}", anew.body);
    registry.check().await;
}

#[tokio::test]
async fn every_fault_is_told_with_its_place() {
    let mut registry = open().await;
    let query = format!("project_id={}", registry.study);
    let answer = send(&mut registry.coordinator, &query, MIXED.as_bytes()).await;
    made(&answer);
    let report = answer.data();
    assert_eq!(
        (&report["records"], &report["good"], &report["bad"]),
        (&json!(7), &json!(2), &json!(5))
    );
    assert_eq!(report["format"], "csv utf-8 semicolon double");
    assert_eq!(
        faults(&report),
        [
            "2 unknown Patient ID",
            "2 typo HR",
            "2 swapped BP",
            "3 duplicate –",
            "4 date Time",
            "4 range HR",
            "4 pressure BP",
            "5 zone Time",
            "6 fields –",
        ]
    );
    let typo = &report["faults"][1];
    assert_eq!(
        (&typo["text"], &typo["suggestion"], &typo["line"]),
        (&json!("7O"), &json!("70"), &json!(3))
    );
    let offset = typo["offset"].as_u64().expect("a place") as usize;
    assert!(MIXED[offset..].starts_with("7O"), "{offset}");
    assert_eq!(report["faults"][2]["suggestion"], "120/80");
    assert_eq!(readings(&registry).await, 2);

    let list = format!("/api/v1/imports/{}/faults", report["id"]);
    let stored = registry
        .auditor
        .api(&format!("{list}?limit=4"))
        .await
        .data();
    assert_eq!(stored["items"][3]["code"], "duplicate");
    let cursor = stored["next_cursor"].as_str().expect("more").to_owned();
    let rest = registry
        .auditor
        .api(&format!("{list}?cursor={cursor}"))
        .await
        .data();
    assert_eq!(rest["items"].as_array().map(Vec::len), Some(5));
    let swapped = registry
        .auditor
        .api(&format!("{list}?code=swapped"))
        .await
        .data();
    assert_eq!(swapped["items"].as_array().map(Vec::len), Some(1));

    // With the hospital's own time the fifth row is good as well.
    let query = format!("{query}&offset=%2B08:00&again=true&dry_run=true");
    let answer = send(&mut registry.coordinator, &query, MIXED.as_bytes()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(
        !faults(&answer.data()).iter().any(|it| it.contains("zone")),
        "{}",
        answer.body
    );
    assert_eq!(answer.data()["id"], json!(null));
    registry.check().await;
}

#[tokio::test]
async fn a_file_that_is_to_stop_stores_nothing_and_is_remembered() {
    let mut registry = open().await;
    let query = format!("project_id={}&on_error=stop", registry.study);
    let answer = send(&mut registry.coordinator, &query, MIXED.as_bytes()).await;
    made(&answer);
    assert_eq!(
        (&answer.data()["status"], &answer.data()["bad"]),
        (&json!("stopped"), &json!(5))
    );
    assert_eq!(readings(&registry).await, 0);
    let entries = "SELECT COUNT(*) FROM audit_entries WHERE record LIKE 'vital/%'";
    assert_eq!(number(&registry.server.app, entries).await, 0);
    let import = format!("/api/v1/imports/{}", answer.data()["id"]);
    assert_eq!(
        registry.monitor.api(&import).await.data()["status"],
        "stopped"
    );
    let answer = post(
        &mut registry.coordinator,
        &format!("{import}/revert"),
        json!({ "reason": "?" }),
    )
    .await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3606));
    registry.check().await;
}

#[tokio::test]
async fn the_same_rows_are_the_same_in_every_form() {
    let mut registry = open().await;
    let rows: Vec<Vec<&str>> = GOOD.lines().map(|line| line.split(',').collect()).collect();
    let (head, rows) = rows.split_first().expect("a header");
    let object = |row: &Vec<&str>| {
        let pairs = head
            .iter()
            .zip(row)
            .map(|(name, text)| ((*name).to_owned(), json!(text)));
        Value::Object(pairs.collect())
    };
    let objects: Vec<Value> = rows.iter().map(object).collect();
    let lines: String = objects.iter().map(|row| format!("{row}\n")).collect();
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(GOOD.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let tabs = GOOD.replace(',', "\t").replace('\n', "\r\n");
    let comma = GOOD.replace(',', ";").replace("36.", "36,");
    let headless = GOOD.split_once('\n').expect("a header").1.to_owned();
    for (form, file) in [
        ("comma", GOOD.as_bytes().to_vec()),
        ("tabs", tabs.into_bytes()),
        ("decimal comma", comma.into_bytes()),
        ("UTF-16", utf16),
        ("BOM", [b"\xef\xbb\xbf", GOOD.as_bytes()].concat()),
        ("no header", headless.into_bytes()),
        ("JSON", json!(objects).to_string().into_bytes()),
        ("JSON Lines", lines.into_bytes()),
    ] {
        let query = format!("project_id={}&dry_run=true", registry.study);
        let answer = send(&mut registry.coordinator, &query, &file).await;
        assert_eq!(answer.status, StatusCode::OK, "{form}: {}", answer.body);
        let report = answer.data();
        let counts = ["records", "good", "bad", "unusual"].map(|it| report[it].as_i64());
        assert_eq!(counts, [5, 5, 0, 1].map(Some), "{form}: {}", answer.body);
    }
    assert_eq!(readings(&registry).await, 0);
}

#[tokio::test]
async fn a_stray_quote_costs_its_own_row_alone() {
    let mut registry = open().await;
    let damaged = GOOD.replacen("72,120/80", "72,\"120/80", 1);
    let query = format!("project_id={}", registry.study);
    let answer = send(&mut registry.coordinator, &query, damaged.as_bytes()).await;
    made(&answer);
    let report = answer.data();
    assert_eq!(
        (&report["records"], &report["good"], &report["bad"]),
        (&json!(5), &json!(4), &json!(1))
    );
    assert_eq!(faults(&report), ["1 quote –", "4 unusual heart_rate"]);
    registry.check().await;
}

#[tokio::test]
async fn what_is_no_file_of_vital_signs_is_refused() {
    let mut registry = open().await;
    let study = registry.study;
    for (query, file, status) in [
        (format!("project_id={study}"), "name,age\nMei,54\n", 200),
        (format!("project_id={study}"), "", 200),
        (format!("project_id={study}&offset=Berlin"), GOOD, 422),
        (format!("project_id={study}&on_error=never"), GOOD, 422),
        ("project_id=999".to_owned(), GOOD, 404),
    ] {
        let answer = send(&mut registry.coordinator, &query, file.as_bytes()).await;
        assert_eq!(
            answer.status.as_u16(),
            status,
            "{query} {file}: {}",
            answer.body
        );
        if status == 200 {
            assert_eq!(answer.data()["status"], "stopped");
            let told = faults(&answer.data());
            assert!(
                told.contains(&"0 missing_column heart_rate".to_owned()),
                "{told:?}"
            );
        }
    }
    assert_eq!(
        number(&registry.server.app, "SELECT COUNT(*) FROM imports").await,
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_comes_twice_at_the_same_moment_is_stored_once() {
    let registry = open().await;
    let query = format!("project_id={}", registry.study);
    let sent: Vec<_> = (0..8)
        .map(|_| {
            let (mut client, query) = (registry.coordinator.clone(), query.clone());
            tokio::spawn(async move { send(&mut client, &query, GOOD.as_bytes()).await.status })
        })
        .collect();
    let mut statuses = Vec::new();
    for answer in sent {
        statuses.push(answer.await.expect("an answer").as_u16());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
    assert_eq!(readings(&registry).await, 5);
    registry.check().await;
}

#[tokio::test]
async fn a_file_may_be_larger_than_other_bodies_and_not_of_any_size() {
    let server = TestServer::start_with(|config| {
        config.server.body_limit_bytes = 700;
        config.server.import_limit_bytes = 1_000;
        config.server.picture_limit_bytes = 1_000;
    })
    .await;
    let mut registry = Registry::open_on(server).await;
    let row = GOOD.lines().nth(1).expect("a row");
    let query = format!("project_id={}&dry_run=true", registry.study);
    for (rows, status) in [(12, 200), (20, 413)] {
        let file = format!("{GOOD}{}", format!("{row}\n").repeat(rows));
        assert!(
            file.len() > 700 && (file.len() > 1_000) == (status == 413),
            "{}",
            file.len()
        );
        let answer = send(&mut registry.coordinator, &query, file.as_bytes()).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.body);
    }
}

#[tokio::test]
async fn a_file_comes_in_by_the_browser() {
    let registry = open().await;
    let user = registry.coordinator.user.clone().expect("somebody");
    let mut sam = registry.server.sign_in(&user).await;
    let page = "/trials/HYP24/imports";
    assert!(sam.page(page).await.contains("No imports yet"));
    let upload = async |client: &mut Client, file: &str, more: &str| {
        let body = format!(
            "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"märz.csv\"\r\ncontent-type: text/csv\r\n\r\n\
             {file}\r\n--x\r\ncontent-disposition: form-data; name=\"offset\"\r\n\r\n+08:00\r\n{more}--x--\r\n"
        );
        let headers = [
            ("content-type", "multipart/form-data; boundary=x"),
            ("sec-fetch-site", "same-origin"),
            ("accept", "text/html"),
        ];
        client
            .send(Method::POST, page, &headers, Body::from(body))
            .await
    };
    let answer = upload(&mut sam, MIXED, "").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let import = answer.header("location").to_owned();
    let shown = sam.page(&import).await;
    for text in [
        "märz.csv",
        "7O",
        ">70<",
        "semicolon",
        "HYP24-01-0009",
        "swapped · 1",
    ] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    let only = sam.page(&format!("{import}?fault=swapped")).await;
    assert!(only.contains("80/120") && !only.contains("7O"));
    assert!(sam.page(page).await.contains("märz.csv"));
    let answer = upload(&mut sam, MIXED, "").await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.body.contains("imported before"), "{}", answer.body);
    let answer = upload(&mut sam, "a,b\n1,2\n", "").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("no such column"), "{}", answer.body);
    let answer = sam
        .post(&format!("{import}/revert"), &[("reason", "")])
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = sam
        .post(&format!("{import}/revert"), &[("reason", "Wrong ward")])
        .await;
    assert_eq!(answer.header("location"), import, "{}", answer.body);
    assert!(sam.page(&import).await.contains("Taken back"));
    assert_eq!(readings(&registry).await, 0);
    registry.check().await;
}

#[tokio::test]
async fn the_command_line_tells_by_its_exit_code() {
    let registry = open().await;
    let config = &registry.server.app.config;
    let folder = Folder::new();
    for (name, file) in [
        ("good.csv", GOOD),
        ("mixed.csv", MIXED),
        ("none.csv", "a,b\n1,2\n"),
    ] {
        std::fs::write(folder.0.join(name), file).expect("a file");
    }
    let variables = [
        ("DATABASE_URL", config.database.url.as_str()),
        (
            "GUILDHALL_ACCOUNTS_TOKEN_SECRET",
            config.accounts.token_secret.as_str(),
        ),
    ];
    for (arguments, code, counts) in [
        (vec!["good.csv", "--dry-run"], 0, [5, 5, 0]),
        (vec!["good.csv"], 0, [5, 5, 0]),
        (vec!["mixed.csv", "--on-error", "stop"], 2, [7, 1, 6]),
        (vec!["mixed.csv"], 2, [7, 1, 6]),
        (vec!["none.csv"], 1, [0, 0, 0]),
    ] {
        let mut all = vec!["trials", "import", "--study", "hyp24", "--json"];
        all.extend(arguments);
        let output = run(&folder, &variables, &all);
        let said = format!("{all:?}: {}{}", text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{said}");
        let report: Value = serde_json::from_slice(&output.stdout).expect(&said);
        let told = ["records", "good", "bad"].map(|it| report[it].as_i64());
        assert_eq!(told, counts.map(Some), "{said}");
    }
    let output = run(
        &folder,
        &variables,
        &["trials", "import", "good.csv", "--study", "hyp24"],
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).contains("imported before"),
        "{}",
        text(&output.stderr)
    );
    let output = run(
        &folder,
        &variables,
        &["trials", "import", "gone.csv", "--study", "hyp24"],
    );
    assert!(
        text(&output.stderr).contains("cannot read gone.csv"),
        "{}",
        text(&output.stderr)
    );
    let output = run(&folder, &variables, &["verify", "audit"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(readings(&registry).await, 6);
}
