//! Blood pressures: `120/80`, in millimetres of mercury.

use super::super::code::{Code, Wrong};
use super::super::short::Short;
use super::typos::mend;

/// A blood pressure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pressure {
    pub systolic: u16,
    pub diastolic: u16,
}

impl Pressure {
    /// Returns true if a living body may have it: only such a one is ever suggested.
    const fn is_plausible(self) -> bool {
        matches!(self.systolic, 50..=300)
            && matches!(self.diastolic, 20..=200)
            && self.systolic > self.diastolic
    }

    fn text(self) -> Short {
        let mut text = Short::number(self.systolic.into());
        text.push('/');
        text.push_digits(self.diastolic.into(), 1);
        text
    }
}

/// Reads a blood pressure, with or without spaces around the stroke.
#[inline]
pub fn pressure(text: &str) -> Result<Pressure, Wrong> {
    match read(text.as_bytes()) {
        Some(read) if read.systolic > read.diastolic => Ok(read),
        _ => Err(explain(text)),
    }
}

#[inline]
fn read(bytes: &[u8]) -> Option<Pressure> {
    let (systolic, rest) = number(bytes)?;
    let [b'/', rest @ ..] = rest.trim_ascii_start() else {
        return None;
    };
    let (diastolic, rest) = number(rest.trim_ascii_start())?;
    rest.is_empty().then_some(Pressure {
        systolic,
        diastolic,
    })
}

/// Reads a number of two or three digits, and returns what follows it.
#[inline]
fn number(bytes: &[u8]) -> Option<(u16, &[u8])> {
    let mut number = 0;
    let mut length = 0;
    for byte in bytes.iter().take(4) {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        number = number * 10 + u16::from(digit);
        length += 1;
    }
    matches!(length, 2 | 3).then(|| (number, &bytes[length..]))
}

#[cold]
fn explain(text: &str) -> Wrong {
    if text.is_empty() {
        return Wrong::new(Code::Empty);
    }
    let mended = mend(text);
    let plain = mended.as_ref().map_or(text, Short::as_str).trim();
    if let Some(read) = read(plain.as_bytes()) {
        return match read.systolic > read.diastolic {
            true => Wrong {
                suggestion: read.is_plausible().then(|| read.text()),
                ..Wrong::new(Code::Typo)
            },
            false => swapped(read),
        };
    }
    let parted = two_numbers(plain.as_bytes());
    let found = parted.or_else(|| joined(plain.as_bytes()));
    match found {
        Some(read) if read.is_plausible() => Wrong::suggesting(Code::Pressure, read.text()),
        Some(read) => Wrong {
            code: Code::Pressure,
            ..swapped(read)
        },
        None => Wrong::new(Code::Pressure),
    }
}

fn swapped(read: Pressure) -> Wrong {
    let turned = Pressure {
        systolic: read.diastolic,
        diastolic: read.systolic,
    };
    Wrong {
        suggestion: turned.is_plausible().then(|| turned.text()),
        ..Wrong::new(Code::Swapped)
    }
}

/// Reads two numbers with anything but digits between them, and perhaps a unit behind.
fn two_numbers(bytes: &[u8]) -> Option<Pressure> {
    let (systolic, rest) = number(bytes)?;
    let from = rest.iter().position(u8::is_ascii_digit)?;
    let (diastolic, rest) = number(&rest[from..])?;
    (from <= 3 && !rest.iter().any(u8::is_ascii_digit)).then_some(Pressure {
        systolic,
        diastolic,
    })
}

/// Reads two numbers with nothing between them, if there is one way only to part them.
fn joined(bytes: &[u8]) -> Option<Pressure> {
    if !matches!(bytes.len(), 4..=6) || !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let mut ways = (2..=3).filter_map(|at| {
        let (first, second) = bytes.split_at_checked(at)?;
        let (systolic, _) = number(first)?;
        // A zero in front is never written.
        let (diastolic, rest) = number(second).filter(|_| second[0] != b'0')?;
        let read = Pressure {
            systolic,
            diastolic,
        };
        (rest.is_empty() && read.is_plausible()).then_some(read)
    });
    ways.next().filter(|_| ways.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pressures() {
        for (text, read) in [
            ("120/80", Ok((120, 80))),
            ("95 / 60", Ok((95, 60))),
            ("120-80", Err((Code::Pressure, Some("120/80")))),
            ("120\\80", Err((Code::Pressure, Some("120/80")))),
            ("120 80", Err((Code::Pressure, Some("120/80")))),
            ("120//80", Err((Code::Pressure, Some("120/80")))),
            ("120/80 mmHg", Err((Code::Pressure, Some("120/80")))),
            ("12080", Err((Code::Pressure, Some("120/80")))),
            ("9060", Err((Code::Pressure, Some("90/60")))),
            ("180110", Err((Code::Pressure, Some("180/110")))),
            ("80-120", Err((Code::Pressure, Some("120/80")))),
            ("80/120", Err((Code::Swapped, Some("120/80")))),
            ("80/80", Err((Code::Swapped, None))),
            ("12O/8O", Err((Code::Typo, Some("120/80")))),
            ("１２０／８０", Err((Code::Typo, Some("120/80")))),
            ("O７/0l", Err((Code::Typo, None))),
            ("120", Err((Code::Pressure, None))),
            ("120/", Err((Code::Pressure, None))),
            ("120/8", Err((Code::Pressure, None))),
            ("1200/80", Err((Code::Pressure, None))),
            ("120/80/60", Err((Code::Pressure, None))),
            ("high", Err((Code::Pressure, None))),
            ("", Err((Code::Empty, None))),
        ] {
            let found = pressure(text);
            let found = match &found {
                Ok(it) => Ok((it.systolic, it.diastolic)),
                Err(it) => Err((it.code, it.suggestion.as_ref().map(Short::as_str))),
            };
            assert_eq!(found, read, "{text:?}");
        }
    }
}
