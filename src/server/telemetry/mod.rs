//! Telemetry: the server's measurements of itself, as `docs/telemetry.md` lists them.
//!
//! Frequent events are counted in handles that are made once; the rest (pools, the process, figures of the
//! business) is read when somebody asks for the metrics.

mod broker;
mod figures;
mod handles;
pub mod log_filter;
mod metrics;
mod pools;
mod process;
mod readings;
mod requests;
pub mod slow_statements;
mod statement;
pub mod traces;
mod under_way;
mod waiting;

pub use broker::{Backlog, BrokerMeters};
pub use figures::Figures;
pub use handles::{Connections, Hits, Place, Refusals};
pub use metrics::Metrics;
pub use requests::{InFlight, Route};
pub use under_way::{UnderWay, list as list_under_way, watch};
pub use waiting::Waiting;
