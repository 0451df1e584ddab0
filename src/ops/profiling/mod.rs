//! `/debug/pprof`: profiles of the processor, and the requests and jobs under way, while the server runs.
//!
//! It is beside the metrics, on their listener, and off unless `[telemetry] profiling` asks for it. The stack is
//! walked by frame pointers, which is safe in a signal handler; walking it by DWARF has crashed servers.

mod flamegraph;
mod in_progress;
mod protobuf;
mod routes;
mod sample;

cfg_if::cfg_if! {
    if #[cfg(feature = "heap-profile")] {
        mod heap;

        pub use heap::{ALLOCATOR, Allocator};
        use heap::router as heap_router;
    } else {
        mod no_heap;

        pub use no_heap::{ALLOCATOR, Allocator};
        use no_heap::router as heap_router;
    }
}

pub use routes::router;
