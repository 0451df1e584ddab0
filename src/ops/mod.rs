//! Operations: health for load balancers, and the console for the people who run the service.

mod api;
pub mod islands;
mod meters;

pub use api::read_meters;
pub use meters::{Meter, Meters};

cfg_if::cfg_if! {
    if #[cfg(feature = "ssr")] {
        mod conservation;
        mod conservation_page;
        mod currencies;
        mod duel;
        mod duel_client;
        mod gauge;
        pub mod health;
        mod log_filter;
        pub mod metrics;
        pub mod profiling;
        mod report;
        pub mod rest;
        mod rpc_health;
        mod store;

        pub use conservation::Conservation;
        pub use conservation_page::{ConservationPage, staff_places};
        pub use currencies::{find_other_currencies, say_other_currencies};
        pub use duel::{Duel, play};
        pub use gauge::Gauge;
        pub use rpc_health::service as health_service;
        pub use store::OtherCurrency;
    }
}
