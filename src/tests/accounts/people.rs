//! Accounts: pages, sessions, tokens, and what admins may do.

use crate::accounts::refresh::{login, refresh, works};
use crate::support::{PASSWORD, TestServer};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::json;

pub const GOOD: [(&str, &str); 3] = [
    ("name", "Mei Lin"),
    ("email", "Mei@Example.com"),
    ("password", "copper-lantern-71"),
];

#[tokio::test]
async fn a_visitor_registers_and_is_signed_in() {
    let server = TestServer::start().await;
    let mut browser = server.visitor();
    let answer = browser
        .post(
            "/register",
            &[GOOD[0], GOOD[1], GOOD[2], ("next", "/account")],
        )
        .await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/account")
    );
    let account = browser.page("/account").await;
    assert!(account.contains("Welcome, Mei Lin."), "said once");
    assert!(account.contains("mei@example.com"), "in lower case");
    assert!(
        !browser.page("/account").await.contains("Welcome"),
        "and not twice"
    );
    assert_eq!(
        browser.post("/logout", &[]).await.status,
        StatusCode::SEE_OTHER
    );
    let answer = browser.get("/account").await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/login?next=%2Faccount")
    );
}

#[tokio::test]
async fn a_refused_registration_keeps_what_was_typed_but_no_password() {
    let server = TestServer::start().await;
    let fields = [
        ("name", ""),
        ("email", "mei@nowhere"),
        ("password", "password123"),
    ];
    let answer = server.visitor().post("/register", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("value=\"mei@nowhere\""));
    assert!(answer.body.contains("Write your name."));
    assert!(answer.body.contains("Write an e-mail address"));
    assert!(answer.body.contains("id=\"register-password-error\""));
    assert!(!answer.body.contains("password123"));
}

#[tokio::test]
async fn an_address_has_one_account() {
    let server = TestServer::start().await;
    server.visitor().post("/register", &GOOD).await;
    let twice = server.visitor().post("/register", &GOOD).await;
    assert_eq!(
        twice.status,
        StatusCode::SEE_OTHER,
        "a double click signs in"
    );
    let other = [GOOD[0], GOOD[1], ("password", "another-lantern-72")];
    let answer = server.visitor().post("/register", &other).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer
            .body
            .contains("There is already an account with this address.")
    );
}

#[tokio::test]
async fn a_session_gets_a_new_id_at_sign_in() {
    let server = TestServer::start().await;
    let user = server.person(Role::Customer).await;
    let mut browser = server.sign_in(&user).await;
    let before = browser.cookies["session"].clone();
    browser
        .post("/login", &[("email", &user.email), ("password", PASSWORD)])
        .await;
    let mut old = server.visitor();
    old.cookies.insert("session".into(), before);
    assert_eq!(
        old.get("/account").await.status,
        StatusCode::SEE_OTHER,
        "the old id is worth nothing"
    );
}

#[tokio::test]
async fn a_new_role_counts_at_once_and_renews_the_session() {
    let server = TestServer::start().await;
    let user = server.person(Role::Customer).await;
    let mut browser = server.sign_in(&user).await;
    let before = browser.cookies["session"].clone();
    let mut admin = server.program(Role::Admin).await;
    let path = format!("/api/v1/users/{}", user.id);
    admin
        .send_json(Method::PATCH, &path, json!({ "role": "admin" }))
        .await;
    browser.page("/admin/users").await;
    assert_ne!(browser.cookies["session"], before);
    browser.page("/admin/users").await;
}

