//! Registering, signing in, and one's own account.

use super::User;
use super::access::{SessionRow, device, list_sessions};
use crate::accounts::viewer;
use crate::error::AppError;
use crate::server::{app, page};
use crate::ui::{Badge, Button, ButtonKind, Form, HiddenField, TextField, Tone, When};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// Where to go afterwards, carried from page to form.
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
        <Title text="Register" />
        <div class="auth-page">
            <div class="auth-card">
                <h1>"Make an account"</h1>
                <p class="lead">"To order, and to see how your orders stand."</p>
                <Form action="/register">
                    <HiddenField name="next" value=next />
                    <TextField name="name" label="Name" autocomplete="name" required=true maxlength=80_u32 />
                    <TextField name="email" label="E-mail" kind="email" autocomplete="email" required=true />
                    <TextField
                        name="password"
                        label="Password"
                        kind="password"
                        hint="At least 10 characters. A few unrelated words are best."
                        autocomplete="new-password"
                        required=true
                        minlength=10_u32
                        maxlength=128_u32
                    />
                    <Button kind=ButtonKind::Primary>"Register"</Button>
                </Form>
                <p class="auth-else">"Have an account? " <a href=login>"Sign in"</a></p>
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
        <Title text="Sign in" />
        <div class="auth-page">
            <div class="auth-card">
                <h1>"Sign in"</h1>
                <Form action="/login">
                    <HiddenField name="next" value=next />
                    <TextField name="email" label="E-mail" kind="email" autocomplete="username" required=true />
                    <TextField
                        name="password"
                        label="Password"
                        kind="password"
                        autocomplete="current-password"
                        required=true
                    />
                    <Button kind=ButtonKind::Primary>"Sign in"</Button>
                </Form>
                <p class="auth-else">"New here? " <a href=register>"Make an account"</a></p>
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
        <Title text="My account" />
        <div class="page-head">
            <h1>"My account"</h1>
            <Badge tone=Tone::Info>{user.role.label()}</Badge>
        </div>
        <p>
            <a href="/wallet">"Your wallet"</a>
            ": what you have with us, and what came and went."
        </p>
        <div class="settings">
            <section class="settings-section">
                <SectionHead title="Name" what="What you are called here." />
                <Form action="/account/name">
                    <TextField name="name" label="Name" value=user.name autocomplete="name" required=true maxlength=80_u32 />
                    <Button>"Change name"</Button>
                </Form>
            </section>
            <section class="settings-section">
                <SectionHead title="E-mail" what="What you sign in with." />
                <Form action="/account/email">
                    <TextField name="email" label="E-mail" kind="email" value=user.email autocomplete="email" required=true />
                    <CurrentPassword />
                    <Button>"Change e-mail"</Button>
                </Form>
            </section>
            <section class="settings-section">
                <SectionHead title="Password" what="Changing it signs out every other browser and every API client." />
                <Form action="/account/password">
                    <CurrentPassword />
                    <TextField
                        name="password"
                        label="New password"
                        kind="password"
                        hint="At least 10 characters."
                        autocomplete="new-password"
                        required=true
                        minlength=10_u32
                        maxlength=128_u32
                    />
                    <Button>"Change password"</Button>
                </Form>
            </section>
            <section class="settings-section">
                <SectionHead title="Sessions" what="Where you are signed in. End those you do not know." />
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
            label="Current password"
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
                            {session.address} ", signed in " <When at=session.created_at />
                        </span>
                        <span>"Last seen " <When at=session.seen_at /></span>
                    </div>
                    {if is_here {
                        view! { <Badge tone=Tone::Good>"This browser"</Badge> }.into_any()
                    } else {
                        view! {
                            <form method="post" action="/account/sessions">
                                <HiddenField name="id" value=session.id />
                                <Button small=true>"Sign out"</Button>
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
                            <Button kind=ButtonKind::Danger>"Sign out all the others"</Button>
                        </form>
                    }
                })}
        </div>
    }
}
