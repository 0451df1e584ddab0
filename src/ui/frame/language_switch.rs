//! The switch between the languages of the pages.

use crate::i18n::{Language, current};
use crate::ui::forms::HiddenField;
use leptos::prelude::*;

/// A button for each language but the current one, in that language's own name: whoever looks for
/// it may be able to read no other. It POSTs `language` and `next` to `/language`.
#[component]
pub fn LanguageSwitch(
    /// The path and query of this page, to return to.
    #[prop(into)]
    next: String,
) -> impl IntoView {
    let others = Language::ALL
        .into_iter()
        .filter(|language| *language != current())
        .map(|language| {
            view! {
                <button
                    type="submit"
                    class="button button-quiet"
                    name="language"
                    value=language.as_str()
                    lang=language.as_str()
                >
                    {language.name()}
                </button>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <form class="language-switch" method="post" action="/language">
            <HiddenField name="next" value=next />
            {others}
        </form>
    }
}
