//! Imports from a table of another database: the same rows and the same faults as from a file.

use crate::support::process::{Folder, run, text};
use crate::support::{execute, number};
use crate::trials::registry::Registry;
use serde_json::{Value, json};

const NAMES: [&str; 4] = ["patient_id", "record_time", "heart_rate", "blood_pressure"];

/// Rows in the order of their texts: one that is good, and one with each kind of fault.
const ROWS: [[&str; 4]; 7] = [
    ["HYP24-01-0001", "2026-03-01T08:00:00Z", "72", "120/80"],
    ["HYP24-01-0001", "2026-03-02T08:00:00Z", "7O", "120-80"],
    ["HYP24-01-0001", "2026-03-03T08:00:00Z", "", "80/120"],
    ["HYP24-01-0001", "2026-03-04T08:00:00Z", "130", "120/80"],
    ["HYP24-01-0001", "2026-03-31 08:00", "72", "\"x\ny\""],
    ["HYP24-01-0009", "2026-03-01T08:00:00Z", "72", "120/80"],
    ["HYP24-01-001", "2026-02-30T08:00:00Z", "301", "中"],
];

struct Source {
    registry: Registry,
    folder: Folder,
}

impl Source {
    async fn open() -> Self {
        let mut registry = Registry::open().await;
        registry.register("Mei Chen", "01").await;
        let folder = Folder::new();
        Self { registry, folder }
    }

    /// Imports by the command line, into the registry's database.
    fn import(&self, arguments: &[&str]) -> (Option<i32>, Value, String) {
        let config = &self.registry.server.app.config;
        let variables = [
            ("DATABASE_URL", config.database.url.as_str()),
            (
                "GUILDHALL_ACCOUNTS_TOKEN_SECRET",
                config.accounts.token_secret.as_str(),
            ),
        ];
        let mut all = vec!["trials", "import", "--study", "hyp24", "--json"];
        all.extend(arguments);
        let output = run(&self.folder, &variables, &all);
        let report = serde_json::from_slice(&output.stdout).unwrap_or_default();
        (output.status.code(), report, text(&output.stderr))
    }

    fn write(&self, name: &str, content: &str) {
        std::fs::write(self.folder.0.join(name), content).expect("a file");
    }
}

/// The counts of a report, and each fault without the place that only a file has.
fn told(report: &Value) -> Value {
    let faults = report["faults"].as_array().expect("faults").iter();
    let faults = faults.map(|fault| {
        let kept = ["row", "column", "code", "text", "suggestion", "message"];
        kept.map(|key| fault[key].clone())
    });
    json!([
        report["records"],
        report["good"],
        report["bad"],
        report["unusual"],
        faults.collect::<Vec<_>>()
    ])
}

#[tokio::test]
async fn a_table_is_read_as_a_file_is() {
    let source = Source::open().await;
    let quoted = |cell: &&str| format!("\"{}\"", cell.replace('"', "\"\""));
    let line = |row: &[&str; 4]| row.iter().map(quoted).collect::<Vec<_>>().join(",") + "\n";
    let lines: String = ROWS.iter().map(line).collect();
    source.write("rows.csv", &(NAMES.join(",") + "\n" + &lines));
    let object = |row: &[&str; 4]| {
        let members = NAMES.iter().zip(row);
        let members = members.map(|(name, cell)| ((*name).to_owned(), json!(cell)));
        Value::Object(members.collect())
    };
    let objects: Vec<Value> = ROWS.iter().map(object).collect();
    source.write("rows.json", &json!(objects).to_string());
    let lines: String = objects.iter().map(|it| format!("{it}\n")).collect();
    source.write("rows.jsonl", &lines);
    let literal = |cell: &&str| format!("'{}'", cell.replace('\'', "''"));
    let row = |row: &[&str; 4]| format!("({})", row.each_ref().map(literal).join(", "));
    let rows = ROWS.each_ref().map(row).join(", ");
    let app = &source.registry.server.app;
    let columns = "\"patient_id\" TEXT, record_time TEXT, heart_rate TEXT, blood_pressure TEXT";
    execute(app, &format!("CREATE TABLE \"ward readings\" ({columns})")).await;
    execute(app, &format!("INSERT INTO \"ward readings\" VALUES {rows}")).await;

    let (code, right, said) = source.import(&["rows.csv", "--dry-run"]);
    assert_eq!(code, Some(2), "{said}");
    let right = told(&right);
    assert_eq!(right[0], 7, "{right}");
    let url = app.config.database.url.as_str();
    for arguments in [
        &["rows.json", "--dry-run"] as &[&str],
        &["rows.jsonl", "--dry-run"],
        &[url, "--table", "ward readings", "--dry-run"],
    ] {
        let (code, report, said) = source.import(arguments);
        assert_eq!(code, Some(2), "{said}");
        assert_eq!(told(&report), right, "{arguments:?}");
    }
}

