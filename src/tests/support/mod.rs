//! A server for one test, and the clients that talk to it.

pub mod company;
pub mod described;
pub mod events_shop;
pub mod eventually;
pub mod page_parts;
pub mod process;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use guildhall::accounts::{NewUser, Role, User, create_user};
use guildhall::clock::Clock;
use guildhall::server::config::{Config, DatabaseConfig, LimitsConfig};
use guildhall::server::db::StatementLimit;
use guildhall::server::{App, Conn, Db, migrations, router};
use http_body_util::BodyExt;
use leptos::config::LeptosOptions;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::OnceCell;
use tower::ServiceExt;

/// The password of everybody in the tests.
pub const PASSWORD: &str = "violet-anchor-tide";

const HASHES: &str = "hash.txt";

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
        Self::start_in(fresh_folder(), change, false).await
    }

    /// The same, with these files in `public/` when it starts, as a release build finds them.
    pub async fn start_with_files(files: &[(&str, &str)]) -> Self {
        let folder = fresh_folder();
        for (name, content) in files {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().expect("in the folder")).expect("a folder");
            std::fs::write(path, content).expect("a file");
        }
        // Leptos looks here for what the script and the module are called.
        std::fs::write(folder.join(HASHES), "js: 0\nwasm: 1\ncss: 2\n").expect("a file");
        Self::start_in(folder, |_| {}, true).await
    }

    async fn start_in(folder: PathBuf, change: impl FnOnce(&mut Config), hash_files: bool) -> Self {
        let mut config = Config {
            database: fresh_database(&folder).await,
            ..Default::default()
        };
        config.accounts.token_secret = "a secret for tests, long enough".repeat(2);
        // The clock stands still, so that no bucket would ever fill again.
        config.limits = LimitsConfig::NONE;
        change(&mut config);
        let limit = StatementLimit::Within(config.server.request_timeout());
        let db = Db::open(&config.database, limit).expect("opens");
        let leptos = LeptosOptions::builder()
            .output_name("guildhall")
            .site_root(folder.display().to_string())
            .hash_files(hash_files)
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

    /// The same server with more routes, for what no route of ours can be held up in.
    pub fn client_with(&self, more: Router<App>) -> Client {
        Client::new(guildhall::server::router_with(self.app.clone(), more))
    }

    /// Where the built files would be.
    pub fn site_root(&self) -> &std::path::Path {
        &self.folder
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

/// A browser with its cookies, or a program with its token.
#[derive(Clone)]
pub struct Client {
    router: Router,
    pub cookies: BTreeMap<String, String>,
    pub token: Option<String>,
    /// Whose client it is.
    pub user: Option<User>,
    /// The page the next request is made from.
    pub referer: Option<String>,
}

impl Client {
    /// Somebody new before this router.
    pub fn new(router: Router) -> Self {
        Self {
            router,
            cookies: BTreeMap::new(),
            token: None,
            user: None,
            referer: None,
        }
    }

    pub fn id(&self) -> i64 {
        self.user.as_ref().expect("somebody signed in").id
    }

    /// Opens a page, as a browser does.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[("accept", "text/html")], Body::empty())
            .await
    }

    /// Opens a page and expects to see it.
    pub async fn page(&mut self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "GET {path}: {}", answer.body);
        answer.body
    }

    /// Sends a form, as a browser without script does.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let headers = [
            ("accept", "text/html"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
        ];
        self.send(Method::POST, path, &headers, Body::from(body))
            .await
    }

    /// Asks the JSON API.
    pub async fn api(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[("accept", "*/*")], Body::empty())
            .await
    }

    /// Sends JSON to the API.
    pub async fn send_json(&mut self, method: Method, path: &str, body: Value) -> Answer {
        let headers = [
            ("accept", "application/json"),
            ("content-type", "application/json"),
            ("sec-fetch-site", "same-origin"),
        ];
        self.send(method, path, &headers, Body::from(body.to_string()))
            .await
    }

    /// Any request at all. Cookies and token go along, and cookies that come back are kept.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method.clone())
            .uri(path)
            .header("host", "guildhall.test");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(page) = &self.referer {
            request = request.header(header::REFERER, format!("http://guildhall.test{page}"));
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        let request = request.body(body).expect("a request");
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("an answer");
        let (parts, body) = response.into_parts();
        self.keep_cookies(&parts.headers);
        let bytes = body.collect().await.expect("a body").to_bytes();
        let answer = Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        };
        described::check(&method, path, &answer);
        answer
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("a cookie");
            let (name, rest) = cookie.split_once('=').expect("name and value");
            let value = rest.split(';').next().unwrap_or_default();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("a readable header"))
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    /// The `data` of the JSON API's envelope.
    pub fn data(&self) -> Value {
        let json = self.json();
        assert_eq!(json["code"], 0, "{json}");
        json["data"].clone()
    }

    /// The `code` of a refusal.
    pub fn code(&self) -> i64 {
        self.json()["code"].as_i64().expect("a code")
    }
}

