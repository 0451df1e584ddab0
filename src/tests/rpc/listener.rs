//! The listener of gRPC: in the clear and under TLS, what it describes, how healthy it says it is, and how it stops.

use super::studies::of;
use crate::support::eventually::{eventually, in_time};
use crate::support::process::{Folder, Server, program};
use crate::support::tls::Certificate;
use crate::support::{fresh_database, number};
use crate::trials::registry::Registry;
use futures_util::stream::{self, TryStreamExt};
use guildhall::server::rpc::proto::v1::subject_service_client::SubjectServiceClient;
use guildhall::server::rpc::proto::v1::{CreateSubjectRequest, GetSubjectRequest};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Stdio;
use std::time::Duration;
use tonic::metadata::MetadataValue;
use tonic::transport::{Certificate as Trusted, Channel, ClientTlsConfig, Endpoint};
use tonic::{Code, Request};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;

/// An address that nobody listens on.
pub fn free_address() -> SocketAddr {
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    free.local_addr().expect("an address")
}

/// A server with gRPC at this address, on the database of the registry.
pub async fn serve(registry: &Registry, address: SocketAddr, more: &[(&str, &str)]) -> Server {
    let config = &registry.server.app.config;
    let address = address.to_string();
    let mut variables = vec![
        (
            "GUILDHALL_ACCOUNTS_TOKEN_SECRET",
            config.accounts.token_secret.as_str(),
        ),
        ("GUILDHALL_TRIALS_NAME_KEY", config.trials.name_key.as_str()),
        ("GUILDHALL_GRPC_ADDR", address.as_str()),
    ];
    variables.extend(more);
    let server = Server::start_on(&config.database.url, &variables).await;
    // The other address may be there first.
    eventually(async || TcpStream::connect(&address)).await;
    server
}

async fn connect(address: SocketAddr) -> Channel {
    let endpoint = Endpoint::from_shared(format!("http://{address}")).expect("an address");
    let connected = eventually(async || endpoint.connect().await);
    connected.await
}

#[tokio::test]
async fn the_services_are_on_a_listener_of_their_own() {
    let registry = Registry::open().await;
    let address = free_address();
    let mut server = serve(&registry, address, &[]).await;
    let channel = connect(address).await;
    let mut calls = SubjectServiceClient::new(channel.clone());
    let request = CreateSubjectRequest {
        name: "Mei Chen".to_owned(),
        age: 54,
        project_id: registry.study,
        site: "02".to_owned(),
        ..Default::default()
    };
    let made = calls
        .create_subject(of(&registry.coordinator, request))
        .await;
    let made = made.expect("registers");
    assert_eq!(
        made.metadata().get("x-request-id").map(MetadataValue::len),
        Some(32)
    );
    let subject = made.into_inner().subject.expect("a subject");
    assert_eq!(subject.number, "HYP24-02-0001");
    let count = number(&registry.server.app, "SELECT COUNT(*) FROM subjects");
    assert_eq!(count.await, 1);
    // HTTP/1 is not spoken there.
    let mut stream = TcpStream::connect(address).expect("connects");
    let request = "GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n";
    stream.write_all(request.as_bytes()).expect("is sent");
    let mut answer = Vec::new();
    // Reset or closed: either way there is no answer of HTTP/1.
    let _ = stream.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP/1.1 200"), "{answer:?}");
    server.signal("TERM");
    assert_eq!(server.exit_code().await, Some(0));
    let gone = GetSubjectRequest { id: subject.id };
    let gone = calls.get_subject(of(&registry.coordinator, gone)).await;
    assert_eq!(gone.expect_err("nobody is there").code(), Code::Unavailable);
}

