//! Background jobs, each run in rounds for as long as the server runs. A round that fails, panics
//! or never ends is abandoned, and the next one runs all the same.

use crate::error::AppError;
use crate::i18n::t;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};

/// The step that follows a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    Pause,
    /// More work is waiting: start the next round at once.
    GoOn,
}

/// Runs the work in its own task, so that a panic is an error like any other, and drops it if it
/// takes longer than `longest`: a database that has gone silent neither answers nor refuses.
pub async fn round<T: Send + 'static>(
    longest: Duration,
    work: impl Future<Output = Result<T, AppError>> + Send + 'static,
) -> Result<T, AppError> {
    let mut alone = JoinSet::new();
    alone.spawn(work);
    match timeout(longest, alone.join_next()).await {
        Ok(Some(Ok(done))) => done,
        Ok(Some(Err(error))) => {
            tracing::error!(error.cause = %error, "A round of work broke off");
            Err(AppError::internal())
        }
        Ok(None) => Err(AppError::internal()),
        Err(_) => {
            let message = t!("server-dropped", seconds = longest.as_secs());
            Err(AppError::unavailable(message))
        }
    }
}

/// Runs the work repeatedly with a pause in between, until `ended`. A failure is retried after
/// the pause.
pub async fn repeat<F>(
    pause: Duration,
    longest: Duration,
    ended: impl Fn() -> bool,
    work: impl Fn() -> F,
) where
    F: Future<Output = Result<Next, AppError>> + Send + 'static,
{
    let mut timer = interval(pause);
    timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !ended() {
        timer.tick().await;
        match round(longest, work()).await {
            Ok(Next::Pause) => {}
            Ok(Next::GoOn) => timer.reset_immediately(),
            Err(error) => {
                tracing::warn!(error.cause = %error, "A job failed and is tried again later");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const SHORT: Duration = Duration::from_millis(20);
    const LONG: Duration = Duration::from_hours(1);

    #[tokio::test]
    async fn a_panic_and_a_silence_end_the_round_and_no_more() {
        let broken: Result<(), _> = round(LONG, async { panic!("a fault of ours") }).await;
        assert_eq!(broken.map_err(|error| error.kind), Err(Kind::Internal));
        let silent: Result<(), _> = round(SHORT, std::future::pending()).await;
        assert_eq!(silent.map_err(|error| error.kind), Err(Kind::Unavailable));
        assert_eq!(round(LONG, async { Ok(7) }).await, Ok(7));
    }

    #[tokio::test]
    async fn work_goes_on_after_a_panic_and_a_silence() {
        let begun = Arc::new(AtomicUsize::new(0));
        let work = || {
            let number = begun.fetch_add(1, Ordering::SeqCst);
            async move {
                match number {
                    0 => panic!("a fault of ours"),
                    1 => std::future::pending().await,
                    _ => Ok(Next::Pause),
                }
            }
        };
        let ended = || begun.load(Ordering::SeqCst) == 4;
        let done = timeout(LONG, repeat(SHORT, SHORT, ended, work)).await;
        assert!(done.is_ok());
    }

    #[tokio::test]
    async fn where_there_is_more_nobody_pauses() {
        let begun = Arc::new(AtomicUsize::new(0));
        let work = || {
            begun.fetch_add(1, Ordering::SeqCst);
            async { Ok(Next::GoOn) }
        };
        let ended = || begun.load(Ordering::SeqCst) == 3;
        let soon = Duration::from_secs(10);
        let done = timeout(soon, repeat(LONG, LONG, ended, work)).await;
        assert!(done.is_ok(), "it waited for an hour");
    }
}
