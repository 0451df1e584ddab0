//! Parallel reading: workers that take turns at the input, and one consumer that sees chunks in order.
//!
//! There is no thread that only reads. A worker waits for a free slot, locks the source, fills the slot's
//! block, and checks its rows after unlocking: the block is then still in its cache. Chunks come out of
//! order and are put back into it before they are consumed.
//!
//! The slots are the bound. There are two more than workers, a chunk that waits for its turn keeps its
//! own, and whoever reads needs one first: so memory stays the same however long the file and however
//! slow the consumer. The chunk that is next always has a slot, and so the others never wait in vain.

use super::record::Record;
use super::source::{Chunk, Counts, DataSource, Output, ReadError, Rows, Tally};
use std::any::Any;
use std::collections::BTreeMap;
use std::io;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// A block, and the room for the result of checking it.
struct Slot<B, T> {
    block: B,
    output: T,
}

/// A message to the consumer.
enum Message<B, T> {
    Checked(u64, Slot<B, T>, Tally),
    Failed(u64, io::Error),
    Panicked(Box<dyn Any + Send>),
}

/// Reads a source to its end, on so many threads: each record is checked once, each chunk consumed in order.
///
/// `check` runs on the workers, `consume` on the calling thread. The result is the same on any number of
/// threads; on one, nothing is started.
pub fn read<S: DataSource, T: Output>(
    source: S,
    threads: usize,
    check: impl Fn(&Record<'_>, &mut T) + Sync,
    consume: impl FnMut(Chunk<'_, T>) -> ControlFlow<()>,
) -> Result<Counts, ReadError> {
    if threads <= 1 {
        read_alone(source, check, consume)
    } else {
        read_together(source, threads, check, consume)
    }
}

fn read_alone<S: DataSource, T: Output>(
    mut source: S,
    check: impl Fn(&Record<'_>, &mut T),
    mut consume: impl FnMut(Chunk<'_, T>) -> ControlFlow<()>,
) -> Result<Counts, ReadError> {
    let mut counts = Counts::default();
    let mut rows = source.rows();
    let mut block = S::Block::default();
    let mut output = T::default();
    while source.fill(&mut block)? {
        output.clear();
        let tally = rows.each(&mut block, |record| check(record, &mut output));
        if hand_on(&mut counts, tally, &mut output, &mut consume).is_break() {
            break;
        }
    }
    Ok(counts)
}

/// Gives a chunk to the consumer, and counts it.
fn hand_on<T>(
    counts: &mut Counts,
    tally: Tally,
    output: &mut T,
    consume: &mut impl FnMut(Chunk<'_, T>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let first = counts.tally.records + 1;
    counts.tally.add(tally);
    let flow = consume(Chunk {
        first,
        tally,
        output,
    });
    counts.stopped = flow.is_break();
    flow
}

fn read_together<S: DataSource, T: Output>(
    source: S,
    threads: usize,
    check: impl Fn(&Record<'_>, &mut T) + Sync,
    mut consume: impl FnMut(Chunk<'_, T>) -> ControlFlow<()>,
) -> Result<Counts, ReadError> {
    let slots = threads + 2;
    let (give, free) = crossbeam_channel::bounded::<Slot<S::Block, T>>(slots);
    let (send, messages) = crossbeam_channel::bounded::<Message<S::Block, T>>(slots + threads);
    for _ in 0..slots {
        let (block, output) = (S::Block::default(), T::default());
        // There is room for all of them.
        let _ = give.try_send(Slot { block, output });
    }
    let stop = AtomicBool::new(false);
    let source = Mutex::new((source, 0_u64));
    thread::scope(|scope| {
        for _ in 0..threads {
            let (free, send) = (free.clone(), send.clone());
            let (source, check, stop) = (&source, &check, &stop);
            scope.spawn(move || {
                let work = || work(source, check, stop, &free, &send);
                if let Err(panic) = catch_unwind(AssertUnwindSafe(work)) {
                    let _ = send.send(Message::Panicked(panic));
                }
            });
        }
        // What a worker waits on ends with the consumer, and the other way round.
        drop((free, send));
        let mut counts = Counts::default();
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        let outcome = 'reading: {
            for message in messages {
                match message {
                    Message::Panicked(panic) => {
                        stop.store(true, Ordering::Relaxed);
                        drop(give);
                        resume_unwind(panic)
                    }
                    Message::Failed(number, error) => waiting.insert(number, Err(error)),
                    Message::Checked(number, slot, tally) => {
                        waiting.insert(number, Ok((slot, tally)))
                    }
                };
                while let Some(chunk) = waiting.remove(&next) {
                    next += 1;
                    let (mut slot, tally) = match chunk {
                        Ok(chunk) => chunk,
                        Err(error) => break 'reading Err(error.into()),
                    };
                    if hand_on(&mut counts, tally, &mut slot.output, &mut consume).is_break() {
                        break 'reading Ok(counts);
                    }
                    // Nobody takes it any more when the workers are done.
                    let _ = give.try_send(slot);
                }
            }
            Ok(counts)
        };
        stop.store(true, Ordering::Relaxed);
        drop(give);
        outcome
    })
}

/// The work of one thread: block after block, until there are none.
fn work<S: DataSource, T: Output>(
    source: &Mutex<(S, u64)>,
    check: &impl Fn(&Record<'_>, &mut T),
    stop: &AtomicBool,
    free: &crossbeam_channel::Receiver<Slot<S::Block, T>>,
    send: &crossbeam_channel::Sender<Message<S::Block, T>>,
) {
    // A poisoned source panicked while it was read: that worker says so.
    let Ok(mut rows) = source.lock().map(|it| it.0.rows()) else {
        return;
    };
    while let Ok(mut slot) = free.recv() {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let (number, filled) = {
            let Ok(mut source) = source.lock() else {
                return;
            };
            let filled = source.0.fill(&mut slot.block);
            source.1 += 1;
            (source.1 - 1, filled)
        };
        let message = match filled {
            Ok(false) => return,
            Ok(true) => {
                let Slot { block, output } = &mut slot;
                output.clear();
                let tally = rows.each(block, |record| check(record, output));
                Message::Checked(number, slot, tally)
            }
            Err(error) => {
                stop.store(true, Ordering::Relaxed);
                Message::Failed(number, error)
            }
        };
        if send.send(message).is_err() {
            return;
        }
    }
}
