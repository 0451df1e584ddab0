//! Profiles of the heap, by the stack that asked for memory: what is in use, and all that was ever given out.
//!
//! Only with the feature `heap-profile`. Its allocator notes the stack of a sample of what it gives out, about one
//! for each half megabyte, and counts what is given back.

use crate::error::AppError;
use crate::server::App;
use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;
use jemalloc_pprof::PROF_CTL;
use mappings::MAPPINGS;
use pprof_util::parse_jeheap;
use std::io::Read;
use tikv_jemallocator::Jemalloc;
use tokio::task::spawn_blocking;

pub type Allocator = Jemalloc;
pub const ALLOCATOR: Allocator = Jemalloc;

pub fn router() -> Router<App> {
    Router::new()
        .route("/debug/pprof/heap", get(async || take(Part::InUse).await))
        .route("/debug/pprof/allocs", get(async || take(Part::Ever).await))
}

/// The part of what was given out that a profile shows.
#[derive(Clone, Copy, Debug)]
enum Part {
    InUse,
    Ever,
}

impl Part {
    /// The name of the figure, as Go's profiles have it.
    fn figure(self) -> &'static str {
        match self {
            Self::InUse => "inuse_space",
            Self::Ever => "alloc_space",
        }
    }

    fn file(self) -> &'static str {
        match self {
            Self::InUse => "attachment; filename=\"heap.pb.gz\"",
            Self::Ever => "attachment; filename=\"allocs.pb.gz\"",
        }
    }

    /// Takes its figures out of a line such as `t*: 3: 768 [10: 2560]`, the number and the bytes in use, and of all.
    /// Gives them as a line without brackets; `None` if there is nothing of it.
    fn of(self, line: &str) -> Option<String> {
        let (in_use, ever) = line.strip_prefix("t*:")?.split_once('[')?;
        let part = match self {
            Self::InUse => in_use,
            Self::Ever => ever.strip_suffix(']')?,
        };
        let (number, bytes) = part.split_once(':')?;
        let is_none = number.trim() == "0";
        (!is_none).then(|| format!("t*: {}: {} [0: 0]\n", number.trim(), bytes.trim()))
    }

    /// Returns the allocator's account with the figures of this part alone: its head, and each stack of which there
    /// is something. Whoever reads it takes the first pair of figures.
    fn alone(self, account: &str) -> String {
        let mut lines = account.lines();
        let mut alone = format!("{}\n", lines.next().unwrap_or_default());
        let mut stack = None;
        for line in lines.map(str::trim) {
            if line.starts_with('@') {
                stack = Some(line);
            } else if let Some(figures) = self.of(line)
                && let Some(stack) = stack.take()
            {
                alone.push_str(&format!("{stack}\n{figures}"));
            }
        }
        alone
    }
}

/// Answers with the profile, as `go tool pprof` reads it.
async fn take(part: Part) -> Result<impl IntoResponse, AppError> {
    let failed = |cause: String| {
        tracing::error!(error.cause = cause, "No profile of the heap could be taken");
        AppError::internal()
    };
    let Some(profiler) = PROF_CTL.as_ref() else {
        return Err(failed("opt.prof=false".to_owned()));
    };
    let mut profiler = profiler.clone().lock_owned().await;
    // It goes through a file, and looks names up in the symbols of the program.
    let profile = spawn_blocking(move || {
        let mut account = String::new();
        profiler.dump()?.read_to_string(&mut account)?;
        let profile = parse_jeheap(part.alone(&account).as_bytes(), MAPPINGS.as_deref())?;
        anyhow::Ok(profile.to_pprof((part.figure(), "bytes"), ("space", "bytes"), None))
    });
    let profile = profile.await.map_err(|error| failed(error.to_string()))?;
    let profile = profile.map_err(|error| failed(format!("{error:#}")))?;
    Ok((
        [
            (CONTENT_TYPE, "application/octet-stream"),
            (CONTENT_DISPOSITION, part.file()),
            (CACHE_CONTROL, "no-store"),
        ],
        profile,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: &str = "heap_v2/524288\n  t*: 4: 1024 [11: 2816]\n  t0: 4: 1024 [11: 2816]\n\
        @ 0x1 0x2\n  t*: 3: 768 [10: 2560]\n  t0: 3: 768 [10: 2560]\n@ 0x3\n  t*: 0: 0 [1: 256]\n\
        \nMAPPED_LIBRARIES:\n55a0-55b0 r--p 00000000 fe:00 1 /bin/guildhall\n";

    #[test]
    fn a_stack_counts_with_what_it_holds_or_with_all_that_it_asked_for() {
        assert_eq!(
            Part::InUse.alone(ACCOUNT),
            "heap_v2/524288\n@ 0x1 0x2\nt*: 3: 768 [0: 0]\n"
        );
        assert_eq!(
            Part::Ever.alone(ACCOUNT),
            "heap_v2/524288\n@ 0x1 0x2\nt*: 10: 2560 [0: 0]\n@ 0x3\nt*: 1: 256 [0: 0]\n"
        );
    }
}
