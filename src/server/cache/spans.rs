//! Spans of look-ups that take time.
//!
//! A copy that is at hand is given without one: to note it would cost more than to give it, and a trace that has no
//! span of a cache says so as well.

use tracing::field::Empty;
use tracing::instrument::Instrumented;
use tracing::{Instrument, Span};

/// Does what is left of a look-up that found no copy, or one that is to be made anew.
pub fn look_up<F: Future>(cache: &'static str, work: F) -> Instrumented<F> {
    work.instrument(tracing::debug_span!(
        "cache",
        otel.name = format!("cache {cache}"),
        cache.result = Empty
    ))
}

/// Notes on the look-up where its value came from: it was `made`, another `shared` it by Redis, it was `waited` for
/// while another request made it, or it is the `last` one from before the database went away.
pub fn note(result: &'static str) {
    Span::current().record("cache.result", result);
}

#[cfg(test)]
mod tests {
    use crate::error::AppError;
    use crate::server::cache::Cache;
    use crate::server::{Epochs, Subject};
    use futures_util::future::join_all;
    use std::fmt::Debug;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;
    use tokio::task::yield_now;
    use tracing::Subscriber;
    use tracing::field::{Field, Visit};
    use tracing::span::{Id, Record};
    use tracing::subscriber::{DefaultGuard, set_default};
    use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

    /// The results that look-ups of this thread noted.
    #[derive(Clone, Default)]
    struct Noted(Arc<Mutex<Vec<String>>>);

    impl Noted {
        fn listen(&self) -> DefaultGuard {
            set_default(tracing_subscriber::registry().with(self.clone()))
        }

        fn take(&self) -> Vec<String> {
            std::mem::take(&mut self.0.lock().expect("a list"))
        }
    }

    impl<S: Subscriber> Layer<S> for Noted {
        fn on_record(&self, _: &Id, values: &Record<'_>, _: Context<'_, S>) {
            values.record(&mut self.clone());
        }
    }

    impl Visit for Noted {
        fn record_str(&mut self, field: &Field, value: &str) {
            assert_eq!(field.name(), "cache.result");
            self.0.lock().expect("a list").push(value.to_owned());
        }

        fn record_debug(&mut self, field: &Field, _: &dyn Debug) {
            panic!("{} is no text", field.name());
        }
    }

    fn cache(moment: Duration) -> Cache<&'static str, u64> {
        let subjects = &[Subject::Stock];
        Cache::new(&Epochs::default(), subjects, moment, 1 << 20, |_| 8)
    }

    #[tokio::test]
    async fn a_look_up_that_waits_for_another_says_so_and_one_that_finds_its_copy_is_silent() {
        let noted = Noted::default();
        let _listening = noted.listen();
        let cache = cache(Duration::from_mins(1));
        let ask = || {
            cache.get("list", async || {
                yield_now().await;
                Ok(1)
            })
        };
        assert_eq!(join_all([ask(), ask()]).await, [Ok(1), Ok(1)]);
        assert_eq!(noted.take(), ["made", "waited"]);
        assert_eq!(ask().await, Ok(1));
        assert!(noted.take().is_empty());
    }

    #[tokio::test]
    async fn a_look_up_that_gives_the_last_copy_says_so_and_not_that_it_made_one() {
        let noted = Noted::default();
        let _listening = noted.listen();
        let cache = cache(Duration::ZERO).outlasting(Duration::from_mins(1), 1 << 20, |_| 8);
        assert_eq!(cache.get("list", async || Ok(1)).await, Ok(1));
        let away = async || Err(AppError::unavailable("away"));
        assert_eq!(cache.get("list", away).await, Ok(1));
        assert_eq!(noted.take(), ["made", "last"]);
    }
}
