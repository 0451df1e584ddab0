//! Texts of products, categories and boards in two languages: shown, edited, searched, sorted, kept.

use crate::catalog::lists::{encoded, searched, shop};
use crate::support::company::Company;
use crate::support::forms::{field, form_of};
use crate::support::{Client, TestServer, execute};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::{Value, json};

/// Reads Chinese pages from now on.
async fn in_chinese(mut client: Client) -> Client {
    client.post("/language", &[("language", "zh-CN")]).await;
    client
}

/// The slugs of the products on a page, in their order.
fn slugs(page: &str) -> Vec<&str> {
    let cards = page.split("product-card-name").skip(1);
    cards
        .filter_map(|card| card.split_once("href=\"/products/")?.1.split('"').next())
        .collect()
}

#[tokio::test]
async fn a_page_shows_products_in_its_language_and_programs_get_them_as_first_entered() {
    let server = shop().await;
    let mut english = server.visitor();
    let mut chinese = in_chinese(server.visitor()).await;
    for path in ["/", "/products", "/products/wireless-earphones"] {
        let (en, zh) = (english.page(path).await, chinese.page(path).await);
        assert!(en.contains("Wireless headphones"), "{path}");
        assert!(!en.contains("无线耳机"), "{path}");
        assert!(zh.contains("无线耳机"), "{path}");
        assert!(!zh.contains("Wireless headphones"), "{path}");
        let audio = [&en, &zh].map(|page| (page.contains("Audio"), page.contains("影音")));
        assert_eq!(audio, [(true, false), (false, true)], "{path}");
    }
    // Whoever asks: a program that goes by the name finds the same in every language.
    for client in [&mut english, &mut chinese] {
        let product = client.api("/api/v1/products/1").await.data();
        assert_eq!(product["name"], "无线耳机");
        assert_eq!(product["language"], "zh-CN");
        assert_eq!(
            product["name_translations"],
            json!({ "en": "Wireless headphones" })
        );
        let simple = client.api("/products/1").await.json();
        assert_eq!(simple["name"], "无线耳机");
        let category = client.api("/api/v1/categories/1").await.data();
        assert_eq!(category["name"], "Audio");
        assert_eq!(category["name_translations"], json!({ "zh-CN": "影音" }));
    }
}

#[tokio::test]
async fn a_search_finds_either_language_whatever_the_page_speaks() {
    let server = shop().await;
    for mut client in [server.visitor(), in_chinese(server.visitor()).await] {
        for (text, id) in [
            ("earphones", 1),
            ("headphones", 1),
            ("无线耳机", 1),
            ("纸笔文具", 5),
            ("stationery", 5),
            ("aluminium keycaps", 2),
            ("铝合金", 2),
        ] {
            assert!(searched(&mut client, text).await.contains(&id), "{text}");
            let page = client.page(&format!("/products?q={}", encoded(text))).await;
            let slug = [
                "",
                "wireless-earphones",
                "mechanical-keyboard",
                "",
                "",
                "hardcover-notebook",
            ];
            assert!(slugs(&page).contains(&slug[id as usize]), "{text}");
        }
    }
}

#[tokio::test]
async fn a_list_by_name_is_in_the_order_of_its_language() {
    let server = shop().await;
    let english = server.visitor().page("/products?sort=name").await;
    let mut chinese = in_chinese(server.visitor()).await;
    let chinese = chinese.page("/products?sort=name").await;
    assert_eq!(
        slugs(&english)[..3],
        ["bluetooth-speaker", "ink-bottle", "field-compass"],
        "Bluetooth, Bottled, Brass"
    );
    assert_eq!(
        slugs(&chinese)[..4],
        [
            "vacuum-flask",
            "steel-scissors",
            "head-torch",
            "stoneware-mug"
        ],
        "bǎo, bù, chōng, cū"
    );
}

