//! Dialogs that the browser opens and closes by itself.
//!
//! Without script there are three ways to do so, and each browser takes the first that it knows:
//! `commandfor` opens a modal dialog, `popovertarget` opens the same element above the page, and a link
//! to the dialog's own address (`#id`) shows it by `:target`. The link is seen only by browsers that
//! know neither of the others (`style/dialog.css`).

use super::forms::HiddenField;
use super::{Button, ButtonKind, Icon, IconView, non_empty, slug};
use crate::i18n::t;
use leptos::prelude::*;

/// An address that names nothing on the page: following it closes a dialog opened by its address.
const NOTHING_OPEN: &str = "#closed";

/// A native modal dialog. [`DialogButton`] opens it; Escape, its cross and a click beside it close it.
#[component]
pub fn Dialog(
    #[prop(into)] id: String,
    #[prop(into)] title: String,
    #[prop(into, optional)] class: String,
    children: Children,
) -> impl IntoView {
    let (target, heading) = (id.clone(), format!("{id}-title"));
    let labelled_by = heading.clone();
    view! {
        <dialog
            id=id
            class=format!("dialog {class}")
            aria-labelledby=labelled_by
            closedby="any"
            popover="auto"
        >
            <div class="dialog-head">
                <h2 class="dialog-title" id=heading>
                    {title}
                </h2>
                <DialogClose target kind=ButtonKind::Quiet small=true label=t!("ui-close")>
                    <IconView icon=Icon::Close />
                </DialogClose>
            </div>
            <div class="dialog-body">{children()}</div>
        </dialog>
    }
}

/// Closes the [`Dialog`] with the id `target` and does nothing else.
#[component]
pub fn DialogClose(
    #[prop(into)] target: String,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] small: bool,
    /// The text for screen readers, if the button has no words.
    #[prop(into, optional)]
    label: String,
    /// True if the dialog opens with the focus here.
    #[prop(optional)]
    autofocus: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let class = kind.class(small);
    view! {
        <button
            type="button"
            class=format!("{class} dialog-control")
            commandfor=target.clone()
            command="close"
            popovertarget=target
            popovertargetaction="hide"
            aria-label=non_empty(label.clone())
            autofocus=autofocus
        >
            {children()}
        </button>
        <a class=format!("{class} dialog-link") href=NOTHING_OPEN aria-label=non_empty(label)>
            {children()}
        </a>
    }
}

/// Opens the [`Dialog`] with the id `target`, without any script.
#[component]
pub fn DialogButton(
    #[prop(into)] target: String,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] small: bool,
    #[prop(optional)] icon: Option<Icon>,
    children: ChildrenFn,
) -> impl IntoView {
    let class = kind.class(small);
    let content = move || {
        view! {
            {icon.map(|icon| view! { <IconView icon /> })}
            <span>{children()}</span>
        }
    };
    view! {
        <button
            type="button"
            class=format!("{class} dialog-control")
            commandfor=target.clone()
            command="show-modal"
            popovertarget=target.clone()
            popovertargetaction="show"
            aria-haspopup="dialog"
        >
            {content()}
        </button>
        <a class=format!("{class} dialog-link") href=format!("#{target}")>
            {content()}
        </a>
    }
}

/// A button that asks for confirmation, and the dialog it opens, which holds the POST form.
#[component]
pub fn ConfirmButton(
    #[prop(into)] action: String,
    /// The text of the button that asks.
    #[prop(into)]
    label: String,
    /// The question.
    #[prop(into)]
    title: String,
    /// The consequences, and whether they can be undone.
    #[prop(into)]
    message: String,
    /// The text of the button that acts; a verb.
    #[prop(into)]
    confirm_label: String,
    #[prop(default = ButtonKind::Danger)] kind: ButtonKind,
    /// The names and values of the hidden fields.
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
            {label.clone()}
        </DialogButton>
        <Dialog id=id.clone() title>
            <form method="post" action=action>
                {fields}
                <p>{message}</p>
                <div class="dialog-actions">
                    <DialogClose target=id autofocus=true>{t!("ui-cancel")}</DialogClose>
                    <Button kind>{confirm_label}</Button>
                </div>
            </form>
        </Dialog>
    }
}
