//! gRPC: the services of the slices, on a listener of their own and behind the gates of the API.
//!
//! ```text
//! trace ─ language ─ deadline ─ panic ─┬─ health
//!                                      └─ who is it ─ how much ─ place ─ service
//! ```
//!
//! The gates answer in HTTP and the services in gRPC. Between them an answer of gRPC carries the status that it would
//! have in HTTP, so that logs, metrics and traces count refusals of both alike; what leaves is 200, as gRPC wants it.
//! [`status`] has the one table of both. A client is known by its access token alone: cookies are for browsers.
//!
//! `proto/` describes the services; whoever changes it runs `bin/proto`.

mod call;
mod router;
pub mod status;

pub use call::{Pace, key_of};
pub use router::rpc_router;

/// The code that `protoc` makes of `proto/`.
pub mod proto {
    #![allow(clippy::all, clippy::pedantic, clippy::unwrap_used)]

    /// Subjects of clinical studies: `proto/guildhall/trials/v1/subject.proto`.
    pub mod v1 {
        include!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/proto/generated/guildhall.trials.v1.rs"
        ));
    }

    /// Subjects as simpler clients ask for them: `proto/subject/subject.proto`.
    pub mod subject {
        include!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/proto/generated/subject.rs"
        ));
    }

    include!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/proto/generated/descriptors.rs"
    ));
}
