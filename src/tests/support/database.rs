//! The test's own database: a copy of a migrated template, and SQL past the program.

use crate::support::unique;
use guildhall::server::config::DatabaseConfig;
use guildhall::server::db::{Changed, StatementLimit};
use guildhall::server::{App, Conn, Db, Subject, migrations};
use std::path::{Path, PathBuf};
use tokio::sync::OnceCell;

/// True if the tests run on PostgreSQL.
pub fn on_postgres() -> bool {
    postgres_server().is_some()
}

/// The server that `TEST_DATABASE_URL` names.
fn postgres_server() -> Option<String> {
    std::env::var("TEST_DATABASE_URL")
        .ok()
        .filter(|url| url.starts_with("postgres"))
}

/// Its host and port, for a proxy between the program and its database.
pub fn postgres_host() -> Option<String> {
    let url = postgres_server()?;
    let (_, host) = url.rsplit_once('@').expect("postgres://USER@HOST/NAME");
    let (host, _) = host.split_once('/').expect("postgres://USER@HOST/NAME");
    Some(host.to_owned())
}

/// A database of the test's own, with all tables and nothing in them.
pub async fn fresh_database(folder: &Path) -> DatabaseConfig {
    match postgres_server() {
        Some(server) => fresh_on_postgres(&server).await,
        None => fresh_file(folder).await,
    }
}

/// A database in a file, on SQLite, whichever engine the tests run on.
pub async fn fresh_file(folder: &Path) -> DatabaseConfig {
    static TEMPLATE: OnceCell<PathBuf> = OnceCell::const_new();
    let template = TEMPLATE.get_or_init(async || {
        let file = std::env::temp_dir().join(format!("guildhall-template_{}.db", unique()));
        migrate(sqlite(&file)).await;
        file
    });
    let file = folder.join("test.db");
    std::fs::copy(template.await, &file).expect("a copy of the template");
    config(sqlite(&file))
}

fn sqlite(file: &Path) -> String {
    format!("sqlite:{}", file.display())
}

async fn fresh_on_postgres(server: &str) -> DatabaseConfig {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let template = TEMPLATE.get_or_init(async || {
        let name = format!("template_{}", unique());
        run_on(server, &format!("CREATE DATABASE {name}")).await;
        migrate(in_database(server, &name)).await;
        name
    });
    let template = template.await;
    let name = format!("test_{}", unique());
    let create = format!("CREATE DATABASE {name} TEMPLATE {template}");
    run_on(server, &create).await;
    config(in_database(server, &name))
}

fn config(url: String) -> DatabaseConfig {
    DatabaseConfig {
        url,
        max_connections: 4,
        // On a busy machine the tests of a moment wait for each other longer than people should.
        acquire_timeout_seconds: 8,
        ..Default::default()
    }
}

/// Makes a template to copy: migrating anew for every test would take most of the time.
async fn migrate(url: String) {
    let config = config(url);
    let db = Db::open(&config, StatementLimit::None).expect("opens");
    migrations::up(&db, &config).await.expect("migrates");
    db.close().await;
}

fn in_database(server: &str, name: &str) -> String {
    let (base, _) = server.rsplit_once('/').expect("postgres://…/NAME");
    format!("{base}/{name}")
}

async fn run_on(server: &str, sql: &str) {
    // One at a time: PostgreSQL refuses to copy a template that another connection looks at.
    static ONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _one = ONE.lock().await;
    let config = DatabaseConfig {
        url: server.to_owned(),
        ..Default::default()
    };
    let db = Db::open(&config, StatementLimit::None).expect("opens");
    let Db::Postgres(pool) = &db else {
        panic!("{server} is not PostgreSQL")
    };
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    sqlx::query(sql).execute(&**pool).await.expect("a database");
    db.close().await;
}

/// Runs one statement on the test's database, for what no page or API can do.
pub async fn execute(app: &App, sql: &str) {
    try_execute(app, sql).await.expect("the statement runs");
}

/// The same, where it may be refused. It has no time limit, unlike a request's statements: what a
/// test begins with must not depend on how busy the machine is.
pub async fn try_execute(app: &App, sql: &str) -> sqlx::Result<()> {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    let done = match &app.db {
        Db::Sqlite { writer, .. } => sqlx::query(sql).execute(&writer.pool).await.map(drop),
        Db::Postgres(pool) => {
            let mut conn = pool.acquire().await?;
            let limit = async |conn: &mut sqlx::PgConnection, set: &'static str| {
                sqlx::query(set).execute(conn).await.map(drop)
            };
            limit(&mut conn, "SET statement_timeout = 0").await?;
            let done = sqlx::query(sql).execute(&mut *conn).await.map(drop);
            limit(&mut conn, "RESET statement_timeout").await?;
            done
        }
    };
    // Nothing tells what it changed: no copy of anything counts any longer.
    let mut changed = Changed::default();
    for subject in Subject::ALL {
        changed.note(subject);
    }
    app.db.epochs().advance(changed);
    done
}

/// The number that a query of the test's database returns.
pub async fn number(app: &App, sql: &str) -> i64 {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    // Taken as the server takes it, so that no deadline of an earlier request is left on it.
    match &mut app.db.read().await.expect("a connection") {
        Conn::Sqlite(conn) => sqlx::query_scalar(sql).fetch_one(&mut **conn).await,
        Conn::Postgres(conn) => sqlx::query_scalar(sql).fetch_one(&mut **conn).await,
    }
    .expect("a number")
}

/// Adds a trigger at `what` (`BEFORE UPDATE ON outbox`) that runs another statement: on each engine
/// its own, for what only a fault or another server could cause.
pub async fn interfere(app: &App, what: &str, sqlite: &str, postgres: &str) {
    if let Db::Postgres(_) = &app.db {
        let function = format!(
            "CREATE FUNCTION interfere() RETURNS TRIGGER LANGUAGE plpgsql AS
             $$ BEGIN {postgres}; RETURN NEW; END $$"
        );
        execute(app, &function).await;
        let trigger =
            format!("CREATE TRIGGER interfere {what} FOR EACH ROW EXECUTE FUNCTION interfere()");
        execute(app, &trigger).await;
    } else {
        let trigger = format!("CREATE TRIGGER interfere {what} BEGIN {sqlite}; END");
        execute(app, &trigger).await;
    }
}
