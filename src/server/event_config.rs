//! How what happens is told: the sections `[events]`, `[mail]` and `[webhooks]`.

use crate::events::check_mail;
use anyhow::{Result, anyhow, ensure};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct EventsConfig {
    pub keep_days: i64,
}

/// How mail leaves the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// A file each, in a folder.
    File,
    Smtp,
    None,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct MailConfig {
    pub transport: Transport,
    pub folder: String,
    pub smtp_url: String,
    pub from: String,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct WebhooksConfig {
    pub allow_private: bool,
}

impl Default for EventsConfig {
    fn default() -> Self {
        Self { keep_days: 30 }
    }
}

impl Default for MailConfig {
    fn default() -> Self {
        Self {
            transport: Transport::File,
            folder: "data/mail".to_owned(),
            smtp_url: String::new(),
            from: "Guildhall <shop@guildhall.example>".to_owned(),
        }
    }
}

impl EventsConfig {
    pub(super) fn check(&self) -> Result<()> {
        ensure!(
            (1..=3_650).contains(&self.keep_days),
            "events.keep_days must be 1 to 3650"
        );
        Ok(())
    }
}

impl MailConfig {
    pub(super) fn check(&self) -> Result<()> {
        check_mail(self).map_err(|fault| anyhow!(fault))
    }
}
