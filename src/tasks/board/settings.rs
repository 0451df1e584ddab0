//! Board settings, which staff change below the board.

use crate::i18n::t;
use crate::tasks::{Board, Column, DONE};
use crate::ui::{Button, Form, NameFields, Refusal, TextField};
use leptos::prelude::*;

/// The board's name and columns.
#[component]
pub fn BoardSettings(board: Board) -> impl IntoView {
    let id = board.id;
    // Open if one of its own forms was refused.
    let here = [
        format!("/boards/{id}/name"),
        format!("/boards/{id}/columns"),
    ];
    let open = use_context::<Refusal>()
        .is_some_and(|refusal| here.iter().any(|path| refusal.action.starts_with(path)));
    // A customer's board is named after its owner.
    let named = board.owner_id.is_none();
    let removable = board.columns.len() > 2;
    let columns = board
        .columns
        .into_iter()
        .map(|column| view! { <ColumnForm board=id column removable /> })
        .collect::<Vec<_>>();
    view! {
        <details class="board-settings" open=open>
            <summary>{t!("tasks-board-settings")}</summary>
            <div class="stack">
                <p class="muted">
                    {t!("tasks-board-settings-advice")}
                </p>
                {named
                    .then(|| {
                        view! {
                            <Form action=format!("/boards/{id}/name")>
                                <NameFields first=board.language name=board.name maxlength=80 />
                                <div class="actions">
                                    <Button small=true>{t!("tasks-board-rename")}</Button>
                                </div>
                            </Form>
                        }
                    })}
                {columns}
                <Form action=format!("/boards/{id}/columns")>
                    <TextField name="name" label=t!("tasks-column-new") required=true maxlength=40_u32 autocomplete="off" />
                    <div class="actions">
                        <Button small=true>{t!("tasks-column-add")}</Button>
                    </div>
                </Form>
            </div>
        </details>
    }
}

#[component]
fn ColumnForm(board: i64, column: Column, removable: bool) -> impl IntoView {
    let key: String = form_urlencoded::byte_serialize(column.key.as_bytes()).collect();
    let rename = format!("/boards/{board}/columns/{key}/name");
    let remove = format!("/boards/{board}/columns/{key}/remove");
    let label = t!("tasks-column-of", column = column.shown());
    view! {
        <Form action=rename>
            <TextField name="name" label value=column.shown().to_owned() required=true maxlength=40_u32 />
            <div class="actions">
                <Button small=true>{t!("tasks-column-rename")}</Button>
                {(removable && column.key != DONE)
                    .then(|| {
                        view! {
                            <Button small=true formaction=remove>
                                {t!("tasks-column-remove")}
                            </Button>
                        }
                    })}
            </div>
        </Form>
    }
}
