//! `/api/v1/tasks` and `/api/v1/boards`.

use super::board::{BoardNames, list_boards as read_boards};
use super::list::{TaskQuery, list_tasks as read_tasks};
use super::task::{NewTask, TaskChange, boards_of, visible_board, visible_task};
use super::{Board, Column, Priority, Task, board, task};
use crate::accounts::{Person, Staff};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::{Language, Translations};
use crate::server::{
    App, Cursor, IdempotencyKey, Json, PageOf, Path, Query, Tagged, created, no_content, ok,
    page_size,
};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_tasks, create_task))
        .routes(routes!(read_task, update_task, delete_task))
        .routes(routes!(list_boards, create_board))
        .routes(routes!(read_board))
}

/// A task.
#[derive(Serialize, ToSchema)]
struct TaskBody {
    id: i64,
    board_id: i64,
    title: String,
    /// Markdown.
    description: String,
    /// The key of its column.
    status: String,
    /// `none`, `low`, `medium`, `high` or `urgent`.
    priority: Priority,
    assignee_id: Option<i64>,
    /// RFC 3339, UTC.
    due_at: Option<Timestamp>,
    labels: Vec<String>,
    position: i64,
    version: i64,
    created_by: Option<i64>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Task> for TaskBody {
    fn from(task: Task) -> Self {
        Self {
            id: task.id,
            board_id: task.board_id,
            title: task.title,
            description: task.description,
            status: task.status,
            priority: task.priority,
            assignee_id: task.assignee_id,
            due_at: task.due_at,
            labels: task.labels,
            position: task.position,
            version: task.version,
            created_by: task.created_by,
            created_at: task.created_at,
            updated_at: task.updated_at,
        }
    }
}

/// A column of a board.
#[derive(Serialize, ToSchema)]
struct ColumnBody {
    /// The `status` of the tasks in it.
    key: String,
    name: String,
}

/// A board, its columns from left to right.
#[derive(Serialize, ToSchema)]
struct BoardBody {
    id: i64,
    /// The language in which the name was first entered. The name is returned as entered, with its
    /// translations beside it.
    #[schema(value_type = String)]
    language: Language,
    name: String,
    #[schema(value_type = std::collections::HashMap<String, String>)]
    name_translations: Translations,
    columns: Vec<ColumnBody>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Board> for BoardBody {
    fn from(board: Board) -> Self {
        let columns = board.columns.into_iter();
        Self {
            id: board.id,
            language: board.language,
            name: board.name.first,
            name_translations: board.name.translations,
            columns: columns
                .map(|Column { key, name }| ColumnBody { key, name })
                .collect(),
            version: board.version,
            created_at: board.created_at,
            updated_at: board.updated_at,
        }
    }
}

/// Tasks that match every filter. Staff see all, customers those on their own board or assigned to them.
#[utoipa::path(get, path = "/tasks", tag = "tasks", params(TaskQuery),
    responses((status = 200, body = PageOf<TaskBody>), (status = 304, description = "As the client has it"),
              (status = 401, description = "Nobody is signed in"),
              (status = 422, description = "A filter is at fault")))]
async fn list_tasks(
    State(app): State<App>,
    Person(user): Person,
    headers: HeaderMap,
    Query(query): Query<TaskQuery>,
) -> Result<Response, AppError> {
    let filter = query.read(&user)?;
    let make = async || {
        let mut conn = app.db.read().await?;
        let page = read_tasks(&mut conn, &filter, app.clock.now()).await?;
        Tagged::ok(&page.map(TaskBody::from))
    };
    let answer = app.task_answers.get(&filter, make).await?;
    Ok(answer.answer(&headers))
}

/// Create a task. Customers create it on their own board, assigned to themselves or to nobody. A repeated
/// request with the same `Idempotency-Key` returns the task created the first time.
#[utoipa::path(post, path = "/tasks", tag = "tasks", request_body = NewTask,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = TaskBody), (status = 404, description = "A board that is not the customer's own"),
              (status = 422, description = "A field is at fault")))]
