//! A visitor's cart: its cookie, its lines, its bounds, and how long it is kept.

use super::carts::{CART, add, badge, cart, lines, put, undo_of, went};
use crate::support::company::Company;
use crate::support::{TestServer, execute};
use axum::http::StatusCode;
use guildhall::accounts::Role;
use guildhall::cart::delete_old_carts;
use serde_json::json;

#[tokio::test]
async fn looking_makes_no_cart() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 900, 5).await;
    let mut visitor = company.server.visitor();
    let mut customer = company.server.signed_in(Role::Customer).await;
    for client in [&mut visitor, &mut customer] {
        for path in ["/", "/products", "/products/plain-mug", "/cart", CART] {
            let answer = client.get(path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
        }
        for path in [
            "/cart/items",
            "/cart/items/1",
            "/cart/items/1/remove",
            "/cart/seen",
        ] {
            went(&client.get(path).await, "/cart");
        }
        let page = client.page("/cart").await;
        assert!(page.contains("Your cart is empty") && page.contains("href=\"/products\""));
        assert_eq!(badge(&page), "Cart, empty");
        // Taking out what is not there makes none either.
        went(
            &client.post(&format!("/cart/items/{mug}/remove"), &[]).await,
            "/cart",
        );
        went(&client.post("/cart/seen", &[]).await, "/cart");
        assert!(!client.cookies.contains_key("cart"));
    }
    assert_eq!(company.count("carts").await, 0);
}

#[tokio::test]
async fn a_visitors_cart_hangs_on_a_cookie_and_the_database_has_only_its_hash() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 900, 50).await;
    let mut visitor = company.server.visitor();
    visitor.referer = Some("/products?q=mug".to_owned());
    let answer = add(&mut visitor, mug, 2).await;
    went(&answer, "/products?q=mug");
    let cookies: Vec<&str> = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .filter_map(|cookie| cookie.to_str().ok())
        .collect();
    let cookie = cookies.iter().find(|cookie| cookie.starts_with("cart="));
    let cookie = cookie.expect("the cookie of the cart");
    for part in ["Path=/", "Max-Age=2592000", "HttpOnly", "SameSite=Lax"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "there is no https here");
    let token = visitor.cookies["cart"].clone();
    assert!(token.len() >= 32, "128 bits");
    let plain = format!("carts WHERE token = '{token}'");
    assert_eq!(company.count(&plain).await, 0);
    assert_eq!(company.count("carts WHERE LENGTH(token) = 64").await, 1);

    visitor.referer = None;
    let page = visitor.page("/products?q=mug").await;
    assert!(page.contains("Plain mug is in your cart."));
    assert_eq!(badge(&page), "Cart, 2 items");
    company.wait(2);
    went(&add(&mut visitor, mug, 1).await, "/cart");
    assert_eq!(visitor.cookies["cart"], token, "the same cart");
    assert_eq!(lines(&mut visitor).await, [(mug, 3)]);
    assert_eq!(lines(&mut company.server.visitor()).await, []);
}

#[tokio::test]
async fn under_https_the_cookie_is_for_this_host_alone() {
    let server = TestServer::start_with(|config| {
        config.server.public_url = "https://guildhall.test".to_owned();
    })
    .await;
    guildhall::catalog::seed_demo(&server.app)
        .await
        .expect("seeds");
    let mut visitor = server.visitor();
    let answer = add(&mut visitor, 1, 1).await;
    let mut cookies = answer.headers.get_all("set-cookie").iter();
    let cookie = cookies.find(|cookie| cookie.as_bytes().starts_with(b"__Host-cart="));
    let cookie = cookie.and_then(|cookie| cookie.to_str().ok());
    assert!(cookie.expect("a cookie").contains("; Secure"));
    assert_eq!(lines(&mut visitor).await, [(1, 1)]);
}

