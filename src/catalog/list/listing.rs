//! The list of products as its page shows it.

use super::filter::{Fault, ProductFilter};
use crate::catalog::product::{Category, Product};
use crate::money::Currency;
use crate::server::PageOf;
use std::collections::HashMap;

/// The data of the list's page.
pub struct Listing {
    pub filter: ProductFilter,
    pub currency: Currency,
    pub staff: bool,
    pub categories: Vec<Category>,
    /// The number of products in each category under the other filters, by its id.
    pub counts: HashMap<i64, i64>,
    pub page: PageOf<Product>,
    /// True if this is not the first page.
    pub further: bool,
    /// The invalid parts of the URL.
    pub faults: Vec<Fault>,
}

impl Listing {
    /// Returns the number of products under the whole filter.
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

    /// Returns the URL of this list with `change` applied to its filter.
    pub fn href_with(&self, change: impl FnOnce(&mut ProductFilter)) -> String {
        let mut filter = self.filter.clone();
        change(&mut filter);
        filter.href(self.currency, None)
    }
}
