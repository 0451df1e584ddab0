//! Islands of the catalogue.

use super::{Suggestion, suggest_products};
use crate::ui::{Icon, IconView};
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use web_sys::wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, Url};

/// The pause in typing before suggestions are requested.
const PAUSE: Duration = Duration::from_millis(150);

/// The search field, with suggestions below it while typing. Before hydration it is a plain GET form.
#[island]
pub fn SearchSuggestions(
    query: String,
    /// The label of the field.
    #[prop(into)]
    label: String,
    /// The label of the list of suggestions.
    #[prop(into)]
    suggestions: String,
) -> impl IntoView {
    let found = RwSignal::new(Vec::<Suggestion>::new());
    let chosen = RwSignal::new(None::<usize>);
    // Counts inputs, so that a late response is not shown.
    let asked = StoredValue::new(0_u32);
    let close = move || {
        asked.update_value(|count| *count += 1);
        found.set(Vec::new());
        chosen.set(None);
    };
    let ask = move |event: ev::Event| {
        let text = event_target_value(&event);
        asked.update_value(|count| *count += 1);
        let mine = asked.get_value();
        let is_last = move || asked.try_get_value() == Some(mine);
        let later = move || {
            if is_last() {
                spawn_local(async move {
                    let answer = suggest_products(text).await.unwrap_or_default();
                    if is_last() {
                        chosen.set(None);
                        found.set(answer);
                    }
                });
            }
        };
        set_timeout(later, PAUSE);
    };
    let travel = move |event: ev::KeyboardEvent| {
        let last = found.with_untracked(Vec::len);
        match (event.key().as_str(), chosen.get_untracked()) {
            ("ArrowDown", here) if last > 0 => {
                chosen.set(here.map_or(Some(0), |here| Some(here + 1).filter(|next| *next < last)));
            }
            ("ArrowUp", here) if last > 0 => {
                chosen.set(here.map_or(Some(last - 1), |here| here.checked_sub(1)));
            }
            ("Enter", Some(here)) => go(here),
            ("Escape", _) if last > 0 => close(),
            _ => return,
        }
        event.prevent_default();
    };
    let open = move || found.with(|found| !found.is_empty());
    view! {
        <form class="search-form" role="search" method="get" action="/products">
            <IconView icon=Icon::Search />
            <input
                type="search"
                name="q"
                value=query
                role="combobox"
                aria-label=label.clone()
                aria-autocomplete="list"
                aria-controls="suggestions"
                aria-expanded=move || open().to_string()
                aria-activedescendant=move || chosen.get().map(option_id)
                placeholder=label
                autocomplete="off"
                on:input=ask
                on:keydown=travel
                on:blur=move |_| close()
            />
            <ul
                class="suggestions"
                id="suggestions"
                role="listbox"
                aria-label=suggestions
                hidden=move || !open()
                // A press on a suggestion must not take the focus first, which would close the list.
                on:mousedown=|event| event.prevent_default()
            >
                {move || {
                    found.get().into_iter().enumerate().map(|(index, it)| option(index, it, chosen)).collect_view()
                }}
            </ul>
        </form>
    }
}

fn option(index: usize, it: Suggestion, chosen: RwSignal<Option<usize>>) -> impl IntoView {
    view! {
        <li role="none">
            <a
                id=option_id(index)
                role="option"
                tabindex="-1"
                href=format!("/products/{}", it.slug)
                aria-selected=move || (chosen.get() == Some(index)).to_string()
            >
                <span class="suggestion-name">{it.name}</span>
                <span class="price">{it.price}</span>
            </a>
        </li>
    }
}

fn option_id(index: usize) -> String {
    format!("suggestion-{index}")
}

fn go(index: usize) {
    let link = document().get_element_by_id(&option_id(index));
    if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
        link.click();
    }
}

/// The field for choosing a picture; once hydrated, it shows the chosen one before upload.
#[island]
pub fn PicturePreview(
    id: String,
    /// The URL of the current picture; empty if there is none.
    present: String,
    describedby: Option<String>,
    /// The instruction shown in the field.
    #[prop(into)]
    words: String,
) -> impl IntoView {
    let image = NodeRef::<html::Img>::new();
    let show = move |event: ev::Event| {
        let field: Option<HtmlInputElement> = event.target().and_then(|it| it.dyn_into().ok());
        let file = field.and_then(|field| field.files()?.get(0));
        let url = file.and_then(|file| Url::create_object_url_with_blob(&file).ok());
        if let (Some(url), Some(image)) = (url, image.get_untracked()) {
            image.set_src(&url);
            image.set_hidden(false);
        }
    };
    view! {
        <label class="picture-input">
            <img node_ref=image alt="" hidden=present.is_empty() src=(!present.is_empty()).then_some(present) />
            <span>{words}</span>
            <input
                type="file"
                id=id
                name="picture"
                accept="image/png,image/jpeg,image/webp"
                required=true
                aria-describedby=describedby
                on:change=show
            />
        </label>
    }
}
