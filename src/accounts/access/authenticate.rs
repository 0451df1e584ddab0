//! Authentication of a request: by token, by session, or none.

use super::bearers::bearer;
use super::sessions::{Session, find_session, renew_for_role};
use crate::accounts::User;
use crate::error::{AppError, Kind};
use crate::i18n::{set_language, t};
use crate::server::{App, cookies, documents, forms, set_user};
use axum::extract::{FromRequestParts, Request};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use leptos::prelude::use_context;
use std::sync::Arc;

/// The user making the request, if known. Handlers ask it for what they need and pass the refusal on.
#[derive(Clone, Default)]
pub struct Viewer {
    pub user: Option<User>,
    /// The browser's session, if the user is known by one.
    pub session: Option<Arc<Session>>,
    /// The family of the access token, if the user is known by one.
    pub family: Option<i64>,
}

impl Viewer {
    fn bearing((user, family): (User, i64)) -> Self {
        Self {
            user: Some(user),
            session: None,
            family: Some(family),
        }
    }

    fn visiting(found: Option<(Arc<Session>, User)>) -> Self {
        let (session, user) = found.unzip();
        Self {
            user,
            session,
            family: None,
        }
    }

    /// Returns the stored id of the browser's session; empty without one.
    pub fn session_id(&self) -> &str {
        self.session.as_ref().map_or("", |session| &session.id)
    }

    /// Returns the user, whatever their role.
    pub fn person(&self) -> Result<&User, AppError> {
        self.user.as_ref().ok_or_else(AppError::unauthenticated)
    }

    pub fn staff(&self) -> Result<&User, AppError> {
        let user = self.person()?;
        if user.role.is_staff() {
            Ok(user)
        } else {
            Err(AppError::forbidden(t!("accounts-only-staff")))
        }
    }

    pub fn admin(&self) -> Result<&User, AppError> {
        let user = self.person()?;
        if user.role.is_admin() {
            Ok(user)
        } else {
            Err(AppError::forbidden(t!("accounts-only-admins")))
        }
    }

    pub fn is_staff(&self) -> bool {
        self.user.as_ref().is_some_and(|user| user.role.is_staff())
    }
}

/// In the extensions of a request whose session could not be looked up. It is answered as nobody's, with a page
/// of the shop from before the database went away.
#[derive(Clone, Copy)]
pub struct Unidentified;

impl<S: Send + Sync> FromRequestParts<S> for Viewer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get().cloned().unwrap_or_default())
    }
}

/// Returns the viewer, in a page or a server function.
pub fn viewer() -> Viewer {
    use_context::<Parts>()
        .and_then(|parts| parts.extensions.get().cloned())
        .unwrap_or_default()
}

/// Returns the person whose token came with a call of gRPC.
pub fn caller<T>(call: &tonic::Request<T>) -> Result<User, AppError> {
    let viewer = call.extensions().get::<Viewer>();
    let viewer = viewer.ok_or_else(AppError::unauthenticated)?;
    viewer.person().cloned()
}

/// Requires a signed-in user before the body is even read: `Person(user): Person`.
pub struct Person(pub User);

/// Requires staff or an admin in the same way.
pub struct Staff(pub User);

/// Requires an admin in the same way.
pub struct Admin(pub User);

/// Implements an extractor by a method of the [`Viewer`].
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

/// Gate: identifies the user, afresh for every request, so that a revoked role or a disabled account
/// takes effect at once.
pub async fn authenticate<F>(
    app: &App,
    mut request: Request,
    next: impl FnOnce(Request) -> F,
) -> Response
where
    F: Future<Output = Response>,
{
    let token = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim());
    let viewer = match token {
        Some(token) => bearer(app, token).await.map(Viewer::bearing),
        None => {
            let session = find_session(app, request.headers()).await;
            session.map(Viewer::visiting)
        }
    };
    let viewer = match viewer {
        Ok(viewer) => viewer,
        Err(error) if error.kind == Kind::Unavailable && documents::may_outlast(&request) => {
            request.extensions_mut().insert(Unidentified);
            Viewer::default()
        }
        Err(error) => {
            forms::keep_typed(request).await;
            return error.into_response();
        }
    };
    if let Some(user) = &viewer.user {
        set_user(user.id);
        // An API client chooses its language itself.
        if let (Some(language), Some(_)) = (user.language, &viewer.session) {
            set_language(language);
        }
    }
    let session = viewer.session.clone();
    request.extensions_mut().insert(viewer);
    let mut response = next(request).await;
    if let Some(session) = session {
        match renew_for_role(app, &session).await {
            Ok(cookie) => cookie.iter().for_each(|it| cookies::set(&mut response, it)),
            Err(error) => {
                tracing::warn!(error.cause = %error, "A session could not be given a new id");
            }
        }
    }
    response
}
