//! Browser sessions: kept in the database, listed for their owner, ended one by one or all at once.
//!
//! Each statement writes what it is about and nothing else: a session is inserted at sign-in, updated while
//! in use, and deleted. No request holds a copy that it could write back after the session has ended, and
//! only the request that ends a session clears its cookie.

use super::session_store::{self as store, NewSession, SessionRow};
use super::tokens::hash_of;
use crate::accounts::store::delete_stale;
use crate::accounts::{Role, User};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{App, Conn, UserAgent, cookies};
use axum::http::HeaderMap;
use cookie::Cookie;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The time the previous id stays valid after a change of role gave the session a new one: requests with it
/// are under way, and the response with the new one may be lost.
const FORMER_ID_SECONDS: i64 = 10;

/// The value of a session's cookie: its id, of which the database knows only the hash.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(String);

impl SessionToken {
    /// Generates 256 random bits.
    pub fn new() -> Self {
        Self(super::tokens::random_token())
    }

    /// Reads the cookie. A value we never issued is not looked up.
    fn read(app: &App, headers: &HeaderMap) -> Option<Self> {
        Self::parse(cookies::cookie(
            headers,
            &cookies::guarded_name(app, COOKIE),
        )?)
    }

    /// Parses an id: 64 characters, or 22 as in earlier versions.
    fn parse(value: &str) -> Option<Self> {
        let ours = matches!(value.len(), 22 | 64)
            && value
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        ours.then(|| Self(value.to_owned()))
    }

    pub fn hash(&self) -> String {
        hash_of(&self.0)
    }

    /// Returns the id that follows this one when a role changes: the same for every request that asks.
    fn successor(&self, app: &App) -> Self {
        Self(app.token_keys.successor("session", &self.0))
    }

    /// Returns the cookie that the browser keeps for the maximum lifetime of a session. That an unused one
    /// ends sooner is up to the server: a late response with a renewed cookie could overwrite a newer one.
    pub fn cookie(&self, app: &App, started: Timestamp) -> Cookie<'static> {
        let end = started.plus_days(app.config.accounts.sign_in_max_days.into());
        let left = end.seconds_since(app.clock.now()).max(0);
        cookies::build(cookies::guarded_name(app, COOKIE), self.0.as_str(), left)
    }
}

pub const COOKIE: &str = "session";

/// Returns the cookie that makes the browser forget its session, for the response that ended it.
pub fn spent_cookie(app: &App) -> Cookie<'static> {
    cookies::build(cookies::guarded_name(app, COOKIE), "", 0)
}

/// The session of a request.
pub struct Session {
    /// The stored hash of its id, which grants nothing.
    pub id: String,
    pub started: Timestamp,
    token: SessionToken,
    /// The role it was created or renewed for, and the user's current role.
    roles: [Role; 2],
}

/// A session as it was read a moment ago.
pub struct KnownSession {
    id: String,
    role: Role,
    started: Timestamp,
    seen: Timestamp,
    expires: Timestamp,
    /// The end, if it was found by the id it had until recently.
    previous_until: Option<Timestamp>,
    user: User,
    /// True once a request has undertaken to record the visit.
    noted: AtomicBool,
}

impl KnownSession {
    /// Returns the session with this id as it is now, or by which it was known until recently.
    async fn read(app: &App, hash: &str) -> Result<Option<Arc<Self>>, AppError> {
        let mut conn = app.db.read().await?;
        let row = store::find_open_session(&mut conn, hash, app.clock.now()).await?;
        Ok(row.map(|row| {
            Arc::new(Self {
                previous_until: row.previous_until.filter(|_| row.session != hash),
                id: row.session,
                role: row.session_role,
                started: row.started,
                seen: row.seen_at,
                expires: row.expires_at,
                user: User::from(row.user),
                noted: AtomicBool::new(false),
            })
        }))
    }

    fn is_live(&self, app: &App) -> bool {
        let now = app.clock.now();
        self.expires > now
            && self.started > oldest_start(app, now)
            && self.previous_until.is_none_or(|until| until > now)
    }

    /// Returns true, to one request, if the visit is to be recorded. Not every one is: a write for each
    /// request would be too many.
    fn is_to_be_noted(&self, now: Timestamp) -> bool {
        const SECONDS_BETWEEN_NOTES: i64 = 300;
        now.seconds_since(self.seen) >= SECONDS_BETWEEN_NOTES
            && !self.noted.swap(true, Ordering::Relaxed)
    }
}

