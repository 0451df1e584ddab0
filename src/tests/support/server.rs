//! A server within the test's own process.

use crate::support::{Client, fresh_database, fresh_file, unique};
use axum::Router;
use axum::http::{Method, StatusCode};
use guildhall::accounts::{NewUser, Role, User, create_user};
use guildhall::clock::Clock;
use guildhall::server::config::{Config, DatabaseConfig, LimitsConfig, LogConfig};
use guildhall::server::db::StatementLimit;
use guildhall::server::{App, Db, logs, router};
use leptos::config::{Env, LeptosOptions};
use serde_json::json;
use std::path::PathBuf;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

/// The password of everybody in the tests.
pub const PASSWORD: &str = "violet-anchor-tide";

const HASHES: &str = "hash.txt";
const MAILS: &str = "mails";

/// The hashes in the names of the script, the module and the stylesheet.
const NAMED: &str = "js: 0\nwasm: 1\ncss: 2\n";

/// The part of a release build that a server finds.
#[derive(PartialEq, Eq)]
enum Built {
    Nothing,
    Files,
    Production,
}

/// A server with an empty, migrated database of its own. Its clock stands still until moved.
pub struct TestServer {
    pub app: App,
    router: Router,
    people: AtomicU32,
    folder: PathBuf,
}

impl TestServer {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// The same, with the configuration changed first.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = fresh_folder();
        let database = fresh_database(&folder).await;
        Self::start_in(folder, database, change, Built::Nothing)
    }

    /// On SQLite, also where the tests run on PostgreSQL: for what only SQLite does.
    pub async fn start_on_sqlite() -> Self {
        Self::start_on_sqlite_with(|_| {}).await
    }

    pub async fn start_on_sqlite_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = fresh_folder();
        let database = fresh_file(&folder).await;
        Self::start_in(folder, database, change, Built::Nothing)
    }

    /// As it is run for real: pages for visitors are kept.
    pub async fn start_in_production() -> Self {
        Self::start_in_production_with(|_| {}).await
    }

    pub async fn start_in_production_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = fresh_folder();
        std::fs::write(folder.join(HASHES), NAMED).expect("a file");
        let database = fresh_database(&folder).await;
        Self::start_in(folder, database, change, Built::Production)
    }

    /// With these files in `public/` when it starts, as a release build finds them.
    pub async fn start_with_files(files: &[(&str, &str)]) -> Self {
        let folder = fresh_folder();
        for (name, content) in files {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().expect("in the folder")).expect("a folder");
            std::fs::write(path, content).expect("a file");
        }
        // Leptos looks here for what the script and the module are called.
        std::fs::write(folder.join(HASHES), NAMED).expect("a file");
        let database = fresh_database(&folder).await;
        Self::start_in(folder, database, |_| {}, Built::Files)
    }

    fn start_in(
        folder: PathBuf,
        database: DatabaseConfig,
        change: impl FnOnce(&mut Config),
        built: Built,
    ) -> Self {
        log_somewhere();
        let mut config = Config {
            database,
            ..Default::default()
        };
        config.mail.folder = folder.join(MAILS).display().to_string();
        config.accounts.token_secret = "a secret for tests, long enough".repeat(2);
        config.trials.name_key = "a key for names, long enough for it".repeat(2);
        // The clock stands still, so that no bucket would ever fill again.
        config.limits = LimitsConfig::NONE;
        // A breaker goes by the real time, in which a test tries many times at once.
        config.outbound.breaker_failures = 1_000;
        config.outbound.retries_percent = 100;
        change(&mut config);
        let limit = StatementLimit::Within(config.server.request_timeout());
        let db = Db::open(&config.database, limit).expect("opens");
        let leptos = LeptosOptions::builder()
            .output_name("guildhall")
            .site_root(folder.display().to_string())
            .hash_files(built != Built::Nothing)
            .env(match built {
                Built::Production => Env::PROD,
                _ => Env::DEV,
            })
            .hash_file(folder.join(HASHES).display().to_string().into())
            .build();
        let now = Clock::System.now();
        let app = App::new(config, leptos, db, Clock::fixed(now));
        let router = router(app.clone());
        Self {
            app,
            router,
            people: AtomicU32::new(0),
            folder,
        }
    }

    /// A client of the same server with more routes, such as one that waits.
    pub fn client_with(&self, more: Router<App>) -> Client {
        Client::new(guildhall::server::router_with(self.app.clone(), more))
    }

    /// The folder of the built files.
    pub fn site_root(&self) -> &std::path::Path {
        &self.folder
    }

    /// The folder of the mails that were sent.
    pub fn mails(&self) -> PathBuf {
        self.folder.join(MAILS)
    }

    /// Somebody in a browser who is not signed in.
    pub fn visitor(&self) -> Client {
        Client::new(self.router.clone())
    }

    /// Makes an account: the first customer is `customer1@example.com`, and so on.
    pub async fn person(&self, role: Role) -> User {
        let number = self.people.fetch_add(1, Ordering::SeqCst) + 1;
        let word = role.as_str();
        let input = NewUser {
            name: format!("{} {number}", role.label()),
            email: format!("{word}{number}@example.com"),
            password: PASSWORD.to_owned(),
            role: word.to_owned(),
        };
        create_user(&self.app, input).await.expect("an account")
    }

    /// Somebody new with this role, signed in in a browser.
    pub async fn signed_in(&self, role: Role) -> Client {
        let user = self.person(role).await;
        self.sign_in(&user).await
    }

    /// This person in a browser of their own.
    pub async fn sign_in(&self, user: &User) -> Client {
        let mut client = self.visitor();
        let answer = client
            .post("/login", &[("email", &user.email), ("password", PASSWORD)])
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        client.user = Some(user.clone());
        client
    }

    /// A program with an access token of somebody new with this role.
    pub async fn program(&self, role: Role) -> Client {
        let user = self.person(role).await;
        self.program_of(&user).await
    }

    /// A program with an access token of this person.
    pub async fn program_of(&self, user: &User) -> Client {
        let mut client = self.visitor();
        let body = json!({ "email": user.email, "password": PASSWORD });
        let answer = client
            .send_json(Method::POST, "/api/v1/auth/login", body)
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        client.token = answer.data()["access_token"].as_str().map(str::to_owned);
        client.cookies.clear();
        client.user = Some(user.clone());
        client
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        // Left behind only where the system holds on to it; it is in the temporary folder.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Logs of all threads, written nowhere. Without them a test that reads a log of its own can miss lines: `tracing`
/// asks who wants an event when it first happens, and while there is one log it asks that of the thread the event
/// happens on. If that is another test's, where nobody listens, the event stays switched off for all threads.
fn log_somewhere() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        logs::start(&LogConfig::default(), None, std::io::sink).expect("a filter");
    });
}

fn fresh_folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("guildhall-test-{}", unique()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    folder
}

/// An app on a database that exists already.
pub fn app_on(config: Config) -> App {
    let db = Db::open(&config.database, StatementLimit::None).expect("opens");
    let leptos = LeptosOptions::builder().output_name("guildhall").build();
    App::new(config, leptos, db, Clock::System)
}

/// Another server on the same database, beside the first or after a restart.
pub fn another(app: &App) -> App {
    let limit = StatementLimit::Within(app.config.server.request_timeout());
    let db = Db::open(&app.config.database, limit).expect("opens");
    App::new(
        app.config.clone(),
        app.leptos.clone(),
        db,
        app.clock.clone(),
    )
}
