//! `/trials/{code}/subjects`: the subjects of a study.

use super::components::{site_options, status_options};
use super::filter::{SubjectFilter, SubjectsQuery};
use super::store::{SubjectLine, list_subjects};
use crate::accounts::viewer;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{App, Cursor, PageOf, app, page};
use crate::trials::access::{Rights, visible_study_called};
use crate::trials::components::{ExportLinks, StudyHead, SubjectBadge, in_path, study_path};
use crate::trials::study::store::{list_arms, list_sites};
use crate::trials::{Arm, Site, Study, StudyStatus, Subject};
use crate::ui::{
    Button, ButtonKind, Empty, Filters, Form, Icon, LinkButton, PagedTable, SelectField, TextField,
    When, gap, lang_of,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

const ON_A_PAGE: i64 = 50;

/// Reads the query of the page's address.
fn query_of_page() -> SubjectsQuery {
    let query = use_query_map().get_untracked();
    let text = |name: &str| query.get(name).unwrap_or_default();
    SubjectsQuery {
        q: text("q"),
        status: text("status"),
        site: text("site"),
        cursor: text("cursor"),
    }
}

/// A subject with its name, for those who may know it.
type Named = (Subject, Option<String>);

struct List {
    study: Study,
    rights: Rights,
    sites: Vec<Site>,
    arms: Vec<Arm>,
    subjects: PageOf<Named>,
    query: SubjectsQuery,
}

/// Opens the names of a page of subjects for those who may know them.
fn with_names(app: &App, rights: Rights, lines: Vec<SubjectLine>) -> Vec<Named> {
    let named = lines.into_iter().map(|line| {
        let (subject, sealed) = line.into_parts();
        let name = match rights.coordinates() {
            true => {
                let name = app.name_key.open_if_possible(&sealed, &subject.number);
                Some(name.unwrap_or_else(|| t!("trials-name-unreadable").to_owned()))
            }
            false => None,
        };
        (subject, name)
    });
    named.collect()
}

/// `/trials/{code}/subjects?q=&status=&site=&cursor=`
#[component]
pub fn SubjectsPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let (code, query) = (in_path("code"), query_of_page());
    page(async move {
        let user = viewer.person()?;
        let before = Cursor::before(&query.cursor)?;
        let mut conn = app.db.read().await?;
        let (study, rights) = visible_study_called(&mut conn, user, &code).await?;
        let sites = list_sites(&mut conn, study.id).await?;
        let arms = list_arms(&mut conn, study.id).await?;
        let lines = match query.read(study.id, &sites) {
            Ok(filter) => {
                let filter = SubjectFilter { before, ..filter };
                list_subjects(&mut conn, &filter, ON_A_PAGE + 1).await?
            }
            // A state or a site that is none has no subjects.
            Err(_) => Vec::new(),
        };
        let subjects = with_names(&app, rights, lines);
        let subjects = PageOf::from_rows(subjects, ON_A_PAGE, |(subject, _): &Named| {
            Cursor::new([&subject.id])
        });
        let list = List {
            study,
            rights,
            sites,
            arms,
            subjects,
            query,
        };
        Ok::<_, AppError>(view! { <SubjectList list /> })
    })
}

#[component]
fn SubjectList(list: List) -> impl IntoView {
    let List {
        study,
        rights,
        sites,
        arms,
        subjects,
        query,
    } = list;
    let path = study_path(&study.code, "subjects");
    let PageOf { items, next_cursor } = subjects;
    let named = rights.coordinates();
    let rows = items
        .into_iter()
        .map(|subject| {
            let site = sites.iter().find(|site| site.id == subject.0.site_id);
            let arm = arms.iter().find(|arm| Some(arm.id) == subject.0.arm_id);
            let (site, arm) = (site.cloned(), arm.cloned());
            view! { <SubjectRow path=path.clone() subject site arm /> }.into_any()
        })
        .collect();
    let mut head = vec![t!("trials-number")];
    if named {
        head.push(t!("trials-name"));
    }
    head.extend([
        t!("trials-site"),
        t!("trials-age"),
        t!("trials-sex"),
        t!("trials-arm"),
        t!("trials-status"),
        t!("trials-registered"),
    ]);
    let num: &'static [usize] = if named { &[3] } else { &[2] };
    let (searched, open) = (query.narrowing() > 0, study.status == StudyStatus::Open);
    let none = view! { <NoSubjects code=study.code.clone() searched rights open /> };
    let filters = query.text();
    let actions = view! { <ListActions code=study.code.clone() filters registers=named && open /> };
    view! {
        <Title text=t!("trials-subjects-of", study = study.code.as_str()) />
        <StudyHead study rights here="subjects" actions=Some(actions.into_any()) />
        <SubjectFilters path=path.clone() query=query.clone() sites />
        <PagedTable
            caption=t!("trials-subjects")
            head
            num
            dense=true
            rows
            address=query.address(&path)
            on_first_page=query.cursor.is_empty()
            next_cursor
            label=t!("trials-pages")
            none=none.into_any()
        />
    }
}

