//! One JSON object: its members, each with its place, and no value kept but as it is written.

use memchr::memchr3;

/// The deepest nesting that is followed.
const DEEPEST: usize = 64;

/// A text within the object: of a string, what stands between the quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its first byte, which may be a quote.
    pub at: usize,
    pub start: usize,
    pub end: usize,
    /// True if it has to be unescaped.
    pub escaped: bool,
}

/// The place where a text stops being JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken(pub usize);

/// Reads the object at a position: `each` is called with the name and the value of every member, and refuses
/// one by returning its place. Returns the end of the object.
pub fn members(
    bytes: &[u8],
    at: usize,
    mut each: impl FnMut(Piece, Piece) -> Result<(), Broken>,
) -> Result<usize, Broken> {
    let mut at = skip_space(bytes, expect(bytes, at, b'{')?);
    if bytes.get(at) == Some(&b'}') {
        return Ok(at + 1);
    }
    loop {
        let name = string(bytes, at)?;
        let colon = skip_space(bytes, name.end + 1);
        let value = skip_space(bytes, expect(bytes, colon, b':')?);
        let (value, end) = self::value(bytes, value)?;
        each(name, value)?;
        at = skip_space(bytes, end);
        match bytes.get(at) {
            Some(b',') => at = skip_space(bytes, at + 1),
            Some(b'}') => return Ok(at + 1),
            _ => return Err(Broken(at)),
        }
    }
}

/// Reads a value, and returns it with its end; `null` is a text without letters.
fn value(bytes: &[u8], at: usize) -> Result<(Piece, usize), Broken> {
    let end = match bytes.get(at) {
        Some(b'"') => {
            let text = string(bytes, at)?;
            return Ok((text, text.end + 1));
        }
        Some(b'{' | b'[') => nested(bytes, at, 0)?,
        Some(b't') => word(bytes, at, b"true")?,
        Some(b'f') => word(bytes, at, b"false")?,
        Some(b'n') => word(bytes, at, b"null")?,
        _ => number(bytes, at)?,
    };
    let text = Piece {
        at,
        start: if bytes[at] == b'n' { end } else { at },
        end,
        escaped: false,
    };
    Ok((text, end))
}

/// Passes over an array or an object within another.
fn nested(bytes: &[u8], at: usize, depth: usize) -> Result<usize, Broken> {
    if depth == DEEPEST {
        return Err(Broken(at));
    }
    let (close, named) = match bytes.get(at) {
        Some(b'{') => (b'}', true),
        Some(b'[') => (b']', false),
        _ => return value(bytes, at).map(|it| it.1),
    };
    let mut at = skip_space(bytes, at + 1);
    if bytes.get(at) == Some(&close) {
        return Ok(at + 1);
    }
    loop {
        if named {
            let colon = skip_space(bytes, string(bytes, at)?.end + 1);
            at = skip_space(bytes, expect(bytes, colon, b':')?);
        }
        at = skip_space(bytes, nested(bytes, at, depth + 1)?);
        match bytes.get(at) {
            Some(b',') => at = skip_space(bytes, at + 1),
            Some(byte) if *byte == close => return Ok(at + 1),
            _ => return Err(Broken(at)),
        }
    }
}

fn string(bytes: &[u8], at: usize) -> Result<Piece, Broken> {
    let start = expect(bytes, at, b'"')?;
    let mut escaped = false;
    let mut pos = start;
    loop {
        // No line break can be in a string: one that is not closed breaks there at the latest.
        let rest = bytes.get(pos..).unwrap_or_default();
        let Some(found) = memchr3(b'"', b'\\', b'\n', rest).map(|it| pos + it) else {
            return Err(Broken(bytes.len()));
        };
        match bytes[found] {
            b'"' => {
                return Ok(Piece {
                    at,
                    start,
                    end: found,
                    escaped,
                });
            }
            b'\\' => {
                escaped = true;
                pos = found + 2;
            }
            _ => return Err(Broken(found)),
        }
    }
}

/// Reads a number, by the grammar of JSON.
fn number(bytes: &[u8], at: usize) -> Result<usize, Broken> {
    let digits = |from: usize| {
        let rest = bytes.get(from..).unwrap_or_default();
        let length = rest.iter().take_while(|it| it.is_ascii_digit()).count();
        if length == 0 {
            Err(Broken(from))
        } else {
            Ok(from + length)
        }
    };
    let begin = at + usize::from(bytes.get(at) == Some(&b'-'));
    let mut end = digits(begin)?;
    if bytes[begin] == b'0' && end > begin + 1 {
        return Err(Broken(begin));
    }
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1)?;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        end = digits(end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-'))))?;
    }
    Ok(end)
}

