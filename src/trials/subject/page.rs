//! `/trials/{code}/subjects/{number}`: one subject, and the audit trail of it.

use super::components::{arm_options, sex_options};
use super::store;
use crate::accounts::viewer;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{App, Conn, app, page};
use crate::trials::access::{Rights, visible_study_called};
use crate::trials::audit::store::{AuditFilter, list_entries};
use crate::trials::audit::{AuditTable, Described, describe, subject_record};
use crate::trials::components::{
    Facts, Options, ReasonField, SubjectBadge, Version, in_path, study_path,
};
use crate::trials::signatures::{Signatures, VisitSignatures, read_visit_signatures};
use crate::trials::study::store::{list_arms, list_sites};
use crate::trials::visits::{SubjectVisit, SubjectVisits, read_visits};
use crate::trials::vitals::{Ranges, Shown, VitalSigns, read_ranges, read_vital_signs};
use crate::trials::{Arm, Site, Study, Subject, SubjectStatus};
use crate::ui::{
    Alert, Breadcrumbs, Button, ButtonKind, Form, Originals, SelectField, TextField, Tone, When,
    is_stale, lang_of,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// The entries of the audit trail on the page.
const ENTRIES: i64 = 50;

/// Everything the page shows.
#[derive(Clone)]
struct Record {
    study: Study,
    rights: Rights,
    subject: Subject,
    /// For coordinators, if it opens.
    name: Option<String>,
    site: Option<Site>,
    arms: Vec<Arm>,
}

impl Record {
    fn arm(&self) -> Option<String> {
        let arm = self
            .arms
            .iter()
            .find(|arm| Some(arm.id) == self.subject.arm_id);
        arm.map(|arm| arm.name.clone())
    }

    fn path(&self, below: &str) -> String {
        let number = &self.subject.number;
        study_path(&self.study.code, &format!("subjects/{number}{below}"))
    }
}

async fn read(
    app: &App,
    conn: &mut Conn,
    (study, rights): (Study, Rights),
    number: &str,
) -> Result<Record, AppError> {
    let subject = store::find_subject_numbered(conn, number).await?;
    let subject = subject.filter(|subject| subject.study_id == study.id);
    let subject = subject.ok_or_else(|| AppError::not_found("subject"))?;
    let name = match rights.coordinates() {
        true => {
            let sealed = store::find_sealed_name(conn, subject.id).await?;
            app.name_key
                .open_if_possible(&sealed.unwrap_or_default(), &subject.number)
        }
        false => None,
    };
    let mut sites = list_sites(conn, study.id).await?;
    sites.retain(|site| site.id == subject.site_id);
    Ok(Record {
        arms: list_arms(conn, study.id).await?,
        site: sites.pop(),
        study,
        rights,
        subject,
        name,
    })
}

#[component]
pub fn SubjectPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let (code, number) = (in_path("code"), in_path("number"));
    let days = use_query_map()
        .get_untracked()
        .get("days")
        .unwrap_or_default();
    page(async move {
        let user = viewer.person()?;
        let mut conn = app.db.read().await?;
        let study = visible_study_called(&mut conn, user, &code).await?;
        let record = read(&app, &mut conn, study, &number).await?;
        let now = app.clock.now();
        let vitals = read_vital_signs(&mut conn, &record.subject, &days, now).await?;
        let visits = read_visits(&mut conn, &record.subject, now).await?;
        let signs = record.rights.coordinates();
        let (code, subject) = (&record.study.code, &record.subject);
        let signed = read_visit_signatures(&mut conn, code, subject, &visits, signs).await?;
        let ranges = read_ranges(&mut conn, record.study.id).await?;
        let filter = AuditFilter {
            chain: record.study.id,
            record: subject_record(&record.subject.number),
            before: None,
        };
        let entries = list_entries(&mut conn, &filter, ENTRIES).await?;
        let entries = describe(&mut conn, entries).await?;
        Ok::<_, AppError>(view! { <SubjectView record visits signed ranges vitals entries /> })
    })
}

#[component]
fn SubjectView(
    record: Record,
    visits: Vec<SubjectVisit>,
    signed: Vec<VisitSignatures>,
    ranges: Ranges,
    vitals: Shown,
    entries: Vec<Described>,
) -> impl IntoView {
    let trail = vec![
        ("/trials".into(), t!("trials-trials").into()),
        (
            study_path(&record.study.code, ""),
            record.study.code.clone(),
        ),
        (
            study_path(&record.study.code, "subjects"),
            t!("trials-subjects").into(),
        ),
    ];
    let number = record.subject.number.clone();
    let changes = record.rights.coordinates();
    let place = (record.study.code.clone(), number.clone());
    view! {
        <Title text=number.clone() />
        <Breadcrumbs trail here=number.clone() />
        <div class="page-head">
            <h1 class="study-heading">
                {number} <SubjectBadge status=record.subject.status />
            </h1>
        </div>
        <div class="subject-page">
            <section class="subject-main" aria-label=t!("trials-subject")>
                <SubjectFacts record=record.clone() />
                {changes.then(|| view! { <StatusForm record=record.clone() /> })}
            </section>
            {changes.then(|| view! { <EditForm record=record.clone() /> })}
        </div>
        <SubjectVisits visits />
        <Signatures visits=signed ranges place=place.clone() />
        <VitalSigns shown=vitals place records=changes />
        <h2>{t!("trials-audit")}</h2>
        <AuditTable code=record.study.code entries with_record=false />
    }
}

