//! Group commit: many small writes share one transaction, and with it one wait for the disk.
//!
//! On SQLite a commit waits until the disk has it, and only one connection writes. So writes that
//! arrive during a commit queue up, and the next transaction takes all of them, each in its own
//! savepoint: a refused one leaves the others intact. Nobody is answered before the commit.
//! PostgreSQL groups the commits of its connections by itself.

use super::connection::{Conn, Fence, Savepoint};
use super::sqlite::{Writer, waiting_for_writer};
use crate::error::{AppError, Kind};
use crate::i18n;
use crate::server::{current, deadline};
use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use tokio::sync::{mpsc, oneshot};
use tracing::{Instrument, Span};

/// The maximum number of writes in a commit; more would make the first wait too long.
const LARGEST: usize = 256;

/// The maximum number of queued writes; further ones wait to be let in, within their deadline.
const QUEUE: usize = 4_096;

/// The work done on the connection. It should be short, since others wait for it, and is
/// completed even past the deadline of its request.
pub type Work<'c, T> = Pin<Box<dyn Future<Output = Result<T, AppError>> + Send + 'c>>;

type Job = Box<dyn for<'c> FnOnce(&'c mut Conn) -> Doing<'c> + Send>;
type Doing<'c> = Pin<Box<dyn Future<Output = Done> + Send + 'c>>;

/// The outcome of a job.
struct Done {
    /// True if its writes are to be kept.
    keep: bool,
    /// The error if the database is at fault, which may have rolled back the others' writes as well.
    fault: Option<AppError>,
    /// Reports the outcome of the commit to whoever waits for it.
    answer: Box<dyn FnOnce(Result<(), AppError>) + Send>,
}

impl Done {
    /// Rejects work that overlooked a failed statement; the rest of its commit is kept.
    fn refuse(&mut self) {
        if std::mem::take(&mut self.keep) {
            let answer = std::mem::replace(&mut self.answer, Box::new(|_| ()));
            self.answer = Box::new(|_| answer(Err(AppError::internal())));
        }
    }
}

/// The queue of one database. The worker behind it starts with the first write.
#[derive(Clone, Default)]
pub struct Group(Arc<Shared>);

#[derive(Default)]
struct Shared {
    queue: OnceLock<mpsc::Sender<Job>>,
    works: AtomicU64,
    commits: AtomicU64,
}

impl fmt::Debug for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (works, commits) = self.counts();
        write!(f, "Group {{ works: {works}, commits: {commits} }}")
    }
}

impl Group {
    /// Returns the number of writes done so far, and the number of commits they took.
    pub fn counts(&self) -> (u64, u64) {
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        (load(&self.0.works), load(&self.0.commits))
    }

    pub(super) async fn run<T, W>(&self, writer: &Writer, work: W) -> Result<T, AppError>
    where
        T: Send + 'static,
        W: for<'c> FnOnce(&'c mut Conn) -> Work<'c, T> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let queue = self.0.queue.get_or_init(|| {
            let (queue, jobs) = mpsc::channel(QUEUE);
            tokio::spawn(serve(writer.clone(), jobs, Arc::downgrade(&self.0)));
            queue
        });
        let sent = queue.send(job(work, sender)).await;
        sent.map_err(|_| AppError::internal())?;
        // Dropped without an answer: no transaction could be begun, or a job panicked.
        receiver.await.map_err(|_| AppError::cannot_save())?
    }
}

fn job<T, W>(work: W, sender: oneshot::Sender<Result<T, AppError>>) -> Job
where
    T: Send + 'static,
    W: for<'c> FnOnce(&'c mut Conn) -> Work<'c, T> + Send + 'static,
{
    let (trace_id, language, span) = (current::trace_id(), i18n::current(), Span::current());
    let waiting = waiting_for_writer();
    let fence = Fence::current();
    Box::new(move |conn| {
        drop(waiting);
        Box::pin(async move {
            let given_up = sender.is_closed();
            let mut made = if given_up {
                Err(AppError::internal())
            } else {
                let work = deadline::changing(work(conn).instrument(span));
                i18n::within(language, current::within(trace_id, work)).await
            };
            if let Some(fence) = fence.filter(|_| made.is_ok())
                && let Err(error) = conn.check(&fence).await
            {
                made = Err(error.into());
            }
            Done {
                keep: made.is_ok(),
                fault: made
                    .as_ref()
                    .err()
                    .filter(|it| it.kind == Kind::Unavailable)
                    .cloned(),
                answer: Box::new(move |committed| {
                    // Nobody may be waiting any more; then there is nobody to tell.
                    let _ = sender.send(made.and_then(|made| committed.map(|()| made)));
                }),
            }
        })
    })
}

async fn serve(writer: Writer, mut queue: mpsc::Receiver<Job>, shared: std::sync::Weak<Shared>) {
    while let Some(first) = queue.recv().await {
        let mut jobs = vec![first];
        while jobs.len() < LARGEST
            && let Ok(job) = queue.try_recv()
        {
            jobs.push(job);
        }
        if let Some(shared) = shared.upgrade() {
            shared.works.fetch_add(jobs.len() as u64, Ordering::Relaxed);
            shared.commits.fetch_add(1, Ordering::Relaxed);
        }
        // In a task of its own, so that a panic ends this group and not the worker.
        if let Err(error) = tokio::spawn(commit_together(writer.clone(), jobs)).await {
            tracing::error!(error.cause = %error, "A group of writes broke off");
        }
    }
}

async fn commit_together(writer: Writer, jobs: Vec<Job>) {
    let alone = jobs.len() == 1;
    let mut answers = Vec::with_capacity(jobs.len());
    let outcome = async {
        let mut tx = writer.begin().await?;
        let mut kept = 0;
        for job in jobs {
            let savepoint = match alone {
                true => None,
                false => Some(Savepoint::set(&mut tx).await?),
            };
            let mut done = job(&mut tx).await;
            if savepoint.is_some() && tx.has_failed() {
                done.refuse();
            }
            kept += usize::from(done.keep);
            answers.push(done.answer);
            let ended = match savepoint {
                None => Ok(()),
                Some(savepoint) if done.keep => savepoint.release(&mut tx).await,
                Some(savepoint) => savepoint.roll_back(&mut tx).await,
            };
            // There is no savepoint to roll back to if the database rolled back everything.
            ended.map_err(|_| done.fault.unwrap_or_else(AppError::cannot_save))?;
        }
        // With nothing to keep there is no commit to wait for: the transaction is dropped.
        if kept > 0 {
            tx.commit().await?;
        }
        Ok(())
    };
    let outcome: Result<(), AppError> = outcome.await;
    for answer in answers {
        answer(outcome.clone());
    }
}
