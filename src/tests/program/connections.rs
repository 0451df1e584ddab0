//! Connections over real sockets: a limited number, and none for clients that do not read.

use crate::support::eventually::eventually;
use crate::support::process::{Server, read_all};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;

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
async fn until_served(server: &Server) -> TcpStream {
    let served = eventually(async || {
        let mut stream = server.connect();
        match is_served(&mut stream) {
            true => Ok(stream),
            false => Err("no place comes free"),
        }
    });
    served.await
}

#[tokio::test]
async fn there_are_only_so_many_connections() {
    let server = Server::start(&[
        ("GUILDHALL_SERVER_MAX_CONNECTIONS", "4"),
        // So that none of them ends by itself meanwhile.
        ("GUILDHALL_SERVER_HEADER_TIMEOUT_SECONDS", "600"),
    ])
    .await;
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(until_served(&server).await);
    }
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
    held.push(until_served(&server).await);
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
    let end = eventually(async || match stream.write(ask.as_bytes()) {
        Ok(_) => Err("it is still read from"),
        Err(error) if error.kind() == ErrorKind::WouldBlock => Err("it is not cut off"),
        Err(error) => Ok(error.kind()),
    })
    .await;
    let cut = [ErrorKind::ConnectionReset, ErrorKind::BrokenPipe];
    assert!(cut.contains(&end), "{end:?}");
    // Others are served.
    until_served(&server).await;
}
