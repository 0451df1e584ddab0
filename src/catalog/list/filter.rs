//! The filters and sort order of a list of products, as its URL gives them.

use crate::error::AppError;
use crate::i18n::{Language, current, t};
use crate::money::{Currency, Money};
use crate::words::words;

/// The maximum length of a search text, which is cut there, and of a category, which is cut one
/// past the longest slug: both are part of cache keys.
pub const LONGEST_SEARCH: usize = 200;
pub const LONGEST_SLUG: usize = 81;

/// The maximum number of characters read of a price: no amount is that long.
const LONGEST_PRICE: usize = 40;

words!(
    /// The order of a list.
    pub enum Sort {
        /// The best match first; without a search, the newest.
        Relevance = "relevance",
        Newest = "newest",
        PriceUp = "price_up",
        PriceDown = "price_down",
        Name = "name",
    }

    fn unknown(_: &str) -> String {
        let known = Self::ALL.map(Self::as_str).join(", ");
        t!("catalog-choose-one", known = known)
    }
);

impl Sort {
    pub fn label(self) -> &'static str {
        match self {
            Self::Relevance => t!("catalog-sort-relevance"),
            Self::Newest => t!("catalog-sort-newest"),
            Self::PriceUp => t!("catalog-sort-price-up"),
            Self::PriceDown => t!("catalog-sort-price-down"),
            Self::Name => t!("catalog-sort-name"),
        }
    }
}

words!(
    /// The sale state of the products listed. Only staff may ask for any that are not for sale.
    #[derive(Default)]
    pub enum State {
        #[default]
        Active = "",
        Inactive = "inactive",
        All = "all",
    }
);

impl State {
    pub fn label(self) -> &'static str {
        match self {
            Self::Active => t!("catalog-state-active"),
            Self::Inactive => t!("catalog-not-for-sale"),
            Self::All => t!("catalog-state-all"),
        }
    }
}

/// The filter of a list. Everything in it is in the list's URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ProductFilter {
    /// The search text, as typed.
    pub text: String,
    /// A category's slug.
    pub category: String,
    /// In minor units, like all prices here.
    pub min_price: Option<i64>,
    pub max_price: Option<i64>,
    pub in_stock: bool,
    pub state: State,
    /// The order requested; see [`ProductFilter::order`].
    pub sort: Option<Sort>,
    /// The language whose names a list by name is sorted by; if `None`, the names as first entered.
    pub language: Option<Language>,
}

/// A page's filter, and the invalid parts of its URL.
pub type FromAddress = (ProductFilter, Vec<Fault>);

/// A field of the filter with an invalid value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub field: &'static str,
    /// The value as typed, so that it can be corrected.
    pub typed: String,
    pub message: String,
}

impl ProductFilter {
    /// Returns the order the list is in: relevance means nothing without a search.
    pub fn order(&self) -> Sort {
        match self.sort {
            Some(Sort::Relevance) | None if self.text.trim().is_empty() => Sort::Newest,
            sort => sort.unwrap_or(Sort::Relevance),
        }
    }

