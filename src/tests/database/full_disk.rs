//! A disk that is full or fails, under a database in a file: refused with words, and fine afterwards.

use crate::support::eventually::eventually;
use crate::support::process::{Folder, PROGRAM, Server, program, read_all, run};
use crate::support::{Answer, Client, TestServer, execute, fresh_file, interfere, unique};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use guildhall::server::Db;
use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

/// A small file system of its own, where the user may mount one.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = std::env::temp_dir().join(format!("guildhall-disk-{}", unique()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"])
            .arg(&folder)
            .output()
            .is_ok_and(|output| output.status.success());
        mounted.then_some(Self(folder))
    }

    /// Takes all the room that is left.
    fn fill(&self) {
        let mut file = std::fs::File::create(self.filler()).expect("a file");
        for size in [1 << 16, 1 << 12, 1] {
            while file.write_all(&vec![b'x'; size]).is_ok() {}
        }
    }

    fn empty(&self) {
        std::fs::remove_file(self.filler()).expect("a file to remove");
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily, as the server's connections close a little later. What is left is in memory only.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
        let _ = std::fs::remove_dir(&self.0);
    }
}

/// A write by itself, and one that shares its commit with others.
async fn write_alone(staff: &mut Client) -> Answer {
    let body = json!({ "name": format!("Board {}", unique()) });
    staff.send_json(Method::POST, "/api/v1/boards", body).await
}

async fn write_grouped(staff: &mut Client, user: i64) -> Answer {
    let path = format!("/api/v1/users/{user}/top-up");
    let body = json!({ "amount": 1, "memo": "cash" });
    staff.send_json(Method::POST, &path, body).await
}

/// Polls until the answer has this status: a verdict stands for a moment.
async fn until(probe: &mut Client, path: &str, status: StatusCode) -> Answer {
    let answer = eventually(async || {
        let answer = probe.api(path).await;
        match answer.status == status {
            true => Ok(answer),
            false => Err(format!("{path}: {}", answer.body)),
        }
    });
    answer.await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_fills_and_is_emptied() {
    let Some(disk) = SmallDisk::mount() else {
        eprintln!(
            "left out: nothing can be mounted here; the next test has a file that may not grow"
        );
        return;
    };
    let server = TestServer::start_on_sqlite_with(|config| {
        let on_disk = disk.0.join("test.db");
        let (_, made) = config.database.url.split_once(':').expect("sqlite:PATH");
        std::fs::copy(made, &on_disk).expect("fits");
        config.database.url = format!("sqlite:{}", on_disk.display());
    })
    .await;
    let mut staff = server.program(Role::Staff).await;
    let customer = server.person(Role::Customer).await.id;
    let mut probe = server.visitor();

    for _ in 0..2 {
        disk.fill();
        // What the log of writes had room for already may still succeed.
        let mut tries = 0..5_000;
        while tries.next().is_some() && write_alone(&mut staff).await.status == StatusCode::CREATED
        {
        }
        for answer in [
            write_alone(&mut staff).await,
            write_grouped(&mut staff, customer).await,
        ] {
            assert_eq!(
                answer.status,
                StatusCode::SERVICE_UNAVAILABLE,
                "{}",
                answer.body
            );
            assert!(answer.body.contains("no room left"), "{}", answer.body);
        }
        let away = StatusCode::SERVICE_UNAVAILABLE;
        let health = until(&mut probe, "/api/health", away).await;
        assert_eq!(
            health.json(),
            json!({ "status": "degraded", "database": "read-only" })
        );
        assert_eq!(
            until(&mut probe, "/readyz", away).await.body,
            "database read-only"
        );
        assert_eq!(
            staff.api("/api/v1/boards").await.status,
            StatusCode::OK,
            "can be read"
        );

        disk.empty();
        for answer in [
            write_alone(&mut staff).await,
            write_grouped(&mut staff, customer).await,
        ] {
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        }
        until(&mut probe, "/readyz", StatusCode::OK).await;
        until(&mut probe, "/api/health", StatusCode::OK).await;
    }
}

/// On PostgreSQL the disk is another machine's: a trigger raises the server's error.
#[tokio::test]
async fn a_database_without_room_says_so_and_goes_on_when_there_is_some() {
    let server = TestServer::start().await;
    let app = &server.app;
    let mut staff = server.program(Role::Staff).await;
    let on_sqlite = matches!(app.db, Db::Sqlite { .. });
    for (code, words) in [("53100", "no room left"), ("58030", "cannot use its disk")] {
        match on_sqlite {
            true if code == "53100" => execute(app, "PRAGMA max_page_count = 1").await,
            // That a disk fails is tried below, with one that does.
            true => continue,
            false => {
                let raise = format!("RAISE SQLSTATE '{code}'");
                interfere(app, "BEFORE INSERT ON boards", "", &raise).await;
            }
        }
        let refused = eventually(async || match write_alone(&mut staff).await {
            // There may be room in the last page.
            answer if answer.status == StatusCode::CREATED => Err("it still has room"),
            answer => Ok(answer),
        });
        let refused = refused.await;
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(refused.body.contains(words), "{}", refused.body);
        assert_eq!(staff.api("/api/v1/boards").await.status, StatusCode::OK);
        match on_sqlite {
            true => execute(app, "PRAGMA max_page_count = 1000000").await,
            false => {
                execute(app, "DROP TRIGGER interfere ON boards").await;
                execute(app, "DROP FUNCTION interfere").await;
            }
        }
        let kept = write_alone(&mut staff).await;
        assert_eq!(kept.status, StatusCode::CREATED, "{}", kept.body);
    }
}

const STAFF: [&str; 4] = ["--email", "kim@example.com", "--name", "Kim"];

/// A client with a token of a server in a process of its own.
struct Caller<'s> {
    server: &'s Server,
    token: String,
}