#[tokio::test]
async fn staff_edit_the_languages_side_by_side_and_see_what_is_missing() {
    let server = shop().await;
    let mut sam = server.signed_in(Role::Staff).await;
    let made = sam
        .post(
            "/products/new",
            &[
                ("language", "en"),
                ("name", "Brass ruler"),
                ("description", "Thirty centimetres."),
                ("price", "12"),
                ("category", "desk"),
                ("active", "on"),
            ],
        )
        .await;
    assert_eq!(made.header("location"), "/products/brass-ruler/edit");
    let page = sam.page("/products/brass-ruler/edit").await;
    let form = form_of(&page, "/products/brass-ruler/edit");
    assert_eq!(field(form, "name"), "Brass ruler");
    assert_eq!(field(form, "name_translations.zh-CN"), "");
    assert!(form.contains("Not fully translated"));
    let facts = sam.page("/products/brass-ruler").await;
    assert!(facts.contains("Not in 中文") && facts.contains("Name, Description"));

    let change = [
        ("version", "1"),
        ("name", "Brass ruler"),
        ("description", "Thirty centimetres."),
        ("picture_alt", ""),
        ("name_translations.zh-CN", "黄铜直尺"),
        ("description_translations.zh-CN", "长三十厘米。"),
        ("picture_alt_translations.zh-CN", ""),
        ("price", "12"),
        ("category", "desk"),
    ];
    let saved = sam.post("/products/brass-ruler/edit", &change).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let page = sam.page("/products/brass-ruler/edit").await;
    let form = form_of(&page, "/products/brass-ruler/edit");
    assert_eq!(field(form, "name_translations.zh-CN"), "黄铜直尺");
    assert!(!form.contains("Not fully translated"));
    assert!(!sam.page("/products/brass-ruler").await.contains("Not in"));
    let mut chinese = in_chinese(server.visitor()).await;
    let page = chinese.page("/products/brass-ruler").await;
    assert!(page.contains("黄铜直尺") && page.contains("长三十厘米。"));
    assert_eq!(searched(&mut chinese, "黄铜直尺").await, [25]);

    // Too long in one language: nothing is saved, and the fault stands at its field.
    let mut long = change;
    let text = "尺".repeat(121);
    long[0].1 = "2";
    long[4].1 = &text;
    let refused = sam.post("/products/brass-ruler/edit", &long).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("name_translations.zh-CN-error"));
    assert!(refused.body.contains(&text), "what was typed is there");

    // All that is wrong is said at once, whichever language it is in.
    let price = long.iter().position(|(name, _)| *name == "price");
    long[price.expect("a price")].1 = "much";
    let refused = sam.post("/products/brass-ruler/edit", &long).await;
    for field in ["name_translations.zh-CN-error", "price-error"] {
        assert!(refused.body.contains(field), "{field}");
    }

    // Emptied: the page shows it as it was first entered.
    let mut emptied = change;
    emptied[0].1 = "2";
    emptied[4].1 = " ";
    sam.post("/products/brass-ruler/edit", &emptied).await;
    let page = chinese.page("/products/brass-ruler").await;
    assert!(page.contains("lang=\"en\">Brass ruler") && page.contains("长三十厘米。"));
}

#[tokio::test]
async fn the_api_takes_translations_and_names_what_is_wrong() {
    let server = shop().await;
    let mut staff = server.program(Role::Staff).await;
    let mut send =
        async |method: Method, path: &str, body: Value| staff.send_json(method, path, body).await;
    let made = send(
        Method::POST,
        "/api/v1/products",
        json!({ "name": "尺", "name_translations": { "en": "Ruler" }, "price": 1 }),
    )
    .await
    .data();
    assert_eq!(
        (&made["language"], &made["slug"]),
        (&json!("zh-CN"), &json!("ruler")),
        "an address is made of the letters there are"
    );
    let path = format!("/api/v1/products/{}", made["id"]);
    let own = json!({ "name_translations": { "zh-CN": "直尺" } });
    let refused = send(Method::PATCH, &path, own).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        refused.json()["errors"]["name_translations.zh-CN"],
        "The text in 中文 is name itself."
    );
    let refused = send(Method::PATCH, &path, json!({ "language": "en" })).await;
    assert!(refused.json()["errors"]["language"].is_string());
    let gone = json!({ "name_translations": { "en": "" } });
    let changed = send(Method::PATCH, &path, gone).await.data();
    assert_eq!(changed["name_translations"], json!({}));
    let changed = send(Method::PATCH, &path, json!({ "language": "en" })).await;
    assert_eq!(changed.data()["language"], "en");
    let unknown = json!({ "name_translations": { "de": "Lineal" } });
    let refused = send(Method::PATCH, &path, unknown).await;
    assert!(refused.status.is_client_error(), "{}", refused.status);
}

