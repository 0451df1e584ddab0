//! Numbers: whole ones, and decimals that keep the digits they were written with.

use super::super::code::{Code, Wrong};
use super::super::short::Short;
use super::typos::mend;

/// A decimal number as it was written: `36.60` is 3660 with two places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    pub digits: i64,
    pub places: u8,
}

impl Decimal {
    pub fn to_f64(self) -> f64 {
        self.digits as f64 / 10_f64.powi(self.places.into())
    }
}

/// The most digits that are sure to fit.
const MOST_DIGITS: usize = 18;

/// Reads a whole number.
#[inline]
pub fn whole(text: &str) -> Result<i64, Wrong> {
    read_whole(text.as_bytes()).ok_or_else(|| explain_whole(text))
}

/// Reads a whole number within bounds, both of them included.
#[inline]
pub fn whole_between(text: &str, least: i64, most: i64) -> Result<i64, Wrong> {
    let number = whole(text)?;
    if number < least || number > most {
        return Err(Wrong {
            numbers: [least, most],
            ..Wrong::new(Code::Range)
        });
    }
    Ok(number)
}

/// Reads a decimal number, with a decimal comma or with a point.
#[inline]
pub fn decimal(text: &str, comma: bool) -> Result<Decimal, Wrong> {
    read_decimal(text.as_bytes(), mark(comma)).ok_or_else(|| explain_decimal(text, comma))
}

const fn mark(comma: bool) -> u8 {
    if comma { b',' } else { b'.' }
}

#[inline]
fn signed(bytes: &[u8]) -> (bool, &[u8]) {
    match bytes {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, bytes),
    }
}

#[inline]
fn read_whole(bytes: &[u8]) -> Option<i64> {
    let (negative, digits) = signed(bytes);
    if digits.is_empty() || digits.len() > MOST_DIGITS {
        return None;
    }
    let mut number = 0;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + i64::from(digit);
    }
    Some(if negative { -number } else { number })
}

#[inline]
fn read_decimal(bytes: &[u8], mark: u8) -> Option<Decimal> {
    let (negative, rest) = signed(bytes);
    if rest.len() > MOST_DIGITS {
        return None;
    }
    let mut digits = 0_i64;
    let mut places = None;
    let mut count = 0;
    for byte in rest {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            digits = digits * 10 + i64::from(digit);
            count += 1;
            places = places.map(|it: u8| it + 1);
        } else if *byte == mark && places.is_none() && count > 0 {
            places = Some(0);
        } else {
            return None;
        }
    }
    // `36.` has lost something.
    if count == 0 || places == Some(0) {
        return None;
    }
    Some(Decimal {
        digits: if negative { -digits } else { digits },
        places: places.unwrap_or_default(),
    })
}

#[cold]
fn explain_whole(text: &str) -> Wrong {
    if text.is_empty() {
        return Wrong::new(Code::Empty);
    }
    let mended = mend(text);
    let plain = mended.as_ref().map_or(text, Short::as_str).trim();
    if let Some(number) = mended.and(read_whole(plain.as_bytes())) {
        return Wrong::suggesting(Code::Typo, Short::number(number));
    }
    // `72.0` is whole for all that; `1.234` is more likely to be a thousand and some.
    for mark in [b'.', b','] {
        let Some(number) = read_decimal(plain.as_bytes(), mark).filter(|it| it.places != 3) else {
            continue;
        };
        let unit = 10_i64.pow(number.places.into());
        return match number.digits % unit {
            0 => Wrong::suggesting(Code::Whole, Short::number(number.digits / unit)),
            _ => Wrong::new(Code::Whole),
        };
    }
    match grouped(plain).and_then(|it| read_whole(it.as_bytes())) {
        Some(number) => Wrong::suggesting(Code::Number, Short::number(number)),
        None => Wrong::new(Code::Number),
    }
}

#[cold]
fn explain_decimal(text: &str, comma: bool) -> Wrong {
    if text.is_empty() {
        return Wrong::new(Code::Empty);
    }
    let mended = mend(text);
    let plain = mended.as_ref().map_or(text, Short::as_str).trim();
    let (right, other) = (mark(comma), mark(!comma));
    if mended.is_some() && read_decimal(plain.as_bytes(), right).is_some() {
        return Short::of(plain).map_or(Wrong::new(Code::Typo), |it| {
            Wrong::suggesting(Code::Typo, it)
        });
    }
    let (right, other) = (char::from(right), char::from(other));
    if let Some(number) = read_decimal(plain.as_bytes(), other as u8) {
        // With three places it may be thousands, in groups, as well.
        let suggestion = (number.places != 3).then(|| with_mark(plain, other, right));
        return Wrong {
            suggestion: suggestion.flatten(),
            ..Wrong::new(Code::DecimalMark)
        };
    }
    // Thousands in groups, and decimals behind them.
    let readings = [(right, Code::Number), (other, Code::DecimalMark)];
    for (mark, code) in readings {
        let (whole, places) = match plain.rsplit_once(mark) {
            Some((whole, places)) => (whole, Some(places)),
            None => (plain, None),
        };
        let digits = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit());
        let Some(mut number) = grouped(whole).filter(|_| places.is_none_or(digits)) else {
            continue;
        };
        let fits = places.is_none_or(|places| number.push(right) && number.push_str(places));
        if fits && read_decimal(number.as_bytes(), right as u8).is_some() {
            return Wrong::suggesting(code, number);
        }
    }
    Wrong::new(Code::Number)
}

