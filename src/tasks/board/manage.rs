//! Creates and arranges boards, for staff only.

use super::built_in::first_columns;
use super::store;
use crate::accounts::User;
use crate::error::{AppError, Faults};
use crate::i18n::{Language, t};
use crate::server::forms::{SentTranslations, multilingual, translate};
use crate::server::idempotency::{Attempt, complete, reserve};
use crate::server::{App, IdempotencyKey, Tx};
use crate::tasks::task::any_board;
use crate::tasks::{Board, BoardName, Column, ColumnName, DONE};
use serde::{Deserialize, Serialize};

/// Error code: the column cannot be removed because it has tasks.
pub const COLUMN_IN_USE: u16 = 3201;
/// Error code: the column cannot be removed because every board has it.
pub const COLUMN_NEEDED: u16 = 3202;
/// Error code: the board has the maximum number of columns.
pub const TOO_MANY_COLUMNS: u16 = 3203;

const MOST_COLUMNS: usize = 12;

fn parse<T: std::str::FromStr<Err = String>>(name: &str) -> Result<T, AppError> {
    name.parse()
        .map_err(|message| AppError::invalid("name", message))
}

/// The names of a board in each language.
#[derive(Clone, Debug, Default, Deserialize, Serialize, utoipa::ToSchema)]
#[schema(as = NewBoard)]
pub struct BoardNames {
    /// 1 to 80 characters.
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// The name in other languages.
    #[serde(default, skip_serializing_if = "SentTranslations::is_empty")]
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub name_translations: SentTranslations,
    /// The language of the name; guessed from its letters if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub language: Option<Language>,
}

fn check_board_name(text: &str) -> Result<String, String> {
    let name: BoardName = text.parse()?;
    Ok(name.as_str().to_owned())
}

/// Creates the board, once per idempotency key. The caller has checked that `user` is staff.
pub async fn create_board(
    app: &App,
    user: &User,
    once: &IdempotencyKey,
    names: BoardNames,
) -> Result<Board, AppError> {
    let mut faults = Faults::default();
    let first = Language::noted(names.language, &names.name);
    let (sent, check) = (&names.name_translations, check_board_name);
    let name = multilingual(&mut faults, "name", first, &names.name, sent, check);
    faults.finish()?;
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let reserved = match reserve(&mut tx, user.id, once, &("board", &name), now).await? {
        Attempt::First(reserved) => reserved,
        Attempt::Repeat(id) => return any_board(&mut tx, id).await,
    };
    let id = store::insert_board(&mut tx, first, &name, Some(user.id), now).await?;
    store::save_columns(&mut tx, id, &first_columns()).await?;
    complete(&mut tx, reserved, id).await?;
    let board = any_board(&mut tx, id).await?;
    tx.commit().await?;
    Ok(board)
}

/// Renames the board. An absent translation stays as it is.
pub async fn rename_board(app: &App, id: i64, names: BoardNames) -> Result<Board, AppError> {
    let mut tx = app.db.write().await?;
    let board = any_board(&mut tx, id).await?;
    if board.owner_id.is_some() {
        let message = t!("tasks-board-rename-own");
        return Err(AppError::invalid("name", message));
    }
    let mut faults = Faults::default();
    let (first, mut name) = (board.language, board.name);
    let (sent, translations) = (&names.name_translations, &mut name.translations);
    translate(
        &mut faults,
        "name",
        first,
        sent,
        translations,
        check_board_name,
    );
    let own = faults.check("name", check_board_name(&names.name));
    faults.finish()?;
    name.first = own.unwrap_or_default();
    store::update_board_name(&mut tx, id, first, &name, app.clock.now()).await?;
    let board = any_board(&mut tx, id).await?;
    tx.commit().await?;
    Ok(board)
}

/// Reads the board and locks it for a change of its columns.
async fn changing(app: &App, id: i64) -> Result<(Tx, Board), AppError> {
    let mut tx = app.db.write().await?;
    store::touch_board(&mut tx, id, app.clock.now()).await?;
    let board = any_board(&mut tx, id).await?;
    Ok((tx, board))
}

fn no_such_column() -> AppError {
    AppError::not_found("column")
}

/// Adds a column before the one for finished tasks.
pub async fn add_column(app: &App, id: i64, name: &str) -> Result<Board, AppError> {
    let name: ColumnName = parse(name)?;
    let (mut tx, mut board) = changing(app, id).await?;
    if board.columns.len() >= MOST_COLUMNS {
        let message = t!("tasks-columns-too-many", most = MOST_COLUMNS);
        return Err(AppError::conflict(TOO_MANY_COLUMNS, message));
    }
    let column = Column {
        key: name.key(|key| board.column(key).is_some()),
        name: name.as_str().to_owned(),
    };
    let done = board.columns.iter().position(|column| column.key == DONE);
    let place = done.unwrap_or(board.columns.len());
    board.columns.insert(place, column);
    store::save_columns(&mut tx, id, &board.columns).await?;
    tx.commit().await?;
    Ok(board)
}

pub async fn rename_column(app: &App, id: i64, key: &str, name: &str) -> Result<Board, AppError> {
    let name: ColumnName = parse(name)?;
    let (mut tx, mut board) = changing(app, id).await?;
    let column = board.columns.iter_mut().find(|column| column.key == key);
    column.ok_or_else(no_such_column)?.name = name.as_str().to_owned();
    store::save_columns(&mut tx, id, &board.columns).await?;
    tx.commit().await?;
    Ok(board)
}

/// Removes an empty column. The one for finished tasks stays, and one other.
pub async fn remove_column(app: &App, id: i64, key: &str) -> Result<Column, AppError> {
    let (mut tx, mut board) = changing(app, id).await?;
    let place = board.columns.iter().position(|column| column.key == key);
    let column = board.columns.remove(place.ok_or_else(no_such_column)?);
    let name = column.shown();
    if key == DONE || board.columns.len() < 2 {
        let message = t!("tasks-column-needed", column = name);
        return Err(AppError::conflict(COLUMN_NEEDED, message));
    }
    store::lock_column(&mut tx, id, key).await?;
    match store::count_tasks(&mut tx, id, key).await? {
        0 => {}
        count => {
            let message = t!("tasks-column-in-use", count = count, column = name);
            return Err(AppError::conflict(COLUMN_IN_USE, message));
        }
    }
    store::delete_column(&mut tx, id, key, board.first_column()).await?;
    tx.commit().await?;
    Ok(column)
}