async fn create_task(
    State(app): State<App>,
    Person(user): Person,
    once: IdempotencyKey,
    Json(input): Json<NewTask>,
) -> Result<Response, AppError> {
    let task = task::create_task(&app, &user, &once, input).await?;
    let location = format!("/api/v1/tasks/{}", task.id);
    Ok(created(&location, TaskBody::from(task)))
}

/// One task.
#[utoipa::path(get, path = "/tasks/{id}", tag = "tasks", params(("id" = i64, Path)),
    responses((status = 200, body = TaskBody), (status = 404, description = "No such task, or not yours to see")))]
async fn read_task(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let task = visible_task(&mut conn, &user, id).await?;
    Ok(ok(TaskBody::from(task)))
}

/// Change a task. Absent fields stay; `null` clears what can be empty.
#[utoipa::path(patch, path = "/tasks/{id}", tag = "tasks", params(("id" = i64, Path)),
    request_body = TaskChange,
    responses((status = 200, body = TaskBody), (status = 404, description = "No such task, or not yours to see"),
              (status = 403, description = "A task of the house that was given to a customer goes to no other board"),
              (status = 409, description = "The version is stale"), (status = 422, description = "A field is at fault")))]
async fn update_task(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
    Json(change): Json<TaskChange>,
) -> Result<Response, AppError> {
    let task = task::update_task(&app, &user, id, change).await?;
    Ok(ok(TaskBody::from(task)))
}

/// Delete a task. Customers can delete tasks on their own board.
#[utoipa::path(delete, path = "/tasks/{id}", tag = "tasks", params(("id" = i64, Path)),
    responses((status = 204, description = "Deleted, now or before"),
              (status = 403, description = "A task of the house that was given to a customer"),
              (status = 404, description = "No such task, or not yours to see")))]
async fn delete_task(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    task::delete_task(&app, &user, id).await?;
    Ok(no_content())
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
struct BoardQuery {
    /// 1 to 100; 50 if absent.
    limit: Option<i64>,
    /// `next_cursor` of the previous page.
    cursor: String,
}

/// The boards with their columns, in order of creation: the company's for its staff. A customer has one of
/// their own from their first task on.
#[utoipa::path(get, path = "/boards", tag = "tasks", params(BoardQuery),
    responses((status = 200, body = PageOf<BoardBody>), (status = 401, description = "Nobody is signed in")))]
async fn list_boards(
    State(app): State<App>,
    Person(user): Person,
    Query(query): Query<BoardQuery>,
) -> Result<Response, AppError> {
    let after = Cursor::after(&query.cursor)?;
    let size = page_size(query.limit);
    let mut conn = app.db.read().await?;
    let boards = if user.role.is_staff() {
        read_boards(&mut conn, after, size + 1).await?
    } else {
        let own = boards_of(&mut conn, &user).await?.into_iter();
        own.filter(|board| board.id > after).collect()
    };
    let page = PageOf::from_rows(boards, size, |board| Cursor::new([&board.id]));
    Ok(ok(page.map(BoardBody::from)))
}

/// Create a board with the columns To do, Doing and Done. Staff only. A repeated request with the same
/// `Idempotency-Key` returns the board created the first time.
#[utoipa::path(post, path = "/boards", tag = "tasks", security(("bearer" = ["staff"])), request_body = BoardNames,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = BoardBody), (status = 403, description = "Not staff"),
              (status = 422, description = "The name is at fault")))]
async fn create_board(
    State(app): State<App>,
    Staff(user): Staff,
    once: IdempotencyKey,
    Json(names): Json<BoardNames>,
) -> Result<Response, AppError> {
    let board = board::create_board(&app, &user, &once, names).await?;
    let location = format!("/api/v1/boards/{}", board.id);
    Ok(created(&location, BoardBody::from(board)))
}

/// One board with its columns.
#[utoipa::path(get, path = "/boards/{id}", tag = "tasks", params(("id" = i64, Path)),
    responses((status = 200, body = BoardBody), (status = 404, description = "No such board, or not yours to see")))]
async fn read_board(
    State(app): State<App>,
    Person(user): Person,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let board = visible_board(&mut conn, &user, id).await?;
    Ok(ok(BoardBody::from(board)))
}