#[tokio::test]
async fn people_change_their_own_name_address_and_password() {
    let server = TestServer::start().await;
    let user = server.person(Role::Customer).await;
    let mut browser = server.sign_in(&user).await;
    let mut elsewhere = server.sign_in(&user).await;

    browser
        .post("/account/name", &[("name", "  New   Name ")])
        .await;
    assert!(
        browser
            .page("/account")
            .await
            .contains("value=\"New Name\"")
    );

    let wrong = [
        ("email", "new@example.com"),
        ("current_password", "not mine at all"),
    ];
    browser.referer = Some("/account".into());
    let answer = browser.post("/account/email", &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("This is not your current password."));
    assert!(answer.body.contains("value=\"new@example.com\""), "kept");
    let right = [("email", "new@example.com"), ("current_password", PASSWORD)];
    assert_eq!(
        browser.post("/account/email", &right).await.status,
        StatusCode::SEE_OTHER
    );

    let change = [
        ("current_password", PASSWORD),
        ("password", "harbour-violin-88"),
    ];
    assert_eq!(
        browser.post("/account/password", &change).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        elsewhere.get("/account").await.status,
        StatusCode::SEE_OTHER,
        "signed out elsewhere"
    );
    browser.page("/account").await;
    let credentials = [
        ("email", "new@example.com"),
        ("password", "harbour-violin-88"),
    ];
    assert_eq!(
        server.visitor().post("/login", &credentials).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_their_owner_alone() {
    let server = TestServer::start().await;
    let user = server.person(Role::Customer).await;
    let mut here = server.sign_in(&user).await;
    let mut there = server.sign_in(&user).await;
    let page = here.page("/account").await;
    assert!(page.contains("This browser") && page.contains("127.0.0.1"));
    let id = page
        .split("name=\"id\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("the other's id");

    let mut stranger = server.signed_in(Role::Customer).await;
    stranger.post("/account/sessions", &[("id", id)]).await;
    there.page("/account").await;

    here.post("/account/sessions", &[("id", id)]).await;
    assert_eq!(there.get("/account").await.status, StatusCode::SEE_OTHER);
    let mut third = server.sign_in(&user).await;
    here.post("/account/sessions", &[]).await;
    assert_eq!(third.get("/account").await.status, StatusCode::SEE_OTHER);
    here.page("/account").await;
}

#[tokio::test]
async fn a_program_registers_and_is_told_who_it_is() {
    let server = TestServer::start().await;
    let body =
        json!({ "name": "Mei", "email": "mei@example.com", "password": "copper-lantern-71" });
    let answer = server
        .visitor()
        .send_json(Method::POST, "/api/v1/auth/register", body)
        .await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::CREATED, "/api/v1/me")
    );
    let data = answer.data();
    assert_eq!(
        (&data["token_type"], &data["expires_in"]),
        (&json!("Bearer"), &json!(900))
    );
    let mut client = server.visitor();
    client.token = data["access_token"].as_str().map(str::to_owned);
    let me = client.api("/api/v1/me").await.data();
    assert_eq!(me, data["user"]);
    assert_eq!(
        me["role"], "customer",
        "whatever a registration may ask for"
    );
    let change = json!({ "name": "Mei Lin" });
    assert_eq!(
        client
            .send_json(Method::PATCH, "/api/v1/me", change)
            .await
            .data()["name"],
        "Mei Lin"
    );
    let promote = json!({ "role": "admin" });
    assert_eq!(
        client
            .send_json(Method::PATCH, "/api/v1/me", promote)
            .await
            .status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn access_tokens_end_and_refresh_tokens_follow_one_another() {
    let server = TestServer::start().await;
    let user = server.person(Role::Customer).await;
    let first = login(&server, &user.email).await;
    server.app.clock.advance(15 * 60);
    assert!(!works(&server, &first).await, "after 15 minutes");
    let second = refresh(&server, &first["refresh_token"]).await.data();
    assert!(works(&server, &second).await);
    server.app.clock.advance(7 * 86_400);
    assert_eq!(
        refresh(&server, &second["refresh_token"]).await.status,
        StatusCode::UNAUTHORIZED,
        "after 7 days"
    );
}

#[tokio::test]
async fn signing_out_ends_the_tokens() {
    let server = TestServer::start().await;
    let user = server.person(Role::Customer).await;
    let data = login(&server, &user.email).await;
    let body = json!({ "refresh_token": data["refresh_token"] });
    for _ in 0..2 {
        let answer = server
            .visitor()
            .send_json(Method::POST, "/api/v1/auth/logout", body.clone())
            .await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
    }
    assert!(!works(&server, &data).await);
    assert_eq!(
        refresh(&server, &data["refresh_token"]).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn only_admins_see_and_change_people() {
    let server = TestServer::start().await;
    let target = server.person(Role::Customer).await.id;
    let one = format!("/api/v1/users/{target}");
    for (role, status) in [
        (None, 401),
        (Some(Role::Customer), 403),
        (Some(Role::Staff), 403),
    ] {
        let mut client = match role {
            Some(role) => server.program(role).await,
            None => server.visitor(),
        };
        let refused = StatusCode::from_u16(status).expect("a status");
        assert_eq!(client.api("/api/v1/users").await.status, refused);
        assert_eq!(client.api(&one).await.status, refused);
        for (method, path) in [
            (Method::POST, "/api/v1/users"),
            (Method::PATCH, &one),
            (Method::DELETE, &one),
        ] {
            let body =
                json!({ "name": "X", "email": "x@example.com", "password": "copper-lantern-71" });
            assert_eq!(
                client.send_json(method, path, body).await.status,
                refused,
                "{path}"
            );
        }
        let mut browser = match role {
            Some(role) => server.signed_in(role).await,
            None => server.visitor(),
        };
        let at_a_page = if role.is_some() {
            StatusCode::FORBIDDEN
        } else {
            StatusCode::SEE_OTHER
        };
        for path in ["/admin/users", &format!("/admin/users/{target}")] {
            assert_eq!(browser.get(path).await.status, at_a_page, "{path}");
        }
        for path in [
            "/admin/users",
            &format!("/admin/users/{target}"),
            &format!("/admin/users/{target}/active"),
        ] {
            let fields = [
                ("name", "X"),
                ("email", "x@example.com"),
                ("password", "copper-lantern-71"),
                ("role", "admin"),
                ("version", "1"),
                ("active", "false"),
            ];
            assert_eq!(
                browser.post(path, &fields).await.status,
                at_a_page,
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn people_are_found_whatever_the_case_of_their_letters() {
    let server = TestServer::start().await;
    let mut admin = server.program(Role::Admin).await;
    let person = json!({ "name": "Élodie Ønsker", "email": "e@example.com", "password": PASSWORD, "role": "staff" });
    let answer = admin.send_json(Method::POST, "/api/v1/users", person).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    for (query, found) in [
        ("%C3%89LODIE", 1),
        ("%C3%A9lodie", 1),
        ("die+%C3%B8N", 1),
        ("E@EXAMPLE", 1),
        ("elodie", 1),
        ("onsker", 1),
        ("*", 0),
        ("%5B%C3%A9%5D", 0),
    ] {
        let path = format!("/api/v1/users?q={query}");
        let items = admin.api(&path).await.data()["items"].clone();
        assert_eq!(items.as_array().map(Vec::len), Some(found), "{query}");
    }
}

#[tokio::test]
async fn a_character_that_no_text_can_have_is_a_mistake_and_no_failure() {
    let server = TestServer::start().await;
    let body = json!({ "email": "a\u{0}@example.com", "password": "a wrong guess" });
    let answer = server
        .visitor()
        .send_json(Method::POST, "/api/v1/auth/login", body)
        .await;
    assert!(answer.status.is_client_error(), "{}", answer.body);
    let mut admin = server.signed_in(Role::Admin).await;
    for path in [
        "/admin/users?q=%00",
        "/tasks?label=%00",
        "/tasks?status=%00",
        "/ledger?q=%00",
    ] {
        let status = admin.get(path).await.status;
        assert!(!status.is_server_error(), "{path}: {status}");
    }
}

#[tokio::test]
async fn an_admin_lists_searches_makes_and_changes() {
    let server = TestServer::start().await;
    let mut admin = server.program(Role::Admin).await;
    for number in 0..5 {
        let body = json!({ "name": format!("Person {number}"), "email": format!("p{number}@example.com"), "password": "copper-lantern-71", "role": "staff" });
        let answer = admin.send_json(Method::POST, "/api/v1/users", body).await;
        assert_eq!(answer.status, StatusCode::CREATED);
        assert_eq!(
            answer.header("location"),
            format!("/api/v1/users/{}", answer.data()["id"])
        );
    }
    let mut names = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = admin
            .api(&format!("/api/v1/users?role=staff&limit=2&cursor={cursor}"))
            .await
            .data();
        names.extend(
            page["items"]
                .as_array()
                .expect("items")
                .iter()
                .map(|user| user["name"].to_string()),
        );
        match page["next_cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    assert_eq!(
        names,
        [
            "\"Person 4\"",
            "\"Person 3\"",
            "\"Person 2\"",
            "\"Person 1\"",
            "\"Person 0\""
        ]
    );
    let found = admin.api("/api/v1/users?q=PERSON%203").await.data();
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
    let none = admin.api("/api/v1/users?q=%25").await.data();
    assert_eq!(
        none["items"].as_array().map(Vec::len),
        Some(0),
        "a percent sign is a percent sign"
    );
    assert_eq!(
        admin.api("/api/v1/users?cursor=nonsense").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );

    let path = format!("/api/v1/users/{}", found["items"][0]["id"]);
    let changed = admin
        .send_json(
            Method::PATCH,
            &path,
            json!({ "name": "Renamed", "version": 1 }),
        )
        .await
        .data();
    assert_eq!(
        (&changed["name"], &changed["version"]),
        (&json!("Renamed"), &json!(2))
    );
    let stale = admin
        .send_json(
            Method::PATCH,
            &path,
            json!({ "name": "Again", "version": 1 }),
        )
        .await;
    assert_eq!((stale.status, stale.code()), (StatusCode::CONFLICT, 3001));
    assert_eq!(
        admin.api("/api/v1/users/999999").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_stale_edit_keeps_what_was_typed() {
    let server = TestServer::start().await;
    let user = server.person(Role::Customer).await;
    let mut admin = server.signed_in(Role::Admin).await;
    let path = format!("/admin/users/{}", user.id);
    let edit = |name: &'static str, version: &'static str| {
        [
            ("name", name),
            ("email", "customer1@example.com"),
            ("role", "staff"),
            ("version", version),
        ]
    };
    assert_eq!(
        admin.post(&path, &edit("First", "1")).await.status,
        StatusCode::SEE_OTHER
    );
    let answer = admin.post(&path, &edit("Second", "1")).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.body.contains("value=\"Second\""), "{}", answer.body);
    assert!(answer.body.contains("Somebody changed this account"));
}

#[tokio::test]
async fn disabling_ends_sessions_and_tokens_at_once() {
    let server = TestServer::start().await;
    let user = server.person(Role::Staff).await;
    let mut browser = server.sign_in(&user).await;
    let mut program = server.program_of(&user).await;
    browser.page("/account").await;
    let mut admin = server.signed_in(Role::Admin).await;
    let path = format!("/admin/users/{}/active", user.id);
    assert_eq!(
        admin.post(&path, &[("active", "false")]).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(browser.get("/account").await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        program.api("/api/v1/me").await.status,
        StatusCode::UNAUTHORIZED
    );
    let credentials = [("email", user.email.as_str()), ("password", PASSWORD)];
    let answer = server.visitor().post("/login", &credentials).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(
        answer
            .body
            .contains("The e-mail address or the password is wrong."),
        "the same words"
    );
    admin.post(&path, &[("active", "true")]).await;
    assert_eq!(
        server.visitor().post("/login", &credentials).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn nobody_can_remove_the_last_admin() {
    let server = TestServer::start().await;
    let mut admin = server.program(Role::Admin).await;
    let me = format!("/api/v1/users/{}", admin.id());
    for body in [json!({ "role": "staff" }), json!({ "active": false })] {
        let answer = admin.send_json(Method::PATCH, &me, body).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3002));
    }
    assert_eq!(
        admin.send_json(Method::DELETE, &me, json!({})).await.status,
        StatusCode::CONFLICT
    );

    // Two admins who remove each other at the same moment: one of them stays.
    let mut second = server.program(Role::Admin).await;
    let them = format!("/api/v1/users/{}", second.id());
    let _ = tokio::join!(
        admin.send_json(Method::DELETE, &them, json!({})),
        second.send_json(Method::DELETE, &me, json!({}))
    );
    let mut left = 0;
    for client in [&mut admin, &mut second] {
        left += usize::from(client.api("/api/v1/me").await.status == StatusCode::OK);
    }
    assert_eq!(left, 1);
}
