//! The categories: their pages, forms and API.

mod forms;
mod manage;
mod page;
mod rest;
mod store;

pub use forms::form_router;
pub use manage::chosen_category;
pub use page::{CategoriesPage, NewCategoryForm};
pub use rest::api_router;