#[tokio::test]
async fn a_double_click_adds_once() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 900, 50).await;
    // From the list, which is the same for everybody.
    let mut visitor = company.server.visitor();
    let mut customer = company.server.signed_in(Role::Customer).await;
    for client in [&mut visitor, &mut customer] {
        let list = client.page("/products?q=plain").await;
        assert!(
            list.contains("action=\"/cart/items\"") && !list.contains("name=\"idempotency_key\"")
        );
        add(client, mug, 1).await;
        add(client, mug, 1).await;
        assert_eq!(lines(client).await, [(mug, 1)]);
        company.wait(2);
        add(client, mug, 1).await;
        assert_eq!(lines(client).await, [(mug, 2)]);
    }
    // From the product's page, whose form has a key: even a repeat that comes late.
    let page = customer.page("/products/plain-mug").await;
    let key = page
        .split("name=\"idempotency_key\" value=\"")
        .nth(1)
        .expect("a key");
    let key = key.split('"').next().expect("a key").to_owned();
    let product = mug.to_string();
    for (quantity, expected) in [("3", 5), ("3", 5), ("4", 9)] {
        company.wait(2);
        let fields = [
            ("product_id", &*product),
            ("quantity", quantity),
            ("idempotency_key", &*key),
        ];
        let answer = customer.post("/cart/items", &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        assert_eq!(lines(&mut customer).await, [(mug, expected)]);
    }
}

#[tokio::test]
async fn lines_are_changed_taken_out_and_put_back() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 900, 50).await;
    let lamp = company.product("Reading lamp", 12_900, 50).await;
    let mut visitor = company.server.visitor();
    let mut staff = company.server.signed_in(Role::Staff).await;
    for client in [&mut visitor, &mut staff] {
        add(client, mug, 2).await;
        company.wait(2);
        add(client, lamp, 1).await;
        let set = format!("/cart/items/{mug}");
        went(&client.post(&set, &[("quantity", " 4 ")]).await, "/cart");
        assert_eq!(lines(client).await, [(mug, 4), (lamp, 1)]);
        let page = client.page("/cart").await;
        assert!(page.contains("¥36.00") && page.contains("¥129.00") && page.contains("¥165.00"));
        assert!(page.contains("Standard delivery") && page.contains("¥10.00"));
        assert!(page.contains("href=\"/checkout\""));
        assert_eq!(badge(&page), "Cart, 5 items");

        for take_out in [true, false] {
            let answer = if take_out {
                client.post(&format!("{set}/remove"), &[]).await
            } else {
                client.post(&set, &[("quantity", "0")]).await
            };
            went(&answer, "/cart");
            let page = client.page("/cart").await;
            assert!(page.contains("Plain mug is out of your cart."));
            assert_eq!(lines(client).await, [(lamp, 1)]);
            let undo = undo_of(&page);
            for _ in 0..2 {
                went(&client.post(&undo, &[]).await, "/cart");
                assert_eq!(lines(client).await, [(mug, 4), (lamp, 1)], "in its place");
            }
        }
        // What was put in again since then stays as it is.
        client.post(&format!("{set}/remove"), &[]).await;
        let undo = undo_of(&client.page("/cart").await);
        company.wait(2);
        add(client, mug, 1).await;
        client.post(&undo, &[]).await;
        assert_eq!(lines(client).await, [(lamp, 1), (mug, 1)]);
    }
}

#[tokio::test]
async fn two_tabs_lose_nothing() {
    let mut company = Company::open().await;
    let mut products = Vec::new();
    for number in 0..6 {
        products.push(company.product(&format!("Thing {number}"), 100, 500).await);
    }
    let shared = company.product("Shared", 100, 500).await;
    let mut visitor = company.server.visitor();
    let mut customer = company.server.signed_in(Role::Customer).await;
    add(&mut visitor, shared, 1).await;
    for client in [&mut visitor, &mut customer] {
        let tab = |product: i64| {
            let mut tab = client.clone();
            async move { add(&mut tab, product, 2).await }
        };
        let all = products.iter().map(|product| tab(*product));
        let tasks: Vec<_> = all.map(tokio::spawn).collect();
        for task in tasks {
            assert_eq!(task.await.expect("an answer").status, StatusCode::SEE_OTHER);
        }
        let mut there = lines(client).await;
        there.retain(|(product, _)| *product != shared);
        there.sort_unstable();
        let expected: Vec<_> = products.iter().map(|product| (*product, 2)).collect();
        assert_eq!(there, expected);
    }
    // The same product from many pages, each with its own key, beyond what there is.
    company.change_product(shared, json!({ "stock": 7 })).await;
    let tasks: Vec<_> = (0..10)
        .map(|number| {
            let mut tab = customer.clone();
            let (product, key) = (shared.to_string(), format!("{number:032x}"));
            tokio::spawn(async move {
                let fields = [
                    ("product_id", &*product),
                    ("quantity", "1"),
                    ("idempotency_key", &*key),
                ];
                tab.post("/cart/items", &fields).await.status
            })
        })
        .collect();
    let mut added = 0;
    for task in tasks {
        match task.await.expect("an answer") {
            StatusCode::SEE_OTHER => added += 1,
            status => assert_eq!(status, StatusCode::CONFLICT),
        }
    }
    assert_eq!(added, 7);
    assert!(lines(&mut customer).await.contains(&(shared, 7)));
}

