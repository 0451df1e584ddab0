//! The verdict on whether SQLite's writer writes, and since when it stands.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// As long as this a verdict stands.
const FRESH: Duration = Duration::from_secs(1);

/// A writer that is busy is well as long as something was written within this time.
const BUSY: Duration = Duration::from_secs(10);

/// Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Writing {
    state: Arc<Mutex<State>>,
    pub trial: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Debug)]
struct State {
    written: Instant,
    judged: Option<(Instant, bool)>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            written: Instant::now(),
            judged: None,
        }
    }
}

impl Writing {
    /// Something was committed.
    pub fn note_written(&self) {
        self.judge(true);
    }

    pub fn judge(&self, well: bool) {
        let now = Instant::now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if well {
            state.written = now;
        }
        state.judged = Some((now, well));
    }

    /// The verdict, while it is fresh.
    pub fn verdict(&self) -> Option<bool> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, well) = state.judged?;
        (at.elapsed() < FRESH).then_some(well)
    }

    /// Somebody else has the writer. That is no fault, unless nothing comes of it for long.
    pub fn judge_busy(&self) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let well = state.written.elapsed() < BUSY;
        state.judged = Some((Instant::now(), well));
        well
    }
}
