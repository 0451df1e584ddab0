//! The fields of a form whose names are not known in advance.

use crate::error::AppError;
use crate::i18n::t;

/// The fields of a form whose names are not known in advance: a row for each line of an order.
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
    /// Returns the text of the field; empty if it was not sent.
    pub fn text(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, value)| value)
    }

    /// Reads the field as a whole number.
    pub fn number(&self, name: &str) -> Result<i64, AppError> {
        self.text(name).parse().map_err(|error| {
            let cause = format!("{name}: {error}");
            AppError::unreadable(t!("server-form-unreadable", cause = cause))
        })
    }

    /// Returns true if the field was sent at all, as a ticked box is.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(field, _)| field == name)
    }

    /// Returns the fields whose names begin with `prefix`, keyed by the rest of the name.
    pub fn beginning<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let named = self.0.iter();
        named.filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.as_str())))
    }
}
