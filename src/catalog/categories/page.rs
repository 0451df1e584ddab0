//! `/categories`

use super::manage::MOST_CATEGORIES;
use super::store::{CategoryRecord, list_category_records};
use crate::accounts::viewer;
use crate::catalog::components::VersionField;
use crate::error::AppError;
use crate::server::{IdempotencyKey, app, page};
use crate::ui::{
    Alert, Breadcrumbs, Button, ButtonKind, ConfirmButton, Empty, Form, HiddenField, Icon,
    LinkButton, Originals, Refusal, Refused, TextField, Tone, is_stale, lang_of,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// All categories, each with the way to change it, and the form for a new one.
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
        <Title text="Categories" />
        <Breadcrumbs trail=vec![("/products".into(), "Shop".into())] here="Categories" />
        <div class="page-head">
            <h1>"Categories"</h1>
            <div class="actions">
                <LinkButton href="/products/new" icon=Icon::Plus>
                    "New product"
                </LinkButton>
            </div>
        </div>
        <Refused action="/delete" />
        <CategoryList categories />
        <section class="settings-section">
            <div class="settings-head">
                <h2>"New category"</h2>
                <p>"It comes last in the shop's list, and on the front page once something in it is for sale."</p>
            </div>
            <NewCategoryForm />
        </section>
    }
}

#[component]
fn CategoryList(categories: Vec<CategoryRecord>) -> impl IntoView {
    if categories.is_empty() {
        return view! {
            <Empty icon=Icon::Tag title="No categories yet">
                <p>"Every product is in a category. Make the first below, then a product in it."</p>
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
    // Open where its own form was refused.
    let open = use_context::<Refusal>().is_some_and(|refusal| refusal.action == action);
    let lang = lang_of(&category.name);
    let products = format!("/products?category={}&state=all", category.slug);
    let off_sale = category.products - category.for_sale;
    view! {
        <li class="category">
            <h2 class="category-name" lang=lang>
                {category.name.clone()}
            </h2>
            <code class="category-slug">{category.slug.clone()}</code>
            <p class="category-count">
                {if category.products == 0 {
                    "No products".into_any()
                } else {
                    view! { <a href=products>{count(category.products)}</a> }.into_any()
                }}
                {(off_sale > 0).then(|| format!(", {off_sale} not for sale"))}
            </p>
            <details class="category-change" open=open>
                <summary>
                    "Change" <span class="visually-hidden">{format!(" {}", category.name)}</span>
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
    match products {
        1 => "1 product".to_owned(),
        products => format!("{} products", crate::number::count(products)),
    }
}

#[component]
fn ChangeForm(action: String, category: CategoryRecord) -> impl IntoView {
    let fields = vec![
        ("name", category.name.clone()),
        ("slug", category.slug.clone()),
    ];
    let stale = is_stale(&action, &fields);
    let theirs = stale.then(|| {
        let words = format!(
            "It is called {} now, with the address {}. Below is what you typed, and theirs where you changed nothing: change it as you like, and save it over theirs.",
            category.name, category.slug
        );
        view! {
            <Alert tone=Tone::Warn title="Both versions are here">
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
                <TextField name="name" label="Name" value=category.name required=true maxlength=60_u32 autocomplete="off" />
                <TextField
                    name="slug"
                    label="Address"
                    hint="Links with the old one lead nowhere once you change it."
                    value=category.slug
                    required=true
                    maxlength=80_u32
                    autocomplete="off"
                />
            </div>
            <div class="actions">
                <Button>"Save"</Button>
            </div>
        </Form>
    }
}

#[component]
fn DeleteCategory(category: CategoryRecord) -> impl IntoView {
    if category.products > 0 {
        let words = format!(
            "To delete it, first move what is in it to another category: {}.",
            count(category.products)
        );
        return view! { <p class="muted">{words}</p> }.into_any();
    }
    view! {
        <div class="actions">
            <ConfirmButton
                action=format!("/categories/{}/delete", category.id)
                label="Delete"
                title=format!("Delete the category {}?", category.name)
                message="No product is in it. It cannot be brought back, but you can make it anew."
                confirm_label="Delete the category"
            />
        </div>
    }
    .into_any()
}

/// The form for a category to be made; then it leads to `next`, or back to the list.
#[component]
pub fn NewCategoryForm(#[prop(into, optional)] next: String) -> impl IntoView {
    let next = (!next.is_empty()).then(|| view! { <HiddenField name="next" value=next /> });
    view! {
        <Form action="/categories">
            <HiddenField name="once" value=IdempotencyKey::new_key() />
            {next}
            <TextField name="name" label="Name" required=true maxlength=60_u32 autocomplete="off" />
            <TextField
                name="slug"
                label="Address"
                hint="Stands for it in links to the shop: small letters, digits and dashes. Made from the name where left empty."
                maxlength=80_u32
                autocomplete="off"
            />
            <div class="actions">
                <Button kind=ButtonKind::Primary icon=Icon::Plus>
                    "Make the category"
                </Button>
            </div>
        </Form>
    }
}
