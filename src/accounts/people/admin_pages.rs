//! People, for admins.

use crate::accounts::store::{UserFilter, find_user, list_users};
use crate::accounts::{Role, User, viewer};
use crate::error::AppError;
use crate::server::{app, page};
use crate::ui::{
    Badge, Breadcrumbs, Button, ButtonKind, ConfirmButton, Empty, Form, HiddenField, Icon, Pager,
    SelectField, Table, TextField, Tone, When,
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
    let href = |cursor: Option<i64>| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", &filter.text);
        query.append_pair("role", filter.role.map_or("", Role::as_str));
        if let Some(cursor) = cursor {
            query.append_pair("cursor", &cursor.to_string());
        }
        format!("/admin/users?{}", query.finish())
    };
    let next = users
        .last()
        .filter(|_| more)
        .map(|user| href(Some(user.id)));
    let first = filter.before.map(|_| href(None));
    let shown = users.len();
    let rows = users
        .into_iter()
        .map(|user| view! { <UserRow user /> })
        .collect::<Vec<_>>();
    view! {
        <Title text="Users" />
        <div class="page-head">
            <h1>"Users"</h1>
        </div>
        <UserFilters text=filter.text.clone() role=filter.role />
        {if shown == 0 {
            view! {
                <Empty icon=Icon::Users title="Nobody matches">
                    <p>"Try another name or address, or " <a href="/admin/users">"show everybody"</a> "."</p>
                </Empty>
            }
                .into_any()
        } else {
            view! {
                <Table caption="Users" head=vec!["Name", "E-mail", "Role", "Since", "State"] dense=true stack=true>
                    {rows}
                </Table>
                <Pager first next shown />
            }
                .into_any()
        }}
        <NewUserForm />
    }
}

#[component]
fn UserFilters(text: String, role: Option<Role>) -> impl IntoView {
    view! {
        <Form action="/admin/users" method="get" class="filters-form">
            <TextField name="q" label="Name or e-mail" kind="search" value=text />
            <SelectField
                name="role"
                label="Role"
                value=role.map_or("", Role::as_str)
                options=roles(Some("Any role"))
            />
            <Button icon=Icon::Filter>"Filter"</Button>
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
        (Tone::Good, "Active")
    } else {
        (Tone::Warn, "Disabled")
    };
    view! {
        <tr>
            <td data-label="Name">
                <a href=href>{user.name}</a>
            </td>
            <td data-label="E-mail">{user.email}</td>
            <td data-label="Role">{user.role.label()}</td>
            <td data-label="Since">
                <When at=user.created_at date_only=true />
            </td>
            <td data-label="State">
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
                <h2>"New account"</h2>
                <p>"Tell the person their password in a safe way; they can change it under My account."</p>
            </div>
            <Form action="/admin/users">
                <TextField name="name" label="Name" required=true maxlength=80_u32 autocomplete="off" />
                <TextField name="email" label="E-mail" kind="email" required=true autocomplete="off" />
                <TextField
                    name="password"
                    label="Password"
                    kind="password"
                    hint="At least 10 characters."
                    required=true
                    minlength=10_u32
                    maxlength=128_u32
                    autocomplete="new-password"
                />
                <SelectField name="role" label="Role" value="customer" options=roles(None) />
                <Button kind=ButtonKind::Primary icon=Icon::Plus>"Make the account"</Button>
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
    let disable_title = format!("Disable the account of {}?", user.name);
    view! {
        <Title text=user.name.clone() />
        <Breadcrumbs trail=vec![("/admin/users".into(), "Users".into())] here=user.name.clone() />
        <div class="page-head">
            <h1>{user.name.clone()}</h1>
            {(!user.active).then(|| view! { <Badge tone=Tone::Warn>"Disabled"</Badge> })}
        </div>
        <div class="page-narrow stack">
            <Form action>
                <HiddenField name="version" value=user.version.to_string() />
                <TextField name="name" label="Name" value=user.name.clone() required=true maxlength=80_u32 />
                <TextField name="email" label="E-mail" kind="email" value=user.email required=true />
                <SelectField name="role" label="Role" value=user.role.as_str() options=roles(None) />
                <div class="actions">
                    <Button kind=ButtonKind::Primary>"Save"</Button>
                </div>
            </Form>
            {if user.active {
                view! {
                    <ConfirmButton
                        action=active_action
                        label="Disable the account"
                        title=disable_title
                        message="They are signed out everywhere at once and cannot sign in until you enable it again. Nothing is deleted."
                        confirm_label="Disable"
                        icon=Icon::Lock
                        hidden=vec![("active".into(), "false".into())]
                    />
                }
                    .into_any()
            } else {
                view! {
                    <form method="post" action=active_action>
                        <HiddenField name="active" value="true" />
                        <Button>"Enable the account"</Button>
                    </form>
                }
                    .into_any()
            }}
        </div>
    }
}
