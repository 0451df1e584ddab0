//! The log's filter, which can be replaced while the program runs.
//!
//! It lasts until the program ends, and is this server's alone. Of other crates no more than `info` can be
//! asked for in this way: their details may hold headers and addresses. Security events stay, whatever it is.

use std::sync::{Mutex, OnceLock, PoisonError};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::reload::Handle;

/// The targets whose details are known to hold no secret: ours, and statements without their values.
const OPEN: [&str; 2] = ["guildhall", "sqlx"];

const SECURITY_EVENTS: &str = "guildhall::server::security_log=info";

/// The reason why a filter is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    Unreadable,
    /// It asks for details of a crate that is not ours.
    TooMuch,
    /// The program's log was not started by [`install`].
    NoLog,
}

struct Control {
    text: Mutex<String>,
    put: Box<dyn Fn(EnvFilter) -> bool + Send + Sync>,
}

static CONTROL: OnceLock<Control> = OnceLock::new();

/// Makes the filter of the program's log replaceable.
pub fn install<S: 'static>(text: &str, handle: Handle<EnvFilter, S>) {
    let control = Control {
        text: Mutex::new(text.to_owned()),
        put: Box::new(move |filter| handle.reload(filter).is_ok()),
    };
    // A program starts its log once.
    let _ = CONTROL.set(control);
}

/// Returns the present filter.
pub fn find() -> Option<String> {
    let control = CONTROL.get()?;
    let text = control.text.lock().unwrap_or_else(PoisonError::into_inner);
    Some(text.clone())
}

/// Puts another filter in place, and returns the one before.
pub fn replace(text: &str) -> Result<String, Refused> {
    let filter = read(text)?;
    put(text, filter).ok_or(Refused::NoLog)
}

/// Puts the operator's own filter in place, which may ask for anything, and returns the one before; `None` if
/// the program's log was not started by [`install`].
pub fn put(text: &str, filter: EnvFilter) -> Option<String> {
    let control = CONTROL.get()?;
    let mut present = control.text.lock().unwrap_or_else(PoisonError::into_inner);
    (control.put)(filter).then(|| std::mem::replace(&mut *present, text.to_owned()))
}

/// Reads levels by target: `info,guildhall=debug,sqlx=warn`.
fn read(text: &str) -> Result<EnvFilter, Refused> {
    let targets: Targets = text.parse().map_err(|_| Refused::Unreadable)?;
    if text.trim().is_empty() {
        return Err(Refused::Unreadable);
    }
    let is_open = |target: &str| {
        let name = target.split("::").next().unwrap_or_default();
        OPEN.contains(&name)
    };
    let of_others = targets.iter().filter(|(target, _)| !is_open(target));
    let levels = of_others
        .map(|(_, level)| level)
        .chain(targets.default_level());
    if levels.into_iter().any(|level| level > LevelFilter::INFO) {
        return Err(Refused::TooMuch);
    }
    EnvFilter::try_new(format!("{text},{SECURITY_EVENTS}")).map_err(|_| Refused::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_of_our_own_crates_alone() {
        for fine in [
            "info",
            "warn,guildhall=debug",
            "off",
            "info,guildhall::orders=trace,sqlx=debug",
            "error,hyper=info",
        ] {
            assert!(read(fine).is_ok(), "{fine}");
        }
        for (refused, why) in [
            ("", Refused::Unreadable),
            ("info,guildhall=loud", Refused::Unreadable),
            ("debug", Refused::TooMuch),
            ("trace,guildhall=info", Refused::TooMuch),
            ("info,hyper=trace", Refused::TooMuch),
            ("info,guildhallish=debug", Refused::TooMuch),
        ] {
            assert_eq!(read(refused).map(drop), Err(why), "{refused}");
        }
    }

    #[test]
    fn security_events_cannot_be_switched_off() {
        for text in ["off", "error,guildhall::server::security_log=off"] {
            let filter = read(text).expect("a filter").to_string();
            assert!(filter.contains(SECURITY_EVENTS), "{filter}");
        }
    }
}
