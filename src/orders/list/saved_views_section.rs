//! Saved views on the page: links to them above the list, and their editor below it.

use super::filter::OrderQuery;
use super::saved_views::MOST_VIEWS;
use super::view_store::SavedView;
use crate::i18n::t;
use crate::ui::{Button, ConfirmButton, Form, HiddenField, Icon, Refusal, TextField, lang_of};
use leptos::prelude::*;

const ACTION: &str = "/orders/views";

/// Links to the views, if there are any.
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
        <nav aria-label=t!("orders-views")>
            <ul class="filter-chips">{items}</ul>
        </nav>
    })
}

/// Saves the current filters under a name, and deletes views.
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
                        label=t!("orders-view-delete")
                        title=t!("orders-view-delete-title", name = &view.name)
                        message=t!("orders-view-delete-message")
                        confirm_label=t!("orders-view-delete-confirm")
                        hidden
                        small=true
                    />
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <details class="saved-views" open=open>
            <summary>{t!("orders-views")}</summary>
            <div class="stack">
                {if full {
                    view! { <p class="muted">{t!("orders-views-full", most = MOST_VIEWS)}</p> }
                        .into_any()
                } else {
                    view! {
                        <Form action=ACTION class="saved-view-form">
                            <HiddenField name="query" value=text />
                            <TextField
                                name="name"
                                label=t!("orders-view-name")
                                hint=t!("orders-view-name-hint")
                                required=true
                                maxlength=40_u32
                                autocomplete="off"
                            />
                            <Button icon=Icon::Plus>{t!("orders-view-save")}</Button>
                        </Form>
                    }
                        .into_any()
                }}
                {(!kept.is_empty()).then(|| view! { <ul class="saved-view-list">{kept}</ul> })}
            </div>
        </details>
    }
}
