//! Files that are written while they are sent.

use crate::error::AppError;
use axum::body::{Body, Bytes};
use futures_util::stream;

/// A file that is written part by part.
pub trait Parts: Send + 'static {
    /// Writes the next part; `None` after the last.
    fn next(&mut self) -> impl Future<Output = Result<Option<Bytes>, AppError>> + Send;
}

/// Returns a body that asks for a part when the one before was sent. An error breaks the answer off, so that nobody
/// takes half a file for a whole one.
pub fn streamed(parts: impl Parts) -> Body {
    let stream = stream::try_unfold(parts, |mut parts| async move {
        let part = parts.next().await?;
        Ok::<_, AppError>(part.map(|bytes| (bytes, parts)))
    });
    Body::from_stream(stream)
}
