//! Islands of the design system: listeners around markup that the server made.
//!
//! Nothing here renders text or lists, which keeps the download small.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use std::time::Duration;
use web_sys::js_sys::JsString;
use web_sys::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlDocument, HtmlElement, HtmlInputElement};

/// The time a message stays when nobody pays attention to it.
const TOAST: Duration = Duration::from_secs(8);

/// Makes the theme buttons inside it change the page in place.
#[island]
pub fn ThemeSetter(children: Children) -> impl IntoView {
    let choose = |event: ev::MouseEvent| {
        if let Some(button) = closest(event.target(), "button") {
            event.prevent_default();
            set_theme(&button);
        }
    };
    view! {
        <span class="theme-buttons" on:click=choose>
            {children()}
        </span>
    }
}

fn set_theme(button: &Element) -> Option<()> {
    let theme = button.get_attribute("value")?;
    let document: HtmlDocument = document().dyn_into().ok()?;
    let root = document.document_element()?;
    let secure = match location().protocol().as_deref() {
        Ok("https:") => "; secure",
        _ => "",
    };
    let cookie = format!("theme={theme}; path=/; max-age=31536000; samesite=lax{secure}");
    document.set_cookie(&cookie).ok()?;
    root.set_attribute("data-theme", &theme).ok()?;
    let buttons = all(&button.parent_element()?, "button");
    for other in &buttons {
        let pressed = other.get_attribute("value").as_ref() == Some(&theme);
        other
            .set_attribute("aria-pressed", &pressed.to_string())
            .ok()?;
    }
    // On narrow screens the pressed button is replaced by the next: the focus moves with it.
    if !is_shown(button) {
        focus(buttons.iter().find(|other| is_shown(other))?);
    }
    Some(())
}

/// Hides the toast around it after a while, unless it `stays`, or at once by its close button.
#[island]
pub fn ToastTimer(
    stays: bool,
    /// The label of the close button.
    #[prop(into)]
    dismiss: String,
    children: Children,
) -> impl IntoView {
    let body = NodeRef::<html::Div>::new();
    Effect::new(move || {
        if let Some(body) = body.get().filter(|_| !stays) {
            hide_later(body.into());
        }
    });
    let close = move |_| {
        if let Some(body) = body.get_untracked() {
            hide(&body);
        }
    };
    view! {
        <div class="toast-body" node_ref=body>
            {children()}
            <button type="button" class="toast-close" aria-label=dismiss on:click=close>
                "×"
            </button>
        </div>
    }
}

fn hide_later(body: Element) {
    let later = move || match body.matches(":hover, :focus-within") {
        Ok(true) => hide_later(body),
        _ => hide(&body),
    };
    set_timeout(later, TOAST);
}

fn hide(body: &Element) {
    if let Ok(Some(toast)) = body.closest(".toast") {
        toast.set_attribute("hidden", "").ok();
    }
}

/// The keyboard shortcuts: Ctrl or Cmd with K opens the palette around it, `/` focuses the search
/// field, `?` shows the shortcuts, unless single-key shortcuts are off. In the palette, typing
/// filters, arrows move, Enter goes.
#[island]
pub fn PaletteKeys(children: Children) -> impl IntoView {
    let body = NodeRef::<html::Div>::new();
    Effect::new(|| {
        window_event_listener(ev::keydown, |event| {
            shortcut(&event);
        });
    });
    let filter = move |event: ev::Event| {
        let field = event.target().and_then(|target| target.dyn_into().ok());
        if let (Some(field), Some(body)) = (field, body.get_untracked()) {
            filter_items(&body, &field);
        }
    };
    let travel = move |event: ev::KeyboardEvent| {
        if let Some(body) = body.get_untracked() {
            travel_items(&body, &event);
        }
    };
    view! {
        <div class="palette-body" node_ref=body on:input=filter on:keydown=travel>
            {children()}
        </div>
    }
}

fn shortcut(event: &ev::KeyboardEvent) -> Option<()> {
    let typing = "input, textarea, select, [contenteditable]";
    let busy = closest(event.target(), typing).is_some()
        || document().query_selector("dialog[open]").ok()?.is_some();
    if busy || event.alt_key() {
        return None;
    }
    let key = event.key();
    let with_control = event.ctrl_key() || event.meta_key();
    match (key.as_str(), with_control) {
        ("k", true) => open("palette")?,
        ("?" | "/", false) if !single_keys() => return None,
        ("?", false) => open("shortcuts")?,
        ("/", false) => focus(&document().query_selector(".site-search input").ok()??),
        _ => return None,
    }
    event.prevent_default();
    Some(())
}

/// Returns true if single-key shortcuts are on: the server writes the choice into the page.
fn single_keys() -> bool {
    let root = document().document_element();
    root.and_then(|root| root.get_attribute("data-single-keys"))
        .is_none_or(|chosen| chosen != "off")
}

fn open(id: &str) -> Option<()> {
    let dialog: HtmlDialogElement = document().get_element_by_id(id)?.dyn_into().ok()?;
    dialog.show_modal().ok()?;
    if let Some(field) = dialog.query_selector("input").ok()? {
        field.dyn_into::<HtmlInputElement>().ok()?.select();
    }
    Some(())
}

fn filter_items(body: &Element, field: &HtmlInputElement) {
    // Lower-cased by the browser: Rust's own way adds the tables of all alphabets to the download.
    let lower = |text: String| JsString::from(text).to_lower_case();
    let wanted = String::from(lower(field.value()).trim());
    for item in all(body, "li") {
        let text = lower(item.text_content().unwrap_or_default());
        item.toggle_attribute_with_force("hidden", !text.includes(&wanted, 0))
            .ok();
    }
}

fn travel_items(body: &Element, event: &ev::KeyboardEvent) -> Option<()> {
    let links = all(body, "li:not([hidden]) a");
    let active = document().active_element();
    let here = links.iter().position(|link| active.as_ref() == Some(link));
    match (event.key().as_str(), here) {
        ("ArrowDown", here) => focus(links.get(here.map_or(0, |here| here + 1))?),
        ("ArrowUp", Some(0)) => focus(&body.query_selector("input").ok()??),
        ("ArrowUp", Some(here)) => focus(links.get(here - 1)?),
        ("Enter", None) => links.first()?.dyn_ref::<HtmlElement>()?.click(),
        _ => return None,
    }
    event.prevent_default();
    Some(())
}

fn all(within: &Element, selector: &str) -> Vec<Element> {
    let Ok(found) = within.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|index| found.item(index)?.dyn_into().ok())
        .collect()
}

/// Returns the event's target, or its nearest ancestor that matches the selector.
pub fn closest(target: Option<web_sys::EventTarget>, selector: &str) -> Option<Element> {
    let element: Element = target?.dyn_into().ok()?;
    element.closest(selector).ok()?
}

fn is_shown(element: &Element) -> bool {
    let element = element.dyn_ref::<HtmlElement>();
    element.is_some_and(|element| element.offset_parent().is_some())
}

fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        element.focus().ok();
    }
}
