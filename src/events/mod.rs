//! What happened, told to others: each change worth telling is written to the outbox in the
//! transaction that made it, and goes out from there.

cfg_if::cfg_if! {
    if #[cfg(feature = "ssr")] {
        mod lag;
        mod outbox;

        pub use lag::outbox_lag;
        pub use outbox::{Happened, record, record_all};
    }
}
