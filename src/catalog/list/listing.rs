//! The list of products as its page shows it.

use super::filter::{Fault, ProductFilter};
use crate::catalog::product::{Category, Product};
use crate::money::Currency;
use crate::server::PageOf;
use std::collections::HashMap;

/// All that the list shows.
pub struct Listing {
    pub filter: ProductFilter,
    pub currency: Currency,
    pub staff: bool,
    pub categories: Vec<Category>,
    /// How many products each category has under the other conditions, by its id.
    pub counts: HashMap<i64, i64>,
    pub page: PageOf<Product>,
    /// Whether this is not the first page.
    pub further: bool,
    /// What of the address makes no sense.
    pub faults: Vec<Fault>,
}

impl Listing {
    /// How many products there are under the whole filter.
    pub fn total(&self) -> i64 {
        let chosen = |category: &&Category| {
            self.filter.category.is_empty() || self.filter.category == category.slug
        };
        let counted = self.categories.iter().filter(chosen);
        counted.map(|category| self.count(category)).sum()
    }

    pub fn count(&self, category: &Category) -> i64 {
        self.counts.get(&category.id).copied().unwrap_or_default()
    }

    /// The address of this list with something else about it.
    pub fn href_with(&self, change: impl FnOnce(&mut ProductFilter)) -> String {
        let mut filter = self.filter.clone();
        change(&mut filter);
        filter.href(self.currency, None)
    }
}
