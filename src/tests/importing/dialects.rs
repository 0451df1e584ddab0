//! Dialects: found out from the beginning of a file, and read as they were found.

use super::files::{alone, rows, rows_of};
use guildhall::importing::{
    Delimited, Dialect, Encoding, Options, Overrides, Quote, ReadError, Separator, detect,
};

fn found(text: &str) -> Dialect {
    detect(text.as_bytes(), true, &Overrides::default())
}

const PLAIN: &str =
    "patient_id,time,heart_rate\nP-1,2026-03-01T08:15:00Z,72\nP-2,2026-03-01T08:16:00Z,75\n";

#[test]
fn separators_are_those_that_divide_evenly() {
    for (separator, byte) in [
        (Separator::Comma, ","),
        (Separator::Semicolon, ";"),
        (Separator::Tab, "\t"),
        (Separator::Pipe, "|"),
    ] {
        let text = PLAIN.replace(',', byte);
        assert_eq!(found(&text).separator, separator, "{separator}");
        // Text with other separators in it, within quotes and without.
        let noisy = format!("{text}P-3{byte}\"a,b;c|d\te\"{byte}75\n").repeat(3);
        assert_eq!(found(&noisy).separator, separator, "{separator} with noise");
    }
    for (text, separator) in [
        (
            "id;temp;bp\n1;36,6;a\n2;36,7;b\n3;37,1;c\n",
            Separator::Semicolon,
        ),
        ("id,tags\n1,a|b\n2,c|d\n3,e|f\n", Separator::Comma),
        ("id,note\n1,\"a;b;c\"\n2,\"d;e\"\n", Separator::Comma),
        ("id\n1\n2\n", Separator::Comma),
        ("", Separator::Comma),
        ("id\ttext\n1\tone, two\n2\tthree, four\n", Separator::Tab),
        ("id,a,b\n1,\"x,2,3\n4,5,6\n7,8,9\n", Separator::Comma),
    ] {
        assert_eq!(found(text).separator, separator, "{text:?}");
    }
}

#[test]
fn quotes_are_around_fields() {
    for (text, quote) in [
        (PLAIN, Quote::Double),
        ("a,b\n\"x\",1\n\"y\",2\n", Quote::Double),
        ("a,b\n'x',1\n'y',2\n'z',3\n'u,v',4\n", Quote::Single),
        ("a,b\nO'Neill,1\nit's,2\nrock 'n' roll,3\n", Quote::Double),
        ("a\tb\n5\" pipe\t1\n6\" pipe\t2\n7\" pipe\t3\n", Quote::None),
        ("a,b\n\"x\",5\" pipe\n", Quote::Double),
    ] {
        assert_eq!(found(text).quote, quote, "{text:?}");
    }
}

#[test]
fn decimals_and_headers_are_told_by_the_cells() {
    for (text, comma) in [
        ("id;t\n1;36,6\n2;36,75\n", true),
        ("id;t\n1;36.6\n2;36.75\n", false),
        ("id,t\n1,\"36,6\"\n2,\"36,7\"\n", true),
        ("id;t\n1;1,234\n2;2,345\n", false),
        (PLAIN, false),
    ] {
        assert_eq!(found(text).decimal_comma, comma, "{text:?}");
    }
    for (text, header) in [
        (PLAIN, true),
        (
            "P-1,2026-03-01T08:15:00Z,72\nP-2,2026-03-01T08:16:00Z,75\n",
            false,
        ),
        ("P-000123,low\nP-000124,high\nP-000125,low\n", false),
        ("name,city\nMei,Lin\nTom,Rome\n", true),
        ("病人编号,心率\nP-1,72\n", true),
        ("a,a\nx,y\n", false),
        ("", true),
    ] {
        assert_eq!(found(text).header, header, "{text:?}");
    }
}

fn encoded(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        Encoding::Gb18030 => encoding_rs::GB18030.encode(text).0.into_owned(),
        Encoding::Windows1252 => encoding_rs::WINDOWS_1252.encode(text).0.into_owned(),
    }
}

