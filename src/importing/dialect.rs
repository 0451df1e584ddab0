//! The dialect of a delimited file: its encoding, its separator, and the rest of what a reader must know.

use crate::words::words;
use serde::{Deserialize, Serialize};

words!(
    /// The encoding of a file's text.
    #[derive(Default)]
    pub enum Encoding {
        #[default]
        Utf8 = "utf-8",
        Utf16Le = "utf-16le",
        Utf16Be = "utf-16be",
        Gb18030 = "gb18030",
        Windows1252 = "windows-1252",
    }
);

impl Encoding {
    /// Returns the byte order mark that a file in this encoding may begin with.
    pub const fn mark(self) -> &'static [u8] {
        match self {
            Self::Utf8 => &[0xEF, 0xBB, 0xBF],
            Self::Utf16Le => &[0xFF, 0xFE],
            Self::Utf16Be => &[0xFE, 0xFF],
            Self::Gb18030 => &[0x84, 0x31, 0x95, 0x33],
            Self::Windows1252 => &[],
        }
    }

    /// Returns true if the bytes begin with the mark of this encoding.
    pub fn is_marked(self, bytes: &[u8]) -> bool {
        !self.mark().is_empty() && bytes.starts_with(self.mark())
    }
}

words!(
    /// The character between two fields.
    #[derive(Default)]
    pub enum Separator {
        #[default]
        Comma = "comma",
        Semicolon = "semicolon",
        Tab = "tab",
        Pipe = "pipe",
    }
);

impl Separator {
    pub const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
        }
    }
}

words!(
    /// The character around fields that hold separators or line breaks.
    #[derive(Default)]
    pub enum Quote {
        #[default]
        Double = "double",
        Single = "single",
        /// Quotes are letters like any other.
        None = "none",
    }
);

impl Quote {
    pub const fn byte(self) -> Option<u8> {
        match self {
            Self::Double => Some(b'"'),
            Self::Single => Some(b'\''),
            Self::None => None,
        }
    }
}

/// A file's dialect, as found out or as given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialect {
    pub encoding: Encoding,
    /// True if the file begins with a byte order mark.
    pub bom: bool,
    pub separator: Separator,
    pub quote: Quote,
    /// True if numbers are written with a comma before their decimals.
    pub decimal_comma: bool,
    /// True if the first record names the columns.
    pub header: bool,
}

impl Default for Dialect {
    fn default() -> Self {
        Self {
            encoding: Encoding::Utf8,
            bom: false,
            separator: Separator::Comma,
            quote: Quote::Double,
            decimal_comma: false,
            header: true,
        }
    }
}

/// The parts of a dialect that somebody knows better than the detection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overrides {
    pub encoding: Option<Encoding>,
    pub separator: Option<Separator>,
    pub quote: Option<Quote>,
    pub decimal_comma: Option<bool>,
    pub header: Option<bool>,
}
