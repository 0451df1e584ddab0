//! `/boards`

use crate::accounts::viewer;
use crate::error::AppError;
use crate::i18n::{current, t};
use crate::server::{IdempotencyKey, app, page};
use crate::tasks::Board;
use crate::tasks::components::TaskTabs;
use crate::tasks::task::boards_of;
use crate::ui::{Button, ButtonKind, Empty, Form, HiddenField, Icon, NameFields, gap, lang_of};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn BoardsPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    page(async move {
        let user = viewer.person()?.clone();
        let staff = user.role.is_staff();
        let mut conn = app.db.read().await?;
        let boards = boards_of(&mut conn, &user).await?;
        Ok::<_, AppError>(view! {
            <Title text=t!("tasks-boards") />
            <div class="page-head">
                <h1>{t!("tasks-tasks")}</h1>
            </div>
            <TaskTabs here="/boards" />
            <BoardTable boards staff />
            {staff.then(|| view! { <NewBoardForm /> })}
        })
    })
}

#[component]
fn BoardTable(boards: Vec<Board>, staff: bool) -> impl IntoView {
    if boards.is_empty() {
        return if staff {
            view! {
                <Empty icon=Icon::Board title=t!("tasks-boards-empty")>
                    <p>{t!("tasks-boards-empty-advice")}</p>
                </Empty>
            }
            .into_any()
        } else {
            view! {
                <Empty icon=Icon::Board title=t!("tasks-board-own-empty")>
                    <p>{t!("tasks-board-own-empty-advice")} {gap()} <a href="/tasks">{t!("tasks-board-own-empty-add")}</a></p>
                </Empty>
            }
            .into_any()
        };
    }
    let cards = boards
        .into_iter()
        .map(|board| view! { <BoardCard board /> })
        .collect::<Vec<_>>();
    view! { <ul class="board-list">{cards}</ul> }.into_any()
}

#[component]
fn BoardCard(board: Board) -> impl IntoView {
    let href = format!("/boards/{}", board.id);
    let columns: Vec<String> = board
        .columns
        .into_iter()
        .map(|column| column.shown().to_owned())
        .collect();
    view! {
        <li class="task-card">
            <h2 class="task-card-title" lang=lang_of(board.name.shown())>
                <a href=href>{board.name.shown().to_owned()}</a>
            </h2>
            <p class="muted">{columns.join(" · ")}</p>
        </li>
    }
}

#[component]
fn NewBoardForm() -> impl IntoView {
    view! {
        <section class="settings-section">
            <div class="settings-head">
                <h2>{t!("tasks-board-new")}</h2>
                <p>{t!("tasks-board-new-advice")}</p>
            </div>
            <Form action="/boards">
                <HiddenField name="idempotency_key" value=IdempotencyKey::new_key() />
                <HiddenField name="language" value=current().as_str() />
                <div class="field-row">
                    <NameFields first=current() maxlength=80 />
                </div>
                <div class="actions">
                    <Button kind=ButtonKind::Primary icon=Icon::Plus>
                        {t!("tasks-board-new-submit")}
                    </Button>
                </div>
            </Form>
        </section>
    }
}
