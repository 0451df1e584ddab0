//! Vital signs: readings of subjects, the ranges in which a study expects them, and their charts.

mod body;
mod chart;
mod correct;
mod fields;
mod form_router;
mod list;
mod measure;
mod ranges;
mod reading;
mod reading_page;
mod record;
mod rest;
mod section;
pub(super) mod store;
mod table;

pub use body::ReadingBody;
pub use correct::{ReadingChange, correct_reading, strike_out_reading};
pub use form_router::form_router;
pub use list::{
    ReadingsPage, Unusual, UnusualFigures, api_router as study_api_router, read_unusual,
};
pub use measure::{Measure, Range};
pub use ranges::{RangeFields, Ranges, read_ranges, save_ranges, typed_ranges};
pub use reading::{MEASURES, NewReading, Reading, values_text};
pub use reading_page::ReadingPage;
pub use record::record_reading;
pub use rest::api_router;
pub use section::{Shown, VitalSigns, read_vital_signs};
pub use table::value_cells;
