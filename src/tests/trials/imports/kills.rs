//! Imports killed at random moments, at the command line and in a server: each is there whole or not at all, and the
//! same file goes in afterwards.

use crate::support::eventually::PATIENCE;
use crate::support::number;
use crate::support::process::{Folder, Server, program, run, text};
use crate::trials::registry::Registry;
use rand::RngExt;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::process::Stdio;
use std::time::Duration;

const ROWS: i64 = 20_000;

struct Victim {
    registry: Registry,
    folder: Folder,
    file: String,
}

impl Victim {
    async fn open() -> Self {
        let mut registry = Registry::open().await;
        registry.register("Mei Chen", "01").await;
        let mut file = "patient_id,record_time,heart_rate,blood_pressure\n".to_owned();
        for row in 0..ROWS {
            let (day, minute) = (row / 1_440 + 1, row % 1_440);
            let (hour, minute) = (minute / 60, minute % 60);
            let line =
                format!("HYP24-01-0001,2026-03-{day:02}T{hour:02}:{minute:02}:00Z,72,120/80");
            writeln!(file, "{line}").expect("a text takes what is written");
        }
        let folder = Folder::new();
        std::fs::write(folder.0.join("rows.csv"), &file).expect("a file");
        Self {
            registry,
            folder,
            file,
        }
    }

    fn variables(&self) -> [(&str, &str); 4] {
        let config = &self.registry.server.app.config;
        [
            ("DATABASE_URL", config.database.url.as_str()),
            (
                "GUILDHALL_ACCOUNTS_TOKEN_SECRET",
                config.accounts.token_secret.as_str(),
            ),
            ("GUILDHALL_TRIALS_NAME_KEY", config.trials.name_key.as_str()),
            ("GUILDHALL_SERVER_REQUEST_TIMEOUT_SECONDS", "60"),
        ]
    }

    /// Imports at the command line, and kills it after a while.
    fn kill_command(&self, wait: Duration) {
        let mut command = program(&self.folder, &self.variables());
        let arguments = ["trials", "import", "rows.csv", "--study", "HYP24"];
        command
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut child = command.spawn().expect("the program starts");
        std::thread::sleep(wait);
        child.kill().expect("is killed, or has ended");
        child.wait().expect("is gone");
    }

    /// Imports in a server, and kills that after a while.
    async fn kill_server(&self, wait: Duration) {
        let mut server = Server::start_on(self.variables()[0].1, &self.variables()[1..]).await;
        let mut stream = server.connect();
        let token = self
            .registry
            .coordinator
            .token
            .as_deref()
            .unwrap_or_default();
        let head = format!(
            "POST /api/v1/imports?project_id={} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
             content-type: application/octet-stream\r\ncontent-length: {}\r\n\r\n",
            self.registry.study,
            self.file.len()
        );
        stream.set_write_timeout(Some(PATIENCE)).expect("a timeout");
        let request = format!("{head}{}", self.file);
        let sending = std::thread::spawn(move || {
            // Cut off wherever the server is killed.
            let _ = stream.write_all(request.as_bytes());
            let _ = stream.read_to_end(&mut Vec::new());
        });
        std::thread::sleep(wait);
        server.kill();
        sending.join().expect("ends with the connection");
    }

    /// The readings and the imports that are there: all of one, or nothing.
    async fn whole(&self) -> bool {
        let app = &self.registry.server.app;
        let readings = number(app, "SELECT COUNT(*) FROM vital_signs").await;
        let imports = number(app, "SELECT COUNT(*) FROM imports").await;
        let told = "SELECT COUNT(*) FROM audit_entries WHERE field = 'reading'";
        assert_eq!(number(app, told).await, readings);
        assert!(
            [(0, 0), (ROWS, 1)].contains(&(readings, imports)),
            "{readings} of {imports}"
        );
        imports == 1
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_import_is_there_whole_or_not_at_all() {
    let victim = Victim::open().await;
    for round in 0..6 {
        let wait = Duration::from_millis(rand::rng().random_range(100..900));
        match round % 2 {
            0 => victim.kill_command(wait),
            _ => victim.kill_server(wait).await,
        }
        if victim.whole().await {
            break;
        }
    }
    let is_in = victim.whole().await;
    let arguments = ["trials", "import", "rows.csv", "--study", "HYP24"];
    let output = run(&victim.folder, &victim.variables(), &arguments);
    let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
    match is_in {
        true => assert!(said.contains("imported before"), "{said}"),
        false => assert_eq!(output.status.code(), Some(0), "{said}"),
    }
    assert!(victim.whole().await);
    victim.registry.check().await;
}
