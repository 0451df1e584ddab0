//! Boards: columns of cards, their order, and their settings.

mod built_in;
mod forms;
mod list_page;
mod manage;
mod page;
mod positions;
mod settings;
mod store;

pub use built_in::first_columns;
pub use forms::form_router;
pub use list_page::BoardsPage;
pub use manage::{BoardNames, create_board};
pub use page::BoardPage;
pub use positions::make_room;
pub use store::{
    create_missing_board, create_own_board, find_board, find_board_id, find_boards, find_own_board,
    insert_board, list_boards, lock_column, own_name, save_columns,
};
