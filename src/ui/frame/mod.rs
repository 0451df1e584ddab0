//! The frame around every page: header, palette, theme, toasts.

mod error_page;
mod fixed;
mod language_switch;
mod own;
mod page_frame;
mod palette;
mod site_header;
mod theme;
mod toast;

pub use error_page::ErrorPage;
pub use fixed::Fixed;
pub use own::{LeftOpen, Own, own, own_text};
pub use page_frame::Frame;
pub use palette::{Command, Palette, Shortcuts};
pub use site_header::{Person, Reader, SiteHeader, face_of};
pub use theme::{Theme, ThemeSwitch};
pub use toast::{Flash, FlashMessage, Undo};