/// The cookie with this name that the answer sets, with its attributes.
pub fn cookie_of(answer: &Answer, name: &str) -> Option<String> {
    let prefix = format!("{name}=");
    let mut cookies = answer.headers.get_all(header::SET_COOKIE).iter();
    let found = cookies.find(|cookie| cookie.as_bytes().starts_with(prefix.as_bytes()))?;
    Some(found.to_str().expect("a readable cookie").to_owned())
}

fn fresh_folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("guildhall-test-{}", unique()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    folder
}

/// A name nobody else has, in this process or another.
pub fn unique() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!(
        "{}_{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::SeqCst)
    )
}

/// Whether the tests run on PostgreSQL.
pub fn on_postgres() -> bool {
    postgres_server().is_some()
}

/// The server that `TEST_DATABASE_URL` names.
pub fn postgres_server() -> Option<String> {
    std::env::var("TEST_DATABASE_URL")
        .ok()
        .filter(|url| url.starts_with("postgres"))
}

/// A copy of the template: migrating anew for every test would take most of the time.
pub async fn fresh_database(folder: &std::path::Path) -> DatabaseConfig {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let template = TEMPLATE.get_or_init(make_template).await;
    let url = match postgres_server() {
        Some(server) => {
            let name = format!("test_{}", unique());
            run_on(
                &server,
                &format!("CREATE DATABASE {name} TEMPLATE {template}"),
            )
            .await;
            in_database(&server, &name)
        }
        None => {
            let file = folder.join("test.db");
            std::fs::copy(template, &file).expect("a copy of the template");
            format!("sqlite:{}", file.display())
        }
    };
    DatabaseConfig {
        url,
        max_connections: 4,
        // On a busy machine the tests of a moment wait for each other longer than people should.
        acquire_timeout_seconds: 8,
        ..Default::default()
    }
}

async fn make_template() -> String {
    let mut config = DatabaseConfig::default();
    let name = format!("template_{}", unique());
    let result = match postgres_server() {
        Some(server) => {
            run_on(&server, &format!("CREATE DATABASE {name}")).await;
            config.url = in_database(&server, &name);
            name
        }
        None => {
            let file = std::env::temp_dir().join(format!("guildhall-{name}.db"));
            config.url = format!("sqlite:{}", file.display());
            file.display().to_string()
        }
    };
    let db = Db::open(&config, StatementLimit::None).expect("opens");
    migrations::up(&db, &config).await.expect("migrates");
    db.close().await;
    result
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
    sqlx::query(sql).execute(pool).await.expect("a database");
    db.close().await;
}

/// Another server's view of a database that is there already.
pub fn app_on(config: Config) -> App {
    let db = Db::open(&config.database, StatementLimit::None).expect("opens");
    let leptos = LeptosOptions::builder().output_name("guildhall").build();
    App::new(config, leptos, db, Clock::System)
}

/// Another server on the same database, as beside the first or after a restart.
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

/// Runs one statement on the test's database, for what no page or API can do.
pub async fn execute(app: &App, sql: &str) {
    try_execute(app, sql).await.expect("the statement runs");
}

/// The same, where it may be refused. It takes as long as it takes, whatever a request's may: what a
/// test begins with must not depend on how busy the machine is.
pub async fn try_execute(app: &App, sql: &str) -> sqlx::Result<()> {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    match &app.db {
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
    }
}

/// The one number that a query of the test's database gives.
pub async fn number(app: &App, sql: &str) -> i64 {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    // Taken as the server takes it, so that no deadline of a request before is left on it.
    match &mut app.db.read().await.expect("a connection") {
        Conn::Sqlite(conn) => sqlx::query_scalar(sql).fetch_one(&mut **conn).await,
        Conn::Postgres(conn) => sqlx::query_scalar(sql).fetch_one(&mut **conn).await,
    }
    .expect("a number")
}

/// Has something else happen where the database does `what` (`BEFORE UPDATE ON outbox`): on each engine
/// by its own statement, for what only a fault or another server could bring about.
pub async fn interfere(app: &App, what: &str, sqlite: &str, postgres: &str) {
    if on_postgres() {
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
