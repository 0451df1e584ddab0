//! Who makes a request: by token, by session, or nobody.

use super::bearers::bearer;
use super::sessions::{ROLE, SEEN, USER_ID};
use super::{Role, User, store};
use crate::error::AppError;
use crate::server::App;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower_sessions::Session;

/// Whoever makes the request. Handlers ask it for what they need and pass the refusal on.
#[derive(Clone, Debug, Default)]
pub struct Viewer {
    pub user: Option<User>,
}

impl Viewer {
    /// Anybody with an account.
    pub fn person(&self) -> Result<&User, AppError> {
        self.user.as_ref().ok_or_else(AppError::unauthenticated)
    }

    pub fn staff(&self) -> Result<&User, AppError> {
        let user = self.person()?;
        if user.role.is_staff() {
            Ok(user)
        } else {
            Err(AppError::forbidden("Only staff may do this."))
        }
    }

    pub fn admin(&self) -> Result<&User, AppError> {
        let user = self.person()?;
        if user.role.is_admin() {
            Ok(user)
        } else {
            Err(AppError::forbidden("Only admins may do this."))
        }
    }

    pub fn is_staff(&self) -> bool {
        self.user.as_ref().is_some_and(|user| user.role.is_staff())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Viewer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get().cloned().unwrap_or_default())
    }
}

/// Asks for a signed-in person before the body is even read: `Person(user): Person`.
pub struct Person(pub User);

/// Asks for staff or an admin in the same way.
pub struct Staff(pub User);

/// Asks for an admin in the same way.
pub struct Admin(pub User);

/// An extractor that takes what a question to the [`Viewer`] answers.
macro_rules! asks_the_viewer {
    ($($who:ident: $question:ident),+) => {
        $(impl<S: Send + Sync> FromRequestParts<S> for $who {
            type Rejection = AppError;

            async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
                let Ok(viewer) = Viewer::from_request_parts(parts, state).await;
                viewer.$question().cloned().map($who)
            }
        })+
    };
}

asks_the_viewer!(Person: person, Staff: staff, Admin: admin);

/// Middleware: finds out who it is, afresh for every request, so that a role taken away or an
/// account disabled counts at once.
pub async fn authenticate(
    State(app): State<App>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    let token = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim());
    let user = match token {
        Some(token) => bearer(&app, token).await.map(Some),
        None => user_of_session(&app, &session).await,
    };
    match user {
        Ok(user) => {
            request.extensions_mut().insert(Viewer { user });
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

async fn user_of_session(app: &App, session: &Session) -> Result<Option<User>, AppError> {
    let Some(id) = session.get::<i64>(USER_ID).await? else {
        return Ok(None);
    };
    let mut conn = app.db.read().await?;
    let user = store::find_user(&mut conn, id)
        .await?
        .filter(|user| user.active);
    drop(conn);
    let Some(user) = user else {
        session.flush().await?;
        return Ok(None);
    };
    keep_alive(app, session, user.role).await?;
    Ok(Some(user))
}

/// Notes the visit now and then (a write for each request would be too many), and gives the session
/// a new id when what it may do has changed.
async fn keep_alive(app: &App, session: &Session, role: Role) -> Result<(), AppError> {
    const SECONDS_BETWEEN_NOTES: i64 = 300;
    let now = app.clock.now();
    let seen = session.get::<i64>(SEEN).await?.unwrap_or_default();
    if (now.micros() - seen) / 1_000_000 >= SECONDS_BETWEEN_NOTES {
        session.insert(SEEN, now.micros()).await?;
    }
    if session.get::<Role>(ROLE).await? != Some(role) {
        session.insert(ROLE, role).await?;
        session.cycle_id().await?;
    }
    Ok(())
}

impl From<tower_sessions::session::Error> for AppError {
    fn from(error: tower_sessions::session::Error) -> Self {
        tracing::warn!(error.cause = %error, "A session could not be read or written");
        Self::unavailable("The service is busy. Please try again in a moment.")
    }
}
