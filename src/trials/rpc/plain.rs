//! `subject.SubjectRPC`, for clients that know a subject's name, age and project.

use crate::accounts::caller;
use crate::server::App;
use crate::server::rpc::key_of;
use crate::server::rpc::proto::subject::subject_rpc_server::SubjectRpc;
use crate::server::rpc::proto::subject::{CreateSubjectRequest, GetSubjectByIdRequest, Subject};
use crate::trials::subject::{NewSubject, SubjectBody, create_subject_body, read_subject_body};
use serde_json::Value;
use tonic::{Request, Response, Status, async_trait};

pub struct PlainSubjects(pub App);

fn plain(body: SubjectBody) -> Response<Subject> {
    Response::new(Subject {
        id: body.id,
        // Empty for those who may not know it.
        name: body.name.unwrap_or_default(),
        age: i32::try_from(body.age).unwrap_or_default(),
        project_id: body.project_id,
    })
}

#[async_trait]
impl SubjectRpc for PlainSubjects {
    async fn create_subject(
        &self,
        request: Request<CreateSubjectRequest>,
    ) -> Result<Response<Subject>, Status> {
        let (user, once) = (caller(&request)?, key_of(&request)?);
        let request = request.into_inner();
        let input = NewSubject {
            name: Value::String(request.name),
            age: request.age.into(),
            project_id: request.project_id.into(),
            ..NewSubject::default()
        };
        let body = create_subject_body(&self.0, &user, &once, input).await?;
        Ok(plain(body))
    }

    async fn get_subject_by_id(
        &self,
        request: Request<GetSubjectByIdRequest>,
    ) -> Result<Response<Subject>, Status> {
        let user = caller(&request)?;
        let body = read_subject_body(&self.0, &user, request.get_ref().id).await?;
        Ok(plain(body))
    }
}
