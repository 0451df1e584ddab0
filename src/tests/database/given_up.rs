//! Cancelled requests: dropped at the worst moment, they leave nothing behind that disturbs others.
//!
//! A relay stands between the server and PostgreSQL and holds back what is answered to a chosen statement,
//! so that the moment is the same on every machine. On SQLite the moment is another one each time.

use crate::support::eventually::{eventually, in_time};
use crate::support::{TestServer, app_on, execute, number, postgres_host, unique};
use axum::http::Method;
use guildhall::accounts::Role;
use guildhall::server::{App, Conn};
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};

/// The statement whose answer is held back, and how often it was let go before.
#[derive(Clone, Copy, Default)]
struct Held {
    statement: Option<&'static str>,
    releases: u32,
}

/// A proxy that passes everything on, except the answer to `statement` until it is released.
struct Relay {
    address: SocketAddr,
    held: watch::Sender<Held>,
    asked: Arc<Notify>,
}

impl Relay {
    async fn to(database: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (held, watched) = watch::channel(Held::default());
        let asked = Arc::new(Notify::new());
        let told = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&database).await.expect("connects");
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = server.into_split();
                let (hold, on_hold) = watch::channel(false);
                tokio::spawn(questions(
                    from_client,
                    to_server,
                    watched.clone(),
                    hold,
                    Arc::clone(&told),
                ));
                tokio::spawn(answers(from_server, to_client, on_hold));
            }
        });
        Self {
            address,
            held,
            asked,
        }
    }

    fn hold(&self, statement: &'static str) {
        self.held
            .send_modify(|held| held.statement = Some(statement));
    }

    fn release(&self) {
        self.held.send_modify(|held| {
            held.statement = None;
            held.releases += 1;
        });
    }
}

async fn questions(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    held: watch::Receiver<Held>,
    hold: watch::Sender<bool>,
    asked: Arc<Notify>,
) {
    let mut bytes = vec![0; 1 << 16];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        let said = String::from_utf8_lossy(&bytes[..count]).into_owned();
        let now = *held.borrow();
        if now
            .statement
            .is_some_and(|statement| said.contains(statement))
        {
            hold.send_replace(true);
            asked.notify_one();
            let mut held = held.clone();
            let hold = hold.clone();
            tokio::spawn(async move {
                // An error means that the test is over.
                let _ = held.wait_for(|held| held.releases > now.releases).await;
                hold.send_replace(false);
            });
        }
        if to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}

async fn answers(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut on_hold: watch::Receiver<bool>,
) {
    let mut bytes = vec![0; 1 << 16];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        let _ = on_hold.wait_for(|on_hold| !on_hold).await;
        if to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}

/// A server, an app that looks at the same database directly, and on PostgreSQL the relay between them.
struct Scene {
    relay: Option<Relay>,
    server: TestServer,
    looking: App,
}

impl Scene {
    async fn with_connections(connections: u32) -> Self {
        let host = postgres_host();
        let relay = match &host {
            Some(host) => Some(Relay::to(host.clone()).await),
            None => None,
        };
        let mut direct = None;
        let server = TestServer::start_with(|config| {
            config.database.acquire_timeout_seconds = 30;
            direct = Some(config.clone());
            config.database.max_connections = connections;
            if let (Some(relay), Some(host)) = (&relay, &host) {
                let by_relay = relay.address.to_string();
                config.database.url = config.database.url.replace(host, &by_relay);
            }
        })
        .await;
        let looking = app_on(direct.expect("a configuration"));
        Self {
            relay,
            server,
            looking,
        }
    }

    fn hold(&self, statement: &'static str) {
        if let Some(relay) = &self.relay {
            relay.hold(statement);
        }
    }

    /// Waits for a request to reach the held statement. Without a relay the moment is another one
    /// each round.
    async fn reached(&self, round: u32) {
        match &self.relay {
            Some(relay) => in_time(relay.asked.notified()).await,
            None => {
                for _ in 0..round * round {
                    tokio::task::yield_now().await;
                }
            }
        }
    }

    fn release(&self) {
        if let Some(relay) = &self.relay {
            relay.release();
        }
    }

    /// No connection stays in a transaction once the cancelled request has ended.
    async fn nobody_sits_in_a_transaction(&self) {
        if self.relay.is_none() {
            // There is one writer, which is given out when nobody has it.
            let tx = self.looking.db.write().await;
            return tx.expect("begins").commit().await.expect("is kept");
        }
        let sitting = "SELECT COUNT(*) FROM pg_stat_activity
                       WHERE datname = current_database() AND pid <> pg_backend_pid()
                         AND state LIKE 'idle in transaction%'";
        eventually(async || match number(&self.looking, sitting).await {
            0 => Ok(()),
            some => Err(format!("{some} connections sit in a transaction")),
        })
        .await;
    }

    /// An uninvolved reader sees the present: in a transaction of somebody else's it would stand still
    /// between two statements.
    async fn read_undisturbed(&self) {
        let mut conn = self.server.app.db.read().await.expect("a connection");
        let first = present(&mut conn).await;
        let another = format!(
            "INSERT INTO categories (slug, name, position) VALUES ('c{}', 'C', 1)",
            unique()
        );
        execute(&self.looking, &another).await;
        assert_ne!(first, present(&mut conn).await, "within a transaction");
    }
}

