//! Keyset pagination: a cursor names the last row seen, so a page costs the same however far down
//! it is, and rows added or removed in between shift nothing.

use crate::error::AppError;
use crate::i18n::t;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

/// The maximum length of a cursor, longer than any that a list issues: a product's name and numbers.
pub const LONGEST_CURSOR: usize = 2_000;

const SEPARATOR: char = '\u{1f}';

/// The sort values of a page's last row, opaque to the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(Vec<String>);

impl Cursor {
    pub fn new<const N: usize>(values: [&dyn ToString; N]) -> Self {
        Self(values.map(ToString::to_string).into())
    }

    /// Reads a cursor of `N` values; `None` for an empty text, the start of the list.
    pub fn read<const N: usize>(text: &str) -> Result<Option<[String; N]>, AppError> {
        if text.is_empty() {
            return Ok(None);
        }
        if text.len() > LONGEST_CURSOR {
            return Err(Self::wrong());
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Self::wrong())?;
        let text = String::from_utf8(bytes).map_err(|_| Self::wrong())?;
        let values: Vec<String> = text.split(SEPARATOR).map(str::to_owned).collect();
        values.try_into().map(Some).map_err(|_| Self::wrong())
    }

    /// Reads a cursor of `N` numbers, for a list ordered by them.
    pub fn numbers<const N: usize>(text: &str) -> Result<Option<[i64; N]>, AppError> {
        let Some(values) = Self::read::<N>(text)? else {
            return Ok(None);
        };
        let mut numbers = [0; N];
        for (number, value) in numbers.iter_mut().zip(values) {
            *number = value.parse().map_err(|_| Self::wrong())?;
        }
        Ok(Some(numbers))
    }

    /// Returns the error for a cursor that this list has never issued.
    pub fn wrong() -> AppError {
        AppError::invalid("cursor", t!("server-no-cursor"))
    }

    /// Returns the id below which a list in descending order of id continues.
    pub fn before(text: &str) -> Result<i64, AppError> {
        Ok(Self::numbers(text)?.map_or(i64::MAX, |[id]| id))
    }

    /// Returns the id above which a list in ascending order of id continues.
    pub fn after(text: &str) -> Result<i64, AppError> {
        Ok(Self::numbers(text)?.map_or(0, |[id]| id))
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let joined = self.0.join(&SEPARATOR.to_string());
        f.write_str(&URL_SAFE_NO_PAD.encode(joined))
    }
}

/// One page of a list, as the JSON API returns it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PageOf<T> {
    pub items: Vec<T>,
    /// The cursor of the next page; null on the last.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

impl<T> PageOf<T> {
    /// Wraps a list that is short by its nature, all on one page.
    pub const fn whole(items: Vec<T>) -> Self {
        Self {
            items,
            next_cursor: None,
        }
    }

    /// Builds a page from up to one row more than it holds: the extra row tells that there is a next page.
    pub fn from_rows(mut rows: Vec<T>, size: i64, cursor: impl Fn(&T) -> Cursor) -> Self {
        let size = usize::try_from(size).unwrap_or_default();
        let more = rows.len() > size;
        rows.truncate(size);
        let last = rows.last().filter(|_| more);
        Self {
            next_cursor: last.map(|row| cursor(row).to_string()),
            items: rows,
        }
    }

    pub fn map<U>(self, with: impl FnMut(T) -> U) -> PageOf<U> {
        PageOf {
            items: self.items.into_iter().map(with).collect(),
            next_cursor: self.next_cursor,
        }
    }
}

/// Returns the number of rows per page: `asked`, clamped to 1 to 100; 50 by default.
pub fn page_size(asked: Option<i64>) -> i64 {
    asked.unwrap_or(50).clamp(1, 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_cursor_survives_the_way_to_the_client_and_back() {
        let text = Cursor::new([&"键盘", &42]).to_string();
        assert_eq!(
            Cursor::read::<2>(&text),
            Ok(Some(["键盘".to_owned(), "42".to_owned()]))
        );
        assert!(Cursor::read::<1>(&text).is_err(), "of another list");
        assert!(Cursor::read::<2>("!").is_err());
        assert_eq!(Cursor::read::<2>(""), Ok(None));
        let numbers = Cursor::new([&-7, &42]).to_string();
        assert_eq!(Cursor::numbers(&numbers), Ok(Some([-7, 42])));
        assert!(Cursor::numbers::<2>(&text).is_err(), "no number");
    }

    #[test]
    fn the_row_too_many_tells_of_a_next_page() {
        let page = |rows: Vec<i64>| PageOf::from_rows(rows, 2, |row| Cursor::new([row]));
        assert_eq!(page(vec![1, 2]).next_cursor, None);
        let first = page(vec![1, 2, 3]);
        assert_eq!(first.items, [1, 2]);
        assert_eq!(
            Cursor::read(&first.next_cursor.expect("more")),
            Ok(Some(["2".to_owned()]))
        );
    }

    #[test]
    fn a_cursor_that_is_too_long_is_none() {
        let longest = "a".repeat(LONGEST_CURSOR * 3 / 4);
        let text = Cursor::new([&longest]).to_string();
        assert_eq!(Cursor::read(&text), Ok(Some([longest.clone()])));
        let text = Cursor::new([&format!("{longest}a")]).to_string();
        assert_eq!(Cursor::read::<1>(&text), Err(Cursor::wrong()));
    }

    proptest! {
        #[test]
        fn whatever_a_list_puts_in_a_cursor_is_read_back(
            name in "[^\u{1f}]{0,120}",
            numbers in any::<(i64, i64)>(),
        ) {
            let text = Cursor::new([&name, &numbers.0]).to_string();
            prop_assert!(text.len() <= LONGEST_CURSOR);
            prop_assert_eq!(Cursor::read(&text), Ok(Some([name, numbers.0.to_string()])));
            let text = Cursor::new([&numbers.0, &numbers.1]).to_string();
            prop_assert_eq!(Cursor::numbers(&text), Ok(Some([numbers.0, numbers.1])));
            let text = Cursor::new([&numbers.0]).to_string();
            prop_assert_eq!(Cursor::before(&text), Ok(numbers.0));
            prop_assert_eq!(Cursor::after(&text), Ok(numbers.0));
        }

        #[test]
        fn any_text_is_a_cursor_or_refused(text in ".*", bytes in any::<Vec<u8>>()) {
            for text in [text, URL_SAFE_NO_PAD.encode(bytes)] {
                let refused = [
                    Cursor::read::<1>(&text).err(),
                    Cursor::read::<3>(&text).err(),
                    Cursor::numbers::<2>(&text).err(),
                    Cursor::before(&text).err(),
                ];
                for error in refused.into_iter().flatten() {
                    prop_assert_eq!(error, Cursor::wrong());
                }
            }
        }

        #[test]
        fn a_page_holds_one_to_a_hundred(asked in any::<Option<i64>>()) {
            prop_assert!((1..=100).contains(&page_size(asked)));
        }
    }
}
