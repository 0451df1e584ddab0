//! `/trials/{code}/settings`: the study's plan, sites, arms and people, for admins.

use super::store::{list_arms, list_members, list_sites};
use crate::accounts::viewer;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{app, page};
use crate::trials::access::{Rights, visible_study_called};
use crate::trials::components::{Options, ReasonField, StudyHead, Version, in_path, study_path};
use crate::trials::visits::{Visit, VisitsForm, list_visits};
use crate::trials::vitals::{RangeFields, Ranges, read_ranges};
use crate::trials::{Arm, Member, Site, Study, StudyRole, StudyStatus};
use crate::ui::{
    Alert, Button, ButtonKind, Empty, Form, Icon, Originals, SelectField, Table, TextField, Tone,
    When, is_stale,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// Everything the page shows.
struct Settings {
    study: Study,
    rights: Rights,
    sites: Vec<Site>,
    arms: Vec<Arm>,
    members: Vec<Member>,
    ranges: Ranges,
    visits: Vec<Visit>,
}

#[component]
pub fn StudySettingsPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let code = in_path("code");
    page(async move {
        let user = viewer.person()?;
        let mut conn = app.db.read().await?;
        let (study, rights) = visible_study_called(&mut conn, user, &code).await?;
        rights.check_manages()?;
        let settings = Settings {
            sites: list_sites(&mut conn, study.id).await?,
            arms: list_arms(&mut conn, study.id).await?,
            members: list_members(&mut conn, study.id).await?,
            ranges: read_ranges(&mut conn, study.id).await?,
            visits: list_visits(&mut conn, study.id).await?,
            study,
            rights,
        };
        Ok::<_, AppError>(view! { <SettingsView settings /> })
    })
}

#[component]
fn SettingsView(settings: Settings) -> impl IntoView {
    let Settings {
        study,
        rights,
        sites,
        arms,
        members,
        ranges,
        visits,
    } = settings;
    let code = study.code.clone();
    let [of_sites, of_arms, of_visits, of_ranges] = [0; 4].map(|_| code.clone());
    let sites = sites.iter().map(Site::label).collect();
    let arms = arms.into_iter().map(|arm| arm.name).collect();
    let title = t!("trials-settings-of", study = code.as_str());
    view! {
        <Title text=title />
        <StudyHead study=study.clone() rights here="settings" />
        <div class="settings">
            <Section title=t!("trials-plan") advice=t!("trials-plan-advice")>
                <PlanForm study />
            </Section>
            <Section title=t!("trials-sites") advice=t!("trials-sites-advice")>
                <Names names=sites none=t!("trials-sites-none") />
                <SiteForm code=of_sites />
            </Section>
            <Section title=t!("trials-arms") advice=t!("trials-arms-advice")>
                <Names names=arms none=t!("trials-arms-none") />
                <ArmForm code=of_arms />
            </Section>
            <Section title=t!("trials-visits") advice=t!("trials-visits-advice")>
                <VisitsForm code=of_visits visits />
            </Section>
            <Section title=t!("trials-ranges") advice=t!("trials-ranges-advice")>
                <RangesForm code=of_ranges ranges />
            </Section>
            <Section title=t!("trials-people") advice=t!("trials-people-advice")>
                <Members members />
                <MemberForm code />
            </Section>
        </div>
    }
}

#[component]
fn Section(title: &'static str, advice: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="settings-section">
            <div class="settings-head">
                <h2>{title}</h2>
                <p>{advice}</p>
            </div>
            <div class="stack">{children()}</div>
        </section>
    }
}

fn plan_fields(study: &Study) -> Vec<(&'static str, String)> {
    vec![
        ("title", study.title.clone()),
        ("status", study.status.to_string()),
        (
            "planned",
            study
                .planned
                .map_or_else(String::new, |planned| planned.to_string()),
        ),
    ]
}

