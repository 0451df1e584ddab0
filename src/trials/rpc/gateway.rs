//! The gateway: the JSON API for subjects that another server keeps, reached by its gRPC.
//!
//! A call takes along the caller's token and language, the trace, and the time that is left. Reads are repeated where
//! they fail; a write only has its one try, unless its key makes it safe.

use super::messages::{body_of, create_request, list_request, update_request};
use crate::error::AppError;
use crate::i18n::{current as language, t};
use crate::server::config::Config;
use crate::server::outbound::{Failure, Outbound};
use crate::server::rpc::proto::v1::subject_service_client::SubjectServiceClient;
use crate::server::rpc::proto::v1::{
    GetSubjectRequest, UpdateSubjectRequest, WithdrawSubjectRequest,
};
use crate::server::rpc::status::error_of;
use crate::server::telemetry::traces;
use crate::server::{Cursor, IdempotencyKey, is_of_change, must_answer_by, trace_id};
use crate::trials::subject::{NewSubject, SubjectBody, SubjectChange, SubjectQuery};
use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use futures_util::TryStreamExt;
use std::convert::Infallible;
use std::fs;
use std::time::{Duration, Instant};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint};
use tonic::{Code, Request, Status};
use tracing::Span;

type Client = SubjectServiceClient<Channel>;

/// The way to the server that keeps the subjects. Cheap to clone.
#[derive(Clone)]
pub struct SubjectGateway {
    client: Client,
    way: Outbound,
}

/// The token of a caller, to be passed on; `None` if it came with a session.
pub struct Caller(Option<MetadataValue<Ascii>>);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let value = parts.headers.get(AUTHORIZATION);
        let value = value.and_then(|value| value.to_str().ok()?.parse().ok());
        Ok(Self(value))
    }
}

impl SubjectGateway {
    /// Returns the way to the server that the settings name, if they name one. It is called when it is needed.
    pub fn new(config: &Config) -> Option<Self> {
        /// The time for a connection.
        const CONNECT: Duration = Duration::from_secs(2);
        let url = config.trials.rpc_url.as_str();
        if url.is_empty() {
            return None;
        }
        let endpoint = Endpoint::from_shared(url.to_owned());
        let mut endpoint = endpoint
            .expect("the configuration was checked")
            .connect_timeout(CONNECT)
            // So that it is not taken for idle, and one that is gone is noticed before the next call.
            .http2_keep_alive_interval(config.server.request_timeout())
            .keep_alive_while_idle(true)
            .tcp_nodelay(true);
        if url.starts_with("https://") {
            let mut tls = ClientTlsConfig::new().with_webpki_roots();
            // Servers of one company may share a certificate that nobody else knows.
            if let Ok(own) = fs::read(&config.tls.certificate) {
                tls = tls.ca_certificate(Certificate::from_pem(own));
            }
            endpoint = endpoint.tls_config(tls).expect("the roots are compiled in");
        }
        let timeout = config.server.request_timeout();
        Some(Self {
            client: SubjectServiceClient::new(endpoint.connect_lazy()),
            way: Outbound::new("subjects", timeout, &config.outbound),
        })
    }

    pub async fn create(
        &self,
        caller: &Caller,
        once: &IdempotencyKey,
        input: &NewSubject,
    ) -> Result<SubjectBody, AppError> {
        let (message, checked) = create_request(input);
        let key = match once {
            IdempotencyKey::Program(key) => Some(key.parse().map_err(|_| AppError::internal())?),
            _ => None,
        };
        let make = make(caller, message, key.clone())?;
        let client = self.client.clone();
        let call = move || {
            let (mut client, request) = (client.clone(), make());
            async move { sorted(client.create_subject(request).await) }
        };
        let answered = match key {
            Some(_) => self.way.call_again(call).await,
            None => self.way.call(call()).await,
        };
        match (checked, answer(answered)) {
            (Ok(()), answer) => body_of(answer?.into_inner().subject),
            (Err(faults), Err(more)) => Err(both(faults, more)),
            (Err(faults), Ok(_)) => Err(faults),
        }
    }

    pub async fn read(&self, caller: &Caller, id: i64) -> Result<SubjectBody, AppError> {
        let make = make(caller, GetSubjectRequest { id }, None)?;
        let client = self.client.clone();
        let answered = self.way.call_again(move || {
            let (mut client, request) = (client.clone(), make());
            async move { sorted(client.get_subject(request).await) }
        });
        body_of(answer(answered.await)?.into_inner().subject)
    }

