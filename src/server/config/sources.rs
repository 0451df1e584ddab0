//! The sources of the configuration: `Leptos.toml`, the process's environment, and the file `.env`.

use super::Config;
use anyhow::{Context, Result, bail};
use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The sources, read at the start and again at each reload.
#[derive(Clone)]
pub struct Sources {
    file: PathBuf,
    /// Without the file every setting has its default. One that was there must not be missing later.
    has_file: bool,
    /// The variables that the process was started with, which count before those of `.env`.
    given: HashMap<String, String>,
}

impl Sources {
    /// Notes the environment, into which nothing from `.env` may have been put yet.
    pub fn of_process(file: &Path) -> Self {
        let text = |(name, value): (OsString, OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self {
            file: file.to_owned(),
            has_file: file.exists(),
            given: std::env::vars_os().filter_map(text).collect(),
        }
    }

    /// Reads both files anew.
    pub fn read(&self) -> Result<Config> {
        let name = self.file.display().to_string();
        let text = match self.has_file || self.file.exists() {
            true => std::fs::read_to_string(&self.file)
                .with_context(|| format!("cannot read {name}"))?,
            false => String::new(),
        };
        let beside = dotenv()?;
        Config::from_sources(&text, &name, |name| {
            self.given.get(name).or_else(|| beside.get(name)).cloned()
        })
    }
}

/// Reads `.env`; a missing one is the same as an empty one. The error does not quote the line, which may hold a
/// secret.
fn dotenv() -> Result<HashMap<String, String>> {
    let variables = dotenvy::dotenv_iter().and_then(Iterator::collect);
    variables.or_else(|error| match error {
        dotenvy::Error::LineParse(line, _) => {
            let name = line
                .split(|c: char| c != '_' && !c.is_alphanumeric())
                .next();
            bail!(
                "cannot read .env: there is a mistake in the line of {:?}",
                name.unwrap_or_default()
            )
        }
        error if error.not_found() => Ok(HashMap::new()),
        error => Err(error).context("cannot read .env"),
    })
}