/// The form of the study itself. After a stale edit it has what was typed and, elsewhere, what is saved now.
#[component]
fn PlanForm(study: Study) -> impl IntoView {
    let action = study_path(&study.code, "settings");
    let fields = plan_fields(&study);
    let stale = is_stale(&action, &fields);
    let statuses: Options = StudyStatus::ALL
        .map(|status| (status.to_string(), status.label().to_owned()))
        .into();
    let version = study.version.to_string();
    let planned = fields[2].1.clone();
    view! {
        <Form action>
            {stale.then(|| view! { <Alert tone=Tone::Warn>{t!("trials-study-stale-advice")}</Alert> })}
            <Version version seen=stale />
            <Originals fields seen=stale />
            <TextField name="title" label=t!("trials-title") value=study.title required=true maxlength=200_u32 />
            <div class="field-row">
                <SelectField name="status" label=t!("trials-status") value=study.status.as_str() options=statuses />
                <TextField name="planned" label=t!("trials-planned") value=planned inputmode="numeric" />
            </div>
            <ReasonField />
            <div class="actions">
                <Button kind=ButtonKind::Primary>{t!("trials-save")}</Button>
            </div>
        </Form>
    }
}

#[component]
fn Names(names: Vec<String>, none: &'static str) -> impl IntoView {
    if names.is_empty() {
        return view! { <p class="muted">{none}</p> }.into_any();
    }
    let items = names
        .into_iter()
        .map(|name| view! { <li>{name}</li> })
        .collect::<Vec<_>>();
    view! { <ul class="study-names">{items}</ul> }.into_any()
}

#[component]
fn SiteForm(code: String) -> impl IntoView {
    view! {
        <Form action=study_path(&code, "settings/sites")>
            <div class="field-row">
                <TextField
                    name="code"
                    label=t!("trials-site-code")
                    hint=t!("trials-site-code-hint")
                    required=true
                    maxlength=8_u32
                    autocomplete="off"
                />
                <TextField name="name" label=t!("trials-site-name") maxlength=80_u32 autocomplete="off" />
            </div>
            <ReasonField />
            <div class="actions">
                <Button icon=Icon::Plus>{t!("trials-site-add")}</Button>
            </div>
        </Form>
    }
}

#[component]
fn ArmForm(code: String) -> impl IntoView {
    view! {
        <Form action=study_path(&code, "settings/arms")>
            <TextField name="name" label=t!("trials-arm-name") required=true maxlength=60_u32 autocomplete="off" />
            <ReasonField />
            <div class="actions">
                <Button icon=Icon::Plus>{t!("trials-arm-add")}</Button>
            </div>
        </Form>
    }
}

#[component]
fn RangesForm(code: String, ranges: Ranges) -> impl IntoView {
    view! {
        <Form action=study_path(&code, "settings/ranges")>
            <RangeFields ranges />
            <ReasonField />
            <div class="actions">
                <Button>{t!("trials-save")}</Button>
            </div>
        </Form>
    }
}

#[component]
fn Members(members: Vec<Member>) -> impl IntoView {
    if members.is_empty() {
        return view! {
            <Empty icon=Icon::Users title=t!("trials-people-none")>
                <p>{t!("trials-people-none-advice")}</p>
            </Empty>
        }
        .into_any();
    }
    let rows = members
        .into_iter()
        .map(|member| {
            view! {
                <tr>
                    <th scope="row">
                        {member.name} <span class="muted">{format!(" {}", member.email)}</span>
                    </th>
                    <td data-label=t!("trials-role")>{member.role.label()}</td>
                    <td data-label=t!("trials-since")>
                        <When at=member.since date_only=true />
                    </td>
                </tr>
            }
        })
        .collect::<Vec<_>>();
    let head = vec![t!("trials-person"), t!("trials-role"), t!("trials-since")];
    view! {
        <Table caption=t!("trials-people") head dense=true stack=true>
            {rows}
        </Table>
    }
    .into_any()
}

#[component]
fn MemberForm(code: String) -> impl IntoView {
    let mut roles: Options = StudyRole::ALL
        .map(|role| (role.to_string(), role.label().to_owned()))
        .into();
    roles.push((String::new(), t!("trials-role-none").to_owned()));
    view! {
        <Form action=study_path(&code, "settings/members")>
            <div class="field-row">
                <TextField
                    name="email"
                    label=t!("trials-person-email")
                    kind="email"
                    required=true
                    autocomplete="off"
                />
                <SelectField name="role" label=t!("trials-role") value="coordinator" options=roles />
            </div>
            <ReasonField />
            <div class="actions">
                <Button icon=Icon::Users>{t!("trials-role-set")}</Button>
            </div>
        </Form>
    }
}
