//! `/trials/{code}/subjects/{number}/vital-signs/{id}`: one reading, to be corrected or struck out by coordinators.

use super::fields::{FIELDS, ReadingFields, fields_of};
use super::reading::{Reading, StruckOut};
use super::store::find_reading;
use crate::accounts::{find_names, viewer};
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{app, page};
use crate::trials::access::visible_study_called;
use crate::trials::audit::store::{AuditFilter, list_entries};
use crate::trials::audit::{AuditTable, Described, describe, vital_record};
use crate::trials::components::{ReasonField, Version, in_path, study_path};
use crate::trials::subject::store::find_subject_numbered;
use crate::ui::{
    Alert, Breadcrumbs, Button, ButtonKind, Form, Icon, Originals, Tone, is_stale, moment,
    typed_into,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// The entries of the audit trail on the page.
const ENTRIES: i64 = 50;

/// Everything the page shows.
struct Record {
    /// The study's code and the subject's number.
    code: String,
    number: String,
    reading: Reading,
    /// Whoever struck it out.
    who: Option<String>,
    entries: Vec<Described>,
}

impl Record {
    fn subject_path(&self) -> String {
        study_path(&self.code, &format!("subjects/{}", self.number))
    }
}

#[component]
pub fn ReadingPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let (code, number, id) = (in_path("code"), in_path("number"), in_path("id"));
    page(async move {
        let user = viewer.person()?;
        let mut conn = app.db.read().await?;
        let (study, rights) = visible_study_called(&mut conn, user, &code).await?;
        let subject = find_subject_numbered(&mut conn, &number).await?;
        let subject = subject.filter(|subject| subject.study_id == study.id);
        let subject = subject.ok_or_else(|| AppError::not_found("subject"))?;
        rights.check_coordinates()?;
        let missing = || AppError::not_found("reading");
        let id = id.parse().map_err(|_| missing())?;
        let reading = find_reading(&mut conn, subject.id, id).await?;
        let reading = reading.ok_or_else(missing)?;
        let filter = AuditFilter {
            chain: study.id,
            record: vital_record(&subject.number, reading.recorded_at),
            before: None,
        };
        let entries = list_entries(&mut conn, &filter, ENTRIES).await?;
        let by = reading.struck_out.and_then(|it| it.by);
        let names = find_names(&mut conn, &Vec::from_iter(by)).await?;
        let record = Record {
            entries: describe(&mut conn, entries).await?,
            who: by.and_then(|id| names.get(&id).cloned()),
            code: study.code,
            number: subject.number,
            reading,
        };
        Ok::<_, AppError>(view! { <ReadingView record /> })
    })
}

#[component]
fn ReadingView(record: Record) -> impl IntoView {
    let subject = record.subject_path();
    let trail = vec![
        ("/trials".into(), t!("trials-trials").into()),
        (study_path(&record.code, ""), record.code.clone()),
        (
            study_path(&record.code, "subjects"),
            t!("trials-subjects").into(),
        ),
        (subject.clone(), record.number.clone()),
    ];
    let path = format!("{subject}/vital-signs/{}", record.reading.id);
    let title = t!("trials-reading-of", at = moment(record.reading.recorded_at));
    let Record {
        code,
        reading,
        who,
        entries,
        ..
    } = record;
    let forms = match reading.struck_out {
        Some(struck_out) => {
            let records = format!("{subject}/vital-signs");
            view! { <Ended struck_out who corrects=path records /> }.into_any()
        }
        None => view! {
            <div class="subject-page">
                <CorrectionForm action=path.clone() reading=reading.clone() />
                <StrikeOutForm action=format!("{path}/strike-out") version=reading.version />
            </div>
        }
        .into_any(),
    };
    view! {
        <Title text=title.clone() />
        <Breadcrumbs trail here=title.clone() />
        <div class="page-head">
            <h1>{title}</h1>
        </div>
        {forms}
        <h2>{t!("trials-audit")}</h2>
        <AuditTable code entries with_record=false />
    }
}

/// The form that corrects the reading. After a stale edit it has what was typed; what was not touched is as it is saved
/// now.
#[component]
fn CorrectionForm(action: String, reading: Reading) -> impl IntoView {
    let fields = fields_of(&reading);
    let stale = is_stale(&action, &fields);
    let version = reading.version.to_string();
    view! {
        <section aria-labelledby="correct">
            <h2 class="card-title" id="correct">
                {t!("trials-correct-it")}
            </h2>
            <Form action>
                {stale.then(|| view! { <Alert tone=Tone::Warn>{t!("trials-reading-stale-advice")}</Alert> })}
                <Version version seen=stale />
                <Originals fields=fields.clone() seen=stale />
                <ReadingFields values=fields />
                <ReasonField />
                <div class="actions">
                    <Button kind=ButtonKind::Primary>{t!("trials-save")}</Button>
                </div>
            </Form>
        </section>
    }
}

#[component]
fn StrikeOutForm(action: String, version: i64) -> impl IntoView {
    let none: &[(&str, String)] = &[];
    let stale = is_stale(&action, none);
    view! {
        <section aria-labelledby="strike-out">
            <h2 class="card-title" id="strike-out">
                {t!("trials-strike-out")}
            </h2>
            <p class="muted">{t!("trials-strike-out-advice")}</p>
            <Form action>
                <Version version=version.to_string() seen=stale />
                <ReasonField />
                <div class="actions">
                    <Button kind=ButtonKind::Danger>{t!("trials-strike-out-submit")}</Button>
                </div>
            </Form>
        </section>
    }
}

/// Says that the reading is struck out. Whoever was correcting it when that happened can record what they typed as a new
/// one.
#[component]
fn Ended(
    struck_out: StruckOut,
    who: Option<String>,
    /// The address that the form of the correction was sent to.
    corrects: String,
    /// The address of the form that records a reading.
    records: String,
) -> impl IntoView {
    let who = who.unwrap_or_else(|| "Guildhall".to_owned());
    let told = t!(
        "trials-struck-out-by",
        who = who,
        at = moment(struck_out.at)
    );
    let again = typed_into(&corrects).map(|typed| {
        let values = typed.into_iter().filter_map(|(name, text)| {
            let name = FIELDS.into_iter().find(|field| *field == name)?;
            Some((name, text))
        });
        let values = values.collect::<Vec<_>>();
        view! {
            <section class="reading-again" aria-labelledby="again">
                <h2 class="card-title" id="again">
                    {t!("trials-record")}
                </h2>
                <p class="muted">{t!("trials-record-again-advice")}</p>
                <Form action=records>
                    <ReadingFields values />
                    <div class="actions">
                        <Button icon=Icon::Plus>{t!("trials-record-submit")}</Button>
                    </div>
                </Form>
            </section>
        }
    });
    view! {
        <Alert tone=Tone::Warn title=told>
            {t!("trials-reading-struck-out")}
        </Alert>
        {again}
    }
}
