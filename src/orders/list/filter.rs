//! Filters of the order list, as encoded in its URL.

use crate::accounts::find_ids_named;
use crate::clock::Timestamp;
use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::money::{Currency, Money};
use crate::order_number::OrderNumber;
use crate::orders::{Delivery, Payment, Status};
use crate::server::{Conn, Cursor, count_given, list_href, list_href_from, non_empty, read_day};
use serde::Deserialize;

/// The number of orders on a page of the list.
const ON_A_PAGE: i64 = 50;

/// The maximum number of customers a search text may match: more would not make it clearer.
const MOST_CUSTOMERS: i64 = 1_000;

/// The number of years, including this one, in which a bare order number is looked up.
const YEARS_BACK: i64 = 10;

/// The query string of the order list. Empty fields do not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct OrderQuery {
    /// An order number, or part of the customer's name or email address.
    pub q: String,
    pub status: String,
    pub payment: String,
    pub delivery: String,
    /// `yes` shows only flagged orders.
    pub flagged: String,
    /// The id of a product that was ordered.
    pub product: String,
    /// The first day, in UTC.
    pub from: String,
    /// The last day, inclusive, in UTC.
    pub to: String,
    /// The minimum total, as people write it.
    pub min: String,
    pub max: String,
    pub cursor: String,
}

/// The orders that a search text refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// Orders with one of these numbers.
    Numbers(Vec<String>),
    /// Orders of one of these customers.
    Customers(Vec<i64>),
}

/// The conditions for listing orders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderFilter {
    pub named: Option<Named>,
    pub status: Option<Status>,
    pub payment: Option<Payment>,
    pub delivery: Option<Delivery>,
    pub flagged: bool,
    pub product: Option<i64>,
    pub from: Option<Timestamp>,
    /// The exclusive upper bound.
    pub until: Option<Timestamp>,
    pub least: Option<i64>,
    pub most: Option<i64>,
    pub oldest_first: bool,
    /// The cursor: the time and id of the last order seen.
    pub after: Option<(i64, i64)>,
    /// The maximum number of orders.
    pub size: i64,
}

impl OrderQuery {
    /// Reads the filter as of `now`. Amounts are in `currency`.
    pub async fn read(
        &self,
        conn: &mut Conn,
        currency: Currency,
        now: Timestamp,
    ) -> Result<OrderFilter, AppError> {
        let mut filter = self.read_plain(currency)?;
        filter.named = match non_empty(&self.q) {
            Some(text) => Some(match read_number(text, now) {
                Some(numbers) => Named::Numbers(numbers),
                None => Named::Customers(find_ids_named(conn, text, MOST_CUSTOMERS).await?),
            }),
            None => None,
        };
        Ok(filter)
    }

    /// Reads everything but the search text, which may need a database lookup.
    fn read_plain(&self, currency: Currency) -> Result<OrderFilter, AppError> {
        let mut faults = Faults::default();
        let status = non_empty(&self.status).map(|word| faults.check("status", word.parse()));
        let payment = non_empty(&self.payment).map(|word| faults.check("payment", word.parse()));
        let delivery = non_empty(&self.delivery).map(|word| faults.check("delivery", word.parse()));
        let product = non_empty(&self.product).map(|text| {
            let number = text.parse::<i64>();
            faults.check(
                "product",
                number.map_err(|_| t!("orders-filter-product-wrong")),
            )
        });
        let from = non_empty(&self.from).map(|day| faults.check("from", read_day(day)));
        let to = non_empty(&self.to).map(|day| faults.check("to", read_day(day)));
        let mut amount = |field, text| {
            let money =
                non_empty(text).map(|text| faults.check(field, Money::parse(text, currency)));
            money.flatten().map(|money| money.minor)
        };
        let (least, most) = (amount("min", &self.min), amount("max", &self.max));
        faults.finish()?;
        Ok(OrderFilter {
            named: None,
            status: status.flatten(),
            payment: payment.flatten(),
            delivery: delivery.flatten(),
            flagged: non_empty(&self.flagged).is_some(),
            product: product.flatten(),
            from: from.flatten(),
            until: to.flatten().map(|day| day.plus_days(1)),
            least,
            most,
            oldest_first: false,
            after: Cursor::numbers(&self.cursor)?.map(<(i64, i64)>::from),
            size: ON_A_PAGE,
        })
    }

