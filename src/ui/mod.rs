//! The design system: what every page is made of.
//!
//! Server components, but for the islands [`ThemeSwitch`], [`FlashMessage`] and [`Palette`] lean on;
//! those only make quicker what a plain form, link or `<dialog>` does without them. Looks live in
//! `style/`, one stylesheet per part. The page `/ui` shows every part in every state.

mod alert;
mod avatar;
mod badge;
mod breadcrumbs;
mod button;
mod card;
mod choice;
mod dialog;
mod empty;
mod error_page;
mod field;
mod filters;
mod fixed;
mod form;
mod frame;
mod gallery;
mod gallery_basics;
mod gallery_forms;
mod icon;
mod islands;
mod lang;
mod money;
mod number;
mod pagination;
mod palette;
mod refused;
mod site_header;
mod skeleton;
mod table;
mod tabs;
mod theme;
mod toast;
mod tone;
mod when;

pub use alert::Alert;
pub use avatar::Avatar;
pub use badge::Badge;
pub use breadcrumbs::Breadcrumbs;
pub use button::{Button, ButtonKind, LinkButton};
pub use card::Card;
pub use choice::{CheckField, Choice, HiddenField, RadioField, SelectField};
pub use dialog::{ConfirmButton, Dialog, DialogButton, DialogClose};
pub use empty::Empty;
pub use error_page::ErrorPage;
pub use field::{TextArea, TextField};
pub use filters::{Filters, UnreadableFilters};
pub use fixed::Fixed;
pub use form::{Form, FormScope, Kept, Originals, Refusal, is_stale, merged, typed_into};
pub use frame::Frame;
pub use gallery::Gallery;
pub use icon::{Icon, IconView};
pub use islands::{PaletteKeys, ThemeSetter, ToastTimer, closest};
pub use lang::lang_of;
pub use money::Price;
pub use number::Change;
pub use pagination::Pager;
pub use palette::{Command, Palette, Shortcuts};
pub use refused::Refused;
pub use site_header::{Person, SiteHeader};
pub use skeleton::Skeleton;
pub use table::Table;
pub use tabs::TabLinks;
pub use theme::{Theme, ThemeSwitch};
pub use toast::{Flash, FlashMessage, Undo};
pub use tone::Tone;
pub use when::{When, moment};

/// The text, or nothing where it is empty: an attribute without a value is left out.
fn given(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// What may stand in an `id`: letters and digits, the rest dashes. `/tasks/12/edit` is `tasks-12-edit`.
pub fn slug(text: &str) -> String {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}
