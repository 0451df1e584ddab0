//! Order lists: filters, saved views, and a customer's own orders.

mod filter;
mod my_page;
mod page;
mod query;
mod saved_view_forms;
mod saved_views;
mod saved_views_section;
mod view_store;

pub use filter::OrderFilter;
pub use my_page::MyOrdersPage;
pub use page::{AllOrdersPage, staff_places};
pub use query::list_found;
pub use saved_view_forms::form_router;
