//! Waiting for what another task, process or server brings about: by polling, with a bound.

use std::fmt::Display;
use std::time::{Duration, Instant};

/// The longest that any test waits: far longer than anything takes on the slowest machine.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// Polls until there is a result. An error says what is still missing; the last one fails the test.
pub async fn eventually<T, E: Display>(mut poll: impl AsyncFnMut() -> Result<T, E>) -> T {
    let began = Instant::now();
    loop {
        match poll().await {
            Ok(result) => return result,
            Err(missing) => {
                let waited = began.elapsed();
                assert!(waited < PATIENCE, "after {waited:?}: {missing}");
            }
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Waits for a future, with the same bound.
pub async fn in_time<T>(future: impl Future<Output = T>) -> T {
    let result = tokio::time::timeout(PATIENCE, future).await;
    result.expect("within the longest time a test waits")
}