#[tokio::test]
async fn an_order_keeps_the_names_of_its_day_in_every_language() {
    let mut company = Company::open().await;
    let product = company.product("Lamp", 900, 5).await;
    company
        .change_product(product, json!({ "name_translations": { "zh-CN": "台灯" } }))
        .await;
    let body = json!({
        "items": [{ "product_id": product, "quantity": 1 }],
        "payment": "invoice", "delivery": "standard",
        "address": company.order(1, "invoice", "standard")["address"],
    });
    let order = company.send_order(body).await;
    company
        .change_product(
            product,
            json!({ "name": "Torch", "name_translations": { "zh-CN": "手电" } }),
        )
        .await;
    let [_, mut sam] = company.browsers().await;
    let path = format!("/orders/{order}");
    assert!(sam.page(&path).await.contains("Lamp"));
    sam.post("/language", &[("language", "zh-CN")]).await;
    let page = sam.page(&path).await;
    assert!(page.contains("台灯") && !page.contains("手电"), "{page}");
    company.check().await;
}

#[tokio::test]
async fn what_was_entered_before_languages_were_noted_is_told_by_its_letters() {
    let server = shop().await;
    for table in ["products", "categories"] {
        execute(&server.app, &format!("UPDATE {table} SET language = NULL")).await;
    }
    let mut staff = server.program(Role::Staff).await;
    let product = staff.api("/api/v1/products/1").await.data();
    assert_eq!(product["language"], "zh-CN");
    let category = staff.api("/api/v1/categories/1").await.data();
    assert_eq!(category["language"], "en");
}

#[tokio::test]
async fn categories_and_boards_have_a_name_in_each_language() {
    let server = shop().await;
    let mut sam = server.signed_in(Role::Staff).await;
    let names = [
        ("language", "en"),
        ("name", "Lights"),
        ("name_translations.zh-CN", "灯具"),
    ];
    sam.post("/categories", &names).await;
    sam.post("/boards", &names).await;
    let page = sam.page("/categories").await;
    let form = form_of(&page, "/categories/6");
    assert_eq!(field(form, "name_translations.zh-CN"), "灯具");
    assert!(!form.contains("Not translated yet"));
    let untranslated = [("language", "en"), ("name", "Ropes")];
    sam.post("/categories", &untranslated).await;
    let page = sam.page("/categories").await;
    assert!(form_of(&page, "/categories/7").contains("Not translated yet"));
    let change = [
        ("version", "1"),
        ("name", "Lamps"),
        ("name_translations.zh-CN", "灯"),
        ("slug", "lights"),
    ];
    let changed = sam.post("/categories/6", &change).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.body);
    let board = sam.page("/boards").await;
    let id = board.split_once("href=\"/boards/").expect("a board").1;
    let id = id.split('"').next().expect("its id");
    let renamed = [("name", "Lighting"), ("name_translations.zh-CN", "照明")];
    sam.post(&format!("/boards/{id}/name"), &renamed).await;
    sam.post("/language", &[("language", "zh-CN")]).await;
    assert!(sam.page("/categories").await.contains("灯"));
    let board = sam.page("/boards").await;
    assert!(board.contains("照明") && !board.contains("Lighting"));
    let empty = TestServer::start().await;
    let mut staff = empty.program(Role::Staff).await;
    let made = staff
        .send_json(
            Method::POST,
            "/api/v1/boards",
            json!({ "name": "House", "name_translations": { "zh-CN": "本店" } }),
        )
        .await;
    assert_eq!(made.data()["name_translations"], json!({ "zh-CN": "本店" }));
}

/// Zhang, Li and Wang, by code point in this order, by pinyin Li, Wang, Zhang.
#[tokio::test]
async fn people_and_saved_views_are_in_the_order_of_the_page() {
    let server = shop().await;
    let sam = server.signed_in(Role::Staff).await;
    for name in ["张三", "李四", "王五"] {
        let client = server.signed_in(Role::Customer).await;
        let named = format!(
            "UPDATE users SET name = '{name}' WHERE id = {}",
            client.id()
        );
        execute(&server.app, &named).await;
    }
    let mut sam = in_chinese(sam).await;
    for name in ["张三", "李四", "王五"] {
        let view = [("name", name), ("query", "payment=invoice")];
        let kept = sam.post("/orders/views", &view).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
    }
    for path in ["/orders/new", "/orders/all"] {
        let page = sam.page(path).await;
        let place = |name: &str| {
            page.rfind(&format!(">{name}<"))
                .unwrap_or_else(|| panic!("{name} is not on {path}"))
        };
        let at = ["李四", "王五", "张三"].map(place);
        assert!(at.is_sorted(), "{path}: {at:?}");
    }
}
