//! Pictures of products, from the form to the browser.

use crate::catalog::lists::shop;
use crate::support::{Answer, Client};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use image::{DynamicImage, ImageFormat};
use std::io::Cursor;

pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(width, height)
        .write_to(&mut bytes, ImageFormat::Png)
        .expect("encodes");
    bytes.into_inner()
}

pub async fn upload(client: &mut Client, path: &str, content_type: &str, file: &[u8]) -> Answer {
    let head = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\n\
         Content-Type: {content_type}\r\n\r\n"
    );
    let body = [head.as_bytes(), file, b"\r\n--edge--\r\n"].concat();
    let headers = [
        ("accept", "text/html"),
        ("content-type", "multipart/form-data; boundary=edge"),
        ("sec-fetch-site", "same-origin"),
    ];
    client
        .send(Method::POST, path, &headers, Body::from(body))
        .await
}

#[tokio::test]
async fn a_picture_is_uploaded_shown_and_kept_for_ever() {
    let server = shop().await;
    let mut staff = server.signed_in(Role::Staff).await;
    let path = "/products/mechanical-keyboard/picture";
    let done = upload(&mut staff, path, "image/png", &png(1500, 900)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let url = staff.api("/api/v1/products/2").await.data()["image_url"].clone();
    let url = url.as_str().expect("an address").to_owned();
    let mut anyone = server.visitor();
    for url in [url.clone(), url.replace("-1200", "-320")] {
        let picture = anyone.api(&url).await;
        assert_eq!(picture.status, StatusCode::OK, "{url}");
        assert_eq!(picture.header("content-type"), "image/webp");
        assert!(picture.header("cache-control").contains("immutable"));
        assert!(picture.body.starts_with("RIFF"));
    }
    assert!(
        anyone
            .page("/products")
            .await
            .contains(&url.replace("-1200", "-320"))
    );
    for missing in [
        "/pictures/abc-320.webp",
        "/pictures/x",
        "/pictures/%00-320.webp",
    ] {
        assert_eq!(
            anyone.api(missing).await.status,
            StatusCode::NOT_FOUND,
            "{missing}"
        );
    }
    let wrong_size = url.replace("-1200", "-500");
    assert_eq!(anyone.api(&wrong_size).await.status, StatusCode::NOT_FOUND);
    staff
        .post("/products/mechanical-keyboard/picture/delete", &[])
        .await;
    assert_eq!(
        anyone.api(&url).await.status,
        StatusCode::NOT_FOUND,
        "shown by no product"
    );
}

#[tokio::test]
async fn a_file_that_is_no_picture_is_refused_with_its_page() {
    let server = shop().await;
    let mut staff = server.signed_in(Role::Staff).await;
    staff.referer = Some("/products/mechanical-keyboard/edit".into());
    let path = "/products/mechanical-keyboard/picture";
    let file = png(30, 30);
    let cases: [(&str, Vec<u8>, StatusCode, &str); 5] = [
        (
            "image/jpeg",
            file.clone(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "The file says it is image/jpeg",
        ),
        (
            "image/png",
            b"<svg></svg>".to_vec(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "not a PNG, JPEG or WebP",
        ),
        (
            "image/png",
            file[..60].to_vec(),
            StatusCode::UNPROCESSABLE_ENTITY,
            "damaged",
        ),
        (
            "image/png",
            Vec::new(),
            StatusCode::UNPROCESSABLE_ENTITY,
            "Choose a picture first.",
        ),
        (
            "image/png",
            vec![0; (5 << 20) + 1],
            StatusCode::PAYLOAD_TOO_LARGE,
            "at most 5 MiB",
        ),
    ];
    for (content_type, file, status, words) in cases {
        let answer = upload(&mut staff, path, content_type, &file).await;
        assert_eq!(answer.status, status, "{words}");
        assert!(answer.body.contains(words), "{words}");
        assert!(
            answer.body.contains("name=\"picture\""),
            "the form is there again"
        );
    }
    let huge = upload(&mut staff, path, "image/png", &vec![0; 7 << 20]).await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
}
