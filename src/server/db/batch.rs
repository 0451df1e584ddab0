//! Batching: small jobs of one kind that arrive at the same time are done together.
//!
//! The group commit (`server/db/group.rs`) shares the wait for the disk; this shares the statements as
//! well: while one batch is being written the next one gathers, and is written in a few statements.
//! Each job has its own result. Reads that many request at once are shared in the same way.

use crate::error::{AppError, Kind};
use std::sync::{Arc, OnceLock};
use tokio::sync::{Mutex, mpsc, oneshot};

/// The maximum number of jobs in a batch; more would make the first wait too long.
const LARGEST: usize = 256;

/// The maximum number of queued jobs; further ones wait to be let in, within their deadline.
const QUEUE: usize = 4_096;

type Answer<O> = oneshot::Sender<Result<O, AppError>>;
type Queue<I, O> = mpsc::Sender<(I, Answer<O>)>;
type Jobs<I, O> = Arc<Mutex<mpsc::Receiver<(I, Answer<O>)>>>;

/// The queue of one kind of job. Its workers start with the first job.
pub struct Batch<I, O>(OnceLock<Queue<I, O>>);

impl<I, O> Default for Batch<I, O> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

impl<I, O> Batch<I, O>
where
    I: Clone + Send + Sync + 'static,
    O: Send + 'static,
{
    /// Runs the job in a batch with others of its kind. `work` runs a batch and returns a result for each
    /// job; if it fails as a whole, each job is retried by itself, so that one does not fail the others,
    /// unless the database turns out to be unavailable. Up to `workers` batches run in parallel.
    pub async fn run<W, F>(&self, job: I, workers: usize, work: W) -> Result<O, AppError>
    where
        W: Fn(Vec<I>) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<Vec<Result<O, AppError>>, AppError>> + Send + 'static,
    {
        let queue = self.0.get_or_init(|| {
            let (queue, jobs) = mpsc::channel(QUEUE);
            let jobs = Arc::new(Mutex::new(jobs));
            for _ in 0..workers {
                tokio::spawn(serve(Arc::clone(&jobs), work.clone()));
            }
            queue
        });
        let (sender, receiver) = oneshot::channel();
        let sent = queue.send((job, sender)).await;
        sent.map_err(|_| AppError::internal())?;
        // Dropped without an answer: the worker panicked.
        receiver.await.map_err(|_| AppError::internal())?
    }
}

async fn serve<I, O, W, F>(jobs: Jobs<I, O>, work: W)
where
    I: Clone + Send + Sync + 'static,
    O: Send + 'static,
    W: Fn(Vec<I>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<Vec<Result<O, AppError>>, AppError>> + Send + 'static,
{
    loop {
        let mut batch = Vec::new();
        if jobs.lock().await.recv_many(&mut batch, LARGEST).await == 0 {
            return;
        }
        // Drop the jobs that nobody waits for any more.
        batch.retain(|(_, answer): &(I, Answer<O>)| !answer.is_closed());
        let work = work.clone();
        // In a task of its own, so that a panic ends this batch and not the worker.
        let done = tokio::spawn(async move { answer(batch, &work).await });
        if let Err(error) = done.await {
            tracing::error!(error.cause = %error, "A batch of writes broke off");
        }
    }
}

async fn answer<I, O, W, F>(batch: Vec<(I, Answer<O>)>, work: &W)
where
    I: Clone,
    W: Fn(Vec<I>) -> F,
    F: Future<Output = Result<Vec<Result<O, AppError>>, AppError>>,
{
    let (jobs, answers): (Vec<I>, Vec<Answer<O>>) = batch.into_iter().unzip();
    // If sending fails, nobody waits any more and there is nobody to tell.
    match work(jobs.clone()).await {
        Ok(results) => {
            for (answer, result) in answers.into_iter().zip(results) {
                let _ = answer.send(result);
            }
        }
        Err(error) => {
            let hopeless = jobs.len() == 1 || error.kind == Kind::Unavailable;
            let mut gone = hopeless.then_some(error);
            for (job, answer) in jobs.into_iter().zip(answers) {
                let result = match &gone {
                    Some(error) => Err(error.clone()),
                    None if answer.is_closed() => continue,
                    None => work(vec![job]).await.and_then(|mut made| {
                        made.pop().unwrap_or_else(|| Err(AppError::internal()))
                    }),
                };
                gone = gone.or_else(|| {
                    result
                        .as_ref()
                        .err()
                        .filter(|it| it.kind == Kind::Unavailable)
                        .cloned()
                });
                let _ = answer.send(result);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// Doubles each number, but fails as a whole if a 13 is among them.
    async fn double(numbers: Vec<u64>) -> Result<Vec<Result<u64, AppError>>, AppError> {
        tokio::time::sleep(Duration::from_millis(20)).await;
        if numbers.contains(&13) {
            return Err(AppError::internal());
        }
        Ok(numbers.into_iter().map(|number| Ok(2 * number)).collect())
    }

    #[tokio::test]
    async fn jobs_of_one_moment_share_a_batch_and_each_has_its_result() {
        let batch = Arc::new(Batch::<u64, u64>::default());
        let sizes = Arc::new(std::sync::Mutex::new(Vec::new()));
        let counted = {
            let sizes = Arc::clone(&sizes);
            move |numbers: Vec<u64>| {
                sizes.lock().expect("a lock").push(numbers.len());
                double(numbers)
            }
        };
        let ask = |number| {
            let (batch, counted) = (Arc::clone(&batch), counted.clone());
            tokio::spawn(async move { batch.run(number, 1, counted).await })
        };
        let tasks: Vec<_> = (0..50).map(ask).collect();
        for (number, task) in (0..).zip(tasks) {
            let expected = match number {
                13 => Err(AppError::internal()),
                number => Ok(2 * number),
            };
            assert_eq!(task.await.expect("ends"), expected);
        }
        let sizes = sizes.lock().expect("a lock");
        assert!(sizes.iter().any(|size| *size > 10), "{sizes:?}");
    }
}
