//! Requests and rounds of jobs that are under way, kept only where somebody may want to see them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// Something under way.
pub struct Entry {
    /// `GET`, or `job`.
    pub kind: &'static str,
    pub began: Instant,
    /// The trace of a request, for its lines in the log; empty for a job.
    pub trace_id: String,
    /// The route of a request, once known, or the name of a job.
    name: OnceLock<String>,
}

impl Entry {
    pub fn name(&self) -> &str {
        self.name.get().map_or("", String::as_str)
    }

    pub fn age(&self) -> Duration {
        self.began.elapsed()
    }
}

static WATCHED: AtomicBool = AtomicBool::new(false);
static NEXT: AtomicU64 = AtomicU64::new(0);
static ALL: Mutex<BTreeMap<u64, Arc<Entry>>> = Mutex::new(BTreeMap::new());

/// Keeps what begins from here on.
pub fn watch() {
    WATCHED.store(true, Relaxed);
}

/// Returns what is under way, the oldest first.
pub fn list() -> Vec<Arc<Entry>> {
    let all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
    all.values().cloned().collect()
}

/// An entry until it is dropped; nothing where nobody watches.
pub struct UnderWay(Option<(u64, Arc<Entry>)>);

impl UnderWay {
    pub fn begin(kind: &'static str, trace_id: &str) -> Self {
        if !WATCHED.load(Relaxed) {
            return Self(None);
        }
        let entry = Arc::new(Entry {
            kind,
            began: Instant::now(),
            trace_id: trace_id.to_owned(),
            name: OnceLock::new(),
        });
        let number = NEXT.fetch_add(1, Relaxed);
        let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(number, entry.clone());
        Self(Some((number, entry)))
    }

    /// Begins a round of the job with this name.
    pub fn job(name: &str) -> Self {
        let this = Self::begin("job", "");
        this.name(name);
        this
    }

    /// Names it; the first name counts.
    pub fn name(&self, name: &str) {
        if let Some((_, entry)) = &self.0 {
            entry.name.get_or_init(|| name.to_owned());
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if let Some((number, _)) = &self.0 {
            let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
            all.remove(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_under_way_is_listed_until_it_is_done() {
        let listed = |name: &str| list().iter().any(|entry| entry.name() == name);
        let before = UnderWay::job("begun before anybody watched");
        watch();
        let request = UnderWay::begin("GET", "4bf92f35");
        request.name("/a/{template}");
        request.name("/error");
        assert!(listed("/a/{template}") && !listed("/error"));
        assert!(!listed("begun before anybody watched"));
        drop((request, before));
        assert!(!listed("/a/{template}"));
    }
}
