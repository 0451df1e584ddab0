//! The frame around every page: header, palette, theme, toasts.

mod error_page;
mod fixed;
mod language_switch;
mod page_frame;
mod palette;
mod site_header;
mod theme;
mod toast;

pub use error_page::ErrorPage;
pub use fixed::Fixed;
pub use page_frame::Frame;
pub use palette::{Command, Palette, Shortcuts};
pub use site_header::{Person, Reader, SiteHeader};
pub use theme::{Theme, ThemeSwitch};
pub use toast::{Flash, FlashMessage, Undo};
