//! Amounts of money: integer minor units beside a currency, never floats.

use crate::i18n::t;
use crate::number::grouped;
use serde::{Deserialize, Serialize};

/// An ISO 4217 currency that Guildhall can show: code, sign, and digits after the point.
///
/// Digits are the minor-unit exponents of ISO 4217, table A.1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Currency {
    #[default]
    Cny,
    Eur,
    Gbp,
    Jpy,
    Usd,
}

impl Currency {
    pub const ALL: [Self; 5] = [Self::Cny, Self::Eur, Self::Gbp, Self::Jpy, Self::Usd];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Cny => "CNY",
            Self::Eur => "EUR",
            Self::Gbp => "GBP",
            Self::Jpy => "JPY",
            Self::Usd => "USD",
        }
    }

    pub const fn sign(self) -> &'static str {
        match self {
            Self::Cny => "¥",
            Self::Eur => "€",
            Self::Gbp => "£",
            Self::Jpy => "JP¥",
            Self::Usd => "$",
        }
    }

    /// The marks that people put before or after an amount in it; full-width signs are folded first.
    const fn marks(self) -> &'static [&'static str] {
        match self {
            Self::Cny => &["CN¥", "¥", "元", "圆", "CNY", "RMB"],
            Self::Eur => &["€", "EUR"],
            Self::Gbp => &["£", "GBP"],
            Self::Jpy => &["JP¥", "¥", "円", "JPY"],
            Self::Usd => &["US$", "$", "USD"],
        }
    }

    /// Returns the number of digits of the minor unit: two for fen and cents, none for yen.
    pub const fn digits(self) -> u32 {
        match self {
            Self::Jpy => 0,
            _ => 2,
        }
    }
}

impl std::str::FromStr for Currency {
    type Err = String;

    fn from_str(code: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|currency| currency.code() == code)
            .ok_or_else(|| {
                let known = Self::ALL.map(Self::code).join(", ");
                t!("ui-no-currency", code = code, known = known)
            })
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// An amount in minor units (fen, cents) of one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

impl Money {
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Returns the amount without its sign: `19900` fen is `199.00`. The value of a form field.
    pub fn decimal(self) -> String {
        let digits = self.currency.digits() as usize;
        let minus = if self.minor < 0 { "-" } else { "" };
        let minor = self.minor.unsigned_abs();
        if digits == 0 {
            return format!("{minus}{minor}");
        }
        let unit = 10_u64.pow(self.currency.digits());
        format!("{minus}{}.{:0digits$}", minor / unit, minor % unit)
    }

    /// Parses an amount as people type it: `1,299.5`, `1.299,50`, `1 299.50`, `￥１２`, `12 元`.
    ///
    /// Both a comma and a point are a decimal sign if one or two digits follow. A thousands
    /// separator counts only before exactly three digits. `1.299` could be either and is refused.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, String> {
        let typed: String = text.chars().map(fold).collect();
        let amount = without_mark(typed.trim(), currency);
        let minor = read_decimal(amount, currency.digits() as usize).ok_or_else(|| {
            t!(
                "ui-write-an-amount",
                currency = currency.code(),
                example = Self::new(19_900, currency).decimal()
            )
        })?;
        let minor = minor
            .parse()
            .map_err(|_| t!("ui-amount-too-large").to_owned())?;
        Ok(Self::new(minor, currency))
    }
}

/// Replaces full-width characters and special spaces by plain ones, as keyboards for Chinese and
/// Japanese and other programs write them.
fn fold(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '￥' => '¥',
        '￡' => '£',
        '\u{3000}' | '\u{a0}' | '\u{2009}' | '\u{202f}' => ' ',
        '’' => '\'',
        c => c,
    }
}

/// Strips one mark of the currency, before or after the amount.
fn without_mark(text: &str, currency: Currency) -> &str {
    let strip = |mark: &&str| {
        let starts = text
            .get(..mark.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(mark));
        if starts {
            return text.get(mark.len()..);
        }
        let rest = text.len().checked_sub(mark.len())?;
        let ends = text
            .get(rest..)
            .is_some_and(|end| end.eq_ignore_ascii_case(mark));
        if ends { text.get(..rest) } else { None }
    };
    let bare = currency.marks().iter().find_map(strip);
    bare.map_or(text, str::trim)
}

/// Returns the digits of an amount with `digits` decimals; `None` if it is not an amount.
fn read_decimal(text: &str, digits: usize) -> Option<String> {
    let (whole, fraction, decimal) = match text.rfind([',', '.']) {
        Some(at) if is_decimal(text, at) => {
            (&text[..at], &text[at + 1..], text[at..].chars().next())
        }
        _ => (text, "", None),
    };
    if fraction.len() > digits || decimal.is_some() && fraction.is_empty() {
        return None;
    }
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let groups: Vec<&str> = whole.split(is_thousands).collect();
    let mut marks = whole.chars().filter(|c| is_thousands(*c));
    let mark = marks.next();
    let one_kind = marks.all(|other| Some(other) == mark) && (mark.is_none() || mark != decimal);
    let (first, others) = groups.split_first()?;
    let grouped = others.is_empty()
        || (1..=3).contains(&first.len())
            && !first.starts_with('0')
            && others.iter().all(|group| group.len() == 3);
    let sound = !first.is_empty() && grouped && one_kind;
    (sound && groups.iter().all(|group| all_digits(group)) && all_digits(fraction))
        .then(|| format!("{}{fraction:0<digits$}", groups.concat()))
}

const fn is_thousands(c: char) -> bool {
    matches!(c, ',' | '.' | ' ' | '\'')
}