#[component]
fn SubjectFacts(record: Record) -> impl IntoView {
    let none = || t!("trials-none").into_any();
    let name = match record.name.clone() {
        Some(name) => {
            let lang = lang_of(&name);
            view! { <span lang=lang>{name}</span> }.into_any()
        }
        None => {
            let why = match record.rights.coordinates() {
                true => t!("trials-name-unreadable"),
                false => t!("trials-name-hidden"),
            };
            view! { <span class="muted">{why}</span> }.into_any()
        }
    };
    let arm = record.arm().map_or_else(none, IntoAny::into_any);
    let site = record.site.map(|site| site.label());
    let subject = record.subject;
    let enrolled = match subject.enrolled_at {
        Some(at) => view! { <When at /> }.into_any(),
        None => none(),
    };
    let facts = vec![
        (t!("trials-name"), name),
        (t!("trials-site"), site.into_any()),
        (t!("trials-age"), subject.age.into_any()),
        (t!("trials-sex"), subject.sex.label().into_any()),
        (t!("trials-arm"), arm),
        (
            t!("trials-registered"),
            view! { <When at=subject.created_at /> }.into_any(),
        ),
        (t!("trials-first-enrolled"), enrolled),
    ];
    view! { <Facts facts /> }
}

/// The form that takes the subject to another state, if it can go to any.
#[component]
fn StatusForm(record: Record) -> impl IntoView {
    let subject = &record.subject;
    let next = subject.status.next(subject.enrolled_at.is_some());
    if next.is_empty() {
        return None;
    }
    let options: Options = next
        .iter()
        .map(|status| (status.to_string(), status.label().to_owned()))
        .collect();
    let first = next.first().copied().unwrap_or_default().as_str();
    // The arm is decided at enrolment at the latest.
    let enrols = next.contains(&SubjectStatus::Enrolled);
    let arms = enrols && !record.arms.is_empty() && subject.arm_id.is_none();
    let action = record.path("/status");
    let version = subject.version.to_string();
    Some(view! {
        <div>
            <h2 class="card-title">{t!("trials-change-status")}</h2>
            <Form action>
                <Version version seen=true />
                <div class="field-row">
                    <SelectField name="status" label=t!("trials-status") value=first options />
                    {arms
                        .then(|| {
                            view! { <SelectField name="arm" label=t!("trials-arm") options=arm_options(&record.arms) /> }
                        })}
                </div>
                <ReasonField />
                <div class="actions">
                    <Button kind=ButtonKind::Primary>{t!("trials-change-status-submit")}</Button>
                </div>
            </Form>
        </div>
    })
}

fn fields_of(record: &Record) -> Vec<(&'static str, String)> {
    vec![
        ("name", record.name.clone().unwrap_or_default()),
        ("age", record.subject.age.to_string()),
        ("sex", record.subject.sex.to_string()),
        ("arm", record.arm().unwrap_or_default()),
    ]
}

/// The form that corrects what is known of the subject. After a stale edit it has what was typed; what was not
/// touched is as it is saved now, as are the facts beside it.
#[component]
fn EditForm(record: Record) -> impl IntoView {
    let action = record.path("/edit");
    let fields = fields_of(&record);
    let stale = is_stale(&action, &fields);
    let value = |index: usize| fields[index].1.clone();
    let (name, age, sex, arm) = (value(0), value(1), value(2), value(3));
    let version = record.subject.version.to_string();
    view! {
        <section class="subject-edit" aria-labelledby="correct">
            <h2 class="card-title" id="correct">
                {t!("trials-correct")}
            </h2>
            <Form action>
                {stale.then(|| view! { <Alert tone=Tone::Warn>{t!("trials-subject-stale-advice")}</Alert> })}
                <Version version seen=stale />
                <Originals fields seen=stale />
                <TextField name="name" label=t!("trials-name") value=name required=true maxlength=120_u32 autocomplete="off" />
                <div class="field-row">
                    <TextField name="age" label=t!("trials-age") value=age required=true inputmode="numeric" />
                    <SelectField name="sex" label=t!("trials-sex") value=sex options=sex_options() />
                    {(!record.arms.is_empty())
                        .then(|| {
                            view! {
                                <SelectField name="arm" label=t!("trials-arm") value=arm options=arm_options(&record.arms) />
                            }
                        })}
                </div>
                <ReasonField />
                <div class="actions">
                    <Button>{t!("trials-save")}</Button>
                </div>
            </Form>
        </section>
    }
}
