//! Themes: light, dark, or as the system says.

use crate::i18n::t;
use crate::ui::forms::HiddenField;
use crate::ui::{Icon, IconView, ThemeSetter};
use crate::words::words;
use leptos::prelude::*;

words!(
    /// The theme a person chose. The server reads it from the cookie `theme` and puts it on
    /// `<html data-theme>`, so that the first paint is already right.
    #[derive(Default, PartialOrd, Ord)]
    pub enum Theme {
        #[default]
        Auto = "auto",
        Light = "light",
        Dark = "dark",
    }
);

impl Theme {
    fn label(self) -> &'static str {
        match self {
            Self::Auto => t!("ui-theme-auto"),
            Self::Light => t!("ui-theme-light"),
            Self::Dark => t!("ui-theme-dark"),
        }
    }

    const fn icon(self) -> Icon {
        match self {
            Self::Auto => Icon::Monitor,
            Self::Light => Icon::Sun,
            Self::Dark => Icon::Moon,
        }
    }
}

/// Three buttons that POST `theme` and `next` to `/theme`; once hydrated, they change the page in place.
#[component]
pub fn ThemeSwitch(
    theme: Theme,
    /// The path and query of this page, to return to.
    #[prop(into, optional)]
    next: String,
) -> impl IntoView {
    let buttons = Theme::ALL
        .map(|choice| {
            let pressed = if choice == theme { "true" } else { "false" };
            view! {
                <button
                    type="submit"
                    name="theme"
                    value=choice.as_str()
                    aria-label=choice.label()
                    title=choice.label()
                    aria-pressed=pressed
                >
                    <IconView icon=choice.icon() />
                </button>
            }
        })
        .into_iter()
        .collect::<Vec<_>>();
    view! {
        <form class="theme-switch" method="post" action="/theme">
            <HiddenField name="next" value=next />
            <ThemeSetter>{buttons}</ThemeSetter>
        </form>
    }
}
