//! The sections `[events]`, `[mail]` and `[webhooks]`.

use crate::events::{Source, check_mail, check_secret};
use anyhow::{Result, anyhow, ensure};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct EventsConfig {
    pub keep_days: i64,
}

/// The way mail is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// One file per message, in a folder.
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
    pub most_per_day: i64,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct WebhooksConfig {
    pub allow_private: bool,
    pub payments_secret: String,
    pub inventory_secret: String,
    pub shipping_secret: String,
    pub risk_secret: String,
}

impl WebhooksConfig {
    /// Returns the secret that signs messages from this source; empty if they are not set up.
    pub fn secret(&self, source: Source) -> &str {
        match source {
            Source::Payments => &self.payments_secret,
            Source::Inventory => &self.inventory_secret,
            Source::Shipping => &self.shipping_secret,
            Source::Risk => &self.risk_secret,
        }
    }

    pub(super) fn check(&self) -> Result<()> {
        for source in Source::ALL {
            let secret = self.secret(source);
            if !secret.is_empty() {
                let named = |fault| anyhow!("webhooks.{source}_secret: {fault}");
                check_secret(secret).map_err(named)?;
            }
        }
        Ok(())
    }
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
            most_per_day: 50,
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
        ensure!(
            (1..=100_000).contains(&self.most_per_day),
            "mail.most_per_day must be 1 to 100000"
        );
        check_mail(self).map_err(|fault| anyhow!(fault))
    }
}
