//! The program as a server of https: both versions of HTTP, its certificate, and the bounds on connections.

use crate::support::eventually::{eventually, in_time};
use crate::support::fresh_database;
use crate::support::process::{Folder, Server, program, run, text};
use crate::support::tls::{BOTH, Certificate, ask, connect, livez, read, request, speak_2};
use axum::body::{Body, Bytes};
use axum::http::request::Builder;
use axum::http::{StatusCode, Version};
use futures_util::stream;
use std::convert::Infallible;
use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use tokio::io::AsyncReadExt;
use tokio::sync::mpsc;

const FILES: [(&str, &str); 3] = [
    ("GUILDHALL_TLS_CERTIFICATE", "certificate.pem"),
    ("GUILDHALL_TLS_KEY", "key.pem"),
    ("GUILDHALL_SERVER_PUBLIC_URL", "https://shop.example"),
];

/// A server of https with this certificate; it logs into the file `log`.
async fn serve(certificate: &Certificate, variables: &[(&str, &str)]) -> Server {
    let folder = Folder::new();
    certificate.put(&folder.0);
    let database = fresh_database(&folder.0).await.url;
    let mut command = program(&folder, &FILES);
    let log = File::create(folder.0.join("log")).expect("a file");
    command
        .arg("serve")
        .envs(variables.iter().copied())
        .stderr(log);
    Server::start_as(folder, &database, command).await
}

fn log(server: &Server) -> String {
    std::fs::read_to_string(server.folder.0.join("log")).expect("a log")
}

#[tokio::test]
async fn both_versions_of_http_are_spoken() {
    let certificate = Certificate::make();
    let server = serve(&certificate, &[]).await;
    for (offered, version) in [
        (&BOTH as &[&str], Version::HTTP_2),
        (&["http/1.1"], Version::HTTP_11),
        (&[], Version::HTTP_11),
    ] {
        let ask = async |request: Builder, body: &'static str| {
            let request = request.body(Body::from(body)).expect("a request");
            ask(server.address, &certificate, offered, request).await
        };
        let page = request("GET", "/register", offered).header("accept", "text/html");
        let page = ask(page, "").await;
        assert_eq!((page.version, page.status), (version, StatusCode::OK));
        let lasting = &page.headers["strict-transport-security"];
        assert!(!lasting.is_empty(), "{page:?}");
        // By HTTP/2 the host is in the address: it still tells our own pages' forms from others'.
        let post = async |origin| {
            let form = request("POST", "/theme", offered)
                .header("accept", "text/html")
                .header("content-type", "application/x-www-form-urlencoded")
                .header("origin", origin);
            ask(form, "theme=dark&next=/").await
        };
        let sent = post("https://guildhall.test").await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{sent:?}");
        let cookie = sent.headers["set-cookie"].to_str().expect("a cookie");
        assert!(cookie.contains("Secure"), "{cookie}");
        let other = post("https://elsewhere.test").await;
        assert_eq!(other.status, StatusCode::FORBIDDEN, "{other:?}");
    }
}

#[tokio::test]
async fn a_host_that_differs_from_the_address_is_refused() {
    let certificate = Certificate::make();
    let server = serve(&certificate, &[]).await;
    for (host, status) in [
        ("guildhall.test", StatusCode::OK),
        ("elsewhere.test", StatusCode::BAD_REQUEST),
    ] {
        let request = request("GET", "/livez", &BOTH).header("host", host);
        let request = request.body(Body::empty()).expect("a request");
        let told = ask(server.address, &certificate, &BOTH, request).await;
        assert_eq!(told.status, status, "{host}");
    }
}

