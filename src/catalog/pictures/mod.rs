//! Pictures of products: taken in, made smaller, kept, given out.

mod forms;
mod keep;
mod pixels;
#[cfg(test)]
mod tests_of_files;

pub use forms::form_router;
pub use keep::{PictureWorkshop, read_picture};
