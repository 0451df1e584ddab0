//! A study as CDISC ODM: valid, whole, of one moment, and each value with its entry of the audit trail.

use crate::support::company::{made, post};
use crate::support::process::{Folder, PROGRAM};
use crate::support::{Client, execute, number};
use crate::trials::imports::files::send;
use crate::trials::registry::Registry;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use tower::ServiceExt;

/// A text with all that XML would take for markup, and with letters from beyond ASCII.
const HOSTILE: &str = "<b a=\"1\">&amp; ]]> 'x' 😀 שלום";

/// An element with what is in it.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn of(start: &BytesStart<'_>) -> Self {
        let pair = |attribute: Result<quick_xml::events::attributes::Attribute<'_>, _>| {
            let attribute = attribute.expect("an attribute");
            let value = quick_xml::escape::unescape(&attribute.value).expect("escaped");
            (attribute.key.as_ref().to_owned(), value.into_owned())
        };
        Self {
            name: start.name().as_ref().to_owned(),
            attributes: start.attributes().map(pair).collect(),
            ..Default::default()
        }
    }

    /// The root of a document.
    fn read(xml: &str) -> Self {
        let mut reader = Reader::from_str(xml);
        let mut open = vec![Self::default()];
        loop {
            match reader.read_event().expect("well-formed") {
                Event::Start(start) => open.push(Self::of(&start)),
                Event::Empty(start) => {
                    let parent = open.last_mut().expect("a root");
                    parent.children.push(Self::of(&start));
                }
                Event::End(_) => {
                    let closed = open.pop().expect("was opened");
                    open.last_mut().expect("a root").children.push(closed);
                }
                Event::Text(text) => open.last_mut().expect("a root").text += &text,
                Event::GeneralRef(reference) => {
                    let text = format!("&{};", &*reference);
                    let text = quick_xml::escape::unescape(&text).expect("escaped");
                    open.last_mut().expect("a root").text += &text;
                }
                Event::Eof => break,
                _ => {}
            }
        }
        let mut root = open.pop().expect("a root");
        assert!(open.is_empty() && root.children.len() == 1, "one root");
        root.children.remove(0)
    }

    fn get(&self, attribute: &str) -> &str {
        self.attributes.get(attribute).map_or("", String::as_str)
    }

    /// Every element of this name, at any depth.
    fn all<'a>(&'a self, name: &'a str) -> Vec<&'a Self> {
        let below = self.children.iter().flat_map(|child| child.all(name));
        let here = (self.name == name).then_some(self);
        here.into_iter().chain(below).collect()
    }

    fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    fn child_text(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| &child.text)
    }
}

/// The schema that odmlib ships, where bin/setup keeps Python packages.
fn schema() -> Option<PathBuf> {
    let target = Path::new(PROGRAM).ancestors().nth(2)?;
    let versions = std::fs::read_dir(target.join("python/lib")).ok()?;
    let schema = "site-packages/odmlib/schemas/odm/1.3.2/ODM1-3-2.xsd";
    let mut found = versions
        .flatten()
        .map(|version| version.path().join(schema));
    found.find(|path| path.exists())
}

/// Judges a document by CDISC's schema; does nothing where that or xmllint is missing.
fn check_schema(xml: &str) {
    let missing = |what: &str| {
        assert!(std::env::var_os("CI").is_none(), "{what} is missing");
        eprintln!("Skipped: {what} is missing; bin/setup --test installs it.");
    };
    let Some(schema) = schema() else {
        return missing("the schema of ODM");
    };
    let folder = Folder::new();
    let file = folder.0.join("export.xml");
    std::fs::write(&file, xml).expect("a file");
    let judged = Command::new("xmllint")
        .args(["--noout", "--nonet", "--schema"])
        .args([&schema, &file])
        .output();
    match judged {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{said}\n{xml}");
        }
        Err(error) => missing(&format!("xmllint ({error})")),
    }
}