/// The state that a statement sees: how much there is, and on PostgreSQL when its transaction began.
async fn present(conn: &mut Conn) -> String {
    match conn {
        Conn::Sqlite(conn) => {
            sqlx::query_scalar("SELECT CAST(COUNT(*) AS TEXT) FROM categories")
                .fetch_one(&mut **conn)
                .await
        }
        Conn::Postgres(conn) => {
            sqlx::query_scalar("SELECT CAST(now() AS TEXT)")
                .fetch_one(&mut **conn)
                .await
        }
    }
    .expect("reads")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_cancelled_at_begin_or_commit_leaves_no_transaction_behind() {
    for (statement, writes) in [
        ("BEGIN", true),
        ("BEGIN", false),
        ("COMMIT", true),
        ("COMMIT", false),
    ] {
        let scene = Scene::with_connections(1).await;
        let rounds = if scene.relay.is_some() { 1 } else { 20 };
        for round in 0..rounds {
            scene.read_undisturbed().await;
            scene.hold(statement);
            let app = scene.server.app.clone();
            let request = tokio::spawn(async move {
                let tx = match writes {
                    true => app.db.write().await,
                    false => app.db.snapshot().await,
                };
                tx.expect("begins").commit().await
            });
            scene.reached(round).await;
            request.abort();
            let end = request.await;
            // Without a relay it may have been quicker.
            let cancelled = end.is_err_and(|end| end.is_cancelled());
            assert!(cancelled || scene.relay.is_none());
            scene.release();
            for _ in 0..3 {
                scene.read_undisturbed().await;
            }
            scene.nobody_sits_in_a_transaction().await;
        }
        scene.looking.db.close().await;
    }
}

/// Clients that hang up at every moment of their requests, while others read.
#[tokio::test(flavor = "multi_thread")]
async fn clients_that_hang_up_disturb_nobody() {
    let scene = Scene::with_connections(4).await;
    let mut staff = scene.server.program(Role::Staff).await;
    for round in 0..30_u32 {
        let statement = ["BEGIN", "COMMIT", "ROLLBACK"][round as usize % 3];
        scene.hold(statement);
        let hanging: Vec<_> = (0..3)
            .map(|number| {
                let mut staff = staff.clone();
                tokio::spawn(async move {
                    let body = json!({ "name": format!("Board {round} {number}") });
                    staff.send_json(Method::POST, "/api/v1/boards", body).await
                })
            })
            .collect();
        // There is no ROLLBACK before a request is cancelled.
        if statement != "ROLLBACK" {
            scene.reached(round).await;
        }
        for request in hanging {
            request.abort();
        }
        scene.release();
        let answer = scene.server.visitor().api("/api/v1/products").await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    scene.nobody_sits_in_a_transaction().await;
    let body = json!({ "name": "The last" });
    let made = staff.send_json(Method::POST, "/api/v1/boards", body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    scene.looking.db.close().await;
}

/// Cancelled at any moment, a write is kept as a whole or not at all on either engine, and
/// the next ones do not fail.
#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_write_is_whole_or_nothing() {
    const LAST: u32 = 60;
    let server = TestServer::start().await;
    for round in 0..=LAST {
        let app = server.app.clone();
        let write = tokio::spawn(async move {
            let mut tx = app.db.write().await.expect("begins");
            for half in ["a", "b"] {
                let sql = sqlx::AssertSqlSafe(format!(
                    "INSERT INTO categories (slug, name, position) VALUES ('{half}{round}', '{half}', 1)"
                ));
                match &mut *tx {
                    Conn::Sqlite(conn) => sqlx::query(sql).execute(&mut **conn).await.map(drop),
                    Conn::Postgres(conn) => sqlx::query(sql).execute(&mut **conn).await.map(drop),
                }
                .expect("writes");
            }
            tx.commit().await.expect("is kept");
        });
        if round < LAST {
            for _ in 0..round * round {
                tokio::task::yield_now().await;
            }
            write.abort();
        }
        // Finished before, where it was quicker.
        let _ = write.await;
        let mut tx = server.app.db.snapshot().await.expect("begins");
        let seen =
            |half: &str| format!("SELECT COUNT(*) FROM categories WHERE slug = '{half}{round}'");
        let mut counts = [0; 2];
        for (count, half) in counts.iter_mut().zip(["a", "b"]) {
            let sql = sqlx::AssertSqlSafe(seen(half));
            *count = match &mut *tx {
                Conn::Sqlite(conn) => sqlx::query_scalar(sql).fetch_one(&mut **conn).await,
                Conn::Postgres(conn) => sqlx::query_scalar(sql).fetch_one(&mut **conn).await,
            }
            .expect("a number");
        }
        let [first, second]: [i64; 2] = counts;
        assert_eq!(first, second, "round {round}");
        assert!(first == 1 || round < LAST, "the last was not given up");
        drop(tx);
        let next = server.app.db.write().await.expect("begins");
        next.commit().await.expect("is kept");
    }
}
