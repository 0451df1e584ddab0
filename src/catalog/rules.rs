//! Rules for a product: its name, slug, texts and numbers.

use crate::i18n::t;
use crate::text::{Line, Prose};
use std::str::FromStr;

/// The maximum price and stock: far above any real one, far below where sums of them would
/// overflow, or a program that reads numbers as floats would lose digits.
pub const LARGEST: i64 = 1_000_000_000_000;

/// The maximum quantity of one product in an order or a cart.
pub const LARGEST_QUANTITY: i64 = 999;

/// Fewer are available than requested.
pub const OUT_OF_STOCK: u16 = 3401;

/// The name of a product or a category in URLs: `a` to `z`, digits, single dashes between; at most
/// 80 characters.
///
/// Never digits alone, which would be read as an id, and never `new`, which is a page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slug(String);

impl Slug {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Derives a slug from a name: `USB-C 充电器` is `usb-c`. `None` if nothing of it can be used. One
    /// that is not valid alone is prefixed with `kind`: the product `2048` is `product-2048`.
    pub fn from_name(name: &str, kind: &str) -> Option<Self> {
        let plain: String = name.chars().filter_map(plain_letters).collect();
        let words: Vec<&str> = plain
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        let mut slug = words.join("-");
        slug.truncate(60);
        let slug = slug.trim_matches('-');
        slug.parse()
            .or_else(|_| format!("{kind}-{slug}").parse())
            .ok()
    }

    /// Returns the slug with a number appended, for when it is taken.
    #[must_use]
    pub fn numbered(&self, number: i64) -> Self {
        let stem: String = self.0.chars().take(60).collect();
        Self(format!("{}-{number}", stem.trim_end_matches('-')))
    }
}

impl FromStr for Slug {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let words = text
            .split('-')
            .all(|word| !word.is_empty() && word.chars().all(fits));
        let reserved = text == "new" || text.chars().all(|c| c.is_ascii_digit());
        match (words && text.len() <= 80, reserved) {
            (false, _) => Err(t!("catalog-slug-letters")),
            (true, true) => Err(t!("catalog-slug-reserved")),
            (true, false) => Ok(Self(text.to_owned())),
        }
    }
}

/// Returns a letter in lower case, a Latin one without its accent; `None` for an apostrophe.
fn plain_letters(letter: char) -> Option<char> {
    Some(match letter.to_lowercase().next()? {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ì'..='ï' | 'ī' | 'į' => 'i',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ś' | 'š' => 's',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        // An apostrophe joins: chef's is chefs.
        '\'' | '’' => return None,
        other => other,
    })
}

/// Checks a product's name: 1 to 120 characters.
pub fn check_product_name(text: &str) -> Result<String, String> {
    Line::read(text, 120, t!("catalog-product-no-name")).map(String::from)
}

/// Checks a description (Markdown): at most 10,000 characters.
pub fn check_description(text: &str) -> Result<String, String> {
    Prose::read(text, 10_000).map(String::from)
}

/// Checks a category's name: 1 to 60 characters.
pub fn check_category_name(text: &str) -> Result<String, String> {
    Line::read(text, 60, t!("catalog-category-no-name")).map(String::from)
}

/// Checks a picture's alternative text: at most 300 characters.
pub fn check_picture_alt(text: &str) -> Result<String, String> {
    Line::optional(text, 300).map(String::from)
}

/// Checks a price in minor units.
pub fn check_price(minor: i64) -> Result<i64, &'static str> {
    match minor {
        ..0 => Err(t!("catalog-price-negative")),
        0..=LARGEST => Ok(minor),
        _ => Err(t!("catalog-price-too-large")),
    }
}

/// Checks a stock count.
pub fn check_stock(count: i64) -> Result<i64, &'static str> {
    match count {
        ..0 => Err(t!("catalog-stock-negative")),
        0..=LARGEST => Ok(count),
        _ => Err(t!("catalog-stock-too-large")),
    }
}

/// Reads a stock change as typed: `12`, `+12`, `-3`, or with a proper minus sign.
pub fn parse_stock_change(text: &str) -> Result<i64, &'static str> {
    let text = text.trim().replace('−', "-");
    match text.parse() {
        Ok(change) => check_stock_change(change),
        Err(_) => Err(t!("catalog-change-whole")),
    }
}

/// Checks the amount of a stock change.
pub fn check_stock_change(change: i64) -> Result<i64, &'static str> {
    match change {
        0 => Err(t!("catalog-change-none")),
        _ if (-LARGEST..=LARGEST).contains(&change) => Ok(change),
        _ => Err(t!("catalog-change-too-large")),
    }
}

