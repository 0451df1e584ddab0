//! A profile of the heap: the memory that is in use, by the stack that asked for it.
//!
//! Only with the feature `heap-profile`. Its allocator notes the stack of a sample of what it gives out, about one
//! for each half megabyte, and forgets it when that is given back.

use crate::error::AppError;
use crate::server::App;
use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;
use jemalloc_pprof::PROF_CTL;
use tikv_jemallocator::Jemalloc;
use tokio::task::spawn_blocking;

pub type Allocator = Jemalloc;
pub const ALLOCATOR: Allocator = Jemalloc;

pub fn router() -> Router<App> {
    Router::new().route("/debug/pprof/heap", get(heap))
}

/// Answers with the profile, as `go tool pprof` reads it.
async fn heap() -> Result<impl IntoResponse, AppError> {
    let failed = |cause: String| {
        tracing::error!(error.cause = cause, "No profile of the heap could be taken");
        AppError::internal()
    };
    let Some(profiler) = PROF_CTL.as_ref() else {
        return Err(failed("opt.prof=false".to_owned()));
    };
    let mut profiler = profiler.clone().lock_owned().await;
    // It goes through a file, and looks names up in the symbols of the program.
    let dump = spawn_blocking(move || profiler.dump_pprof());
    let dump = dump.await.map_err(|error| failed(error.to_string()))?;
    let profile = dump.map_err(|error| failed(format!("{error:#}")))?;
    Ok((
        [
            (CONTENT_TYPE, "application/octet-stream"),
            (CONTENT_DISPOSITION, "attachment; filename=\"heap.pb.gz\""),
            (CACHE_CONTROL, "no-store"),
        ],
        profile,
    ))
}
