//! One product: making it, changing it, its pages and forms.

mod add_form;
mod bulk;
mod change;
mod conflict_page;
mod create;
mod edit_page;
mod known;
mod new_page;
mod read;
mod store;
mod text_fields;
mod types;

pub use add_form::{AddRefused, AddToCart, QuickAdd};
pub use bulk::{SeededProduct, create_products};
pub use change::{ProductChange, find_changed_product, update_product};
pub use create::{NewProduct, create_product};
pub use edit_page::EditProductPage;
pub use known::KnownKeys;
pub use new_page::NewProductPage;
pub use read::{find_visible_product, read_product, read_visible_product};
pub(crate) use store::product_query;
pub use store::{
    PRODUCT, ProductRow, create_picture, delete_unused_picture, find_picture, find_product,
    is_slug_taken, list_categories, list_products_by_id, name_key, next_product_id, note_currency,
    set_picture,
};
pub use text_fields::missing_texts;
pub use types::{Category, PICTURE_SIZES, Picture, Product, ProductKey, StockLevel};
