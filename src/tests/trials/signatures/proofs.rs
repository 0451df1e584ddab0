//! Signatures that were changed beside the program: the database refuses, and verification names them.

use super::Signing;
use crate::support::{execute, on_postgres, try_execute};
use guildhall::trials::verify_trials;

#[tokio::test]
async fn the_database_keeps_signatures_as_they_are() {
    let mut signing = Signing::open().await;
    signing.sign().await;
    let app = &signing.registry.server.app;
    for statement in [
        "UPDATE visit_signatures SET signer = 'Somebody else'",
        "UPDATE visit_signatures SET meaning = 'approval'",
        "DELETE FROM visit_signatures",
    ] {
        assert!(try_execute(app, statement).await.is_err(), "{statement}");
    }
    if on_postgres() {
        let statement = "TRUNCATE visit_signatures";
        assert!(try_execute(app, statement).await.is_err(), "{statement}");
    }
    signing.registry.check().await;
}

#[tokio::test]
async fn verification_names_a_signature_without_its_entry() {
    let mut signing = Signing::open().await;
    let signed = signing.sign().await;
    let app = &signing.registry.server.app;
    for trigger in ["visit_signatures_stay", "visit_signatures_are_kept"] {
        let on = if on_postgres() {
            " ON visit_signatures"
        } else {
            ""
        };
        execute(app, &format!("DROP TRIGGER {trigger}{on}")).await;
    }
    let user = signed["signer"].as_str().expect("a name");
    let (id, study, subject) = (
        &signed["id"],
        signing.registry.study,
        &signing.subject["id"],
    );
    let altered = format!(
        "Signature no. {id}, in study no. {study} and of subject no. {subject}, is not what the audit trail says"
    );
    let update = |set: &str| format!("UPDATE visit_signatures SET {set}");
    for (done, undone) in [
        ("signer = 'Somebody else'", format!("signer = '{user}'")),
        ("meaning = 'approval'", "meaning = 'review'".to_owned()),
        (
            "signed_at = signed_at + 1",
            "signed_at = signed_at - 1".to_owned(),
        ),
        ("visit = 'Week 2'", "visit = 'Week 1'".to_owned()),
    ] {
        execute(app, &update(done)).await;
        let findings = verify_trials(app).await.expect("reads");
        let said: Vec<&str> = findings.iter().map(|it| it.0.as_str()).collect();
        assert_eq!(said, [altered.as_str()], "{done}");
        execute(app, &update(&undone)).await;
    }
    signing.registry.check().await;
    execute(app, "DELETE FROM visit_signatures").await;
    let findings = verify_trials(app).await.expect("reads");
    let said: Vec<&str> = findings.iter().map(|it| it.0.as_str()).collect();
    let lost = "Study HYP24 has 0 signatures, and its audit trail says 1";
    assert_eq!(said, [lost]);
}
