//! Connections over real sockets: not without end, and not for clients that leave their answer lying.

use crate::program::process::{PATIENCE, Server, read_all};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

const ASK: &str = "GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n";

/// Asks once and keeps the connection. False where there was no place for it.
fn is_served(stream: &mut TcpStream) -> bool {
    if stream.write_all(ASK.as_bytes()).is_err() {
        return false;
    }
    let mut answer = [0; 12];
    match stream.read_exact(&mut answer) {
        Ok(()) => answer.starts_with(b"HTTP/1.1 200"),
        Err(_) => false,
    }
}

/// A connection that is served, however long those before it take to end.
fn until_served(server: &Server) -> TcpStream {
    let began = Instant::now();
    loop {
        let mut stream = server.connect();
        if is_served(&mut stream) {
            return stream;
        }
        assert!(began.elapsed() < PATIENCE, "no place comes free");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[tokio::test]
async fn there_are_only_so_many_connections() {
    let server = Server::start(&[
        ("GUILDHALL_SERVER_MAX_CONNECTIONS", "4"),
        // So that none of them ends by itself meanwhile.
        ("GUILDHALL_SERVER_HEADER_TIMEOUT_SECONDS", "600"),
    ])
    .await;
    let mut held: Vec<_> = (0..4).map(|_| until_served(&server)).collect();
    for _ in 0..3 {
        let answer = read_all(&mut server.connect());
        assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
        assert!(answer.contains("retry-after: 1"), "{answer}");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a body");
        assert!(
            head.contains(&format!("content-length: {}", body.len())),
            "{answer}"
        );
    }
    held.pop();
    held.push(until_served(&server));
    assert!(read_all(&mut server.connect()).starts_with("HTTP/1.1 503"));
}

/// Asks again and again without reading, until nothing more is taken and the server ends it.
#[tokio::test]
async fn a_client_that_does_not_read_is_cut_off() {
    let server = Server::start(&[("GUILDHALL_SERVER_SEND_TIMEOUT_SECONDS", "1")]).await;
    let mut stream = server.connect();
    stream.set_nonblocking(true).expect("does not block");
    let ask =
        "GET /api/v1/products HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\n\r\n".repeat(100);
    let began = Instant::now();
    let end = loop {
        match stream.write(ask.as_bytes()) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(error) => break error.kind(),
        }
        assert!(began.elapsed() < 6 * PATIENCE, "never cut off");
    };
    let cut = [ErrorKind::ConnectionReset, ErrorKind::BrokenPipe];
    assert!(cut.contains(&end), "{end:?}");
    // Others are served.
    until_served(&server);
}