#[tokio::test]
async fn a_replaced_certificate_counts_without_a_restart() {
    let (first, second) = (Certificate::make(), Certificate::make());
    let server = serve(&first, &[]).await;
    let serves = async |certificate: &Certificate| {
        let connection = connect(server.address, certificate, &BOTH).await?;
        drop(connection);
        Ok::<_, std::io::Error>(())
    };
    serves(&first).await.expect("the first");
    assert!(serves(&second).await.is_err(), "nobody has the second yet");
    second.put(&server.folder.0);
    eventually(async || serves(&second).await).await;
    // A key of another certificate, and then none at all, change nothing but the log.
    for (key, fault) in [(first.key.as_str(), "key"), ("nothing", "key.pem")] {
        std::fs::write(server.folder.0.join("key.pem"), key).expect("a file");
        eventually(async || {
            let log = log(&server);
            let told = log.lines().find(|line| {
                line.contains("cannot be used") && line.to_lowercase().contains(fault)
            });
            told.map(str::len).ok_or(log)
        })
        .await;
        serves(&second).await.expect("still the second");
    }
    first.put(&server.folder.0);
    eventually(async || serves(&first).await).await;
}

#[tokio::test]
async fn a_slow_handshake_holds_nobody_up() {
    let certificate = Certificate::make();
    let server = serve(
        &certificate,
        &[("GUILDHALL_SERVER_HEADER_TIMEOUT_SECONDS", "2")],
    )
    .await;
    // The beginning of a handshake, and nothing at all.
    let mut slow: Vec<TcpStream> = (0..40).map(|_| server.connect()).collect();
    for stream in slow.iter_mut().step_by(2) {
        stream.write_all(&[22, 3, 1]).expect("sends");
    }
    let told = ask(server.address, &certificate, &BOTH, livez()).await;
    assert_eq!(told.status, StatusCode::OK);
    for stream in &mut slow {
        // Ends within the test's patience, with or without a word.
        let _ = stream.read_to_end(&mut Vec::new());
        let mut rest = [0; 1];
        assert!(
            !matches!(stream.read(&mut rest), Ok(1..)),
            "it is still open"
        );
    }
}

/// By HTTP/2 there is no next request's header to wait for, so that silence has a bound of its own.
#[tokio::test]
async fn a_client_that_is_silent_after_its_handshake_is_cut_off() {
    let certificate = Certificate::make();
    let variables = [
        ("GUILDHALL_SERVER_HEADER_TIMEOUT_SECONDS", "1"),
        ("GUILDHALL_SERVER_REQUEST_TIMEOUT_SECONDS", "1"),
    ];
    let server = serve(&certificate, &variables).await;
    for offered in [&BOTH as &[&str], &["http/1.1"]] {
        let connection = connect(server.address, &certificate, offered).await;
        let mut connection = connection.expect("a handshake");
        // With or without a word; what counts is that it ends.
        let _ = in_time(connection.read_to_end(&mut Vec::new())).await;
    }
}

#[tokio::test]
async fn there_are_only_so_many_connections_of_https() {
    let certificate = Certificate::make();
    let variables = [
        ("GUILDHALL_SERVER_MAX_CONNECTIONS", "3"),
        ("GUILDHALL_SERVER_HEADER_TIMEOUT_SECONDS", "600"),
    ];
    let server = serve(&certificate, &variables).await;
    let until_let_in = || eventually(async || connect(server.address, &certificate, &BOTH).await);
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(until_let_in().await);
    }
    assert!(connect(server.address, &certificate, &BOTH).await.is_err());
    held.pop();
    held.push(until_let_in().await);
    assert!(connect(server.address, &certificate, &BOTH).await.is_err());
}