fn with_mark(text: &str, from: char, to: char) -> Option<Short> {
    let mut other = Short::new();
    text.chars()
        .all(|it| other.push(if it == from { to } else { it }))
        .then_some(other)
}

/// Joins thousands that are written in groups: `1,234,567`, `1 234`, `1'234`.
fn grouped(text: &str) -> Option<Short> {
    let mut joined = Short::new();
    let digits = match text.strip_prefix('-') {
        Some(rest) => {
            joined.push('-');
            rest
        }
        None => text,
    };
    let mut separator = None;
    let mut count = 0;
    for letter in digits.chars() {
        match letter {
            '0'..='9' if separator.is_none() || count < 3 => count += 1,
            ',' | '.' | ' ' | '\'' | '\u{A0}' | '\u{202F}' | '’' => {
                let first = separator.is_none();
                let even = if first {
                    (1..=3).contains(&count)
                } else {
                    count == 3
                };
                if !even || separator.is_some_and(|it| it != letter) {
                    return None;
                }
                separator = Some(letter);
                count = 0;
                continue;
            }
            _ => return None,
        }
        if !joined.push(letter) {
            return None;
        }
    }
    (separator.is_some() && count == 3).then_some(joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told<T>(read: Result<T, Wrong>) -> Result<T, (Code, Option<String>)> {
        read.map_err(|it| (it.code, it.suggestion.map(|it| it.as_str().to_owned())))
    }

    fn wrong<T>(code: Code, suggestion: &str) -> Result<T, (Code, Option<String>)> {
        Err((
            code,
            (!suggestion.is_empty()).then(|| suggestion.to_owned()),
        ))
    }

    #[test]
    fn whole_numbers() {
        for (text, read) in [
            ("72", Ok(72)),
            ("-5", Ok(-5)),
            ("+007", Ok(7)),
            ("", wrong(Code::Empty, "")),
            ("1,234", wrong(Code::Number, "1234")),
            ("1 234 567", wrong(Code::Number, "1234567")),
            ("-1.234", wrong(Code::Number, "-1234")),
            ("1,23,4", wrong(Code::Number, "")),
            ("1,2345", wrong(Code::Whole, "")),
            ("72.0", wrong(Code::Whole, "72")),
            ("72,00", wrong(Code::Whole, "72")),
            ("36.6", wrong(Code::Whole, "")),
            ("7O", wrong(Code::Typo, "70")),
            ("l2", wrong(Code::Typo, "12")),
            ("７２", wrong(Code::Typo, "72")),
            ("seventy", wrong(Code::Number, "")),
            ("-", wrong(Code::Number, "")),
            ("9999999999999999999", wrong(Code::Number, "")),
            ("72 bpm", wrong(Code::Number, "")),
        ] {
            assert_eq!(told(whole(text)), read, "{text:?}");
        }
        assert_eq!(whole_between("300", 20, 300), Ok(300));
        let beyond = whole_between("301", 20, 300).expect_err("beyond");
        assert_eq!((beyond.code, beyond.numbers), (Code::Range, [20, 300]));
    }

    #[test]
    fn decimal_numbers() {
        let number = |digits, places| Ok(Decimal { digits, places });
        for (text, comma, read) in [
            ("36.6", false, number(366, 1)),
            ("-36.60", false, number(-3660, 2)),
            ("36", true, number(36, 0)),
            ("36,6", true, number(366, 1)),
            ("36,6", false, wrong(Code::DecimalMark, "36.6")),
            ("36.6", true, wrong(Code::DecimalMark, "36,6")),
            ("1,234", false, wrong(Code::DecimalMark, "")),
            ("1,234.5", false, wrong(Code::Number, "1234.5")),
            ("1.234,5", false, wrong(Code::DecimalMark, "1234.5")),
            ("1,234,567", false, wrong(Code::Number, "1234567")),
            ("３６．６", false, wrong(Code::Typo, "36.6")),
            ("3O.5", false, wrong(Code::Typo, "30.5")),
            ("36.", false, wrong(Code::Number, "")),
            (".5", false, wrong(Code::Number, "")),
            ("1e3", false, wrong(Code::Number, "")),
            ("", true, wrong(Code::Empty, "")),
        ] {
            assert_eq!(told(decimal(text, comma)), read, "{text:?} {comma}");
        }
        let read = decimal("36.6", false).map(Decimal::to_f64);
        assert!(read.is_ok_and(|it| (it - 36.6).abs() < 1e-9));
    }
}
