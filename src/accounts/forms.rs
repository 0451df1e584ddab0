//! The forms on the account pages.

use super::access::{
    Admin, Credentials, Person, Proven, Registration, SignedIn, Viewer, check_credentials,
    register, spent_cookie, start_session,
};
use super::people::{
    self, Changed, NewUser, ProfileChange, UserChange, end_session, end_sessions, update_profile,
};
use super::store::update_language;
use crate::error::{AppError, Kind};
use crate::i18n::{Language, t};
use crate::server::forms::{DROP_PAGES, form, next_or, remember};
use crate::server::{App, ClientIp, LANGUAGE_COOKIE, Path, Posted, UserAgent, cookies, done};
use crate::ui::Flash;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;

pub fn router() -> Router<App> {
    Router::new()
        .route("/register", post(register_form))
        .route("/login", post(login_form))
        .route("/logout", form("/", logout_form))
        .route("/language", form("/", language_form))
        .route("/account/name", form("/account", name_form))
        .route("/account/email", form("/account", email_form))
        .route("/account/password", form("/account", password_form))
        .route("/account/sessions", form("/account", sessions_form))
        .route("/admin/users", post(create_user_form))
        .route("/admin/users/{id}", post(update_user_form))
        .route(
            "/admin/users/{id}/active",
            form("/admin/users", active_form),
        )
}