#[tokio::test]
async fn a_request_of_http_2_gets_its_whole_answer_when_the_server_stops() {
    let certificate = Certificate::make();
    let variables = [
        ("GUILDHALL_SERVER_REQUEST_TIMEOUT_SECONDS", "60"),
        ("GUILDHALL_SERVER_SHUTDOWN_TIMEOUT_SECONDS", "60"),
    ];
    let mut server = serve(&certificate, &variables).await;
    let (sender, parts) = mpsc::unbounded_channel::<Bytes>();
    let parts = stream::unfold(parts, async |mut parts| {
        let part = parts.recv().await?;
        Some((Ok::<_, Infallible>(part), parts))
    });
    let login = request("POST", "/api/v1/auth/login", &BOTH);
    let login = login.header("content-type", "application/json");
    let login = login.body(Body::from_stream(parts)).expect("a request");
    let connection = connect(server.address, &certificate, &BOTH).await;
    let mut client = speak_2(connection.expect("a handshake")).await;
    let answer = client.send_request(login);
    sender
        .send(r#"{"email":"a@example.com","#.into())
        .expect("sends");
    // Sent later on the same connection and answered: so the first is in flight.
    let later = in_time(client.send_request(livez())).await;
    assert_eq!(later.expect("an answer").status(), StatusCode::OK);
    server.signal("TERM");
    eventually(async || match TcpStream::connect(server.address) {
        Ok(_) => Err("somebody new is still let in"),
        Err(_) => Ok(()),
    })
    .await;
    sender
        .send(r#""password":"whatever it is"}"#.into())
        .expect("sends");
    drop(sender);
    let told = read(in_time(answer).await.expect("an answer")).await;
    assert_eq!(told.status, StatusCode::UNAUTHORIZED, "{told:?}");
    assert!(told.body.ends_with('}'), "whole: {told:?}");
    assert_eq!(server.exit_code().await, Some(0));
}

#[tokio::test]
async fn requests_in_the_clear_are_sent_to_the_public_address() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = free.local_addr().expect("an address");
    drop(free);
    let variables = [("GUILDHALL_TLS_REDIRECT_ADDR", &*address.to_string())];
    let mut server = serve(&Certificate::make(), &variables).await;
    eventually(async || TcpStream::connect(address)).await;
    let ask = |line: &str| {
        let mut stream = TcpStream::connect(address).expect("connects");
        let head = format!("{line} HTTP/1.1\r\nhost: elsewhere.test\r\nconnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).expect("sends");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    };
    for (line, path) in [
        (
            "GET /products?q=ink&sort=newest",
            "/products?q=ink&sort=newest",
        ),
        ("GET //elsewhere.test/", "//elsewhere.test/"),
        ("POST /login", "/login"),
        ("OPTIONS *", "/"),
    ] {
        let answer = ask(line);
        assert!(answer.starts_with("HTTP/1.1 308"), "{answer}");
        let to = format!("\r\nlocation: https://shop.example{path}\r\n");
        assert!(answer.contains(&to), "{answer}");
    }
    server.signal("TERM");
    assert_eq!(server.exit_code().await, Some(0));
    assert!(
        TcpStream::connect(address).is_err(),
        "stops with the server"
    );
}

#[test]
fn a_certificate_that_cannot_be_used_stops_the_start() {
    let (one, another) = (Certificate::make(), Certificate::make());
    let said = |certificate: &str, key: &str| {
        let folder = Folder::new();
        std::fs::write(folder.0.join("certificate.pem"), certificate).expect("a file");
        std::fs::write(folder.0.join("key.pem"), key).expect("a file");
        let database = format!("sqlite:{}/shop.db", folder.0.display());
        let variables = [
            &FILES[..],
            &[
                ("DATABASE_URL", &database),
                ("LEPTOS_SITE_ADDR", "127.0.0.1:0"),
            ],
        ];
        let output = run(&folder, &variables.concat(), &["serve"]);
        assert!(!output.status.success());
        text(&output.stderr)
    };
    for (certificate, key, fault) in [
        (&*one.pem, &*another.key, "certificate.pem and key.pem"),
        (
            "nothing",
            &*one.key,
            "there is no certificate in certificate.pem",
        ),
        (&*one.pem, "nothing", "key.pem"),
    ] {
        let said = said(certificate, key);
        assert!(said.contains(fault), "{said}");
    }
}
