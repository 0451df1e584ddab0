//! The ends of objects, and the beginning of the next one after damage.
//!
//! The objects of an array are found by their brackets, but brackets alone would let a missing one swallow
//! the rest of the file. So it is also minded what may follow what: after a string neither a letter nor
//! another string, after a comma in an object nothing but a name. Where that breaks, the object is one bad
//! record, and it ends in front of the next text that looks like the beginning of an object of this array:
//! a brace that does not belong to a name, followed by the name of a column and a colon. It is looked for
//! from the damaged object's first byte on, since the damage may have hidden its end.

use super::object::skip_space;
use memchr::{memchr, memchr3};

/// The most bytes from a brace to the colon behind the first name.
pub const NAME: usize = 256;

/// The outcome of looking for the end of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skim {
    End(usize),
    Broken(usize),
    TooLong,
    /// More bytes are needed to tell.
    More,
}

/// Looks for the end of the object at a position, of at most so many bytes.
pub fn skim(bytes: &[u8], at: usize, last: bool, longest: usize) -> Skim {
    let outcome = skim_to(bytes, at, last);
    let reached = match outcome {
        Skim::End(end) | Skim::Broken(end) => end,
        _ => bytes.len(),
    };
    match outcome {
        _ if reached - at > longest => Skim::TooLong,
        Skim::More if last => Skim::Broken(bytes.len()),
        outcome => outcome,
    }
}

fn skim_to(bytes: &[u8], at: usize, last: bool) -> Skim {
    // One bit for each level: an object has a one.
    let mut levels = 0_u64;
    let mut depth = 0;
    let mut pos = at;
    // True where the name of a member has to follow.
    let mut name = false;
    if bytes.get(at).is_some_and(|byte| *byte != b'{') {
        return Skim::Broken(at);
    }
    loop {
        pos = skip_space(bytes, pos);
        let Some(byte) = bytes.get(pos) else {
            return Skim::More;
        };
        let broken = Skim::Broken(pos);
        match byte {
            b'"' => {
                let Some(end) = string_end(bytes, pos) else {
                    return Skim::More;
                };
                let Ok(end) = end else {
                    return Skim::Broken(end.unwrap_or_else(|it| it));
                };
                pos = skip_space(bytes, end);
                match bytes.get(pos) {
                    Some(b':') if name => pos += 1,
                    Some(b',' | b'}' | b']') if !name => {}
                    None if !last => return Skim::More,
                    _ => return Skim::Broken(pos),
                }
                name = false;
            }
            b'}' | b']' => {
                let object = levels & 1 == 1;
                if depth == 0 || object != (*byte == b'}') {
                    return broken;
                }
                levels >>= 1;
                depth -= 1;
                pos += 1;
                if depth == 0 {
                    return Skim::End(pos);
                }
                name = false;
            }
            _ if name => return broken,
            b'{' | b'[' => {
                if depth == 64 {
                    return broken;
                }
                let object = *byte == b'{';
                levels = levels << 1 | u64::from(object);
                depth += 1;
                pos += 1;
                let next = skip_space(bytes, pos);
                if next == bytes.len() {
                    return Skim::More;
                }
                name = object && bytes[next] != b'}';
            }
            b',' => {
                pos += 1;
                name = levels & 1 == 1;
            }
            b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'E' => pos += 1,
            _ => return broken,
        }
    }
}

/// Returns the end of a string, or where it breaks; nothing if neither is there yet.
fn string_end(bytes: &[u8], at: usize) -> Option<Result<usize, usize>> {
    let mut pos = at + 1;
    loop {
        let found = pos + memchr3(b'"', b'\\', b'\n', bytes.get(pos..)?)?;
        match bytes[found] {
            b'"' => return Some(Ok(found + 1)),
            b'\\' => pos = found + 2,
            _ => return Some(Err(found)),
        }
    }
}

/// Looks for the next beginning of an object at or behind a position. `before` is the last character in front
/// of it that is no space. Returns its place, or the place up to which there is none and the character there.
pub fn next_object(
    bytes: &[u8],
    from: usize,
    mut before: u8,
    last: bool,
    columns: &[String],
) -> Result<usize, (usize, u8)> {
    let mut at = from;
    loop {
        let brace = memchr(b'{', &bytes[at..]).map(|it| at + it);
        let stop = brace.unwrap_or(bytes.len());
        let solid = |it: &&u8| !it.is_ascii_whitespace();
        before = bytes[at..stop]
            .iter()
            .rfind(solid)
            .copied()
            .unwrap_or(before);
        let Some(brace) = brace else {
            return Err((bytes.len(), before));
        };
        if before != b':' {
            match begins(bytes, brace, columns) {
                Some(true) => return Ok(brace),
                None if !last && bytes.len() - brace <= NAME => return Err((brace, before)),
                _ => {}
            }
        }
        before = b'{';
        at = brace + 1;
    }
}

/// Returns true if an object of this array may begin with this brace; nothing if the bytes end too early.
fn begins(bytes: &[u8], brace: usize, columns: &[String]) -> Option<bool> {
    let near = &bytes[..bytes.len().min(brace + NAME)];
    let open = skip_space(near, brace + 1);
    if *near.get(open)? != b'"' {
        return Some(false);
    }
    let close = open + 1 + memchr(b'"', &near[open + 1..])?;
    let colon = skip_space(near, close + 1);
    let name = &near[open + 1..close];
    let known = columns.is_empty() || columns.iter().any(|it| it.as_bytes() == name);
    Some(*near.get(colon)? == b':' && known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_found_and_damage_too() {
        for (text, outcome) in [
            (r#"{"a":1}, "#, Skim::End(7)),
            (r#"{"a":{"b":[1,{}]},"c":"}"}x"#, Skim::End(26)),
            (r#"{"a":"x},{"a":"y"}"#, Skim::Broken(11)),
            (r#"{"a":1,{"a":2}"#, Skim::Broken(7)),
            (r#"{"a":"x,"b":1}"#, Skim::Broken(9)),
            (r#"{"a":1]"#, Skim::Broken(6)),
            ("{\"a\":\"x\n", Skim::Broken(7)),
            (r#"{"a":"x"#, Skim::More),
            (r#"{"a":"x""#, Skim::More),
            ("{", Skim::More),
            (r#"{"a" "b"}"#, Skim::Broken(5)),
            ("{#}", Skim::Broken(1)),
        ] {
            assert_eq!(skim(text.as_bytes(), 0, false, 99), outcome, "{text}");
        }
        assert_eq!(skim(b"{\"a\":", 0, true, 99), Skim::Broken(5));
        assert_eq!(
            skim(b"{\"a\":\"aaaaaaaaaaaaaaaaaaa", 0, false, 9),
            Skim::TooLong
        );
        assert_eq!(skim(b"{\"a\":1}", 0, true, 6), Skim::TooLong);
    }

    #[test]
    fn the_next_object_is_one_of_the_array() {
        let columns = ["a".to_owned()];
        let next = |text: &str| next_object(text.as_bytes(), 1, b'{', false, &columns);
        assert_eq!(next(r#"{"a":"x, {"a":1}"#), Ok(9));
        assert_eq!(next(r#"{"b":{"a":1},{ "a" :2}"#), Ok(13));
        assert_eq!(next(r#"{"b":[{"c":1}], {"a"#), Err((16, b',')));
        assert_eq!(next(r#"{"b":1 "#), Err((7, b'1')));
    }
}
