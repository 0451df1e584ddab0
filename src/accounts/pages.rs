//! Registering, signing in, and one's own account.

use super::User;
use super::access::{SessionRow, device, list_sessions};
use crate::accounts::viewer;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{app, page};
use crate::ui::{Badge, Button, ButtonKind, Form, HiddenField, TextField, Tone, When, gap};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// Returns the page to go to afterwards, carried from page to form.
fn next() -> String {
    use_query_map()
        .read_untracked()
        .get("next")
        .unwrap_or_default()
}

fn with_next(path: &str, next: &str) -> String {
    if next.is_empty() {
        return path.to_owned();
    }
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("next", next);
    format!("{path}?{}", query.finish())
}

/// `/register`
#[component]
pub fn RegisterPage() -> impl IntoView {
    let next = next();
    let login = with_next("/login", &next);
    view! {
        <Title text=t!("accounts-register") />
        <div class="auth-page">
            <div class="auth-card">
                <h1>{t!("accounts-create")}</h1>
                <p class="lead">{t!("accounts-register-lead")}</p>
                <Form action="/register">
                    <HiddenField name="next" value=next />
                    <TextField name="name" label=t!("accounts-name") autocomplete="name" required=true maxlength=80_u32 />
                    <TextField name="email" label=t!("accounts-email") kind="email" autocomplete="email" required=true />
                    <TextField
                        name="password"
                        label=t!("accounts-password")
                        kind="password"
                        hint=t!("accounts-password-hint-long")
                        autocomplete="new-password"
                        required=true
                        minlength=10_u32
                        maxlength=128_u32
                    />
                    <Button kind=ButtonKind::Primary>{t!("accounts-register")}</Button>
                </Form>
                <p class="auth-else">{t!("accounts-have-one")} {gap()} <a href=login>{t!("accounts-sign-in")}</a></p>
            </div>
        </div>
    }
}

/// `/login`
#[component]
pub fn LoginPage() -> impl IntoView {
    let next = next();
    let register = with_next("/register", &next);
    view! {
        <Title text=t!("accounts-sign-in") />
        <div class="auth-page">
            <div class="auth-card">
                <h1>{t!("accounts-sign-in")}</h1>
                <Form action="/login">
                    <HiddenField name="next" value=next />
                    <TextField name="email" label=t!("accounts-email") kind="email" autocomplete="username" required=true />
                    <TextField
                        name="password"
                        label=t!("accounts-password")
                        kind="password"
                        autocomplete="current-password"
                        required=true
                    />
                    <Button kind=ButtonKind::Primary>{t!("accounts-sign-in")}</Button>
                </Form>
                <p class="auth-else">{t!("accounts-new-here")} {gap()} <a href=register>{t!("accounts-create")}</a></p>
            </div>
        </div>
    }
}

/// `/account`
#[component]
pub fn AccountPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    page(async move {
        let user = viewer.person()?.clone();
        let here = viewer.session_id().to_owned();
        let mut conn = app.db.read().await?;
        let sessions = list_sessions(&app, &mut conn, user.id).await?;
        Ok::<_, AppError>(view! { <Settings user sessions here /> })
    })
}

#[component]
fn Settings(user: User, sessions: Vec<SessionRow>, here: String) -> impl IntoView {
    view! {
        <Title text=t!("accounts-mine") />
        <div class="page-head">
            <h1>{t!("accounts-mine")}</h1>
            <Badge tone=Tone::Info>{user.role.label()}</Badge>
        </div>
        <p>
            <a href="/wallet">{t!("accounts-wallet")}</a>
            " · "
            {t!("accounts-wallet-what")}
        </p>
        <div class="settings">
            <section class="settings-section">
                <SectionHead title=t!("accounts-name") what=t!("accounts-name-what") />
                <Form action="/account/name">
                    <TextField name="name" label=t!("accounts-name") value=user.name autocomplete="name" required=true maxlength=80_u32 />
                    <Button>{t!("accounts-name-change")}</Button>
                </Form>
            </section>
            <section class="settings-section">
                <SectionHead title=t!("accounts-email") what=t!("accounts-email-what") />
                <Form action="/account/email">
                    <TextField name="email" label=t!("accounts-email") kind="email" value=user.email autocomplete="email" required=true />
                    <CurrentPassword />
                    <Button>{t!("accounts-email-change")}</Button>
                </Form>
            </section>
            <section class="settings-section">
                <SectionHead title=t!("accounts-password") what=t!("accounts-password-what") />
                <Form action="/account/password">
                    <CurrentPassword />
                    <TextField
                        name="password"
                        label=t!("accounts-password-new")
                        kind="password"
                        hint=t!("accounts-password-hint")
                        autocomplete="new-password"
                        required=true
                        minlength=10_u32
                        maxlength=128_u32
                    />
                    <Button>{t!("accounts-password-change")}</Button>
                </Form>
            </section>
            <section class="settings-section">
                <SectionHead title=t!("accounts-sessions") what=t!("accounts-sessions-what") />
                <SessionList sessions here />
            </section>
        </div>
    }
}

#[component]
fn SectionHead(title: &'static str, what: &'static str) -> impl IntoView {
    view! {
        <div class="settings-head">
            <h2>{title}</h2>
            <p>{what}</p>
        </div>
    }
}

#[component]
fn CurrentPassword() -> impl IntoView {
    view! {
        <TextField
            name="current_password"
            label=t!("accounts-password-current")
            kind="password"
            autocomplete="current-password"
            required=true
        />
    }
}

#[component]
fn SessionList(sessions: Vec<SessionRow>, here: String) -> impl IntoView {
    let others = sessions.iter().any(|session| session.id != here);
    let rows = sessions
        .into_iter()
        .map(|session| {
            let is_here = session.id == here;
            view! {
                <li class="session">
                    <div class="session-what">
                        <strong>{device(&session.user_agent)}</strong>
                        <span>
                            {session.address} " · " {t!("accounts-session-begun")} " " <When at=session.created_at />
                        </span>
                        <span>{t!("accounts-session-seen")} " " <When at=session.seen_at /></span>
                    </div>
                    {if is_here {
                        view! { <Badge tone=Tone::Good>{t!("accounts-session-here")}</Badge> }.into_any()
                    } else {
                        view! {
                            <form method="post" action="/account/sessions">
                                <HiddenField name="id" value=session.id />
                                <Button small=true>{t!("accounts-sign-out")}</Button>
                            </form>
                        }
                            .into_any()
                    }}
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <div class="stack">
            <ul class="session-list">{rows}</ul>
            {others
                .then(|| {
                    view! {
                        <form method="post" action="/account/sessions">
                            <Button kind=ButtonKind::Danger>{t!("accounts-sign-out-others")}</Button>
                        </form>
                    }
                })}
        </div>
    }
}