const CHINESE: &str = "病人编号,姓名,心率\nP-1,张伟,72\nP-2,\"王芳,女\",75\nP-3,李娜𠀀,80\n";
const GERMAN: &str = "Patient;Größe;Straße\n1;1,80;Königsstraße 5\n2;1,75;Am Büchel\n3;1,90;Café\n";

#[test]
fn encodings_are_found_and_offsets_lead_back() {
    for (text, encoding, marked) in [
        (CHINESE, Encoding::Utf8, false),
        (CHINESE, Encoding::Utf8, true),
        (CHINESE, Encoding::Utf16Le, false),
        (CHINESE, Encoding::Utf16Le, true),
        (CHINESE, Encoding::Utf16Be, false),
        (CHINESE, Encoding::Utf16Be, true),
        (CHINESE, Encoding::Gb18030, false),
        (GERMAN, Encoding::Windows1252, false),
        (GERMAN, Encoding::Utf8, false),
        (GERMAN, Encoding::Utf16Le, false),
        (PLAIN, Encoding::Utf16Be, false),
    ] {
        let mark = if marked { encoding.mark() } else { &[] };
        // Long enough to be read in several pieces.
        let body = text.split_once('\n').expect("lines").1;
        let text = format!("{text}{}", body.repeat(700));
        let bytes = [mark, &encoded(&text, encoding)].concat();
        let options = Options {
            chunk: 1000,
            ..alone()
        };
        let source = Delimited::detect(&bytes[..], &Overrides::default(), &options);
        let source = source.expect("readable");
        let dialect = *source.dialect();
        assert_eq!((dialect.encoding, dialect.bom), (encoding, marked));
        let (read, counts) = rows_of(source, 2);
        assert_eq!(counts.tally.damaged, 0);
        assert_eq!(read.len(), text.lines().count() - 1);
        for (row, line) in read.iter().zip(text.lines().skip(1)) {
            assert_eq!(row.raw, line);
            let from = row.offset as usize;
            assert!(
                bytes[from..].starts_with(&encoded(line, encoding)),
                "{row:?}"
            );
            let place = row.fields[1].1 as usize;
            let field = line.find(&row.fields[1].0).expect("there");
            let field = &line[field - usize::from(line.contains('"'))..];
            assert!(
                bytes[place..].starts_with(&encoded(field, encoding)),
                "{row:?}"
            );
        }
    }
}

#[test]
fn bytes_that_are_no_text_are_faults_of_their_row() {
    let mut bytes = encoded(CHINESE, Encoding::Utf8);
    let at = CHINESE.find('伟').expect("there") + 1;
    bytes.remove(at);
    let (read, _) = rows(&bytes[..], &Dialect::default(), &alone());
    let damage: Vec<_> = read.iter().map(|it| it.damage).collect();
    assert_eq!(damage, [Some("encoding"), None, None]);
    assert_eq!(read[1].texts(), ["P-2", "王芳,女", "75"]);

    let mut bytes = encoded(CHINESE, Encoding::Gb18030);
    let dialect = Dialect {
        encoding: Encoding::Gb18030,
        ..Dialect::default()
    };
    let at = bytes
        .windows(2)
        .position(|it| it == [0xCE, 0xB0])
        .expect("there");
    bytes.remove(at + 1);
    let (read, _) = rows(&bytes[..], &dialect, &alone());
    assert_eq!(read.len(), 3);
    assert_eq!(read[0].damage, Some("encoding"));
    assert_eq!(read[2].texts(), ["P-3", "李娜𠀀", "80"]);
    assert!(bytes[read[2].offset as usize..].starts_with(b"P-3"));

    // Half of a pair of UTF-16.
    let mut units: Vec<u16> = "a,b\nx,y\nz,u\n".encode_utf16().collect();
    units.insert(5, 0xD800);
    let bytes: Vec<u8> = units.iter().flat_map(|it| it.to_le_bytes()).collect();
    let dialect = Dialect {
        encoding: Encoding::Utf16Le,
        ..Dialect::default()
    };
    let (read, _) = rows(&bytes[..], &dialect, &alone());
    assert_eq!(read[0].damage, Some("encoding"));
    assert_eq!((read[1].texts(), read[1].offset), (vec!["z", "u"], 18));
}

