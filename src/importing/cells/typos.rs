//! Slips of the hand and of the keyboard: letters that look like digits, and characters of another width.

use super::super::short::Short;

/// Mends a text that should be made of digits. Returns nothing if there is nothing to mend, or no digit in it.
pub fn mend(text: &str) -> Option<Short> {
    let suspicious = |byte: u8| matches!(byte, b'O' | b'o' | b'l' | b'I' | 0x80..);
    if !text.bytes().any(suspicious) {
        return None;
    }
    let mut mended = Short::new();
    let mut changed = false;
    let mut digits = false;
    for letter in text.chars() {
        let meant = meant(letter);
        // What was a digit all along, of any width, vouches for those that were not.
        digits |= meant.is_ascii_digit() && !letter.is_ascii_alphabetic();
        changed |= meant != letter;
        if !mended.push(meant) {
            return None;
        }
    }
    (changed && digits).then_some(mended)
}

/// Returns the character that one was meant to be.
fn meant(letter: char) -> char {
    match letter {
        'O' | 'o' | 'О' | 'о' | 'Ο' | 'ο' => '0',
        'l' | 'I' => '1',
        '\u{3000}' | '\u{A0}' | '\u{2009}' | '\u{202F}' => ' ',
        '\u{2212}' | '\u{2010}'..='\u{2014}' => '-',
        '\u{2044}' | '\u{2215}' => '/',
        '。' => '.',
        '、' => ',',
        // The block of ASCII in full width.
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter),
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_mended() {
        for (text, mended) in [
            ("7O", Some("70")),
            ("l2o", Some("120")),
            ("７２", Some("72")),
            ("１２０／８０", Some("120/80")),
            ("−5", Some("-5")),
            ("3６。６", Some("36.6")),
            ("Ｏ", None),
            ("lO", None),
            ("72", None),
            ("", None),
            ("abc", None),
            ("7é", None),
        ] {
            assert_eq!(mend(text).as_ref().map(Short::as_str), mended, "{text}");
        }
    }
}
