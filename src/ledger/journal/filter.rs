//! The journal's filters, as given in the query string.

use crate::clock::Timestamp;
use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::ledger::store;
use crate::ledger::transfers::Kind;
use crate::money::{Currency, Money};
use crate::server::{Conn, Cursor, count_given, list_href, list_href_from, non_empty, read_day};
use serde::Deserialize;

/// The number of transfers on a page of the journal.
const ON_A_PAGE: i64 = 50;

/// The query string of the journal. Empty fields do not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct JournalQuery {
    /// Words in the reference or the memo; the last may be a prefix.
    pub q: String,
    /// The code of an account on either side.
    pub account: String,
    pub kind: String,
    /// The first day, in UTC.
    pub from: String,
    /// The last day, inclusive.
    pub to: String,
    /// The minimum amount, as people write it.
    pub min: String,
    pub max: String,
    pub cursor: String,
}

/// The filters of the list of transfers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalFilter {
    pub text: Option<String>,
    pub account: Option<i64>,
    pub kind: Option<Kind>,
    pub from: Option<Timestamp>,
    /// The end of the period, exclusive.
    pub until: Option<Timestamp>,
    pub least: Option<i64>,
    pub most: Option<i64>,
    pub oldest_first: bool,
    /// The time and the position of the last transfer seen.
    pub after: Option<(i64, i64)>,
    /// The maximum number of transfers.
    pub size: i64,
}

impl JournalQuery {
    /// Parses the filters. Amounts are in the shop's currency.
    pub async fn read(
        &self,
        conn: &mut Conn,
        currency: Currency,
    ) -> Result<JournalFilter, AppError> {
        let mut filter = self.read_plain(currency);
        if let Some(code) = non_empty(&self.account) {
            let found = store::find_account_by_code(conn, code).await?;
            let missing = || AppError::invalid("account", t!("ledger-journal-no-account"));
            match (&mut filter, found) {
                (Ok(filter), Some(account)) => filter.account = Some(account.id),
                (Ok(_), None) => return Err(missing()),
                (Err(error), None) => error.errors.extend(missing().errors),
                (Err(_), Some(_)) => {}
            }
        }
        filter
    }

    /// Parses everything but the account, which has to be looked up.
    fn read_plain(&self, currency: Currency) -> Result<JournalFilter, AppError> {
        let mut faults = Faults::default();
        let kind = non_empty(&self.kind).map(|word| faults.check("kind", word.parse()));
        let from = non_empty(&self.from).map(|day| faults.check("from", read_day(day)));
        let to = non_empty(&self.to).map(|day| faults.check("to", read_day(day)));
        let mut amount = |field, text| {
            let money =
                non_empty(text).map(|text| faults.check(field, Money::parse(text, currency)));
            money.flatten().map(|money| money.minor)
        };
        let (least, most) = (amount("min", &self.min), amount("max", &self.max));
        faults.finish()?;
        Ok(JournalFilter {
            text: non_empty(&self.q).map(str::to_owned),
            kind: kind.flatten(),
            from: from.flatten(),
            until: to.flatten().map(|day| day.plus_days(1)),
            least,
            most,
            after: Cursor::numbers(&self.cursor)?.map(<(i64, i64)>::from),
            size: ON_A_PAGE,
            ..Default::default()
        })
    }

    /// Returns the journal's address at `path`, without the cursor.
    pub fn href(&self, path: &str) -> String {
        list_href(path, self.fields())
    }

    /// Returns the same address with a cursor.
    pub fn href_from(&self, path: &str, cursor: &str) -> String {
        list_href_from(path, self.fields(), cursor)
    }

    /// Returns the number of filters in use.
    pub fn narrowing(&self) -> usize {
        count_given(self.fields())
    }

    fn fields(&self) -> [(&'static str, &str); 7] {
        [
            ("q", &self.q),
            ("account", &self.account),
            ("kind", &self.kind),
            ("from", &self.from),
            ("to", &self.to),
            ("min", &self.min),
            ("max", &self.max),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<JournalFilter, AppError> {
        let query: JournalQuery = serde_urlencoded::from_str(query).expect("a query");
        query.read_plain(Currency::Cny)
    }

    #[test]
    fn the_last_day_is_part_of_what_is_asked_for() {
        let filter = read("from=2026-11-01&to=2026-11-21&min=1,000&max=").expect("reads");
        assert_eq!(filter.from, Timestamp::parse("2026-11-01T00:00:00Z"));
        assert_eq!(filter.until, Timestamp::parse("2026-11-22T00:00:00Z"));
        assert_eq!((filter.least, filter.most), (Some(100_000), None));
    }

    #[test]
    fn every_fault_is_named_at_once() {
        let error = read("kind=x&from=yesterday&to=2026-02-30&min=a&max=-1").expect_err("wrong");
        let fields: Vec<_> = error.errors.keys().map(String::as_str).collect();
        assert_eq!(fields, ["from", "kind", "max", "min", "to"]);
    }

    #[test]
    fn the_address_holds_what_was_asked_for() {
        let query = JournalQuery {
            q: "午饭 a&b".into(),
            account: "bank".into(),
            ..Default::default()
        };
        let href = query.href("/ledger/journal");
        let (_, text) = href.split_once('?').expect("a query");
        assert_eq!(serde_urlencoded::from_str(text), Ok(query.clone()));
        assert_eq!(
            (query.narrowing(), JournalQuery::default().narrowing()),
            (2, 0)
        );
        let href = JournalQuery::default().href_from("/ledger/journal", "abc");
        assert_eq!(href, "/ledger/journal?cursor=abc");
    }
}
