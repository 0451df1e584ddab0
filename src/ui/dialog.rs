//! Dialogs that the browser opens and closes by itself.

use super::{Button, ButtonKind, HiddenField, Icon, IconView, slug};
use leptos::prelude::*;

/// A native modal dialog. [`DialogButton`] opens it; Escape, its cross and a click beside it close it.
#[component]
pub fn Dialog(
    #[prop(into)] id: String,
    #[prop(into)] title: String,
    #[prop(into, optional)] class: String,
    children: Children,
) -> impl IntoView {
    let heading = format!("{id}-title");
    view! {
        <dialog
            id=id
            class=format!("dialog {class}")
            aria-labelledby=heading
            closedby="any"
        >
            <div class="dialog-head">
                <h2 class="dialog-title" id=heading.clone()>
                    {title}
                </h2>
                <CloseButton target=id.clone() />
            </div>
            <div class="dialog-body">{children()}</div>
        </dialog>
    }
}

#[component]
fn CloseButton(target: String) -> impl IntoView {
    view! {
        <button
            type="button"
            class=ButtonKind::Quiet.class(true)
            commandfor=target
            command="close"
            aria-label="Close"
        >
            <IconView icon=Icon::Close />
        </button>
    }
}

/// Opens the [`Dialog`] with the id `target`, without any script.
#[component]
pub fn DialogButton(
    #[prop(into)] target: String,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] small: bool,
    #[prop(optional)] icon: Option<Icon>,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class=kind.class(small)
            commandfor=target
            command="show-modal"
            aria-haspopup="dialog"
        >
            {icon.map(|icon| view! { <IconView icon /> })}
            <span>{children()}</span>
        </button>
    }
}

/// Asks before it does something: a button, and the dialog it opens, which holds the POST form.
#[component]
pub fn ConfirmButton(
    #[prop(into)] action: String,
    /// On the button that asks.
    #[prop(into)]
    label: String,
    /// The question.
    #[prop(into)]
    title: String,
    /// What will happen, and whether it can be undone.
    #[prop(into)]
    message: String,
    /// On the button that acts; a verb.
    #[prop(into)]
    confirm_label: String,
    #[prop(default = ButtonKind::Danger)] kind: ButtonKind,
    /// Names and values sent along.
    #[prop(optional)]
    hidden: Vec<(String, String)>,
    #[prop(optional)] small: bool,
    #[prop(optional)] icon: Option<Icon>,
) -> impl IntoView {
    let values: String = hidden
        .iter()
        .map(|(_, value)| format!("-{value}"))
        .collect();
    let id = format!("confirm-{}", slug(&format!("{action}{values}")));
    let fields = hidden
        .into_iter()
        .map(|(name, value)| view! { <HiddenField name value /> })
        .collect::<Vec<_>>();
    let opener = if kind == ButtonKind::Primary {
        kind
    } else {
        ButtonKind::Secondary
    };
    view! {
        <DialogButton target=id.clone() kind=opener small icon=icon.unwrap_or(Icon::Trash)>
            {label}
        </DialogButton>
        <Dialog id=id.clone() title>
            <form method="post" action=action>
                {fields}
                <p>{message}</p>
                <div class="dialog-actions">
                    <button
                        type="button"
                        class=ButtonKind::Secondary.class(false)
                        commandfor=id
                        command="close"
                        autofocus=true
                    >
                        "Cancel"
                    </button>
                    <Button kind>{confirm_label}</Button>
                </div>
            </form>
        </Dialog>
    }
}
