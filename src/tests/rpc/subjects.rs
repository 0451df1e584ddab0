//! Subjects by gRPC: registering, reading, listing, changing, withdrawing, and the time for all that.

use super::studies::{Called, code, faulty, of};
use crate::support::{TestServer, execute, number};
use crate::trials::registry::Registry;
use axum::http::StatusCode;
use futures_util::TryStreamExt;
use guildhall::server::rpc::proto::subject::subject_rpc_client::SubjectRpcClient;
use guildhall::server::rpc::proto::subject::{
    CreateSubjectRequest as PlainCreate, GetSubjectByIdRequest,
};
use guildhall::server::rpc::proto::v1::{
    CreateSubjectRequest, GetSubjectRequest, ListSubjectsRequest, Sex, SubjectStatus,
    UpdateSubjectRequest, WithdrawSubjectRequest,
};
use guildhall::server::{Conn, router};
use std::time::Duration;
use tonic::{Code, Request};
use tonic_types::StatusExt;

#[tokio::test]
async fn what_is_registered_by_grpc_is_what_the_api_shows() {
    let mut study = Called::open().await;
    let subject = study.register(study.mei()).await.expect("registers");
    assert_eq!(subject.number, "HYP24-01-0001");
    assert_eq!(subject.sex(), Sex::Unknown);
    assert_eq!(subject.status(), SubjectStatus::Screened);
    let path = format!("/api/v1/subjects/{}", subject.id);
    let shown = study.registry.coordinator.api(&path).await.data();
    assert_eq!(shown["name"], "Mei Chen");
    let created = subject.created_at.expect("a time");
    let created = created.to_string();
    assert_eq!(
        shown["created_at"].as_str().map(|at| &at[..19]),
        Some(&created[..19])
    );
    let read = of(
        &study.registry.monitor,
        GetSubjectRequest { id: subject.id },
    );
    let read = study.calls().get_subject(read).await.expect("reads");
    let read = read.into_inner().subject.expect("a subject");
    assert_eq!(
        (read.name, read.number),
        (None, subject.number),
        "no name for monitors"
    );
    study.registry.check().await;
}

#[tokio::test]
async fn all_faults_are_told_at_once_and_by_field() {
    let study = Called::open().await;
    let wrong = CreateSubjectRequest {
        name: " ".to_owned(),
        age: 0,
        project_id: 999,
        sex: 77,
        ..CreateSubjectRequest::default()
    };
    let refused = study.register(wrong).await.expect_err("is refused");
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert_eq!(faulty(&refused), ["age", "name", "project_id", "sex"]);
    assert_eq!(code(&refused), "2001");
    let empty = study.register(CreateSubjectRequest::default()).await;
    assert_eq!(
        faulty(&empty.expect_err("is refused")),
        ["age", "name", "project_id"]
    );
    let count = number(&study.registry.server.app, "SELECT COUNT(*) FROM subjects");
    assert_eq!(count.await, 0);
}

#[tokio::test]
async fn a_call_that_is_repeated_under_its_key_registers_once() {
    let study = Called::open().await;
    let keyed = |name: &str| {
        let message = CreateSubjectRequest {
            name: name.to_owned(),
            ..study.mei()
        };
        let mut request = of(&study.registry.coordinator, message);
        let key = "monday-1".parse().expect("a key");
        request.metadata_mut().insert("idempotency-key", key);
        request
    };
    let mut numbers = Vec::new();
    for _ in 0..2 {
        let answer = study.calls().create_subject(keyed("Mei Chen")).await;
        let subject = answer.expect("registers").into_inner().subject;
        numbers.push(subject.expect("a subject").number);
    }
    assert_eq!(numbers, ["HYP24-01-0001"; 2]);
    let other = study.calls().create_subject(keyed("Noor Haddad")).await;
    assert_eq!(code(&other.expect_err("is another call")), "2003");
    let mut odd = of(&study.registry.coordinator, study.mei());
    let key = "two words".parse().expect("text");
    odd.metadata_mut().insert("idempotency-key", key);
    let refused = study.calls().create_subject(odd).await.expect_err("no key");
    assert_eq!(refused.code(), Code::InvalidArgument);
}

