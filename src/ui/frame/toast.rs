//! Toasts: the outcome of the last action, shown once on the page that follows it.

use crate::i18n::t;
use crate::ui::{Button, ButtonKind, IconView, ToastTimer, Tone};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A message that one request leaves for the next page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    pub tone: Tone,
    pub text: String,
    pub undo: Option<Undo>,
}

/// An undo: a POST to `action`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    pub action: String,
    pub label: String,
}

impl Flash {
    /// Creates a success message.
    pub fn good(text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Good,
            text: text.into(),
            undo: None,
        }
    }

    /// Adds an undo.
    #[must_use]
    pub fn with_undo(self, action: impl Into<String>, label: impl Into<String>) -> Self {
        let (action, label) = (action.into(), label.into());
        Self {
            undo: Some(Undo { action, label }),
            ..self
        }
    }
}

/// The message in a corner of the page. It disappears by itself once the browser can time it, but
/// not while somebody points at it or tabs through it; without script it stays, and so does one
/// with an undo, which nobody has to be quick for. The page reserves room for it below.
#[component]
pub fn FlashMessage(flash: Flash) -> impl IntoView {
    let stays = flash.undo.is_some();
    let undo = flash.undo.map(|Undo { action, label }| {
        view! {
            <form method="post" action=action>
                <Button kind=ButtonKind::Secondary small=true>
                    {label}
                </Button>
            </form>
        }
    });
    view! {
        <div class=format!("toast toast-{}", flash.tone.as_str()) role="status">
            <ToastTimer stays dismiss=t!("ui-dismiss")>
                <IconView icon=flash.tone.icon() />
                <p class="toast-text">{flash.text}</p>
                {undo}
            </ToastTimer>
        </div>
    }
}
