//! `/products/new`

use super::store::list_categories;
use super::text_fields::TextFields;
use super::types::Category;
use crate::accounts::viewer;
use crate::catalog::categories::NewCategoryForm;
use crate::catalog::components::ProductFields;
use crate::error::AppError;
use crate::i18n::{current, t};
use crate::money::Currency;
use crate::server::{IdempotencyKey, app, page};
use crate::ui::{
    Alert, Breadcrumbs, Button, ButtonKind, CheckField, Form, HiddenField, Icon, LinkButton,
    Refusal, TextField,
};
use leptos::prelude::*;
use leptos_meta::Title;

const ACTION: &str = "/products/new";

/// The form for a new product. With no category yet, it asks for the first one and comes back.
#[component]
pub fn NewProductPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    // What was typed stays on the page, whatever became of the categories.
    let typed = use_context::<Refusal>().is_some_and(|refusal| refusal.action == ACTION);
    page(async move {
        viewer.staff()?;
        let mut conn = app.db.read().await?;
        let categories = list_categories(&mut conn).await?;
        let currency = app.config.shop.currency;
        let body = if categories.is_empty() && !typed {
            view! { <FirstCategory /> }.into_any()
        } else {
            view! { <NewProductForm categories currency /> }.into_any()
        };
        Ok::<_, AppError>(view! {
            <Title text=t!("catalog-new-product") />
            <Breadcrumbs trail=vec![("/products".into(), t!("catalog-shop").into())] here=t!("catalog-new-product") />
            <div class="page-head">
                <h1>{t!("catalog-new-product")}</h1>
                <div class="actions">
                    <LinkButton href="/categories" kind=ButtonKind::Quiet icon=Icon::Tag>
                        {t!("catalog-categories")}
                    </LinkButton>
                </div>
            </div>
            <div class="page-narrow">{body}</div>
        })
    })
}

#[component]
fn FirstCategory() -> impl IntoView {
    view! {
        <div class="first-category">
            <Alert title=t!("catalog-first-category")>
                {t!("catalog-first-category-advice")}
            </Alert>
            <h2>{t!("catalog-first-category-heading")}</h2>
            <NewCategoryForm next=ACTION />
        </div>
    }
}

#[component]
fn NewProductForm(categories: Vec<Category>, currency: Currency) -> impl IntoView {
    view! {
        <Form action=ACTION>
            <HiddenField name="idempotency_key" value=IdempotencyKey::new_key() />
            <HiddenField name="language" value=current().as_str() />
            <TextFields first=current() />
            <TextField
                name="slug"
                label=t!("catalog-address")
                hint=t!("catalog-address-hint")
                maxlength=80_u32
                autocomplete="off"
            />
            <ProductFields
                categories
                category=String::new()
                price=String::new()
                currency
            />
            <TextField name="stock" label=t!("catalog-opening-stock") kind="number" min="0" value="0" autocomplete="off" />
            <CheckField
                name="active"
                label=t!("catalog-publish-now")
                hint=t!("catalog-publish-later")
                checked=true
            />
            <div class="actions">
                <Button kind=ButtonKind::Primary>{t!("catalog-create")}</Button>
                <LinkButton href="/products" kind=ButtonKind::Quiet>
                    {t!("catalog-cancel")}
                </LinkButton>
            </div>
        </Form>
    }
}
