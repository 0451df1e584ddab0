//! Odd requests: addresses that name nothing, hosts too many or too few, and methods
//! that files do not know.

use crate::support::TestServer;
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, Version};
use guildhall::server::router;
use http_body_util::BodyExt;
use tower::ServiceExt;

#[tokio::test]
async fn an_address_that_can_name_nothing_is_not_found() {
    let server = TestServer::start_with_files(&[("favicon.svg", "<svg/>")]).await;
    let long = "a".repeat(256);
    let deep = "a/".repeat(5_000);
    let paths = [
        long.clone(),
        format!("{long}/b"),
        format!("a/{long}"),
        "%e9%94%ae".repeat(90),
        deep,
        "a".repeat(60_000),
        "%00".into(),
        "a%00b.svg".into(),
        "%0d%0aset-cookie:a".into(),
        "%ff%fe".into(),
        "%c0%ae%c0%ae/secret".into(),
        "%".into(),
        "%zz".into(),
        "../Cargo.toml".into(),
        "../../../../etc/passwd".into(),
        "%2e%2e/%2e%2e/etc/passwd".into(),
        "..%2f..%2fetc%2fpasswd".into(),
        "..%5c..%5cetc".into(),
        "favicon.svg/".into(),
        "favicon.svg/more".into(),
        "favicon.svg%00".into(),
        ".".into(),
        "//".into(),
    ];
    for before in [
        "/",
        "/pkg/",
        "/pictures/",
        "/products/",
        "/orders/",
        "/tasks/",
        "/boards/",
    ] {
        for path in &paths {
            let path = format!("{before}{path}");
            for accept in ["text/html", "application/json"] {
                let what = format!("{accept} of {path:.60}");
                let answer = server
                    .visitor()
                    .send(Method::GET, &path, &[("accept", accept)], Body::empty())
                    .await;
                // A visitor who must sign in learns nothing of what is there; and the address of a form
                // leads to the page it stands on.
                let refused = match answer.status {
                    StatusCode::SEE_OTHER => {
                        let to = answer.header("location");
                        to.starts_with("/login?") || to.starts_with(before)
                    }
                    status => status == StatusCode::NOT_FOUND || status == StatusCode::UNAUTHORIZED,
                };
                let list = ["/products/.", "/products//"].contains(&&*path);
                assert!(refused || list, "{what}: {} {}", answer.status, answer.body);
                let says = !answer.body.is_empty() || answer.status == StatusCode::SEE_OTHER;
                assert!(says && !answer.body.contains("root:"), "{what}");
                assert!(!answer.headers.contains_key("a"), "{what}");
            }
        }
    }
    let file = server.visitor().api("/favicon.svg").await;
    assert_eq!((file.status, &*file.body), (StatusCode::OK, "<svg/>"));
}

#[tokio::test]
async fn a_file_says_which_methods_it_takes() {
    let server =
        TestServer::start_with_files(&[("favicon.svg", "<svg/>"), ("pkg/a.css", "a{}")]).await;
    for path in ["/favicon.svg", "/pkg/a.css"] {
        for method in [
            Method::POST,
            Method::PUT,
            Method::DELETE,
            Method::PATCH,
            Method::OPTIONS,
        ] {
            for accept in ["text/html", "*/*"] {
                let headers = [("accept", accept), ("sec-fetch-site", "same-origin")];
                let answer = server
                    .visitor()
                    .send(method.clone(), path, &headers, Body::empty())
                    .await;
                assert_eq!(
                    answer.status,
                    StatusCode::METHOD_NOT_ALLOWED,
                    "{method} {path}"
                );
                assert_eq!(answer.header("allow"), "GET, HEAD", "{method} {path}");
                assert!(!answer.body.is_empty());
            }
        }
        let head = server
            .visitor()
            .send(Method::HEAD, path, &[], Body::empty())
            .await;
        assert_eq!(head.status, StatusCode::OK);
    }
    let headers = [("accept", "*/*")];
    let nothing = server
        .visitor()
        .send(Method::PUT, "/none.svg", &headers, Body::empty())
        .await;
    assert_eq!(
        nothing.status,
        StatusCode::NOT_FOUND,
        "there is nothing to put to"
    );
    for (method, path, allowed) in [
        (Method::PUT, "/login", "POST"),
        (Method::DELETE, "/livez", "GET"),
        (Method::PUT, "/api/v1/products", "POST"),
    ] {
        let answer = server
            .visitor()
            .send(method, path, &headers, Body::empty())
            .await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert!(
            answer.header("allow").contains(allowed),
            "{path}: {:?}",
            answer.headers
        );
    }
}

async fn with_hosts(router: &Router, version: Version, hosts: &[&str]) -> (StatusCode, String) {
    let mut request = Request::get("/livez")
        .version(version)
        .header("accept", "text/html");
    for host in hosts {
        request = request.header("host", *host);
    }
    let request = request.body(Body::empty()).expect("a request");
    let answer = router.clone().oneshot(request).await.expect("an answer");
    let (status, body) = (answer.status(), answer.into_body());
    let body = body.collect().await.expect("a body").to_bytes();
    (status, String::from_utf8_lossy(&body).into_owned())
}

#[tokio::test]
async fn a_request_names_one_host() {
    let server = TestServer::start().await;
    let router = router(server.app.clone());
    for (version, hosts) in [
        (Version::HTTP_11, &[] as &[&str]),
        (Version::HTTP_11, &["a.example", "a.example"]),
        (Version::HTTP_11, &["a.example", "b.example"]),
        (Version::HTTP_11, &["a.example/b"]),
        (Version::HTTP_11, &[""]),
        (Version::HTTP_10, &["a.example", "b.example"]),
    ] {
        let (status, body) = with_hosts(&router, version, hosts).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{version:?} {hosts:?}");
        assert!(
            body.contains("\"code\":2000") && body.contains("host"),
            "{body}"
        );
    }
    for (version, hosts) in [
        (Version::HTTP_11, &["127.0.0.1:3000"] as &[&str]),
        (Version::HTTP_11, &["[::1]:3000"]),
        (Version::HTTP_10, &[]),
        (Version::HTTP_10, &["a.example"]),
    ] {
        let (status, _) = with_hosts(&router, version, hosts).await;
        assert_eq!(status, StatusCode::OK, "{version:?} {hosts:?}");
    }
}
