//! The keys of all products, for the time in which many are asked for that do not exist.
//!
//! Each key that does not exist costs a query, and those who make keys up never ask for one twice. When they are
//! many, all keys that exist are read in one query a moment, and what is not among them is not looked for.

use super::store::list_product_keys;
use super::types::ProductKey;
use crate::error::AppError;
use crate::server::{App, Cache, Epochs, MOMENT, Metrics, Subject};
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};

/// More than so many a second of keys that do not exist are a flood.
const FLOOD: u64 = 20;

pub struct KnownKeys {
    hasher: RandomState,
    /// Hashes: another key with the same one is looked for, as without a flood.
    keys: Cache<(), Arc<HashSet<u64>>>,
    absent: PerSecond,
}

impl KnownKeys {
    pub fn new(epochs: &Epochs, metrics: &Metrics) -> Self {
        const SUBJECTS: &[Subject] = &[Subject::Catalogue];
        let keys = Cache::new(epochs, SUBJECTS, MOMENT, 1 << 20, |_| 0);
        Self {
            hasher: RandomState::new(),
            keys: keys.counted_by(metrics.cache("product_keys")),
            absent: PerSecond::default(),
        }
    }

    /// Returns true if there is no product with this key. Without a flood it does not know, and returns false.
    pub async fn rules_out(&self, app: &App, key: &ProductKey) -> Result<bool, AppError> {
        let second = app.clock.now().seconds();
        if !self.absent.exceed(FLOOD, second) {
            return Ok(false);
        }
        let read = async || {
            let mut conn = app.db.read().await?;
            let keys = list_product_keys(&mut conn).await?;
            let hash = |key: &ProductKey| self.hasher.hash_one(key);
            Ok(Arc::new(keys.iter().map(hash).collect::<HashSet<_>>()))
        };
        let keys = self.keys.get((), read).await?;
        let absent = !keys.contains(&self.hasher.hash_one(key));
        if absent {
            self.absent.note(second);
        }
        Ok(absent)
    }

    /// Notes that somebody looked for a product that there is not.
    pub fn note_absent(&self, app: &App) {
        self.absent.note(app.clock.now().seconds());
    }
}

/// Counts events within the present second and the one before. Counts of threads that cross into a new second
/// at the same time may get lost.
#[derive(Default)]
struct PerSecond {
    second: AtomicI64,
    now: AtomicU64,
    before: AtomicU64,
}

impl PerSecond {
    fn note(&self, second: i64) {
        self.turn(second);
        self.now.fetch_add(1, Relaxed);
    }

    fn exceed(&self, most: u64, second: i64) -> bool {
        self.turn(second);
        self.now.load(Relaxed).max(self.before.load(Relaxed)) > most
    }

    fn turn(&self, second: i64) {
        let last = self.second.swap(second, Relaxed);
        if last != second {
            let counted = self.now.swap(0, Relaxed);
            let adjoin = last + 1 == second;
            self.before.store(if adjoin { counted } else { 0 }, Relaxed);
        }
    }
}
