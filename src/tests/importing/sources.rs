//! Sources: the same rows and the same faults, whether they come as delimited text, as JSON or from a table.

use super::files::{alone, rows_of};
use guildhall::importing::{
    CellRows, Cells, Column, DataSource, Delimited, Dialect, Faults, Form, Json, Mapping, Options,
    Output, Overrides, Record, decimal, map_columns, moment, pressure, read, whole, whole_between,
};
use proptest::prelude::*;
use std::io;
use std::ops::ControlFlow;

/// A table, as a database would be read: so many rows at a time.
struct Table {
    rows: Vec<[String; 4]>,
    at: usize,
}

impl DataSource for Table {
    type Block = Cells;
    type Rows = CellRows;

    fn columns(&self) -> Vec<String> {
        NAMES.map(str::to_owned).to_vec()
    }

    fn rows(&self) -> CellRows {
        CellRows
    }

    fn fill(&mut self, block: &mut Cells) -> io::Result<bool> {
        block.begin(self.at as u64 + 1);
        for row in self.rows.iter().skip(self.at).take(3) {
            block.push(row.iter().map(String::as_str));
        }
        self.at += block.len();
        Ok(!block.is_empty())
    }
}

const NAMES: [&str; 4] = ["time", "rate", "temperature", "pressure"];

/// A fault: its row, column, code, text and suggestion.
type Told = (u64, Option<u16>, &'static str, String, Option<String>);

#[derive(Default)]
struct Found(Faults);

impl Output for Found {
    fn clear(&mut self) {
        self.0.clear();
    }
}

fn check(record: &Record<'_>, out: &mut Found) {
    if out.0.push_damage(record) {
        return;
    }
    let wrongs = [
        moment(record.text(0), 0).err(),
        whole_between(record.text(1), 20, 300).err(),
        decimal(record.text(2), false).err(),
        pressure(record.text(3)).err(),
    ];
    for (column, wrong) in wrongs.iter().enumerate() {
        if let Some(wrong) = wrong {
            out.0.push(record, column, wrong);
        }
    }
}

fn faults(source: impl DataSource, threads: usize) -> Vec<Told> {
    let mut all = Vec::new();
    let counts = read(source, threads, check, |chunk| {
        all.extend(chunk.output.0.iter().map(|it| {
            (
                it.row,
                it.column,
                it.code.as_str(),
                it.text.to_owned(),
                it.suggestion.map(str::to_owned),
            )
        }));
        ControlFlow::Continue(())
    });
    counts.expect("readable");
    all
}

#[test]
fn rows_and_faults_are_the_same_from_any_source() {
    let rows: Vec<[String; 4]> = [
        ["2026-03-01T08:15:00Z", "72", "36.6", "120/80"],
        ["31.03.2026 08:15", "7O", "36,6", "120-80"],
        ["", "301", "\"36.6\"", "80/120"],
        ["2026-02-30 08:15", "1,234", "x\ny", "12080"],
        ["01.03.2026 08:15", "seventy", "１２", "中"],
    ]
    .map(|row| row.map(str::to_owned))
    .to_vec();
    let quoted = |it: &String| format!("\"{}\"", it.replace('"', "\"\""));
    let line = |row: &[String; 4]| row.iter().map(quoted).collect::<Vec<_>>().join(",") + "\n";
    let csv = NAMES.join(",") + "\n" + &rows.iter().map(line).collect::<String>();
    let object = |row: &[String; 4]| -> serde_json::Map<_, _> {
        NAMES
            .into_iter()
            .zip(row)
            .map(|(name, it)| (name.to_owned(), it.clone().into()))
            .collect()
    };
    let objects: Vec<_> = rows.iter().map(object).collect();
    // Members in the order of their names, so that columns come in another order than above.
    let array = serde_json::to_string_pretty(&objects).expect("written");
    let lines: String = objects
        .iter()
        .map(|it| serde_json::to_string(it).expect("written") + "\n")
        .collect();

    let options = Options {
        chunk: 40,
        ..alone()
    };
    let expected = faults(
        Delimited::open(csv.as_bytes(), &Dialect::default(), &options).expect("readable"),
        1,
    );
    assert_eq!(expected.len(), 16);
    assert_eq!(expected[0].4.as_deref(), Some("2026-03-31 08:15"));
    for threads in 1..4 {
        let table = Table {
            rows: rows.clone(),
            at: 0,
        };
        assert_eq!(faults(table, threads), expected);
        for (text, form) in [(&array, Form::Array), (&lines, Form::Lines)] {
            let json = Json::open(text.as_bytes(), None, &options).expect("readable");
            assert_eq!(json.form(), form);
            let order = json.columns();
            let (read, counts) = rows_of(json, threads);
            assert_eq!(counts.tally.records, 5);
            for (row, meant) in read.iter().zip(&rows) {
                for (name, text) in NAMES.iter().zip(meant) {
                    let at = order.iter().position(|it| it == name).expect("a column");
                    let (found, offset) = &row.fields[at];
                    assert_eq!(found, text);
                    assert_eq!(
                        serde_json::from_str::<String>(&first_string(&text_at(
                            &array, &lines, form, *offset
                        )))
                        .ok()
                        .as_ref(),
                        Some(text)
                    );
                }
            }
        }
    }
}

fn text_at(array: &str, lines: &str, form: Form, offset: u64) -> String {
    let text = if form == Form::Array { array } else { lines };
    text[offset as usize..].to_owned()
}

/// The JSON string that a text begins with.
fn first_string(text: &str) -> String {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, it)| {
        let end = *it == '"' && !escaped;
        escaped = *it == '\\' && !escaped;
        end
    });
    text[..=end.expect("an end").0].to_owned()
}

