//! The shop: search, lists, suggestions, the front page.

use crate::support::{Client, TestServer, on_postgres};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use guildhall::catalog::{ProductFilter, Sort, explain_products, seed_demo, seed_products};
use guildhall::i18n::Language;
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub async fn shop() -> TestServer {
    let server = TestServer::start().await;
    seed_demo(&server.app).await.expect("seeds");
    server
}

pub fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

async fn found(client: &mut Client, query: &str) -> Vec<i64> {
    let answer = client.api(&format!("/api/v1/products?{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.body);
    let data = answer.data();
    let items = data["items"].as_array().expect("a list");
    items
        .iter()
        .filter_map(|item| item["id"].as_i64())
        .collect()
}

pub async fn searched(client: &mut Client, text: &str) -> Vec<i64> {
    found(client, &format!("q={}", encoded(text))).await
}

#[tokio::test]
async fn a_search_finds_words_beginnings_and_chinese() {
    let server = shop().await;
    let mut anyone = server.visitor();
    assert_eq!(searched(&mut anyone, "键盘").await, [2]);
    assert_eq!(searched(&mut anyone, "机械键盘").await, [2]);
    assert!(
        searched(&mut anyone, "键").await.contains(&2),
        "one character"
    );
    assert!(
        searched(&mut anyone, "盘").await.contains(&2),
        "the last character"
    );
    assert_eq!(
        searched(&mut anyone, "keycaps alumin").await,
        [2],
        "a beginning"
    );
    assert_eq!(searched(&mut anyone, "ALUMINIUM keycaps").await, [2]);
    assert!(
        searched(&mut anyone, "alumin keycaps").await.is_empty(),
        "a whole word first"
    );
    assert!(
        searched(&mut anyone, "keyboard umbrella").await.is_empty(),
        "all of the words"
    );
    assert!(searched(&mut anyone, "盘键").await.is_empty());
}

#[tokio::test]
async fn a_name_counts_more_than_a_description() {
    let server = shop().await;
    let mut staff = server.program(Role::Staff).await;
    for (name, description) in [
        ("Zither case", "For a harp."),
        ("Harp", "Made of zither wood."),
    ] {
        let body = json!({ "name": name, "description": description, "price": 1 });
        staff
            .send_json(Method::POST, "/api/v1/products", body)
            .await;
    }
    let named = |answer: Vec<i64>| answer[0];
    let first = named(searched(&mut staff, "zither").await);
    let other = named(searched(&mut staff, "harp").await);
    assert!(first < other, "made first: {first}, made second: {other}");
}

#[tokio::test]
async fn no_text_breaks_the_search() {
    let server = shop().await;
    let mut anyone = server.visitor();
    let texts = [
        "%",
        "_",
        "\"",
        "'",
        "*",
        "\"a",
        "a\"b",
        "name:mug",
        "mug AND",
        "NOT mug",
        "NEAR(a b)",
        "a*b*",
        "(",
        "^mug",
        "-mug",
        "a & b | !c",
        "a <-> b",
        ":*",
        "\\",
        "\0",
        "½",
        "İstanbul",
        "कि",
        "🫖",
        "--",
        ";",
    ];
    for text in texts {
        searched(&mut anyone, text).await;
        let path = format!("/products?q={}", encoded(text));
        assert_eq!(anyone.get(&path).await.status, StatusCode::OK, "{text}");
    }
    assert!(
        searched(&mut anyone, "%_\"").await.is_empty(),
        "no word, nothing found"
    );
    let long = "word ".repeat(2_000);
    searched(&mut anyone, &long[..1_000]).await;
}

#[tokio::test]
async fn filters_narrow_and_count_each_other() {
    let server = shop().await;
    let mut anyone = server.visitor();
    assert_eq!(found(&mut anyone, "category=desk").await.len(), 5);
    assert!(found(&mut anyone, "category=nowhere").await.is_empty());
    assert_eq!(
        found(&mut anyone, "min_price=80000&max_price=90000").await,
        [2]
    );
    let cheap = "category=desk&max_price=20000";
    assert_eq!(found(&mut anyone, cheap).await, [17]);

    let page = anyone.page("/products?category=desk&max_price=200").await;
    assert!(page.contains("1 product<"), "{page}");
    assert!(page.contains("Desk clock") && !page.contains("Mechanical keyboard"));
    let audio = "href=\"/products?category=audio&amp;max_price=200.00\"";
    let count = page
        .split(audio)
        .nth(1)
        .expect("the other category keeps the price");
    assert!(count.contains(">1<"), "of audio, one is that cheap");
    assert!(
        page.contains("To ¥200.00"),
        "a chip says what narrows the list"
    );

    let nothing = anyone.page("/products?q=zeppelin").await;
    assert!(nothing.contains("Nothing matches"));
    let empty = TestServer::start().await.visitor().page("/products").await;
    assert!(empty.contains("nothing to sell yet"));
    let typo = anyone.page("/products?min_price=cheap").await;
    assert!(typo.contains("The lowest price is left out."));
    assert!(
        typo.contains("value=\"cheap\""),
        "what was typed stays: {typo}"
    );
    let upside_down = anyone.page("/products?min_price=100&max_price=50").await;
    assert!(upside_down.contains("above the highest"), "{upside_down}");
}

async fn all_pages(client: &mut Client, query: &str, size: i64) -> Vec<Value> {
    let mut all = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/api/v1/products?{query}&limit={size}&cursor={cursor}");
        let answer = client.api(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        let data = answer.data();
        all.extend(data["items"].as_array().expect("a list").clone());
        match data["next_cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => return all,
        }
        assert!(all.len() < 2_000, "goes round in circles");
    }
}

#[tokio::test]
async fn pages_have_no_gaps_and_nothing_twice_in_any_order() {
    let server = shop().await;
    seed_products(&server.app, 226, &|_| {})
        .await
        .expect("seeds");
    let mut anyone = server.visitor();
    for sort in ["newest", "price_up", "price_down", "name"] {
        let all = all_pages(&mut anyone, &format!("sort={sort}"), 37).await;
        let ids: BTreeSet<i64> = all.iter().filter_map(|item| item["id"].as_i64()).collect();
        assert_eq!((all.len(), ids.len()), (250, 250), "{sort}");
        let prices: Vec<i64> = all
            .iter()
            .filter_map(|item| item["price"].as_i64())
            .collect();
        assert_eq!(prices.is_sorted(), sort == "price_up");
        assert_eq!(prices.iter().rev().is_sorted(), sort == "price_down");
    }
    for sort in ["relevance", "newest", "price_up", "price_down", "name"] {
        let query = format!("q=made+of&sort={sort}");
        let once: Vec<Value> = all_pages(&mut anyone, &query, 100).await;
        let small: Vec<Value> = all_pages(&mut anyone, &query, 7).await;
        assert!(once.len() > 200, "{}", once.len());
        assert_eq!(once, small, "{sort}");
    }
    let wrong = anyone.api("/api/v1/products?cursor=abc").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let wrong = anyone.api("/api/v1/products?sort=magic").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn every_order_of_the_list_walks_an_index() {
    let server = shop().await;
    seed_products(&server.app, 5_000, &|_| {})
        .await
        .expect("seeds");
    // What PostgreSQL does by itself now and then: count, and sort new words into the search's index.
    let tidy = if on_postgres() {
        "VACUUM ANALYZE products, product_names"
    } else {
        "ANALYZE"
    };
    crate::support::execute(&server.app, tidy).await;
    let mut conn = server.app.db.read().await.expect("a connection");
    // Of a category that holds much of the shop, PostgreSQL may as well walk the whole shop's index.
    let indexes = ["products_by_", "products_of_category_by_"];
    let by_names = ["product_names_by_", "product_names_of_category_by_"];
    for (category, of_category) in [("", 0), ("desk", usize::from(!on_postgres()))] {
        for (sort, language, indexes) in [
            (Sort::Newest, None, indexes),
            (Sort::PriceUp, None, indexes),
            (Sort::PriceDown, None, indexes),
            (Sort::Name, None, indexes),
            (Sort::Name, Some(Language::Chinese), by_names),
        ] {
            let filter = ProductFilter {
                category: category.to_owned(),
                sort: Some(sort),
                language,
                ..ProductFilter::default()
            };
            let plan = explain_products(&mut conn, &filter)
                .await
                .expect("a plan")
                .join("\n");
            let indexed = indexes[of_category..]
                .iter()
                .any(|index| plan.contains(index));
            assert!(indexed, "{sort:?} {category}\n{plan}");
            assert!(
                !plan.contains("TEMP B-TREE") && !plan.contains("Sort"),
                "{plan}"
            );
        }
    }
    let filter = ProductFilter {
        text: "walnut 4242".to_owned(),
        ..ProductFilter::default()
    };
    let plan = explain_products(&mut conn, &filter)
        .await
        .expect("a plan")
        .join("\n");
    let index = if on_postgres() {
        "products_search"
    } else {
        "product_search VIRTUAL TABLE INDEX"
    };
    assert!(plan.contains(index), "{plan}");
}

#[tokio::test]
async fn suggestions_show_at_most_eight_and_only_what_is_for_sale() {
    let server = shop().await;
    let mut anyone = server.visitor();
    let mut staff = server.program(Role::Staff).await;
    staff
        .send_json(Method::DELETE, "/api/v1/products/2", json!({}))
        .await;
    let suggested = async |client: &mut Client, text: &str| {
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
        ];
        let body = Body::from(format!("q={}", encoded(text)));
        let answer = client
            .send(Method::POST, "/fn/suggest_products", &headers, body)
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json().as_array().expect("a list").clone()
    };
    let found = suggested(&mut anyone, "耳机").await;
    // The name outranks what a microphone says of headphones.
    assert_eq!(
        found.first(),
        Some(&json!({
            "name": "Wireless headphones", "slug": "wireless-earphones", "price": "¥199.00"
        }))
    );
    assert!(
        suggested(&mut anyone, "键盘").await.is_empty(),
        "not for sale"
    );
    assert!(
        suggested(&mut staff, "键盘").await.is_empty(),
        "nor for staff, here"
    );
    assert!(suggested(&mut anyone, "  ").await.is_empty());
    assert_eq!(suggested(&mut anyone, "the").await.len(), 8);
}

#[tokio::test]
async fn the_front_page_shows_what_there_is() {
    let server = shop().await;
    let page = server.visitor().page("/").await;
    for part in [
        "Audio",
        "Desk &amp; typing",
        "Mechanical keyboard",
        "New in the shop",
        "href=\"/products?category=home\"",
    ] {
        assert!(page.contains(part), "{part}");
    }
    let empty = TestServer::start().await.visitor().page("/").await;
    assert!(empty.contains("nothing to sell yet"));
}

#[tokio::test]
async fn the_demo_seeded_twice_changes_nothing() {
    let server = shop().await;
    let mut staff = server.program(Role::Staff).await;
    staff
        .send_json(Method::PATCH, "/api/v1/products/1", json!({ "price": 5 }))
        .await;
    seed_demo(&server.app).await.expect("seeds");
    let items = staff.api("/products").await.json();
    assert_eq!(items.as_array().map(Vec::len), Some(24));
    assert_eq!(items[0]["price"], 5);
}
