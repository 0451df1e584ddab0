//! Components shared by the pages of imports.

use super::report::{Import, ImportStatus};
use crate::i18n::t;
use crate::ui::{Badge, Tone};
use leptos::prelude::*;

/// Returns the name of the file; an import that was given none is called by its number.
pub fn file_name(import: &Import) -> String {
    match import.file_name.is_empty() {
        true => t!("trials-import-called", number = import.id),
        false => import.file_name.clone(),
    }
}

#[component]
pub fn ImportBadge(status: ImportStatus) -> impl IntoView {
    let (tone, label) = match status {
        ImportStatus::Done => (Tone::Good, t!("trials-import-stored")),
        ImportStatus::Stopped => (Tone::Bad, t!("trials-import-stopped")),
        ImportStatus::Reverted => (Tone::Neutral, t!("trials-import-reverted")),
    };
    view! { <Badge tone>{label}</Badge> }
}
