//! The program itself, in a process of its own: how it starts, bounds slow clients, and stops.

use crate::support::eventually::eventually;
use crate::support::process::{Folder, Server, program, read_all, run, text};
use crate::support::{app_on, fresh_database, interfere, on_postgres};
use guildhall::server::config::{Config, DatabaseConfig};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::process::Output;
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_request_in_flight_gets_its_whole_answer_when_the_server_stops() {
    for signal in ["TERM", "INT"] {
        let variables = [
            ("GUILDHALL_SERVER_REQUEST_TIMEOUT_SECONDS", "60"),
            ("GUILDHALL_SERVER_SHUTDOWN_TIMEOUT_SECONDS", "60"),
        ];
        let mut server = Server::start(&variables).await;
        let body = r#"{"email":"a@example.com","password":"whatever it is"}"#;
        let (first, second) = body.split_at(20);
        let mut client = server.connect();
        let head = format!(
            "POST /api/v1/auth/login HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             content-type: application/json\r\nexpect: 100-continue\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        client.write_all(head.as_bytes()).expect("sends");
        // Sent when the body is about to be read: from here on the request is in flight.
        let go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        let mut said = vec![0; go_on.len()];
        client.read_exact(&mut said).expect("is told to go on");
        assert_eq!(text(&said), go_on);
        client.write_all(first.as_bytes()).expect("sends");
        server.signal(signal);
        eventually(async || match TcpStream::connect(server.address) {
            Ok(_) => Err("somebody new is still let in"),
            Err(_) => Ok(()),
        })
        .await;
        client.write_all(second.as_bytes()).expect("sends the rest");
        let answer = read_all(&mut client);
        assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
        assert!(answer.ends_with('}'), "whole: {answer}");
        assert_eq!(server.exit_code().await, Some(0), "{signal}");
    }
}

/// As `cargo leptos watch` starts it.
#[tokio::test]
async fn without_arguments_the_program_serves() {
    let server = Server::start_by(&[], &[]).await;
    let mut client = server.connect();
    let request = "GET /api/health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    client.write_all(request.as_bytes()).expect("sends");
    let answer = read_all(&mut client);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn a_client_slow_with_its_headers_is_cut_off() {
    let server = Server::start(&[("GUILDHALL_SERVER_HEADER_TIMEOUT_SECONDS", "1")]).await;
    // The beginning of a request, nothing at all, and what HTTP/2 begins with.
    for said in ["GET /livez HTTP/1.1\r\nhost: loc", "", "PRI * HT"] {
        // By default it would be ten seconds. A busy machine may hold up one try, and not each.
        eventually(async || {
            let started = Instant::now();
            let mut client = server.connect();
            client.write_all(said.as_bytes()).expect("sends");
            // Closed with or without a word; what counts is that it is closed.
            let mut rest = Vec::new();
            let _ = client.read_to_end(&mut rest);
            let waited = started.elapsed();
            assert!(waited > Duration::from_millis(500), "{said:?}: {waited:?}");
            match waited < Duration::from_secs(10) {
                true => Ok(()),
                false => Err(format!("{said:?}: {waited:?}")),
            }
        })
        .await;
    }
}

#[tokio::test]
async fn headers_without_end_are_refused_with_431() {
    let server = Server::start(&[]).await;
    let mut client = server.connect();
    let many: String = (0..300)
        .map(|number| format!("x-{number}: y\r\n"))
        .collect();
    let request = format!("GET /livez HTTP/1.1\r\nhost: localhost\r\n{many}\r\n");
    client.write_all(request.as_bytes()).expect("sends");
    let answer = read_all(&mut client);
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[test]
fn a_bad_setting_stops_the_start_and_says_why() {
    let folder = Folder::new();
    let variables = [("GUILDHALL_SERVER_REQUEST_TIMEOUT_SECONDS", "soon")];
    let output = run(&folder, &variables, &["serve"]);
    assert!(!output.status.success());
    let said = text(&output.stderr);
    assert!(
        said.contains("GUILDHALL_SERVER_REQUEST_TIMEOUT_SECONDS must be a whole number"),
        "{said}"
    );
    let output = run(&folder, &[("DATABASE_URL", "mysql://x")], &["migrate"]);
    assert!(text(&output.stderr).contains("DATABASE_URL must begin with sqlite: or postgres://"));
}

#[test]
fn the_api_describes_itself() {
    let folder = Folder::new();
    let output = run(&folder, &[], &["openapi"]);
    let description: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    for path in ["/api/v1/auth/login", "/api/v1/me", "/api/v1/users/{id}"] {
        assert!(description["paths"][path].is_object(), "{path}");
    }
    let outbox = &description["components"]["schemas"]["OutboxReport"]["properties"];
    for figure in ["undispatched", "overdue", "overdue_seconds", "dead"] {
        assert!(outbox[figure].is_object(), "{figure}");
    }
}

#[tokio::test]
async fn people_are_made_and_the_schema_managed_from_the_command_line() {
    let folder = Folder::new();
    let database = fresh_database(&folder.0).await.url;
    let variables = [
        ("DATABASE_URL", database.as_str()),
        ("GUILDHALL_PASSWORD", "copper-lantern-71"),
    ];
    let create = [
        "user",
        "create",
        "--role",
        "staff",
        "--email",
        "kim@example.com",
        "--name",
        "Kim",
    ];
    let output = run(&folder, &variables, &create);
    assert_eq!(
        text(&output.stdout),
        "Kim <kim@example.com> is staff\n",
        "{}",
        text(&output.stderr)
    );
    let again = run(&folder, &variables, &create);
    assert!(!again.status.success());
    assert!(
        text(&again.stderr).contains("already an account"),
        "{}",
        text(&again.stderr)
    );
    assert!(text(&run(&folder, &variables, &["migrate", "down"]).stdout).contains("pending"));
    assert!(!text(&run(&folder, &variables, &["migrate", "up"]).stdout).contains("pending"));
}

/// Makes every cancellation of an order fail.
async fn hold_fast_to_orders(database: &str) {
    let app = app_on(Config {
        database: DatabaseConfig {
            url: database.to_owned(),
            ..Default::default()
        },
        ..Default::default()
    });
    let (sqlite, postgres) = (
        "SELECT RAISE(ABORT, 'a fault') WHERE NEW.kind = 'cancelled'",
        "IF NEW.kind = 'cancelled' THEN RAISE EXCEPTION 'a fault'; END IF",
    );
    interfere(&app, "BEFORE INSERT ON order_events", sqlite, postgres).await;
    app.db.close().await;
}

/// A running server with an admin, for duels.
struct Ring {
    folder: Folder,
    database: String,
    server: Server,
}

const KIM: [(&str, &str); 1] = [("GUILDHALL_PASSWORD", "copper-lantern-71")];

impl Ring {
    async fn open() -> Self {
        let folder = Folder::new();
        let database = fresh_database(&folder.0).await.url;
        let variables = [KIM[0], ("DATABASE_URL", database.as_str())];
        let create = [
            "user",
            "create",
            "--role",
            "admin",
            "--email",
            "kim@example.com",
            "--name",
            "Kim",
        ];
        assert!(run(&folder, &variables, &create).status.success());
        let server = Server::start_on(&database, &[]).await;
        Self {
            folder,
            database,
            server,
        }
    }

    fn duel(&self, password: &[(&str, &str)], buyers: &str) -> Output {
        let url = format!("http://{}", self.server.address);
        let arguments = [
            "duel",
            "--url",
            &url,
            "--email",
            "kim@example.com",
            "--buyers",
            buyers,
            "--stock",
            "7",
        ];
        run(&self.folder, password, &arguments)
    }
}

#[tokio::test]
async fn a_duel_is_fought_and_judged() {
    let ring = Ring::open().await;
    let output = ring.duel(&KIM, "20");
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    assert!(
        said.contains("orders      7") && said.contains("sold out    13"),
        "{said}"
    );
    assert!(said.contains("Nothing was sold twice"), "{said}");
    let variables = [("DATABASE_URL", ring.database.as_str())];
    let verified = run(&ring.folder, &variables, &["verify", "orders"]);
    assert!(verified.status.success(), "{}", text(&verified.stderr));
    let refused = ring.duel(&[("GUILDHALL_PASSWORD", "wrong")], "20");
    assert!(
        text(&refused.stderr).contains("cannot sign in"),
        "{}",
        text(&refused.stderr)
    );
}

#[tokio::test]
async fn a_failed_cleanup_does_not_hide_the_verdict_of_a_duel() {
    let ring = Ring::open().await;
    hold_fast_to_orders(&ring.database).await;
    let output = ring.duel(&KIM, "8");
    let (said, complained) = (text(&output.stdout), text(&output.stderr));
    assert!(
        said.contains("orders      7") && said.contains("Nothing was sold twice"),
        "{said}{complained}"
    );
    assert!(!output.status.success());
    assert!(
        complained.contains("Not everything could be put away"),
        "{complained}"
    );
}

#[tokio::test]
async fn development_keeps_the_secret_it_makes_up() {
    let server = Server::start(&[]).await;
    let folder = if on_postgres() { "data" } else { "." };
    let kept = server.folder.0.join(folder).join("token_secret");
    let secret = std::fs::read_to_string(&kept).expect("is there");
    assert_eq!(secret.trim().len(), 64);
    let mode = std::fs::metadata(&kept).expect("is there").permissions();
    assert_eq!(mode.mode() & 0o777, 0o600, "for its owner alone");
}

/// The built files that every page names; the first holds the names of the others.
const BUILT: [&str; 5] = [
    "hash.txt",
    "favicon.svg",
    "pkg/guildhall.2.css",
    "pkg/guildhall.0.js",
    "pkg/guildhall.1.wasm",
];

/// The output of the program that `bin/run` starts, with what is in `folder` to serve from.
fn said_at_the_start(folder: &Folder, hash_files: bool, address: &str) -> String {
    let path = |name: &str| folder.0.join(name).display().to_string();
    let variables = [
        ("DATABASE_URL", format!("sqlite:{}", path("shop.db"))),
        ("LEPTOS_HASH_FILES", hash_files.to_string()),
        ("LEPTOS_HASH_FILE", path("hash.txt")),
        ("LEPTOS_SITE_ROOT", path("")),
        ("LEPTOS_SITE_ADDR", address.to_owned()),
    ];
    let output = program(folder, &[])
        .envs(variables)
        .arg("serve")
        .output()
        .expect("the program runs");
    assert!(!output.status.success(), "somebody else listens there");
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_start_without_a_file_that_every_page_names_is_refused() {
    let folder = Folder::new();
    std::fs::create_dir_all(folder.0.join("pkg")).expect("a folder");
    for file in BUILT {
        std::fs::write(folder.0.join(file), "js: 0\nwasm: 1\ncss: 2\n").expect("a file");
    }
    // Taken: a program that gets as far as to listen says so, and stops.
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("an address").to_string();
    let said = said_at_the_start(&folder, true, &address);
    assert!(said.contains("cannot listen"), "all is there: {said}");
    for file in BUILT {
        let aside = folder.0.join("aside");
        let path = folder.0.join(file);
        std::fs::rename(&path, &aside).expect("moves");
        let said = said_at_the_start(&folder, true, &address);
        let path_said = path.display().to_string();
        assert!(said.contains(&path_said), "{file} is missing: {said}");
        assert!(said.contains("bin/run builds it"), "{said}");
        assert!(!said.contains("cannot listen"), "{said}");
        std::fs::rename(&aside, &path).expect("moves back");
    }
    // Another build's names: these files are of no use to its pages.
    std::fs::write(folder.0.join("hash.txt"), "js: 0\nwasm: 1\ncss: 3\n").expect("a file");
    let said = said_at_the_start(&folder, true, &address);
    assert!(said.contains("guildhall.3.css"), "{said}");
}

/// As `cargo run` starts it, where nothing was built for browsers. A release refuses.
#[cfg(debug_assertions)]
#[test]
fn a_debug_build_says_that_its_pages_are_bare_and_serves() {
    let folder = Folder::new();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("an address").to_string();
    let said = said_at_the_start(&folder, false, &address);
    for told in [
        "guildhall.css",
        "guildhall.js",
        "guildhall.wasm",
        "cannot listen",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
}
