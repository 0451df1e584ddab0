//! Statements that are put together from the filters that are set.

use super::connection::Conn;

/// A value for a placeholder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Number(i64),
    Text(String),
}

/// Gives a query its values, in order, whichever engine it is for.
macro_rules! bind_all {
    ($query:expr, $values:expr) => {
        $values.iter().fold($query, |query, value| match value {
            $crate::server::Value::Number(number) => query.bind(*number),
            $crate::server::Value::Text(text) => query.bind(text.clone()),
        })
    };
}

pub(crate) use bind_all;

/// The text of a statement, and the values of its placeholders.
pub struct Statement {
    pub text: String,
    pub values: Vec<Value>,
}

impl Statement {
    /// Up to its first condition, and with it.
    pub fn new(text: String) -> Self {
        Self {
            text,
            values: Vec::new(),
        }
    }

    /// Narrows it; every `?` in the condition stands for the next value.
    pub fn narrow<const N: usize>(&mut self, condition: &str, values: [Value; N]) {
        self.text.push_str("\n  AND ");
        let mut parts = condition.split('?');
        self.text.push_str(parts.next().unwrap_or_default());
        for (part, value) in parts.zip(values) {
            self.values.push(value);
            self.text.push_str(&format!("${}{part}", self.values.len()));
        }
    }
}

/// `($1, $2), ($3, $4)`: so many rows of so many placeholders. On SQLite they have no names: it would
/// look each up in a list of all, which takes longer than the insert itself where there are hundreds.
pub fn rows(conn: &Conn, count: usize, width: usize) -> String {
    let placeholder = |place: usize| conn.pick("?".to_owned(), format!("${place}"));
    let row = |index: usize| {
        let places = (1..=width).map(|column| placeholder(index * width + column));
        format!("({})", places.collect::<Vec<_>>().join(", "))
    };
    (0..count).map(row).collect::<Vec<_>>().join(", ")
}
