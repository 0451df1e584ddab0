//! The command palette and keyboard shortcuts.

use super::fixed::Fixed;
use crate::i18n::t;
use crate::ui::forms::HiddenField;
use crate::ui::{Button, Dialog, Icon, IconView, PaletteKeys};
use leptos::prelude::*;

/// A place the palette leads to.
#[derive(Clone, Debug)]
pub struct Command {
    pub label: String,
    pub href: String,
    /// The kind of place, in a word or two.
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

/// A dialog for reaching any place by a few letters of its name. Ctrl or Cmd with K opens it.
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
        <dialog id="palette" class="dialog palette" aria-label=t!("ui-go-to") closedby="any">
            <PaletteKeys>
                <div class="palette-field">
                    <IconView icon=Icon::Search />
                    <input
                        type="text"
                        aria-label=t!("ui-go-to")
                        placeholder=t!("ui-go-to-field")
                        autocomplete="off"
                        autofocus
                    />
                </div>
                <ul class="palette-list">{items}</ul>
                <p class="palette-none">{t!("ui-go-to-none")}</p>
            </PaletteKeys>
        </dialog>
    }
}

/// The dialog that lists the keys, opened by `?` and by a button in the footer.
///
/// Single-key shortcuts get in the way of people who use speech input or hit keys by chance, so
/// they can be switched off here (WCAG 2.1.4).
#[component]
pub fn Shortcuts(
    /// True if `/` and `?` are on.
    single_keys: bool,
    /// The path and query of this page, to return to.
    #[prop(into)]
    next: String,
) -> impl IntoView {
    static DIALOG: Fixed<bool> = Fixed::new();
    DIALOG.around(single_keys, &next, |next| {
        view! {
            <Dialog id="shortcuts" title=t!("ui-shortcuts")>
                {keys(single_keys)} <SingleKeysSwitch single_keys next />
            </Dialog>
        }
    })
}

fn keys(single_keys: bool) -> impl IntoView {
    let keys = [
        ("Ctrl K", t!("ui-key-palette")),
        ("/", t!("ui-key-search")),
        ("?", t!("ui-key-help")),
        ("Esc", t!("ui-key-escape")),
    ];
    let rows = keys
        .into_iter()
        .map(|(key, does)| {
            let off = !single_keys && matches!(key, "/" | "?");
            let keys = key
                .split(' ')
                .map(|key| view! { <kbd>{key}</kbd> })
                .collect::<Vec<_>>();
            view! {
                <div class=off.then_some("is-off")>
                    <dt>{keys}</dt>
                    <dd>{does} {off.then_some(t!("ui-key-off"))}</dd>
                </div>
            }
        })
        .collect::<Vec<_>>();
    view! { <dl class="shortcuts">{rows}</dl> }
}

/// A form that POSTs `single_keys` and `next` to `/shortcuts`.
#[component]
fn SingleKeysSwitch(single_keys: bool, next: &'static str) -> impl IntoView {
    let (says, value, does) = if single_keys {
        (
            t!("ui-single-keys-are-on"),
            "off",
            t!("ui-single-keys-switch-off"),
        )
    } else {
        (
            t!("ui-single-keys-are-off"),
            "on",
            t!("ui-single-keys-switch-on"),
        )
    };
    view! {
        <form class="shortcuts-switch" method="post" action="/shortcuts">
            <HiddenField name="next" value=next />
            <HiddenField name="single_keys" value=value />
            <p>{says}</p>
            <Button small=true>{does}</Button>
        </form>
    }
}
