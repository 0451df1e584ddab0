//! `/api/v1/auth`, `/api/v1/me` and `/api/v1/users`.

use super::access::{
    Admin, Credentials, Person, Proven, Registration, Tokens, check_credentials,
    register as make_account, start_tokens,
};
use super::people::{NewUser, ProfileChange, UserChange, update_profile};
use super::store::{self, UserFilter};
use super::{User, access, people};
use crate::error::AppError;
use crate::server::security_log::{SecurityEvent, note};
use crate::server::{
    App, ClientIp, Cursor, Json, PageOf, Path, Query, UserAgent, created, no_content, ok, page_size,
};
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(register))
        .routes(routes!(login))
        .routes(routes!(refresh))
        .routes(routes!(logout))
        .routes(routes!(read_me, update_me))
        .routes(routes!(list_users, create_user))
        .routes(routes!(read_user, update_user, delete_user))
}

/// A person as they see themselves.
#[derive(Serialize, ToSchema)]
struct PersonBody {
    id: i64,
    name: String,
    email: String,
    /// `customer`, `staff` or `admin`.
    role: super::Role,
}

/// A person as an admin sees them.
#[derive(Serialize, ToSchema)]
struct UserBody {
    id: i64,
    name: String,
    email: String,
    /// `customer`, `staff` or `admin`.
    role: super::Role,
    active: bool,
    version: i64,
    /// RFC 3339, UTC.
    created_at: crate::clock::Timestamp,
    updated_at: crate::clock::Timestamp,
}

#[derive(Serialize, ToSchema)]
struct SignedIn {
    user: PersonBody,
    #[serde(flatten)]
    tokens: Tokens,
}

impl From<User> for PersonBody {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            name: user.name,
            email: user.email,
            role: user.role,
        }
    }
}

impl From<User> for UserBody {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            name: user.name,
            email: user.email,
            role: user.role,
            active: user.active,
            version: user.version,
            created_at: user.created_at,
            updated_at: user.updated_at,
        }
    }
}

/// Create an account and sign in at once.
#[utoipa::path(post, path = "/auth/register", tag = "accounts", security(()), request_body = Registration,
    responses((status = 201, body = SignedIn), (status = 422, description = "A field is at fault"),
              (status = 429, description = "Too many accounts from this address; see Retry-After")))]
async fn register(
    State(app): State<App>,
    address: ClientIp,
    agent: UserAgent,
    Json(input): Json<Registration>,
) -> Result<Response, AppError> {
    let owner = make_account(&app, input, address).await?;
    let body = sign_in(&app, owner, &agent, address).await?;
    Ok(created("/api/v1/me", body))
}

/// Sign in to get tokens.
#[utoipa::path(post, path = "/auth/login", tag = "accounts", security(()), request_body = Credentials,
    responses((status = 200, body = SignedIn), (status = 401, description = "Wrong credentials"),
              (status = 429, description = "Too many tries; see Retry-After")))]
async fn login(
    State(app): State<App>,
    address: ClientIp,
    agent: UserAgent,
    Json(input): Json<Credentials>,
) -> Result<Response, AppError> {
    let owner = check_credentials(&app, input, address).await?;
    Ok(ok(sign_in(&app, owner, &agent, address).await?))
}

async fn sign_in(
    app: &App,
    owner: Proven,
    agent: &UserAgent,
    address: ClientIp,
) -> Result<SignedIn, AppError> {
    let (user, tokens) = start_tokens(app, owner, agent, address).await?;
    Ok(SignedIn {
        user: user.into(),
        tokens,
    })
}

#[derive(Deserialize, ToSchema)]
struct RefreshToken {
    refresh_token: String,
}

/// Exchange a refresh token for new tokens. Each is valid once; using it twice ends its whole family. Only a
/// client that got no response may retry, once within ten seconds, and gets the same refresh token.
#[utoipa::path(post, path = "/auth/refresh", tag = "accounts", security(()), request_body = RefreshToken,
    responses((status = 200, body = SignedIn), (status = 401, description = "Not valid, used before, or expired")))]
async fn refresh(
    State(app): State<App>,
    Json(input): Json<RefreshToken>,
) -> Result<Response, AppError> {
    let (user, tokens) = access::refresh(&app, &input.refresh_token).await?;
    Ok(ok(SignedIn {
        user: user.into(),
        tokens,
    }))
}

/// Sign out: ends the refresh token and the access tokens issued with it.
#[utoipa::path(post, path = "/auth/logout", tag = "accounts", security(()), request_body = RefreshToken,
    responses((status = 204, description = "Signed out, now or before")))]
