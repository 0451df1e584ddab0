//! Settings read again by a running server, at SIGHUP.

use crate::support::eventually::eventually;
use crate::support::fresh_database;
use crate::support::process::{Folder, Server, program, read_all};
use std::fs::{self, File};
use std::io::Write;

const SHOP: &str = "https://shop.example";

/// A server whose log is in the file `log`, and whose settings are in `Leptos.toml` and `.env` beside it.
struct Reloaded(Server);

impl Reloaded {
    async fn start(variables: &[(&str, &str)]) -> Self {
        let folder = Folder::new();
        let database = fresh_database(&folder.0).await.url;
        let mut command = program(&folder, variables);
        let log = File::create(folder.0.join("log")).expect("a file");
        command.arg("serve").stderr(log);
        Self(Server::start_as(folder, &database, command).await)
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.0.folder.0.join(file), text).expect("a file");
    }

    /// Has the server read its settings, and waits for a line of its log that holds all these words.
    async fn reload(&self, words: &[&str]) {
        // Only what is logged from here on.
        let before = self.log().len();
        self.0.signal("HUP");
        eventually(async || {
            let log = self.log().split_off(before);
            let told = log
                .lines()
                .any(|line| words.iter().all(|word| line.contains(word)));
            told.then_some(()).ok_or(log)
        })
        .await;
    }

    fn log(&self) -> String {
        fs::read_to_string(self.0.folder.0.join("log")).expect("a log")
    }

    /// The answer to a script from `SHOP`.
    fn get(&self, path: &str) -> String {
        let mut stream = self.0.connect();
        let ask = format!(
            "GET {path} HTTP/1.1\r\nhost: localhost\r\norigin: {SHOP}\r\nconnection: close\r\n\r\n"
        );
        stream.write_all(ask.as_bytes()).expect("sends");
        read_all(&mut stream)
    }

    /// Returns true if a script from `SHOP` may read answers of the API.
    fn is_open(&self) -> bool {
        let answer = self.get("/api/v1/products");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        answer.contains("access-control-allow-origin")
    }
}

#[tokio::test]
async fn what_is_safe_counts_at_once_and_the_rest_is_named() {
    let server = Reloaded::start(&[("GUILDHALL_MAIL_MOST_PER_DAY", "9")]).await;
    assert!(!server.is_open());
    server.reload(&["as they were"]).await;
    let file = format!("[cors]\norigins = [\"{SHOP}\"]\n[server]\nmax_connections = 77\n");
    server.write("Leptos.toml", &file);
    server.reload(&["Settings changed", "cors.origins"]).await;
    assert!(server.is_open());
    server
        .reload(&["wait for a restart", "server.max_connections"])
        .await;
    // What the process was given counts before the file.
    server.write(
        ".env",
        "GUILDHALL_MAIL_MOST_PER_DAY=3\nGUILDHALL_LOG_FILTER=debug\nGUILDHALL_ORDERS_EXPRESS_FEE=1\n",
    );
    server
        .reload(&["Settings changed", "\"log.filter, orders.express_fee\""])
        .await;
    server.is_open();
    eventually(async || {
        let log = server.log();
        log.contains("DEBUG").then_some(()).ok_or(log)
    })
    .await;
}

#[tokio::test]
async fn the_number_in_progress_is_bounded_anew_at_once() {
    let variables = [("GUILDHALL_SERVER_REQUEST_TIMEOUT_SECONDS", "600")];
    let server = Reloaded::start(&variables).await;
    // A form whose end never comes has its place.
    let mut unfinished = server.0.connect();
    let head = "POST /login HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\
                content-type: application/x-www-form-urlencoded\r\n\r\nemail=";
    unfinished.write_all(head.as_bytes()).expect("sends");
    let is_told = async |status: &str| {
        eventually(async || {
            let answer = server.get("/login");
            let status = format!("HTTP/1.1 {status}");
            answer.starts_with(&status).then_some(()).ok_or(answer)
        })
        .await;
    };
    is_told("200").await;
    let limits = |text: &str| server.write("Leptos.toml", &format!("[limits]\n{text}\n"));
    limits("requests_in_progress = 1");
    server
        .reload(&["Settings changed", "limits.requests_in_progress"])
        .await;
    is_told("503").await;
    limits("latency_milliseconds = 400");
    let changed = "limits.latency_milliseconds, limits.requests_in_progress";
    server.reload(&["Settings changed", changed]).await;
    is_told("200").await;
}

#[tokio::test]
async fn a_file_with_a_mistake_changes_nothing_and_says_why() {
    let server = Reloaded::start(&[("GUILDHALL_CORS_ORIGINS", SHOP)]).await;
    assert!(server.is_open());
    let key = "there is no key wrong in [cors]";
    let value = "limits.writes_per_staff must not be less";
    for (file, text, fault) in [
        ("Leptos.toml", "[cors]\nwrong = 1\n", key),
        ("Leptos.toml", "[limits]\nwrites_per_staff = 1\n", value),
        (
            "Leptos.toml",
            "[log]\nfilter = \"sqlx=loud\"\n",
            "log.filter",
        ),
        ("Leptos.toml", "[cors\n", "is not TOML"),
    ] {
        server.write(file, text);
        server.reload(&["stay as they are", fault]).await;
        assert!(server.is_open(), "{text}");
    }
    fs::remove_file(server.0.folder.0.join("Leptos.toml")).expect("a file");
    server
        .reload(&["stay as they are", "cannot read Leptos.toml"])
        .await;
    server.write("Leptos.toml", "");
    assert!(server.is_open());
    // Nor does the log quote a line, which may hold a secret.
    for (file, text) in [
        (".env", "GUILDHALL_ACCOUNTS_TOKEN_SECRET='violet anchor\n"),
        (
            "Leptos.toml",
            "[accounts]\ntoken_secret = \"violet anchor\n",
        ),
        (
            "Leptos.toml",
            "[accounts]\ntoken_secret = [\"violet anchor\"]\n",
        ),
    ] {
        server.write(file, text);
        server.reload(&["stay as they are", file]).await;
        server.write(file, "");
    }
    assert!(!server.log().contains("violet"), "{}", server.log());
}