async fn export(client: &mut Client, study: i64) -> String {
    let answer = client.api(&format!("/api/v1/studies/{study}/odm")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(
        answer.header("content-type"),
        "application/xml; charset=utf-8"
    );
    assert!(
        answer.header("content-disposition").contains(".odm.xml"),
        "{}",
        answer.header("content-disposition")
    );
    answer.body
}

/// Readings of two subjects by hand and from a file, changes, and an import that was taken back.
async fn busy() -> Registry {
    let mut registry = Registry::open().await;
    let arms = format!("/api/v1/studies/{}/arms", registry.study);
    let arm = json!({ "name": HOSTILE, "reason": HOSTILE });
    let answer = post(&mut registry.admin, &arms, arm).await;
    assert!(answer.status.is_success(), "{}", answer.body);
    let mei = registry.register("Mei Chen", "01").await;
    registry.register("Noor Ali", "01").await;
    registry.register("Adaeze Obi", "02").await;
    let arm = json!({ "arm": HOSTILE, "status": "enrolled", "version": 1, "reason": HOSTILE });
    registry.change(&mei, arm).await;
    let age = json!({ "age": 61, "version": 2, "reason": "Read wrongly" });
    registry.change(&mei, age).await;
    let file = |minute: u32, rows: u32| {
        let row = |day: u32| {
            format!(
                "HYP24-01-0002,2020-03-{day:02}T08:{minute:02}:00Z,72,170/80,36.{},98,14\n",
                day % 9
            )
        };
        let head = "patient_id,record_time,heart_rate,blood_pressure,temperature,oxygen_saturation,respiratory_rate\n";
        let rows: String = (1..=rows).map(row).collect();
        format!("{head}{rows}")
    };
    let query = format!("project_id={}", registry.study);
    made(&send(&mut registry.coordinator, &query, file(15, 9).as_bytes()).await);
    let again = send(&mut registry.coordinator, &query, file(30, 5).as_bytes()).await;
    made(&again);
    let revert = format!("/api/v1/imports/{}/revert", again.data()["id"]);
    let reason = json!({ "reason": "Wrong ward" });
    let answer = post(&mut registry.coordinator, &revert, reason).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    for (subject, at) in [
        (1, "2020-03-01T08:30:00Z"),
        // At a time at which a file had one that was taken back.
        (2, "2020-03-02T08:30:00Z"),
    ] {
        let id = "SELECT id FROM subjects WHERE number = 'HYP24-01-000";
        let id = number(&registry.server.app, &format!("{id}{subject}'")).await;
        let path = format!("/api/v1/subjects/{id}/vital-signs");
        let body = json!({ "record_time": at, "heart_rate": 66, "blood_pressure": "118/76" });
        made(&post(&mut registry.coordinator, &path, body).await);
    }
    registry
}

/// Fails where something is referred to that is not defined.
fn check_references(root: &Element) {
    let mut defined: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (definition, reference) in [
        ("Study", "StudyOID"),
        ("MetaDataVersion", "MetaDataVersionOID"),
        ("MeasurementUnit", "MeasurementUnitOID"),
        ("StudyEventDef", "StudyEventOID"),
        ("FormDef", "FormOID"),
        ("ItemGroupDef", "ItemGroupOID"),
        ("ItemDef", "ItemOID"),
        ("CodeList", "CodeListOID"),
        ("User", "UserOID"),
        ("Location", "LocationOID"),
    ] {
        let found = root.all(definition).into_iter().map(|it| it.get("OID"));
        defined.insert(reference, found.collect());
    }
    check_below(root, &defined);
    let codes = |list: &str| -> BTreeSet<&str> {
        let lists = root.all("CodeList");
        let list = lists.into_iter().find(|it| it.get("OID") == list);
        let items = list.into_iter().flat_map(|list| &list.children);
        items.map(|item| item.get("CodedValue")).collect()
    };
    for (item, list) in [
        ("IT.DM.SEX", "CL.SEX"),
        ("IT.DM.STATUS", "CL.STATUS"),
        ("IT.DM.ARM", "CL.ARM"),
    ] {
        for data in root.all("ItemData") {
            let value = data.get("Value");
            assert!(
                data.get("ItemOID") != item || codes(list).contains(value),
                "{item} {value}"
            );
        }
    }
}

fn check_below(element: &Element, defined: &BTreeMap<&str, BTreeSet<&str>>) {
    for (name, value) in &element.attributes {
        if let Some(known) = defined.get(name.as_str()) {
            assert!(
                known.contains(value.as_str()),
                "{name} {value} of {known:?}"
            );
        }
    }
    for child in &element.children {
        check_below(child, defined);
    }
}

/// The audit trail of the study, by the numbers of its entries.
async fn trail(registry: &mut Registry) -> BTreeMap<String, Value> {
    let path = format!("/api/v1/studies/{}/exports/audit.jsonl", registry.study);
    let answer = registry.auditor.api(&path).await;
    let entries = answer.body.lines().map(|line| {
        let entry: Value = serde_json::from_str(line).expect("JSON");
        (entry["seq"].to_string(), entry)
    });
    entries.collect()
}

/// Fails unless each `AuditRecord` is an entry of the trail, and the entry about what it stands in.
fn check_audit(root: &Element, trail: &BTreeMap<String, Value>) {
    let mut records = 0;
    for subject in root.all("SubjectData") {
        let number = subject.get("SubjectKey");
        let own = format!("subject/{number}");
        for event in &subject.children {
            let record = match event.get("StudyEventRepeatKey") {
                "" => own.clone(),
                at => format!("vital/{number}/{at}"),
            };
            for element in ["ItemGroupData", "ItemData"] {
                for data in event.all(element) {
                    let Some(audit) = data.child("AuditRecord") else {
                        continue;
                    };
                    let entry = &trail[audit.child_text("SourceID")];
                    check_entry(audit, entry, &record);
                    records += 1;
                    if element == "ItemData" {
                        assert_eq!(entry["new"], data.get("Value"));
                        let field = entry["field"].as_str().expect("a field").to_uppercase();
                        assert!(
                            data.get("ItemOID").ends_with(&format!(".{field}")),
                            "{field}"
                        );
                    } else {
                        assert_eq!(entry["field"], "reading");
                        assert!(entry["new"].is_string());
                    }
                }
            }
        }
        let audit = subject.child("AuditRecord").expect("was registered");
        let entry = &trail[audit.child_text("SourceID")];
        check_entry(audit, entry, &own);
        records += 1;
        assert_eq!(entry["old"], json!(null));
        let first = trail.values().filter(|it| it["record"] == own.as_str());
        let first = first.map(|it| it["seq"].as_i64()).min().flatten();
        assert_eq!(entry["seq"].as_i64(), first);
    }
    assert_eq!(root.all("AuditRecord").len(), records);
}

fn check_entry(audit: &Element, entry: &Value, record: &str) {
    assert_eq!(entry["record"], record);
    assert_eq!(audit.child_text("ReasonForChange"), entry["reason"]);
    let at = guildhall::clock::Timestamp::parse(audit.child_text("DateTimeStamp"));
    assert_eq!(at.map(|at| json!(at.micros())), Some(entry["at"].clone()));
    let user = audit.child("UserRef").expect("somebody").get("UserOID");
    assert_eq!(user, format!("US.{}", entry["user_id"]));
}

#[tokio::test]
async fn an_export_is_valid_and_whole_and_each_audit_record_is_an_entry() {
    let mut registry = busy().await;
    let mut auditor = registry.auditor.clone();
    let xml = export(&mut auditor, registry.study).await;
    check_schema(&xml);
    let root = Element::read(&xml);
    check_references(&root);
    let trail = trail(&mut registry).await;
    check_audit(&root, &trail);
    let last = trail.values().max_by_key(|it| it["seq"].as_i64());
    let hash = last.expect("entries")["hash"].as_str().expect("a hash");
    assert_eq!(root.get("FileOID"), format!("HYP24.{}.{hash}", trail.len()));
    let app = &registry.server.app;
    let count = |element: &str, attribute: &str, value: &str| {
        let all = root.all(element).into_iter();
        all.filter(|it| it.get(attribute) == value).count() as i64
    };
    for (element, attribute, value, rows) in [
        ("StudyEventData", "StudyEventOID", "SE.DM", "subjects"),
        ("StudyEventData", "StudyEventOID", "SE.VS", "vital_signs"),
        (
            "ItemData",
            "ItemOID",
            "IT.DM.ARM",
            "subjects WHERE arm_id IS NOT NULL",
        ),
        ("ItemData", "ItemOID", "IT.DM.AGE", "subjects"),
        ("ItemData", "Value", "61", "subjects WHERE age = 61"),
        (
            "ItemData",
            "Value",
            "enrolled",
            "subjects WHERE status = 'enrolled'",
        ),
        ("ItemData", "ItemOID", "IT.VS.HEART_RATE", "vital_signs"),
        (
            "ItemData",
            "ItemOID",
            "IT.VS.TEMPERATURE",
            "vital_signs WHERE temperature IS NOT NULL",
        ),
        ("Location", "LocationType", "Site", "study_sites"),
    ] {
        let stored = number(app, &format!("SELECT COUNT(*) FROM {rows}")).await;
        assert_eq!(count(element, attribute, value), stored, "{value}");
    }
    assert_eq!(count("StudyEventData", "StudyEventOID", "SE.VS"), 11);
    // By hand each value has an entry, from a file the reading has.
    assert_eq!(count("ItemGroupData", "ItemGroupOID", "IG.VS"), 11);
    let groups = root.all("ItemGroupData").into_iter();
    let imported = groups.filter(|group| group.child("AuditRecord").is_some());
    assert_eq!(imported.count(), 9);
}

#[tokio::test]
async fn hostile_texts_are_texts_and_names_are_nowhere() {
    let registry = busy().await;
    let app = &registry.server.app;
    // What no form takes, and is in the database all the same.
    let controls = "a\u{1}\u{1b}\u{7f}\tb\nc\rd\u{fffe}\u{202e}e";
    for statement in [
        format!("UPDATE studies SET title = '{controls}'"),
        format!("UPDATE study_sites SET name = '{controls}' WHERE code = '01'"),
        format!("UPDATE users SET name = '{controls}', email = 'secret' || id || '@example.com'"),
    ] {
        execute(app, &statement).await;
    }
    let mut coordinator = registry.coordinator.clone();
    let xml = export(&mut coordinator, registry.study).await;
    check_schema(&xml);
    let root = Element::read(&xml);
    let shown = "a␁␛\u{7f}\tb\nc\rd\u{fffd}\u{202e}e";
    assert_eq!(root.all("StudyDescription")[0].text, shown);
    assert_eq!(root.all("Location")[0].get("Name"), shown);
    assert_eq!(root.all("DisplayName")[0].text, shown);
    let arms = root.all("EnumeratedItem").into_iter();
    assert!(
        arms.map(|arm| arm.get("CodedValue"))
            .any(|it| it == HOSTILE)
    );
    let mut reasons = root.all("ReasonForChange").into_iter();
    assert!(reasons.any(|reason| reason.text == HOSTILE));
    for name in ["Mei", "Noor", "Adaeze", "sealed", "secret", "@"] {
        assert!(!xml.contains(name), "{name}");
    }
    registry.check().await;
}

#[tokio::test]
async fn an_empty_study_is_valid_too() {
    let mut registry = Registry::open().await;
    let body = json!({ "code": "BARE", "title": "Nothing yet" });
    let answer = post(&mut registry.admin, "/api/v1/studies", body).await;
    let study = answer.data()["id"].as_i64().expect("an id");
    let xml = export(&mut registry.admin, study).await;
    check_schema(&xml);
    let root = Element::read(&xml);
    check_references(&root);
    assert!(root.all("SubjectData").is_empty() && root.all("User").is_empty());
    assert_eq!(root.all("Location").len(), 1);
}

/// The body of the export, unread.
async fn begin(client: &Client, study: i64) -> Body {
    let token = client.token.as_deref().expect("a program");
    let request = Request::builder()
        .method(Method::GET)
        .uri(format!("/api/v1/studies/{study}/odm"))
        .header("host", "guildhall.test")
        .header(header::AUTHORIZATION, format!("Bearer {token}"));
    let request = request.body(Body::empty()).expect("a request");
    let response = client.router().oneshot(request).await.expect("an answer");
    assert_eq!(response.status(), StatusCode::OK);
    response.into_body()
}

/// The next part of a body; none after the last.
async fn part(body: &mut Body) -> Option<String> {
    let frame = body.frame().await?.expect("a part");
    let bytes = frame.into_data().expect("bytes");
    Some(String::from_utf8(bytes.into()).expect("text"))
}

#[tokio::test]
async fn thousands_of_readings_are_sent_in_parts() {
    const ROWS: usize = 5_000;
    let mut registry = Registry::open().await;
    registry.register("Mei Chen", "01").await;
    registry.register("Noor Ali", "02").await;
    let rows = (0..ROWS).map(|row| {
        let (site, day) = (row % 2 + 1, row / 2 % 28 + 1);
        let (hour, minute) = (row / 56 % 24, row / 1_344);
        format!("HYP24-{site:02}-0001,2020-03-{day:02}T{hour:02}:{minute:02}:00Z,72,120/80\n")
    });
    let rows: String = rows.collect();
    let file = format!("patient_id,record_time,heart_rate,blood_pressure\n{rows}");
    let query = format!("project_id={}", registry.study);
    let answer = send(&mut registry.coordinator, &query, file.as_bytes()).await;
    made(&answer);
    assert_eq!(answer.data()["good"], ROWS);
    let mut body = begin(&registry.monitor, registry.study).await;
    let (mut parts, mut longest, mut xml) = (0, 0, String::new());
    while let Some(text) = part(&mut body).await {
        let readings = text.matches("StudyEventOID=\"SE.VS\"").count();
        longest = longest.max(readings);
        parts += 1;
        xml += &text;
    }
    assert!(longest <= 500, "{longest} readings in one part");
    assert!(parts > ROWS / 500, "{parts} parts");
    let root = Element::read(&xml);
    let events = root.all("StudyEventData").into_iter();
    let events = events.filter(|event| event.get("StudyEventOID") == "SE.VS");
    assert_eq!(events.count(), ROWS);
    check_audit(&root, &trail(&mut registry).await);
    check_schema(&xml);
}

#[tokio::test]
async fn an_export_is_of_the_moment_when_it_began() {
    let mut registry = Registry::open().await;
    let mei = registry.register("Mei Chen", "01").await;
    registry.register("Noor Ali", "02").await;
    let path = format!("/api/v1/subjects/{}/vital-signs", mei["id"]);
    let reading = |day: u32| json!({ "record_time": format!("2020-03-{day:02}T08:15:00Z"), "heart_rate": 72, "blood_pressure": "120/80" });
    made(&post(&mut registry.coordinator, &path, reading(1)).await);
    let before = export(&mut registry.monitor.clone(), registry.study).await;
    let mut body = begin(&registry.monitor, registry.study).await;
    let mut xml = part(&mut body).await.expect("the head");
    // By somebody who made no change before.
    let change = json!({ "age": 70, "version": 1, "reason": "Read wrongly" });
    let path_of_mei = format!("/api/v1/subjects/{}", mei["id"]);
    let answer = registry
        .admin
        .send_json(Method::PATCH, &path_of_mei, change)
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    registry.register("Adaeze Obi", "01").await;
    made(&post(&mut registry.coordinator, &path, reading(2)).await);
    while let Some(text) = part(&mut body).await {
        xml += &text;
    }
    assert_eq!(xml, before);
    let after = export(&mut registry.monitor.clone(), registry.study).await;
    let (before, after) = (Element::read(&before), Element::read(&after));
    check_references(&after);
    assert_eq!(before.all("SubjectData").len(), 2);
    assert_eq!(after.all("SubjectData").len(), 3);
    assert_eq!(before.all("User").len() + 1, after.all("User").len());
    assert_ne!(before.get("FileOID"), after.get("FileOID"));
    let version = |root: &Element| root.all("MetaDataVersion")[0].get("OID").to_owned();
    assert_eq!(version(&before), version(&after));
    check_audit(&after, &trail(&mut registry).await);
}