#[tokio::test]
async fn numbers_and_times_of_a_table_are_what_they_are() {
    let source = Source::open().await;
    let app = &source.registry.server.app;
    let url = app.config.database.url.as_str();
    let (time, number_type) = match url.starts_with("sqlite:") {
        true => ("TEXT", "REAL"),
        false => ("TIMESTAMPTZ", "NUMERIC(4, 1)"),
    };
    let columns = format!(
        "patient_id TEXT, record_time {time}, heart_rate INTEGER, blood_pressure TEXT, temperature {number_type}, \
         spo2 SMALLINT, room TEXT"
    );
    execute(app, &format!("CREATE TABLE readings ({columns})")).await;
    let rows = "INSERT INTO readings VALUES
        ('HYP24-01-0001', '2026-03-01T08:00:00+00:00', 72, '120/80', 36.6, NULL, 'A'),
        ('HYP24-01-0001', '2026-03-01T12:00:00+00:00', 80, '118/76', NULL, 97, NULL)";
    execute(app, rows).await;
    let (code, report, said) = source.import(&[url, "--table", "readings"]);
    assert_eq!(code, Some(0), "{said} {report}");
    assert_eq!(
        (&report["good"], &report["file_name"]),
        (&json!(2), &json!("readings"))
    );
    let sum = "SELECT CAST(SUM(heart_rate + COALESCE(temperature, 0) + COALESCE(oxygen_saturation, 0)) AS BIGINT)
        FROM vital_signs";
    assert_eq!(number(app, sum).await, 72 + 366 + 80 + 97);
    source.registry.check().await;
    // The same once more is noticed, and more of it is new.
    let (code, _, said) = source.import(&[url, "--table", "readings"]);
    assert!(
        code == Some(1) && said.contains("imported before"),
        "{said}"
    );
    let more = "INSERT INTO readings VALUES ('HYP24-01-0001', '2026-03-02T08:00:00+00:00', 75, '121/80', 37, 98, NULL)";
    execute(app, more).await;
    let (code, report, said) = source.import(&[url, "--table", "readings"]);
    assert_eq!(code, Some(2), "{said}");
    assert_eq!(
        (&report["good"], &report["bad"]),
        (&json!(1), &json!(2)),
        "{report}"
    );
    for (arguments, words) in [
        (&[url] as &[&str], "--table NAME"),
        (&[url, "--table", "gone"], "no such table"),
        (
            &[url, "--table", "x\"; DROP TABLE readings; --"],
            "no such table",
        ),
        (
            &["sqlite:nowhere.db", "--table", "readings"],
            "cannot be read",
        ),
        (&["rows.csv", "--table", "readings"], "is no database"),
    ] {
        let (code, _, said) = source.import(arguments);
        assert!(
            code == Some(1) && said.contains(words),
            "{arguments:?}: {said}"
        );
    }
    assert!(!source.folder.0.join("nowhere.db").exists());
}

#[tokio::test]
async fn a_table_that_fails_on_the_way_leaves_nothing() {
    let source = Source::open().await;
    let app = &source.registry.server.app;
    let url = app.config.database.url.as_str();
    let columns = "patient_id TEXT, record_time TEXT, heart_rate TEXT, blood_pressure TEXT";
    execute(app, &format!("CREATE TABLE readings ({columns})")).await;
    let good =
        "INSERT INTO readings VALUES ('HYP24-01-0001', '2026-03-01T08:00:00Z', '72', '120/80')";
    execute(app, good).await;
    // A view whose last row cannot be worked out.
    let broken = match url.starts_with("sqlite:") {
        true => "CREATE VIEW broken AS SELECT patient_id, record_time, heart_rate, blood_pressure FROM readings
            UNION ALL SELECT 'z', json('{'), '', ''",
        false => "CREATE VIEW broken AS SELECT patient_id, record_time, heart_rate, blood_pressure FROM readings
            UNION ALL SELECT 'z', CAST(1 / (random() * 0) AS TEXT), '', ''",
    };
    execute(app, broken).await;
    let (code, _, said) = source.import(&[url, "--table", "broken"]);
    assert!(code == Some(1) && !said.is_empty(), "{said}");
    assert_eq!(number(app, "SELECT COUNT(*) FROM vital_signs").await, 0);
    assert_eq!(number(app, "SELECT COUNT(*) FROM imports").await, 0);
}
