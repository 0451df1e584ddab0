//! Changes of what caches keep copies of: each stands in a function that says so.

use super::each_source;

/// The subjects, and the tables whose rows they are.
const SUBJECTS: [(&str, &[&str]); 3] = [
    ("People", &["users", "sessions", "token_families"]),
    ("Carts", &["cart_items", "carts"]),
    ("Tasks", &["tasks", "task_labels"]),
];

/// Functions that change nothing of what is kept: the columns that searches read, the hash of a password that
/// stays the same, the time of a visit or a use, what is new or long over, and what is made before anybody asks.
const EXCEPT: [&str; 17] = [
    "create_user",
    "update_hash",
    "index_people_again",
    "create_token_family",
    "delete_stale",
    "insert_session",
    "update_seen",
    "delete_over",
    "take_cart",
    "touch_cart",
    "open_cart_of",
    "create_cart",
    "see_price",
    "create_labels",
    "create_words",
    "insert_tasks",
    "antedate",
];

#[test]
fn a_change_of_what_is_kept_is_noted() {
    each_source(|name, text| {
        if name.starts_with("src/tests/") {
            return None;
        }
        functions(text).find_map(|(function, body)| {
            let (subject, _) = SUBJECTS
                .iter()
                .find(|(_, tables)| tables.iter().any(|table| changes(body, table)))?;
            let noted = body.contains(&format!("note_change(Subject::{subject})"));
            (!noted && !EXCEPT.contains(&function)).then(|| {
                format!("{name}: `{function}` changes what caches keep: begin it with `conn.note_change(Subject::{subject})`")
            })
        })
    });
}

/// The functions of a file, by name, each with its text up to the next.
fn functions(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let pieces = text.split("fn ").skip(1);
    pieces.filter_map(|piece| {
        let end = piece.find(|it: char| !it.is_ascii_alphanumeric() && it != '_')?;
        Some((&piece[..end], piece))
    })
}

fn changes(body: &str, table: &str) -> bool {
    ["UPDATE", "DELETE FROM", "INSERT INTO"].iter().any(|verb| {
        let statement = format!("{verb} {table}");
        body.match_indices(&statement).any(|(at, _)| {
            let after = body[at + statement.len()..].chars().next();
            after.is_none_or(|it| !it.is_ascii_alphanumeric() && it != '_')
        })
    })
}
