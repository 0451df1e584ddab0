//! The catalogues of texts: whole in every language, used, and used as they are written.

use crate::tidy::{root, source_files};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// The placeholders of each text, by its key.
type Catalogue = BTreeMap<String, BTreeSet<String>>;

fn placeholders(pattern: &Pattern<String>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else {
            continue;
        };
        let inline = match expression {
            Expression::Inline(inline) => inline,
            Expression::Select { selector, variants } => {
                for variant in variants {
                    placeholders(&variant.value, found);
                }
                selector
            }
        };
        if let InlineExpression::VariableReference { id } = inline {
            found.insert(id.name.clone());
        }
    }
}

/// All texts of one language. Each file's keys begin with the file's name.
fn read(language: &str) -> Catalogue {
    let folder = root().join("locales").join(language);
    let mut catalogue = Catalogue::new();
    for file in fs::read_dir(&folder).expect("a folder").flatten() {
        let slice = file.path();
        let slice = slice.file_stem().expect("a name").to_string_lossy();
        let text = fs::read_to_string(file.path()).expect("readable");
        let resource = parser::parse(text).unwrap_or_else(|(_, faults)| {
            panic!("{language}/{slice}.ftl cannot be read: {faults:?}");
        });
        for entry in resource.body {
            let Entry::Message(message) = entry else {
                continue;
            };
            let key = message.id.name;
            assert!(
                key.starts_with(&format!("{slice}-")),
                "{key} in {language}/{slice}.ftl should begin with {slice}-"
            );
            let pattern = message.value.expect("a text");
            let mut found = BTreeSet::new();
            placeholders(&pattern, &mut found);
            let before = catalogue.insert(key.clone(), found);
            assert_eq!(before, None, "{key} is there twice in {language}");
        }
    }
    catalogue
}

/// The keys that the sources ask for: each `t!` with the names of its values.
fn asked_for() -> Vec<(String, BTreeSet<String>, String)> {
    let mut asked = Vec::new();
    let of_tests = root().join("src/tests");
    let sources = source_files(&root().join("src"));
    for path in sources.iter().filter(|path| !path.starts_with(&of_tests)) {
        let name = path.display().to_string();
        let text = fs::read_to_string(path).expect("readable");
        for (at, _) in text.match_indices("t!(") {
            // A name may end so: `assert!("…")`.
            if text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let inside = balanced(&text[at + 2..]).trim_start();
            let Some((key, values)) = inside.strip_prefix('"').and_then(|it| it.split_once('"'))
            else {
                continue;
            };
            asked.push((key.to_owned(), names(values), name.clone()));
        }
    }
    asked
}

/// The inside of the parentheses that the text begins with.
fn balanced(text: &str) -> &str {
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return &text[1..at];
                }
            }
            _ => {}
        }
    }
    panic!("a parenthesis is never closed: {text:.80}");
}

/// The names before the single `=` at the outermost level.
fn names(values: &str) -> BTreeSet<String> {
    let (mut depth, mut quoted) = (0, false);
    let mut names = BTreeSet::new();
    let bytes = values.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'"' if at == 0 || bytes[at - 1] != b'\\' => quoted = !quoted,
            b'(' | b'[' | b'{' if !quoted => depth += 1,
            b')' | b']' | b'}' if !quoted => depth -= 1,
            b'=' if !quoted && depth == 0 => {
                let doubled = |other: Option<&u8>| matches!(other, Some(b'=' | b'!' | b'<' | b'>'));
                let is_name = !doubled(bytes.get(at - 1)) && !doubled(bytes.get(at + 1));
                if is_name {
                    let before = values[..at].trim_end();
                    let begin = before.rfind(|c: char| !c.is_alphanumeric() && c != '_');
                    names.insert(before[begin.map_or(0, |at| at + 1)..].to_owned());
                }
            }
            _ => {}
        }
    }
    names
}

#[test]
fn every_text_is_there_in_every_language_with_the_same_placeholders() {
    let (english, chinese) = (read("en"), read("zh-CN"));
    assert!(english.len() > 50, "{}", english.len());
    let mut faults = Vec::new();
    for (key, placeholders) in &english {
        match chinese.get(key) {
            None => faults.push(format!("{key} has no Chinese")),
            // A language without plurals may do without the number that chooses one.
            Some(other) if other != placeholders => {
                faults.push(format!("{key} has {placeholders:?} and {other:?}"));
            }
            Some(_) => {}
        }
    }
    for key in chinese.keys().filter(|key| !english.contains_key(*key)) {
        faults.push(format!("{key} has no English"));
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_text_asked_for_is_there_and_every_text_there_is_asked_for() {
    let catalogue = read("en");
    let asked = asked_for();
    let mut faults = Vec::new();
    for (key, values, file) in &asked {
        // The sample in the macro's own documentation.
        if file.ends_with("i18n/mod.rs") || file.ends_with("i18n/catalogue.rs") {
            continue;
        }
        match catalogue.get(key) {
            None => faults.push(format!("{file}: {key} is in no catalogue")),
            Some(placeholders) if placeholders != values => faults.push(format!(
                "{file}: {key} is given {values:?}, and has {placeholders:?}"
            )),
            Some(_) => {}
        }
    }
    let asked: BTreeSet<&String> = asked.iter().map(|(key, ..)| key).collect();
    for key in catalogue.keys().filter(|key| !asked.contains(key)) {
        faults.push(format!("{key} is used nowhere"));
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}
