//! Damaged files: no row is lost or merged in silence, and the result is the same on any number of threads.

use super::files::{Row, alone, rows};
use guildhall::importing::{Dialect, Encoding, Options};
use proptest::prelude::*;

/// The rules once more, written as plainly as they can be, for a comma, a double quote and text that is there.
mod oracle {
    pub struct Bounds {
        pub line: usize,
        pub quoted: usize,
        pub fields: usize,
        pub spaced: bool,
    }

    /// A record: its first byte, its end, the number of its fields, or none if it is unreadable.
    pub type Found = (usize, usize, Option<usize>);

    /// Physical lines: their beginning, their end, and the beginning of the next.
    fn lines(bytes: &[u8]) -> Vec<[usize; 3]> {
        let mut lines = Vec::new();
        let mut start = 0;
        let mut at = 0;
        while at < bytes.len() {
            let long = if bytes[at..].starts_with(b"\r\n") {
                2
            } else {
                1
            };
            if matches!(bytes[at], b'\r' | b'\n') {
                lines.push([start, at, at + long]);
                start = at + long;
            }
            at += long;
        }
        if start < bytes.len() {
            lines.push([start, bytes.len(), bytes.len()]);
        }
        lines
    }

    fn is_blank(byte: u8) -> bool {
        byte == b' ' || byte == b'\t'
    }

    fn like_record(line: &[u8], bounds: &Bounds) -> bool {
        let text: Vec<u8> = line.to_vec();
        let commas = memchr::memchr_iter(b',', &text).count();
        let loose = text.windows(2).any(|it| it == b", ") && !bounds.spaced;
        commas + 1 == bounds.fields && !loose && !text.iter().all(|it| is_blank(*it))
    }

    /// Reads fields as if every quote were as it should be. Returns the number of fields, the places of quoted
    /// fields, and the end; nothing if a quote is not.
    fn permissive(bytes: &[u8], start: usize) -> Option<(usize, Vec<[usize; 3]>, usize)> {
        let mut quoted = Vec::new();
        let mut fields = 0;
        let mut at = start;
        loop {
            fields += 1;
            while at < bytes.len() && is_blank(bytes[at]) {
                at += 1;
            }
            if bytes.get(at) == Some(&b'"') {
                let open = at;
                at += 1;
                loop {
                    match (bytes.get(at)?, bytes.get(at + 1)) {
                        (b'"', Some(b'"')) => at += 2,
                        (b'"', _) => break,
                        _ => at += 1,
                    }
                }
                quoted.push([open, at, fields - 1]);
                at += 1;
                while at < bytes.len() && is_blank(bytes[at]) {
                    at += 1;
                }
                if at < bytes.len() && !matches!(bytes[at], b',' | b'\r' | b'\n') {
                    return None;
                }
            } else {
                while at < bytes.len() && !matches!(bytes[at], b',' | b'\r' | b'\n') {
                    if bytes[at] == b'"' {
                        return None;
                    }
                    at += 1;
                }
            }
            if bytes.get(at) != Some(&b',') {
                return Some((fields, quoted, at));
            }
            at += 1;
        }
    }

