//! Boards: columns of cards, their order, and their settings.

mod forms;
mod list_page;
mod manage;
mod page;
mod positions;
mod settings;
mod store;

pub use forms::form_router;
pub use list_page::BoardsPage;
pub use manage::{create_board, first_columns};
pub use page::BoardPage;
pub use positions::make_room;
pub use store::{
    create_missing_board, create_own_board, find_board, find_board_id, find_boards, find_own_board,
    insert_board, list_boards, lock_column, own_name, save_columns,
};
