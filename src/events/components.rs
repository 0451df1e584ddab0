//! Components that several pages of events show.

use super::delivery::DeliveryState;
use crate::i18n::t;
use crate::ui::{Badge, Command, TabLinks, Tone};
use leptos::prelude::*;

/// The events pages: path and label.
fn places() -> [(&'static str, &'static str); 4] {
    [
        ("/events", t!("events-outbox")),
        ("/webhooks", t!("events-webhooks")),
        ("/events/dead", t!("events-dead")),
        ("/webhooks/inbox", t!("events-inbox")),
    ]
}

/// Returns the command palette entries for staff.
pub fn staff_places() -> Vec<Command> {
    places()
        .map(|(href, label)| Command::new(label, href, t!("events-title")))
        .into()
}

#[component]
pub fn EventTabs(here: &'static str) -> impl IntoView {
    let items = places().map(|(href, label)| (href.to_owned(), label.to_owned(), href == here));
    view! { <TabLinks label=t!("events-tabs") items=items.into() /> }
}

/// An event's subject, linked to its page if it has one.
#[component]
pub fn Subject(subject: String) -> impl IntoView {
    let href = match subject.split_once('-') {
        Some(("order", number)) => Some(format!("/orders/{number}")),
        Some(("product", id)) => Some(format!("/products/{id}")),
        _ => None,
    };
    match href {
        Some(href) => view! {
            <a class="event-subject" href=href>
                {subject}
            </a>
        }
        .into_any(),
        None => view! { <span class="event-subject">{subject}</span> }.into_any(),
    }
}

#[component]
pub fn StateBadge(state: DeliveryState, #[prop(into, optional)] of: String) -> impl IntoView {
    let tone = match state {
        DeliveryState::Waiting => Tone::Info,
        DeliveryState::Done => Tone::Good,
        DeliveryState::Dead => Tone::Bad,
        DeliveryState::Discarded => Tone::Neutral,
    };
    let words = match of.as_str() {
        "" => state.label().to_owned(),
        of => t!("events-state-of", of = of, state = state.label()),
    };
    view! { <Badge tone>{words}</Badge> }
}

/// Collapsed JSON.
#[component]
pub fn Data(json: String, #[prop(into)] label: String) -> impl IntoView {
    let value: Option<serde_json::Value> = serde_json::from_str(&json).ok();
    let pretty = value.and_then(|value| serde_json::to_string_pretty(&value).ok());
    view! {
        <details class="event-data">
            <summary>{label}</summary>
            <pre>{pretty.unwrap_or(json)}</pre>
        </details>
    }
}
