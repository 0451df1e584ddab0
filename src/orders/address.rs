//! Where an order goes.

use crate::error::{AppError, Faults};
use serde::{Deserialize, Serialize};

/// Where an order goes. Read it with [`Address::check`], which leaves nothing out of form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Address {
    pub name: String,
    pub line1: String,
    pub city: String,
    pub postal_code: String,
    /// Two letters, ISO 3166-1 alpha-2: `CN`.
    pub country: String,
    /// Digits, with + and spaces; may be empty.
    #[serde(default)]
    pub phone: String,
}

impl Address {
    /// The address in form, or every fault by its field's name with `prefix` before it.
    pub fn check(&self, prefix: &str) -> Result<Self, AppError> {
        let mut faults = Faults::default();
        let name = |field: &str| format!("{prefix}{field}");
        let mut line = |field: &str, text: &str, most: usize, missing: &str| {
            let line = check_line(text, most, missing);
            faults.check(&name(field), line).unwrap_or_default()
        };
        let address = Self {
            name: line("name", &self.name, 80, "Say who it is for."),
            line1: line("line1", &self.line1, 120, "Write street and number."),
            city: line("city", &self.city, 80, "Write the city."),
            postal_code: line(
                "postal_code",
                &self.postal_code,
                12,
                "Write the postal code.",
            ),
            country: self.country.trim().to_uppercase(),
            phone: fold(&self.phone),
        };
        faults.check(&name("country"), check_country(&address.country));
        faults.check(&name("phone"), check_phone(&address.phone));
        faults.finish().map(|()| address)
    }

    /// In one line: `12 Tower Street, 200001 Shanghai, CN`.
    pub fn in_one_line(&self) -> String {
        let Self {
            line1,
            city,
            postal_code,
            country,
            ..
        } = self;
        format!("{line1}, {postal_code} {city}, {country}")
    }
}

fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn check_line(text: &str, most: usize, missing: &str) -> Result<String, String> {
    let line = fold(text);
    match line.chars().count() {
        0 => Err(missing.to_owned()),
        length if length > most || line.chars().any(char::is_control) => {
            Err(format!("Keep it to one line of at most {most} characters."))
        }
        _ => Ok(line),
    }
}

fn check_country(code: &str) -> Result<(), &'static str> {
    let sound = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    sound
        .then_some(())
        .ok_or("Write the country's two letters, such as CN.")
}

fn check_phone(phone: &str) -> Result<(), &'static str> {
    let digits = phone.bytes().filter(u8::is_ascii_digit).count();
    let known = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')');
    let sound = phone.is_empty() || ((5..=15).contains(&digits) && phone.chars().all(known));
    sound
        .then_some(())
        .ok_or("Write a telephone number such as +86 21 5555 0100, or none.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address() -> Address {
        Address {
            name: " Mei  Chen ".into(),
            line1: "12 Tower Street".into(),
            city: "Shanghai".into(),
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
