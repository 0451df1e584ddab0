//! `/trials/{code}`: a study at a glance.

use super::enrolment::{Enrolment, SiteFigures, read_enrolment};
use crate::accounts::viewer;
use crate::error::AppError;
use crate::i18n::t;
use crate::number::count;
use crate::server::{app, page};
use crate::trials::access::{Rights, visible_study_called};
use crate::trials::components::{
    EnrolmentMeter, ExportLinks, Facts, StudyHead, in_path, study_path,
};
use crate::trials::visits::{Missed, MissedVisits, read_missed};
use crate::trials::vitals::{Unusual, UnusualFigures, read_unusual};
use crate::trials::{Study, StudyStatus, SubjectStatus};
use crate::ui::{Badge, ButtonKind, Icon, LinkButton, Table, Tone};
use leptos::prelude::*;
use leptos_meta::Title;

/// The figures of the page, all of one moment.
struct Figures {
    enrolment: Enrolment,
    unusual: Unusual,
    /// `None` if no visits are planned.
    missed: Option<Missed>,
}

#[component]
pub fn StudyPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let code = in_path("code");
    page(async move {
        let user = viewer.person()?;
        let mut conn = app.db.snapshot().await?;
        let (study, rights) = visible_study_called(&mut conn, user, &code).await?;
        let figures = Figures {
            enrolment: read_enrolment(&mut conn, study.id).await?,
            unusual: read_unusual(&mut conn, study.id).await?,
            missed: read_missed(&mut conn, study.id, app.clock.now()).await?,
        };
        Ok::<_, AppError>(view! { <Overview study rights figures /> })
    })
}

#[component]
fn Overview(study: Study, rights: Rights, figures: Figures) -> impl IntoView {
    let Figures {
        enrolment,
        unusual,
        missed,
    } = figures;
    let register = study_path(&study.code, "subjects/new");
    let registers = rights.coordinates() && study.status == StudyStatus::Open;
    let actions = registers.then(|| {
        view! {
            <LinkButton href=register icon=Icon::Plus kind=ButtonKind::Primary>
                {t!("trials-register")}
            </LinkButton>
        }
        .into_any()
    });
    let figures = SubjectStatus::ALL
        .map(|status| {
            let subjects = count(enrolment.count(status));
            view! {
                <div>
                    <dt>{status.label()}</dt>
                    <dd>{subjects}</dd>
                </div>
            }
        })
        .into_iter()
        .collect::<Vec<_>>();
    view! {
        <Title text=study.code.clone() />
        <StudyHead study=study.clone() rights here="" actions />
        <section class="study-enrolment" aria-labelledby="enrolment">
            <h2 id="enrolment">{t!("trials-enrolment")}</h2>
            <EnrolmentMeter enrolled=enrolment.enrolled() planned=study.planned />
            <dl class="figures">{figures}</dl>
        </section>
        <SiteTable code=study.code.clone() enrolment />
        {missed.map(|missed| view! { <MissedVisits code=study.code.clone() missed /> })}
        <UnusualFigures code=study.code.clone() unusual />
        <Exports code=study.code />
    }
}

/// The files that a study is exported to.
#[component]
fn Exports(code: String) -> impl IntoView {
    let odm = study_path(&code, "export.odm.xml");
    let odm = view! {
        <LinkButton href=odm icon=Icon::External>
            "CDISC ODM 1.3.2"
        </LinkButton>
    };
    let links = |label: &'static str, list: &str| {
        let path = study_path(&code, list);
        let links = view! {
            <div class="actions">
                <ExportLinks path />
            </div>
        };
        (label, links.into_any())
    };
    let facts = vec![
        (t!("trials-odm"), odm.into_any()),
        links(t!("trials-subjects"), "subjects"),
        links(t!("trials-vital-signs"), "vital-signs"),
        links(t!("trials-imports"), "imports"),
        links(t!("trials-audit"), "audit"),
    ];
    view! {
        <section class="study-exports" aria-labelledby="exports">
            <h2 id="exports">{t!("trials-exports")}</h2>
            <Facts facts />
        </section>
    }
}

#[component]
fn SiteTable(code: String, enrolment: Enrolment) -> impl IntoView {
    let mut head = vec![t!("trials-site"), t!("trials-site-name")];
    head.extend(SubjectStatus::ALL.map(SubjectStatus::label));
    head.extend([t!("trials-subjects"), t!("trials-numbers")]);
    let rows = enrolment
        .sites
        .into_iter()
        .map(|figures| view! { <SiteRow code=code.clone() figures /> })
        .collect::<Vec<_>>();
    view! {
        <h2>{t!("trials-sites")}</h2>
        <Table caption=t!("trials-sites") head num=&[2, 3, 4, 5, 6] dense=true stack=true>
            {rows}
        </Table>
    }
}

#[component]
fn SiteRow(code: String, figures: SiteFigures) -> impl IntoView {
    let href = format!(
        "{}?site={}",
        study_path(&code, "subjects"),
        figures.site.code
    );
    let subjects = figures.subjects();
    let cells = SubjectStatus::ALL
        .into_iter()
        .zip(figures.by_status)
        .map(|(status, subjects)| {
            view! {
                <td class="num" data-label=status.label()>
                    {count(subjects)}
                </td>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <tr>
            <th scope="row">
                <a href=href>{figures.site.code.clone()}</a>
            </th>
            <td data-label=t!("trials-site-name")>{figures.site.name.clone()}</td>
            {cells}
            <td class="num" data-label=t!("trials-subjects")>
                {count(subjects)}
            </td>
            <td data-label=t!("trials-numbers")>
                <Numbers contiguous=figures.contiguous last=figures.site.last_ordinal />
            </td>
        </tr>
    }
}

/// The meter of a site's numbers: without a gap and without a double, or not.
#[component]
fn Numbers(contiguous: bool, last: i64) -> impl IntoView {
    match (contiguous, last) {
        (true, 0) => t!("trials-numbers-none").into_any(),
        (true, last) => {
            let words = t!("trials-numbers-whole", last = last);
            view! { <Badge tone=Tone::Good>{words}</Badge> }.into_any()
        }
        (false, _) => {
            view! { <Badge tone=Tone::Bad>{t!("trials-numbers-broken")}</Badge> }.into_any()
        }
    }
}
