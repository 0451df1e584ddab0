//! Forms and their fields.

mod choice;
mod field;
mod filters;
mod form;
mod name_fields;
mod refused;

pub use choice::{CheckField, Choice, RadioField, SelectField};
pub use field::{TextArea, TextField};
pub use filters::{Filters, UnreadableFilters};
pub use form::{
    Form, FormScope, HiddenField, Kept, Originals, Refusal, is_stale, merged, typed_into,
};
pub use name_fields::{NameFields, languages, name_fields};
pub use refused::Refused;
