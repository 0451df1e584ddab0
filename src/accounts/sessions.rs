//! Browser sessions: kept in the database, listed for their owner, ended one by one or all at once.

use super::tokens::hash_of;
use crate::clock::Timestamp;
use crate::server::{App, Conn, Db, with_db};
use async_trait::async_trait;
use serde_json::Value;
use sqlx::FromRow;
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::Duration;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{Expiry, SessionManagerLayer, SessionStore};

/// What a session holds, by key.
pub const USER_ID: &str = "user_id";
pub const USER_AGENT: &str = "user_agent";
pub const ADDRESS: &str = "address";
pub const STARTED: &str = "started";
pub const SEEN: &str = "seen";
/// The role at sign-in: when it is no longer the user's, the session gets a new id.
pub const ROLE: &str = "role";

/// The middleware that reads and writes the session cookie.
pub fn session_layer(app: &App) -> SessionManagerLayer<Sessions> {
    let secure = app.config.server.secure();
    let days = app.config.accounts.session_days.into();
    SessionManagerLayer::new(Sessions(app.db.clone()))
        .with_name(if secure { "__Host-session" } else { "session" })
        .with_secure(secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(Duration::days(days)))
}

/// The sessions in the database.
#[derive(Clone, Debug)]
pub struct Sessions(Db);

fn backend(error: sqlx::Error) -> Error {
    Error::Backend(error.to_string())
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        // 128 random bits: a second session with the same id will not be seen.
        self.save(record).await
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let text = |key: &str| {
            record
                .data
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let number = |key: &str| record.data.get(key).and_then(Value::as_i64);
        let data = serde_json::to_string(&record.data)
            .map_err(|error| Error::Encode(error.to_string()))?;
        let query = "INSERT INTO sessions
                         (id, user_id, data, user_agent, address, created_at, seen_at, expires_at)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                     ON CONFLICT (id) DO UPDATE
                     SET user_id = excluded.user_id, data = excluded.data,
                         seen_at = excluded.seen_at, expires_at = excluded.expires_at";
        let mut tx = self.0.write().await.map_err(backend)?;
        with_db!(&mut *tx, |c| sqlx::query(query)
            .bind(hash_of(&record.id.to_string()))
            .bind(number(USER_ID))
            .bind(data)
            .bind(text(USER_AGENT))
            .bind(text(ADDRESS))
            .bind(number(STARTED).unwrap_or_default())
            .bind(number(SEEN).unwrap_or_default())
            .bind(Timestamp::from(record.expiry_date))
            .execute(c)
            .await
            .map(drop))
        .map_err(backend)?;
        tx.commit().await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let query = "SELECT data, expires_at FROM sessions WHERE id = $1 AND expires_at > $2";
        let now = Timestamp::from(time::OffsetDateTime::now_utc());
        let mut conn = self.0.read().await.map_err(backend)?;
        let row: Option<(String, Timestamp)> = with_db!(&mut conn, |c| sqlx::query_as(query)
            .bind(hash_of(&id.to_string()))
            .bind(now)
            .fetch_optional(c)
            .await)
        .map_err(backend)?;
        let Some((data, expires_at)) = row else {
            return Ok(None);
        };
        let data = serde_json::from_str(&data).map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date: expires_at.date_time(),
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let query = "DELETE FROM sessions WHERE id = $1";
        let mut tx = self.0.write().await.map_err(backend)?;
        with_db!(&mut *tx, |c| sqlx::query(query)
            .bind(hash_of(&id.to_string()))
            .execute(c)
            .await
            .map(drop))
        .map_err(backend)?;
        tx.commit().await.map_err(backend)
    }
}

/// A session as its owner sees it.
#[derive(Clone, Debug, FromRow)]
pub struct SessionRow {
    /// The stored hash; it opens nothing.
    pub id: String,
    pub user_agent: String,
    pub address: String,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
}

/// The person's live sessions, the one used last first.
pub async fn list_sessions(
    conn: &mut Conn,
    user: i64,
    now: Timestamp,
) -> sqlx::Result<Vec<SessionRow>> {
    let query = "SELECT id, user_agent, address, created_at, seen_at FROM sessions
                 WHERE user_id = $1 AND expires_at > $2 ORDER BY seen_at DESC LIMIT 100";
    with_db!(conn, |c| sqlx::query_as(query)
        .bind(user)
        .bind(now)
        .fetch_all(c)
        .await)
}

/// Ends one of the person's own sessions.
pub async fn delete_session(conn: &mut Conn, user: i64, id: &str) -> sqlx::Result<()> {
    let query = "DELETE FROM sessions WHERE user_id = $1 AND id = $2";
    with_db!(conn, |c| sqlx::query(query)
        .bind(user)
        .bind(id)
        .execute(c)
        .await
        .map(drop))
}

/// Ends all the person's sessions but `kept` (an empty text keeps none).
pub async fn delete_other_sessions(conn: &mut Conn, user: i64, kept: &str) -> sqlx::Result<()> {
    let query = "DELETE FROM sessions WHERE user_id = $1 AND id <> $2";
    with_db!(conn, |c| sqlx::query(query)
        .bind(user)
        .bind(kept)
        .execute(c)
        .await
        .map(drop))
}

/// Drops expired sessions, and sign-in attempts and tokens past use. Run now and then.
pub async fn delete_expired(app: &App) -> sqlx::Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let query = "DELETE FROM sessions WHERE expires_at < $1";
    with_db!(&mut *tx, |c| sqlx::query(query)
        .bind(now)
        .execute(c)
        .await
        .map(drop))?;
    super::store::delete_stale(&mut tx, now.plus_days(-90)).await?;
    tx.commit().await
}

/// A few words for a browser's or program's name of itself: "Firefox on Windows".
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
        (Some(program), Some(system)) => format!("{program} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => "Unknown device".to_owned(),
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