/// Checks the reason for a change of stock: 1 to 200 characters.
pub fn check_reason(text: &str) -> Result<String, String> {
    Line::read(text, 200, t!("catalog-change-why")).map(String::from)
}

/// Checks the quantity of a product: 1 to [`LARGEST_QUANTITY`].
pub fn check_quantity(quantity: i64) -> Result<i64, String> {
    if (1..=LARGEST_QUANTITY).contains(&quantity) {
        Ok(quantity)
    } else {
        Err(t!("catalog-choose-quantity", most = LARGEST_QUANTITY))
    }
}

/// Returns the message that a product is short.
pub fn shortage(name: &str, available: i64, active: bool) -> String {
    match available {
        _ if !active => t!("catalog-short-not-for-sale", product = name),
        ..=0 => t!("catalog-short-sold-out", product = name),
        1 => t!("catalog-short-left", count = 1, product = name),
        left => t!("catalog-short-left", count = left, product = name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_slug_is_made_of_what_the_name_has() {
        let made = |name| Slug::from_name(name, "product").map(|slug| slug.as_str().to_owned());
        assert_eq!(
            made("Chef’s Knife, 21 cm").as_deref(),
            Some("chefs-knife-21-cm")
        );
        assert_eq!(made("Café Crème").as_deref(), Some("cafe-creme"));
        assert_eq!(made("USB-C 充电器").as_deref(), Some("usb-c"));
        assert_eq!(made("2048").as_deref(), Some("product-2048"));
        assert_eq!(made("New").as_deref(), Some("product-new"));
        assert_eq!(made("机械键盘"), None);
        let long = made(&"wireless ".repeat(13)).expect("of its beginning");
        assert_eq!(long, ["wireless"; 6].join("-") + "-wirele");
    }

    #[test]
    fn an_address_that_means_something_else_is_refused() {
        for text in [
            "", "new", "12", "-a", "a-", "a--b", "A", "a b", "键盘", "a/b",
        ] {
            assert!(text.parse::<Slug>().is_err(), "{text}");
        }
        assert!("a2-b".parse::<Slug>().is_ok());
        assert!("x".repeat(80).parse::<Slug>().is_ok());
        for length in [81, 82] {
            assert!("x".repeat(length).parse::<Slug>().is_err(), "{length}");
        }
    }

    #[test]
    fn prices_and_stocks_are_neither_negative_nor_beyond_all_reason() {
        for amount in [0, 1, LARGEST] {
            assert_eq!(check_price(amount), Ok(amount));
            assert_eq!(check_stock(amount), Ok(amount));
        }
        assert_eq!(check_price(-1), Err("A price is not negative."));
        assert_eq!(check_price(LARGEST + 1), Err("This price is too large."));
        assert_eq!(check_stock(-1), Err("A stock is not negative."));
        assert_eq!(check_stock(LARGEST + 1), Err("This stock is too large."));
    }

    #[test]
    fn a_change_of_stock_reads_as_people_write_it() {
        assert_eq!(parse_stock_change(" +12 "), Ok(12));
        assert_eq!(parse_stock_change("−3"), Ok(-3));
        for text in [
            "0",
            "",
            "1.5",
            "many",
            "1000000000001",
            "-9223372036854775808",
        ] {
            assert!(parse_stock_change(text).is_err(), "{text}");
        }
    }

    #[test]
    fn texts_are_bounded_and_free_of_control_characters() {
        assert_eq!(check_description("a\r\nb "), Ok("a\nb".to_owned()));
        assert!(check_description("a\0b").is_err());
        assert!(check_product_name("a\0b").is_err());
        assert!(check_product_name("  ").is_err());
        assert!(check_product_name(&"x".repeat(121)).is_err());
        assert!(check_reason("\n").is_err());
        assert_eq!(
            check_category_name(" Tea  & coffee "),
            Ok("Tea & coffee".to_owned())
        );
        assert!(check_category_name("").is_err());
        assert!(check_category_name(&"x".repeat(61)).is_err());
    }

    proptest! {
        #[test]
        fn a_slug_of_any_name_is_a_slug(name in ".*", number in 2_i64..10_000) {
            if let Some(slug) = Slug::from_name(&name, "category") {
                prop_assert_eq!(slug.as_str().parse(), Ok(slug.clone()));
                prop_assert!(slug.numbered(number).as_str().parse::<Slug>().is_ok());
            }
        }
    }
}