impl Caller<'_> {
    fn ask(&self, method: &str, path: &str, body: &Value) -> (u16, String) {
        let body = body.to_string();
        let mut stream = self.server.connect();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             content-type: application/json\r\nauthorization: Bearer {}\r\ncontent-length: {}\r\n\r\n{body}",
            self.token,
            body.len()
        );
        stream.write_all(request.as_bytes()).expect("sends");
        let answer = read_all(&mut stream);
        let status = answer.split(' ').nth(1).expect("a status");
        (status.parse().expect("a number"), answer)
    }

    fn sign_in(&mut self) {
        self.token.clear();
        let body = json!({ "email": "kim@example.com", "password": "copper-lantern-71" });
        let (status, answer) = self.ask("POST", "/api/v1/auth/login", &body);
        assert_eq!(status, 200, "{answer}");
        let (_, json) = answer.split_once("\r\n\r\n").expect("a body");
        let json: Value = serde_json::from_str(json).expect("JSON");
        self.token = json["data"]["access_token"]
            .as_str()
            .expect("a token")
            .to_owned();
    }

    fn writes(&self) -> [(u16, String); 2] {
        let board = json!({ "name": format!("Board {}", unique()) });
        let top_up = json!({ "amount": 1, "memo": "cash" });
        [
            self.ask("POST", "/api/v1/boards", &board),
            self.ask("POST", "/api/v1/users/1/top-up", &top_up),
        ]
    }

    async fn until_ready_is(&self, wanted: u16) {
        eventually(async || match self.ask("GET", "/readyz", &Value::Null).0 {
            status if status == wanted => Ok(()),
            status => Err(format!("/readyz is {status}")),
        })
        .await;
    }
}

/// Limits the size of files that the process may write: past it writes fail, as on a broken disk.
fn bound_files(server: &Server, bound: &str) {
    let pid = server.child.id().to_string();
    let done = Command::new("prlimit")
        .args(["--pid", &pid, &format!("--fsize={bound}:unlimited")])
        .status();
    assert!(done.expect("prlimit runs").success());
}

/// Refused writes would otherwise end the process by a signal, which no disk sends.
fn deaf_to_the_bound(folder: &Folder) -> Command {
    // Writes the configuration beside it.
    program(folder, &[]);
    let mut shell = Command::new("sh");
    shell
        .args(["-c", "trap '' XFSZ; exec \"$0\" serve", PROGRAM])
        // The log is in a file, which cannot be written to either.
        .stderr(std::fs::File::create(folder.0.join("log")).expect("a file"))
        .current_dir(&folder.0);
    shell
}

#[tokio::test]
async fn a_disk_that_fails_and_works_again() {
    let folder = Folder::new();
    let database = fresh_file(&folder.0).await.url;
    let variables = [
        ("DATABASE_URL", database.as_str()),
        ("GUILDHALL_PASSWORD", "copper-lantern-71"),
    ];
    let mut create = vec!["user", "create", "--role", "staff"];
    create.extend(STAFF);
    assert!(run(&folder, &variables, &create).status.success());
    let command = deaf_to_the_bound(&folder);
    let server = Server::start_as(folder, &database, command).await;
    let mut caller = Caller {
        server: &server,
        token: String::new(),
    };
    caller.sign_in();
    for (status, answer) in caller.writes() {
        assert_eq!(status, 201, "{answer}");
    }
    for _ in 0..2 {
        bound_files(&server, "0");
        for (status, answer) in caller.writes() {
            assert_eq!(status, 503, "{answer}");
            assert!(answer.contains("cannot use its disk"), "{answer}");
        }
        caller.until_ready_is(503).await;
        bound_files(&server, "unlimited");
        for (status, answer) in caller.writes() {
            assert_eq!(status, 201, "{answer}");
        }
        caller.until_ready_is(200).await;
    }
}
