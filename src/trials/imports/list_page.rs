//! `/trials/{code}/imports`

use super::components::{ImportBadge, file_name};
use super::report::Import;
use super::store::list_imports;
use crate::accounts::viewer;
use crate::error::AppError;
use crate::i18n::t;
use crate::number::count;
use crate::server::{Cursor, PageOf, app, asked_cursor, page};
use crate::trials::Study;
use crate::trials::access::{Rights, visible_study_called};
use crate::trials::components::{ExportLinks, StudyHead, in_path, study_path};
use crate::ui::{Button, ButtonKind, CheckField, Empty, Form, Icon, PagedTable, TextField, When};
use leptos::prelude::*;
use leptos_meta::Title;

const ON_A_PAGE: i64 = 50;

/// `/trials/{code}/imports?cursor=`
#[component]
pub fn ImportsPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let (code, cursor) = (in_path("code"), asked_cursor());
    page(async move {
        let user = viewer.person()?;
        let before = Cursor::before(&cursor)?;
        let mut conn = app.db.read().await?;
        let (study, rights) = visible_study_called(&mut conn, user, &code).await?;
        let imports = list_imports(&mut conn, study.id, before, ON_A_PAGE + 1).await?;
        let imports = PageOf::from_rows(imports, ON_A_PAGE, |import| Cursor::new([&import.id]));
        let on_first_page = cursor.is_empty();
        Ok::<_, AppError>(view! { <Imports study rights imports on_first_page /> })
    })
}

#[component]
fn Imports(
    study: Study,
    rights: Rights,
    imports: PageOf<Import>,
    on_first_page: bool,
) -> impl IntoView {
    let path = study_path(&study.code, "imports");
    let PageOf { items, next_cursor } = imports;
    let rows: Vec<AnyView> = items
        .into_iter()
        .map(|import| view! { <ImportRow path=path.clone() import /> }.into_any())
        .collect();
    let head = vec![
        t!("trials-import-no"),
        t!("trials-file"),
        t!("trials-audit-when"),
        t!("trials-records"),
        t!("trials-good"),
        t!("trials-bad"),
        t!("trials-status"),
    ];
    let none = view! {
        <Empty icon=Icon::Upload title=t!("trials-imports-empty")>
            <p>{t!("trials-imports-empty-advice")}</p>
        </Empty>
    };
    let uploads = rights.coordinates();
    let actions =
        (!rows.is_empty()).then(|| view! { <ExportLinks path=path.clone() /> }.into_any());
    view! {
        <Title text=t!("trials-imports-of", study = study.code.as_str()) />
        <StudyHead study rights here="imports" actions />
        {uploads.then(|| view! { <UploadForm action=path.clone() /> })}
        <PagedTable
            caption=t!("trials-imports")
            head
            num=&[0, 3, 4, 5]
            dense=true
            rows
            address=path.clone()
            on_first_page
            next_cursor
            label=t!("trials-pages")
            none=none.into_any()
        />
    }
}

#[component]
fn UploadForm(action: String) -> impl IntoView {
    view! {
        <Form action multipart=true class="import-form">
            <div class="field-row">
                <TextField name="file" label=t!("trials-file") kind="file" hint=t!("trials-file-hint") required=true />
                <TextField
                    name="offset"
                    label=t!("trials-offset")
                    hint=t!("trials-offset-hint")
                    placeholder="+08:00"
                    autocomplete="off"
                />
            </div>
            <CheckField name="stop" label=t!("trials-stop") hint=t!("trials-stop-hint") />
            <CheckField name="again" label=t!("trials-again") />
            <div class="actions">
                <Button kind=ButtonKind::Primary icon=Icon::Upload>
                    {t!("trials-import")}
                </Button>
            </div>
        </Form>
    }
}

#[component]
fn ImportRow(path: String, import: Import) -> impl IntoView {
    let href = format!("{path}/{}", import.id);
    view! {
        <tr>
            <td class="num" data-label=t!("trials-import-no")>
                {import.id}
            </td>
            <th scope="row">
                <a href=href>{file_name(&import)}</a>
            </th>
            <td data-label=t!("trials-audit-when")>
                <When at=import.created_at />
            </td>
            <td class="num" data-label=t!("trials-records")>
                {count(import.records)}
            </td>
            <td class="num" data-label=t!("trials-good")>
                {count(import.good)}
            </td>
            <td class="num" data-label=t!("trials-bad")>
                {count(import.bad)}
            </td>
            <td data-label=t!("trials-status")>
                <ImportBadge status=import.status />
            </td>
        </tr>
    }
}
