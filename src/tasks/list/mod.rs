//! The list of tasks: its filters, its query, its page.

mod answers;
mod filter;
mod page;
mod query;
mod toolbar;

pub use answers::TaskAnswers;
pub use filter::{TaskFilter, TaskQuery};
pub use page::{CompleteButton, TasksPage, assignee_names, query_of_page};
pub use query::{explain_tasks, list_tasks};
pub use toolbar::{
    Options, TaskFilters, assignable, board_options, column_options, priority_options,
};