    /// Checks that every field can be read.
    pub fn check(&self, currency: Currency) -> Result<(), AppError> {
        self.read_plain(currency).map(drop)
    }

    /// Returns the URL of the list at `path`, without a cursor.
    pub fn href(&self, path: &str) -> String {
        list_href(path, self.fields())
    }

    /// Returns the URL of the list at `path`, from `cursor` on.
    pub fn href_from(&self, path: &str, cursor: &str) -> String {
        list_href_from(path, self.fields(), cursor)
    }

    /// Returns the number of active filters. The status has its own tabs and does not count.
    pub fn narrowing(&self) -> usize {
        count_given(
            self.fields()
                .into_iter()
                .filter(|(name, _)| *name != "status"),
        )
    }

    fn fields(&self) -> [(&'static str, &str); 10] {
        [
            ("q", &self.q),
            ("status", &self.status),
            ("payment", &self.payment),
            ("delivery", &self.delivery),
            ("flagged", &self.flagged),
            ("product", &self.product),
            ("from", &self.from),
            ("to", &self.to),
            ("min", &self.min),
            ("max", &self.max),
        ]
    }
}

/// Returns the order numbers that `text` may mean: a whole one, or its last part in any recent year.
fn read_number(text: &str, now: Timestamp) -> Option<Vec<String>> {
    if let Some(number) = OrderNumber::read(text) {
        return Some(vec![number.to_string()]);
    }
    let ordinal: i64 = text.parse().ok().filter(|ordinal| *ordinal > 0)?;
    let present = i64::from(now.date_time().year());
    let number = |year| OrderNumber { year, ordinal }.to_string();
    Some((present - YEARS_BACK + 1..=present).map(number).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<OrderFilter, AppError> {
        let query: OrderQuery = serde_urlencoded::from_str(query).expect("a query");
        query.read_plain(Currency::Cny)
    }

    #[test]
    fn what_is_empty_narrows_nothing_and_every_fault_is_named() {
        let open = read("q=&status=&from=&min=").expect("reads");
        assert_eq!(open, read("").expect("reads"));
        let filter = read("status=paid&to=2026-11-21&max=1,000&flagged=yes").expect("reads");
        assert_eq!(filter.status, Some(Status::Paid));
        assert_eq!(filter.until, Timestamp::parse("2026-11-22T00:00:00Z"));
        assert_eq!((filter.most, filter.flagged), (Some(100_000), true));
        let error = read("status=x&payment=x&delivery=x&product=x&from=x&to=x&min=x&max=x");
        let error = error.expect_err("wrong");
        assert_eq!(error.errors.len(), 8, "{:?}", error.errors);
    }

    #[test]
    fn a_number_is_known_by_its_whole_or_its_last_part() {
        let now = Timestamp::parse("2026-11-21T04:07:00Z").expect("a time");
        let whole = read_number("2025-12", now).expect("a number");
        assert_eq!(whole, ["2025-000012"]);
        let years = read_number("12", now).expect("a number");
        assert_eq!(years.last().map(String::as_str), Some("2026-000012"));
        assert_eq!(years.len(), 10);
        for name in ["mei", "12 Tower Street", "mei@example.com", "0", "-3"] {
            assert_eq!(read_number(name, now), None, "{name}");
        }
    }

    #[test]
    fn the_address_holds_what_was_asked_for() {
        let query = OrderQuery {
            q: "陈 a&b".into(),
            status: "paid".into(),
            ..Default::default()
        };
        let href = query.href("/orders/all");
        let (_, text) = href.split_once('?').expect("a query");
        assert_eq!(serde_urlencoded::from_str(text), Ok(query.clone()));
        assert_eq!(
            (query.narrowing(), OrderQuery::default().narrowing()),
            (1, 0)
        );
    }
}