fn word(bytes: &[u8], at: usize, word: &[u8]) -> Result<usize, Broken> {
    let found = bytes[at..].starts_with(word);
    found.then_some(at + word.len()).ok_or(Broken(at))
}

fn expect(bytes: &[u8], at: usize, byte: u8) -> Result<usize, Broken> {
    let found = bytes.get(at) == Some(&byte);
    found.then_some(at + 1).ok_or(Broken(at.min(bytes.len())))
}

pub fn skip_space(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let blank = |it: &&u8| matches!(it, b' ' | b'\t' | b'\n' | b'\r');
    at + rest.iter().take_while(blank).count()
}

/// Appends the text that is meant by one with escapes. Returns false if it means none.
pub fn unescape(text: &str, into: &mut String) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        into.push_str(&rest[..at]);
        let mut letters = rest[at + 1..].chars();
        let Some(letter) = letters.next() else {
            return false;
        };
        rest = letters.as_str();
        into.push(match letter {
            '"' | '\\' | '/' => letter,
            'b' => '\u{8}',
            'f' => '\u{C}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => match unit(&mut rest) {
                // Characters beyond the first 65,536 are two such units.
                Some(high @ 0xD800..=0xDBFF) => {
                    rest = rest.strip_prefix("\\u").unwrap_or_default();
                    let low = unit(&mut rest).filter(|it| matches!(it, 0xDC00..=0xDFFF));
                    let code = low.map(|low| 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
                    match code.and_then(char::from_u32) {
                        Some(letter) => letter,
                        None => return false,
                    }
                }
                Some(unit) => match char::from_u32(unit) {
                    Some(letter) => letter,
                    None => return false,
                },
                None => return false,
            },
            _ => return false,
        });
    }
    into.push_str(rest);
    true
}

/// Reads four hexadecimal digits.
fn unit(rest: &mut &str) -> Option<u32> {
    let digits = rest.get(..4)?;
    if !digits.bytes().all(|it| it.is_ascii_hexdigit()) {
        return None;
    }
    *rest = &rest[4..];
    u32::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(String, String)>, Broken> {
        let mut found = Vec::new();
        members(text.as_bytes(), 0, |name, value| {
            let text = |piece: Piece| text[piece.start..piece.end].to_owned();
            found.push((text(name), text(value)));
            Ok(())
        })?;
        Ok(found)
    }

    #[test]
    fn members_are_read_as_they_are_written() {
        let text = r#"{"a": "x\"y", "b":-36.60e1,"c" :null ,"d":true,"e":[1,{"f":["g"]}],"h":{}}"#;
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let found = vec![
            pair("a", r#"x\"y"#),
            pair("b", "-36.60e1"),
            pair("c", ""),
            pair("d", "true"),
            pair("e", r#"[1,{"f":["g"]}]"#),
            pair("h", "{}"),
        ];
        assert_eq!(read(text), Ok(found));
        assert_eq!(read("{ }"), Ok(vec![]));
    }

    #[test]
    fn damage_is_found_where_it_is() {
        for (text, place) in [
            (r#"{"a":1"#, 6),
            (r#"{"a":1 "b":2}"#, 7),
            (r#"{"a":01}"#, 5),
            (r#"{"a":1.}"#, 7),
            (r#"{"a":"x}"#, 8),
            ("{\"a\":\"x\n\"}", 7),
            (r#"{"a":nil}"#, 5),
            (r#"{"a":[1,}"#, 8),
            (r#"{"a":{"b"}}"#, 9),
            (r#"{"a",1}"#, 4),
            (r"{a:1}", 1),
            (r#"{"a":1,}"#, 7),
            (r"[]", 0),
            ("", 0),
        ] {
            assert_eq!(read(text), Err(Broken(place)), "{text}");
        }
        let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(99), "]".repeat(99));
        assert!(read(&deep).is_err());
    }

    #[test]
    fn escapes_are_undone() {
        for (text, meant) in [
            (r#"a\"b\\c\/d"#, Some("a\"b\\c/d")),
            (r"\b\f\n\r\t", Some("\u{8}\u{C}\n\r\t")),
            (r"\u00e9\u4E2D", Some("é中")),
            (r"\ud83d\ude00!", Some("😀!")),
            (r"\ud83d", None),
            (r"\ud83d\u0041", None),
            (r"\ude00", None),
            (r"\u12", None),
            (r"\u+123", None),
            (r"\x", None),
            ("\\", None),
        ] {
            let mut found = String::new();
            let sound = unescape(text, &mut found);
            assert_eq!(sound.then_some(found.as_str()), meant, "{text}");
        }
    }
}
