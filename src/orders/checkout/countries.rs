//! The countries a parcel can be sent to (ISO 3166-1), with their short names (Unicode CLDR).

use crate::i18n::{Language, current, t};
use crate::orders::Address;
use std::sync::LazyLock;

/// The two-letter code and name of each country, for every language, in that language's order.
static COUNTRIES: LazyLock<[Vec<(&str, &str)>; Language::ALL.len()]> = LazyLock::new(|| {
    Language::ALL.map(|language| {
        let table = match language {
            Language::English => include_str!("countries.en.tsv"),
            Language::Chinese => include_str!("countries.zh-CN.tsv"),
        };
        let rows = table.lines().filter_map(|line| line.split_once('\t'));
        rows.collect()
    })
});

fn countries() -> &'static [(&'static str, &'static str)] {
    &COUNTRIES[current() as usize]
}

/// Returns the options of a form field: nothing chosen yet, then each country by name.
pub fn country_options() -> Vec<(String, String)> {
    let none = ("", t!("orders-address-country-choose"));
    let all = std::iter::once(&none).chain(countries());
    all.map(|(code, name)| ((*code).to_owned(), (*name).to_owned()))
        .collect()
}

/// Returns the name of the country with this two-letter code; `None` if there is none.
pub fn country_name(code: &str) -> Option<&'static str> {
    let found = countries().iter().find(|(known, _)| *known == code);
    found.map(|(_, name)| *name)
}

/// Formats the address on one line with the country's name: `12 Tower Street, 200001 Shanghai, China`.
pub fn address_line(address: &Address) -> String {
    let country = country_name(&address.country).unwrap_or(&address.country);
    let named = Address {
        country: country.to_owned(),
        ..address.clone()
    };
    named.in_one_line()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::with;
    use std::collections::BTreeSet;

    #[test]
    fn countries_are_known_by_their_two_letters() {
        assert_eq!(country_name("CN"), Some("China"));
        assert_eq!(country_name("NL"), Some("Netherlands"));
        assert_eq!(country_name("XX"), None);
        assert!(country_options()[0].0.is_empty());
        with(Language::Chinese, || {
            assert_eq!(country_name("NL"), Some("荷兰"));
            assert_eq!(country_options()[1].1, "中国");
        });
    }

    #[test]
    fn every_country_has_one_name_in_every_language() {
        let known: BTreeSet<&str> = rust_iso3166::ALL.iter().map(|it| it.alpha2).collect();
        for countries in COUNTRIES.iter() {
            let codes: BTreeSet<&str> = countries.iter().map(|(code, _)| *code).collect();
            let names: BTreeSet<&str> = countries.iter().map(|(_, name)| *name).collect();
            assert_eq!(codes, known);
            assert_eq!((countries.len(), names.len()), (known.len(), known.len()));
        }
    }
}
