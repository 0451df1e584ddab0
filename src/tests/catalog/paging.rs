//! Pages of a search while the shop goes on: what comes in between shifts nothing.

use crate::support::company::{made, post};
use crate::support::{Client, TestServer, execute};
use guildhall::accounts::Role;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Makes a product whose description has the word so many times among so many others.
async fn make(staff: &mut Client, name: &str, hits: usize, others: usize) -> i64 {
    let description = format!(
        "{} {}",
        "brass ".repeat(hits),
        "plain words ".repeat(others)
    );
    let body = json!({ "name": name, "description": description, "price": 100, "stock": 1 });
    let answer = post(staff, "/api/v1/products", body).await;
    made(&answer);
    answer.data()["id"].as_i64().expect("an id")
}

async fn page(client: &mut Client, cursor: &str) -> Value {
    let path = format!("/api/v1/products?q=brass&sort=relevance&limit=10&cursor={cursor}");
    client.api(&path).await.data()
}

#[tokio::test]
async fn products_stand_by_their_names_whatever_the_case_of_their_letters() {
    let server = TestServer::start().await;
    let category = "INSERT INTO categories (slug, name, position) VALUES ('lamps', 'Lamps', 1)";
    execute(&server.app, category).await;
    let mut staff = server.program(Role::Staff).await;
    for name in ["Zither", "apple", "Quilt", "banana"] {
        make(&mut staff, name, 0, 1).await;
    }
    let (mut names, mut cursor) = (Vec::new(), String::new());
    for _ in 0..2 {
        let path = format!("/api/v1/products?sort=name&limit=2&cursor={cursor}");
        let page = staff.api(&path).await.data();
        let items = page["items"].as_array().expect("a list").clone();
        names.extend(items.iter().map(|item| item["name"].clone()));
        cursor = page["next_cursor"].as_str().unwrap_or_default().to_owned();
    }
    let sorted = ["apple", "banana", "Quilt", "Zither"];
    assert_eq!(json!(names), json!(sorted));
}

#[tokio::test]
async fn pages_by_relevance_repeat_and_leave_out_nothing_while_products_come() {
    let server = TestServer::start().await;
    let category = "INSERT INTO categories (slug, name, position) VALUES ('lamps', 'Lamps', 1)";
    execute(&server.app, category).await;
    let mut staff = server.program(Role::Staff).await;
    // A word says the more the rarer it is, so it takes others to make it say anything.
    for number in 0..60 {
        make(&mut staff, &format!("Bench {number}"), 0, number % 9).await;
    }
    let mut first = Vec::new();
    for number in 0..30 {
        let name = format!("Lamp {number}");
        first.push(make(&mut staff, &name, 1 + number % 3, number / 3).await);
    }
    let mut seen = BTreeMap::<i64, usize>::new();
    let (mut cursor, mut visitor) = (String::new(), server.visitor());
    for round in 0.. {
        let page = page(&mut visitor, &cursor).await;
        for item in page["items"].as_array().expect("a list") {
            *seen.entry(item["id"].as_i64().expect("an id")).or_default() += 1;
        }
        let Some(next) = page["next_cursor"].as_str() else {
            break;
        };
        next.clone_into(&mut cursor);
        for number in 0..10 {
            let name = format!("Bowl {round}-{number}");
            // As good as the best, as the worst, and between.
            let hits = [3, 1, 2][number % 3];
            make(&mut staff, &name, hits, number).await;
        }
        assert!(round < 20, "it never ends");
    }
    let twice: Vec<_> = seen.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
    let missing: Vec<_> = first.iter().filter(|id| !seen.contains_key(id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[tokio::test]
async fn a_list_goes_on_behind_a_product_that_is_gone() {
    let server = TestServer::start().await;
    let category = "INSERT INTO categories (slug, name, position) VALUES ('lamps', 'Lamps', 1)";
    execute(&server.app, category).await;
    let mut staff = server.program(Role::Staff).await;
    for number in 0..12 {
        make(&mut staff, &format!("Lamp {number}"), 1, number).await;
    }
    let mut visitor = server.visitor();
    let first = page(&mut visitor, "").await;
    let last = &first["items"][9]["id"];
    let other = json!({ "description": "Nothing of the kind." });
    let path = format!("/api/v1/products/{last}");
    staff
        .send_json(axum::http::Method::PATCH, &path, other)
        .await;
    let rest = page(&mut visitor, first["next_cursor"].as_str().expect("more")).await;
    assert_eq!(rest["items"].as_array().map(Vec::len), Some(2));
    assert!(rest["next_cursor"].is_null());
}
