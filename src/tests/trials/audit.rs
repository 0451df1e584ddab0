//! The audit trail: what was altered, removed or moved is named, here and by a program without this one.

use super::registry::Registry;
use crate::support::{execute, on_postgres};
use guildhall::trials::{verify_audit, verify_trials};
use serde_json::json;
use std::io::Write;
use std::process::{Command, Stdio};

/// The recipe of `docs/trials.md`.
const RECIPE: &str = include_str!("../../../docs/verify_audit.py");

/// A study with nine entries about two subjects, and its export.
async fn recorded() -> (Registry, String) {
    let mut registry = Registry::open().await;
    let subject = registry.register("Mei Chen", "01").await;
    registry.register("周明", "02").await;
    let change =
        json!({ "age": 55, "version": 1, "reason": "He said “55”,\nand \\ meant it: 同意" });
    registry.change(&subject, change).await;
    let user = registry.auditor.user.clone().expect("an auditor");
    let mut browser = registry.server.sign_in(&user).await;
    let export = browser.get("/trials/HYP24/audit.jsonl").await;
    assert_eq!(export.status, 200);
    (registry, export.body)
}

/// Returns the recipe's verdict on an export.
fn by_the_recipe(export: &str) -> String {
    let mut python = Command::new("python3")
        .args(["-c", RECIPE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python runs");
    let mut input = python.stdin.take().expect("its input");
    input.write_all(export.as_bytes()).expect("is read");
    drop(input);
    let output = python.wait_with_output().expect("ends");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

#[tokio::test]
async fn an_export_is_verified_by_a_program_without_this_one() {
    let (_registry, export) = recorded().await;
    let lines: Vec<&str> = export.lines().collect();
    let count = lines.len();
    let last: serde_json::Value = serde_json::from_str(lines[count - 1]).expect("JSON");
    let hash = last["hash"].as_str().expect("a hash");
    assert_eq!(
        by_the_recipe(&export),
        format!("{count} entries, the last with the hash {hash}")
    );
    for at in [1, count / 2, count - 2] {
        let mut altered = lines.clone();
        let other = lines[at].replace("\"reason\":\"", "\"reason\":\"Not ");
        altered[at] = &other;
        let said = by_the_recipe(&altered.join("\n"));
        assert_eq!(
            said,
            format!("entry {} was altered, removed or moved", at + 1)
        );
        let mut removed = lines.clone();
        removed.remove(at);
        let said = by_the_recipe(&removed.join("\n"));
        assert_eq!(
            said,
            format!("entry {} was altered, removed or moved", at + 1)
        );
        let mut moved = lines.clone();
        moved.swap(at, at + 1);
        let said = by_the_recipe(&moved.join("\n"));
        assert_eq!(
            said,
            format!("entry {} was altered, removed or moved", at + 1)
        );
    }
}

/// Lets the audit trail be changed behind the program's back.
async fn unlock(registry: &Registry) {
    let statements: &[&str] = match on_postgres() {
        true => &["DROP TRIGGER audit_entries_stay ON audit_entries"],
        false => &[
            "DROP TRIGGER audit_entries_stay",
            "DROP TRIGGER audit_entries_are_kept",
        ],
    };
    for statement in statements {
        execute(&registry.server.app, statement).await;
    }
}

#[tokio::test]
async fn the_first_entry_that_is_not_as_it_was_is_named() {
    let (registry, export) = recorded().await;
    let app = &registry.server.app;
    let count = export.lines().count();
    unlock(&registry).await;
    let study = registry.study;
    let of = format!("WHERE chain_id = {study} AND seq");
    for (done, undone, found) in [
        (
            format!("UPDATE audit_entries SET new = '56' {of} = 12"),
            None,
            "Entry 12 of",
        ),
        (
            format!("UPDATE audit_entries SET new = NULL {of} = 12"),
            None,
            "Entry 12 of",
        ),
        (
            format!("UPDATE audit_entries SET at = at + 1 {of} = 3"),
            Some(format!("UPDATE audit_entries SET at = at - 1 {of} = 3")),
            "Entry 3 of",
        ),
        (
            format!("UPDATE audit_chains SET length = length + 1 WHERE id = {study}"),
            Some(format!(
                "UPDATE audit_chains SET length = length - 1 WHERE id = {study}"
            )),
            &format!("Entry {} of", count + 1),
        ),
        (
            "UPDATE studies SET code = 'OTHER'".to_owned(),
            Some("UPDATE studies SET code = 'HYP24'".to_owned()),
            "Study HYP24 was created",
        ),
    ] {
        execute(app, "CREATE TABLE kept AS SELECT * FROM audit_entries").await;
        execute(app, &done).await;
        let findings = verify_audit(app).await.expect("reads");
        assert!(findings[0].0.starts_with(found), "{done}: {findings:?}");
        match undone {
            Some(undone) => execute(app, &undone).await,
            None => {
                execute(app, "DELETE FROM audit_entries").await;
                execute(app, "INSERT INTO audit_entries SELECT * FROM kept").await;
            }
        }
        execute(app, "DROP TABLE kept").await;
        assert_eq!(verify_audit(app).await.expect("reads"), [], "{done}");
    }
}

#[tokio::test]
async fn entries_that_are_removed_are_missed() {
    let (registry, export) = recorded().await;
    let app = &registry.server.app;
    let (count, study) = (export.lines().count(), registry.study);
    unlock(&registry).await;
    execute(app, "CREATE TABLE kept AS SELECT * FROM audit_entries").await;
    for (removed, found) in [
        (
            format!("seq = {count}"),
            format!("Entry {count} of study no. {study} was removed"),
        ),
        (
            "seq = 5".to_owned(),
            format!("Entry 5 of study no. {study} was removed or moved"),
        ),
        (
            "seq >= 4".to_owned(),
            format!("Entry 4 of study no. {study} was removed, and all after it"),
        ),
        (
            "seq > 0".to_owned(),
            format!("Entry 1 of study no. {study} was removed, and all after it"),
        ),
    ] {
        execute(
            app,
            &format!("DELETE FROM audit_entries WHERE chain_id = {study} AND {removed}"),
        )
        .await;
        let findings = verify_audit(app).await.expect("reads");
        assert!(findings[0].0.starts_with(&found), "{removed}: {findings:?}");
        execute(app, "DELETE FROM audit_entries").await;
        execute(app, "INSERT INTO audit_entries SELECT * FROM kept").await;
    }
}

#[tokio::test]
async fn the_database_refuses_to_change_the_trail() {
    use crate::support::try_execute;
    let (registry, _) = recorded().await;
    let app = &registry.server.app;
    for statement in [
        "UPDATE audit_entries SET reason = 'x'",
        "DELETE FROM audit_entries",
    ] {
        assert!(try_execute(app, statement).await.is_err(), "{statement}");
    }
}

#[tokio::test]
async fn each_break_of_the_subjects_is_named() {
    let (registry, _) = recorded().await;
    let app = &registry.server.app;
    for (done, undone, found) in [
        (
            "UPDATE study_sites SET last_ordinal = 2 WHERE code = '01'",
            "UPDATE study_sites SET last_ordinal = 1 WHERE code = '01'",
            "Site HYP24-01 has given 2 numbers, and has 1 subjects",
        ),
        (
            "UPDATE subjects SET ordinal = 7 WHERE number = 'HYP24-02-0001'",
            "UPDATE subjects SET ordinal = 1 WHERE number = 'HYP24-02-0001'",
            "Subject HYP24-02-0001 has the ordinal 7, and is no. 1 of its site",
        ),
        (
            "UPDATE subjects SET age = 56 WHERE number = 'HYP24-01-0001'",
            "UPDATE subjects SET age = 55 WHERE number = 'HYP24-01-0001'",
            "Subject HYP24-01-0001 has another age than its audit trail says",
        ),
        (
            "UPDATE subjects SET sex = 'male' WHERE number = 'HYP24-02-0001'",
            "UPDATE subjects SET sex = 'female' WHERE number = 'HYP24-02-0001'",
            "Subject HYP24-02-0001 has another sex than its audit trail says",
        ),
        (
            "UPDATE subjects SET status = 'enrolled' WHERE number = 'HYP24-02-0001'",
            "UPDATE subjects SET status = 'screened' WHERE number = 'HYP24-02-0001'",
            "Subject HYP24-02-0001 has another status than its audit trail says",
        ),
        (
            "UPDATE subjects SET arm_id = (SELECT MIN(id) FROM study_arms) WHERE number = 'HYP24-02-0001'",
            "UPDATE subjects SET arm_id = NULL WHERE number = 'HYP24-02-0001'",
            "Subject HYP24-02-0001 has another arm than its audit trail says",
        ),
        (
            "UPDATE subjects SET sealed_name = sealed_name || 'x' WHERE number = 'HYP24-02-0001'",
            "UPDATE subjects SET sealed_name = SUBSTR(sealed_name, 1, LENGTH(sealed_name) - 1)
             WHERE number = 'HYP24-02-0001'",
            "Subject HYP24-02-0001 has another name than its audit trail says",
        ),
    ] {
        execute(app, done).await;
        let findings = verify_trials(app).await.expect("reads");
        let said: Vec<&str> = findings.iter().map(|finding| finding.0.as_str()).collect();
        assert_eq!(said, [found]);
        execute(app, undone).await;
    }
    registry.check().await;
}
