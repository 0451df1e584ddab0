//! The gauge: one measurement, shared by all viewers.

use crate::error::AppError;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// A measurement, its duration and its completion time.
#[derive(Clone, Debug)]
pub struct Reading<T> {
    pub measured: T,
    pub took: Duration,
    done: Instant,
}

impl<T> Reading<T> {
    pub fn age(&self) -> Duration {
        self.done.elapsed()
    }
}

/// The shared measurement. While one viewer measures, the others wait for it.
pub struct Gauge<T> {
    last: Mutex<Option<Reading<T>>>,
    moment: Duration,
    share: u32,
}

/// As people look: a second old at most, and at most a tenth of the time spent measuring.
impl<T> Default for Gauge<T> {
    fn default() -> Self {
        Self::new(Duration::from_secs(1), 10)
    }
}

impl<T> Gauge<T> {
    /// Creates a gauge whose measurements are shared for a moment, and for longer if measuring takes long:
    /// `share` is the inverse of the maximum share of time spent measuring, however much there is to count.
    pub fn new(moment: Duration, share: u32) -> Self {
        Self {
            last: Mutex::default(),
            moment,
            share,
        }
    }

    /// Returns how long a measurement that took this long stays valid.
    fn kept_for(&self, took: Duration) -> Duration {
        self.moment.max(took * self.share)
    }
}

impl<T: Clone> Gauge<T> {
    /// Returns a recent measurement, or the result of `measure`.
    pub async fn read(
        &self,
        measure: impl Future<Output = Result<T, AppError>>,
    ) -> Result<Reading<T>, AppError> {
        let mut last = self.last.lock().await;
        let recent = last
            .as_ref()
            .filter(|reading| reading.age() < self.kept_for(reading.took));
        if let Some(reading) = recent {
            return Ok(reading.clone());
        }
        let began = Instant::now();
        let measured = measure.await?;
        let reading = Reading {
            measured,
            took: began.elapsed(),
            done: Instant::now(),
        };
        *last = Some(reading.clone());
        Ok(reading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[tokio::test]
    async fn what_takes_long_is_done_seldom() {
        const MOMENT: Duration = Duration::from_secs(1);
        let (gauge, times) = (Gauge::<()>::new(MOMENT, 10), AtomicU32::new(0));
        assert_eq!(gauge.kept_for(Duration::from_millis(3)), MOMENT);
        assert_eq!(gauge.kept_for(2 * MOMENT), 20 * MOMENT);
        let measure = async || {
            times.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(MOMENT / 4).await;
            Ok(())
        };
        let (first, second) = tokio::join!(gauge.read(measure()), gauge.read(measure()));
        assert!(first.is_ok() && second.is_ok());
        tokio::time::sleep(MOMENT + MOMENT / 10).await;
        let third = gauge.read(measure()).await.expect("a reading");
        assert_eq!(
            times.load(Ordering::SeqCst),
            1,
            "ten times a quarter is not over yet"
        );
        assert!(third.age() > MOMENT);
    }
}
