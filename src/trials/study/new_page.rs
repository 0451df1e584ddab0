//! `/trials/new`, for admins.

use crate::accounts::viewer;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{IdempotencyKey, app, page};
use crate::ui::{
    Alert, Breadcrumbs, Button, ButtonKind, Form, HiddenField, LinkButton, TextArea, TextField,
    Tone,
};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn NewStudyPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    page(async move {
        viewer.admin()?;
        let can_seal = app.name_key.is_there();
        Ok::<_, AppError>(view! {
            <Title text=t!("trials-new") />
            <Breadcrumbs trail=vec![("/trials".into(), t!("trials-trials").into())] here=t!("trials-new") />
            <div class="page-head">
                <h1>{t!("trials-new")}</h1>
            </div>
            {(!can_seal).then(|| view! { <Alert tone=Tone::Warn>{t!("trials-no-name-key")}</Alert> })}
            <div class="page-narrow">
                <NewStudyForm />
            </div>
        })
    })
}

#[component]
fn NewStudyForm() -> impl IntoView {
    view! {
        <Form action="/trials/new">
            <HiddenField name="idempotency_key" value=IdempotencyKey::new_key() />
            <TextField
                name="code"
                label=t!("trials-code")
                hint=t!("trials-code-hint")
                required=true
                maxlength=16_u32
                autocomplete="off"
            />
            <TextField name="title" label=t!("trials-title") required=true maxlength=200_u32 autocomplete="off" />
            <TextField
                name="planned"
                label=t!("trials-planned")
                hint=t!("trials-planned-hint")
                inputmode="numeric"
                autocomplete="off"
            />
            <TextArea name="sites" label=t!("trials-sites") hint=t!("trials-sites-hint") rows=3 />
            <TextArea name="arms" label=t!("trials-arms") hint=t!("trials-arms-hint") rows=3 />
            <div class="actions">
                <Button kind=ButtonKind::Primary>{t!("trials-new-submit")}</Button>
                <LinkButton href="/trials">{t!("trials-cancel")}</LinkButton>
            </div>
        </Form>
    }
}
