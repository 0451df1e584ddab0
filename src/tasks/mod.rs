//! Tasks: boards with columns, and what is to be done on them.

mod due;
mod rules;

pub use due::{Due, DueDate, date_of, end_of_day, join as join_due, time_of};
pub use rules::{
    BoardName, ColumnName, DONE, Description, GAP, Labels, Priority, Sort, Title, chosen_position,
    position_between,
};

use crate::clock::Timestamp;
use crate::i18n::{Language, Multilingual};
use serde::{Deserialize, Serialize};

/// A task on a board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    pub id: i64,
    pub board_id: i64,
    /// The board's owner; `None` if it is the company's.
    pub owner_id: Option<i64>,
    pub title: String,
    /// Markdown.
    pub description: String,
    /// The key of the column it is in.
    pub status: String,
    pub priority: Priority,
    pub assignee_id: Option<i64>,
    pub due_at: Option<Timestamp>,
    pub labels: Vec<String>,
    /// Position in the column: smaller is higher. Numbers are far apart, so that a card fits between two.
    pub position: i64,
    pub version: i64,
    /// `None` if the program created it by itself, as it does with demo data.
    pub created_by: Option<i64>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Task {
    pub fn is_done(&self) -> bool {
        self.status == DONE
    }
}

/// A board: the columns its tasks go through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    pub id: i64,
    /// The customer whose tasks are on it; `None` if it is the company's.
    pub owner_id: Option<i64>,
    /// The language in which its name was first entered.
    pub language: Language,
    pub name: Multilingual,
    /// From left to right.
    pub columns: Vec<Column>,
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A column of a board. Its key is the status of the tasks in it, and stays when it is renamed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    pub key: String,
    pub name: String,
}

impl Board {
    /// Returns the key of the first column, where new and reopened tasks go.
    pub fn first_column(&self) -> &str {
        self.columns.first().map_or(DONE, |column| &column.key)
    }

    pub fn column(&self, key: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.key == key)
    }
}

cfg_if::cfg_if! {
    if #[cfg(feature = "ssr")] {
        mod board;
        mod components;
        mod demo;
        pub mod forms;
        mod generate;
        mod list;
        pub mod rest;
        mod task;

        pub use board::{BoardPage, BoardsPage};
        pub use demo::seed_demo;
        pub use generate::seed_tasks;
        pub use list::{TaskAnswers, TaskFilter, TaskQuery, TasksPage, explain_tasks};
        pub use task::{
            EditTaskPage, HouseTask, NewTaskPage, TaskPage, close_house_task, index_tasks_again,
            open_house_task,
        };
    }
}
