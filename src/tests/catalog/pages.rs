//! The back room: making products, changing them, counting them.

use crate::catalog::lists::{searched, shop};
use crate::catalog::pictures::{png, upload};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::json;

#[tokio::test]
async fn only_staff_get_into_the_back_room() {
    let server = shop().await;
    let mut customer = server.signed_in(Role::Customer).await;
    let mut visitor = server.visitor();
    let edit = [
        ("version", "1"),
        ("name", "Mine now"),
        ("price", "1"),
        ("category", "desk"),
        ("description", ""),
        ("change", "5"),
        ("reason", "x"),
    ];
    let pages = ["/products/new", "/products/mechanical-keyboard/edit"];
    for path in pages {
        let answer = visitor.get(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.header("location").starts_with("/login"));
        assert_eq!(
            customer.get(path).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    let forms = ["edit", "activate", "deactivate", "stock", "picture/delete"];
    let forms = forms.map(|form| format!("/products/mechanical-keyboard/{form}"));
    for path in forms.iter().map(String::as_str).chain(["/products/new"]) {
        let answer = visitor.post(path, &edit).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.header("location").starts_with("/login"), "{path}");
        assert_eq!(
            customer.post(path, &edit).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    let picture = "/products/mechanical-keyboard/picture";
    assert_eq!(
        upload(&mut customer, picture, "image/png", &png(9, 9))
            .await
            .status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        upload(&mut visitor, picture, "image/png", &png(9, 9))
            .await
            .status,
        StatusCode::SEE_OTHER
    );
    let mut program = server.program(Role::Customer).await;
    let body = json!({ "name": "Mine", "price": 1 });
    for (method, path) in [
        (Method::POST, "/api/v1/products"),
        (Method::POST, "/products"),
        (Method::PATCH, "/api/v1/products/2"),
        (Method::DELETE, "/api/v1/products/2"),
    ] {
        let answer = program.send_json(method.clone(), path, body.clone()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path}");
        let answer = visitor.send_json(method.clone(), path, body.clone()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
    }
    let page = visitor.page("/products/mechanical-keyboard").await;
    assert!(
        page.contains("Mechanical keyboard") && !page.contains("/edit"),
        "unchanged, and no way to edit"
    );
}

/// Without the right to do it one learns nothing of what the body should have been.
#[tokio::test]
async fn nobody_else_gets_as_far_as_the_body() {
    let server = shop().await;
    let mut clients = [
        (server.visitor(), StatusCode::UNAUTHORIZED),
        (
            server.signed_in(Role::Customer).await,
            StatusCode::FORBIDDEN,
        ),
        (server.program(Role::Customer).await, StatusCode::FORBIDDEN),
    ];
    let json = [
        (Method::POST, "/api/v1/products"),
        (Method::POST, "/products"),
        (Method::PATCH, "/api/v1/products/2"),
        (Method::DELETE, "/api/v1/products/2"),
        (Method::POST, "/api/v1/products/2/stock"),
        (Method::GET, "/api/v1/products/2/stock"),
        (Method::POST, "/api/v1/categories"),
        (Method::PATCH, "/api/v1/categories/1"),
        (Method::PATCH, "/api/v1/categories/none"),
        (Method::DELETE, "/api/v1/categories/1"),
    ];
    let forms = [
        "/products/new",
        "/products/mechanical-keyboard/edit",
        "/products/mechanical-keyboard/activate",
        "/products/mechanical-keyboard/deactivate",
        "/products/mechanical-keyboard/stock",
        "/products/mechanical-keyboard/picture",
        "/products/mechanical-keyboard/picture/delete",
        "/categories",
        "/categories/1",
        "/categories/1/delete",
    ];
    let forms = forms.map(|path| (Method::POST, path));
    for (method, path) in json.into_iter().chain(forms) {
        for (client, status) in &mut clients {
            let headers = [
                ("accept", "application/json"),
                ("content-type", "application/json"),
                ("idempotency-key", "not a key"),
                ("sec-fetch-site", "same-origin"),
            ];
            let nonsense = Body::from("{nonsense");
            let answer = client.send(method.clone(), path, &headers, nonsense).await;
            assert_eq!(answer.status, *status, "{method} {path}: {}", answer.body);
        }
    }
    let mut staff = server.program(Role::Staff).await;
    assert_eq!(staff.api("/api/v1/products/2").await.data()["version"], 1);
    assert_eq!(staff.api("/api/v1/categories/1").await.data()["version"], 1);
}

#[tokio::test]
async fn staff_make_edit_and_take_off_sale_by_forms() {
    let server = shop().await;
    let mut staff = server.signed_in(Role::Staff).await;
    let fields = [
        ("name", "Walnut Ruler"),
        ("slug", ""),
        ("price", "45.50"),
        ("category", "stationery"),
        ("stock", "3"),
        (
            "description",
            "**Straight**\r\n\r\n<script>alert(1)</script>",
        ),
        ("active", "on"),
    ];
    let made = staff.post("/products/new", &fields).await;
    assert_eq!(
        made.header("location"),
        "/products/walnut-ruler/edit",
        "{}",
        made.body
    );
    let page = staff.page("/products/walnut-ruler").await;
    assert!(page.contains("¥45.50") && page.contains("<strong>Straight</strong>"));
    assert!(!page.contains("alert(1)") && page.contains("Only 3 left"));

    let mut wrong = fields;
    wrong[2] = ("price", "a lot");
    let refused = staff.post("/products/new", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains("value=\"a lot\"") && refused.body.contains("value=\"Walnut Ruler\"")
    );

    wrong[0] = ("name", " ");
    wrong[1] = ("slug", "?");
    let refused = staff.post("/products/new", &wrong).await;
    for fault in [
        "#products-new-name",
        "#products-new-slug",
        "#products-new-price",
    ] {
        assert!(refused.body.contains(fault), "{fault}: all at once");
    }

    let off = staff.post("/products/walnut-ruler/deactivate", &[]).await;
    assert_eq!(off.header("location"), "/products/walnut-ruler");
    let page = staff.page("/products/walnut-ruler").await;
    assert!(page.contains("action=\"/products/walnut-ruler/activate\"") && page.contains("Undo"));
    let mut anyone = server.visitor();
    assert_eq!(
        anyone.get("/products/walnut-ruler").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        anyone.api("/products/walnut-ruler").await.status,
        StatusCode::NOT_FOUND
    );
    assert!(
        !anyone
            .page("/products?q=ruler&state=all")
            .await
            .contains("Walnut Ruler")
    );
    assert!(
        staff
            .page("/products?q=ruler&state=inactive")
            .await
            .contains("Walnut Ruler")
    );
    staff.post("/products/walnut-ruler/activate", &[]).await;
    anyone.page("/products/walnut-ruler").await;
}

#[tokio::test]
async fn a_stale_edit_shows_both_versions_and_loses_nothing() {
    let server = shop().await;
    let mut first = server.signed_in(Role::Staff).await;
    let mut second = server.signed_in(Role::Staff).await;
    let path = "/products/mechanical-keyboard/edit";
    let edit = |version: &'static str, name: &'static str, description: &'static str| {
        [
            ("version", version),
            ("name", name),
            ("price", "900.00"),
            ("category", "desk"),
            ("description", description),
            ("picture_alt", "A keyboard."),
        ]
    };
    second.page(path).await;
    let saved = first
        .post(path, &edit("1", "Their Keyboard", "What they wrote."))
        .await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);

    let twice = first
        .post(path, &edit("1", "Their Keyboard", "What they wrote."))
        .await;
    assert_eq!(
        twice.header("location"),
        saved.header("location"),
        "a double click is no second edit"
    );

    let stale = second
        .post(path, &edit("1", "My Keyboard", "What I typed for an hour."))
        .await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    for part in [
        "My Keyboard",
        "What I typed for an hour.",
        "Their Keyboard",
        "What they wrote.",
    ] {
        assert!(stale.body.contains(part), "{part}");
    }
    assert!(
        stale.body.contains("name=\"version\" value=\"2\""),
        "saving again starts from theirs"
    );
    assert!(stale.body.contains("Take theirs") && stale.body.contains("Save mine over it"));

    // A mistake in between must not make the version look fresh.
    let mut wrong = edit("1", "My Keyboard", "What I typed for an hour.");
    wrong[2] = ("price", "much");
    let refused = second.post(path, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains("name=\"version\" value=\"1\""),
        "{}",
        refused.body
    );

    let over = second
        .post(path, &edit("2", "My Keyboard", "What I typed for an hour."))
        .await;
    assert_eq!(over.header("location"), "/products/mechanical-keyboard");
    assert!(
        second
            .page("/products/mechanical-keyboard/edit")
            .await
            .contains("My Keyboard")
    );
    assert_eq!(
        searched(&mut second, "hour typed").await,
        [2],
        "found by its new words"
    );
    assert!(
        !searched(&mut second, "键盘").await.contains(&2),
        "and not by its old name"
    );
}

#[tokio::test]
async fn stock_changes_have_a_reason_and_never_go_below_zero() {
    let server = shop().await;
    let mut staff = server.signed_in(Role::Staff).await;
    staff.referer = Some("/products/chefs-knife/edit".into());
    let path = "/products/chefs-knife/stock";
    let name = staff.user.clone().expect("somebody").name;
    let done = staff
        .post(path, &[("change", "-2"), ("reason", "Damaged")])
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let page = staff.page("/products/chefs-knife/edit").await;
    assert!(page.contains("Damaged") && page.contains("−2") && page.contains(&name));
    let refused = staff
        .post(path, &[("change", "-2"), ("reason", "Too many & more")])
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("There are only 1 on hand."));
    assert!(
        refused.body.contains("value=\"Too many &amp; more\""),
        "kept"
    );
    for fields in [
        [("change", "x"), ("reason", "y")],
        [("change", "1"), ("reason", " ")],
    ] {
        let refused = staff.post(path, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let version = staff.api("/api/v1/products/chefs-knife").await.data()["version"].clone();
    assert_eq!(version, 1, "a sale does not disturb an edit");
}

#[tokio::test]
async fn programs_change_the_stock_and_read_its_log() {
    let server = shop().await;
    let mut staff = server.program(Role::Staff).await;
    let name = staff.user.clone().expect("somebody").name;
    let path = "/api/v1/products/chefs-knife/stock";
    for (change, stock) in [(4, 7), (-2, 5), (1, 6)] {
        let body = json!({ "change": change, "reason": " Stock  take " });
        let made = staff.send_json(Method::POST, path, body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        assert!(made.header("location").ends_with("/stock"));
        let made = made.data();
        assert_eq!(
            (
                &made["change"],
                &made["stock"],
                &made["reason"],
                &made["actor"]
            ),
            (
                &json!(change),
                &json!(stock),
                &json!("Stock take"),
                &json!(name)
            )
        );
    }
    for (body, field) in [
        (json!({ "change": -7, "reason": "Sold" }), "change"),
        (json!({ "change": 0, "reason": "Sold" }), "change"),
        (
            json!({ "change": 1_000_000_000_000_i64, "reason": "Delivery" }),
            "change",
        ),
        (json!({ "change": i64::MIN, "reason": "Sold" }), "change"),
        (json!({ "change": 1, "reason": "" }), "reason"),
    ] {
        let refused = staff.send_json(Method::POST, path, body.clone()).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert!(refused.json()["errors"][field].is_string(), "{body}");
    }
    let first = staff.api(&format!("{path}?limit=3")).await.data();
    let changes: Vec<i64> = first["items"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|entry| entry["change"].as_i64())
        .collect();
    assert_eq!(changes, [1, -2, 4], "the latest first");
    let cursor = first["next_cursor"].as_str().expect("one more");
    let rest = staff
        .api(&format!("{path}?limit=3&cursor={cursor}"))
        .await
        .data();
    assert_eq!(rest["items"][0]["reason"], "Opening stock");
    assert_eq!(rest["next_cursor"], json!(null));
    for (path, status) in [
        ("/api/v1/products/999/stock", StatusCode::NOT_FOUND),
        (
            "/api/v1/products/1/stock?cursor=abc",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
    ] {
        assert_eq!(staff.api(path).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn a_page_is_described_once() {
    let server = shop().await;
    let mut anyone = server.visitor();
    for (path, described) in [
        ("/", 1),
        ("/products", 0),
        ("/products/fountain-pen", 1),
        ("/login", 0),
    ] {
        let page = anyone.page(path).await;
        assert_eq!(
            page.matches("name=\"description\"").count(),
            described,
            "{path}"
        );
    }
    let page = anyone.page("/products/fountain-pen").await;
    for (property, content) in [
        ("og:title", "Fountain pen"),
        ("og:url", "http://127.0.0.1:3000/products/fountain-pen"),
        ("og:image", "http://127.0.0.1:3000/pictures-demo/"),
    ] {
        let (_, rest) = page.split_once(property).expect("is there");
        let tag = rest.split('>').next().unwrap_or_default();
        assert!(tag.contains(content), "{property}: {tag}");
    }
}

/// A browser sends every field of a form. Empty ones are not in the address that people read,
/// keep and pass on.
#[tokio::test]
async fn empty_fields_of_a_filter_leave_the_address() {
    let server = shop().await;
    let mut staff = server.signed_in(Role::Staff).await;
    for (asked, left) in [
        ("/products?q=&min_price=&max_price=", "/products"),
        (
            "/products?q=mug&category=&in_stock=on&state=",
            "/products?q=mug&in_stock=on",
        ),
        (
            "/orders/all?q=mei&payment=&from=&to=&min=",
            "/orders/all?q=mei",
        ),
        ("/tasks?view=all&q=&label=", "/tasks?view=all"),
    ] {
        let answer = staff.get(asked).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{asked}");
        assert_eq!(answer.header("location"), left);
        assert_eq!(staff.get(left).await.status, StatusCode::OK, "{left}");
    }
    let elsewhere = staff.get("//evil.example/?q=").await;
    assert!(!elsewhere.status.is_redirection(), "{}", elsewhere.status);
}