/// Returns the session that the request's cookie names, and its user. Records its use now and then.
pub async fn find_session(
    app: &App,
    headers: &HeaderMap,
) -> Result<Option<(Arc<Session>, User)>, AppError> {
    let Some(token) = SessionToken::read(app, headers) else {
        return Ok(None);
    };
    let hash = token.hash();
    let known = app
        .known
        .sessions
        .get(hash.clone(), || KnownSession::read(app, &hash));
    let Some(known) = known.await?.filter(|known| known.is_live(app)) else {
        return Ok(None);
    };
    // A visit that could not be recorded is a visit all the same.
    if known.is_to_be_noted(app.clock.now())
        && let Err(error) = note_visit(app, &known, hash).await
    {
        tracing::warn!(error.cause = %error, "A session's use could not be noted");
    }
    let user = known.user.clone();
    let session = Session {
        id: known.id.clone(),
        started: known.started,
        token,
        roles: [known.role, user.role],
    };
    Ok(Some((Arc::new(session), user)))
}

/// Returns the earliest start of a live session: one that began before is over, however much it is used.
fn oldest_start(app: &App, now: Timestamp) -> Timestamp {
    now.plus_days(-i64::from(app.config.accounts.sign_in_max_days))
}

async fn note_visit(app: &App, known: &KnownSession, hash: String) -> sqlx::Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    store::update_seen(&mut tx, &known.id, now, unused_until(app, now)).await?;
    tx.commit().await?;
    app.known.sessions.forget(hash).await;
    Ok(())
}

fn unused_until(app: &App, now: Timestamp) -> Timestamp {
    now.plus_days(app.config.accounts.session_days.into())
}

/// Creates a session for the user and returns its token.
pub async fn create_session(
    app: &App,
    conn: &mut Conn,
    user: &User,
    agent: &UserAgent,
    address: &str,
) -> sqlx::Result<SessionToken> {
    let token = SessionToken::new();
    let now = app.clock.now();
    let session = NewSession {
        id: &token.hash(),
        agent: &agent.0,
        address,
        expires_at: unused_until(app, now),
    };
    store::insert_session(conn, user, session, now).await?;
    Ok(token)
}

/// Gives the session a new id if its user's role is another than it was created for, so that an id known
/// before is worth nothing. Called when a request has been answered: if the session has ended meanwhile,
/// there is no row to change and no cookie to set.
pub async fn renew_for_role(
    app: &App,
    session: &Session,
) -> Result<Option<Cookie<'static>>, AppError> {
    let next = session.token.successor(app);
    let given = || Some(next.cookie(app, session.started));
    let came_with_former = session.token.hash() != session.id;
    if came_with_former {
        let known = next.hash() == session.id && is_open(app, &session.id).await?;
        return Ok(given().filter(|_| known));
    }
    let [before, role] = session.roles;
    if before == role {
        return Ok(None);
    }
    let mut tx = app.db.write().await?;
    let until = app.clock.now().plus_seconds(FORMER_ID_SECONDS);
    let written = store::renew_id(&mut tx, &session.id, &next.hash(), until, role).await?;
    tx.commit().await?;
    Ok(given().filter(|_| written))
}

async fn is_open(app: &App, id: &str) -> sqlx::Result<bool> {
    let mut conn = app.db.read().await?;
    Ok(store::count_sessions(&mut conn, id).await? == 1)
}

/// Gives the session a new id and invalidates the previous one. `None` if it has ended.
pub async fn replace_id(conn: &mut Conn, id: &str) -> sqlx::Result<Option<SessionToken>> {
    let token = SessionToken::new();
    let written = store::update_id(conn, id, &token.hash()).await?;
    Ok(written.then_some(token))
}

/// Returns the person's live sessions, most recently used first.
pub async fn list_sessions(app: &App, conn: &mut Conn, user: i64) -> sqlx::Result<Vec<SessionRow>> {
    let now = app.clock.now();
    store::list_sessions(conn, user, now, oldest_start(app, now)).await
}

/// Deletes expired sessions, and sign-in attempts and tokens past use. Run periodically.
pub async fn delete_expired(app: &App) -> sqlx::Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    store::delete_over(&mut tx, now, oldest_start(app, now)).await?;
    delete_stale(&mut tx, now.plus_days(-90)).await?;
    tx.commit().await
}

/// Describes a browser's or client's user agent in a few words: "Firefox on Windows".
pub fn device(user_agent: &str) -> String {
    const PROGRAMS: [(&str, &str); 7] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
        ("python", "Python"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ];
    let find = |names: &[(&str, &'static str)]| {
        names
            .iter()
            .find(|(mark, _)| user_agent.contains(mark))
            .map(|(_, name)| *name)
    };
    match (find(&PROGRAMS), find(&SYSTEMS)) {
        (Some(program), Some(system)) => t!("accounts-device", program = program, system = system),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => t!("accounts-device-unknown").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn a_device_is_named_by_program_and_system() {
        let firefox =
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
        let edge = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0";
        assert_eq!(device(firefox), "Firefox on Windows");
        assert_eq!(device(edge), "Edge on Mac");
        assert_eq!(device("curl/8.5.0"), "curl");
        assert_eq!(device(""), "Unknown device");
    }
}
