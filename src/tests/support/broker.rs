//! A broker for one test: a NATS server with `JetStream`, in a process and a folder of its own.

use crate::support::eventually::eventually;
use crate::support::process::Folder;
use crate::support::tls::Certificate;
use async_nats::jetstream::{self, Context};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A broker, killed when the test is done with it.
pub struct Broker {
    child: Option<Child>,
    port: u16,
    folder: Folder,
    /// The number of times that it lost everything.
    losses: u32,
    /// The account that it asks for.
    account: Option<(&'static str, &'static str)>,
    /// True if it speaks TLS alone, by the certificate in its folder.
    has_tls: bool,
    /// Its own port in a cluster, and the ports of all in it; empty for one that stands alone.
    cluster: (u16, Vec<u16>),
}

impl Broker {
    pub async fn start() -> Self {
        let mut broker = Self::away();
        broker.restart().await;
        broker
    }

    /// With a user and a password.
    pub async fn start_with(user: &'static str, password: &'static str) -> Self {
        let mut broker = Self::away();
        broker.account = Some((user, password));
        broker.restart().await;
        broker
    }

    /// With TLS, by a certificate for 127.0.0.1.
    pub async fn start_with_tls(certificate: &Certificate) -> Self {
        let mut broker = Self::away();
        certificate.put(&broker.folder.0);
        broker.has_tls = true;
        broker.restart().await;
        broker
    }

    /// Three that keep everything together.
    pub async fn cluster() -> [Self; 3] {
        let ports = [free_port(), free_port(), free_port()];
        let mut brokers = ports.map(|port| {
            let mut broker = Self::away();
            broker.cluster = (port, ports.to_vec());
            broker
        });
        for broker in &mut brokers {
            broker.restart().await;
        }
        brokers
    }

    /// True if the cluster knows it by this name.
    pub fn is_named(&self, name: &str) -> bool {
        self.cluster.0.to_string() == name
    }

    /// The file with its certificate.
    pub fn certificate(&self) -> String {
        self.folder.0.join("certificate.pem").display().to_string()
    }

    /// The address of a broker that is not running yet.
    pub fn away() -> Self {
        Self {
            child: None,
            port: free_port(),
            folder: Folder::new(),
            losses: 0,
            account: None,
            has_tls: false,
            cluster: (0, Vec::new()),
        }
    }

    pub fn url(&self) -> String {
        let scheme = if self.has_tls { "tls" } else { "nats" };
        format!("{scheme}://127.0.0.1:{}", self.port)
    }

    /// SIGKILL: no time to write anything down.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("is killed");
            child.wait().expect("is gone");
        }
    }

    /// Starts it at the same address, with what it had on its disk.
    pub async fn restart(&mut self) {
        self.kill();
        self.child = Some(self.spawn());
        let address = ("127.0.0.1", self.port);
        // One that found its port taken for a moment, as by somebody's outgoing connection, ended at once.
        eventually(async || {
            if let Some(Ok(Some(_))) = self.child.as_mut().map(Child::try_wait) {
                self.child = Some(self.spawn());
            }
            TcpStream::connect(address)
        })
        .await;
    }

    fn spawn(&self) -> Child {
        let store = self.folder.0.join(format!("store-{}", self.losses));
        let mut command = Command::new(program());
        if let Some((user, password)) = self.account {
            command.args(["--user", user, "--pass", password]);
        }
        if let (own @ 1.., all) = &self.cluster {
            let routes: Vec<_> = all.iter().map(|port| route(*port)).collect();
            command
                .args(["--server_name", &own.to_string()])
                .args(["--cluster_name", "tests", "--cluster", &route(*own)])
                .args(["--routes", &routes.join(",")]);
        }
        if self.has_tls {
            let key = self.folder.0.join("key.pem");
            command
                .args(["--tls", "--tlscert", &self.certificate()])
                .arg("--tlskey")
                .arg(key);
        }
        command
            .args(["--addr", "127.0.0.1", "--port", &self.port.to_string()])
            .args(["--jetstream", "--store_dir", &store.display().to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("nats-server starts")
    }

    /// Starts it at the same address with an empty disk.
    pub async fn restart_empty(&mut self) {
        self.kill();
        self.losses += 1;
        self.restart().await;
    }

    /// A client that is no part of the program.
    pub async fn client(&self) -> Context {
        let client = async_nats::connect(self.url()).await;
        jetstream::new(client.expect("connects"))
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.kill();
    }
}

fn route(port: u16) -> String {
    format!("nats://127.0.0.1:{port}")
}

/// Debian puts it where only root looks.
fn program() -> &'static Path {
    let places = [
        "/usr/sbin/nats-server",
        "/usr/bin/nats-server",
        "/usr/local/bin/nats-server",
    ];
    let found = places
        .into_iter()
        .map(Path::new)
        .find(|place| place.exists());
    found.expect("nats-server is missing: bin/setup --test installs it")
}

/// A port that nobody is given by chance while the broker is down: below those that the system deals out.
fn free_port() -> u16 {
    let ports = std::iter::repeat_with(|| rand::random_range(10_000..30_000));
    let mut free = ports.filter(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok());
    free.next().expect("a free port")
}
