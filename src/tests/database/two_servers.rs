//! Two servers on one database: a change made by one is shown there at once, and by the other within a second.

use crate::orders::carts::badge;
use crate::support::company::Company;
use crate::support::{Client, another};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use guildhall::server::{MOMENT, router};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until};

/// The facts that are kept for a moment: who somebody is by token and by session, what their pages and lists say.
async fn shown(program: &mut Client, browser: &mut Client, product: i64) -> Value {
    let product = program.api(&format!("/api/v1/products/{product}")).await;
    let tasks = program.api("/api/v1/tasks").await.data();
    let page = browser.page("/account").await;
    json!({
        "by token": program.api("/api/v1/me").await.data()["name"],
        "by session": browser.api("/api/v1/me").await.data()["name"],
        "price": product.data()["price"],
        "tasks": tasks["items"].as_array().map(Vec::len),
        "in the cart": badge(&page),
    })
}

#[tokio::test]
async fn what_one_server_changed_the_other_shows_within_a_second() {
    let mut company = Company::open().await;
    let product = company.product;
    let second = router(another(company.app()));
    let [_, mut browser] = company.browsers().await;
    let mut program = company.mei.clone();
    let mut elsewhere = [program.at(&second), browser.at(&second)];
    let mut elsewhere = async || {
        let [program, browser] = &mut elsewhere;
        shown(program, browser, product).await
    };
    let before = shown(&mut program, &mut browser, product).await;
    assert_eq!(elsewhere().await, before);

    let name = json!({ "name": "Mei Lin" });
    let answer = program.send_json(Method::PATCH, "/api/v1/me", name).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let task = json!({ "title": "Wrap the present" });
    let answer = program.send_json(Method::POST, "/api/v1/tasks", task).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let three = json!({ "quantity": 3 });
    let path = format!("/api/v1/cart/items/{product}");
    let answer = program.send_json(Method::PUT, &path, three).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    company
        .change_product(product, json!({ "price": 4_200 }))
        .await;
    let changed = Instant::now();

    let after = json!({
        "by token": "Mei Lin", "by session": "Mei Lin", "price": 4_200, "tasks": 1, "in the cart": "Cart, 3 items",
    });
    assert_eq!(shown(&mut program, &mut browser, product).await, after);
    // Asked for in between, so that copies are made at every age.
    while changed.elapsed() < MOMENT / 2 {
        elsewhere().await;
    }
    sleep_until(changed + MOMENT).await;
    for _ in 0..20 {
        assert_eq!(elsewhere().await, after);
    }
}

#[tokio::test]
async fn rights_that_were_taken_away_are_gone_here_at_once_and_elsewhere_within_a_second() {
    let company = Company::open().await;
    let second = router(another(company.app()));
    let [browser, _] = company.browsers().await;
    let sam = company.staff.id();
    let everywhere = [
        company.staff.clone(),
        browser.clone(),
        company.staff.at(&second),
        browser.at(&second),
    ];
    let statuses = async |path: &str| {
        let mut found = Vec::new();
        for client in &everywhere {
            found.push(client.clone().api(path).await.status.as_u16());
        }
        found
    };
    assert_eq!(statuses("/api/v1/webhooks").await, [200; 4]);

    let mut admin = company.server.program(Role::Admin).await;
    let path = format!("/api/v1/users/{sam}");
    let version = admin.api(&path).await.data()["version"].clone();
    let demoted = json!({ "role": "customer", "version": version });
    let answer = admin.send_json(Method::PATCH, &path, demoted).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let changed = Instant::now();
    assert_eq!(statuses("/api/v1/webhooks").await[..2], [403; 2]);
    sleep_until(changed + MOMENT).await;
    assert_eq!(statuses("/api/v1/webhooks").await, [403; 4]);

    let headers = [("accept", "*/*"), ("sec-fetch-site", "same-origin")];
    let answer = admin
        .send(Method::DELETE, &path, &headers, Body::empty())
        .await;
    assert!(answer.status.is_success(), "{}", answer.body);
    let changed = Instant::now();
    assert_eq!(statuses("/api/v1/me").await[..2], [401; 2]);
    sleep_until(changed + MOMENT).await;
    assert_eq!(statuses("/api/v1/me").await, [401; 4]);
}
