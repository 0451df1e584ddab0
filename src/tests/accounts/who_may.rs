//! Permissions: one's own account as nobody, as each role and beside another person, and the back room
//! of the shop as each role.

use crate::catalog::lists::shop;
use crate::catalog::pictures::{png, upload};
use crate::support::{Answer, Client, PASSWORD, TestServer, number};
use axum::http::{Method, StatusCode};
use guildhall::accounts::{Role, User};
use serde_json::{Value, json};

const NEW_PASSWORD: &str = "harbour-violin-88";
const ROLES: [Role; 3] = [Role::Customer, Role::Staff, Role::Admin];

/// The forms of the account's page, each with what it takes.
fn account_forms() -> [(&'static str, Vec<(&'static str, &'static str)>); 5] {
    [
        ("/account/name", vec![("name", "Renamed")]),
        (
            "/account/email",
            vec![
                ("email", "moved@example.com"),
                ("current_password", PASSWORD),
            ],
        ),
        (
            "/account/password",
            vec![("password", NEW_PASSWORD), ("current_password", PASSWORD)],
        ),
        ("/account/sessions", vec![]),
        ("/account/sessions", vec![("id", "0123456789")]),
    ]
}

fn to_sign_in(answer: &Answer, what: &str) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{what}");
    assert!(answer.header("location").starts_with("/login"), "{what}");
}

/// The person is as before, with their password, their session and their token.
async fn is_untouched(server: &TestServer, user: &User, browser: &mut Client, token: &mut Client) {
    let me = token.api("/api/v1/me").await.data();
    assert_eq!(me["name"], user.name);
    assert_eq!(me["email"], user.email);
    assert_eq!(me["role"], user.role.as_str());
    browser.page("/account").await;
    server.sign_in(user).await;
}

#[tokio::test]
async fn nobody_has_no_account_to_change() {
    let server = TestServer::start().await;
    let user = server.person(Role::Customer).await;
    let mut browser = server.sign_in(&user).await;
    let mut token = server.program_of(&user).await;
    let mut nobody = server.visitor();
    to_sign_in(&nobody.get("/account").await, "the page");
    for (path, fields) in account_forms() {
        to_sign_in(&nobody.post(path, &fields).await, path);
    }
    let answer = nobody.api("/api/v1/me").await;
    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::UNAUTHORIZED, 1401)
    );
    for body in [
        json!({}),
        json!({ "name": "Renamed" }),
        json!({ "email": "moved@example.com", "current_password": PASSWORD }),
        json!("nonsense"),
    ] {
        let answer = nobody.send_json(Method::PATCH, "/api/v1/me", body).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", answer.body);
    }
    is_untouched(&server, &user, &mut browser, &mut token).await;
}

#[tokio::test]
async fn in_every_role_people_change_themselves_and_nobody_else() {
    for role in ROLES {
        let server = TestServer::start().await;
        let other = server.person(role).await;
        let mut others_browser = server.sign_in(&other).await;
        let mut others_token = server.program_of(&other).await;

        let user = server.person(role).await;
        let mut browser = server.sign_in(&user).await;
        assert!(browser.page("/account").await.contains(&user.email));
        for (path, mut fields) in account_forms() {
            // Whom it is about is not for the form to say.
            let id = other.id.to_string();
            fields.extend([("user_id", id.as_str()), ("role", "admin")]);
            let answer = browser.post(path, &fields).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{role:?} {path}");
            assert_eq!(answer.header("location"), "/account", "{role:?} {path}");
        }
        let mut token = server.visitor();
        let body = json!({ "email": "moved@example.com", "password": NEW_PASSWORD });
        let answer = token
            .send_json(Method::POST, "/api/v1/auth/login", body)
            .await;
        token.cookies.clear();
        token.token = answer.data()["access_token"].as_str().map(str::to_owned);
        let me = token.api("/api/v1/me").await.data();
        assert_eq!(
            (&me["id"], &me["name"]),
            (&json!(user.id), &json!("Renamed"))
        );
        assert_eq!(me["role"], role.as_str(), "still");
        is_untouched(&server, &other, &mut others_browser, &mut others_token).await;
    }
}

