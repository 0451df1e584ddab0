//! Components shared by the pages of subjects.

use crate::i18n::t;
use crate::trials::components::Options;
use crate::trials::{Arm, Sex, Site, SubjectStatus};

/// Returns the sexes to choose from.
pub fn sex_options() -> Options {
    let sexes = Sex::ALL.map(|sex| (sex.to_string(), sex.label().to_owned()));
    sexes.into()
}

/// Returns the arms to choose from, and that none is chosen yet.
pub fn arm_options(arms: &[Arm]) -> Options {
    let mut options = vec![(String::new(), t!("trials-arm-none").to_owned())];
    options.extend(arms.iter().map(|arm| (arm.name.clone(), arm.name.clone())));
    options
}

/// Returns the sites to choose from, by code.
pub fn site_options(sites: &[Site]) -> Options {
    let sites = sites.iter().map(|site| (site.code.clone(), site.label()));
    sites.collect()
}

/// Returns the states to filter by, and that any will do.
pub fn status_options() -> Options {
    let mut options = vec![(String::new(), t!("trials-any").to_owned())];
    options
        .extend(SubjectStatus::ALL.map(|status| (status.to_string(), status.label().to_owned())));
    options
}
