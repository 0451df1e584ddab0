//! Built-in columns: those of a new board, named in the language of the page until somebody renames them.

use crate::i18n::{Language, t, with};
use crate::tasks::{Column, DONE};

const TODO: &str = "todo";
const DOING: &str = "doing";

fn built_in_name(key: &str) -> Option<&'static str> {
    match key {
        TODO => Some(t!("tasks-column-todo")),
        DOING => Some(t!("tasks-column-doing")),
        DONE => Some(t!("tasks-column-done")),
        _ => None,
    }
}

/// Returns the columns of a new board, named in the language of whoever creates it.
pub fn first_columns() -> Vec<Column> {
    let column = |key: &str| {
        Some(Column {
            key: key.to_owned(),
            name: built_in_name(key)?.to_owned(),
        })
    };
    [TODO, DOING, DONE].into_iter().filter_map(column).collect()
}

impl Column {
    /// Returns the column's name as shown on the current page.
    pub fn shown(&self) -> &str {
        let named = |language| with(language, || built_in_name(&self.key));
        let built_in = Language::ALL
            .into_iter()
            .any(|language| named(language) == Some(&self.name));
        let own = self.name.as_str();
        if built_in {
            built_in_name(&self.key).unwrap_or(own)
        } else {
            own
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(language: Language, key: &str, name: &str) -> String {
        let column = Column {
            key: key.to_owned(),
            name: name.to_owned(),
        };
        with(language, || column.shown().to_owned())
    }

    #[test]
    fn a_column_is_called_in_the_language_of_the_page_until_it_is_renamed() {
        assert_eq!(shown(Language::Chinese, "todo", "To do"), "待办");
        assert_eq!(shown(Language::English, "done", "已完成"), "Done");
        assert_eq!(shown(Language::Chinese, "todo", "Later"), "Later");
        assert_eq!(shown(Language::Chinese, "review", "To do"), "To do");
    }
}