    /// Reads a page's URL, with `value` returning each parameter. Prices in it are as people write
    /// them. Invalid values are left out, with a message about each.
    pub fn from_address(
        value: impl Fn(&str) -> Option<String>,
        currency: Currency,
        staff: bool,
    ) -> FromAddress {
        let text = |name: &str| value(name).unwrap_or_default().trim().to_owned();
        let mut faults = Vec::new();
        let mut price = |field: &'static str, left_out: fn(String) -> String| {
            let typed = text(field).chars().take(LONGEST_PRICE).collect::<String>();
            if typed.is_empty() {
                return None;
            }
            match Money::parse(&typed, currency) {
                Ok(money) => Some(money.minor),
                Err(fault) => {
                    let message = left_out(fault);
                    faults.push(Fault {
                        field,
                        typed,
                        message,
                    });
                    None
                }
            }
        };
        let (min_price, max_price) = (
            price("min_price", |fault| {
                t!("catalog-lowest-left-out", fault = fault)
            }),
            price("max_price", |fault| {
                t!("catalog-highest-left-out", fault = fault)
            }),
        );
        if min_price > max_price && max_price.is_some() {
            faults.push(Fault {
                field: "min_price",
                typed: text("min_price"),
                message: t!("catalog-prices-crossed").to_owned(),
            });
        }
        let state = State::from_word(&text("state")).filter(|_| staff);
        let filter = Self {
            text: text("q").chars().take(LONGEST_SEARCH).collect(),
            category: text("category").chars().take(LONGEST_SLUG).collect(),
            min_price,
            max_price,
            in_stock: !text("in_stock").is_empty(),
            state: state.unwrap_or_default(),
            sort: text("sort").parse().ok(),
            language: Some(current()),
        };
        (filter, faults)
    }

    /// Returns the list's URL, starting at `cursor`.
    pub fn href(&self, currency: Currency, cursor: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in self.pairs(currency) {
            query.append_pair(name, &value);
        }
        if let Some(cursor) = cursor {
            query.append_pair("cursor", cursor);
        }
        match query.finish().as_str() {
            "" => "/products".to_owned(),
            query => format!("/products?{query}"),
        }
    }

    /// Returns the names and values of all filters set, as in the URL.
    pub fn pairs(&self, currency: Currency) -> Vec<(&'static str, String)> {
        let price = |minor: Option<i64>| {
            minor.map_or_else(String::new, |minor| Money::new(minor, currency).decimal())
        };
        let pairs = [
            ("q", self.text.clone()),
            ("category", self.category.clone()),
            ("min_price", price(self.min_price)),
            ("max_price", price(self.max_price)),
            ("in_stock", if self.in_stock { "on" } else { "" }.to_owned()),
            ("state", self.state.as_str().to_owned()),
            ("sort", self.sort.map_or("", Sort::as_str).to_owned()),
        ];
        let given = |(_, value): &(&str, String)| !value.is_empty();
        pairs.into_iter().filter(given).collect()
    }

    /// Returns true if anything narrows the list.
    pub fn narrows(&self) -> bool {
        self.narrowing() > 0 || !self.text.is_empty()
    }

    /// Returns the number of filters set, without the search text.
    pub fn narrowing(&self) -> usize {
        let used = [
            !self.category.is_empty(),
            self.min_price.is_some(),
            self.max_price.is_some(),
            self.in_stock,
            self.state != State::default(),
        ];
        used.into_iter().filter(|used| *used).count()
    }
}

/// Reads a sort order as the JSON API takes it; `None` if empty.
pub fn read_sort(word: &str) -> Result<Option<Sort>, AppError> {
    match word {
        "" => Ok(None),
        word => word
            .parse()
            .map(Some)
            .map_err(|message: String| AppError::invalid("sort", message)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str, staff: bool) -> FromAddress {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let value = |name: &str| {
            let pair = pairs.iter().find(|(key, _)| key == name)?;
            Some(pair.1.clone())
        };
        ProductFilter::from_address(value, Currency::Cny, staff)
    }

    #[test]
    fn a_filter_survives_its_own_address() {
        let query = "q=%E9%94%AE%E7%9B%98+usb&category=desk&min_price=10.00&max_price=999.50\
                     &in_stock=on&state=all&sort=price_down";
        let (filter, faults) = read(query, true);
        assert!(faults.is_empty());
        assert_eq!(filter.max_price, Some(99_950));
        let href = filter.href(Currency::Cny, None);
        assert_eq!(href, format!("/products?{query}"));
    }

    #[test]
    fn what_cannot_be_read_is_left_out_and_said() {
        let (filter, faults) = read("min_price=cheap&sort=magic&max_price=5", false);
        assert_eq!((filter.min_price, filter.max_price), (None, Some(500)));
        assert_eq!(faults.len(), 1);
        assert_eq!((faults[0].field, &*faults[0].typed), ("min_price", "cheap"));
        assert_eq!(filter.order(), Sort::Newest);
    }

    #[test]
    fn a_range_that_holds_nothing_is_said() {
        let (filter, faults) = read("min_price=100&max_price=50", false);
        assert_eq!(
            (filter.min_price, filter.max_price),
            (Some(10_000), Some(5_000))
        );
        assert_eq!(faults.len(), 1);
        assert!(faults[0].message.contains("above the highest"));
        assert!(read("min_price=50&max_price=50", false).1.is_empty());
        assert!(read("min_price=50", false).1.is_empty());
    }

    #[test]
    fn only_staff_may_ask_for_what_is_not_for_sale() {
        assert_eq!(read("state=all", true).0.state, State::All);
        assert_eq!(read("state=all", false).0.state, State::Active);
    }

    #[test]
    fn relevance_needs_a_search() {
        assert_eq!(read("sort=relevance", false).0.order(), Sort::Newest);
        assert_eq!(read("q=pen", false).0.order(), Sort::Relevance);
        assert_eq!(read("q=pen&sort=name", false).0.order(), Sort::Name);
    }
}
