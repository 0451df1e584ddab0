//! `guildhall.trials.v1.SubjectService`

use super::imports::{Answers, import_vital_signs};
use crate::accounts::caller;
use crate::error::AppError;
use crate::server::App;
use crate::server::rpc::proto::v1::subject_service_server::SubjectService;
use crate::server::rpc::proto::v1::{
    CreateSubjectRequest, CreateSubjectResponse, GetSubjectRequest, GetSubjectResponse,
    ImportVitalSignsRequest, ListSubjectsRequest, ListSubjectsResponse, UpdateSubjectRequest,
    UpdateSubjectResponse, WithdrawSubjectRequest, WithdrawSubjectResponse,
};
use crate::server::rpc::{Pace, key_of};
use crate::trials::subject::{
    SubjectBody, SubjectFilter, SubjectQuery, create_subject_body, list_subject_bodies,
    read_subject_body, update_subject, withdraw_subject,
};
use futures_util::stream::{self, Stream, TryStreamExt};
use std::pin::Pin;
use tonic::{Request, Response, Status, Streaming, async_trait};

/// The number of subjects read at once.
const AT_ONCE: i64 = 1_000;

pub struct Subjects(pub App);

/// The subjects that are still to be sent.
struct Rest {
    app: App,
    filter: SubjectFilter,
    left: i64,
    pace: Pace,
}

impl Rest {
    /// Reads the next of them; `None` after the last.
    async fn next(mut self) -> Result<Option<(Vec<SubjectBody>, Self)>, Status> {
        let most = self.left.min(AT_ONCE);
        if most == 0 {
            return Ok(None);
        }
        let read = async {
            let mut conn = self.app.db.read().await?;
            Ok(list_subject_bodies(&mut conn, &self.filter, most).await?)
        };
        let bodies = Box::pin(self.pace.part(read)).await?;
        let Some(last) = bodies.last() else {
            return Ok(None);
        };
        self.filter.before = last.id;
        self.left -= bodies.len() as i64;
        Ok(Some((bodies, self)))
    }
}

type Listed = Pin<Box<dyn Stream<Item = Result<ListSubjectsResponse, Status>> + Send>>;

#[async_trait]
impl SubjectService for Subjects {
    type ListSubjectsStream = Listed;
    type ImportVitalSignsStream = Answers;

    async fn create_subject(
        &self,
        request: Request<CreateSubjectRequest>,
    ) -> Result<Response<CreateSubjectResponse>, Status> {
        let (user, once) = (caller(&request)?, key_of(&request)?);
        let input = request.into_inner().into();
        let body = create_subject_body(&self.0, &user, &once, input).await?;
        let subject = Some(body.into());
        Ok(Response::new(CreateSubjectResponse { subject }))
    }

    async fn get_subject(
        &self,
        request: Request<GetSubjectRequest>,
    ) -> Result<Response<GetSubjectResponse>, Status> {
        let user = caller(&request)?;
        let body = read_subject_body(&self.0, &user, request.get_ref().id).await?;
        let subject = Some(body.into());
        Ok(Response::new(GetSubjectResponse { subject }))
    }

    async fn list_subjects(
        &self,
        request: Request<ListSubjectsRequest>,
    ) -> Result<Response<Listed>, Status> {
        let (user, pace) = (caller(&request)?, Pace::of(&self.0, &request));
        let request = request.into_inner();
        let left = match request.limit {
            0 => i64::MAX,
            limit => limit.max(0),
        };
        let before = request.before_id;
        let mut conn = self.0.db.read().await.map_err(AppError::from)?;
        let mut filter = SubjectQuery::from(request).read(&mut conn, &user).await?;
        drop(conn);
        if before > 0 {
            filter.before = before;
        }
        let rest = Rest {
            app: self.0.clone(),
            filter,
            left,
            pace,
        };
        let pages = stream::try_unfold(rest, Rest::next);
        let subjects = pages.map_ok(|bodies| {
            stream::iter(bodies.into_iter().map(|body| {
                let subject = Some(body.into());
                Ok(ListSubjectsResponse { subject })
            }))
        });
        Ok(Response::new(Box::pin(subjects.try_flatten())))
    }

    async fn update_subject(
        &self,
        request: Request<UpdateSubjectRequest>,
    ) -> Result<Response<UpdateSubjectResponse>, Status> {
        let user = caller(&request)?;
        let request = request.into_inner();
        let id = request.id;
        update_subject(&self.0, &user, id, request.into()).await?;
        let body = read_subject_body(&self.0, &user, id).await?;
        let subject = Some(body.into());
        Ok(Response::new(UpdateSubjectResponse { subject }))
    }

    async fn withdraw_subject(
        &self,
        request: Request<WithdrawSubjectRequest>,
    ) -> Result<Response<WithdrawSubjectResponse>, Status> {
        let user = caller(&request)?;
        let WithdrawSubjectRequest { id, reason } = request.into_inner();
        withdraw_subject(&self.0, &user, id, &reason).await?;
        Ok(Response::new(WithdrawSubjectResponse {}))
    }

    async fn import_vital_signs(
        &self,
        request: Request<Streaming<ImportVitalSignsRequest>>,
    ) -> Result<Response<Answers>, Status> {
        let user = caller(&request)?;
        let answers = import_vital_signs(&self.0, &user, request.into_inner()).await?;
        Ok(Response::new(answers))
    }
}
