//! People, for admins.

use crate::accounts::store::{UserFilter, find_user, list_users};
use crate::accounts::{Role, User, viewer};
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{app, page};
use crate::ui::{
    Badge, Breadcrumbs, Button, ButtonKind, ConfirmButton, Empty, Form, HiddenField, Icon,
    PagedTable, SelectField, TextField, Tone, When, gap,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

const ON_A_PAGE: i64 = 50;

/// `/admin/users?q=&role=&cursor=`
#[component]
pub fn UsersPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let query = use_query_map().get_untracked();
    let text = |name: &str| query.get(name).unwrap_or_default();
    let filter = UserFilter {
        text: text("q"),
        role: text("role").parse().ok(),
        before: text("cursor").parse().ok(),
    };
    page(async move {
        viewer.admin()?;
        let mut conn = app.db.read().await?;
        let mut users = list_users(&mut conn, &filter, ON_A_PAGE + 1).await?;
        let more = users.len() as i64 > ON_A_PAGE;
        users.truncate(ON_A_PAGE as usize);
        Ok::<_, AppError>(view! { <Users users filter more /> })
    })
}

#[component]
fn Users(users: Vec<User>, filter: UserFilter, more: bool) -> impl IntoView {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("q", &filter.text);
    query.append_pair("role", filter.role.map_or("", Role::as_str));
    let next_cursor = users
        .last()
        .filter(|_| more)
        .map(|user| user.id.to_string());
    let head = vec![
        t!("accounts-name"),
        t!("accounts-email"),
        t!("accounts-role"),
        t!("accounts-created"),
        t!("accounts-state"),
    ];
    let rows = users
        .into_iter()
        .map(|user| view! { <UserRow user /> }.into_any())
        .collect();
    let none = view! {
        <Empty icon=Icon::Users title=t!("accounts-users-none")>
            <p>
                {t!("accounts-users-none-advice")} {gap()} <a href="/admin/users">{t!("accounts-users-all")}</a>
            </p>
        </Empty>
    };
    view! {
        <Title text=t!("accounts-users") />
        <div class="page-head">
            <h1>{t!("accounts-users")}</h1>
        </div>
        <UserFilters text=filter.text.clone() role=filter.role />
        <PagedTable
            caption=t!("accounts-users")
            head
            dense=true
            rows
            address=format!("/admin/users?{}", query.finish())
            on_first_page=filter.before.is_none()
            next_cursor
            none=none.into_any()
        />
        <NewUserForm />
    }
}

#[component]
fn UserFilters(text: String, role: Option<Role>) -> impl IntoView {
    view! {
        <Form action="/admin/users" method="get" class="filters-form">
            <TextField name="q" label=t!("accounts-users-search") kind="search" value=text />
            <SelectField
                name="role"
                label=t!("accounts-role")
                value=role.map_or("", Role::as_str)
                options=roles(Some(t!("accounts-role-any")))
            />
            <Button icon=Icon::Filter>{t!("accounts-filter")}</Button>
        </Form>
    }
}

fn roles(any: Option<&str>) -> Vec<(String, String)> {
    let any = any.map(|label| (String::new(), label.to_owned()));
    let roles = Role::ALL.map(|role| (role.as_str().to_owned(), role.label().to_owned()));
    any.into_iter().chain(roles).collect()
}

#[component]
fn UserRow(user: User) -> impl IntoView {
    let href = format!("/admin/users/{}", user.id);
    let (tone, state) = if user.active {
        (Tone::Good, t!("accounts-active"))
    } else {
        (Tone::Warn, t!("accounts-disabled"))
    };
    view! {
        <tr>
            <td data-label=t!("accounts-name")>
                <a href=href>{user.name}</a>
            </td>
            <td data-label=t!("accounts-email")>{user.email}</td>
            <td data-label=t!("accounts-role")>{user.role.label()}</td>
            <td data-label=t!("accounts-created")>
                <When at=user.created_at date_only=true />
            </td>
            <td data-label=t!("accounts-state")>
                <Badge tone>{state}</Badge>
            </td>
        </tr>
    }
}

#[component]
fn NewUserForm() -> impl IntoView {
    view! {
        <section class="settings-section">
            <div class="settings-head">
                <h2>{t!("accounts-new")}</h2>
                <p>{t!("accounts-new-lead")}</p>
            </div>
            <Form action="/admin/users">
                <TextField name="name" label=t!("accounts-name") required=true maxlength=80_u32 autocomplete="off" />
                <TextField name="email" label=t!("accounts-email") kind="email" required=true autocomplete="off" />
                <TextField
                    name="password"
                    label=t!("accounts-password")
                    kind="password"
                    hint=t!("accounts-password-hint")
                    required=true
                    minlength=10_u32
                    maxlength=128_u32
                    autocomplete="new-password"
                />
                <SelectField name="role" label=t!("accounts-role") value="customer" options=roles(None) />
                <Button kind=ButtonKind::Primary icon=Icon::Plus>{t!("accounts-user-create")}</Button>
            </Form>
        </section>
    }
}

/// `/admin/users/{id}`
#[component]
pub fn UserPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let id = use_params_map()
        .read_untracked()
        .get("id")
        .and_then(|id| id.parse().ok());
    page(async move {
        viewer.admin()?;
        let missing = || AppError::not_found("account");
        let mut conn = app.db.read().await?;
        let user = find_user(&mut conn, id.ok_or_else(missing)?)
            .await?
            .ok_or_else(missing)?;
        Ok::<_, AppError>(view! { <EditUser user /> })
    })
}

#[component]
fn EditUser(user: User) -> impl IntoView {
    let action = format!("/admin/users/{}", user.id);
    let active_action = format!("{action}/active");
    let disable_title = t!("accounts-disable-title", name = user.name.as_str());
    view! {
        <Title text=user.name.clone() />
        <Breadcrumbs trail=vec![("/admin/users".into(), t!("accounts-users").into())] here=user.name.clone() />
        <div class="page-head">
            <h1>{user.name.clone()}</h1>
            {(!user.active).then(|| view! { <Badge tone=Tone::Warn>{t!("accounts-disabled")}</Badge> })}
        </div>
        <div class="page-narrow stack">
            <Form action>
                <HiddenField name="version" value=user.version.to_string() />
                <TextField name="name" label=t!("accounts-name") value=user.name.clone() required=true maxlength=80_u32 />
                <TextField name="email" label=t!("accounts-email") kind="email" value=user.email required=true />
                <SelectField name="role" label=t!("accounts-role") value=user.role.as_str() options=roles(None) />
                <div class="actions">
                    <Button kind=ButtonKind::Primary>{t!("accounts-save")}</Button>
                </div>
            </Form>
            {if user.active {
                view! {
                    <ConfirmButton
                        action=active_action
                        label=t!("accounts-disable-account")
                        title=disable_title
                        message=t!("accounts-disable-message")
                        confirm_label=t!("accounts-disable")
                        icon=Icon::Lock
                        hidden=vec![("active".into(), "false".into())]
                    />
                }
                    .into_any()
            } else {
                view! {
                    <form method="post" action=active_action>
                        <HiddenField name="active" value="true" />
                        <Button>{t!("accounts-enable-account")}</Button>
                    </form>
                }
                    .into_any()
            }}
        </div>
    }
}
