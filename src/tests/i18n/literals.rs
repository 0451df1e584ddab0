//! Literals in the sources: none is a text that people read, which come from the catalogues.

use crate::tidy::{each_source, root};
use std::fs;

/// The folders and files of `src` whose texts are all in the catalogues.
const DONE: &[&str] = &[
    "accounts",
    "app",
    "cart",
    "catalog",
    "error.rs",
    "events",
    "ledger",
    "money.rs",
    "number.rs",
    "ops",
    "order_number.rs",
    "orders",
    "search.rs",
    "server/background.rs",
    "server/db/errors.rs",
    "server/db/idempotency.rs",
    "server/db/paging.rs",
    "server/deadline.rs",
    "server/http",
    "server/limits",
    "tasks",
    "text.rs",
    "trials",
    "ui/alert.rs",
    "ui/breadcrumbs.rs",
    "ui/button.rs",
    "ui/dialog.rs",
    "ui/display",
    "ui/forms",
    "ui/frame",
    "ui/gallery",
    "ui/pagination.rs",
    "ui/tabs.rs",
    "ui/tone.rs",
];

/// Calls whose texts are for the log, for a program's command line, or for the database.
const NOT_SHOWN: &[&str] = &[
    "trace!(",
    "debug!(",
    "info!(",
    "warn!(",
    "error!(",
    "expect(",
    "panic!(",
    "unreachable!(",
    "assert!(",
    "assert_eq!(",
    "context(",
    "with_context(",
    "bail!(",
    "ensure!(",
    "anyhow!(",
    "execute!(",
    "rows_affected!(",
    "fetch_one!(",
    "fetch_optional!(",
    "fetch_all!(",
    "fetch_scalar!(",
    "fetch_scalars!(",
    "fetch_optional_scalar!(",
    "format_description!(",
    "HeaderValue::from_static(",
    "#[",
];

/// Files whose texts are data, a standard's words, or said on the command line: what is seeded, proofs, tests.
const DATA: &[&str] = &[
    "demo.rs",
    "demo_story.rs",
    "duel.rs",
    "duel_client.rs",
    "generate.rs",
    "replay.rs",
    "choice.rs",
    "verify.rs",
    "odm/admin.rs",
    "odm/clinical.rs",
    "odm/document.rs",
    "odm/metadata.rs",
    "_tests.rs",
];

/// Names, which are the same in every language: ours, keys of the keyboard, columns
/// of an index, and what an idempotency key stands for; our commands, and the browsers and systems
/// that sessions are of. And what programs read or write: headers, bodies, a mail, a load balancer, a database
/// with an account of ours in it and the systems in an order's history, the log, and the key of a
/// keyed hash.
const NAMES: &[&str] = &[
    "Guildhall",
    "guildhall verify orders",
    "guildhall verify ledger",
    "Edg/",
    "Edge",
    "Opera",
    "Firefox/",
    "Firefox",
    "Chrome/",
    "Chrome",
    "Safari/",
    "Safari",
    "Python",
    "Android",
    "Windows",
    "Mac OS",
    "Mac",
    "Linux",
    "Bearer",
    "camera=(), geolocation=(), microphone=()",
    "img-src 'self' data: blob:",
    "an object",
    "UNIQUE constraint failed: ",
    "database disconnected",
    "all the others",
    "guildhall: what follows a token",
    "Ctrl K",
    "Esc",
    "ArrowDown",
    "ArrowUp",
    "Enter",
    "Escape",
    "name slug",
    "name slug beside",
    "order step",
    "order mark",
    "webhook secret",
    "Auto-Submitted",
    "Nats-Msg-Id",
    "Guildhall-Seq",
    "Guildhall-Subject",
    "Bank",
    "Sales",
    "Wallet",
    "Payments",
    "Inventory",
    "Shipping",
    "Risk",
];

/// Attributes whose values nobody reads.
const SILENT: &[&str] = &[
    "class",
    "style",
    "d",
    "viewBox",
    "content",
    "rel",
    "autocomplete",
    "sizes",
];

