//! A real Redis of the test's own, which can be killed, paused, filled up and started again.

use crate::support::eventually::eventually;
use crate::support::process::Folder;
use crate::support::tls::Certificate;
use redis::{Cmd, FromRedisValue, RedisResult};
use std::io::ErrorKind;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

pub struct RedisServer {
    child: Child,
    pub port: u16,
    /// The port with TLS beside that, where it has a certificate.
    tls_port: Option<u16>,
    folder: Folder,
}

impl RedisServer {
    pub async fn start() -> Self {
        Self::listening(Folder::new(), None).await
    }

    /// With TLS too, by a certificate for 127.0.0.1.
    pub async fn start_with_tls(certificate: &Certificate) -> Self {
        let folder = Folder::new();
        certificate.put(&folder.0);
        Self::listening(folder, Some(free_port())).await
    }

    async fn listening(folder: Folder, tls_port: Option<u16>) -> Self {
        let port = free_port();
        let mut server = Self {
            child: spawn(port, tls_port, &folder),
            port,
            tls_port,
            folder,
        };
        server.answers().await;
        server
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub fn tls_url(&self) -> String {
        format!("rediss://127.0.0.1:{}", self.tls_port.expect("has TLS"))
    }

    /// The file with its certificate.
    pub fn certificate(&self) -> String {
        self.folder.0.join("certificate.pem").display().to_string()
    }

    /// SIGKILL: what it held is gone.
    pub fn kill(&mut self) {
        self.child.kill().expect("is killed");
        self.child.wait().expect("is gone");
    }

    /// Starts it again after a kill, empty, at the same port.
    pub async fn start_again(&mut self) {
        self.child = self.spawn_again();
        self.answers().await;
    }

    /// Stops it where it is: connections stay open, and nothing is answered.
    pub fn pause(&self) {
        self.signal("STOP");
    }

    pub fn go_on(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &pid]).status();
        assert!(sent.expect("kill runs").success());
    }

    /// Lets it take so many bytes at most; 0 for no limit. Where it has more already, it refuses what would add to it.
    pub async fn bound_memory(&self, bytes: u64) {
        let mut set = redis::cmd("CONFIG");
        set.arg("SET").arg("maxmemory").arg(bytes);
        self.ask::<()>(&set).await.expect("takes the setting");
    }

    /// Asks it past the program.
    pub async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> RedisResult<T> {
        let client = redis::Client::open(self.url())?;
        let mut connection = client.get_multiplexed_async_connection().await?;
        command.query_async(&mut connection).await
    }

    fn spawn_again(&self) -> Child {
        spawn(self.port, self.tls_port, &self.folder)
    }

    /// Waits for it. One that found its port taken for a moment, as by somebody's outgoing connection, ended at
    /// once and is started anew.
    async fn answers(&mut self) {
        eventually(async || {
            if let Ok(Some(_)) = self.child.try_wait() {
                self.child = self.spawn_again();
            }
            self.ask::<String>(&redis::cmd("PING")).await
        })
        .await;
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        // Already gone where the test killed it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(port: u16, tls_port: Option<u16>, folder: &Folder) -> Child {
    let port = port.to_string();
    let mut command = Command::new("redis-server");
    if let Some(port) = tls_port {
        command
            .args(["--tls-port", &port.to_string(), "--tls-auth-clients", "no"])
            .args(["--tls-cert-file", "certificate.pem"])
            .args(["--tls-key-file", "key.pem"])
            .args(["--tls-ca-cert-file", "certificate.pem"]);
    }
    let child = command
        .args(["--port", &port, "--bind", "127.0.0.1", "--save", ""])
        .args(["--appendonly", "no", "--maxmemory-policy", "noeviction"])
        .current_dir(&folder.0)
        .stdout(Stdio::null())
        .spawn();
    child.unwrap_or_else(|error| match error.kind() {
        ErrorKind::NotFound => panic!("redis-server is missing: bin/setup --test installs it"),
        _ => panic!("redis-server does not start: {error}"),
    })
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    free.local_addr().expect("an address").port()
}
