//! The section of clinical studies.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct TrialsConfig {
    /// The secret that the key for subjects' names is derived from.
    pub name_key: String,
}
