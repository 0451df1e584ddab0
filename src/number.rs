//! Numbers as people read them: with thousands separators, and a real minus sign.

/// Formats a number with a comma before every three digits, and a real minus sign: `−1,234`.
pub fn count(number: i64) -> String {
    let minus = if number < 0 { "−" } else { "" };
    format!("{minus}{}", grouped(&number.unsigned_abs().to_string()))
}

/// Like [`count`], with a plus sign before a positive number.
pub fn signed(number: i64) -> String {
    let plus = if number > 0 { "+" } else { "" };
    format!("{plus}{}", count(number))
}

/// Inserts a comma before every three digits.
pub fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_have_their_sign() {
        for (number, plain, with_sign) in [
            (0, "0", "0"),
            (7, "7", "+7"),
            (999, "999", "+999"),
            (1_112, "1,112", "+1,112"),
            (-3_024, "−3,024", "−3,024"),
            (
                i64::MIN,
                "−9,223,372,036,854,775,808",
                "−9,223,372,036,854,775,808",
            ),
        ] {
            assert_eq!(count(number), plain);
            assert_eq!(signed(number), with_sign);
        }
    }
}
