//! The program in a process of its own, in an empty folder.

use crate::support::eventually::{PATIENCE, eventually};
use crate::support::{fresh_database, unique};
use std::io::Read;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_guildhall");

pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(format!("guildhall-process-{}", unique()));
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Left behind only where the system holds on to it; it is in the temporary folder.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The program in an empty folder: with the defaults, but for what `variables` say.
pub fn program(folder: &Folder, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .current_dir(&folder.0)
        // One server alone could have the address that is the default.
        .env("GUILDHALL_TELEMETRY_METRICS_ADDR", "")
        .envs(variables.iter().copied());
    std::fs::write(
        folder.0.join("Leptos.toml"),
        include_str!("../../../Leptos.toml"),
    )
    .expect("a file");
    command
}

pub fn run(folder: &Folder, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    program(folder, variables)
        .args(arguments)
        .output()
        .expect("the program runs")
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A running server, killed when the test is done with it.
pub struct Server {
    pub child: Child,
    pub address: SocketAddr,
    pub folder: Folder,
}

impl Server {
    pub async fn start(variables: &[(&str, &str)]) -> Self {
        Self::start_by(&["serve"], variables).await
    }

    pub async fn start_by(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let folder = Folder::new();
        let database = fresh_database(&folder.0).await.url;
        Self::start_in(folder, &database, arguments, variables).await
    }

    /// On a database that is there already.
    pub async fn start_on(database: &str, variables: &[(&str, &str)]) -> Self {
        Self::start_in(Folder::new(), database, &["serve"], variables).await
    }

    async fn start_in(
        folder: Folder,
        database: &str,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Self {
        let mut command = program(&folder, variables);
        command.args(arguments).stderr(Stdio::null());
        Self::start_as(folder, database, command).await
    }

    /// Started by a command of the test's own.
    pub async fn start_as(folder: Folder, database: &str, mut command: Command) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = free.local_addr().expect("an address");
        drop(free);
        let child = command
            .env("DATABASE_URL", database)
            .env("LEPTOS_SITE_ADDR", address.to_string())
            .spawn()
            .expect("the program starts");
        eventually(async || TcpStream::connect(address)).await;
        Self {
            child,
            address,
            folder,
        }
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("connects");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream
    }

    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill")
            .args(["-s", name, &pid])
            .status()
            .expect("kill runs");
        assert!(sent.success());
    }

    /// SIGKILL: no time to finish anything.
    pub fn kill(&mut self) {
        self.child.kill().expect("is killed");
        self.child.wait().expect("is gone");
    }

    pub async fn exit_code(&mut self) -> Option<i32> {
        let status = eventually(async || {
            let status = self.child.try_wait().expect("a child");
            status.ok_or("the server is still running")
        });
        status.await.code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone where the test stopped it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn read_all(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    stream
        .read_to_end(&mut answer)
        .expect("an answer before the timeout");
    text(&answer)
}