    pub fn records(bytes: &[u8], mut from: usize, bounds: &Bounds) -> Vec<Found> {
        let lines = lines(bytes);
        let mut found = Vec::new();
        while from < bytes.len() {
            let index = lines.iter().position(|it| it[0] == from).expect("a line");
            let [start, end, next] = lines[index];
            from = next;
            if end - start > bounds.line {
                found.push((start, end, None));
                continue;
            }
            if bytes[start..end].iter().all(|it| is_blank(*it)) {
                continue;
            }
            let accepted = permissive(bytes, start).filter(|(fields, quoted, stop)| {
                let line_of = |at: usize| lines.iter().position(|it| it[2] > at || it[1] >= at);
                let last = line_of(*stop).expect("a line");
                if last == index {
                    return true;
                }
                let sound = quoted.iter().all(|[open, close, fields]| {
                    let (first, last) =
                        (line_of(*open).expect("one"), line_of(*close).expect("one"));
                    let like = |at: usize| like_record(&bytes[lines[at][0]..lines[at][1]], bounds);
                    // Of the record's first line it is known which commas divide fields before this one.
                    let begun = |at: usize| {
                        let line = &bytes[lines[at][0]..lines[at][1]];
                        let behind = bytes[*open..lines[at][1]].iter().filter(|it| **it == b',');
                        let loose = line.windows(2).any(|it| it == b", ") && !bounds.spaced;
                        match at == index {
                            true => fields + behind.count() + 1 == bounds.fields && !loose,
                            false => like(at),
                        }
                    };
                    let ends = first < last && begun(first) && like(last);
                    first == last
                        || (close - open <= bounds.quoted && !ends && !(first + 1..last).any(like))
                });
                sound && *fields == bounds.fields && stop - start <= bounds.line
            });
            match accepted {
                Some((fields, _, stop)) => {
                    found.push((start, stop, Some(fields)));
                    from = lines.iter().find(|it| it[1] == stop).expect("an end")[2];
                }
                None => found.push((start, end, None)),
            }
        }
        found
    }
}

const HEADER: &str = "a,b,c\n";

fn small(threads: usize, chunk: usize) -> Options {
    Options {
        threads,
        chunk,
        fields: Some(3),
        longest_line: 90,
        longest_quoted: 40,
    }
}

/// Returns true if most records of one line, the header among them, have a space behind a comma.
fn spaced(text: &[u8], line: usize, quoted: usize) -> bool {
    let bounds = oracle::Bounds {
        line,
        quoted,
        fields: 3,
        spaced: false,
    };
    let mut spaced = Vec::new();
    for (start, end, fields) in oracle::records(text, 0, &bounds) {
        let record = &text[start..end];
        if fields == Some(3) && !record.iter().any(|it| matches!(it, b'\n' | b'\r')) {
            let mut inside = false;
            spaced.push(record.windows(2).any(|it| {
                inside ^= it[0] == b'"';
                !inside && it == b", "
            }));
        }
    }
    2 * spaced.iter().filter(|it| **it).count() > spaced.len()
}

/// Pieces of which damaged files are made.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[a-z]{1,4},[0-9]{1,3},[a-z]{0,3}\n",
        2 => "[a-z]{1,3},\"[a-z ,]{0,6}\",[0-9]{1,2}\r\n",
        2 => "[a-z]{1,3},\"[a-z ]{0,4}\n[a-z, \"]{0,6}\n?[a-z]{0,4}\",[0-9]{1,2}\n",
        1 => "[a-z]{1,3},\"[a-z]{10,25}\n[a-z\n]{5,20}\",[0-9]\n",
        1 => "\"[a-z]{0,3}\"\"[a-z]{0,3}\",\"\",x\r",
        2 => "[\"\",\n\r a]{1,6}",
        1 => "\"",
        1 => "\n",
        1 => "[a-z]{80,120}",
        1 => "é|\u{0}|, |\t",
    ]
}

