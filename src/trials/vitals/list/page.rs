//! `/trials/{code}/readings`: the readings of a study, and those outside the expected ranges.

use super::super::measure::Measure;
use super::super::ranges::{Ranges, read_ranges};
use super::super::reading::Reading;
use super::super::store::Numbered;
use super::super::table::value_cells;
use super::filter::{ANY, Side, StudyFilter, Wanted};
use super::store::list_of_study;
use crate::accounts::viewer;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{Cursor, PageOf, app, asked_cursor, page};
use crate::trials::Study;
use crate::trials::access::{Rights, visible_study_called};
use crate::trials::components::{Options, StudyHead, in_path, study_path};
use crate::ui::{
    Button, Empty, Filters, Form, Icon, LinkButton, PagedTable, SelectField, TextField, When, gap,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

const ON_A_PAGE: i64 = 50;

/// A reading with its subject's number.
type Line = (String, Reading);

struct List {
    study: Study,
    rights: Rights,
    ranges: Ranges,
    readings: PageOf<Line>,
    wanted: Wanted,
    on_first_page: bool,
}

/// Reads the filters of the page's address.
fn wanted_of_page() -> Wanted {
    let query = use_query_map().get_untracked();
    let text = |name: &str| query.get(name).unwrap_or_default();
    Wanted {
        q: text("q"),
        unusual: text("unusual"),
        range: text("range"),
    }
}

/// `/trials/{code}/readings?q=&unusual=&range=&cursor=`
#[component]
pub fn ReadingsPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let (code, cursor, wanted) = (in_path("code"), asked_cursor(), wanted_of_page());
    page(async move {
        let user = viewer.person()?;
        let before = Cursor::numbers(&cursor)?.map(|[at, id]| (Timestamp(at), id));
        let mut conn = app.db.read().await?;
        let (study, rights) = visible_study_called(&mut conn, user, &code).await?;
        let lines = match wanted.read(&mut conn, study.id).await {
            Ok(filter) => {
                let filter = StudyFilter { before, ..filter };
                list_of_study(&mut conn, &filter, ON_A_PAGE + 1).await?
            }
            // A measure or a side that is none has no readings.
            Err(error) if error.errors.is_empty() => return Err(error),
            Err(_) => Vec::new(),
        };
        let lines = lines.into_iter().map(Numbered::into_parts);
        let lines = lines.map(|(number, _, reading)| (number, reading));
        let list = List {
            ranges: read_ranges(&mut conn, study.id).await?,
            readings: PageOf::from_rows(lines.collect(), ON_A_PAGE, |(_, reading): &Line| {
                Cursor::new([&reading.recorded_at.micros(), &reading.id])
            }),
            on_first_page: cursor.is_empty(),
            study,
            rights,
            wanted,
        };
        Ok::<_, AppError>(view! { <ReadingList list /> })
    })
}

#[component]
fn ReadingList(list: List) -> impl IntoView {
    let List {
        study,
        rights,
        ranges,
        readings,
        wanted,
        on_first_page,
    } = list;
    let path = study_path(&study.code, "readings");
    let subjects = study_path(&study.code, "subjects");
    let PageOf { items, next_cursor } = readings;
    let rows = items
        .into_iter()
        .map(|(number, reading)| {
            let href = format!("{subjects}/{number}#vital-signs");
            view! {
                <tr>
                    <th scope="row">
                        <a href=href>{number}</a>
                    </th>
                    <td data-label=t!("trials-record-time")>
                        <When at=reading.recorded_at />
                    </td>
                    {value_cells(&reading, &ranges)}
                </tr>
            }
            .into_any()
        })
        .collect();
    let mut head = vec![t!("trials-subject"), t!("trials-record-time")];
    head.extend(Measure::ALL.map(Measure::label));
    let searched = wanted.narrowing() > 0;
    let none = view! { <NoReadings all=path.clone() searched /> };
    view! {
        <Title text=t!("trials-readings-in", study = study.code.as_str()) />
        <StudyHead study rights here="readings" />
        <ReadingFilters path=path.clone() wanted=wanted.clone() />
        <PagedTable
            caption=t!("trials-readings")
            head
            num=&[2, 3, 4, 5, 6, 7]
            dense=true
            rows
            address=wanted.address(&path)
            on_first_page
            next_cursor
            label=t!("trials-pages")
            none=none.into_any()
        />
    }
}

#[component]
fn ReadingFilters(path: String, wanted: Wanted) -> impl IntoView {
    let narrowing = wanted.narrowing();
    let mut measures: Options = vec![
        (String::new(), t!("trials-all").to_owned()),
        (ANY.to_owned(), t!("trials-unusual-any").to_owned()),
    ];
    measures.extend(Measure::ALL.map(|measure| {
        let label = t!("trials-unusual-one", measure = measure.label());
        (measure.to_string(), label)
    }));
    let mut sides: Options = vec![(String::new(), t!("trials-side-either").to_owned())];
    sides.extend(Side::ALL.map(|side| (side.to_string(), side.label().to_owned())));
    let clear = path.clone();
    view! {
        <Filters narrowing>
            <Form action=path method="get" class="filters-form">
                <TextField name="q" label=t!("trials-subject-number") kind="search" value=wanted.q />
                <SelectField name="unusual" label=t!("trials-readings") value=wanted.unusual options=measures />
                <SelectField name="range" label=t!("trials-expected-range") value=wanted.range options=sides />
                <div class="actions">
                    <Button icon=Icon::Filter>{t!("trials-filter")}</Button>
                    {(narrowing > 0).then(|| view! { <LinkButton href=clear>{t!("trials-clear")}</LinkButton> })}
                </div>
            </Form>
        </Filters>
    }
}

#[component]
fn NoReadings(all: String, searched: bool) -> impl IntoView {
    match searched {
        true => view! {
            <Empty icon=Icon::Filter title=t!("trials-none-match")>
                <p>{t!("trials-none-match-advice")} {gap()} <a href=all>{t!("trials-show-all")}</a></p>
            </Empty>
        }
        .into_any(),
        false => view! {
            <Empty icon=Icon::Clock title=t!("trials-readings-empty")>
                <p>{t!("trials-readings-none-advice")}</p>
            </Empty>
        }
        .into_any(),
    }
}
