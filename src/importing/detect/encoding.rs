//! Detection of an encoding.

use super::super::dialect::Encoding;

/// Finds out the encoding of a text from its first bytes.
///
/// A mark is believed. Without one, UTF-16 gives itself away by the zeros that its ASCII has, UTF-8 by its
/// form, and GB 18030 by bytes above ASCII that come in pairs; what is left is taken for Windows-1252, in
/// which nothing can be wrong.
pub fn detect_encoding(sample: &[u8]) -> Encoding {
    let marked = [
        Encoding::Utf8,
        Encoding::Utf16Le,
        Encoding::Utf16Be,
        Encoding::Gb18030,
    ];
    if let Some(encoding) = marked.into_iter().find(|it| it.is_marked(sample)) {
        return encoding;
    }
    if let Some(encoding) = detect_utf16(sample) {
        return encoding;
    }
    let (sound, broken) = judge_utf8(sample);
    if broken == 0 || sound > 4 * broken {
        return Encoding::Utf8;
    }
    let (pairs, singles) = judge_pairs(sample);
    match pairs > 2 * singles {
        true => Encoding::Gb18030,
        // A few bytes that are wrong in any encoding say nothing about it.
        false if singles + pairs <= 2 && sound > 0 => Encoding::Utf8,
        false => Encoding::Windows1252,
    }
}

/// Returns the order of bytes of UTF-16, if half of the ASCII in it is zeros.
fn detect_utf16(sample: &[u8]) -> Option<Encoding> {
    let pairs = sample.len() / 2;
    let zeros = |from: usize| {
        sample
            .iter()
            .skip(from)
            .step_by(2)
            .filter(|it| **it == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    // Separators and line ends are ASCII in any language.
    let many = |zeros: usize| zeros > 1 && zeros * 20 > pairs;
    if many(odd) && even * 10 < odd {
        Some(Encoding::Utf16Le)
    } else if many(even) && odd * 10 < even {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}

/// Counts the characters beyond ASCII that are sound UTF-8, and the places that are not.
fn judge_utf8(sample: &[u8]) -> (usize, usize) {
    let (mut sound, mut broken) = (0, 0);
    let mut chunks = sample.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        sound += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        // The sample may end within a character.
        let cut = chunks.peek().is_none() && sample.len() > 3 && !chunk.valid().is_empty();
        let begun = matches!(chunk.invalid(), [0xC2..=0xF4, ..]);
        broken += usize::from(!(chunk.invalid().is_empty() || cut && begun));
    }
    (sound, broken)
}

/// Counts the pairs of bytes above ASCII, as Chinese has them, and such bytes that stand alone.
fn judge_pairs(sample: &[u8]) -> (usize, usize) {
    let (mut pairs, mut singles) = (0, 0);
    let mut at = 0;
    while let Some(byte) = sample.get(at) {
        let follows = sample.get(at + 1);
        at += match (byte, follows) {
            (0x00..=0x80 | 0xFF, _) => 1,
            (_, Some(0xA1..=0xFE)) => {
                pairs += 1;
                2
            }
            (_, Some(b'0'..=b'9')) if sample.get(at + 2).is_some_and(|it| *it > 0x80) => {
                pairs += 1;
                4
            }
            // The rarer characters have a second byte that may be a letter: counted as neither.
            (_, Some(0x80..=0xA0)) => 2,
            _ => {
                singles += 1;
                1
            }
        };
    }
    (pairs, singles)
}

/// Decodes a sample, mark and all that is damaged left out.
pub fn decode_sample(sample: &[u8], encoding: Encoding) -> String {
    let bytes = match encoding.is_marked(sample) {
        true => &sample[encoding.mark().len()..],
        false => sample,
    };
    let encoding = match encoding {
        Encoding::Utf8 => encoding_rs::UTF_8,
        Encoding::Utf16Le => encoding_rs::UTF_16LE,
        Encoding::Utf16Be => encoding_rs::UTF_16BE,
        Encoding::Gb18030 => encoding_rs::GB18030,
        Encoding::Windows1252 => encoding_rs::WINDOWS_1252,
    };
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}