async fn logout(
    State(app): State<App>,
    Json(input): Json<RefreshToken>,
) -> Result<Response, AppError> {
    let mut tx = app.db.write().await?;
    let hash = access::hash_of(&input.refresh_token);
    let known = store::find_refresh_token(&mut tx, &hash).await?;
    if let Some(known) = &known {
        store::end_token_family(&mut tx, known.family_id, app.clock.now()).await?;
    }
    tx.commit().await?;
    if let Some(known) = known.filter(|known| !known.ended) {
        note(SecurityEvent::SignOut, known.user_id, "program");
    }
    Ok(no_content())
}

/// The signed-in person.
#[utoipa::path(get, path = "/me", tag = "accounts",
    responses((status = 200, body = PersonBody), (status = 401, description = "Nobody is signed in")))]
async fn read_me(Person(user): Person) -> Result<Response, AppError> {
    Ok(ok(PersonBody::from(user)))
}

/// Change your own name, address or password.
#[utoipa::path(patch, path = "/me", tag = "accounts", request_body = ProfileChange,
    responses((status = 200, body = PersonBody), (status = 422, description = "A field is at fault")))]
async fn update_me(
    State(app): State<App>,
    Person(user): Person,
    address: ClientIp,
    Json(change): Json<ProfileChange>,
) -> Result<Response, AppError> {
    let changed = update_profile(&app, &user, change, None, address).await?;
    Ok(ok(PersonBody::from(changed.user)))
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
struct UserQuery {
    /// Part of the name or the address.
    q: String,
    /// Only people with this role.
    #[param(value_type = super::Role)]
    role: String,
    /// 1 to 100; 50 if absent.
    limit: Option<i64>,
    /// `next_cursor` of the previous page.
    cursor: String,
}

/// People, newest first. Admins only.
#[utoipa::path(get, path = "/users", tag = "accounts", security(("bearer" = ["admin"])), params(UserQuery),
    responses((status = 200, body = PageOf<UserBody>), (status = 403, description = "Not an admin")))]
async fn list_users(
    State(app): State<App>,
    _: Admin,
    Query(query): Query<UserQuery>,
) -> Result<Response, AppError> {
    let role = match query.role.as_str() {
        "" => None,
        word => Some(
            word.parse()
                .map_err(|message: String| AppError::invalid("role", message))?,
        ),
    };
    let before = Cursor::numbers(&query.cursor)?.map(|[id]| id);
    let size = page_size(query.limit);
    let filter = UserFilter {
        text: query.q,
        role,
        before,
    };
    let mut conn = app.db.read().await?;
    let users = store::list_users(&mut conn, &filter, size + 1).await?;
    let page = PageOf::from_rows(users, size, |user| Cursor::new([&user.id]));
    Ok(ok(page.map(UserBody::from)))
}

/// Create an account with any role. Admins only.
#[utoipa::path(post, path = "/users", tag = "accounts", security(("bearer" = ["admin"])), request_body = NewUser,
    responses((status = 201, body = UserBody), (status = 422, description = "A field is at fault")))]
async fn create_user(
    State(app): State<App>,
    _: Admin,
    Json(input): Json<NewUser>,
) -> Result<Response, AppError> {
    let user = people::create_user(&app, input).await?;
    Ok(created(
        &format!("/api/v1/users/{}", user.id),
        UserBody::from(user),
    ))
}

/// One account. Admins only.
#[utoipa::path(get, path = "/users/{id}", tag = "accounts", security(("bearer" = ["admin"])), params(("id" = i64, Path)),
    responses((status = 200, body = UserBody), (status = 404, description = "No such account")))]
async fn read_user(
    State(app): State<App>,
    _: Admin,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let user = store::find_user(&mut conn, id).await?;
    Ok(ok(UserBody::from(
        user.ok_or_else(|| AppError::not_found("account"))?,
    )))
}

/// Change an account. Admins only; the last admin cannot be removed.
#[utoipa::path(patch, path = "/users/{id}", tag = "accounts", security(("bearer" = ["admin"])), params(("id" = i64, Path)),
    request_body = UserChange,
    responses((status = 200, body = UserBody), (status = 409, description = "Stale version, or the last admin")))]
async fn update_user(
    State(app): State<App>,
    _: Admin,
    Path(id): Path<i64>,
    Json(change): Json<UserChange>,
) -> Result<Response, AppError> {
    Ok(ok(UserBody::from(
        people::update_user(&app, id, change).await?,
    )))
}

/// Disable an account: its sessions and tokens end at once, its history stays. Admins only.
#[utoipa::path(delete, path = "/users/{id}", tag = "accounts", security(("bearer" = ["admin"])), params(("id" = i64, Path)),
    responses((status = 204, description = "Disabled, now or before"),
              (status = 409, description = "3002 the last admin")))]
async fn delete_user(
    State(app): State<App>,
    _: Admin,
    Path(id): Path<i64>,
) -> Result<Response, AppError> {
    let change = UserChange {
        active: Some(false),
        ..Default::default()
    };
    people::update_user(&app, id, change).await?;
    Ok(no_content())
}
