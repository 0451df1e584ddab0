//! Delivery addresses.

use crate::error::{AppError, Faults};
use crate::i18n::t;
use crate::text::Line;
use serde::{Deserialize, Serialize};

/// A delivery address. Read it with [`Address::check`], which validates and normalises it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Address {
    pub name: String,
    pub line1: String,
    pub city: String,
    /// The state, province, prefecture or county, in countries that write one; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub state: String,
    /// Empty if the country has none.
    #[serde(default)]
    pub postal_code: String,
    /// The ISO 3166-1 alpha-2 code, two letters: `CN`.
    pub country: String,
    /// Digits, with + and spaces; may be empty.
    #[serde(default)]
    pub phone: String,
}

/// Countries and territories without postal codes, or where most addresses have none (Universal
/// Postal Union, its database of postal codes).
const WITHOUT_POSTAL_CODES: [&str; 63] = [
    "AE", "AG", "AO", "AW", "BF", "BI", "BJ", "BO", "BQ", "BS", "BW", "BZ", "CD", "CF", "CG", "CI",
    "CK", "CM", "CW", "DJ", "DM", "ER", "FJ", "GA", "GD", "GH", "GM", "GQ", "GY", "HK", "KI", "KM",
    "KN", "KP", "LY", "ML", "MO", "MR", "MW", "NR", "NU", "PA", "QA", "RW", "SB", "SC", "SL", "SR",
    "SS", "ST", "SX", "SY", "TD", "TG", "TK", "TL", "TO", "TV", "UG", "VU", "YE", "ZW", "GN",
];

impl Address {
    /// Returns the normalised address, or every error keyed by its field's name with `prefix` before it.
    pub fn check(&self, prefix: &str) -> Result<Self, AppError> {
        let mut faults = Faults::default();
        let mut keep = |field: &str, line: Result<Line, String>| {
            let kept = faults.check(&format!("{prefix}{field}"), line);
            String::from(kept.unwrap_or_default())
        };
        let country = self.country.trim().to_uppercase();
        let postal_code = if WITHOUT_POSTAL_CODES.contains(&&*country) {
            Line::optional(&self.postal_code, 12)
        } else {
            Line::read(
                &self.postal_code,
                12,
                t!("orders-address-postal-code-missing"),
            )
        };
        let address = Self {
            name: keep(
                "name",
                Line::read(&self.name, 80, t!("orders-address-name-missing")),
            ),
            line1: keep(
                "line1",
                Line::read(&self.line1, 120, t!("orders-address-line1-missing")),
            ),
            city: keep(
                "city",
                Line::read(&self.city, 80, t!("orders-address-city-missing")),
            ),
            state: keep("state", Line::optional(&self.state, 80)),
            postal_code: keep("postal_code", postal_code),
            phone: keep("phone", Line::optional(&self.phone, 30)),
            country,
        };
        faults.check(&format!("{prefix}country"), check_country(&address.country));
        faults.check(&format!("{prefix}phone"), check_phone(&address.phone));
        faults.finish().map(|()| address)
    }

    /// Formats the address on one line: `12 Tower Street, 200001 Shanghai, CN`.
    pub fn in_one_line(&self) -> String {
        let town = self.town();
        let parts = [&self.line1, &town, &self.state, &self.country];
        let parts: Vec<&str> = parts.into_iter().map(String::as_str).collect();
        let given = parts.into_iter().filter(|part| !part.is_empty());
        given.collect::<Vec<_>>().join(", ")
    }

    /// Returns `200001 Shanghai`, or the city alone if there is no postal code.
    pub fn town(&self) -> String {
        format!("{} {}", self.postal_code, self.city)
            .trim()
            .to_owned()
    }
}

fn check_country(code: &str) -> Result<(), &'static str> {
    let sound = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    sound.then_some(()).ok_or(t!("orders-address-country-code"))
}

fn check_phone(phone: &str) -> Result<(), &'static str> {
    let digits = phone.bytes().filter(u8::is_ascii_digit).count();
    let known = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')');
    let sound = phone.is_empty() || ((5..=15).contains(&digits) && phone.chars().all(known));
    sound.then_some(()).ok_or(t!("orders-address-phone-wrong"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address() -> Address {
        Address {
            name: " Mei  Chen ".into(),
            line1: "12 Tower Street".into(),
            city: "Shanghai".into(),
            state: String::new(),
            postal_code: "200001".into(),
            country: "cn".into(),
            phone: "+86 21 5555 0100".into(),
        }
    }

    #[test]
    fn an_address_is_put_in_form() {
        let address = address().check("").expect("is sound");
        assert_eq!(
            (address.name.as_str(), address.country.as_str()),
            ("Mei Chen", "CN")
        );
        assert_eq!(
            address.in_one_line(),
            "12 Tower Street, 200001 Shanghai, CN"
        );
    }

    #[test]
    fn a_country_without_postal_codes_asks_for_none() {
        let bare = |country: &str| Address {
            postal_code: String::new(),
            country: country.into(),
            ..address()
        };
        let hong_kong = bare("hk").check("").expect("is sound");
        assert_eq!(hong_kong.in_one_line(), "12 Tower Street, Shanghai, HK");
        assert!(bare("CN").check("").is_err());
        assert!(WITHOUT_POSTAL_CODES.iter().all(|code| code.len() == 2));
    }

    #[test]
    fn a_state_stands_where_it_is_written() {
        let state = Address {
            state: " New  South Wales ".into(),
            ..address()
        };
        let line = state.check("").expect("is sound").in_one_line();
        assert_eq!(
            line,
            "12 Tower Street, 200001 Shanghai, New South Wales, CN"
        );
    }

    #[test]
    fn an_address_from_before_there_were_states_reads() {
        let old =
            r#"{"name":"Mei","line1":"1","city":"X","postal_code":"2","country":"CN","phone":""}"#;
        let read: Address = serde_json::from_str(old).expect("reads");
        assert_eq!((read.name.as_str(), read.state.as_str()), ("Mei", ""));
        assert_eq!(serde_json::to_string(&read).expect("writes"), old);
    }

    #[test]
    fn all_faults_are_named_at_once() {
        let wrong = Address {
            phone: "call me".into(),
            country: "China".into(),
            ..Address::default()
        };
        let error = wrong.check("address.").expect_err("is not");
        let fields: Vec<_> = error.errors.keys().map(String::as_str).collect();
        let all = ["city", "country", "line1", "name", "phone", "postal_code"];
        assert_eq!(fields, all.map(|field| format!("address.{field}")));
    }
}