fn damaged() -> impl Strategy<Value = Vec<u8>> {
    (
        proptest::collection::vec(piece(), 0..14),
        proptest::collection::vec((any::<prop::sample::Index>(), 0x7F_u8..), 0..2),
    )
        .prop_map(|(pieces, bytes)| {
            let mut text = HEADER.as_bytes().to_vec();
            text.extend(pieces.concat().bytes());
            for (at, byte) in bytes {
                let at = HEADER.len() + at.index(text.len() - HEADER.len() + 1);
                text.insert(at, byte);
            }
            text
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn chunks_and_threads_change_nothing(text in damaged(), chunk in 1_usize..60, threads in 1_usize..5) {
        let dialect = Dialect::default();
        let whole = rows(&text[..], &dialect, &small(1, 1 << 20));
        let parts = rows(&text[..], &dialect, &small(threads, chunk));
        prop_assert_eq!(&whole, &parts);
        let single = rows(&text[..], &dialect, &small(2, 1));
        prop_assert_eq!(&whole, &single);
    }

    #[test]
    fn records_are_those_of_the_plainest_reading(text in damaged()) {
        let bounds = oracle::Bounds { line: 90, quoted: 40, fields: 3, spaced: spaced(&text, 90, 40) };
        let expected = oracle::records(&text, HEADER.len(), &bounds);
        let (read, counts) = rows(&text[..], &Dialect::default(), &small(1, 1 << 20));
        let found: Vec<oracle::Found> = read
            .iter()
            .map(|row| {
                let readable = !matches!(row.damage, Some("quote" | "too_long"));
                let long = row.damage == Some("too_long");
                let end = row.offset as usize + row.raw.len();
                let end = if long { expected.iter().find(|it| it.0 as u64 == row.offset).map_or(end, |it| it.1) } else { end };
                (row.offset as usize, end, readable.then_some(row.fields.len()))
            })
            .collect();
        prop_assert_eq!(&found, &expected);
        prop_assert_eq!(counts.tally.records, expected.len() as u64);
        let good = read.iter().filter(|row| row.damage.is_none()).count() as u64;
        prop_assert_eq!(good + counts.tally.damaged, counts.tally.records);
    }

    #[test]
    fn decoded_files_are_read_alike(text in damaged(), chunk in 1_usize..60, utf16 in any::<bool>()) {
        // What is not UTF-8 cannot be encoded: only the texts are compared.
        let text = String::from_utf8_lossy(&text).into_owned();
        let plain = rows(text.as_bytes(), &Dialect::default(), &small(1, 1 << 20)).0;
        let encoding = if utf16 { Encoding::Utf16Be } else { Encoding::Gb18030 };
        let encode = |text: &str| -> Vec<u8> {
            match utf16 {
                true => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
                false => encoding_rs::GB18030.encode(text).0.into_owned(),
            }
        };
        let dialect = Dialect { encoding, ..Dialect::default() };
        let other = rows(&encode(&text)[..], &dialect, &small(2, chunk)).0;
        prop_assert_eq!(plain.len(), other.len());
        for (plain, other) in plain.iter().zip(&other) {
            let place = |offset: u64| encode(&text[..offset as usize]).len() as u64;
            let fields: Vec<(String, u64)> =
                plain.fields.iter().map(|(text, offset)| (text.clone(), place(*offset))).collect();
            let expected = Row { offset: place(plain.offset), fields, ..plain.clone() };
            prop_assert_eq!(&expected, other);
        }
    }
}

/// A good file: its rows, each with its line end.
fn good() -> impl Strategy<Value = Vec<String>> {
    let text = || "[a-zé中]{1,6}( [a-z]{1,5}){0,2}";
    let note =
        (text(), text()).prop_map(|(one, two)| format!("\"{one}\n{two}, and \"\"{two}\"\"\""));
    let line = text().prop_map(|it| format!("\"{it}, {it}\""));
    let cell = prop_oneof![4 => text().boxed(), 1 => note.boxed(), 1 => line.boxed(), 1 => Just("\"\"".to_owned()).boxed()];
    let row = ("[0-9]{1,4}", cell, "[0-9]{2}").prop_map(|(a, b, c)| format!("{a},{b},{c}\n"));
    proptest::collection::vec(row, 1..12)
}

#[derive(Clone, Debug)]
enum Blow {
    Insert(u8),
    DeleteQuote,
    DeleteEnd,
    Cut(usize),
    TruncateCharacter,
}

/// Strikes the text at a place. Returns the stretch that is no longer there, and the length of the new one.
fn strike(
    text: &mut Vec<u8>,
    blow: &Blow,
    at: prop::sample::Index,
) -> Option<(usize, usize, usize)> {
    let header = HEADER.len();
    let among = |wanted: &dyn Fn(u8) -> bool| {
        let places: Vec<usize> = (header..text.len())
            .filter(|it| wanted(text[*it]))
            .collect();
        (!places.is_empty()).then(|| places[at.index(places.len())])
    };
    let (from, to, new) = match blow {
        Blow::Insert(byte) => {
            let place = header + at.index(text.len() - header + 1);
            (place, place, vec![*byte])
        }
        Blow::DeleteQuote => among(&|it| it == b'"').map(|it| (it, it + 1, vec![]))?,
        Blow::DeleteEnd => among(&|it| it == b'\n').map(|it| (it, it + 1, vec![]))?,
        Blow::TruncateCharacter => among(&|it| it & 0xC0 == 0x80).map(|it| (it, it + 1, vec![]))?,
        Blow::Cut(length) => {
            let place = header + at.index(text.len() - header);
            (place, (place + length).min(text.len()), vec![])
        }
    };
    let length = new.len();
    text.splice(from..to, new);
    Some((from, to, length))
}

fn blow() -> impl Strategy<Value = Blow> {
    prop_oneof![
        Just(Blow::Insert(b'"')),
        Just(Blow::Insert(b',')),
        Just(Blow::Insert(0)),
        Just(Blow::Insert(b'\n')),
        Just(Blow::Insert(0xE4)),
        Just(Blow::DeleteQuote),
        Just(Blow::DeleteEnd),
        (1_usize..40).prop_map(Blow::Cut),
        Just(Blow::TruncateCharacter),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damage_stays_where_it_is(good in good(), blow in blow(), at in any::<prop::sample::Index>()) {
        let mut text = HEADER.as_bytes().to_vec();
        text.extend(good.concat().bytes());
        let options = Options { fields: Some(3), ..alone() };
        let (before, counts) = rows(&text[..], &Dialect::default(), &options);
        prop_assert_eq!(before.len(), good.len());
        prop_assert_eq!(counts.tally.damaged, 0);
        let Some((from, to, new)) = strike(&mut text, &blow, at) else { return Ok(()) };
        let (after, counts) = rows(&text[..], &Dialect::default(), &options);

        let bounds = oracle::Bounds { line: 1 << 20, quoted: 1 << 16, fields: 3, spaced: spaced(&text, 1 << 20, 1 << 16) };
        let expected = oracle::records(&text, HEADER.len(), &bounds).len() as u64;
        let sound = after.iter().filter(|it| it.damage.is_none()).count() as u64;
        prop_assert_eq!(sound + counts.tally.damaged, expected);

        for (row, line) in before.iter().zip(&good) {
            let begin = row.offset as usize;
            let end = begin + line.len();
            // What touches the line end before a row, or its own, touches the row.
            let place = if to < begin || (to == begin && from == to && text[begin.max(1) - 1] == b'\n') {
                begin + new - (to - from)
            } else if from >= end {
                begin
            } else {
                continue;
            };
            if from == to && from == begin {
                continue;
            }
            let found = after.iter().find(|it| it.offset == place as u64);
            prop_assert!(found.is_some(), "lost {:?} in {:?}", line, String::from_utf8_lossy(&text));
            let found = found.expect("found");
            prop_assert_eq!(found.texts(), row.texts());
            prop_assert_eq!(found.damage, None);
        }
    }

    #[test]
    fn records_of_one_line_are_lines(rows_ in proptest::collection::vec("[0-9]{1,4},([a-z]{1,6}|\"[a-z]{1,3}, [a-z]{1,3}\"|\"\"),[0-9]{2}\n", 1..12), blow in blow(), at in any::<prop::sample::Index>()) {
        let mut text = HEADER.as_bytes().to_vec();
        text.extend(rows_.concat().bytes());
        // A line break within quotes is no damage.
        if matches!(blow, Blow::Insert(b'\n')) || strike(&mut text, &blow, at).is_none() {
            return Ok(());
        }
        let (after, counts) = rows(&text[..], &Dialect::default(), &Options { fields: Some(3), ..alone() });
        let lines = text.split(|it| *it == b'\n').skip(1).filter(|it| !it.is_empty()).count();
        prop_assert_eq!(after.len(), lines);
        prop_assert_eq!(counts.tally.records, lines as u64);
    }
}
