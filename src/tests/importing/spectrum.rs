//! The test data of the npm package `csv-spectrum`: pairs of delimited text and the rows that are meant.

use super::files::{Row, alone, rows_of};
use guildhall::importing::{DataSource, Delimited, Json, Overrides, Quote};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

type Named = Vec<BTreeMap<String, String>>;

fn named(columns: &[String], rows: &[Row]) -> Named {
    let pairs = |row: &Row| {
        let texts = row.fields.iter().map(|it| it.0.clone());
        columns.iter().cloned().zip(texts).collect()
    };
    rows.iter().map(pairs).collect()
}

#[test]
fn every_file_is_read_as_it_is_meant() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("end2end/node_modules/csv-spectrum");
    assert!(folder.is_dir(), "npm ci --prefix end2end brings the files");
    let mut read = 0;
    for entry in fs::read_dir(folder.join("csvs"))
        .expect("a folder")
        .flatten()
    {
        let path = entry.path();
        let name = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let json = folder.join("json").join(format!("{name}.json"));
        let text = fs::read_to_string(&json).expect("its pair");
        let meant: Value = serde_json::from_str(&text).expect("JSON");
        let meant = match meant {
            Value::Array(rows) => rows,
            // Of a single row there is no array.
            row => vec![row],
        };
        let members = |row: &Value| row.as_object().expect("an object").clone();
        let plain = |value: Value| value.as_str().map_or(value.to_string(), str::to_owned);
        let row = |row: &Value| {
            let members = members(row).into_iter();
            members.map(|(name, value)| (name, plain(value))).collect()
        };
        let meant: Named = meant.iter().map(row).collect();

        let bytes = fs::read(&path).expect("readable");
        let source = Delimited::detect(&bytes[..], &Overrides::default(), &alone());
        let source = source.expect("a header");
        if name == "location_coordinates" {
            // Quotes within fields that have none around them: told, and read if quotes are said to be none.
            // (Its pair is of another row.)
            let (rows, _) = rows_of(source, 1);
            assert_eq!(rows[0].damage, Some("quote"));
            let given = Overrides {
                quote: Some(Quote::None),
                ..Overrides::default()
            };
            let source = Delimited::detect(&bytes[..], &given, &alone());
            let (rows, counts) = rows_of(source.expect("a header"), 1);
            assert_eq!((rows[0].texts()[2], counts.tally.records), ("Modesto", 1));
            continue;
        }
        let columns = source.columns();
        let (rows, counts) = rows_of(source, 1);
        assert_eq!(counts.tally.damaged, 0, "{name}: {rows:?}");
        assert_eq!(named(&columns, &rows), meant, "{name}");

        let source = Json::open(text.as_bytes(), None, &alone()).expect("JSON");
        let columns = source.columns();
        let (rows, counts) = rows_of(source, 1);
        assert_eq!(counts.tally.damaged, 0, "{name}: {rows:?}");
        assert_eq!(named(&columns, &rows), meant, "{name}.json");
        read += 1;
    }
    assert!(read > 5, "only {read} files");
    println!("{read} files read");
}