/// The string literals of a source file that look like words for people.
fn words(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let bytes = source.as_bytes();
    let (mut at, mut depth, mut found) = (0, 0_usize, Vec::new());
    // How deep the outermost call is whose texts are not shown.
    let mut silent: Option<usize> = None;
    while at < bytes.len() {
        match bytes[at] {
            b'/' if source[at..].starts_with("//") => {
                at += source[at..].find('\n').unwrap_or(bytes.len() - at);
                continue;
            }
            b'\'' => {
                // A character, but not a lifetime.
                let rest = &source[at + 1..];
                let end = if rest.starts_with('\\') {
                    rest[2..].find('\'').map(|end| end + 2)
                } else {
                    rest.char_indices().nth(1).map(|(end, _)| end)
                };
                if let Some(end) = end.filter(|end| rest[*end..].starts_with('\'')) {
                    at += end + 2;
                    continue;
                }
            }
            b'(' | b'[' | b'{' => {
                depth += 1;
                let called = &source[..=at];
                if silent.is_none() && NOT_SHOWN.iter().any(|call| called.ends_with(call)) {
                    silent = Some(depth);
                }
            }
            b')' | b']' | b'}' => {
                if silent == Some(depth) {
                    silent = None;
                }
                depth = depth.saturating_sub(1);
            }
            b'"' => {
                let raw = at > 0 && bytes[at - 1] == b'#';
                let end = if raw {
                    source[at + 1..].find("\"#").expect("an end") + at + 1
                } else {
                    literal_end(bytes, at)
                };
                let text = &source[at + 1..end];
                let before = source[..at].trim_end();
                let attribute = before.strip_suffix('=').map(|before| {
                    let name = before
                        .rsplit(|c: char| !c.is_alphanumeric() && c != '-')
                        .next();
                    name.unwrap_or_default()
                });
                let quiet = silent.is_some()
                    || raw
                    || NAMES.contains(&text)
                    || before.ends_with("class=format!(")
                    || attribute.is_some_and(|name| SILENT.contains(&name));
                if !quiet && !is_classes(text) && !is_columns(text) && looks_like_words(text) {
                    found.push(text.to_owned());
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

fn literal_end(bytes: &[u8], begin: usize) -> usize {
    let mut at = begin + 1;
    while bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at
}

/// A list of classes with one that is put together: `table {class}`, `toast toast-{}`.
fn is_classes(text: &str) -> bool {
    text.split_whitespace()
        .any(|word| word == "{class}" || word == "{tone}" || word.contains("-{"))
}

/// Names of columns with commas between them.
fn is_columns(text: &str) -> bool {
    let is_name = |word: &str| {
        let name = word.trim_end_matches(',');
        name == "\\" || !name.is_empty() && name.chars().all(|c| c.is_lowercase() || c == '_')
    };
    text.matches(',').count() > 1 && text.contains('_') && text.split_whitespace().all(is_name)
}

/// A capital with small letters after it, or two words side by side: no key, no address, no SQL.
fn looks_like_words(text: &str) -> bool {
    let small = |c: char| c.is_lowercase();
    let is_word = |word: &&str| {
        word.chars().filter(|c| small(*c)).count() > 1 && word.chars().all(char::is_alphabetic)
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_sql = [
        "SELECT",
        "INSERT",
        "UPDATE",
        "DELETE",
        "WHERE",
        "FROM",
        "ORDER",
        "BY",
        "AND",
        "JOIN",
        "VALUES",
        "LIMIT",
        "CAST",
        "RETURNING",
    ];
    if words.iter().any(|word| is_sql.contains(word)) {
        return false;
    }
    let capital = text.chars().next().is_some_and(char::is_uppercase)
        && text.chars().nth(1).is_some_and(small);
    let beside = words.windows(2).any(|pair| {
        pair.iter().all(|word| {
            !word.starts_with('{')
                && is_word(&word.trim_matches(|c: char| c.is_ascii_punctuation()))
        })
    });
    capital || beside
}

#[test]
fn texts_are_in_the_catalogues() {
    each_source(|name, text| {
        let file = name.strip_prefix("src/").unwrap_or(name);
        let within = |done: &str| file == done || file.starts_with(&format!("{done}/"));
        let is_data = DATA.iter().any(|data| file.ends_with(data));
        let words = match DONE.iter().any(|done| within(done)) && !is_data {
            true => words(text),
            false => Vec::new(),
        };
        (!words.is_empty()).then(|| {
            format!("{name} has {words:?}: put it into locales/en and locales/zh-CN, and write t!(\"key\")")
        })
    });
}

#[test]
fn words_are_told_from_keys_addresses_and_sql() {
    let found = |source: &str| words(source);
    assert_eq!(
        found(r#"view! { <p class="a b c">"Add to cart"</p> }"#),
        ["Add to cart"]
    );
    assert_eq!(
        found(r#"view! { <input aria-label="Search" /> }"#),
        ["Search"]
    );
    assert_eq!(
        found(r#"AppError::invalid("name", "Give it a name.")"#),
        ["Give it a name."]
    );
    for silent in [
        r#"t!("cart-title", name = "x")"#,
        r#"// "A comment""#,
        r#"tracing::warn!(error.cause = %error, "It broke off here")"#,
        r#"execute!(conn, "delete all of them", id)"#,
        r#"let query = "SELECT name FROM users";"#,
        r#"lock.expect("not poisoned at all")"#,
        r#"view! { <a href="/orders/all">{label}</a> }"#,
        r#"#[serde(rename = "Some name")] struct A;"#,
    ] {
        assert_eq!(found(silent), [] as [&str; 0], "{silent}");
    }
}

/// A style that hangs on a word comes loose in the next language.
#[test]
fn no_style_selects_by_a_text() {
    let worded = ["data-label", "aria-label", "title", "placeholder", "alt"];
    let mut sheets = 0;
    for sheet in fs::read_dir(root().join("style"))
        .expect("a folder")
        .flatten()
    {
        let text = fs::read_to_string(sheet.path()).expect("readable");
        for attribute in worded {
            let selector = format!("[{attribute}=");
            assert!(
                !text.contains(&selector),
                "{:?} selects by {selector}…]: give the element a class",
                sheet.path()
            );
        }
        sheets += 1;
    }
    assert!(sheets > 10, "{sheets}");
}
