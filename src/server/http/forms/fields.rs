//! The fields of a form whose names are not known before.

use crate::error::AppError;
use crate::i18n::t;

/// The fields of a form whose names are not known before: a row for each line of an order.
pub struct Fields(Vec<(String, String)>);

impl<'de> serde::Deserialize<'de> for Fields {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self)
    }
}

impl From<Vec<(String, String)>> for Fields {
    fn from(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }
}

impl Fields {
    /// What stands in the field; nothing where it was not sent.
    pub fn text(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, value)| value)
    }

    /// The whole number in the field.
    pub fn number(&self, name: &str) -> Result<i64, AppError> {
        self.text(name).parse().map_err(|error| {
            let cause = format!("{name}: {error}");
            AppError::unreadable(t!("server-form-unreadable", cause = cause))
        })
    }

    /// Whether it was sent at all, as a box that is ticked is.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(field, _)| field == name)
    }

    /// The fields whose names begin with `prefix`, by what comes after it.
    pub fn beginning<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let named = self.0.iter();
        named.filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.as_str())))
    }
}
