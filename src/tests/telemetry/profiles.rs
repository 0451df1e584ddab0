//! Profiles of a running server: two hundred in a row under load, and what is in them.

use crate::support::eventually::eventually;
use crate::support::process::Server;
use crate::support::{Client, TestServer};
use axum::http::StatusCode;
use flate2::read::GzDecoder;
use guildhall::server::metrics_router;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// The head and the body of an answer.
pub fn ask(address: SocketAddr, path: &str) -> std::io::Result<(String, Vec<u8>)> {
    let mut stream = TcpStream::connect(address)?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    let end = end.ok_or_else(|| std::io::Error::other("no head"))?;
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    Ok((head, answer[end + 4..].to_vec()))
}

/// Busy clients until it is dropped.
struct Load(Arc<AtomicBool>);

impl Load {
    fn on(address: SocketAddr) -> Self {
        let ended = Arc::new(AtomicBool::new(false));
        for _ in 0..2 {
            let ended = ended.clone();
            std::thread::spawn(move || {
                while !ended.load(Relaxed) {
                    // What it answers is not what this is about.
                    let _ = ask(address, "/login?next=%2Fcart");
                }
            });
        }
        Self(ended)
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}

/// A server that may be profiled, and where.
pub async fn profiled() -> (Server, SocketAddr) {
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let metrics = free.local_addr().expect("an address");
    drop(free);
    let variables = [
        ("GUILDHALL_TELEMETRY_METRICS_ADDR", &*metrics.to_string()),
        ("GUILDHALL_TELEMETRY_PROFILING", "true"),
        // A sample of each four kilobytes: of half a megabyte a server without load has too few to count on.
        (
            "_RJEM_MALLOC_CONF",
            "prof:true,prof_active:true,lg_prof_sample:12",
        ),
    ];
    let server = Server::start(&variables).await;
    eventually(async || TcpStream::connect(metrics)).await;
    (server, metrics)
}

#[tokio::test]
async fn two_hundred_profiles_in_a_row_under_load_disturb_nothing() {
    let (mut server, metrics) = profiled().await;
    let load = Load::on(server.address);
    for _ in 0..200 {
        let path = "/debug/pprof/profile?seconds=0.01";
        let (head, _) = ask(metrics, path).expect("a profile");
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    }
    // A longer one shows what the server does: strings are whole in the protobuf.
    let profile = eventually(async || {
        let (_, body) = ask(metrics, "/debug/pprof/profile?seconds=0.5").expect("a profile");
        let mut text = Vec::new();
        GzDecoder::new(&*body).read_to_end(&mut text).expect("gzip");
        let text = String::from_utf8_lossy(&text).into_owned();
        match text.contains("guildhall::") && text.contains("tokio::") {
            true => Ok(text),
            false => Err("no sample of the server in the profile"),
        }
    });
    assert!(profile.await.contains("nanoseconds"));
    let (head, svg) = ask(metrics, "/debug/pprof/flamegraph?seconds=0.5").expect("a picture");
    assert!(head.contains("image/svg+xml"), "{head}");
    assert!(String::from_utf8_lossy(&svg).ends_with("</svg>\n"));
    // Between two requests of its clients there may be none.
    eventually(async || {
        let (_, tasks) = ask(metrics, "/debug/pprof/tasks").expect("a table");
        let tasks = String::from_utf8_lossy(&tasks).into_owned();
        if tasks.contains("GET") {
            Ok(())
        } else {
            Err(tasks)
        }
    })
    .await;
    let (head, _) = ask(metrics, "/debug/pprof/profile?seconds=61").expect("a refusal");
    assert!(head.starts_with("HTTP/1.1 422"), "{head}");
    drop(load);
    assert!(server.child.try_wait().expect("a child").is_none());
}

#[tokio::test]
async fn nobody_takes_profiles_unless_the_settings_say_so() {
    let server = TestServer::start().await;
    let mut scraper = Client::new(metrics_router(server.app.clone()));
    for path in ["/debug/pprof/", "/debug/pprof/profile?seconds=1"] {
        assert_eq!(scraper.api(path).await.status, StatusCode::NOT_FOUND);
    }
}