#[tokio::test]
async fn in_every_role_programs_read_and_change_their_own_person() {
    for role in ROLES {
        let server = TestServer::start().await;
        let other = server.person(role).await;
        let mut others_browser = server.sign_in(&other).await;
        let mut others_token = server.program_of(&other).await;

        let user = server.person(role).await;
        let mut token = server.program_of(&user).await;
        let me = token.api("/api/v1/me").await.data();
        assert_eq!(
            (&me["id"], &me["email"], &me["role"]),
            (&json!(user.id), &json!(user.email), &json!(role.as_str()))
        );
        let mut change =
            async |body: Value| token.send_json(Method::PATCH, "/api/v1/me", body).await;
        for (field, value) in [
            ("role", json!("admin")),
            ("id", json!(other.id)),
            ("active", json!(false)),
        ] {
            let answer = change(json!({ "name": "Renamed", field: value })).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        }
        for body in [
            json!({ "email": "moved@example.com" }),
            json!({ "email": "moved@example.com", "current_password": "a wrong one" }),
            json!({ "password": NEW_PASSWORD }),
        ] {
            let answer = change(body).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.json()["errors"]["current_password"].is_string());
        }
        let taken = json!({ "email": other.email, "current_password": PASSWORD });
        let answer = change(taken).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let moved = json!({ "name": "Renamed", "email": "moved@example.com", "current_password": PASSWORD });
        let me = change(moved).await.data();
        assert_eq!(
            (&me["id"], &me["name"], &me["email"], &me["role"]),
            (
                &json!(user.id),
                &json!("Renamed"),
                &json!("moved@example.com"),
                &json!(role.as_str())
            )
        );
        is_untouched(&server, &other, &mut others_browser, &mut others_token).await;
    }
}

/// The JSON that the back room of the shop takes: on a product and a category that are there.
fn back_room(product: i64, category: i64, name: &str) -> Vec<(Method, String, Value, StatusCode)> {
    use Method as M;
    let (made, fine, gone) = (StatusCode::CREATED, StatusCode::OK, StatusCode::NO_CONTENT);
    let new = json!({ "name": name, "price": 900, "stock": 1 });
    let product = format!("/api/v1/products/{product}");
    let category = format!("/api/v1/categories/{category}");
    let stock = format!("{product}/stock");
    vec![
        (M::POST, "/api/v1/products".into(), new.clone(), made),
        (M::POST, "/products".into(), new, made),
        (M::PATCH, product.clone(), json!({ "price": 901 }), fine),
        (
            M::POST,
            stock.clone(),
            json!({ "change": 3, "reason": "Found" }),
            made,
        ),
        (M::GET, stock, json!(null), fine),
        (M::DELETE, product, json!(null), gone),
        (
            M::POST,
            "/api/v1/categories".into(),
            json!({ "name": name }),
            made,
        ),
        (
            M::PATCH,
            category.clone(),
            json!({ "name": format!("{name} too"), "version": 1 }),
            fine,
        ),
        (M::DELETE, category, json!(null), gone),
    ]
}

#[tokio::test]
async fn the_back_room_is_open_to_staff_and_admins_through_the_api() {
    let server = shop().await;
    let mut staff = server.program(Role::Staff).await;
    let mut empty = Vec::new();
    for name in ["Empty 1", "Empty 2"] {
        let body = json!({ "name": name });
        let answer = staff
            .send_json(Method::POST, "/api/v1/categories", body)
            .await;
        empty.push(answer.data()["id"].as_i64().expect("an id"));
    }
    let counts = async || {
        let mut counts = Vec::new();
        for table in ["products", "categories", "stock_adjustments"] {
            let query = format!("SELECT COUNT(*) FROM {table}");
            counts.push(number(&server.app, &query).await);
        }
        counts
    };
    let before = counts().await;
    for (mut client, status) in [
        (server.visitor(), StatusCode::UNAUTHORIZED),
        (server.program(Role::Customer).await, StatusCode::FORBIDDEN),
        (
            server.signed_in(Role::Customer).await,
            StatusCode::FORBIDDEN,
        ),
    ] {
        for (method, path, body, _) in back_room(2, empty[0], "Mine") {
            let answer = client.send_json(method.clone(), &path, body).await;
            assert_eq!(answer.status, status, "{method} {path}: {}", answer.body);
        }
    }
    assert_eq!(counts().await, before);
    let admin = server.program(Role::Admin).await;
    for (mut client, product, category, name) in [
        (staff, 2, empty[0], "Of staff"),
        (admin, 3, empty[1], "Of the admin"),
    ] {
        for (method, path, body, status) in back_room(product, category, name) {
            let answer = client.send_json(method.clone(), &path, body).await;
            assert_eq!(
                answer.status, status,
                "{name}: {method} {path}: {}",
                answer.body
            );
        }
    }
    // Two products each with what they began with, what was found, and a category each.
    assert_eq!(counts().await, [before[0] + 4, before[1], before[2] + 6]);
}

