//! One task: who may see it, what can be done to it, its pages and forms.

mod access;
mod create;
mod delete;
mod edit_page;
mod moves;
mod page;
mod quick_add;
mod store;
mod system_tasks;
mod update;

pub use access::{
    any_board, boards_of, boards_of_tasks, sees, sees_board, visible_board, visible_task,
};
pub use create::{NewTask, create_task};
pub use delete::{delete_task, restore_task};
pub use edit_page::{EditTaskPage, NewTaskPage};
pub use moves::{Place, assign_task, complete_task, move_task};
pub use page::{TaskPage, id_in_path};
pub use quick_add::{Added, quick_add};
pub use store::{Side, TASK, TaskRow, index_tasks_again, insert_task};
pub use system_tasks::{HouseTask, close_house_task, open_house_task};
pub use update::{TaskChange, update_task};