#[test]
fn values_are_texts_as_they_are_written() {
    let text = r#"[{"a":36.60,"b":null,"c":true},{"c":{"x":[1]},"a":"36.60"},{}]"#;
    let json = Json::open(text.as_bytes(), None, &alone()).expect("readable");
    assert_eq!(json.columns(), ["a", "b", "c"]);
    let (rows, _) = rows_of(json, 1);
    let texts: Vec<_> = rows.iter().map(super::files::Row::texts).collect();
    assert_eq!(
        texts,
        [
            ["36.60", "", "true"],
            ["36.60", "", r#"{"x":[1]}"#],
            ["", "", ""]
        ]
    );
}

#[test]
fn damage_of_an_array_costs_one_row() {
    let good = r#"{"id":1,"note":"one"}"#;
    let last = r#"{"id":9,"note":"nine"}"#;
    for bad in [
        r#"{"id":2,"note":"two}"#,
        r#"{"id":2,"note":two"}"#,
        r#"{"id":2,"note":"two""#,
        r#"{"id":2 "note":"two"}"#,
        r#"{"id":2,"note":}"#,
        r#"{"id":2,note:"two"}"#,
        r#"{"id":2,"note":"t"wo"}"#,
        r#"{"id":2,"note":{"id":3}"#,
        r#"{"id":2,"note":"\x"}"#,
        r#"{"id":2,"note":"two"}}"#,
        r#""id":2,"note":"two"}"#,
        r#"{"id":2,"id":3}"#,
        r#"{"id":2,"note":[1,2}"#,
        "7",
        "\"x\"",
    ] {
        for between in [",", ",\n", " ,\n  "] {
            let text = format!("[{good}{between}{bad}{between}{last}]");
            let (rows, _) = rows_of(
                Json::open(text.as_bytes(), None, &alone()).expect("readable"),
                1,
            );
            let codes: Vec<_> = rows.iter().map(|it| it.damage).collect();
            let extra = bad.ends_with("}}");
            match extra {
                // The object is whole, what is behind it is not.
                true => assert_eq!(codes, [None, None, Some("json"), None], "{text}"),
                false => assert_eq!(codes, [None, Some("json"), None], "{text}"),
            }
            assert_eq!(rows.last().expect("rows").texts(), ["9", "nine"], "{text}");
        }
        if bad.starts_with('{') && !bad.ends_with("}}") {
            let text = format!("{good}\n{bad}\n\n{last}");
            let (rows, counts) = rows_of(
                Json::open(text.as_bytes(), None, &alone()).expect("readable"),
                1,
            );
            let codes: Vec<_> = rows.iter().map(|it| it.damage).collect();
            assert_eq!(codes, [None, Some("json"), None], "{text}");
            assert_eq!((counts.tally.empty, rows[2].line), (1, 4));
        }
    }
    let open = format!("[{good},");
    let (rows, _) = rows_of(
        Json::open(open.as_bytes(), None, &alone()).expect("readable"),
        1,
    );
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1].damage, Some("json"));
}

