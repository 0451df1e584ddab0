//! Accounts: people, sessions, tokens, throttles, permissions.

pub mod passwords;
pub mod people;
pub mod refresh;
pub mod security_log;
pub mod session_races;
pub mod sessions;
pub mod throttle;
pub mod tokens;
pub mod who_may;
