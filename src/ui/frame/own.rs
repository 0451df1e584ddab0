//! The parts of a page that are somebody's own. In a page that is kept for many readers they are left open.

use leptos::prelude::*;
use leptos::tachys::html::InertElement;

/// A part of a page that is somebody's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    Name,
    Email,
    /// The avatar on the account's button.
    Face,
    Cart,
    /// The key of the page's form, another one each time the page is shown.
    Key,
}

impl Own {
    pub const ALL: [Self; 5] = [Self::Name, Self::Email, Self::Face, Self::Cart, Self::Key];

    /// The mark that stands for the part where it is left open: a character for private use.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Name => "\u{E001}",
            Self::Email => "\u{E002}",
            Self::Face => "\u{E003}",
            Self::Cart => "\u{E004}",
            Self::Key => "\u{E005}",
        }
    }
}

/// Provided while a page is rendered that is to be kept for many readers.
#[derive(Clone, Copy, Debug)]
pub struct LeftOpen;

/// Renders the part, or its mark where it is left open.
pub fn own<V: IntoView>(part: Own, make: impl FnOnce() -> V) -> AnyView {
    match use_context::<LeftOpen>() {
        Some(LeftOpen) => InertElement::new(part.mark()).into_any(),
        None => make().into_any(),
    }
}

/// Returns the text, or its mark where it is left open.
pub fn own_text(part: Own, make: impl FnOnce() -> String) -> String {
    match use_context::<LeftOpen>() {
        Some(LeftOpen) => part.mark().to_owned(),
        None => make(),
    }
}
