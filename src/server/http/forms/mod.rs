//! Forms: posted values, refusals, and the fields of several languages.

mod fields;
mod posted;
mod translations;

pub use fields::Fields;
pub use posted::{
    Again, DROP_PAGES, DROP_PREFETCHED, FLASH_COOKIE, Posted, SingleKeysForm, ThemeForm, Typed,
    again, done, form, form_below, form_two_below, is_about_the_input, keep_typed, next_or,
    page_of, remember, same_site_referer, say_also, set_single_keys, set_theme, with_typed,
};
pub use translations::{SentTranslations, check_sent, multilingual, sent_translations, translate};