    /// Lists at most so many subjects.
    pub async fn list(
        &self,
        caller: &Caller,
        query: &SubjectQuery,
        most: i64,
    ) -> Result<Vec<SubjectBody>, AppError> {
        let before = match query.cursor.as_str() {
            "" => 0,
            cursor => Cursor::before(cursor)?,
        };
        let make = make(caller, list_request(query, before, most), None)?;
        let client = self.client.clone();
        let answered = self.way.call_again(move || {
            let (mut client, request) = (client.clone(), make());
            let listed = async move {
                let lines = client.list_subjects(request).await?.into_inner();
                lines.try_collect::<Vec<_>>().await
            };
            async move { sorted(listed.await) }
        });
        let lines = answer(answered.await)?.into_iter();
        lines.map(|line| body_of(line.subject)).collect()
    }

    pub async fn update(
        &self,
        caller: &Caller,
        id: i64,
        change: &SubjectChange,
    ) -> Result<SubjectBody, AppError> {
        let message: UpdateSubjectRequest = update_request(id, change);
        let (make, mut client) = (make(caller, message, None)?, self.client.clone());
        let call = async move { sorted(client.update_subject(make()).await) };
        body_of(answer(self.way.call(call).await)?.into_inner().subject)
    }

    pub async fn withdraw(&self, caller: &Caller, id: i64, reason: String) -> Result<(), AppError> {
        let make = make(caller, WithdrawSubjectRequest { id, reason }, None)?;
        let client = self.client.clone();
        let answered = self.way.call_again(move || {
            let (mut client, request) = (client.clone(), make());
            async move { sorted(client.withdraw_subject(request).await) }
        });
        answer(answered.await).map(drop)
    }
}

/// Returns what makes the call, once or more: the message, and what goes along with it.
fn make<T: Clone + Send + 'static>(
    Caller(token): &Caller,
    message: T,
    key: Option<MetadataValue<Ascii>>,
) -> Result<impl Fn() -> Request<T> + Send + 'static, AppError> {
    let token = token.clone();
    let token = token.ok_or_else(|| AppError::expired(t!("trials-gateway-token")))?;
    let trace = traces::traceparent(&Span::current())
        .unwrap_or_else(|| format!("00-{}-{:016x}-00", trace_id(), rand::random::<u64>()));
    let trace: MetadataValue<Ascii> = trace.parse().map_err(|_| AppError::internal())?;
    let language = MetadataValue::from_static(language().as_str());
    let by = must_answer_by();
    Ok(move || {
        let mut request = Request::new(message.clone());
        if let Some(by) = by {
            request.set_timeout(by.saturating_duration_since(Instant::now()));
        }
        let metadata = request.metadata_mut();
        metadata.insert("authorization", token.clone());
        metadata.insert("traceparent", trace.clone());
        metadata.insert("accept-language", language.clone());
        if let Some(key) = &key {
            metadata.insert("idempotency-key", key.clone());
        }
        request
    })
}

/// Tells failures of the server from refusals, which are answers of one that works.
fn sorted<T>(answer: Result<T, Status>) -> Result<Result<T, Status>, Status> {
    match answer {
        Ok(answer) => Ok(Ok(answer)),
        Err(status) => match status.code() {
            Code::Unavailable | Code::DeadlineExceeded | Code::Unknown | Code::Internal => {
                Err(status)
            }
            _ => Ok(Err(status)),
        },
    }
}

/// Returns the faults that were found here, and those that the other server found in what was right here.
fn both(mut here: AppError, there: AppError) -> AppError {
    // It was sent none.
    let there = there
        .errors
        .into_iter()
        .filter(|(field, _)| field != "name");
    for (field, message) in there {
        here.errors.entry(field).or_insert(message);
    }
    here
}

fn answer<T>(answered: Result<Result<T, Status>, Failure<Status>>) -> Result<T, AppError> {
    let failure = match answered {
        Ok(Ok(answer)) => return Ok(answer),
        Ok(Err(refusal)) => return Err(error_of(&refusal)),
        Err(failure) => failure,
    };
    tracing::warn!(
        error.cause = %failure,
        "The server that keeps the subjects did not answer"
    );
    Err(match failure {
        Failure::Failed(status) if status.code() == Code::Internal => error_of(&status),
        // It may have been done nevertheless.
        Failure::TimedOut(_) if is_of_change() => {
            AppError::unavailable(t!("server-too-long-write"))
        }
        Failure::Failed(status) if status.code() == Code::DeadlineExceeded => error_of(&status),
        _ => AppError::unavailable(t!("trials-subjects-away")),
    })
}
