//! The countries a parcel can go to: ISO 3166-1, by their English short names.

use crate::orders::Address;
use std::sync::LazyLock;

/// Two letters and the name of each, by name.
static COUNTRIES: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let all = rust_iso3166::ALL.iter();
    let mut countries: Vec<_> = all.map(|country| (country.alpha2, country.name)).collect();
    countries.sort_unstable_by_key(|(_, name)| *name);
    countries
});

/// What a form offers: nothing chosen yet, then each by name.
pub fn country_options() -> Vec<(String, String)> {
    let none = ("", "Choose a country");
    let all = std::iter::once(&none).chain(COUNTRIES.iter());
    all.map(|(code, name)| ((*code).to_owned(), (*name).to_owned()))
        .collect()
}

/// The name of the country with these two letters, if there is one.
pub fn country_name(code: &str) -> Option<&'static str> {
    let found = COUNTRIES.iter().find(|(known, _)| *known == code);
    found.map(|(_, name)| *name)
}

/// The address in one line with the country's name: `12 Tower Street, 200001 Shanghai, China`.
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

    #[test]
    fn countries_are_known_by_their_two_letters() {
        assert_eq!(country_name("CN"), Some("China"));
        assert_eq!(country_name("XX"), None);
        let options = country_options();
        assert!(options.len() > 240 && options[0].0.is_empty());
        assert!(options[1..].is_sorted_by_key(|(_, name)| name.clone()));
    }
}
