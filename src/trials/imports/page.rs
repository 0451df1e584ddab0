//! `/trials/{code}/imports/{id}`: one import and the faults of its file.

use super::components::{ImportBadge, KeptReadings, file_name};
use super::fault_store::{FaultFilter, FaultLine, count_bad_rows, count_faults, list_faults};
use super::report::{Import, ImportStatus, Reverted};
use super::revert::{read_kept, visible_import};
use super::run::MOST_FAULTS;
use crate::accounts::{find_names, viewer};
use crate::error::AppError;
use crate::i18n::t;
use crate::number::count;
use crate::server::{Cursor, PageOf, app, asked_cursor, page};
use crate::trials::Study;
use crate::trials::access::{Rights, visible_study_called};
use crate::trials::components::{ExportLinks, Facts, ReasonField, in_path, study_path};
use crate::ui::{
    Badge, Breadcrumbs, Button, ButtonKind, Dialog, DialogButton, DialogClose, Empty, Form, Icon,
    LinkButton, PagedTable, TabLinks, Tone, When,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

const ON_A_PAGE: i64 = 50;

/// Everything that the page of an import shows.
struct Shown {
    study: Study,
    rights: Rights,
    /// The import, and those of its readings that stay or would stay if it is taken back.
    reverted: Reverted,
    who: Option<String>,
    /// The codes of its faults, with their numbers.
    codes: Vec<(String, i64)>,
    faults: PageOf<FaultLine>,
    code: String,
    on_first_page: bool,
    /// The number of bad rows that are kept and not mended.
    left: i64,
}

/// `/trials/{code}/imports/{id}?fault=&cursor=`
#[component]
pub fn ImportPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let (code, id, cursor) = (in_path("code"), in_path("id"), asked_cursor());
    let fault = use_query_map()
        .get_untracked()
        .get("fault")
        .unwrap_or_default();
    page(async move {
        let user = viewer.person()?;
        let after = Cursor::after(&cursor)?;
        let mut conn = app.db.read().await?;
        let (study, rights) = visible_study_called(&mut conn, user, &code).await?;
        let missing = || AppError::not_found("import");
        let id = id.parse().map_err(|_| missing())?;
        let (import, _) = visible_import(&mut conn, user, id).await?;
        if import.study_id != study.id {
            return Err(missing());
        }
        let filter = FaultFilter {
            import: id,
            code: fault,
            after,
        };
        let faults = list_faults(&mut conn, &filter, ON_A_PAGE + 1).await?;
        let names = find_names(&mut conn, &Vec::from_iter(import.created_by)).await?;
        let shown = Shown {
            codes: count_faults(&mut conn, id).await?,
            left: count_bad_rows(&mut conn, id).await?,
            who: import.created_by.and_then(|id| names.get(&id).cloned()),
            faults: PageOf::from_rows(faults, ON_A_PAGE, |line| Cursor::new([&line.seq])),
            code: filter.code,
            on_first_page: cursor.is_empty(),
            study,
            rights,
            reverted: read_kept(&mut conn, import).await?,
        };
        Ok::<_, AppError>(view! { <ImportView shown /> })
    })
}

#[component]
fn ImportView(shown: Shown) -> impl IntoView {
    let Shown {
        study,
        rights,
        reverted,
        who,
        codes,
        faults,
        code,
        on_first_page,
        left,
    } = shown;
    let Reverted {
        import,
        count: touched,
        named,
    } = reverted;
    let list = study_path(&study.code, "imports");
    let path = format!("{list}/{}", import.id);
    let title = file_name(&import);
    let trail = vec![
        ("/trials".into(), t!("trials-trials").into()),
        (study_path(&study.code, ""), study.code.clone()),
        (list, t!("trials-imports").into()),
    ];
    let any = !codes.is_empty();
    let exports = view! { <ExportLinks path=format!("{path}/faults") query=fault_query(&code) /> };
    let mends = rights.coordinates() && left > 0;
    let reverts =
        rights.coordinates() && import.status == ImportStatus::Done && import.good > touched;
    let who = who.unwrap_or_else(|| "Guildhall".to_owned());
    let facts = vec![
        (t!("trials-audit-who"), who.into_any()),
        (
            t!("trials-audit-when"),
            view! { <When at=import.created_at /> }.into_any(),
        ),
        (t!("trials-format"), import.format.clone().into_any()),
        (t!("trials-columns"), import.columns.clone().into_any()),
        (
            "SHA-256",
            view! { <code class="import-hash">{import.hash.clone()}</code> }.into_any(),
        ),
    ];
    let code_of_study = study.code.clone();
    let kept = (import.status == ImportStatus::Reverted && touched > 0)
        .then(|| view! { <KeptReadings code=code_of_study count=touched named /> });
    view! {
        <Title text=title.clone() />
        <Breadcrumbs trail here=title.clone() />
        <div class="page-head">
            <h1 class="study-heading">
                {title} <ImportBadge status=import.status />
            </h1>
            {reverts.then(|| view! { <RevertDialog action=format!("{path}/revert") good=import.good touched /> })}
        </div>
        <Figures import=import.clone() />
        <div class="import-facts">
            <Facts facts />
        </div>
        {kept}
        <h2>{t!("trials-faults")}</h2>
        {mends.then(|| view! { <MendLinks path=path.clone() left /> })}
        <Codes path=path.clone() codes code=code.clone() />
        <FaultTable path faults code on_first_page />
        {any.then(|| view! { <div class="actions export-links">{exports}</div> })}
    }
}

