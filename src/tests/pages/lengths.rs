//! Length limits of texts from outside: what is longer than a place can hold is refused, or cut where it is
//! nobody's to mend, and never reaches a store whole.

use crate::pages::whole_company::{addresses, ends_something, filled, text_columns, whole_company};
use crate::support::company::{Company, post_keyed};
use crate::support::page_parts::Page;
use crate::support::{Client, number};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use leptos_axum::generate_route_list;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Longer than a row of an index may be on PostgreSQL, and longer than any page wants.
const LENGTHS: [usize; 2] = [3_000, 100_000];

/// Text that no compression makes short: a row of an index is measured compressed.
fn long(length: usize) -> String {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let letter = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(b'a' + (state % 26) as u8)
    };
    (0..length).map(letter).collect()
}

/// Every text in the body, each in turn replaced by a long one: the field's path and the body.
fn lengthened(body: &Value, text: &str) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    let children: Vec<(String, &Value)> = match body {
        Value::String(_) => return vec![(String::new(), json!(text))],
        Value::Object(fields) => fields
            .iter()
            .map(|(name, field)| (name.clone(), field))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(i, item)| (i.to_string(), item))
            .collect(),
        _ => return found,
    };
    for (name, child) in children {
        for (path, changed) in lengthened(child, text) {
            let mut whole = body.clone();
            match name.parse::<usize>() {
                Ok(index) => whole[index] = changed,
                Err(_) => whole[&name] = changed,
            }
            found.push((format!("{name}.{path}"), whole));
        }
    }
    found
}

#[tokio::test]
async fn no_text_of_a_body_is_taken_at_any_length() {
    let mut company = Company::open().await;
    let mut admin = company.server.program(Role::Admin).await;
    let order = company.place(2, "wallet").await;
    let (mei, product) = (company.mei.id(), company.product);
    let wallet = company.wallet(&company.mei).await;
    let person = json!({ "name": "Ann", "email": "ann@example.com", "password": "violet-anchor-tide", "role": "customer" });
    let mut ordered = company.order(1, "wallet", "standard");
    ordered["address"]["phone"] = json!("+86 21 5555 0100");
    let bodies = [
        (
            "POST",
            "/api/v1/auth/register",
            json!({ "name": "Ann", "email": "ann@example.com", "password": "violet-anchor-tide" }),
        ),
        (
            "POST",
            "/api/v1/auth/login",
            json!({ "email": "ann@example.com", "password": "x" }),
        ),
        (
            "POST",
            "/api/v1/auth/refresh",
            json!({ "refresh_token": "x" }),
        ),
        ("PATCH", "/api/v1/me", json!({ "name": "Ann" })),
        (
            "PATCH",
            "/api/v1/me",
            json!({ "email": "ann@example.com", "current_password": "x" }),
        ),
        ("POST", "/api/v1/users", person),
        (
            "PATCH",
            "/api/v1/users/{mei}",
            json!({ "name": "Mei", "email": "mei@example.com", "role": "customer" }),
        ),
        (
            "POST",
            "/api/v1/users/{mei}/top-up",
            json!({ "amount": 1, "memo": "a" }),
        ),
        (
            "POST",
            "/api/v1/products",
            json!({ "name": "Pen", "slug": "pen", "description": "", "price": 1, "category": "audio" }),
        ),
        (
            "POST",
            "/products",
            json!({ "name": "Pen", "slug": "pen", "description": "", "price": 1, "category": "audio" }),
        ),
        (
            "PATCH",
            "/api/v1/products/{product}",
            json!({ "name": "Pen", "category": "audio", "picture_alt": "A pen" }),
        ),
        (
            "POST",
            "/api/v1/products/{product}/stock",
            json!({ "change": 1, "reason": "found" }),
        ),
        (
            "POST",
            "/api/v1/categories",
            json!({ "name": "Ink", "slug": "ink" }),
        ),
        (
            "PATCH",
            "/api/v1/categories/1",
            json!({ "name": "Ink", "slug": "ink" }),
        ),
        (
            "POST",
            "/api/v1/tasks",
            json!({ "title": "Count", "status": "todo", "priority": "low", "due_at": "2026-12-01", "labels": ["shelf"] }),
        ),
        ("POST", "/api/v1/boards", json!({ "name": "House" })),
        ("POST", "/api/v1/orders", ordered),
        (
            "POST",
            "/api/v1/orders/{order}/cancel",
            json!({ "reason": "a", "carrier": "b", "tracking": "c", "to": "wallet" }),
        ),
        (
            "POST",
            "/api/v1/accounts",
            json!({ "code": "till", "name": "Till", "currency": "CNY", "normal_side": "debit" }),
        ),
        (
            "POST",
            "/api/v1/transfers",
            json!({ "id": "a", "from_account_id": 1, "to_account_id": wallet, "amount": 1, "memo": "m" }),
        ),
        (
            "POST",
            "/api/v1/holds",
            json!({ "id": "a", "from_account_id": wallet, "to_account_id": 1, "amount": 1, "memo": "m", "reference": "r" }),
        ),
        (
            "POST",
            "/api/v1/webhooks",
            json!({ "url": "https://hooks.example/", "events": ["*"], "description": "d" }),
        ),
    ];
    for length in LENGTHS {
        let text = long(length);
        for (method, path, body) in &bodies {
            let path = path
                .replace("{mei}", &mei.to_string())
                .replace("{product}", &product.to_string())
                .replace("{order}", &order);
            let method = Method::from_bytes(method.as_bytes()).expect("a method");
            for (field, body) in lengthened(body, &text) {
                let markdown = field == "description." && length < 10_000;
                let answer = admin.send_json(method.clone(), &path, body).await;
                let refused = [401, 413, 422, 429].contains(&answer.status.as_u16());
                assert!(
                    refused || (markdown && answer.status.is_success()),
                    "{method} {path}: {field} of {length}: {} {:.300}",
                    answer.status,
                    answer.body
                );
            }
        }
        // A batch answers for each of its transfers.
        let batch = json!({ "transfers": [{ "id": text, "from_account_id": 1, "to_account_id": wallet, "amount": 1 }] });
        let answer = admin
            .send_json(Method::POST, "/api/v1/transfers/batch", batch)
            .await;
        assert!(answer.data()["items"][0]["error"]["errors"]["id"].is_string());
    }
    assert_eq!(
        admin.api(&format!("/api/v1/orders/{order}")).await.data()["status"],
        "paid"
    );
}

