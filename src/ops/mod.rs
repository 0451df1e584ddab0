//! How the service is: for load balancers now, for the console later.

cfg_if::cfg_if! {
    if #[cfg(feature = "ssr")] {
        pub mod health;
    }
}
