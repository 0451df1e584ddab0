//! The gauge: one measurement, shared by all viewers.

use crate::error::AppError;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// The maximum age of a shared measurement, if measuring is quick.
const MOMENT: Duration = Duration::from_secs(1);

/// The inverse of the maximum share of time spent measuring, however much there is to count.
const SHARE: u32 = 10;

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
#[derive(Default)]
pub struct Gauge<T>(Mutex<Option<Reading<T>>>);

impl<T: Clone> Gauge<T> {
    /// Returns a recent measurement, or the result of `measure`.
    pub async fn read(
        &self,
        measure: impl Future<Output = Result<T, AppError>>,
    ) -> Result<Reading<T>, AppError> {
        let mut last = self.0.lock().await;
        let recent = last
            .as_ref()
            .filter(|reading| reading.age() < kept_for(reading.took));
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

/// Returns how long a measurement that took this long stays valid.
fn kept_for(took: Duration) -> Duration {
    MOMENT.max(took * SHARE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[tokio::test]
    async fn what_takes_long_is_done_seldom() {
        assert_eq!(kept_for(Duration::from_millis(3)), MOMENT);
        assert_eq!(kept_for(Duration::from_secs(2)), Duration::from_secs(20));
        let (gauge, times) = (Gauge::<()>::default(), AtomicU32::new(0));
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
