//! `/trials/{code}/imports/{id}/mend`: the bad rows of an import, to be mended cell by cell.

use super::components::file_name;
use super::fault_store::{count_bad_rows, list_bad_rows, list_faults_of_rows};
use super::file::{BadRow, COLUMNS, FileFault, column_of};
use super::report::Import;
use super::revert::visible_import;
use crate::accounts::viewer;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{Cursor, app, asked_cursor, page};
use crate::trials::Study;
use crate::trials::access::visible_study_called;
use crate::trials::components::{in_path, study_path};
use crate::trials::vitals::Measure;
use crate::ui::{
    Breadcrumbs, Button, ButtonKind, CheckField, Empty, Form, Icon, LinkButton, TextField,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// The rows on a page.
const ROWS: i64 = 20;

/// Everything that the page shows.
struct Shown {
    study: Study,
    import: Import,
    rows: Vec<BadRow>,
    faults: Vec<FileFault>,
    /// The number of bad rows that are not mended.
    left: i64,
}

/// Returns the name of a cell's field.
pub fn cell_name(row: i64, column: usize) -> String {
    format!("cell-{row}-{}", COLUMNS[column].name)
}

/// Returns the name of the field that leaves a row out.
pub fn left_out_name(row: i64) -> String {
    format!("leave-{row}")
}

/// `/trials/{code}/imports/{id}/mend?cursor=`
#[component]
pub fn MendPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let (code, id, cursor) = (in_path("code"), in_path("id"), asked_cursor());
    page(async move {
        let user = viewer.person()?;
        let after = Cursor::after(&cursor)?;
        let mut conn = app.db.read().await?;
        let (study, rights) = visible_study_called(&mut conn, user, &code).await?;
        rights.check_coordinates()?;
        let missing = || AppError::not_found("import");
        let id = id.parse().map_err(|_| missing())?;
        let (import, _) = visible_import(&mut conn, user, id).await?;
        if import.study_id != study.id {
            return Err(missing());
        }
        let mut rows = list_bad_rows(&mut conn, id, after, ROWS).await?;
        let first = rows.first().map_or(0, |row| row.number);
        let last = rows.last().map_or(0, |row| row.number);
        let faults = list_faults_of_rows(&mut conn, id, first, last).await?;
        for row in &mut rows {
            row.take_suggestions(&faults);
        }
        let shown = Shown {
            left: count_bad_rows(&mut conn, id).await?,
            study,
            import,
            rows,
            faults,
        };
        Ok::<_, AppError>(view! { <Mend shown /> })
    })
}

#[component]
fn Mend(shown: Shown) -> impl IntoView {
    let Shown {
        study,
        import,
        rows,
        faults,
        left,
    } = shown;
    let list = study_path(&study.code, "imports");
    let back = format!("{list}/{}", import.id);
    let action = format!("{back}/mend");
    let title = t!("trials-mend-title");
    let trail = vec![
        ("/trials".into(), t!("trials-trials").into()),
        (study_path(&study.code, ""), study.code.clone()),
        (list, t!("trials-imports").into()),
        (back.clone(), file_name(&import)),
    ];
    let last = rows.last().map(|row| row.number);
    let more = last.filter(|_| rows.len() as i64 == ROWS && left > ROWS);
    let next = more.map(|last| format!("{action}?cursor={}", Cursor::new([&last])));
    let fields = rows
        .into_iter()
        .map(|row| {
            let faults = faults.iter().filter(|fault| fault.row_no == row.number);
            let faults = faults.cloned().collect();
            view! { <RowFields row faults /> }
        })
        .collect::<Vec<_>>();
    let any = !fields.is_empty();
    view! {
        <Title text=title />
        <Breadcrumbs trail here=title />
        <div class="page-head">
            <div>
                <h1>{title}</h1>
                <p class="lead">{t!("trials-mend-lead", left = left)}</p>
            </div>
        </div>
        {if any {
            view! {
                <Form action class="mend-form" novalidate=true>
                    {fields}
                    <div class="actions">
                        <Button kind=ButtonKind::Primary icon=Icon::Upload>
                            {t!("trials-mend-submit")}
                        </Button>
                        {next.map(|href| view! { <LinkButton href>{t!("trials-mend-next")}</LinkButton> })}
                        <LinkButton href=back>{t!("trials-cancel")}</LinkButton>
                    </div>
                </Form>
            }
                .into_any()
        } else {
            view! {
                <Empty icon=Icon::CheckCircle title=t!("trials-mend-empty")>
                    <p>
                        <a href=back>{t!("trials-mend-back")}</a>
                    </p>
                </Empty>
            }
                .into_any()
        }}
    }
}

/// Returns the label of a column for people.
fn label(column: usize) -> String {
    match COLUMNS[column].name {
        "patient_id" => t!("trials-number").to_owned(),
        "record_time" => t!("trials-record-time").to_owned(),
        "blood_pressure" => format!("{} (mmHg)", t!("trials-blood-pressure")),
        name => match Measure::from_word(name) {
            Some(measure) => format!("{} ({})", measure.label(), measure.unit()),
            None => name.to_owned(),
        },
    }
}

/// The fields of one row, each with what is wrong with its cell.
#[component]
fn RowFields(row: BadRow, faults: Vec<FileFault>) -> impl IntoView {
    let told = |column: Option<usize>| {
        let messages = faults.iter().filter(|fault| column_of(fault) == column);
        let message = |fault: &FileFault| match (column, fault.found.is_empty()) {
            (Some(_), false) => t!(
                "trials-mend-found",
                found = fault.found.as_str(),
                fault = fault.message()
            ),
            _ => fault.message(),
        };
        messages.map(message).collect::<Vec<_>>().join(" ")
    };
    let whole = told(None);
    let cells = row.cells.iter().enumerate().map(|(column, text)| {
        let hint = told(Some(column));
        view! {
            <TextField
                name=cell_name(row.number, column)
                label=label(column)
                value=text.clone()
                hint
                autocomplete="off"
            />
        }
    });
    let cells = cells.collect::<Vec<_>>();
    let raw = (!row.raw.is_empty())
        .then(|| view! { <code class="import-found">{row.raw.clone()}</code> });
    view! {
        <fieldset class="mend-row">
            <legend>{t!("trials-mend-row", row = row.number)}</legend>
            {(!whole.is_empty()).then(|| view! { <p class="field-hint">{whole}</p> })}
            {raw}
            <div class="mend-cells">{cells}</div>
            <CheckField name=left_out_name(row.number) label=t!("trials-mend-leave") />
        </fieldset>
    }
}