#[test]
fn members_without_a_column_are_faults() {
    let many: String = (0..4000)
        .map(|it| format!("{{\"id\":{it},\"note\":\"n\"}}\n"))
        .collect();
    let text = format!("{many}{{\"id\":1,\"other\":2}}\n");
    let (rows, counts) = rows_of(
        Json::open(text.as_bytes(), None, &alone()).expect("readable"),
        2,
    );
    assert_eq!(counts.tally.damaged, 1);
    assert_eq!(rows.last().and_then(|it| it.damage), Some("fields"));
}

#[test]
fn columns_are_found_by_name_on_the_whole_way() {
    const RATE: usize = 1;
    let schema = ["time", "heart_rate"].map(|name| Column {
        name,
        synonyms: if name == "time" {
            &["时间"]
        } else {
            &["心率", "HR"]
        },
        required: true,
    });
    let csv = "备注;心率;时间\nx;7O;2026-03-01 08:15\ny;72;2026-03-01 08:16\n";
    let bytes = encoding_rs::GB18030.encode(csv).0.into_owned();
    let json = r#"[{"Time":"2026-03-01 08:15","hr":"7O"},{"Time":"2026-03-01 08:16","hr":72}]"#;
    let delimited =
        Delimited::detect(&bytes[..], &Overrides::default(), &alone()).expect("readable");
    let json = Json::open(json.as_bytes(), None, &alone()).expect("readable");
    let columns = (delimited.columns(), json.columns());
    let told = [
        rates(
            delimited,
            &map_columns(&columns.0, columns.0.len(), &schema),
            RATE,
        ),
        rates(
            json,
            &map_columns(&columns.1, columns.1.len(), &schema),
            RATE,
        ),
    ];
    assert_eq!(told[0], [(1, "typo", Some("70".to_owned()))]);
    assert_eq!(told[0], told[1]);
}

fn rates(
    source: impl DataSource,
    mapping: &Mapping,
    column: usize,
) -> Vec<(u64, &'static str, Option<String>)> {
    assert_eq!(mapping.faults, []);
    let place = usize::from(mapping.places[column].expect("mapped"));
    let check = |record: &Record<'_>, out: &mut Faults| {
        if let Err(wrong) = whole(record.text(place)) {
            out.push(record, place, &wrong);
        }
    };
    let mut told = Vec::new();
    let counts = read(source, 2, check, |chunk| {
        let faults = chunk.output.iter();
        told.extend(faults.map(|it| (it.row, it.code.as_str(), it.suggestion.map(str::to_owned))));
        ControlFlow::Continue(())
    });
    assert_eq!(counts.expect("readable").tally.records, 2);
    told
}

fn json_piece() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "\\{\"id\":[1-9][0-9]{0,2},\"note\":\"[a-z]{0,5}\"\\},",
        2 => "\\{\"id\":[1-9],\n \"note\":\\{\"id\":[1-9]\\}\\},\n",
        1 => "\\{\"id\":\"[a-z{}\\[\\]:,]{1,6}\\\\\\\\\"\\},",
        2 => "[\\[\\]{}\":,\n a1\\\\]{1,6}",
        1 => Just("{\"id\"".to_owned()),
        1 => "é|\n|\\{\"note\" :",
        1 => "[a-z]{60,90}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn chunks_and_threads_change_nothing(
        pieces in proptest::collection::vec(json_piece(), 0..12),
        chunk in 1_usize..60,
        threads in 1_usize..5,
        lines in any::<bool>(),
    ) {
        let text = format!("{}{{\"id\":0,\"note\":\"\"}},\n{}", if lines { "" } else { "[" }, pieces.concat());
        let form = if lines { Form::Lines } else { Form::Array };
        let open = |chunk| {
            let options = Options { chunk, longest_line: 70, ..alone() };
            Json::open(text.as_bytes(), Some(form), &options).expect("readable")
        };
        let whole = rows_of(open(1 << 20), 1);
        prop_assert_eq!(&whole, &rows_of(open(chunk), threads), "{}", text);
        prop_assert_eq!(&whole, &rows_of(open(1), 2), "{}", text);
        prop_assert_eq!(whole.0.len() as u64, whole.1.tally.records);
    }
}
