//! The design system: what every page is made of.
//!
//! Server components, except for the islands that [`ThemeSwitch`], [`FlashMessage`] and [`Palette`]
//! use; those only speed up what a plain form, link or `<dialog>` does without them. Styles live in
//! `style/`, one stylesheet per part. The page `/ui` shows every part in every state.

mod alert;
mod breadcrumbs;
mod button;
mod dialog;
mod display;
mod forms;
mod frame;
mod gallery;
mod icon;
mod islands;
mod pagination;
mod tabs;
mod tone;

pub use alert::Alert;
pub use breadcrumbs::Breadcrumbs;
pub use button::{Button, ButtonKind, LinkButton};
pub use dialog::{ConfirmButton, Dialog, DialogButton, DialogClose};
pub use display::{
    Avatar, Badge, Card, Change, Empty, PagedTable, Price, Skeleton, Table, When, lang_of, moment,
};
pub use forms::{
    CheckField, Choice, Filters, Form, FormScope, HiddenField, Kept, NameFields, Originals,
    RadioField, Refusal, Refused, SelectField, TextArea, TextField, UnreadableFilters, is_stale,
    languages, merged, name_fields, typed_into,
};
pub use frame::{
    Command, ErrorPage, Fixed, Flash, FlashMessage, Frame, LeftOpen, Own, Palette, Person, Reader,
    Shortcuts, SiteHeader, Theme, ThemeSwitch, Undo, face_of, own, own_text,
};
pub use gallery::Gallery;
pub use icon::{Icon, IconView};
pub use islands::{PaletteKeys, ThemeSetter, ToastTimer, closest};
pub use pagination::Pager;
pub use tabs::TabLinks;
pub use tone::Tone;

use crate::i18n::{Language, current};

/// Returns the text; `None` if it is empty, since an attribute without a value is left out.
fn non_empty(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// The space between two sentences, of which Chinese has none.
pub fn gap() -> Option<&'static str> {
    (current() == Language::English).then_some(" ")
}

/// Turns a text into an `id`: letters and digits, the rest dashes. `/tasks/12/edit` is `tasks-12-edit`.
pub fn slug(text: &str) -> String {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}
