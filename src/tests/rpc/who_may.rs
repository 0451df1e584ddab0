//! Permissions by gRPC: each method, as everybody who might call it.

use super::studies::{Called, Calls, of};
use crate::support::Client;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, TryStreamExt};
use guildhall::accounts::Role;
use guildhall::server::rpc::proto::v1::import_vital_signs_request::Part;
use guildhall::server::rpc::proto::v1::{
    GetSubjectRequest, ImportOptions, ImportVitalSignsRequest, ListSubjectsRequest, Subject,
    UpdateSubjectRequest, WithdrawSubjectRequest,
};
use tonic::Code::{InvalidArgument, NotFound, Ok as Fine, PermissionDenied, Unauthenticated};
use tonic::{Code, Request, Status};

/// Everybody who might call: nobody, a customer, coordinator and monitor of another study, monitor and auditor of this
/// one, an admin without a role in it, and its coordinator.
const EVERYBODY: [&str; 8] = [
    "nobody",
    "customer",
    "other coordinator",
    "other monitor",
    "monitor",
    "auditor",
    "admin",
    "coordinator",
];

type Answer = BoxFuture<'static, Result<(), Status>>;

/// The code that the answer carries.
async fn told(answer: Answer) -> Code {
    match answer.await {
        Ok(()) => Fine,
        Err(status) => status.code(),
    }
}

fn import(project_id: i64) -> ImportVitalSignsRequest {
    ImportVitalSignsRequest {
        part: Some(Part::Options(ImportOptions {
            project_id,
            dry_run: true,
            ..ImportOptions::default()
        })),
    }
}

/// The name of a method, its call, and the answers that everybody gets.
type Case = (
    &'static str,
    Box<dyn Fn(Calls, &Client) -> Answer>,
    [Code; 8],
);

fn cases(study: &Called, subject: &Subject) -> Vec<Case> {
    let (project, id, version) = (study.registry.study, subject.id, Some(subject.version));
    let mei = study.mei();
    let changing = [
        Unauthenticated,
        NotFound,
        NotFound,
        NotFound,
        PermissionDenied,
        PermissionDenied,
        PermissionDenied,
        Fine,
    ];
    let reading = [
        Unauthenticated,
        NotFound,
        NotFound,
        NotFound,
        Fine,
        Fine,
        Fine,
        Fine,
    ];
    let own = [
        Unauthenticated,
        InvalidArgument,
        InvalidArgument,
        InvalidArgument,
        InvalidArgument,
        InvalidArgument,
        InvalidArgument,
        Fine,
    ];
    let listing = [
        Unauthenticated,
        InvalidArgument,
        InvalidArgument,
        InvalidArgument,
        Fine,
        Fine,
        Fine,
        Fine,
    ];
    vec![
        (
            "GetSubject",
            Box::new(move |mut calls, client| {
                let request = of(client, GetSubjectRequest { id });
                Box::pin(async move { calls.get_subject(request).await.map(drop) })
            }),
            reading,
        ),
        (
            "ListSubjects",
            Box::new(move |mut calls, client| {
                let project_id = Some(project);
                let request = of(
                    client,
                    ListSubjectsRequest {
                        project_id,
                        ..Default::default()
                    },
                );
                Box::pin(async move {
                    let lines = calls.list_subjects(request).await?.into_inner();
                    lines.try_collect::<Vec<_>>().await.map(drop)
                })
            }),
            listing,
        ),
        (
            "CreateSubject",
            Box::new(move |mut calls, client| {
                let request = of(client, mei.clone());
                Box::pin(async move { calls.create_subject(request).await.map(drop) })
            }),
            own,
        ),
        (
            "UpdateSubject",
            Box::new(move |mut calls, client| {
                let reason = "As before".to_owned();
                let request = UpdateSubjectRequest {
                    id,
                    version,
                    reason,
                    ..Default::default()
                };
                let request = of(client, request);
                Box::pin(async move { calls.update_subject(request).await.map(drop) })
            }),
            changing,
        ),
        (
            "ImportVitalSigns",
            Box::new(move |mut calls, client| {
                let request = of(client, stream::iter([import(project)]));
                Box::pin(async move {
                    let answers = calls.import_vital_signs(request).await?.into_inner();
                    answers.try_collect::<Vec<_>>().await.map(drop)
                })
            }),
            changing,
        ),
        (
            "WithdrawSubject",
            Box::new(move |mut calls, client| {
                let reason = String::new();
                let request = of(client, WithdrawSubjectRequest { id, reason });
                Box::pin(async move { calls.withdraw_subject(request).await.map(drop) })
            }),
            changing,
        ),
    ]
}

#[tokio::test]
async fn each_method_does_for_each_what_they_may() {
    let mut study = Called::open().await;
    let subject = study.register(study.mei()).await.expect("registers");
    let other = study.registry.create("VIT25").await;
    let server = &study.registry.server;
    let coordinator = server.program(Role::Staff).await;
    let monitor = server.program(Role::Staff).await;
    let everybody = [
        server.visitor(),
        server.program(Role::Customer).await,
        coordinator.clone(),
        monitor.clone(),
        study.registry.monitor.clone(),
        study.registry.auditor.clone(),
        server.program(Role::Admin).await,
        study.registry.coordinator.clone(),
    ];
    study
        .registry
        .give(other, coordinator.id(), "coordinator")
        .await;
    study.registry.give(other, monitor.id(), "monitor").await;
    for (name, call, codes) in cases(&study, &subject) {
        for ((who, client), right) in EVERYBODY.iter().zip(&everybody).zip(codes) {
            let code = told(call(study.calls(), client)).await;
            assert_eq!(code, right, "{name} as {who}");
        }
    }
}

#[tokio::test]
async fn a_token_that_is_none_and_a_cookie_open_nothing() {
    let study = Called::open().await;
    let mut request = Request::new(GetSubjectRequest { id: 1 });
    let bearer = "Bearer nonsense".parse().expect("text");
    request.metadata_mut().insert("authorization", bearer);
    let refused = study
        .calls()
        .get_subject(request)
        .await
        .expect_err("nobody");
    assert_eq!(refused.code(), Code::Unauthenticated);
    let browser = study.registry.server.signed_in(Role::Admin).await;
    let cookies = browser
        .cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"));
    let cookies = cookies.collect::<Vec<_>>().join("; ");
    assert!(!cookies.is_empty());
    let mut request = Request::new(GetSubjectRequest { id: 1 });
    request
        .metadata_mut()
        .insert("cookie", cookies.parse().expect("text"));
    let refused = study
        .calls()
        .get_subject(request)
        .await
        .expect_err("nobody");
    assert_eq!(refused.code(), Code::Unauthenticated);
}
