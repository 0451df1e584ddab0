//! Events by a broker (NATS with `JetStream`), where one is named. The database stays the truth.
//!
//! 1. Dispatching is as without: deliveries and lanes are written to the database (`delivery/dispatch.rs`). The
//!    event is marked as unpublished in the same transaction.
//! 2. One server at a time (`publish.rs`) sends unpublished events to the stream `GUILDHALL`, under
//!    `guildhall.<topic>` and with their id as `Nats-Msg-Id`, waits for the acknowledgements, and marks them. Of
//!    events about one subject the next is sent when the one before it was acknowledged.
//! 3. Mail, the board and each webhook have a durable consumer on the stream, which all servers pull from
//!    (`consume.rs`). An event says only that its lane has something due: the lane is leased and delivered from
//!    just as without a broker, and the event acknowledged once its delivery is settled. A failed one comes back
//!    when its lane is due again; one that was given up is a dead letter.
//! 4. Deliveries that are overdue by `[nats] fallback_seconds` are made from the database, and at once while the
//!    broker is away (`delivery/deliver.rs`).
//!
//! So an event that the broker loses or brings twice changes nothing: the delivery's row says whether it is still
//! to be made, and the lease of its lane who makes it. If the stream is gone it is made again, and what was not
//! delivered yet is published once more (`watch.rs`).

mod consume;
mod message;
mod publish;
mod store;
mod stream;
mod watch;

pub use store::mark_unpublished;
pub use watch::start_broker;
