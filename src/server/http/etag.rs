//! JSON with an ETag, so that a client can revalidate it without downloading it again.

use super::extract::Envelope;
use crate::error::AppError;
use crate::server::Stored;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// A JSON body with the ETag of its content. Cheap to clone.
///
/// The ETag is weak: on its way the body may be compressed.
#[derive(Clone)]
pub struct Tagged {
    body: Bytes,
    /// The ETag, without the quotes around it.
    tag: Arc<str>,
    link: Option<HeaderValue>,
}

impl Tagged {
    pub fn new(body: &impl Serialize) -> Result<Self, AppError> {
        let body = serde_json::to_vec(body).map_err(|error| {
            tracing::error!(error.cause = %error, "An answer could not be written as JSON");
            AppError::internal()
        })?;
        let digest = Sha256::digest(&body);
        let tag = hex::encode(&digest[..12]);
        Ok(Self {
            body: body.into(),
            tag: tag.into(),
            link: None,
        })
    }

    /// Wraps the data in `{"code":0,"message":"ok","data":…}`.
    pub fn ok(data: &impl Serialize) -> Result<Self, AppError> {
        Self::new(&Envelope::of(data))
    }

    /// Names the address of the next page in the `Link` header, for a body that has no place for it.
    /// Format: RFC 8288.
    pub fn with_next(mut self, address: &str) -> Self {
        self.link = HeaderValue::try_from(format!("<{address}>; rel=\"next\"")).ok();
        self
    }

    /// Returns the size of the body in bytes.
    pub fn size(&self) -> usize {
        self.body.len()
    }

    /// Returns the whole response, or 304 if the client already has this content.
    pub fn answer(self, request: &HeaderMap) -> Response {
        let mut response = if has_tag(request, &self.tag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let mime = HeaderValue::from_static("application/json; charset=utf-8");
            ([(header::CONTENT_TYPE, mime)], self.body).into_response()
        };
        let headers = response.headers_mut();
        if let Ok(tag) = HeaderValue::try_from(format!("W/\"{}\"", self.tag)) {
            headers.insert(header::ETAG, tag);
        }
        if let Some(link) = self.link {
            headers.insert(header::LINK, link);
        }
        let ask_again = HeaderValue::from_static("private, no-cache");
        headers.insert(header::CACHE_CONTROL, ask_again);
        response
    }
}

/// Matches `If-None-Match` (RFC 9110, section 13.1.2): a list of tags, compared weakly, or `*` for any.
pub(super) fn has_tag(request: &HeaderMap, tag: &str) -> bool {
    request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|given| given.trim().trim_start_matches("W/").trim_matches('"'))
        .any(|given| given == tag || given == "*")
}

/// The tag, the link or nothing, and the body, a line each.
impl Stored for Tagged {
    fn write(&self) -> Option<Vec<u8>> {
        let link = self.link.as_ref().map_or(&b""[..], HeaderValue::as_bytes);
        Some([self.tag.as_bytes(), link, &self.body].join(&b"\n"[..]))
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut parts = bytes.splitn(3, |byte| *byte == b'\n');
        let (tag, link, body) = (parts.next()?, parts.next()?, parts.next()?);
        let tag = std::str::from_utf8(tag).ok()?;
        let link = match link {
            b"" => None,
            link => Some(HeaderValue::from_bytes(link).ok()?),
        };
        let is_tag = !tag.is_empty() && tag.bytes().all(|it| it.is_ascii_hexdigit());
        is_tag.then(|| Self {
            body: Bytes::copy_from_slice(body),
            tag: tag.into(),
            link,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_client_has_is_not_sent_again() {
        let answer = |tags: &str| {
            let mut headers = HeaderMap::new();
            let tags = HeaderValue::from_str(tags).expect("a header");
            headers.insert(header::IF_NONE_MATCH, tags);
            let body = Tagged::new(&["键盘"]).expect("is JSON");
            body.answer(&headers)
        };
        let first = answer("\"another\"");
        assert_eq!(first.status(), StatusCode::OK);
        let tag = first.headers()[header::ETAG]
            .to_str()
            .expect("text")
            .to_owned();
        assert!(tag.starts_with("W/\""), "{tag}");
        assert_eq!(answer(&tag).status(), StatusCode::NOT_MODIFIED);
        assert_eq!(
            answer(&format!("\"a\", {tag}")).status(),
            StatusCode::NOT_MODIFIED
        );
        assert_eq!(
            answer(tag.trim_start_matches("W/")).status(),
            StatusCode::NOT_MODIFIED
        );
        assert_eq!(answer("*").headers()[header::ETAG], tag.as_str());
    }
}