/// Returns true if the last comma or point is the decimal sign, not a thousands separator. A lone point
/// before three digits is, and is then refused for too many decimals: amounts are not guessed.
fn is_decimal(text: &str, at: usize) -> bool {
    let mark = &text[at..=at];
    let earlier = text[..at].contains(mark);
    let after = text.len() - at - 1;
    !(after == 3 && (mark == "," || earlier))
}

/// With currency sign and thousands separators: `¥1,299.00`, `−¥0.05`.
impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let decimal = self.decimal();
        let (minus, decimal) = match decimal.strip_prefix('-') {
            Some(rest) => ("−", rest),
            None => ("", decimal.as_str()),
        };
        let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
        write!(f, "{minus}{}{}", self.currency.sign(), grouped(whole))?;
        if !fraction.is_empty() {
            write!(f, ".{fraction}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_read_as_people_write_them() {
        let show = |minor| Money::new(minor, Currency::Cny).to_string();
        assert_eq!(show(19_900), "¥199.00");
        assert_eq!(show(129_900_050), "¥1,299,000.50");
        assert_eq!(show(-5), "−¥0.05");
        assert_eq!(Money::new(1_500, Currency::Jpy).to_string(), "JP¥1,500");
    }

    #[test]
    fn what_is_not_an_amount_is_refused() {
        for text in [
            "",
            "abc",
            "1.234",
            "-5",
            "1e3",
            ".5",
            "12.",
            "12,",
            "12 50",
            "1,2345",
            "0,123",
            ",123",
            "1,23,456",
            "1,234,56",
            "1.234.56",
            "1,234 567",
            "1 2345",
            "1,234.567",
            "1..5",
            "¥¥5",
            "5 元 元",
            "€5",
            "5円",
            "١٢",
            "1,abc",
        ] {
            let said = Money::parse(text, Currency::Cny).expect_err(text);
            assert_eq!(said, "Write an amount in CNY such as 199.00.", "{text}");
        }
        let said = Money::parse("99999999999999999999", Currency::Cny).expect_err("too much");
        assert_eq!(said, "This amount is too large.");
    }

    #[test]
    fn an_amount_is_read_as_it_was_meant() {
        let amounts = [
            ("12,50", 1_250),
            ("12.5", 1_250),
            ("12,5", 1_250),
            ("1,234", 123_400),
            ("1,299.5", 129_950),
            ("1.299,50", 129_950),
            ("1 299,50", 129_950),
            ("1\u{202f}299.50", 129_950),
            ("1’299.50", 129_950),
            ("1.234.567", 123_456_700),
            ("1,234,567.89", 123_456_789),
            (" ¥1,299.5 ", 129_950),
            ("￥１２．５０", 1_250),
            ("１２，５０", 1_250),
            ("１，２３４", 123_400),
            ("12元", 1_200),
            ("12.50 元", 1_250),
            ("cny 12", 1_200),
            ("CN¥ 12", 1_200),
            ("0.05", 5),
            ("007", 700),
        ];
        for (text, minor) in amounts {
            let read = Money::parse(text, Currency::Cny).map(|money| money.minor);
            assert_eq!(read, Ok(minor), "{text}");
        }
    }

    #[test]
    fn each_currency_knows_its_own_marks_and_digits() {
        for (text, currency, minor) in [
            ("１２００円", Currency::Jpy, 1_200),
            ("￥1,200", Currency::Jpy, 1_200),
            ("JP¥1,200", Currency::Jpy, 1_200),
            ("12,50 €", Currency::Eur, 1_250),
            ("EUR 12,50", Currency::Eur, 1_250),
            ("£12", Currency::Gbp, 1_200),
            ("US$12.50", Currency::Usd, 1_250),
            ("＄12.50", Currency::Usd, 1_250),
        ] {
            let read = Money::parse(text, currency).map(|money| money.minor);
            assert_eq!(read, Ok(minor), "{text}");
        }
        for text in ["12.5", "12,50", "1.200", "12元"] {
            assert!(Money::parse(text, Currency::Jpy).is_err(), "{text}");
        }
        let said = Money::parse("$5", Currency::Eur).expect_err("another currency");
        assert_eq!(said, "Write an amount in EUR such as 199.00.");
    }

    proptest! {
        #[test]
        fn every_amount_survives_a_form_field(minor in 0..i64::MAX / 100) {
            for currency in Currency::ALL {
                let money = Money::new(minor, currency);
                prop_assert_eq!(Money::parse(&money.decimal(), currency), Ok(money));
                prop_assert_eq!(Money::parse(&money.to_string(), currency), Ok(money));
            }
        }

        /// With a comma for a point, in full width, grouped by blanks: the same or refused, never another.
        #[test]
        fn no_way_of_writing_makes_another_amount(minor in 0_i64..100_000_000_000) {
            let money = Money::new(minor, Currency::Eur);
            let swapped = |c| match c { ',' => '.', '.' => ',', c => c };
            let wide = |c: char| char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c);
            let plain = money.to_string();
            let ways: [String; 4] = [
                plain.chars().map(swapped).collect(),
                plain.replace(',', " "),
                money.decimal().replace('.', ","),
                money.decimal().chars().map(wide).collect(),
            ];
            for way in ways {
                prop_assert_eq!(Money::parse(&way, Currency::Eur), Ok(money), "{}", way);
            }
        }

        #[test]
        fn whatever_is_typed_is_an_amount_or_refused_with_words(text in "[0-9,. '¥￥元０-９-]{0,12}") {
            for currency in Currency::ALL {
                match Money::parse(&text, currency) {
                    Ok(money) => prop_assert!(money.minor >= 0),
                    Err(said) => prop_assert!(said.ends_with('.')),
                }
            }
        }

        #[test]
        fn any_text_at_all_is_survived(text in "\\PC{0,40}") {
            for currency in Currency::ALL {
                let _ = Money::parse(&text, currency);
            }
        }
    }
}