#[component]
fn Figures(import: Import) -> impl IntoView {
    let figures = [
        (t!("trials-records"), import.records),
        (t!("trials-good"), import.good),
        (t!("trials-bad"), import.bad),
        (t!("trials-unusual-values"), import.unusual),
    ];
    let figures = figures
        .map(|(label, figure)| {
            view! {
                <div>
                    <dt>{label}</dt>
                    <dd>{count(figure)}</dd>
                </div>
            }
        })
        .into_iter()
        .collect::<Vec<_>>();
    view! { <dl class="figures">{figures}</dl> }
}

#[component]
fn RevertDialog(
    action: String,
    good: i64,
    /// The number of readings that somebody corrected or struck out since.
    touched: i64,
) -> impl IntoView {
    let good = good - touched;
    let stay = (touched > 0).then(|| view! { <p>{t!("trials-revert-kept", kept = touched)}</p> });
    view! {
        <DialogButton target="revert" icon=Icon::Undo>
            {t!("trials-revert")}
        </DialogButton>
        <Dialog id="revert" title=t!("trials-revert-title")>
            <Form action>
                <p>{t!("trials-revert-advice", good = good)}</p>
                {stay}
                <ReasonField />
                <div class="dialog-actions">
                    <DialogClose target="revert">{t!("trials-cancel")}</DialogClose>
                    <Button kind=ButtonKind::Danger>{t!("trials-revert")}</Button>
                </div>
            </Form>
        </Dialog>
    }
}

/// The ways to mend the bad rows.
#[component]
fn MendLinks(path: String, left: i64) -> impl IntoView {
    view! {
        <div class="actions import-mend">
            <LinkButton href=format!("{path}/mend") icon=Icon::Edit kind=ButtonKind::Primary>
                {t!("trials-mend", left = left)}
            </LinkButton>
            <LinkButton href=format!("{path}/bad-rows.csv") icon=Icon::External>
                {t!("trials-mend-csv")}
            </LinkButton>
        </div>
    }
}

/// The codes of the faults, to filter by.
#[component]
fn Codes(path: String, codes: Vec<(String, i64)>, code: String) -> impl IntoView {
    if codes.is_empty() {
        return None;
    }
    let all: i64 = codes.iter().map(|(_, faults)| faults).sum();
    let mut items = vec![(
        path.clone(),
        format!("{} · {}", t!("trials-all"), count(all)),
        code.is_empty(),
    )];
    items.extend(codes.into_iter().map(|(word, faults)| {
        let label = format!("{word} · {}", count(faults));
        (format!("{path}?fault={word}"), label, word == code)
    }));
    let cut = all >= MOST_FAULTS as i64;
    Some(view! {
        <TabLinks label=t!("trials-faults") items />
        {cut.then(|| view! { <p class="muted">{t!("trials-faults-cut", most = MOST_FAULTS)}</p> })}
    })
}

/// Returns the filter as an address has it.
fn fault_query(code: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if !code.is_empty() {
        query.append_pair("fault", code);
    }
    query.finish()
}

#[component]
fn FaultTable(
    path: String,
    faults: PageOf<FaultLine>,
    code: String,
    on_first_page: bool,
) -> impl IntoView {
    let PageOf { items, next_cursor } = faults;
    let rows = items
        .into_iter()
        .map(|FaultLine { fault, .. }| {
            let tone = if fault.is_unusual() { Tone::Warn } else { Tone::Bad };
            let message = fault.message();
            let suggestion = fault.suggestion.map(|text| view! { <code>{text}</code> });
            view! {
                <tr>
                    <td class="num" data-label=t!("trials-row")>
                        {count(fault.row_no)}
                    </td>
                    <td class="num" data-label=t!("trials-line")>
                        {count(fault.line_no)}
                    </td>
                    <td data-label=t!("trials-column")>{(!fault.column_name.is_empty()).then_some(fault.column_name)}</td>
                    <td data-label=t!("trials-found")>
                        <code class="import-found">{fault.found}</code>
                    </td>
                    <td data-label=t!("trials-fault")>
                        <Badge tone>{fault.code}</Badge>
                        " "
                        {message}
                    </td>
                    <td data-label=t!("trials-suggestion")>{suggestion}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    let head = vec![
        t!("trials-row"),
        t!("trials-line"),
        t!("trials-column"),
        t!("trials-found"),
        t!("trials-fault"),
        t!("trials-suggestion"),
    ];
    let address = match code.is_empty() {
        true => path,
        false => format!("{path}?{}", fault_query(&code)),
    };
    let none = view! {
        <Empty icon=Icon::CheckCircle title=t!("trials-faults-none")>
            <p>{t!("trials-faults-none-advice")}</p>
        </Empty>
    };
    view! {
        <PagedTable
            caption=t!("trials-faults")
            head
            num=&[0, 1]
            dense=true
            rows
            address
            on_first_page
            next_cursor
            label=t!("trials-pages")
            none=none.into_any()
        />
    }
}
