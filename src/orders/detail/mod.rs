//! The pages of one order: as it is now, as it stood after any of its events, and as a packing list.

mod as_of;
mod components;
mod packing_page;
mod page;
mod store;
mod timeline;
mod view;
mod wording;

pub use components::{
    AddressFields, AddressView, DeliveryTotals, FlaggedBadge, LinesTable, StatusBadge, duration,
};
pub use packing_page::{PackingListPage, PackingListsPage};
pub use page::OrderPage;
pub use store::find_last_address;
pub use view::OrderView;
pub use wording::{first_items, what_next};
