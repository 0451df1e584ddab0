//! The configuration of a running server, which a reload replaces.

use super::Config;
use arc_swap::ArcSwap;
use std::ops::Deref;

/// Dereferences to the latest configuration, so that whoever reads a setting when it is needed has the one that
/// counts.
///
/// One that was replaced is never freed: who still reads it has a plain reference, and each request reads a dozen
/// settings. That is a few kilobytes for each reload that changed something.
pub struct LiveConfig(ArcSwap<&'static Config>);

impl LiveConfig {
    pub fn new(config: Config) -> Self {
        Self(ArcSwap::from_pointee(leaked(config)))
    }

    pub fn replace(&self, config: Config) {
        self.0.store(leaked(config).into());
    }
}

fn leaked(config: Config) -> &'static Config {
    Box::leak(Box::new(config))
}

impl Deref for LiveConfig {
    type Target = Config;

    fn deref(&self) -> &Config {
        **self.0.load()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_counts_and_a_reference_to_the_one_before_stays_good() {
        let config = |fee| {
            let mut config = Config::default();
            config.orders.standard_fee = fee;
            config
        };
        let live = LiveConfig::new(config(1));
        let before: &Config = &live;
        live.replace(config(2));
        let fees = [before, &live].map(|config| config.orders.standard_fee);
        assert_eq!(fees, [1, 2]);
    }
}