#[tokio::test]
async fn a_cart_has_a_hundred_products_at_most() {
    let company = Company::open().await;
    guildhall::catalog::seed_products(&company.server.app, 110, &|_| {})
        .await
        .expect("seeds");
    let mut customer = company.server.program(Role::Customer).await;
    execute(
        &company.server.app,
        "UPDATE products SET active = TRUE, on_hand = on_hand + 10",
    )
    .await;
    for product in 1..=100 {
        let answer = put(&mut customer, product, 1).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }
    let answer = put(&mut customer, 101, 1).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3408));
    assert!(answer.body.contains("100 different products"));
    assert_eq!(
        put(&mut customer, 100, 2).await.status,
        StatusCode::OK,
        "it is there already"
    );
    put(&mut customer, 50, 0).await;
    assert_eq!(put(&mut customer, 101, 1).await.status, StatusCode::OK);
    assert_eq!(cart(&mut customer).await["count"], 101);

    // A visitor's hundred and first stays behind at sign-in.
    let mut visitor = company.server.visitor();
    add(&mut visitor, 50, 1).await;
    let email = customer.user.clone().expect("a person").email;
    let sign_in = [("email", &*email), ("password", crate::support::PASSWORD)];
    visitor.post("/login", &sign_in).await;
    assert!(
        visitor
            .page("/cart")
            .await
            .contains("a cart holds 100 products")
    );
    assert_eq!(lines(&mut customer).await.len(), 100);
}

#[tokio::test]
async fn a_cart_is_dropped_after_thirty_days_without_use() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 900, 5).await;
    let app = company.server.app.clone();
    let mut busy = company.server.visitor();
    let mut idle = company.server.signed_in(Role::Customer).await;
    let mut away = company.server.visitor();
    for client in [&mut busy, &mut idle, &mut away] {
        add(client, mug, 1).await;
    }
    app.clock.advance(29 * 86_400);
    assert_eq!(put(&mut busy, mug, 2).await.status, StatusCode::OK);
    delete_old_carts(&app).await.expect("cleans");
    assert_eq!(company.count("carts").await, 3);
    // Looking at it is no use of it.
    away.page("/cart").await;
    app.clock.advance(86_400 + 1);
    delete_old_carts(&app).await.expect("cleans");
    assert_eq!(company.count("carts").await, 1);
    assert_eq!(company.count("cart_items").await, 1);
    assert_eq!(lines(&mut busy).await, [(mug, 2)]);
    assert_eq!(lines(&mut away).await, []);
    let before = away.cookies["cart"].clone();
    add(&mut away, mug, 1).await;
    assert_ne!(away.cookies["cart"], before, "a new cart, a new cookie");
}

#[tokio::test]
async fn the_badge_costs_nobody_a_page() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 900, 3).await;
    let mut visitor = company.server.visitor();
    add(&mut visitor, mug, 1).await;
    let mut unseen = company.server.visitor();
    add(&mut unseen, mug, 1).await;
    let page = visitor.page("/login").await;
    assert_eq!(badge(&page), "Cart, 1 item");
    // Without a database: who has no cart asks it nothing, and who has one sees the page all the same.
    company.server.app.db.close().await;
    let mut newcomer = company.server.visitor();
    for client in [&mut newcomer, &mut unseen] {
        assert_eq!(badge(&client.page("/login").await), "Cart, empty");
    }
}
