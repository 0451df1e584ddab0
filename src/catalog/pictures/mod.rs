//! Pictures of products: uploaded, scaled down, stored, served.

#[cfg(test)]
mod file_tests;
mod forms;
mod keep;
mod pixels;

pub use forms::form_router;
pub use keep::{PictureWorkshop, read_picture};
