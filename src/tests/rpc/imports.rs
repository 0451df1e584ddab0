//! Vital signs by gRPC: a stream in, and its faults and the import back.

use super::studies::{Called, code, of};
use crate::support::TestServer;
use crate::support::number;
use crate::trials::registry::Registry;
use axum::http::Method;
use futures_util::stream::{self, TryStreamExt};
use guildhall::server::rpc::proto::v1::import_vital_signs_request::Part;
use guildhall::server::rpc::proto::v1::import_vital_signs_response::Part as Answer;
use guildhall::server::rpc::proto::v1::{
    Fault, ImportOptions, ImportSummary, ImportVitalSignsRequest, VitalSigns,
};
use tonic::{Code, Status};

/// Six rows, of which three are bad, and one value is unusual.
const FILE: &str = "patient_id,record_time,heart_rate,blood_pressure\n\
    HYP24-01-0001,2026-03-01T08:00:00Z,72,120/80\n\
    HYP24-01-0001,2026-03-02T08:00:00Z,abc,120/80\n\
    HYP24-01-0009,2026-03-03T08:00:00Z,72,120/80\n\
    HYP24-01-0001,2026-03-04T08:00:00Z,72,80/120\n\
    HYP24-01-0001,2026-03-05T08:00:00Z,130,120/80\n\
    HYP24-01-0001,2026-03-06T08:00:00Z,64,118/76\n";

fn parts(options: ImportOptions, rest: Vec<Part>) -> Vec<ImportVitalSignsRequest> {
    let parts = std::iter::once(Part::Options(options)).chain(rest);
    let message = |part| ImportVitalSignsRequest { part: Some(part) };
    parts.map(message).collect()
}

/// The file in pieces of seven bytes.
fn pieces() -> Vec<Part> {
    let pieces = FILE.as_bytes().chunks(7);
    pieces.map(|piece| Part::File(piece.to_vec())).collect()
}

/// The same rows, one after another.
fn readings() -> Vec<Part> {
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let reading = |line| match <[String; 4]>::try_from(cells(line)) {
        Ok([patient_id, record_time, heart_rate, blood_pressure]) => Part::Reading(VitalSigns {
            patient_id,
            record_time,
            heart_rate,
            blood_pressure,
            ..VitalSigns::default()
        }),
        Err(cells) => panic!("{cells:?}"),
    };
    FILE.lines().skip(1).map(reading).collect()
}

async fn import(
    study: &Called,
    messages: Vec<ImportVitalSignsRequest>,
) -> Result<(Vec<Fault>, ImportSummary), Status> {
    let request = of(&study.registry.coordinator, stream::iter(messages));
    let answers = study.calls().import_vital_signs(request).await?;
    let mut answers: Vec<_> = answers.into_inner().try_collect().await?;
    let last = answers.pop().and_then(|answer| answer.part);
    let Some(Answer::Summary(summary)) = last else {
        panic!("no summary at the end: {last:?}");
    };
    let fault = |part| match part {
        Some(Answer::Fault(fault)) => fault,
        other => panic!("no fault: {other:?}"),
    };
    let faults = answers.into_iter().map(|answer| fault(answer.part));
    Ok((faults.collect(), summary))
}

async fn with_subject() -> Called {
    let study = Called::open().await;
    study.register(study.mei()).await.expect("registers");
    study
}

#[tokio::test]
async fn a_file_and_single_readings_are_told_the_same_as_by_the_api() {
    let mut study = with_subject().await;
    let project_id = study.registry.study;
    let path = format!("/api/v1/imports?project_id={project_id}&dry_run=true");
    let answer = study.registry.coordinator.send(
        Method::POST,
        &path,
        &[("content-type", "application/octet-stream")],
        FILE.into(),
    );
    let by_api = answer.await.data();
    let codes = |fault: &Fault| (fault.row, fault.column.clone(), fault.code.clone());
    let right = by_api["faults"]
        .as_array()
        .expect("faults")
        .iter()
        .map(|fault| {
            (
                fault["row"].as_i64().expect("a row"),
                fault["column"].as_str().unwrap_or_default().to_owned(),
                fault["code"].as_str().expect("a code").to_owned(),
            )
        });
    let right: Vec<_> = right.collect();
    assert_eq!(right.len(), 4);
    for rows in [pieces(), readings()] {
        let options = ImportOptions {
            project_id,
            dry_run: true,
            ..Default::default()
        };
        let (faults, summary) = import(&study, parts(options, rows)).await.expect("is read");
        assert_eq!(faults.iter().map(codes).collect::<Vec<_>>(), right);
        assert_eq!((summary.records, summary.good, summary.bad), (6, 3, 3));
        assert_eq!((summary.unusual, summary.id, summary.dry_run), (1, 0, true));
    }
    let app = &study.registry.server.app;
    assert_eq!(number(app, "SELECT COUNT(*) FROM vital_signs").await, 0);
}

#[tokio::test]
async fn what_is_good_is_stored_once() {
    let study = with_subject().await;
    let project_id = study.registry.study;
    let options = ImportOptions {
        project_id,
        file_name: "ward 3".to_owned(),
        ..Default::default()
    };
    let (_, summary) = import(&study, parts(options.clone(), readings()))
        .await
        .expect("is read");
    assert!(summary.id > 0);
    let stored = "SELECT COUNT(*) FROM vital_signs";
    assert_eq!(number(&study.registry.server.app, stored).await, 3);
    let again = import(&study, parts(options.clone(), readings())).await;
    let again = again.expect_err("the same once more");
    assert_eq!(
        (again.code(), &*code(&again)),
        (Code::FailedPrecondition, "3604")
    );
    let stop = ImportOptions {
        stop_on_error: true,
        again: true,
        ..options
    };
    let (faults, summary) = import(&study, parts(stop, pieces()))
        .await
        .expect("is read");
    assert!(!faults.is_empty() && summary.id > 0);
    assert_eq!(number(&study.registry.server.app, stored).await, 3);
    study.registry.check().await;
}

#[tokio::test]
async fn a_stream_in_another_order_or_without_end_is_refused() {
    let server = TestServer::start_with(|config| config.server.import_limit_bytes = 1_000);
    let study = Called::on(Registry::open_on(server.await).await);
    let options = || ImportOptions {
        project_id: study.registry.study,
        ..Default::default()
    };
    let mut mixed = pieces();
    mixed.extend(readings());
    let twice = vec![Part::Options(options())];
    for (messages, right) in [
        (Vec::new(), Code::InvalidArgument),
        (
            vec![ImportVitalSignsRequest { part: None }],
            Code::InvalidArgument,
        ),
        (parts(options(), mixed), Code::InvalidArgument),
        (parts(options(), twice), Code::InvalidArgument),
        (
            parts(options(), vec![Part::File(vec![b'a'; 1_001])]),
            Code::ResourceExhausted,
        ),
        (
            parts(
                ImportOptions {
                    offset: "noon".to_owned(),
                    ..options()
                },
                readings(),
            ),
            Code::InvalidArgument,
        ),
    ] {
        let refused = import(&study, messages).await.expect_err("is refused");
        assert_eq!(refused.code(), right, "{refused:?}");
    }
    // No row and no header: what is wrong is the file.
    let (faults, summary) = import(&study, parts(options(), Vec::new()))
        .await
        .expect("is read");
    assert_eq!((summary.records, summary.id), (0, 0));
    assert!(!faults.is_empty());
}
