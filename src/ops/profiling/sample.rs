//! Takes a profile: samples of all threads that are busy.

use crate::error::AppError;
use crate::i18n::t;
use pprof::{ProfilerGuardBuilder, Report};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

/// Samples a second of processor time. No round number, so that it does not keep step with what is periodic.
const FREQUENCY: i32 = 99;

/// A profile: stacks, and how often each was seen.
pub struct Profile {
    pub stacks: Vec<Stack>,
    /// Nanoseconds since 1970.
    pub began: i64,
    pub lasted: Duration,
}

/// A stack that was seen while a thread was busy.
pub struct Stack {
    pub thread: String,
    /// From the outermost function to the one that ran.
    pub functions: Vec<Function>,
    pub samples: i64,
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Function {
    pub name: String,
    pub file: String,
    pub line: i64,
}

impl Profile {
    /// Returns the processor time that a sample stands for, in nanoseconds.
    pub const fn period() -> i64 {
        1_000_000_000 / FREQUENCY as i64
    }
}

/// Takes a profile of this length. There is one at a time: all threads share one timer.
pub async fn take(length: Duration) -> Result<Profile, AppError> {
    static TAKING: Mutex<()> = Mutex::const_new(());
    let Ok(_alone) = TAKING.try_lock() else {
        return Err(AppError::unavailable(t!("ops-profile-busy")));
    };
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let began = since.map_or(0, |since| {
        i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
    });
    let failed = |error: pprof::Error| {
        tracing::error!(error.cause = %error, "No profile could be taken");
        AppError::internal()
    };
    let guard = ProfilerGuardBuilder::default()
        .frequency(FREQUENCY)
        .build()
        .map_err(failed)?;
    tokio::time::sleep(length).await;
    // Names are looked up in the symbols of the program, which takes a while.
    let resolved = spawn_blocking(move || guard.report().build().map(|report| stacks(&report)));
    let stacks = resolved.await.map_err(|_| AppError::internal())?;
    Ok(Profile {
        stacks: stacks.map_err(failed)?,
        began,
        lasted: length,
    })
}

fn stacks(report: &Report) -> Vec<Stack> {
    let stacks = report.data.iter().map(|(frames, samples)| {
        let functions = frames.frames.iter().rev().flat_map(|inlined| {
            inlined.iter().rev().map(|symbol| Function {
                name: symbol.name(),
                file: symbol.filename().into_owned(),
                line: symbol.lineno().into(),
            })
        });
        Stack {
            thread: frames.thread_name_or_id(),
            functions: functions.collect(),
            samples: i64::try_from(*samples).unwrap_or_default(),
        }
    });
    stacks.collect()
}
