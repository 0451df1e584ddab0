//! Addresses of lists: the filters are in the query string, so that a list can be bookmarked,
//! shared and gone back to.

use crate::clock::Timestamp;
use crate::i18n::t;

/// Returns the trimmed text of a field; `None` if it is empty.
pub fn non_empty(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// Reads a day as its beginning, in UTC.
pub fn read_day(text: &str) -> Result<Timestamp, &'static str> {
    let midnight = Timestamp::parse(&format!("{text}T00:00:00Z"));
    midnight.ok_or(t!("server-write-a-day"))
}

/// Returns the address of the list at `path` with these fields. Empty ones are left out.
pub fn list_href<'a>(
    path: &str,
    fields: impl IntoIterator<Item = (&'static str, &'a str)>,
) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let given = fields.into_iter().filter(|(_, value)| !value.is_empty());
    query.extend_pairs(given);
    match query.finish() {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

/// Returns the same address, starting at a cursor.
pub fn list_href_from<'a>(
    path: &str,
    fields: impl IntoIterator<Item = (&'static str, &'a str)>,
    cursor: &'a str,
) -> String {
    list_href(path, fields.into_iter().chain([("cursor", cursor)]))
}

/// Counts the fields that are not empty.
pub fn count_given<'a>(fields: impl IntoIterator<Item = (&'static str, &'a str)>) -> usize {
    let given = fields.into_iter().filter_map(|(_, value)| non_empty(value));
    given.count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_address_holds_what_is_asked_for_and_no_more() {
        let fields = [("q", "键盘 a&b"), ("kind", ""), ("from", "2026-11-21")];
        let query = "q=%E9%94%AE%E7%9B%98+a%26b&from=2026-11-21";
        assert_eq!(list_href("/list", fields), format!("/list?{query}"));
        assert_eq!(
            list_href_from("/list", fields, "abc"),
            format!("/list?{query}&cursor=abc")
        );
        assert_eq!(list_href_from("/list", [("q", "")], ""), "/list");
        assert_eq!(
            list_href_from("/list", [("q", "")], "abc"),
            "/list?cursor=abc"
        );
        assert_eq!(count_given([("q", " "), ("kind", "x")]), 1);
    }

    proptest! {
        /// A list reads out of its address exactly what was put in, and nothing else.
        #[test]
        fn what_is_asked_for_is_what_is_read(q in any::<String>(), kind in "\\PC{0,20}") {
            let href = list_href_from("/list", [("q", &*q), ("kind", &*kind)], "abc");
            prop_assert!(href.bytes().all(|byte| (0x21..0x7f).contains(&byte)), "{}", href);
            let (path, query) = href.split_once('?').expect("a query");
            prop_assert_eq!(path, "/list");
            let read: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            let fields = [("q", &*q), ("kind", &*kind), ("cursor", "abc")];
            let asked = fields.into_iter().filter(|(_, value)| !value.is_empty());
            let asked: Vec<_> = asked.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            prop_assert_eq!(read, asked);
        }

        #[test]
        fn any_day_at_all_is_read(text in "[0-9TZ:+-]{0,14}|\\PC{0,10}") {
            let _ = read_day(&text);
        }
    }
}
