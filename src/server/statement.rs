//! Statements that are put together from the filters that are set.

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
