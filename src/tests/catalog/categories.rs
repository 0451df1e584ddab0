//! Categories: listed for everybody, kept by staff.

use crate::catalog::lists::shop;
use crate::support::forms::form_of;
use crate::support::{Answer, Client, TestServer};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::{Value, json};

const API: &str = "/api/v1/categories";

async fn make(staff: &mut Client, body: Value) -> Answer {
    staff.send_json(Method::POST, API, body).await
}

async fn names(client: &mut Client) -> Vec<String> {
    let items = client.api(API).await.data()["items"].clone();
    let items = items.as_array().expect("a list").iter();
    items
        .map(|item| item["name"].as_str().expect("a name").to_owned())
        .collect()
}

#[tokio::test]
async fn everybody_lists_the_categories_with_what_they_may_see_of_them() {
    let server = shop().await;
    let mut anyone = server.visitor();
    let mut staff = server.program(Role::Staff).await;
    let first = |answer: Answer| answer.data()["items"][0].clone();
    let audio = first(anyone.api(API).await);
    let mut fields: Vec<&String> = audio.as_object().expect("an object").keys().collect();
    fields.sort();
    assert_eq!(
        fields,
        [
            "id",
            "language",
            "name",
            "name_translations",
            "products",
            "slug",
            "version"
        ]
    );
    assert_eq!(
        (&audio["slug"], &audio["name"]),
        (&json!("audio"), &json!("Audio"))
    );
    let all = audio["products"].as_i64().expect("a number");
    staff
        .send_json(Method::DELETE, "/api/v1/products/1", json!({}))
        .await;
    assert_eq!(first(anyone.api(API).await)["products"], all - 1);
    assert_eq!(first(staff.api(API).await)["products"], all);

    let one = anyone.api("/api/v1/categories/1").await;
    assert_eq!(one.data(), first(anyone.api(API).await));
    let tag = one.header("etag").to_owned();
    let headers = [("accept", "*/*"), ("if-none-match", tag.as_str())];
    let path = "/api/v1/categories/1";
    let again = anyone
        .send(Method::GET, path, &headers, Body::empty())
        .await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    for missing in ["/api/v1/categories/999", "/api/v1/categories/audio"] {
        assert_eq!(anyone.api(missing).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn the_list_of_categories_has_pages_without_gaps() {
    let server = shop().await;
    let mut anyone = server.visitor();
    let all = names(&mut anyone).await;
    assert_eq!(all.len(), 5);
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = anyone.api(&format!("{API}?limit=2&cursor={cursor}")).await;
        let page = page.data();
        let items = page["items"].as_array().expect("a list").clone();
        found.extend(
            items
                .iter()
                .filter_map(|item| item["name"].as_str())
                .map(str::to_owned),
        );
        match page["next_cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
        assert!(found.len() < 9, "goes round in circles");
    }
    assert_eq!(found, all);
    let wrong = anyone.api(&format!("{API}?cursor=abc")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn an_empty_shop_gets_its_first_category_and_its_first_product() {
    let server = TestServer::start().await;
    let mut staff = server.program(Role::Staff).await;
    let product = json!({ "name": "Walnut Ruler", "price": 4_500 });
    let refused = staff
        .send_json(Method::POST, "/api/v1/products", product.clone())
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        refused.json()["errors"]["category"],
        "There is no category yet. Create one first."
    );
    let made = make(&mut staff, json!({ "name": " Paper  & pens " })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let category = made.data();
    assert_eq!(
        made.header("location"),
        format!("/api/v1/categories/{}", category["id"])
    );
    assert_eq!(
        (&category["name"], &category["slug"], &category["products"]),
        (&json!("Paper & pens"), &json!("paper-pens"), &json!(0))
    );
    let made = staff
        .send_json(Method::POST, "/api/v1/products", product)
        .await;
    assert_eq!(made.data()["category"], "paper-pens", "{}", made.body);
}

#[tokio::test]
async fn a_category_is_made_changed_and_deleted() {
    let server = shop().await;
    let mut staff = server.program(Role::Staff).await;
    let made = make(&mut staff, json!({ "name": "茶具" })).await.data();
    assert_eq!(made["slug"], "category-6", "nothing of the name fits");
    assert_eq!(names(&mut staff).await.last().expect("some"), "茶具");

    let path = format!("{API}/{}", made["id"]);
    let change = json!({ "name": "Tea", "slug": "tea", "version": 1 });
    let changed = staff.send_json(Method::PATCH, &path, change.clone()).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    assert_eq!(
        (&changed.data()["name"], &changed.data()["version"]),
        (&json!("Tea"), &json!(2))
    );
    let stale = staff.send_json(Method::PATCH, &path, change).await;
    assert_eq!((stale.status, stale.code()), (StatusCode::CONFLICT, 3001));
    let same = staff
        .send_json(Method::PATCH, &path, json!({ "name": "Tea" }))
        .await;
    assert_eq!(same.data()["version"], 2, "nothing changed");

    let gone = staff.send_json(Method::DELETE, &path, json!({})).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    for method in [Method::DELETE, Method::PATCH] {
        let missing = staff.send_json(method, &path, json!({})).await;
        assert_eq!(
            (missing.status, missing.code()),
            (StatusCode::NOT_FOUND, 1404)
        );
    }
    assert_eq!(names(&mut staff).await.len(), 5);
}

#[tokio::test]
async fn a_category_with_products_stays() {
    let server = shop().await;
    let mut staff = server.program(Role::Staff).await;
    let refused = staff
        .send_json(Method::DELETE, "/api/v1/categories/2", json!({}))
        .await;
    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::CONFLICT, 3302)
    );
    assert_eq!(
        refused.json()["message"],
        "There are still 5 products in Desk & typing. Move them to another category first."
    );
    make(&mut staff, json!({ "name": "Tea" })).await;
    let change = json!({ "category": "tea", "active": false });
    staff
        .send_json(Method::PATCH, "/api/v1/products/2", change)
        .await;
    let refused = staff
        .send_json(Method::DELETE, "/api/v1/categories/6", json!({}))
        .await;
    assert_eq!(refused.code(), 3302, "what is not for sale counts");
    assert!(
        refused.body.contains("a product in Tea"),
        "{}",
        refused.body
    );
}

#[tokio::test]
async fn a_category_does_not_go_while_a_product_comes() {
    let server = shop().await;
    let mut staff = server.program(Role::Staff).await;
    for round in 0..6 {
        let category = make(&mut staff, json!({ "name": format!("Tea {round}") })).await;
        let category = category.data();
        let (mut one, mut other) = (staff.clone(), staff.clone());
        let product = json!({ "name": "Gaiwan", "price": 900, "category": category["slug"] });
        let path = format!("{API}/{}", category["id"]);
        let (put, deleted) = tokio::join!(
            one.send_json(Method::POST, "/api/v1/products", product),
            other.send_json(Method::DELETE, &path, json!({}))
        );
        let outcome = (put.status, deleted.status);
        let stays = (StatusCode::CREATED, StatusCode::CONFLICT);
        let goes = (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::NO_CONTENT);
        assert!(outcome == stays || outcome == goes, "{put:?} {deleted:?}");
        let fault =
            put.status == StatusCode::CREATED || put.json()["errors"]["category"].is_string();
        assert!(fault, "{put:?}");
    }
}

#[tokio::test]
async fn a_fault_names_its_field() {
    let server = shop().await;
    let mut staff = server.program(Role::Staff).await;
    let long = "x".repeat(61);
    for (body, field) in [
        (json!({ "name": " " }), "name"),
        (json!({ "name": long }), "name"),
        (json!({ "name": "Tea", "slug": "Tea!" }), "slug"),
        (json!({ "name": "Tea", "slug": "audio" }), "slug"),
        (json!({ "name": "AUDIO" }), "name"),
    ] {
        let refused = make(&mut staff, body.clone()).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert!(refused.json()["errors"][field].is_string(), "{body}");
        if body["name"] != "AUDIO" {
            let path = "/api/v1/categories/2";
            let refused = staff.send_json(Method::PATCH, path, body.clone()).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
            assert!(refused.json()["errors"][field].is_string(), "{body}");
        }
    }
    let both = make(&mut staff, json!({ "name": "", "slug": "?" })).await;
    assert_eq!(
        both.json()["errors"].as_object().map(serde_json::Map::len),
        Some(2)
    );
    let unknown = make(&mut staff, json!({ "name": "Tea", "products": 3 })).await;
    assert_eq!(
        (unknown.status, unknown.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, 2000)
    );
    assert_eq!(names(&mut staff).await.len(), 5);
}

#[tokio::test]
async fn there_are_at_most_as_many_as_fit() {
    let server = TestServer::start().await;
    let mut staff = server.program(Role::Staff).await;
    for number in 1..=100 {
        let made = make(&mut staff, json!({ "name": format!("Shelf {number}") })).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    }
    let refused = make(&mut staff, json!({ "name": "One more" })).await;
    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::CONFLICT, 3303)
    );
}

#[tokio::test]
async fn a_new_product_in_an_empty_shop_begins_with_a_category() {
    let server = TestServer::start().await;
    let mut staff = server.signed_in(Role::Staff).await;
    let page = staff.page("/products/new").await;
    assert!(page.contains("Create a category first") && page.contains("action=\"/categories\""));
    assert!(!page.contains("Create product"));
    staff.referer = Some("/products/new".into());
    let fields = |name: &'static str| [("name", name), ("slug", ""), ("next", "/products/new")];
    let refused = staff.post("/categories", &fields(" ")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains("Create a category first"),
        "the same page again"
    );
    assert!(refused.body.contains("Give the category a name."));

    let made = staff.post("/categories", &fields("Tea")).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    assert_eq!(made.header("location"), "/products/new");
    let page = staff.page("/products/new").await;
    assert!(page.contains("The category Tea is created.") && page.contains("Create product"));
    assert!(page.contains("<option value=\"tea\""));

    let elsewhere = [("name", "Coffee"), ("next", "https://example.com")];
    let made = staff.post("/categories", &elsewhere).await;
    assert_eq!(made.header("location"), "/categories", "never off the site");
}

#[tokio::test]
async fn a_product_form_keeps_its_fields_when_the_last_category_is_gone() {
    let server = TestServer::start().await;
    let mut staff = server.signed_in(Role::Staff).await;
    staff.referer = Some("/products/new".into());
    let fields = [("name", "Gaiwan"), ("price", "12"), ("category", "tea")];
    let refused = staff.post("/products/new", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains("value=\"Gaiwan\""),
        "{}",
        refused.body
    );
    assert!(
        refused
            .body
            .contains("There is no category yet. Create one first.")
    );
}

#[tokio::test]
async fn staff_keep_the_categories_on_their_page() {
    let server = shop().await;
    let mut staff = server.signed_in(Role::Staff).await;
    let empty = TestServer::start().await;
    let page = empty.signed_in(Role::Staff).await.page("/categories").await;
    assert!(page.contains("No categories yet"));

    let page = staff.page("/categories").await;
    for part in [
        "Desk &amp; typing",
        ">desk<",
        "5 products",
        "first move what is in it",
    ] {
        assert!(page.contains(part), "{part}");
    }
    for leads_there in ["/products", "/products/new"] {
        let page = staff.page(leads_there).await;
        assert!(page.contains("href=\"/categories\""), "{leads_there}");
    }
    let made = staff
        .post("/categories", &[("name", "Tea"), ("slug", "leaves")])
        .await;
    assert_eq!(made.header("location"), "/categories", "{}", made.body);
    let page = staff.page("/categories").await;
    assert!(page.contains(">leaves<") && page.contains("Delete the category Tea?"));

    let change = [("name", "Teas"), ("slug", "teas"), ("version", "1")];
    let saved = staff.post("/categories/6", &change).await;
    assert_eq!(saved.header("location"), "/categories", "{}", saved.body);
    assert!(
        staff
            .page("/categories")
            .await
            .contains("The category Teas is saved.")
    );

    let gone = staff.post("/categories/6/delete", &[]).await;
    assert_eq!(gone.header("location"), "/categories", "{}", gone.body);
    let page = staff.page("/categories").await;
    assert!(page.contains("The category Teas is deleted.") && !page.contains(">teas<"));

    staff.referer = Some("/categories".into());
    let refused = staff.post("/categories/2/delete", &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(
        refused
            .body
            .contains("There are still 5 products in Desk &amp; typing.")
    );
}

#[tokio::test]
async fn a_stale_change_of_a_category_loses_nothing() {
    let server = shop().await;
    let mut first = server.signed_in(Role::Staff).await;
    let mut second = server.signed_in(Role::Staff).await;
    second.referer = Some("/categories".into());
    let change = |name: &'static str, slug: &'static str, version: &'static str| {
        [("name", name), ("slug", slug), ("version", version)]
    };
    for click in ["one", "and another right behind"] {
        let saved = first
            .post("/categories/1", &change("Sound", "sound", "1"))
            .await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{click}");
    }

    // A mistake in between must not make the version look fresh.
    let refused = second
        .post("/categories/1", &change("Hi-fi", "Hi-fi!", "1"))
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let opened = refused
        .body
        .split("<details")
        .filter(|rest| rest.split('>').next().expect("a tag").contains(" open"));
    assert_eq!(opened.count(), 1, "its own form is laid open");
    let form = form_of(&refused.body, "/categories/1");
    for part in ["value=\"Hi-fi!\"", "name=\"version\" value=\"1\""] {
        assert!(form.contains(part), "{part}: {form}");
    }
    let stale = second
        .post("/categories/1", &change("Hi-fi", "hi-fi", "1"))
        .await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(
        stale
            .body
            .contains("It is called Sound now, with the address sound.")
    );
    let form = form_of(&stale.body, "/categories/1");
    for part in [
        "value=\"Hi-fi\"",
        "value=\"hi-fi\"",
        "name=\"version\" value=\"2\"",
    ] {
        assert!(form.contains(part), "{part}: {form}");
    }
    let over = second
        .post("/categories/1", &change("Hi-fi", "hi-fi", "2"))
        .await;
    assert_eq!(over.status, StatusCode::SEE_OTHER, "{}", over.body);
    assert_eq!(names(&mut server.visitor()).await[0], "Hi-fi");
}

#[tokio::test]
async fn only_staff_see_the_page_of_categories() {
    let server = shop().await;
    let visitor = server.visitor().get("/categories").await;
    assert_eq!(visitor.status, StatusCode::SEE_OTHER);
    assert!(visitor.header("location").starts_with("/login"));
    let mut customer = server.signed_in(Role::Customer).await;
    assert_eq!(
        customer.get("/categories").await.status,
        StatusCode::FORBIDDEN
    );
    assert!(
        !customer
            .page("/products")
            .await
            .contains("href=\"/categories\"")
    );
}