#[tokio::test]
async fn an_address_to_sign_in_with_is_refused_before_it_is_noted() {
    let company = Company::open().await;
    let app = &company.server.app;
    let count = "SELECT COUNT(*) FROM sign_in_attempts";
    let before = number(app, count).await;
    for length in LENGTHS {
        let email = format!("{}@example.com", long(length));
        let mut visitor = company.server.visitor();
        let body = json!({ "email": email, "password": "x" });
        let answer = visitor
            .send_json(Method::POST, "/api/v1/auth/login", body)
            .await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            answer.body
        );
        assert!(answer.json()["errors"]["email"].is_string());
        let answer = visitor
            .post("/login", &[("email", &email), ("password", "x")])
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{length}");
    }
    assert_eq!(number(app, count).await, before);
}

/// Forms of the pages, as staff send them, with every field in turn far too long.
#[tokio::test]
async fn no_field_of_a_form_is_taken_at_any_length() {
    let mut company = Company::open().await;
    let mut admin = company.server.signed_in(Role::Admin).await;
    let order = company.place(1, "wallet").await;
    let flag = format!("/orders/{order}/flag");
    let stock = format!("/products/{}/stock", company.product);
    let forms: [(&str, &[(&str, &str)]); 9] = [
        ("/account/name", &[("name", "Ann")]),
        (
            "/products/new",
            &[
                ("name", "Pen"),
                ("price", "1"),
                ("category", "audio"),
                ("stock", "1"),
                ("description", ""),
            ],
        ),
        ("/categories", &[("name", "Ink"), ("slug", "ink")]),
        (
            "/tasks/new",
            &[
                ("title", "Count"),
                ("description", ""),
                ("board_id", "1"),
                ("labels", "shelf"),
                ("due_at", "2026-12-01"),
            ],
        ),
        ("/boards", &[("name", "House")]),
        ("/orders/views", &[("name", "Mine"), ("query", "q=mei")]),
        (
            "/webhooks/new",
            &[
                ("url", "https://hooks.example/"),
                ("events", "*"),
                ("description", "d"),
            ],
        ),
        (&flag, &[("reason", "odd")]),
        (&stock, &[("change", "1"), ("reason", "found")]),
    ];
    for length in LENGTHS {
        let text = long(length);
        for (path, fields) in forms {
            for index in 0..fields.len() {
                let mut typed = fields.to_vec();
                let value = if typed[index].0 == "query" {
                    format!("q={text}")
                } else {
                    text.clone()
                };
                typed[index].1 = &value;
                let answer = admin.post(path, &typed).await;
                let field = typed[index].0;
                let markdown = field == "description" && length < 10_000;
                assert!(
                    answer.status.is_client_error() || markdown,
                    "{path}: {field} of {length}: {} to {}",
                    answer.status,
                    answer.header("location")
                );
                assert_ne!(answer.status, StatusCode::NOT_FOUND, "{path}");
                assert_ne!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
            }
        }
    }
}