/// The same in a browser, on the product with this slug.
fn back_room_forms(slug: &str, name: &str, category: i64) -> Vec<(String, Vec<(String, String)>)> {
    let pairs = |fields: &[(&str, &str)]| {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        fields.iter().map(owned).collect::<Vec<_>>()
    };
    let product = |form: &str| format!("/products/{slug}/{form}");
    let edit = [
        ("version", "1"),
        ("name", name),
        ("price", "9.00"),
        ("category", "desk"),
        ("description", ""),
    ];
    let renamed = format!("{name} too");
    let word = renamed.to_lowercase().replace(' ', "-");
    let change = [("name", &*renamed), ("slug", &*word), ("version", "1")];
    vec![
        (product("edit"), pairs(&edit)),
        ("/products/new".into(), pairs(&edit)),
        (
            product("stock"),
            pairs(&[("change", "5"), ("reason", "Found")]),
        ),
        (product("deactivate"), vec![]),
        (product("activate"), vec![]),
        (product("picture/delete"), vec![]),
        ("/categories".into(), pairs(&[("name", name)])),
        (format!("/categories/{category}"), pairs(&change)),
        (format!("/categories/{category}/delete"), vec![]),
    ]
}

async fn send(client: &mut Client, path: &str, fields: &[(String, String)]) -> Answer {
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    client.post(path, &fields).await
}

#[tokio::test]
async fn the_back_room_is_open_to_staff_and_admins_in_a_browser() {
    let server = shop().await;
    let mut staff = server.program(Role::Staff).await;
    let mut empty = Vec::new();
    for name in ["Empty 1", "Empty 2"] {
        let body = json!({ "name": name });
        let answer = staff
            .send_json(Method::POST, "/api/v1/categories", body)
            .await;
        empty.push(answer.data()["id"].as_i64().expect("an id"));
    }
    let pages = |slug: &str| {
        [
            "/products/new".to_owned(),
            format!("/products/{slug}/edit"),
            "/categories".to_owned(),
        ]
    };
    let changes = "SELECT CAST(SUM(version) AS BIGINT) FROM products";
    let before = number(&server.app, changes).await;
    let keyboard = "mechanical-keyboard";
    let mut visitor = server.visitor();
    let mut customer = server.signed_in(Role::Customer).await;
    for path in pages(keyboard) {
        to_sign_in(&visitor.get(&path).await, &path);
        assert_eq!(
            customer.get(&path).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    for (path, fields) in back_room_forms(keyboard, "Mine", empty[0]) {
        to_sign_in(&send(&mut visitor, &path, &fields).await, &path);
        let answer = send(&mut customer, &path, &fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(number(&server.app, changes).await, before);

    for (role, slug, name, category) in [
        (Role::Staff, keyboard, "Of staff", empty[0]),
        (Role::Admin, "stoneware-mug", "Of the admin", empty[1]),
    ] {
        let mut browser = server.signed_in(role).await;
        for path in pages(slug) {
            browser.page(&path).await;
        }
        let picture = format!("/products/{slug}/picture");
        let mut forms = back_room_forms(slug, name, category);
        let edit = forms.remove(0);
        let answer = send(&mut browser, &edit.0, &edit.1).await;
        assert_eq!(
            answer.status,
            StatusCode::SEE_OTHER,
            "{role:?}: {}",
            answer.body
        );
        let answer = upload(&mut browser, &picture, "image/png", &png(40, 30)).await;
        assert_eq!(
            answer.status,
            StatusCode::SEE_OTHER,
            "{role:?}: {}",
            answer.body
        );
        for (path, fields) in forms {
            let answer = send(&mut browser, &path, &fields).await;
            assert_eq!(
                answer.status,
                StatusCode::SEE_OTHER,
                "{role:?} {path}: {}",
                answer.body
            );
        }
    }
}