#[tokio::test]
async fn the_services_tell_what_they_are_and_how_they_do() {
    let registry = Registry::open().await;
    let address = free_address();
    let _server = serve(&registry, address, &[]).await;
    let channel = connect(address).await;
    let mut health = HealthClient::new(channel.clone());
    for (service, right) in [
        ("", Ok(ServingStatus::Serving)),
        (
            "guildhall.trials.v1.SubjectService",
            Ok(ServingStatus::Serving),
        ),
        ("subject.SubjectRPC", Ok(ServingStatus::Serving)),
        ("guildhall.Nothing", Err(Code::NotFound)),
    ] {
        let service = service.to_owned();
        let told = health.check(HealthCheckRequest { service }).await;
        let told = told.map(|answer| answer.into_inner().status());
        assert_eq!(told.map_err(|status| status.code()), right);
    }
    let service = String::new();
    let watched = health.watch(HealthCheckRequest { service }).await;
    let first = watched.expect("watches").into_inner().message().await;
    let first = first.expect("an answer").expect("at once");
    assert_eq!(first.status(), ServingStatus::Serving);

    let mut reflection = ServerReflectionClient::new(channel.clone());
    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let answers = reflection
        .server_reflection_info(stream::iter([request]))
        .await;
    let answers: Vec<_> = answers
        .expect("answers")
        .into_inner()
        .try_collect()
        .await
        .expect("all");
    let Some(MessageResponse::ListServicesResponse(listed)) = &answers[0].message_response else {
        panic!("no list: {answers:?}");
    };
    let mut names: Vec<&str> = listed.service.iter().map(|it| it.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "grpc.health.v1.Health",
            "grpc.reflection.v1.ServerReflection",
            "guildhall.trials.v1.SubjectService",
            "subject.SubjectRPC",
        ]
    );
    let mut grpc = tonic::client::Grpc::new(channel);
    grpc.ready().await.expect("is there");
    let path = "/guildhall.trials.v1.SubjectService/DropSubject"
        .parse()
        .expect("a path");
    let codec = tonic_prost::ProstCodec::<GetSubjectRequest, GetSubjectRequest>::default();
    let unknown = grpc.unary(
        of(&registry.coordinator, GetSubjectRequest { id: 1 }),
        path,
        codec,
    );
    assert_eq!(
        unknown.await.expect_err("is none").code(),
        Code::Unimplemented
    );
}

#[tokio::test]
async fn it_is_under_tls_where_there_is_a_certificate() {
    let certificate = Certificate::make();
    let folder = Folder::new();
    certificate.put(&folder.0);
    let database = fresh_database(&folder.0).await.url;
    let address = free_address();
    let mut command = program(&folder, &[]);
    command.arg("serve").stderr(Stdio::null()).envs([
        ("GUILDHALL_TLS_CERTIFICATE", "certificate.pem"),
        ("GUILDHALL_TLS_KEY", "key.pem"),
        ("GUILDHALL_SERVER_PUBLIC_URL", "https://shop.example"),
        ("GUILDHALL_GRPC_ADDR", &*address.to_string()),
    ]);
    let _server = Server::start_as(folder, &database, command).await;
    let tls = ClientTlsConfig::new()
        .domain_name("guildhall.test")
        .ca_certificate(Trusted::from_pem(&certificate.pem));
    let endpoint = Endpoint::from_shared(format!("https://{address}")).expect("an address");
    let endpoint = endpoint.tls_config(tls).expect("a certificate");
    let channel = eventually(async || endpoint.connect().await).await;
    let nobody = Request::new(GetSubjectRequest { id: 1 });
    let refused = SubjectServiceClient::new(channel).get_subject(nobody).await;
    assert_eq!(refused.expect_err("nobody").code(), Code::Unauthenticated);
    let clear = Endpoint::from_shared(format!("http://{address}")).expect("an address");
    let clear = clear.connect_lazy();
    let nobody = Request::new(GetSubjectRequest { id: 1 });
    let refused = SubjectServiceClient::new(clear).get_subject(nobody).await;
    let refused = refused.expect_err("not in the clear");
    assert_ne!(refused.code(), Code::Unauthenticated, "it was read");
}

#[tokio::test]
async fn a_client_that_waits_is_not_taken_for_idle() {
    let registry = Registry::open().await;
    let address = free_address();
    let timeouts = [
        ("GUILDHALL_SERVER_HEADER_TIMEOUT_SECONDS", "1"),
        ("GUILDHALL_SERVER_REQUEST_TIMEOUT_SECONDS", "1"),
    ];
    let server = serve(&registry, address, &timeouts).await;
    let mut health = HealthClient::new(connect(address).await);
    let service = String::new();
    let watched = health.watch(HealthCheckRequest { service }).await;
    let mut told = watched.expect("watches").into_inner();
    told.message().await.expect("an answer").expect("at once");
    // Twice as long as one may be idle that answers no ping.
    let more = tokio::time::timeout(Duration::from_secs(4), told.message()).await;
    assert!(more.is_err(), "nothing new, and still there: {more:?}");
    server.signal("TERM");
    let last = in_time(told.message()).await.expect("an answer");
    let status = last.map(|answer| answer.status());
    assert_eq!(status, Some(ServingStatus::NotServing));
}
