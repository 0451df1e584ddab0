//! `/categories`

use super::manage::MOST_CATEGORIES;
use super::store::{CategoryRecord, list_category_records};
use crate::accounts::viewer;
use crate::catalog::components::VersionField;
use crate::error::AppError;
use crate::i18n::{current, t};
use crate::server::{IdempotencyKey, app, page};
use crate::ui::{
    Alert, Breadcrumbs, Button, ButtonKind, ConfirmButton, Empty, Form, HiddenField, Icon,
    LinkButton, NameFields, Originals, Refusal, Refused, TextField, Tone, is_stale, lang_of,
    name_fields,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// All categories, each with the form to change it, and the form for a new one.
#[component]
pub fn CategoriesPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    page(async move {
        viewer.staff()?;
        let mut conn = app.db.read().await?;
        let categories = list_category_records(&mut conn, None, MOST_CATEGORIES).await?;
        Ok::<_, AppError>(view! { <Categories categories /> })
    })
}

#[component]
fn Categories(categories: Vec<CategoryRecord>) -> impl IntoView {
    view! {
        <Title text=t!("catalog-categories") />
        <Breadcrumbs trail=vec![("/products".into(), t!("catalog-shop").into())] here=t!("catalog-categories") />
        <div class="page-head">
            <h1>{t!("catalog-categories")}</h1>
            <div class="actions">
                <LinkButton href="/products/new" icon=Icon::Plus>
                    {t!("catalog-new-product")}
                </LinkButton>
            </div>
        </div>
        <Refused action="/delete" />
        <CategoryList categories />
        <section class="settings-section">
            <div class="settings-head">
                <h2>{t!("catalog-category-new")}</h2>
                <p>{t!("catalog-category-new-advice")}</p>
            </div>
            <NewCategoryForm />
        </section>
    }
}

#[component]
fn CategoryList(categories: Vec<CategoryRecord>) -> impl IntoView {
    if categories.is_empty() {
        return view! {
            <Empty icon=Icon::Tag title=t!("catalog-categories-none")>
                <p>{t!("catalog-categories-none-advice")}</p>
            </Empty>
        }
        .into_any();
    }
    let items = categories
        .into_iter()
        .map(|category| view! { <CategoryItem category /> })
        .collect::<Vec<_>>();
    view! { <ul class="category-list">{items}</ul> }.into_any()
}

#[component]
fn CategoryItem(category: CategoryRecord) -> impl IntoView {
    let action = format!("/categories/{}", category.id);
    // Open if its own form was refused.
    let open = use_context::<Refusal>().is_some_and(|refusal| refusal.action == action);
    let lang = lang_of(category.name.shown());
    let products = format!("/products?category={}&state=all", category.slug);
    let off_sale = category.products - category.for_sale;
    view! {
        <li class="category">
            <h2 class="category-name" lang=lang>
                {category.name.shown().to_owned()}
            </h2>
            <code class="category-slug">{category.slug.clone()}</code>
            <p class="category-count">
                {if category.products == 0 {
                    t!("catalog-category-empty").into_any()
                } else {
                    view! { <a href=products>{count(category.products)}</a> }.into_any()
                }}
                {(off_sale > 0).then(|| t!("catalog-category-off-sale", count = off_sale))}
            </p>
            <details class="category-change" open=open>
                <summary>
                    {t!("catalog-category-change")} <span class="visually-hidden">{format!(" {}", category.name.shown())}</span>
                </summary>
                <div class="stack">
                    <ChangeForm action category=category.clone() />
                    <DeleteCategory category />
                </div>
            </details>
        </li>
    }
}

fn count(products: i64) -> String {
    t!("catalog-products", count = products)
}

#[component]
fn ChangeForm(action: String, category: CategoryRecord) -> impl IntoView {
    let first = category.language();
    let mut fields = name_fields(first, &category.name);
    fields.push(("slug".to_owned(), category.slug.clone()));
    let stale = is_stale(&action, &fields);
    let theirs = stale.then(|| {
        let words = t!(
            "catalog-category-conflict",
            name = category.name.shown(),
            slug = category.slug.as_str()
        );
        view! {
            <Alert tone=Tone::Warn title=t!("catalog-both-versions")>
                {words}
            </Alert>
        }
    });
    view! {
        {theirs}
        <Form action>
            <VersionField present=category.version seen=stale />
            <Originals fields seen=stale />
            <div class="field-row">
                <NameFields first name=category.name maxlength=60 />
                <TextField
                    name="slug"
                    label=t!("catalog-address")
                    hint=t!("catalog-category-address-hint")
                    value=category.slug
                    required=true
                    maxlength=80_u32
                    autocomplete="off"
                />
            </div>
            <div class="actions">
                <Button>{t!("catalog-save")}</Button>
            </div>
        </Form>
    }
}

#[component]
fn DeleteCategory(category: CategoryRecord) -> impl IntoView {
    if category.products > 0 {
        let words = t!(
            "catalog-category-move-first",
            products = count(category.products)
        );
        return view! { <p class="muted">{words}</p> }.into_any();
    }
    view! {
        <div class="actions">
            <ConfirmButton
                action=format!("/categories/{}/delete", category.id)
                label=t!("catalog-delete")
                title=t!("catalog-category-delete-title", category = category.name.shown())
                message=t!("catalog-category-delete-advice")
                confirm_label=t!("catalog-category-delete")
            />
        </div>
    }
    .into_any()
}

/// The form for a new category; afterwards it leads to `next`, or back to the list.
#[component]
pub fn NewCategoryForm(#[prop(into, optional)] next: String) -> impl IntoView {
    let next = (!next.is_empty()).then(|| view! { <HiddenField name="next" value=next /> });
    view! {
        <Form action="/categories">
            <HiddenField name="idempotency_key" value=IdempotencyKey::new_key() />
            {next}
            <HiddenField name="language" value=current().as_str() />
            <div class="field-row">
                <NameFields first=current() maxlength=60 />
            </div>
            <TextField
                name="slug"
                label=t!("catalog-address")
                hint=t!("catalog-category-slug-hint")
                maxlength=80_u32
                autocomplete="off"
            />
            <div class="actions">
                <Button kind=ButtonKind::Primary icon=Icon::Plus>
                    {t!("catalog-category-create")}
                </Button>
            </div>
        </Form>
    }
}