#[component]
fn ListActions(code: String, filters: String, registers: bool) -> impl IntoView {
    let path = study_path(&code, "subjects");
    let register = study_path(&code, "subjects/new");
    view! {
        <ExportLinks path query=filters csv=t!("trials-csv-unnamed") />
        {registers
            .then(|| {
                view! {
                    <LinkButton href=register icon=Icon::Plus kind=ButtonKind::Primary>
                        {t!("trials-register")}
                    </LinkButton>
                }
            })}
    }
}

#[component]
fn SubjectFilters(path: String, query: SubjectsQuery, sites: Vec<Site>) -> impl IntoView {
    let narrowing = query.narrowing();
    let mut places = vec![(String::new(), t!("trials-any").to_owned())];
    places.extend(site_options(&sites));
    let clear = path.clone();
    view! {
        <Filters narrowing>
            <Form action=path method="get" class="filters-form">
                <TextField name="q" label=t!("trials-number") kind="search" value=query.q />
                <SelectField name="status" label=t!("trials-status") value=query.status options=status_options() />
                <SelectField name="site" label=t!("trials-site") value=query.site options=places />
                <div class="actions">
                    <Button icon=Icon::Filter>{t!("trials-filter")}</Button>
                    {(narrowing > 0).then(|| view! { <LinkButton href=clear>{t!("trials-clear")}</LinkButton> })}
                </div>
            </Form>
        </Filters>
    }
}

#[component]
fn SubjectRow(path: String, subject: Named, site: Option<Site>, arm: Option<Arm>) -> impl IntoView {
    let (subject, name) = subject;
    let href = format!("{path}/{}", subject.number);
    let name = name.map(|name| {
        let lang = lang_of(&name);
        view! {
            <td data-label=t!("trials-name") lang=lang>
                {name}
            </td>
        }
    });
    view! {
        <tr>
            <th scope="row">
                <a href=href>{subject.number}</a>
            </th>
            {name}
            <td data-label=t!("trials-site")>{site.map(|site| site.code)}</td>
            <td class="num" data-label=t!("trials-age")>
                {subject.age}
            </td>
            <td data-label=t!("trials-sex")>{subject.sex.label()}</td>
            <td data-label=t!("trials-arm")>{arm.map(|arm| arm.name)}</td>
            <td data-label=t!("trials-status")>
                <SubjectBadge status=subject.status />
            </td>
            <td data-label=t!("trials-registered")>
                <When at=subject.created_at date_only=true />
            </td>
        </tr>
    }
}

#[component]
fn NoSubjects(code: String, searched: bool, rights: Rights, open: bool) -> impl IntoView {
    if searched {
        let all = study_path(&code, "subjects");
        return view! {
            <Empty icon=Icon::Filter title=t!("trials-none-match")>
                <p>{t!("trials-none-match-advice")} {gap()} <a href=all>{t!("trials-show-all")}</a></p>
            </Empty>
        }
        .into_any();
    }
    let register = study_path(&code, "subjects/new");
    let link = (rights.coordinates() && open)
        .then(|| view! { {gap()} <a href=register>{t!("trials-subjects-empty-new")}</a> });
    view! {
        <Empty icon=Icon::Users title=t!("trials-subjects-empty")>
            <p>{t!("trials-subjects-empty-advice")} {link}</p>
        </Empty>
    }
    .into_any()
}