#[derive(Deserialize)]
struct RegisterForm {
    name: String,
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

async fn register_form(
    State(app): State<App>,
    viewer: Viewer,
    address: ClientIp,
    agent: UserAgent,
    Posted(form): Posted<RegisterForm>,
) -> Result<Response, AppError> {
    let RegisterForm {
        name,
        email,
        password,
        next,
    } = form;
    let credentials = Credentials {
        email: email.clone(),
        password: password.clone(),
    };
    let input = Registration {
        name,
        email,
        password,
    };
    let owner = match register(&app, input, address).await {
        Ok(owner) => owner,
        // Sent twice by a double click: whoever knows the new account's password is its owner.
        Err(refusal) if refusal.errors.contains_key("email") => {
            let owner = check_credentials(&app, credentials, address).await;
            owner.map_err(|error| match error.kind {
                Kind::Unavailable | Kind::Internal => error,
                _ => refusal,
            })?
        }
        Err(refusal) => return Err(refusal),
    };
    let welcome = Flash::good(t!("accounts-welcome", name = owner.user.name.as_str()));
    let sign_in = SignIn {
        viewer,
        agent,
        address,
        next,
    };
    sign_in.answer(&app, owner, Some(welcome)).await
}

#[derive(Deserialize)]
struct LoginForm {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

async fn login_form(
    State(app): State<App>,
    viewer: Viewer,
    address: ClientIp,
    agent: UserAgent,
    Posted(form): Posted<LoginForm>,
) -> Result<Response, AppError> {
    let LoginForm {
        email,
        password,
        next,
    } = form;
    let owner = check_credentials(&app, Credentials { email, password }, address).await?;
    let sign_in = SignIn {
        viewer,
        agent,
        address,
        next,
    };
    sign_in.answer(&app, owner, None).await
}

/// The client that signs in, and the page it wanted.
struct SignIn {
    viewer: Viewer,
    agent: UserAgent,
    address: ClientIp,
    next: String,
}

impl SignIn {
    async fn answer(
        self,
        app: &App,
        owner: Proven,
        flash: Option<Flash>,
    ) -> Result<Response, AppError> {
        let (user, cookie) =
            start_session(app, &self.viewer, owner, &self.agent, self.address).await?;
        let mut response = done(&next_or(&self.next, "/"), flash);
        cookies::set(&mut response, &cookie);
        response.extensions_mut().insert(SignedIn(user));
        Ok(response)
    }
}

async fn logout_form(State(app): State<App>, viewer: Viewer) -> Result<Response, AppError> {
    let ended = end_session(&app, &viewer).await?;
    let mut response = done("/", Flash::good(t!("accounts-signed-out")));
    response.headers_mut().insert("clear-site-data", DROP_PAGES);
    if ended {
        cookies::set(&mut response, &spent_cookie(&app));
    }
    Ok(response)
}

#[derive(Deserialize)]
struct LanguageForm {
    language: String,
    #[serde(default)]
    next: String,
}

/// Saves the language for this browser and, if the user is signed in, for all of theirs.
async fn language_form(
    State(app): State<App>,
    viewer: Viewer,
    Posted(form): Posted<LanguageForm>,
) -> Result<Response, AppError> {
    let language: Language = form
        .language
        .parse()
        .map_err(|_| AppError::invalid("language", t!("accounts-language-unknown")))?;
    if let Some(user) = &viewer.user {
        let mut tx = app.db.write().await?;
        update_language(&mut tx, user.id, language).await?;
        tx.commit().await?;
    }
    let response = done(&next_or(&form.next, "/"), None);
    Ok(remember(response, LANGUAGE_COOKIE, language.as_str()))
}

#[derive(Deserialize)]
struct NameForm {
    name: String,
}

async fn name_form(
    State(app): State<App>,
    Person(user): Person,
    address: ClientIp,
    Posted(form): Posted<NameForm>,
) -> Result<Response, AppError> {
    let change = ProfileChange {
        name: Some(form.name),
        ..Default::default()
    };
    update_profile(&app, &user, change, None, address).await?;
    Ok(done("/account", Flash::good(t!("accounts-name-changed"))))
}

#[derive(Deserialize)]
struct EmailForm {
    email: String,
    current_password: String,
}

async fn email_form(
    State(app): State<App>,
    Person(user): Person,
    address: ClientIp,
    Posted(form): Posted<EmailForm>,
) -> Result<Response, AppError> {
    let change = ProfileChange {
        email: Some(form.email),
        current_password: Some(form.current_password),
        ..Default::default()
    };
    update_profile(&app, &user, change, None, address).await?;
    Ok(done("/account", Flash::good(t!("accounts-email-changed"))))
}

#[derive(Deserialize)]
struct PasswordForm {
    current_password: String,
    password: String,
}

async fn password_form(
    State(app): State<App>,
    Person(user): Person,
    viewer: Viewer,
    address: ClientIp,
    Posted(form): Posted<PasswordForm>,
) -> Result<Response, AppError> {
    let change = ProfileChange {
        password: Some(form.password),
        current_password: Some(form.current_password),
        ..Default::default()
    };
    let here = viewer.session.as_deref();
    let Changed { cookie, .. } = update_profile(&app, &user, change, here, address).await?;
    let said = t!("accounts-password-changed");
    let mut response = done("/account", Flash::good(said));
    if let Some(cookie) = cookie {
        cookies::set(&mut response, &cookie);
    }
    Ok(response)
}

#[derive(Deserialize)]
struct SessionsForm {
    /// The session to end; all the others if empty.
    #[serde(default)]
    id: String,
}

async fn sessions_form(
    State(app): State<App>,
    Person(user): Person,
    viewer: Viewer,
    Posted(form): Posted<SessionsForm>,
) -> Result<Response, AppError> {
    end_sessions(&app, &user, &form.id, viewer.session_id()).await?;
    let said = if form.id.is_empty() {
        t!("accounts-sessions-ended")
    } else {
        t!("accounts-session-ended")
    };
    Ok(done("/account", Flash::good(said)))
}

async fn create_user_form(
    State(app): State<App>,
    _: Admin,
    Posted(form): Posted<NewUser>,
) -> Result<Response, AppError> {
    let user = people::create_user(&app, form).await?;
    Ok(done(
        "/admin/users",
        Flash::good(t!("accounts-user-created", name = user.name)),
    ))
}

#[derive(Deserialize)]
struct UserForm {
    name: String,
    email: String,
    role: String,
    version: i64,
}

async fn update_user_form(
    State(app): State<App>,
    _: Admin,
    Path(id): Path<i64>,
    Posted(form): Posted<UserForm>,
) -> Result<Response, AppError> {
    let change = UserChange {
        name: Some(form.name),
        email: Some(form.email),
        role: Some(form.role),
        version: Some(form.version),
        active: None,
    };
    let user = people::update_user(&app, id, change).await?;
    Ok(done(
        "/admin/users",
        Flash::good(t!("accounts-user-changed", name = user.name)),
    ))
}

#[derive(Deserialize)]
struct ActiveForm {
    active: bool,
}

async fn active_form(
    State(app): State<App>,
    _: Admin,
    Path(id): Path<i64>,
    Posted(form): Posted<ActiveForm>,
) -> Result<Response, AppError> {
    let change = UserChange {
        active: Some(form.active),
        ..Default::default()
    };
    let user = people::update_user(&app, id, change).await?;
    let said = if form.active {
        t!("accounts-user-enabled", name = user.name)
    } else {
        t!("accounts-user-disabled", name = user.name)
    };
    Ok(done("/admin/users", Flash::good(said)))
}
