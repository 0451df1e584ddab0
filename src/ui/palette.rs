//! Getting about by keyboard.

use super::{Dialog, Icon, IconView, PaletteKeys};
use leptos::prelude::*;

/// A place the palette leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    pub label: String,
    pub href: String,
    /// What kind of place it is, in a word or two.
    pub hint: String,
}

impl Command {
    pub fn new(label: impl Into<String>, href: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: href.into(),
            hint: hint.into(),
        }
    }
}

/// A dialog that leads to any place by a few letters of its name. Ctrl or Cmd with K opens it.
#[component]
pub fn Palette(commands: Vec<Command>) -> impl IntoView {
    let items = commands
        .into_iter()
        .map(|command| {
            view! {
                <li>
                    <a href=command.href>
                        <span>{command.label}</span>
                        <span class="palette-hint">{command.hint}</span>
                    </a>
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <dialog id="palette" class="dialog palette" aria-label="Go to" closedby="any">
            <PaletteKeys>
                <div class="palette-field">
                    <IconView icon=Icon::Search />
                    <input
                        type="text"
                        aria-label="Go to"
                        placeholder="Go to…"
                        autocomplete="off"
                        autofocus
                    />
                </div>
                <ul class="palette-list">{items}</ul>
                <p class="palette-none">"Nothing by that name."</p>
            </PaletteKeys>
        </dialog>
    }
}

/// The dialog that lists the keys. `?` opens it, and a button in the footer.
#[component]
pub fn Shortcuts() -> impl IntoView {
    let keys = [
        ("Ctrl K", "Go to any page (⌘ K on a Mac)"),
        ("/", "Search the shop"),
        ("?", "Show these shortcuts"),
        ("Esc", "Close what is open"),
    ];
    let rows = keys
        .into_iter()
        .map(|(key, does)| {
            let keys = key
                .split(' ')
                .map(|key| view! { <kbd>{key}</kbd> })
                .collect::<Vec<_>>();
            view! {
                <div>
                    <dt>{keys}</dt>
                    <dd>{does}</dd>
                </div>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <Dialog id="shortcuts" title="Keyboard shortcuts">
            <dl class="shortcuts">{rows}</dl>
        </Dialog>
    }
}
