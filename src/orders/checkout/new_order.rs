//! The request for a new order, and its validation without the database.

use super::countries::country_name;
use crate::catalog::check_quantity;
use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::orders::{Address, Delivery, Payment};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The maximum number of products in one order.
pub const MOST_LINES: usize = 100;

/// A request for a new order.
#[derive(Clone, Debug, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrder {
    /// The items to order; if absent, those in the cart.
    #[serde(default, deserialize_with = "crate::server::some_objects")]
    #[schema(min_items = 1, max_items = 100)]
    pub items: Option<Vec<NewItem>>,
    #[serde(deserialize_with = "crate::server::object")]
    pub address: Address,
    /// `standard` or `express`.
    #[schema(value_type = Delivery)]
    pub delivery: String,
    /// `wallet` or `invoice`.
    #[schema(value_type = Payment)]
    pub payment: String,
    /// The cart lines shown to the customer, by product, if known better than from the cart itself.
    #[serde(skip)]
    pub seen: Option<BTreeMap<i64, Seen>>,
}

/// A cart line as the customer saw it before ordering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// In minor units.
    pub price: i64,
    /// `None` if it was not given.
    pub quantity: Option<i64>,
}

#[derive(Clone, Debug, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewItem {
    pub product_id: i64,
    /// 1 to 999.
    #[schema(minimum = 1, maximum = 999)]
    pub quantity: i64,
    /// The unit price you saw, in minor units. If it is given and the price has changed, the order is refused
    /// with the difference (3402).
    pub price: Option<i64>,
}

/// The quantity wanted of one product, and the unit price that was seen.
pub struct Wanted {
    pub quantity: i64,
    pub seen: Option<i64>,
}

/// An order request that passed the checks that need no database.
pub struct Checked {
    /// The items by product; `None` to order the cart.
    pub items: Option<BTreeMap<i64, Wanted>>,
    pub address: Address,
    pub delivery: Delivery,
    pub payment: Payment,
}

impl NewOrder {
    pub fn check(&self) -> Result<Checked, AppError> {
        let mut faults = Faults::default();
        let items = self.items.as_ref().map(|items| gather(&mut faults, items));
        let delivery = faults.check("delivery", self.delivery.parse());
        let payment = faults.check("payment", self.payment.parse());
        let address = self.address.check("address.").and_then(known_country);
        let mut result = faults.finish();
        let Err(wrong) = &address else {
            result?;
            let (Some(delivery), Some(payment), Ok(address)) = (delivery, payment, address) else {
                return Err(AppError::internal());
            };
            return Ok(Checked {
                items,
                address,
                delivery,
                payment,
            });
        };
        if let Err(error) = &mut result {
            error.errors.extend(wrong.errors.clone());
        }
        result?;
        Err(wrong.clone())
    }
}

fn known_country(address: Address) -> Result<Address, AppError> {
    if country_name(&address.country).is_some() {
        return Ok(address);
    }
    let message = t!("orders-address-country-unknown");
    Err(AppError::invalid("address.country", message))
}

/// Collects the items by product; quantities of the same product are added up.
fn gather(faults: &mut Faults, items: &[NewItem]) -> BTreeMap<i64, Wanted> {
    let mut wanted = BTreeMap::<i64, Wanted>::new();
    for item in items {
        let known = wanted.entry(item.product_id).or_insert(Wanted {
            quantity: 0,
            seen: item.price,
        });
        known.quantity = known.quantity.saturating_add(item.quantity.max(0));
        faults.check("items", check_quantity(item.quantity));
        faults.check("items", check_quantity(known.quantity));
    }
    if wanted.is_empty() || wanted.len() > MOST_LINES {
        let message = t!("orders-too-many-products", most = MOST_LINES);
        faults.check("items", Err::<(), _>(message));
    }
    wanted
}