#[test]
fn what_is_given_is_not_found_out() {
    let given = Overrides {
        encoding: Some(Encoding::Windows1252),
        separator: Some(Separator::Pipe),
        quote: Some(Quote::None),
        decimal_comma: Some(true),
        header: Some(false),
    };
    let dialect = detect(PLAIN.as_bytes(), true, &given);
    assert_eq!(
        dialect,
        Dialect {
            encoding: Encoding::Windows1252,
            bom: false,
            separator: Separator::Pipe,
            quote: Quote::None,
            decimal_comma: true,
            header: false,
        }
    );
    let words = serde_json::to_string(&dialect).expect("written");
    assert!(words.contains("\"windows-1252\"") && words.contains("\"pipe\""));
}

#[test]
fn each_kind_of_line_and_field_is_read() {
    let dialect = Dialect::default();
    for (text, read) in [
        ("a,b\n1,2\n3,4", vec![vec!["1", "2"], vec!["3", "4"]]),
        (
            "a,b\r\n1,2\r\n3,4\r\n",
            vec![vec!["1", "2"], vec!["3", "4"]],
        ),
        ("a,b\r1,2\r3,4\r", vec![vec!["1", "2"], vec!["3", "4"]]),
        (
            "\n\na,b\n\n1,2\n  \n\r\n3,4\n\n",
            vec![vec!["1", "2"], vec!["3", "4"]],
        ),
        ("a,b\n 1 ,\t2\t\n", vec![vec!["1", "2"]]),
        ("a,b\n \" 1 \" , \"2\" \n", vec![vec![" 1 ", "2"]]),
        ("a,b\n\"x\"\"y\",\"\"\"\"\n", vec![vec!["x\"y", "\""]]),
        (
            "a,b\n\"x,y\",\"u\nv\r\nw\"\n",
            vec![vec!["x,y", "u\nv\r\nw"]],
        ),
        ("a,b\n,\n", vec![vec!["", ""]]),
        ("a,b\n\"\",\"\"", vec![vec!["", ""]]),
    ] {
        let (found, counts) = rows(text.as_bytes(), &dialect, &alone());
        let texts: Vec<_> = found.iter().map(super::files::Row::texts).collect();
        assert_eq!(texts, read, "{text:?}");
        assert_eq!(counts.tally.damaged, 0, "{text:?}");
    }
    let (found, counts) = rows(&b"\n\na,b\n\n1,2\n  \n\r\n3,4\n\n"[..], &dialect, &alone());
    assert_eq!((counts.tally.empty, counts.tally.records), (4, 2));
    assert_eq!(
        (found[1].line, found[1].number, found[1].offset),
        (8, 2, 16)
    );
}

#[test]
fn each_kind_of_damage_costs_its_row() {
    let long = "x".repeat(2_000_000);
    for (row, code) in [
        ("1,\"2", "quote"),
        ("\"1,2", "quote"),
        ("1\",2", "quote"),
        ("\"1\"x,2", "quote"),
        ("1,\"2\" 3\"", "quote"),
        ("1", "fields"),
        ("1,2,3", "fields"),
        ("1,2\u{0}", "nul"),
        (&long, "too_long"),
        (&format!("\"{long}\",2"), "too_long"),
    ] {
        for end in ["\n", "\r\n", "\r"] {
            let text = format!("a,b{end}0,\"0\"{end}{row}{end}{end}8,\"8, 8\"{end}9,9");
            let (read, counts) = rows(text.as_bytes(), &Dialect::default(), &alone());
            let shown: String = row.chars().take(30).collect();
            assert_eq!(read.len(), 4, "{shown:?}");
            assert_eq!(counts.tally.empty, 1);
            assert_eq!(read[1].damage, Some(code), "{shown:?}");
            assert_eq!(read[1].offset, 3 + 5 + 2 * end.len() as u64, "{shown:?}");
            assert_eq!(read[2].texts(), ["8", "8, 8"], "{shown:?}");
            assert_eq!((read[3].number, read[3].line), (4, 6), "{shown:?}");
        }
    }
}

