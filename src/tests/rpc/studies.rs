//! A study whose people call by gRPC, which these tests begin with.

use crate::support::Client;
use crate::trials::registry::Registry;
use axum::Router;
use guildhall::server::rpc::proto::v1::subject_service_client::SubjectServiceClient;
use guildhall::server::rpc::proto::v1::{CreateSubjectRequest, Subject};
use guildhall::server::rpc::rpc_router;
use tonic::{Request, Status};
use tonic_types::StatusExt;

pub type Calls = SubjectServiceClient<Router>;

pub struct Called {
    pub registry: Registry,
    pub router: Router,
}

impl Called {
    pub async fn open() -> Self {
        Self::on(Registry::open().await)
    }

    pub fn on(registry: Registry) -> Self {
        let router = rpc_router(registry.server.app.clone());
        Self { registry, router }
    }

    pub fn calls(&self) -> Calls {
        SubjectServiceClient::new(self.router.clone())
    }

    /// A subject that can be registered.
    pub fn mei(&self) -> CreateSubjectRequest {
        CreateSubjectRequest {
            name: "Mei Chen".to_owned(),
            age: 54,
            project_id: self.registry.study,
            site: "01".to_owned(),
            ..CreateSubjectRequest::default()
        }
    }

    /// The coordinator registers this subject.
    pub async fn register(&self, request: CreateSubjectRequest) -> Result<Subject, Status> {
        let request = of(&self.registry.coordinator, request);
        let answer = self.calls().create_subject(request).await?;
        Ok(answer.into_inner().subject.expect("a subject"))
    }
}

/// The message as this program sends it.
pub fn of<T>(client: &Client, message: T) -> Request<T> {
    let mut request = Request::new(message);
    if let Some(token) = &client.token {
        let bearer = format!("Bearer {token}").parse().expect("a token");
        request.metadata_mut().insert("authorization", bearer);
    }
    request
}

/// The fields that a refusal names, in the order of the alphabet.
pub fn faulty(status: &Status) -> Vec<String> {
    let details = status.get_error_details();
    let fields = details.bad_request().expect("a bad request");
    let fields = fields.field_violations.iter();
    let mut fields: Vec<String> = fields.map(|fault| fault.field.clone()).collect();
    fields.sort_unstable();
    fields
}

/// The code of this program's that a refusal carries.
pub fn code(status: &Status) -> String {
    let details = status.get_error_details();
    let info = details.error_info().expect("what it is about");
    assert_eq!(info.domain, "guildhall");
    info.metadata["code"].clone()
}