#[tokio::test]
async fn a_list_is_streamed_whole_and_as_it_is_filtered() {
    let study = Called::open().await;
    let first = study.register(study.mei()).await.expect("registers");
    // More than are read at once.
    let many = "WITH RECURSIVE counted (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM counted WHERE n < 2501)
        INSERT INTO subjects (study_id, site_id, ordinal, number, sealed_name, age, sex, status, created_by,
            created_at, updated_at)
        SELECT study_id, site_id, n, 'HYP24-01-' || n, sealed_name, age, sex, status, created_by, created_at,
            updated_at
        FROM subjects, counted";
    execute(&study.registry.server.app, many).await;
    let list = async |request: ListSubjectsRequest| {
        let request = of(&study.registry.monitor, request);
        let lines = study.calls().list_subjects(request).await.expect("lists");
        let lines = lines.into_inner().try_collect::<Vec<_>>().await;
        let lines = lines.expect("a whole list").into_iter();
        lines
            .map(|line| line.subject.expect("a subject"))
            .collect::<Vec<_>>()
    };
    let all = list(ListSubjectsRequest::default()).await;
    assert_eq!(all.len(), 2_501);
    assert!(all.is_sorted_by(|one, next| one.id > next.id));
    assert!(all.iter().all(|subject| subject.name.is_none()));
    let some = ListSubjectsRequest {
        limit: 1_200,
        ..Default::default()
    };
    let some = list(some).await;
    assert_eq!(some, all[..1_200]);
    let rest = ListSubjectsRequest {
        before_id: some[1_199].id,
        ..Default::default()
    };
    assert_eq!(list(rest).await, all[1_200..]);
    let one = ListSubjectsRequest {
        number_part: "0001".to_owned(),
        ..Default::default()
    };
    assert_eq!(list(one).await[0].number, first.number);
    let none = ListSubjectsRequest {
        status: SubjectStatus::Withdrawn.into(),
        project_id: Some(study.registry.study),
        ..Default::default()
    };
    assert_eq!(list(none).await, []);
    for wrong in [
        ListSubjectsRequest {
            status: 9,
            ..Default::default()
        },
        ListSubjectsRequest {
            project_id: Some(999),
            ..Default::default()
        },
        ListSubjectsRequest {
            site: "01".to_owned(),
            ..Default::default()
        },
    ] {
        let request = of(&study.registry.monitor, wrong);
        let refused = study.calls().list_subjects(request).await;
        assert_eq!(
            refused.err().map(|status| status.code()),
            Some(Code::InvalidArgument)
        );
    }
}

#[tokio::test]
async fn a_change_names_its_version_and_its_reason() {
    let study = Called::open().await;
    let subject = study.register(study.mei()).await.expect("registers");
    let change = UpdateSubjectRequest {
        id: subject.id,
        version: Some(subject.version),
        reason: "Misheard".to_owned(),
        age: Some(45),
        arm: Some("Morning".to_owned()),
        ..Default::default()
    };
    let update = async |change: &UpdateSubjectRequest| {
        let request = of(&study.registry.coordinator, change.clone());
        let answer = study.calls().update_subject(request).await?;
        Ok::<_, tonic::Status>(answer.into_inner().subject.expect("a subject"))
    };
    let changed = update(&change).await.expect("changes");
    assert_eq!((changed.age, changed.arm.as_deref()), (45, Some("Morning")));
    let stale = update(&change).await.expect_err("is stale");
    assert_eq!((stale.code(), &*code(&stale)), (Code::Aborted, "3001"));
    let cleared = UpdateSubjectRequest {
        version: Some(changed.version),
        arm: Some(String::new()),
        age: None,
        ..change.clone()
    };
    assert_eq!(update(&cleared).await.expect("changes").arm, None);
    let unreasoned = UpdateSubjectRequest {
        reason: String::new(),
        age: Some(0),
        ..change
    };
    let refused = update(&unreasoned).await.expect_err("is refused");
    assert_eq!(faulty(&refused), ["age", "reason"]);
    let withdraw = || {
        let message = WithdrawSubjectRequest {
            id: subject.id,
            reason: String::new(),
        };
        of(&study.registry.coordinator, message)
    };
    for _ in 0..2 {
        study
            .calls()
            .withdraw_subject(withdraw())
            .await
            .expect("stays withdrawn");
    }
    study.registry.check().await;
}

