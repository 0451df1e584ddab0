//! Pictures of products: taken in, made smaller, kept, given out.

#[cfg(test)]
mod file_tests;
mod forms;
mod keep;
mod pixels;

pub use forms::form_router;
pub use keep::{PictureWorkshop, read_picture};
