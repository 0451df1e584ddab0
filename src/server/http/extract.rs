//! Extractors and responses for handlers, with every rejection an [`AppError`].

use crate::error::AppError;
use crate::i18n::t;
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::extract::rejection::{BytesRejection, PathRejection, QueryRejection};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::LengthLimitError;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The path parameters. One that cannot be read names nothing that exists: 404.
pub struct Path<T>(pub T);

/// The query string.
#[derive(axum::extract::FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(AppError))]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(PathRejection::FailedToDeserializePathParams(_)) => {
                Err(AppError::not_found("page"))
            }
            Err(_) => Err(AppError::internal()),
        }
    }
}

impl From<BytesRejection> for AppError {
    fn from(rejection: BytesRejection) -> Self {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Self::too_large(t!("server-body-too-large"))
        } else {
            Self::unreadable(t!("server-body-cut"))
        }
    }
}

impl From<QueryRejection> for AppError {
    fn from(rejection: QueryRejection) -> Self {
        Self::unreadable(t!("server-query-misfit", cause = cause(&rejection)))
    }
}

/// Returns the innermost cause: axum's own words around it say nothing a person can use.
pub(super) fn cause(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// Returns true if a body could not be read because it is longer than allowed.
pub fn is_too_long(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// The envelope of every good answer: `{"code":0,"message":"ok","data":…}`.
#[derive(Serialize)]
pub(super) struct Envelope<T> {
    code: u16,
    message: &'static str,
    data: T,
}

impl<T> Envelope<T> {
    pub fn of(data: T) -> Self {
        Self {
            code: 0,
            message: "ok",
            data,
        }
    }
}

/// Responds with 200 and the data.
pub fn ok(data: impl Serialize) -> Response {
    axum::Json(Envelope::of(data)).into_response()
}

/// Responds with 201, the same body, and the `Location` of the new thing.
pub fn created(location: &str, data: impl Serialize) -> Response {
    let mut response = (StatusCode::CREATED, ok(data)).into_response();
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// Responds with a file to be kept by whoever asked, and by no cache.
pub fn attachment(content_type: &'static str, name: &str, body: impl Into<Body>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, body.into()).into_response()
}

/// Responds with 204.
pub fn no_content() -> Response {
    StatusCode::NO_CONTENT.into_response()
}