#[test]
fn a_file_of_other_shape_is_read_or_refused() {
    let text = "P-1,72\nP-2,75,x\nP-3,80\n";
    let dialect = Dialect {
        header: false,
        ..Dialect::default()
    };
    let (read, _) = rows(text.as_bytes(), &dialect, &alone());
    let damage: Vec<_> = read.iter().map(|it| it.damage).collect();
    assert_eq!(damage, [None, Some("fields"), None]);
    let (read, counts) = rows(&b""[..], &dialect, &alone());
    assert_eq!((read.len(), counts.tally.lines), (0, 0));
    let (read, _) = rows(&b"a,b\n"[..], &Dialect::default(), &alone());
    assert_eq!(read, []);
    let broken = Delimited::open(&b"a,\"b\n1,2\n3,4\n"[..], &Dialect::default(), &alone());
    assert!(matches!(broken.err(), Some(ReadError::Header(text)) if text == "a,\"b"));
}

#[test]
fn a_text_of_several_lines_is_told_from_a_stray_quote() {
    const QUOTE: Option<&str> = Some("quote");
    const FIELDS: Option<&str> = Some("fields");
    let damage = |text: &str| -> Vec<Option<&'static str>> {
        let (read, _) = rows(text.as_bytes(), &Dialect::default(), &alone());
        read.iter().map(|it| it.damage).collect()
    };
    let long = "word ".repeat(13_200);
    for (rows, found) in [
        // Genuine: the lines within have other separators than records, or prose's.
        ("1,\"one\ntwo\",3", vec![None]),
        ("1,\"one\n\ntwo\r\nthree\",3", vec![None]),
        (
            "1,\"Dear Ann, Bob,\nfirst, second, third\nYours, C\",3",
            vec![None],
        ),
        ("1,2,\"one\ntwo\"", vec![None]),
        ("\"one\ntwo\",2,3", vec![None]),
        ("\"one\ntwo\",\"three\nfour\",3", vec![None]),
        // Stray: a line within is a record, or both ends are.
        ("1,\"2,3\n4,5,6\n7,8\",9", vec![QUOTE, None, QUOTE]),
        ("1,\"2,3\n4,5\",6", vec![QUOTE, QUOTE]),
        ("1,\"2,3\n4,5,6", vec![QUOTE, None]),
        ("1,\"2,3\n4,\"5\",6", vec![QUOTE, None]),
        ("1,\"2,3\n4,\"\",6\n7,8,9", vec![QUOTE, None, None]),
        // Stray: closed where the number of fields is wrong, so that the next row's quote closed it.
        ("1,\"2,3\n4,\"\nx\",6", vec![QUOTE, None]),
        // Genuine, but with a line like a record: refused aloud.
        ("1,\"one\na,b,c\ntwo\",3", vec![QUOTE, None, QUOTE]),
        // Too long to be believed, and just short enough.
        (&format!("1,\"{long}\nx\",3"), vec![QUOTE, QUOTE]),
        (&format!("1,\"{}\nx\",3", &long[..65_000]), vec![None]),
        (&format!("1,\"{long}\",3"), vec![None]),
        ("1,2\n3,4,5", vec![FIELDS, None]),
    ] {
        let shown: String = rows.chars().take(60).collect();
        assert_eq!(damage(&format!("a,b,c\n{rows}")), found, "{shown:?}");
        let mut more = found;
        more.push(None);
        assert_eq!(
            damage(&format!("a,b,c\n{rows}\n7,7,7\n")),
            more,
            "{shown:?} and more"
        );
    }
    // Where separators have spaces behind them, such lines are records.
    assert_eq!(
        damage("a, b, c\n1, \"2, 3\n4, 5, 6\n7, 8\", 9\n"),
        [QUOTE, None, QUOTE]
    );
    // In a file of one column any line is.
    assert_eq!(damage("a\n\"one\ntwo\"\n"), [QUOTE, QUOTE]);
}
