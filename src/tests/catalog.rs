//! The catalogue: search, lists, the pages of the shop and its back room, the JSON API.

use crate::support::{Answer, Client, TestServer, on_postgres};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use guildhall::catalog::{ProductFilter, Sort, explain_products, seed_demo, seed_products};
use image::{DynamicImage, ImageFormat};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Cursor;

async fn shop() -> TestServer {
    let server = TestServer::start().await;
    seed_demo(&server.app).await.expect("seeds");
    server
}

fn encoded(text: &str) -> String {
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

async fn searched(client: &mut Client, text: &str) -> Vec<i64> {
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
    assert!(page.contains("静音座钟") && !page.contains("机械键盘"));
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
        "VACUUM ANALYZE products"
    } else {
        "ANALYZE"
    };
    crate::support::execute(&server.app, tidy).await;
    let mut conn = server.app.db.read().await.expect("a connection");
    // Of a category that holds much of the shop, PostgreSQL may as well walk the whole shop's index.
    let indexes = ["products_by_", "products_of_category_by_"];
    for (category, of_category) in [("", 0), ("desk", usize::from(!on_postgres()))] {
        for sort in [Sort::Newest, Sort::PriceUp, Sort::PriceDown, Sort::Name] {
            let filter = ProductFilter {
                category: category.to_owned(),
                sort: Some(sort),
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
async fn the_api_makes_reads_changes_and_takes_off_sale() {
    let server = shop().await;
    let mut staff = server.program(Role::Staff).await;
    let body =
        json!({ "name": "Brass Ruler", "price": 4_500, "category": "stationery", "stock": 7 });
    let made = staff
        .send_json(Method::POST, "/api/v1/products", body.clone())
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let product = made.data();
    assert_eq!(
        made.header("location"),
        format!("/api/v1/products/{}", product["id"])
    );
    let fields: Vec<&String> = product.as_object().expect("an object").keys().collect();
    let mut wanted = vec![
        "id",
        "slug",
        "name",
        "description",
        "price",
        "currency",
        "category",
        "stock",
        "active",
        "image_url",
        "version",
        "created_at",
        "updated_at",
    ];
    wanted.sort_unstable();
    let mut sorted = fields.clone();
    sorted.sort();
    assert_eq!(sorted, wanted);
    assert_eq!(
        (&product["slug"], &product["currency"]),
        (&json!("brass-ruler"), &json!("CNY"))
    );
    assert_eq!(product["id"], 25, "the ids of the demo are taken");

    let again = staff
        .send_json(Method::POST, "/api/v1/products", body)
        .await;
    assert_eq!(again.data()["slug"], "brass-ruler-26");
    let taken = json!({ "name": "X", "price": 1, "slug": "brass-ruler" });
    let taken = staff
        .send_json(Method::POST, "/api/v1/products", taken)
        .await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(taken.json()["errors"]["slug"].is_string());
    let bad = json!({ "name": " ", "price": -1, "category": "nowhere", "stock": -1 });
    let bad = staff.send_json(Method::POST, "/api/v1/products", bad).await;
    let errors = bad.json()["errors"].clone();
    for field in ["name", "price", "category", "stock"] {
        assert!(errors[field].is_string(), "{field}: {errors}");
    }

    let path = format!("/api/v1/products/{}", product["id"]);
    let change = json!({ "price": 5_000, "stock": 3, "version": 1 });
    let changed = staff.send_json(Method::PATCH, &path, change.clone()).await;
    assert_eq!(changed.data()["price"], 5_000);
    assert_eq!(
        (&changed.data()["version"], &changed.data()["stock"]),
        (&json!(2), &json!(3))
    );
    let stale = staff.send_json(Method::PATCH, &path, change).await;
    assert_eq!((stale.status, stale.code()), (StatusCode::CONFLICT, 3001));
    assert_eq!(
        staff
            .send_json(Method::DELETE, &path, json!({}))
            .await
            .status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        staff.api(&path).await.data()["active"],
        false,
        "staff still see it"
    );
    let mut anyone = server.visitor();
    assert_eq!(anyone.api(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        anyone.api("/api/v1/products/brass-ruler").await.status,
        StatusCode::NOT_FOUND
    );
    assert!(
        searched(&mut anyone, "brass ruler")
            .await
            .iter()
            .all(|id| *id != 25)
    );
    assert_eq!(
        anyone.api("/api/v1/products/%00").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn what_a_client_has_is_not_sent_again() {
    let server = shop().await;
    let mut client = server.program(Role::Staff).await;
    for path in [
        "/api/v1/products",
        "/api/v1/products/2",
        "/products",
        "/products/2",
    ] {
        let first = client.api(path).await;
        let tag = first.header("etag").to_owned();
        assert!(!tag.is_empty(), "{path}");
        let headers = [("accept", "*/*"), ("if-none-match", tag.as_str())];
        let again = client
            .send(Method::GET, path, &headers, Body::empty())
            .await;
        assert_eq!(
            (again.status, again.body.as_str()),
            (StatusCode::NOT_MODIFIED, ""),
            "{path}"
        );
        assert_eq!(again.header("etag"), tag);
        client
            .send_json(
                Method::PATCH,
                "/api/v1/products/2",
                json!({ "stock": path.len() }),
            )
            .await;
        let changed = client
            .send(Method::GET, path, &headers, Body::empty())
            .await;
        assert_eq!(changed.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn the_simple_protocol_gets_bare_json_and_a_browser_a_page() {
    let server = shop().await;
    let mut anyone = server.visitor();
    let list = anyone.api("/products").await;
    assert_eq!(
        list.header("content-type"),
        "application/json; charset=utf-8"
    );
    assert!(list.header("vary").contains("accept"));
    let items = list.json();
    assert_eq!(items.as_array().map(Vec::len), Some(24));
    assert_eq!(
        (&items[0]["id"], &items[0]["name"]),
        (&json!(1), &json!("无线耳机"))
    );
    assert_eq!(items[0]["price"], 19_900);
    for path in ["/products/2", "/products/mechanical-keyboard"] {
        let one = anyone.api(path).await;
        assert_eq!(
            (&one.json()["name"], &one.json()["price"]),
            (&json!("机械键盘"), &json!(89_900))
        );
        assert_eq!(
            one.header("content-type"),
            "application/json; charset=utf-8"
        );
        let page = anyone.page(path).await;
        assert!(page.contains("<html") && page.contains("机械键盘"));
    }
    for path in ["/products/999", "/products/no-such-thing"] {
        let missing = anyone.api(path).await;
        assert_eq!(
            (missing.status, missing.code()),
            (StatusCode::NOT_FOUND, 1404)
        );
        let missing = anyone.get(path).await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND);
        assert!(missing.header("content-type").starts_with("text/html"));
    }
    assert!(list.header("link").is_empty());
    seed_products(&server.app, 100, &|_| {})
        .await
        .expect("seeds");
    let first = anyone.api("/products").await;
    assert_eq!(first.json().as_array().map(Vec::len), Some(100));
    assert_eq!(first.header("link"), "</products?after=100>; rel=\"next\"");
    let rest = anyone.api("/products?after=100").await;
    assert_eq!(rest.json().as_array().map(Vec::len), Some(24));

    let body = json!({ "name": "手冲滤纸", "price": 2_900 });
    assert_eq!(
        anyone
            .send_json(Method::POST, "/products", body.clone())
            .await
            .status,
        StatusCode::UNAUTHORIZED
    );
    let mut staff = server.program(Role::Staff).await;
    let made = staff.send_json(Method::POST, "/products", body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    assert_eq!(made.header("location"), "/products/125");
    assert_eq!(
        (&made.json()["id"], &made.json()["name"]),
        (&json!(125), &json!("手冲滤纸"))
    );
    assert_eq!(searched(&mut anyone, "滤纸").await, [125]);
}

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
        page.contains("机械键盘") && !page.contains("/edit"),
        "unchanged, and no way to edit"
    );
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
            .page("/products/mechanical-keyboard")
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

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(width, height)
        .write_to(&mut bytes, ImageFormat::Png)
        .expect("encodes");
    bytes.into_inner()
}

async fn upload(client: &mut Client, path: &str, content_type: &str, file: &[u8]) -> Answer {
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
async fn what_is_no_picture_is_refused_with_its_page() {
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
    assert_eq!(
        found,
        [json!({ "name": "无线耳机", "slug": "wireless-earphones", "price": "¥199.00" })]
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
        "机械键盘",
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
