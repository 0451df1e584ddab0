//! The allocator without profiles of the heap, and no address for them.

use crate::server::App;
use axum::Router;
use mimalloc::MiMalloc;

/// Rendering a page takes thousands of small allocations, at which this one is quicker than the system's.
pub type Allocator = MiMalloc;
pub const ALLOCATOR: Allocator = MiMalloc;

pub fn router() -> Router<App> {
    Router::new()
}
