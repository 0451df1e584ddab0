//! Buttons, and links that look like them.

use super::{Icon, IconView, non_empty};
use leptos::prelude::*;

/// The emphasis of a button. At most one `Primary` in a view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    Primary,
    #[default]
    Secondary,
    Quiet,
    Danger,
}

impl ButtonKind {
    /// Returns the classes of a button of this kind, for a control that is built by hand.
    pub const fn class(self, small: bool) -> &'static str {
        match (self, small) {
            (Self::Primary, false) => "button button-primary",
            (Self::Secondary, false) => "button button-secondary",
            (Self::Quiet, false) => "button button-quiet",
            (Self::Danger, false) => "button button-danger",
            (Self::Primary, true) => "button button-primary button-small",
            (Self::Secondary, true) => "button button-secondary button-small",
            (Self::Quiet, true) => "button button-quiet button-small",
            (Self::Danger, true) => "button button-danger button-small",
        }
    }
}

/// A button; submits its form unless `button_type` says otherwise. Without children it is the
/// icon alone and needs a `label`.
#[component]
pub fn Button(
    #[prop(optional)] kind: ButtonKind,
    #[prop(into, optional)] name: String,
    #[prop(into, optional)] value: String,
    #[prop(into, optional)] formaction: String,
    #[prop(optional)] small: bool,
    #[prop(optional)] icon: Option<Icon>,
    /// The text for screen readers, if the words are missing or too few.
    #[prop(into, optional)]
    label: String,
    #[prop(optional)] disabled: bool,
    #[prop(default = "submit")] button_type: &'static str,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let title = children.is_none().then(|| label.clone());
    view! {
        <button
            type=button_type
            class=kind.class(small)
            name=non_empty(name)
            value=non_empty(value)
            formaction=non_empty(formaction)
            disabled=disabled
            aria-label=non_empty(label)
            title=title
        >
            {icon.map(|icon| view! { <IconView icon /> })}
            {children.map(|children| view! { <span>{children()}</span> })}
        </button>
    }
}

/// A link that looks like a button: for going somewhere, never for doing something.
#[component]
pub fn LinkButton(
    #[prop(into)] href: String,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] small: bool,
    #[prop(optional)] icon: Option<Icon>,
    #[prop(into, optional)] label: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let title = children.is_none().then(|| label.clone());
    view! {
        <a href=href class=kind.class(small) aria-label=non_empty(label) title=title>
            {icon.map(|icon| view! { <IconView icon /> })}
            {children.map(|children| view! { <span>{children()}</span> })}
        </a>
    }
}
