//! The section of saved views: links to them above the list, and their keeping below it.

use super::filter::OrderQuery;
use super::saved_views::MOST_VIEWS;
use super::view_store::SavedView;
use crate::ui::{Button, ConfirmButton, Form, HiddenField, Icon, Refusal, TextField, lang_of};
use leptos::prelude::*;

const ACTION: &str = "/orders/views";

/// Links to the views, where there are any.
#[component]
pub fn SavedViews(views: Vec<SavedView>, query: OrderQuery) -> impl IntoView {
    if views.is_empty() {
        return None;
    }
    let here = query.href("/orders/all");
    let items = views
        .into_iter()
        .map(|view| {
            let href = view.href();
            let current = (href == here).then_some("page");
            let lang = lang_of(&view.name);
            view! {
                <li>
                    <a class="chip" href=href aria-current=current lang=lang>
                        {view.name}
                    </a>
                </li>
            }
        })
        .collect::<Vec<_>>();
    Some(view! {
        <nav aria-label="Saved views">
            <ul class="filter-chips">{items}</ul>
        </nav>
    })
}

/// Keeps the list as it is filtered now under a name, and forgets views.
#[component]
pub fn SavedViewsEditor(views: Vec<SavedView>, query: OrderQuery) -> impl IntoView {
    let open = use_context::<Refusal>().is_some_and(|refusal| refusal.action.starts_with(ACTION));
    let here = query.href("/orders/all");
    let text = query.href("");
    let text = text.trim_start_matches('?').to_owned();
    let full = views.len() as i64 >= MOST_VIEWS;
    let kept = views
        .into_iter()
        .map(|view| {
            let lang = lang_of(&view.name);
            let hidden = vec![("next".to_owned(), here.clone())];
            view! {
                <li>
                    <a href=view.href() lang=lang>
                        {view.name.clone()}
                    </a>
                    <ConfirmButton
                        action=format!("{ACTION}/{}/delete", view.id)
                        label="Delete"
                        title=format!("Delete the view {}?", view.name)
                        message="Only the view goes; the orders stay as they are."
                        confirm_label="Delete it"
                        hidden
                        small=true
                    />
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <details class="saved-views" open=open>
            <summary>"Saved views"</summary>
            <div class="stack">
                {if full {
                    view! { <p class="muted">{format!("You keep {MOST_VIEWS} views, which is all one can. Delete one to keep another.")}</p> }
                        .into_any()
                } else {
                    view! {
                        <Form action=ACTION class="saved-view-form">
                            <HiddenField name="query" value=text />
                            <TextField
                                name="name"
                                label="Keep this list as"
                                hint="With the state and the filters it has now."
                                required=true
                                maxlength=40_u32
                                autocomplete="off"
                            />
                            <Button icon=Icon::Plus>"Save the view"</Button>
                        </Form>
                    }
                        .into_any()
                }}
                {(!kept.is_empty()).then(|| view! { <ul class="saved-view-list">{kept}</ul> })}
            </div>
        </details>
    }
}
