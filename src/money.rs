//! Amounts of money: integer minor units beside a currency, never floats.

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

    /// How many digits the minor unit takes: two for fen and cents, none for yen.
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
                format!("{code} is not a currency Guildhall knows; use one of {known}")
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

    /// The amount without its sign: `19900` fen is `199.00`. What a form field holds.
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

    /// Reads what a person types, `1,299.5` for example, into minor units.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, String> {
        let wrong = || {
            format!(
                "Write an amount such as {}.",
                Self::new(19_900, currency).decimal()
            )
        };
        let text: String = text
            .trim()
            .chars()
            .filter(|c| !matches!(c, ',' | ' '))
            .collect();
        let text = text.strip_prefix(currency.sign()).unwrap_or(&text);
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = currency.digits() as usize;
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty()
            || fraction.len() > digits
            || !all_digits(whole)
            || !all_digits(fraction)
        {
            return Err(wrong());
        }
        let minor = format!("{whole}{fraction:0<digits$}");
        let minor = minor
            .parse()
            .map_err(|_| "This amount is too large.".to_owned())?;
        Ok(Self::new(minor, currency))
    }
}

/// With its sign and thousands: `¥1,299.00`.
impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let decimal = self.decimal();
        let (minus, decimal) = match decimal.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", decimal.as_str()),
        };
        let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
        write!(f, "{minus}{}", self.currency.sign())?;
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
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
        assert_eq!(show(-5), "-¥0.05");
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
            "99999999999999999999",
        ] {
            assert!(Money::parse(text, Currency::Cny).is_err(), "{text}");
        }
        assert_eq!(
            Money::parse(" ¥1,299.5 ", Currency::Cny).map(|m| m.minor),
            Ok(129_950)
        );
    }

    proptest! {
        #[test]
        fn every_amount_survives_a_form_field(minor in 0..i64::MAX / 100) {
            for currency in Currency::ALL {
                let money = Money::new(minor, currency);
                prop_assert_eq!(Money::parse(&money.decimal(), currency), Ok(money));
                prop_assert_eq!(Money::parse(&money.to_string().replace("JP¥", ""), currency), Ok(money));
            }
        }
    }
}
