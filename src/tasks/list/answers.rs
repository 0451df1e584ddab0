//! The answers of the API with lists of tasks, kept for a moment: see [`Cache`].

use super::TaskFilter;
use crate::error::AppError;
use crate::server::{Cache, Epochs, MOMENT, Metrics, Subject, Tagged};

/// Answers by their filter, which says whose tasks they may show.
pub struct TaskAnswers(Cache<TaskFilter, Tagged>);

impl TaskAnswers {
    pub fn new(epochs: &Epochs, metrics: &Metrics) -> Self {
        /// The maximum size of what is kept, in bytes.
        const MOST: u64 = 16 << 20;
        let answers = Cache::new(epochs, &[Subject::Tasks], MOMENT, MOST, Tagged::size);
        Self(answers.counted_by(metrics.cache("tasks")))
    }

    /// Returns the kept answer, or the one that `make` makes. What is due by now is never kept: time alone
    /// changes it.
    pub async fn get<F>(
        &self,
        filter: &TaskFilter,
        make: impl FnOnce() -> F,
    ) -> Result<Tagged, AppError>
    where
        F: Future<Output = Result<Tagged, AppError>>,
    {
        match filter.due {
            Some(_) => make().await,
            None => self.0.get(filter.clone(), make).await,
        }
    }
}
