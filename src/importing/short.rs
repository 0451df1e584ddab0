//! Short texts on the stack: a suggestion is made for every wrong cell, and must cost no allocation.

use std::fmt;

/// The most bytes a short text holds: an instant with microseconds and a zone, and some to spare.
const MOST: usize = 39;

/// A text of at most 39 bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Short {
    bytes: [u8; MOST],
    length: u8,
}

impl Short {
    pub const fn new() -> Self {
        Self {
            bytes: [0; MOST],
            length: 0,
        }
    }

    /// Returns the text, or nothing if it is too long.
    pub fn of(text: &str) -> Option<Self> {
        let mut short = Self::new();
        short.push_str(text).then_some(short)
    }

    /// Returns a number's decimal digits.
    pub fn number(number: i64) -> Self {
        let mut short = Self::new();
        if number < 0 {
            short.push('-');
        }
        short.push_digits(number.unsigned_abs(), 1);
        short
    }

    /// Appends a text as a whole. Returns false, and appends nothing, if there is no room for it.
    pub fn push_str(&mut self, text: &str) -> bool {
        self.push_bytes(text.as_bytes())
    }

    /// Appends bytes of text: as a whole, or not at all.
    pub(crate) fn push_bytes(&mut self, text: &[u8]) -> bool {
        let from = usize::from(self.length);
        let Some(room) = self.bytes.get_mut(from..from + text.len()) else {
            return false;
        };
        room.copy_from_slice(text);
        self.length += text.len() as u8;
        true
    }

    pub fn push(&mut self, letter: char) -> bool {
        if !letter.is_ascii() {
            return self.push_str(letter.encode_utf8(&mut [0; 4]));
        }
        let Some(room) = self.bytes.get_mut(usize::from(self.length)) else {
            return false;
        };
        *room = letter as u8;
        self.length += 1;
        true
    }

    /// Appends a number with at least so many digits.
    pub fn push_digits(&mut self, number: u64, least: usize) -> bool {
        let mut digits = [b'0'; 20];
        let mut from = digits.len();
        let mut rest = number;
        while rest > 0 || digits.len() - from < least {
            from -= 1;
            digits[from] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        self.push_bytes(&digits[from..])
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

impl Default for Short {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_are_put_together() {
        let mut short = Short::number(-120);
        assert!(short.push('/') && short.push_digits(7, 2) && short.push('é'));
        assert_eq!(short.as_str(), "-120/07é");
        assert_eq!(Short::number(0).as_str(), "0");
        assert_eq!(Short::number(i64::MIN).as_str(), "-9223372036854775808");
        assert_eq!(Short::of(&"x".repeat(40)), None);
    }
}
