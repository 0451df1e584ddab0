//! Calls: the key of one, and its time.

use super::status::late;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{App, IdempotencyKey, deadline};
use std::time::{Duration, Instant};
use tonic::{Request, Status};

/// Returns the key of a call that may be repeated: the metadata `idempotency-key`.
pub fn key_of<T>(request: &Request<T>) -> Result<IdempotencyKey, AppError> {
    IdempotencyKey::of(request.metadata().as_ref())
}

/// The time for an answer that is a stream: what the client gives the whole of it, and what each part may take.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    end: Option<Instant>,
    part: Duration,
}

impl Pace {
    pub fn of<T>(app: &App, request: &Request<T>) -> Self {
        let asked = deadline::asked(request.metadata().as_ref());
        Self {
            end: asked.and_then(|asked| Instant::now().checked_add(asked)),
            part: app.config.server.request_timeout(),
        }
    }

    /// Does one part within its time; what it asks of the database ends with it.
    pub async fn part<T>(
        &self,
        work: impl Future<Output = Result<T, AppError>>,
    ) -> Result<T, Status> {
        let at = Instant::now() + self.part;
        let at = self.end.map_or(at, |end| end.min(at));
        let within = deadline::within(Some(deadline::by(at)), work);
        match tokio::time::timeout_at(at.into(), within).await {
            Ok(done) => done.map_err(Status::from),
            Err(_) => Err(late(&AppError::unavailable(t!("server-too-long")))),
        }
    }
}
