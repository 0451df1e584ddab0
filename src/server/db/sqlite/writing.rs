//! The verdict on whether SQLite's writer works, and its age.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The time for which a verdict stays valid.
const FRESH: Duration = Duration::from_secs(1);

/// The maximum time since the last write for a busy writer to count as healthy.
const BUSY: Duration = Duration::from_secs(10);

/// The shared verdict. Cheap to clone.
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
    /// Records that something was committed.
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

    /// Returns the verdict, if it is still fresh.
    pub fn verdict(&self) -> Option<bool> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, well) = state.judged?;
        (at.elapsed() < FRESH).then_some(well)
    }

    /// Judges a writer that somebody else holds: no fault, unless nothing has been written for long.
    pub fn judge_busy(&self) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let well = state.written.elapsed() < BUSY;
        state.judged = Some((Instant::now(), well));
        well
    }
}