/// Every form of every page, sent by everybody with one field after another far longer than any place
/// holds: none is a fault of the server's, and nothing of that length is in the database afterwards.
#[tokio::test]
async fn no_form_of_any_page_stores_a_text_of_any_length() {
    // More than the longest text there is place for, less than the longest body that is read.
    const LENGTH: usize = 50_000;
    let text = long(LENGTH);
    let (server, mut everybody) = whole_company().await;
    let mut tried = BTreeSet::new();
    for route in generate_route_list(guildhall::app::Pages) {
        let address = addresses(&server.app, route.path()).await.remove(0);
        for (who, client) in &mut everybody {
            let page = Page::read(&client.get(&address).await.body);
            for form in page.forms.iter().filter(|form| form.posts) {
                let action = match form.action.as_str() {
                    "" => &address,
                    action => action,
                };
                if ends_something(action) {
                    continue;
                }
                let plain = filled(form, "Tea");
                for (index, (name, value)) in plain.iter().enumerate() {
                    if value != "Tea" {
                        continue;
                    }
                    let mut fields: Vec<(&str, &str)> = plain
                        .iter()
                        .map(|(name, value)| (name.as_str(), value.as_str()))
                        .collect();
                    fields[index].1 = &text;
                    let answer = client.post(action, &fields).await;
                    let what = format!("{who} posts {action} with {name} of {LENGTH}");
                    assert!(!answer.status.is_server_error(), "{what}: {}", answer.body);
                    tried.insert(format!("{action} {name}"));
                }
            }
        }
    }
    assert!(tried.len() > 60, "{tried:?}");
    for column in text_columns(&server.app).await {
        let (table, name) = column.split_once('.').expect("a table and a column");
        let longest =
            format!("SELECT CAST(COALESCE(MAX(LENGTH({name})), 0) AS BIGINT) FROM {table}");
        let longest = number(&server.app, &longest).await;
        assert!(longest < LENGTH as i64, "{column} has a text of {longest}");
    }
}

async fn with_header(client: &mut Client, path: &str, name: &str, value: &str) -> u16 {
    let headers = [("accept", "application/json"), (name, value)];
    let answer = client
        .send(Method::GET, path, &headers, Body::empty())
        .await;
    answer.status.as_u16()
}

#[tokio::test]
async fn headers_and_parameters_are_cut_or_refused() {
    let company = Company::open().await;
    let user = company.server.person(Role::Customer).await;
    let text = long(3_000);
    // What a client calls itself is nobody's to mend: it is cut.
    let mut visitor = company.server.visitor();
    let headers = [
        ("content-type", "application/json"),
        ("user-agent", text.as_str()),
    ];
    let body = json!({ "email": user.email, "password": crate::support::PASSWORD }).to_string();
    let answer = visitor
        .send(
            Method::POST,
            "/api/v1/auth/login",
            &headers,
            Body::from(body),
        )
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let longest = "SELECT CAST(MAX(LENGTH(user_agent)) AS BIGINT) FROM token_families";
    assert_eq!(number(&company.server.app, longest).await, 300);

    let mut staff = company.staff.clone();
    let answer = post_keyed(
        &mut staff,
        "/api/v1/boards",
        &text,
        &json!({ "name": "House" }),
    )
    .await;
    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, 2000)
    );
    for (name, status) in [
        ("cookie", 200),
        ("traceparent", 200),
        ("x-forwarded-for", 200),
        ("if-none-match", 200),
    ] {
        let value = if name == "cookie" {
            format!("session={text}; cart={text}; flash={text}")
        } else {
            text.clone()
        };
        let got = with_header(&mut staff, "/api/v1/products", name, &value).await;
        assert_eq!(got, status, "{name}");
    }
    let sealed = format!("Bearer {text}");
    let got = with_header(
        &mut company.server.visitor(),
        "/api/v1/products",
        "authorization",
        &sealed,
    )
    .await;
    assert_eq!(got, 401);
    for path in [
        "/api/v1/products?q=",
        "/api/v1/products?category=",
        "/api/v1/tasks?q=",
        "/api/v1/tasks?label=",
        "/api/v1/tasks?status=",
        "/orders/all?q=",
        "/products?q=",
        "/products?category=",
        "/tasks?q=",
        "/ledger?q=",
    ] {
        let got = staff.api(&format!("{path}{text}")).await;
        assert!(
            got.status.as_u16() < 500 && got.status != StatusCode::NOT_FOUND,
            "{path}: {}",
            got.status
        );
    }
    for list in [
        "products",
        "tasks",
        "orders",
        "boards",
        "categories",
        "accounts",
        "webhooks",
        "webhooks/inbox",
        "events/dead",
    ] {
        let answer = staff.api(&format!("/api/v1/{list}?cursor={text}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{list}");
    }
    for thing in ["products", "orders", "transfers", "holds"] {
        let answer = staff.api(&format!("/api/v1/{thing}/{text}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{thing}");
    }
}
