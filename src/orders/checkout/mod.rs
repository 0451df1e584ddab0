//! The checkout: from a cart, or a customer's call, to a placed order.

mod bank;
mod countries;
mod fields;
mod for_customer_forms;
mod for_customer_page;
mod new_order;
mod numbers;
mod page;
mod place;
mod store;
mod thanks_page;

pub use bank::{BankAccount, HowToPay, transfer_until};
pub use countries::{address_line, country_name, country_options};
pub use fields::{read_address, read_seen};
pub use for_customer_forms::form_router;
pub use for_customer_page::NewOrderPage;
pub use new_order::{NewItem, NewOrder, Seen};
pub use numbers::Numbering;
pub use page::CheckoutPage;
pub use place::{place_order, place_within};
pub use thanks_page::{ThanksPage, number_of_page};
