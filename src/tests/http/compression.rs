//! Compression: pages and answers as they are made, files as they were built; and the demo's pictures,
//! which are such files.

use crate::support::{TestServer, number};
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use guildhall::catalog::seed_demo;
use guildhall::server::router;
use http_body_util::BodyExt;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use tower::ServiceExt;

/// An answer with its bytes as they are sent.
struct Sent {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Sent {
    fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().expect("readable"))
    }
}

async fn ask(server: &TestServer, path: &str, accept: &str, takes: &str) -> Sent {
    let request = Request::get(path)
        .header("host", "guildhall.test")
        .header("accept", accept)
        .header("accept-encoding", takes)
        .body(Body::empty())
        .expect("a request");
    let answer = router(server.app.clone()).oneshot(request).await;
    let (parts, body) = answer.expect("an answer").into_parts();
    let bytes = body.collect().await.expect("a body").to_bytes().to_vec();
    Sent {
        status: parts.status,
        headers: parts.headers,
        bytes,
    }
}

fn unzip(bytes: &[u8]) -> String {
    let mut child = Command::new("gzip")
        .arg("-dc")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("gzip runs");
    let mut input = child.stdin.take().expect("a way in");
    let bytes = bytes.to_vec();
    // From elsewhere, lest both wait for the other to read.
    let writer = std::thread::spawn(move || input.write_all(&bytes).expect("takes it"));
    let output = child.wait_with_output().expect("ends");
    writer.join().expect("written");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("text")
}

#[tokio::test]
async fn pages_and_answers_are_compressed_as_they_are_made() {
    let server = TestServer::start().await;
    seed_demo(&server.app).await.expect("seeds");
    for (path, accept, whole) in [
        ("/", "text/html", "</html>"),
        ("/products", "text/html", "</html>"),
        ("/products/stoneware-mug", "text/html", "</html>"),
        ("/nowhere", "text/html", "</html>"),
        ("/api/v1/products", "application/json", "}"),
    ] {
        let plain = ask(&server, path, accept, "identity").await;
        assert_eq!(plain.header("content-encoding"), "", "{path}");
        let text = String::from_utf8(plain.bytes.clone()).expect("text");
        assert!(text.contains(whole), "{path}");
        for (takes, given) in [
            ("br", "br"),
            ("gzip", "gzip"),
            ("gzip, deflate, br, zstd", "br"),
            ("br;q=0, gzip", "gzip"),
        ] {
            let sent = ask(&server, path, accept, takes).await;
            assert_eq!(sent.status, plain.status, "{path}");
            assert_eq!(sent.header("content-encoding"), given, "{path}: {takes}");
            assert_eq!(
                sent.header("content-type"),
                plain.header("content-type"),
                "{path}"
            );
            let vary = sent.header("vary").to_lowercase();
            let varies = sent.headers.get_all("vary").iter().any(|value| {
                let value = value.to_str().unwrap_or_default().to_lowercase();
                value.contains("accept-encoding")
            });
            assert!(varies, "{path}: {vary}");
            let (small, big) = (sent.bytes.len(), plain.bytes.len());
            assert!(small > 0 && small * 2 < big, "{path}: {small} of {big}");
            if given == "gzip" {
                let text = unzip(&sent.bytes);
                assert!(text.contains(whole), "{path}");
            }
        }
        // Nothing that the client did not ask for.
        for takes in ["", "identity", "compress"] {
            let sent = ask(&server, path, accept, takes).await;
            assert_eq!(sent.header("content-encoding"), "", "{path}: {takes}");
        }
    }
}

#[tokio::test]
async fn files_compressed_when_built_are_sent_as_they_are() {
    let drawing = format!("<svg>{}</svg>", "<path d='M0 0h9v9z'/>".repeat(90));
    let server = TestServer::start_with_files(&[
        ("both.svg", &drawing),
        ("both.svg.br", "with brotli"),
        ("both.svg.gz", "with gzip"),
        ("zipped.svg", &drawing),
        ("zipped.svg.gz", "with gzip"),
        ("pkg/guildhall.css", &drawing),
        ("pkg/guildhall.css.gz", "with gzip"),
    ])
    .await;
    for (path, takes, given, content) in [
        ("/both.svg", "gzip", "gzip", "with gzip"),
        ("/both.svg", "br", "br", "with brotli"),
        ("/both.svg", "gzip, br", "br", "with brotli"),
        ("/both.svg", "identity", "", drawing.as_str()),
        ("/zipped.svg", "gzip", "gzip", "with gzip"),
        ("/zipped.svg", "gzip, br", "gzip", "with gzip"),
        ("/pkg/guildhall.css", "gzip", "gzip", "with gzip"),
    ] {
        let sent = ask(&server, path, "*/*", takes).await;
        assert_eq!(sent.status, StatusCode::OK, "{path}");
        assert_eq!(sent.header("content-encoding"), given, "{path}: {takes}");
        assert_eq!(sent.bytes, content.as_bytes(), "{path}: {takes}, once");
        let kind = match path.ends_with("css") {
            true => "text/css",
            false => "image/svg+xml",
        };
        assert!(sent.header("content-type").starts_with(kind), "{path}");
        assert!(sent.header("vary").contains("accept-encoding"), "{path}");
    }
}

#[tokio::test]
async fn each_product_of_the_demo_has_its_picture() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("public/pictures-demo");
    let mut drawings = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let drawing = fs::read_to_string(entry.path()).expect("a drawing");
        drawings.push((format!("pictures-demo/{name}"), drawing));
    }
    let files: Vec<_> = drawings
        .iter()
        .map(|(name, drawing)| (name.as_str(), drawing.as_str()))
        .collect();
    let server = TestServer::start_with_files(&files).await;
    seed_demo(&server.app).await.expect("seeds");
    let products = server.visitor().api("/api/v1/products?limit=100").await;
    let products = products.data()["items"].as_array().expect("a list").clone();
    assert!(products.len() >= 20, "the whole demo: {}", products.len());
    let mut shown = BTreeSet::new();
    for product in &products {
        let address = product["image_url"].as_str().expect("a picture");
        assert!(address.starts_with("/pictures-demo/"), "{address}");
        assert!(address.contains("?v="), "known by its content: {address}");
        let sent = ask(&server, address, "image/*", "identity").await;
        assert_eq!(sent.status, StatusCode::OK, "{address}");
        assert_eq!(sent.header("content-type"), "image/svg+xml", "{address}");
        let drawing = String::from_utf8(sent.bytes).expect("text");
        assert!(
            drawing.contains("<svg") && drawing.contains("</svg>"),
            "{address}"
        );
        shown.insert(address.split('?').next().expect("a path")[1..].to_owned());
    }
    assert_eq!(shown.len(), products.len(), "each its own");
    let unsaid = "SELECT COUNT(*) FROM products WHERE picture IS NULL OR picture_alt = ''";
    assert_eq!(
        number(&server.app, unsaid).await,
        0,
        "each with words for it"
    );
    let there: BTreeSet<_> = drawings.iter().map(|(name, _)| name.clone()).collect();
    assert_eq!(shown, there, "and no drawing for nothing");
}