#[tokio::test]
async fn a_call_ends_with_its_time_and_leaves_nothing() {
    let study = Called::open().await;
    let app = &study.registry.server.app;
    // Somebody else holds what the call needs.
    let mut held = app.db.write().await.expect("begins");
    let touch = "UPDATE study_sites SET last_ordinal = last_ordinal";
    match &mut *held {
        Conn::Sqlite(conn) => sqlx::query(touch).execute(&mut **conn).await.map(drop),
        Conn::Postgres(conn) => sqlx::query(touch).execute(&mut **conn).await.map(drop),
    }
    .expect("holds it");
    let mut request = of(&study.registry.coordinator, study.mei());
    request.set_timeout(Duration::from_millis(300));
    let late = study
        .calls()
        .create_subject(request)
        .await
        .expect_err("is late");
    assert_eq!(late.code(), Code::DeadlineExceeded, "{late:?}");
    drop(held);
    assert_eq!(number(app, "SELECT COUNT(*) FROM subjects").await, 0);
    let subject = study.register(study.mei()).await.expect("registers");
    assert_eq!(subject.number, "HYP24-01-0001");
}

#[tokio::test]
async fn who_sends_too_much_is_told_when_to_come_again() {
    let server = TestServer::start_with(|config| config.limits.writes_per_staff = 60);
    let study = Called::on(Registry::open_on(server.await).await);
    let mut told = None;
    for _ in 0..100 {
        let request = of(&study.registry.coordinator, CreateSubjectRequest::default());
        let refused = study
            .calls()
            .create_subject(request)
            .await
            .expect_err("is refused");
        if refused.code() == Code::ResourceExhausted {
            told = Some(refused);
            break;
        }
    }
    let told = told.expect("a limit").get_error_details();
    let again = told.retry_info().and_then(|info| info.retry_delay);
    assert!(again.expect("a time") >= Duration::from_secs(1));
    // Who only reads is not kept from it.
    let read = of(&study.registry.coordinator, GetSubjectRequest { id: 1 });
    let missing = study
        .calls()
        .get_subject(read)
        .await
        .expect_err("is missing");
    assert_eq!(missing.code(), Code::NotFound);
}

#[tokio::test]
async fn simpler_clients_are_served_too() {
    let study = Called::open().await;
    let mut plain = SubjectRpcClient::new(study.router.clone());
    let message = PlainCreate {
        name: "Mei Chen".to_owned(),
        age: 54,
        project_id: study.registry.study,
    };
    // The study has two sites, and these clients know of none.
    let refused = plain
        .create_subject(of(&study.registry.coordinator, message.clone()))
        .await;
    assert_eq!(faulty(&refused.expect_err("which site")), ["site"]);
    let mut admin = study.registry.admin.clone();
    let one = serde_json::json!({ "code": "ONE", "title": "One site" });
    let one = crate::support::company::post(&mut admin, "/api/v1/studies", one).await;
    let message = PlainCreate {
        project_id: one.data()["id"].as_i64().expect("an id"),
        ..message
    };
    let made = plain.create_subject(of(&admin, message)).await;
    let made = made.expect("registers").into_inner();
    let id = GetSubjectByIdRequest { id: made.id };
    let read = plain.get_subject_by_id(of(&admin, id)).await;
    assert_eq!(read.expect("reads").into_inner(), made);
    let anonymous = plain.get_subject_by_id(Request::new(id)).await;
    assert_eq!(anonymous.expect_err("nobody").code(), Code::Unauthenticated);
}

#[tokio::test]
async fn the_services_are_not_in_the_shop() {
    let study = Called::open().await;
    let mut shop = crate::support::Client::new(router(study.registry.server.app.clone()));
    let answer = shop
        .api("/guildhall.trials.v1.SubjectService/GetSubject")
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
