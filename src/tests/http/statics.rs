//! Static files: what is in `public/`, and under which addresses pages ask for it.

use crate::support::{Answer, TestServer};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use guildhall::catalog::seed_demo;

const DRAWING: &str = "<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0h9v9z'/></svg>";
const PLAIN: &str = "/pictures-demo/stoneware-mug.svg";
const FOR_EVER: &str = "public, max-age=31536000, immutable";

async fn server() -> TestServer {
    TestServer::start_with_files(&[
        ("pictures-demo/stoneware-mug.svg", DRAWING),
        ("pictures-demo/stoneware-mug.svg.br", "compressed"),
        ("favicon.svg", "<svg/>"),
    ])
    .await
}

/// The address with the hash, as the server makes it.
fn hashed(server: &TestServer) -> String {
    let address = server.app.files.address(PLAIN);
    assert!(
        address.starts_with("/pictures-demo/stoneware-mug.svg?v="),
        "{address}"
    );
    address
}

async fn ask(server: &TestServer, address: &str, headers: &[(&str, &str)]) -> Answer {
    let mut visitor = server.visitor();
    visitor
        .send(Method::GET, address, headers, Body::empty())
        .await
}

#[tokio::test]
async fn a_picture_under_its_hash_is_kept_for_ever() {
    let server = server().await;
    let answer = ask(&server, &hashed(&server), &[]).await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (StatusCode::OK, DRAWING)
    );
    assert_eq!(answer.header("cache-control"), FOR_EVER);
    assert_eq!(answer.header("content-type"), "image/svg+xml");

    let plain = ask(&server, PLAIN, &[]).await;
    assert_eq!(plain.header("cache-control"), "public, max-age=3600");
    // A newer copy of the server may have made that address: what is here is not what it means.
    let other = ask(&server, &format!("{PLAIN}?v=0123456789abcdef"), &[]).await;
    assert_eq!(
        (other.status, other.header("cache-control")),
        (StatusCode::OK, "no-cache")
    );
}

#[tokio::test]
async fn a_picture_that_the_client_has_is_not_sent_again() {
    let server = server().await;
    let first = ask(&server, PLAIN, &[]).await;
    let (tag, modified) = (first.header("etag"), first.header("last-modified"));
    for headers in [
        vec![("if-none-match", tag)],
        vec![("if-modified-since", modified)],
        vec![("if-none-match", tag), ("accept-encoding", "br")],
    ] {
        let again = ask(&server, PLAIN, &headers).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{headers:?}");
        assert_eq!((again.body.as_str(), again.header("etag")), ("", tag));
        assert_eq!(again.header("cache-control"), "public, max-age=3600");
    }
    let headers = [
        ("if-none-match", "\"older\""),
        ("if-modified-since", modified),
    ];
    let changed = ask(&server, PLAIN, &headers).await;
    assert_eq!(
        changed.status,
        StatusCode::OK,
        "the tag counts, not the date"
    );
}

#[tokio::test]
async fn a_picture_comes_compressed_or_in_part() {
    let server = server().await;
    let address = hashed(&server);
    let small = ask(&server, &address, &[("accept-encoding", "br")]).await;
    assert_eq!(
        (small.header("content-encoding"), small.body.as_str()),
        ("br", "compressed")
    );
    assert!(small.header("vary").contains("accept-encoding"));
    assert_eq!(small.header("cache-control"), FOR_EVER);
    let part = ask(&server, &address, &[("range", "bytes=0-3")]).await;
    assert_eq!(
        (part.status, part.body.as_str()),
        (StatusCode::PARTIAL_CONTENT, "<svg")
    );
    let beyond = ask(&server, &address, &[("range", "bytes=9999-")]).await;
    assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
    let missing = ask(&server, "/pictures-demo/none.svg?v=1", &[]).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    for refused in [beyond, missing] {
        let keep = refused.header("cache-control");
        assert!(!keep.contains("max-age"), "{keep}");
    }
}

#[tokio::test]
async fn pages_and_the_api_ask_for_pictures_by_their_hash() {
    let server = server().await;
    let address = hashed(&server);
    seed_demo(&server.app).await.expect("seeds");
    let mut browser = server.signed_in(Role::Staff).await;
    for path in [
        "/products?q=mug",
        "/products/stoneware-mug",
        "/products/stoneware-mug/edit",
    ] {
        let page = browser.page(path).await;
        assert!(
            page.contains(&format!("src=\"{address}\"")),
            "{path}: {page}"
        );
        assert!(page.contains("href=\"/favicon.svg?v="), "{path}");
    }
    let one = browser.api("/api/v1/products/stoneware-mug").await.data();
    assert_eq!(one["image_url"], address);
    let all = browser.api("/api/v1/products?q=mug").await.data();
    assert_eq!(all["items"][0]["image_url"], address);
}
