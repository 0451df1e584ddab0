//! `/trials/{code}/subjects/new`, for coordinators.

use super::components::{arm_options, sex_options, site_options};
use crate::accounts::viewer;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{IdempotencyKey, app, page};
use crate::trials::access::visible_study_called;
use crate::trials::components::{in_path, study_path};
use crate::trials::study::store::{list_arms, list_sites};
use crate::trials::{Arm, Site, Study, StudyStatus};
use crate::ui::{
    Alert, Breadcrumbs, Button, ButtonKind, Form, HiddenField, LinkButton, SelectField, TextField,
    Tone,
};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn NewSubjectPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let code = in_path("code");
    page(async move {
        let user = viewer.person()?;
        let mut conn = app.db.read().await?;
        let (study, rights) = visible_study_called(&mut conn, user, &code).await?;
        rights.check_coordinates()?;
        let sites = list_sites(&mut conn, study.id).await?;
        let arms = list_arms(&mut conn, study.id).await?;
        let trail = vec![
            ("/trials".into(), t!("trials-trials").into()),
            (study_path(&study.code, ""), study.code.clone()),
            (
                study_path(&study.code, "subjects"),
                t!("trials-subjects").into(),
            ),
        ];
        Ok::<_, AppError>(view! {
            <Title text=t!("trials-register") />
            <Breadcrumbs trail here=t!("trials-register") />
            <div class="page-head">
                <h1>{t!("trials-register")}</h1>
            </div>
            <Notice study=study.clone() can_seal=app.name_key.is_there() />
            <div class="page-narrow">
                <NewSubjectForm study sites arms />
            </div>
        })
    })
}

/// The reason why nobody can be registered at present, if there is one.
#[component]
fn Notice(study: Study, can_seal: bool) -> impl IntoView {
    let message = match (study.status, can_seal) {
        (StudyStatus::Open, true) => return None,
        (StudyStatus::Open, false) => t!("trials-no-name-key").to_owned(),
        _ => t!("trials-study-not-open", study = study.code),
    };
    Some(view! { <Alert tone=Tone::Warn>{message}</Alert> })
}

#[component]
fn NewSubjectForm(study: Study, sites: Vec<Site>, arms: Vec<Arm>) -> impl IntoView {
    let action = study_path(&study.code, "subjects/new");
    let cancel = study_path(&study.code, "subjects");
    let mut places = site_options(&sites);
    if places.len() > 1 {
        places.insert(0, (String::new(), t!("trials-choose").to_owned()));
    }
    view! {
        <Form action>
            <HiddenField name="idempotency_key" value=IdempotencyKey::new_key() />
            <SelectField name="site" label=t!("trials-site") hint=t!("trials-site-hint") options=places />
            <TextField
                name="name"
                label=t!("trials-name")
                hint=t!("trials-name-hint")
                required=true
                maxlength=120_u32
                autocomplete="off"
            />
            <div class="field-row">
                <TextField name="age" label=t!("trials-age") required=true inputmode="numeric" autocomplete="off" />
                <SelectField name="sex" label=t!("trials-sex") value="unknown" options=sex_options() />
            </div>
            {(!arms.is_empty())
                .then(|| {
                    view! {
                        <SelectField name="arm" label=t!("trials-arm") hint=t!("trials-arm-hint") options=arm_options(&arms) />
                    }
                })}
            <div class="actions">
                <Button kind=ButtonKind::Primary>{t!("trials-register-submit")}</Button>
                <LinkButton href=cancel>{t!("trials-cancel")}</LinkButton>
            </div>
        </Form>
    }
}
