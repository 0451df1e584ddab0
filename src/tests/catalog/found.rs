//! Search that forgives spelling: products, tasks, labels, people, accounts, transfers; also
//! where it was written before words were made as they are now.

use crate::catalog::lists::{encoded, searched, shop};
use crate::support::company::{Company, made, post, post_keyed};
use crate::support::{Client, TestServer, execute, number};
use axum::body::Body;
use axum::http::Method;
use guildhall::accounts::Role;
use guildhall::catalog::Suggestion;
use guildhall::server::{Subject, reindex};
use serde_json::{Value, json};

/// The number of items that a list of the API has for this query.
async fn count(client: &mut Client, path: &str, name: &str, text: &str) -> usize {
    let answer = client
        .api(&format!("{path}?{name}={}", encoded(text)))
        .await;
    answer.data()["items"].as_array().expect("a list").len()
}

#[tokio::test]
async fn english_words_find_what_they_name_first() {
    let server = shop().await;
    let mut anyone = server.visitor();
    for (text, slug) in [
        ("fountain pen", "fountain-pen"),
        ("fountain pens", "fountain-pen"),
        ("pen", "fountain-pen"),
        ("pens", "fountain-pen"),
        ("mug", "stoneware-mug"),
        ("mugs", "stoneware-mug"),
        ("Mugs", "stoneware-mug"),
        ("lamp", "desk-lamp"),
        ("lamps", "desk-lamp"),
        ("keyboard", "mechanical-keyboard"),
        ("keyboards", "mechanical-keyboard"),
        ("earphone", "wireless-earphones"),
        ("earphones", "wireless-earphones"),
        ("headphones", "wireless-earphones"),
        ("bluetooth", "bluetooth-speaker"),
        ("bluetooth speakers", "bluetooth-speaker"),
        ("knives", "chefs-knife"),
        ("chef's knife", "chefs-knife"),
        ("clocks", "desk-clock"),
        ("umbrellas", "folding-umbrella"),
        ("scissors", "steel-scissors"),
        ("compasses", "field-compass"),
        ("torches", "head-torch"),
        ("ＭＵＧ", "stoneware-mug"),
        ("key", "mechanical-keyboard"),
        ("钢笔", "fountain-pen"),
    ] {
        let found = searched(&mut anyone, text).await;
        let first = found
            .first()
            .unwrap_or_else(|| panic!("nothing for {text}"));
        let answer = anyone.api(&format!("/api/v1/products/{first}")).await;
        assert_eq!(answer.data()["slug"], slug, "{text}: {found:?}");
    }
}

#[tokio::test]
async fn a_category_finds_what_is_in_it_under_its_present_name() {
    let server = shop().await;
    let mut anyone = server.visitor();
    let mut staff = server.program(Role::Staff).await;
    let audio = searched(&mut anyone, "audio").await;
    assert_eq!(audio.len(), 5, "{audio:?}");
    assert_eq!(searched(&mut anyone, "audio turntables").await, [11]);
    let list = staff.api("/api/v1/categories").await.data();
    let items = list["items"].as_array().expect("a list");
    let audio = items
        .iter()
        .find(|item| item["slug"] == "audio")
        .expect("is there");
    let path = format!("/api/v1/categories/{}", audio["id"]);
    let body = json!({ "name": "Hearing", "slug": "hearing" });
    staff.send_json(Method::PATCH, &path, body).await;
    assert_eq!(searched(&mut anyone, "hearing turntable").await, [11]);
    assert!(searched(&mut anyone, "audio turntable").await.is_empty());
    // A product that moves is found under where it is.
    let body = json!({ "category": "desk" });
    staff
        .send_json(Method::PATCH, "/api/v1/products/11", body)
        .await;
    assert!(searched(&mut anyone, "hearing turntable").await.is_empty());
    assert_eq!(searched(&mut anyone, "typing turntable").await, [11]);
}

#[tokio::test]
async fn the_alternative_text_is_searched_and_a_name_outranks_a_long_description() {
    let server = shop().await;
    let mut anyone = server.visitor();
    let mut staff = server.program(Role::Staff).await;
    let body = json!({ "picture_alt": "A zeppelin over the lake" });
    staff
        .send_json(Method::PATCH, "/api/v1/products/5", body)
        .await;
    assert_eq!(searched(&mut anyone, "zeppelins").await, [5]);
    let often = json!({ "description": "A zeppelin. ".repeat(12), "name": "Postcard", "price": 1 });
    made(&post(&mut staff, "/api/v1/products", often).await);
    let long =
        json!({ "description": "Other words. ".repeat(300), "name": "Zeppelin model", "price": 1 });
    let answer = post(&mut staff, "/api/v1/products", long).await;
    made(&answer);
    let found = searched(&mut anyone, "zeppelin").await;
    assert_eq!(
        (found.len(), Some(found[0])),
        (3, answer.data()["id"].as_i64())
    );
}

#[tokio::test]
async fn suggestions_know_plurals_too() {
    let server = shop().await;
    let mut anyone = server.visitor();
    for text in ["mugs", "mug", "stoneware mugs", "Ｍug"] {
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
        ];
        let body = Body::from(format!("q={}", encoded(text)));
        let path = "/fn/suggest_products";
        let answer = anyone.send(Method::POST, path, &headers, body).await;
        let found: Vec<Suggestion> = serde_json::from_str(&answer.body)
            .unwrap_or_else(|_| panic!("{}: {}", answer.status, answer.body));
        assert_eq!(
            found.first().map(|it| it.slug.as_str()),
            Some("stoneware-mug"),
            "{text}"
        );
    }
}

/// Texts, and how they are asked for.
const TYPED: [(&str, &[&str]); 8] = [
    (
        "Café Crème",
        &["cafe", "CAFÉ", "cafe\u{301} creme", "crème"],
    ),
    ("Cafe\u{301} noir", &["café noir", "CAFE"]),
    ("ＵＳＢ hub", &["usb", "USB"]),
    ("USB charger", &["ＵＳＢ"]),
    ("Straße", &["strasse", "STRASSE", "straße"]),
    ("İstanbul ışık", &["istanbul", "ISTANBUL", "isik", "IŞIK"]),
    ("กาแฟร้อนพิเศษ", &["กาแฟ", "ร้อน", "พิเศษ", "ก"]),
    ("ကော်ဖီ ກາເຟ កាហ្វេ", &["ကော်ဖီ", "ກາເຟ", "ហ្វេ"]),
];

#[tokio::test]
async fn products_and_tasks_are_found_however_they_are_typed() {
    let mut company = Company::open().await;
    made(
        &post(
            &mut company.staff,
            "/api/v1/boards",
            json!({ "name": "House" }),
        )
        .await,
    );
    let mut nobody = company.server.visitor();
    for (index, (text, queries)) in TYPED.iter().enumerate() {
        let product = json!({ "name": text, "price": 1, "slug": format!("typed-{index}") });
        let answer = post(&mut company.staff, "/api/v1/products", product).await;
        made(&answer);
        let id = answer.data()["id"].as_i64().expect("an id");
        made(
            &post(
                &mut company.staff,
                "/api/v1/tasks",
                json!({ "title": text }),
            )
            .await,
        );
        for query in *queries {
            let found = searched(&mut nobody, query).await;
            assert!(found.contains(&id), "{query} finds {text}: {found:?}");
            assert!(
                count(&mut company.staff, "/api/v1/tasks", "q", query).await > 0,
                "{query}"
            );
        }
    }
    assert!(
        searched(&mut nobody, "กิน").await.is_empty(),
        "other vowels are other words"
    );
}

#[tokio::test]
async fn labels_and_people_are_found_however_they_are_typed() {
    let mut company = Company::open().await;
    made(
        &post(
            &mut company.staff,
            "/api/v1/boards",
            json!({ "name": "House" }),
        )
        .await,
    );
    let mut admin = company.server.program(Role::Admin).await;
    let task = json!({ "title": "x", "labels": ["Ｃafe\u{301}"] });
    let answer = post(&mut company.staff, "/api/v1/tasks", task).await;
    assert_eq!(answer.data()["labels"], json!(["café"]), "{}", answer.body);
    for label in ["café", "CAFE", "cafe\u{301}", "ｃａｆｅ"] {
        assert_eq!(
            count(&mut company.staff, "/api/v1/tasks", "label", label).await,
            1,
            "{label}"
        );
    }
    assert_eq!(
        count(&mut company.staff, "/api/v1/tasks", "label", "caf").await,
        0
    );

    let person = json!({ "name": "Jürgen Strauß", "email": "js@bücher.example", "password": "violet-anchor-tide",
                         "role": "staff" });
    made(&post(&mut admin, "/api/v1/users", person).await);
    for text in [
        "jurgen",
        "JÜRGEN",
        "ju\u{308}rgen",
        "strauss",
        "STRAUSS",
        "bücher",
        "xn--bcher",
        "js@bucher",
        " gen str ",
    ] {
        assert_eq!(
            count(&mut admin, "/api/v1/users", "q", text).await,
            1,
            "{text}"
        );
    }
    for text in ["j_rgen", "%", "js\n"] {
        assert_ne!(
            count(&mut admin, "/api/v1/users", "q", text).await,
            3,
            "{text} is no pattern"
        );
    }
    // The short name of a quick line is compared the same way.
    let mut staff = company.server.signed_in(Role::Staff).await;
    for line in ["Call @jurgen", "Call @JÜRGEN", "Call @ju\u{308}rgen"] {
        staff.post("/tasks", &[("title", line)]).await;
    }
    let given =
        "SELECT COUNT(*) FROM tasks t JOIN users u ON u.id = t.assignee_id WHERE u.name LIKE 'J%'";
    assert_eq!(number(&company.server.app, given).await, 3);
}

#[tokio::test]
async fn older_rows_are_found_after_a_reindex() {
    let mut company = Company::open().await;
    made(
        &post(
            &mut company.staff,
            "/api/v1/boards",
            json!({ "name": "House" }),
        )
        .await,
    );
    let mut admin = company.server.program(Role::Admin).await;
    let product = json!({ "name": "Café Crème", "price": 1 });
    made(&post(&mut company.staff, "/api/v1/products", product).await);
    let task = json!({ "title": "Straße fegen", "labels": ["café"] });
    made(&post(&mut company.staff, "/api/v1/tasks", task).await);
    let account = json!({ "code": "eclair", "name": "Éclair" });
    made(&post(&mut company.staff, "/api/v1/accounts", account).await);
    let wallet = company.wallet(&company.mei).await;
    let transfer =
        json!({ "from_account_id": wallet, "to_account_id": 1, "amount": 1, "memo": "Müsli" });
    made(&post_keyed(&mut admin, "/api/v1/transfers", "one", &transfer).await);
    let person = json!({ "name": "Zoë", "email": "zoe@example.com", "password": "violet-anchor-tide", "role": "customer" });
    made(&post(&mut admin, "/api/v1/users", person).await);

    // As rows are that were there before: no keys, and no words.
    let app = &company.server.app;
    for table in ["users", "ledger_accounts"] {
        execute(app, &format!("UPDATE {table} SET search_key = ''")).await;
    }
    execute(
        app,
        "UPDATE users SET email_key = '', email = 'zoe@BÜCHER.example' WHERE name = 'Zoë'",
    )
    .await;
    execute(
        app,
        "UPDATE users SET email = 'zoe@bu\u{308}cher.example' WHERE name = 'Zoë'",
    )
    .await;
    execute(app, "UPDATE task_labels SET key = ''").await;
    execute(app, "DELETE FROM transfer_words").await;
    if crate::support::on_postgres() {
        execute(app, "UPDATE products SET search = ''").await;
        execute(app, "UPDATE tasks SET words = ''").await;
    } else {
        execute(app, "DELETE FROM product_search").await;
        execute(app, "DELETE FROM task_words").await;
    }
    let mut ledger = company.server.signed_in(Role::Staff).await;
    let mut nobody = company.server.visitor();
    assert!(searched(&mut nobody, "cafe").await.is_empty());
    reindex::catch_up(&company.server.app.db)
        .await
        .expect("looks");
    assert!(
        searched(&mut nobody, "cafe").await.is_empty(),
        "the form is the same"
    );

    for _ in 0..2 {
        execute(&company.server.app, "UPDATE text_form SET form = 0").await;
        reindex::catch_up(&company.server.app.db)
            .await
            .expect("indexes");
        let tx = company.server.app.db.write().await.expect("begins");
        let noted = tx.commit_change(Subject::Catalogue).await;
        noted.expect("forgets");
        assert_eq!(searched(&mut nobody, "cafe").await.len(), 1);
        assert_eq!(
            count(&mut company.staff, "/api/v1/tasks", "q", "strasse").await,
            1
        );
        assert_eq!(
            count(&mut company.staff, "/api/v1/tasks", "label", "CAFE").await,
            1
        );
        assert_eq!(count(&mut admin, "/api/v1/users", "q", "zoe").await, 1);
        let page = ledger.page("/ledger?q=eclair").await;
        assert!(page.contains("Éclair"), "{page}");
        let page = ledger.page("/ledger/journal?q=musli").await;
        assert!(page.contains("Müsli"), "{page}");
    }
}

#[tokio::test]
async fn an_address_is_one_account_however_it_is_spelled() {
    let server =
        TestServer::start_with(|config| config.accounts.registrations_per_hour = 1_000).await;
    let mut anyone = server.visitor();
    let person =
        |email: &str| json!({ "name": "Ann", "email": email, "password": "violet-anchor-tide" });
    let answer = post(
        &mut anyone,
        "/api/v1/auth/register",
        person("info@bücher.example"),
    )
    .await;
    made(&answer);
    assert_eq!(answer.data()["user"]["email"], "info@xn--bcher-kva.example");
    for same in [
        "INFO@BÜCHER.example",
        "info@bu\u{308}cher.example",
        "info@xn--bcher-kva.example",
        "ｉｎｆｏ＠bücher.example",
    ] {
        let answer = post(&mut anyone, "/api/v1/auth/register", person(same)).await;
        assert!(
            answer.json()["errors"]["email"].is_string(),
            "{same}: {}",
            answer.body
        );
        let login = json!({ "email": same, "password": "violet-anchor-tide" });
        let answer = post(&mut anyone, "/api/v1/auth/login", login).await;
        assert_eq!(answer.status, 200, "{same}: {}", answer.body);
    }
    for wrong in [
        "taro..y@example.com",
        "a,b@example.com",
        "jürgen@example.com",
        "a@exa_mple.com",
        "a@[127.0.0.1]",
    ] {
        let answer = post(&mut anyone, "/api/v1/auth/register", person(wrong)).await;
        assert!(
            answer.json()["errors"]["email"].is_string(),
            "{wrong}: {}",
            answer.body
        );
    }
}

#[tokio::test]
async fn an_account_of_before_keeps_its_address_and_nobody_takes_it() {
    let server =
        TestServer::start_with(|config| config.accounts.registrations_per_hour = 1_000).await;
    let mut ann = server.program(Role::Customer).await;
    let mut bob = server.program(Role::Customer).await;
    for (client, email) in [(&ann, "info@bücher.example"), (&bob, "taro..y@example.com")] {
        let change = format!(
            "UPDATE users SET email = '{email}' WHERE id = {}",
            client.id()
        );
        execute(&server.app, &change).await;
    }
    reindex::rebuild(&server.app.db).await.expect("indexes");
    let mut anyone = server.visitor();
    for typed in [
        "info@bücher.example",
        "Info@bu\u{308}cher.example",
        "info@xn--bcher-kva.example",
        "Taro..Y@example.com",
    ] {
        let login = json!({ "email": typed, "password": "violet-anchor-tide" });
        let answer = post(&mut anyone, "/api/v1/auth/login", login).await;
        assert_eq!(answer.status, 200, "{typed}: {}", answer.body);
    }
    let person = json!({ "name": "Eve", "email": "info@xn--bcher-kva.example", "password": "violet-anchor-tide" });
    let answer = post(&mut anyone, "/api/v1/auth/register", person).await;
    assert!(
        answer.json()["errors"]["email"].is_string(),
        "{}",
        answer.body
    );
    // The form of the profile sends the address along, and is not refused for it.
    for (client, email) in [
        (&mut ann, "info@bücher.example"),
        (&mut bob, "taro..y@example.com"),
    ] {
        let body = json!({ "name": "New Name", "email": email });
        let answer = client.send_json(Method::PATCH, "/api/v1/me", body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.data()["email"], Value::from(email));
    }
    let taken =
        json!({ "email": "info@xn--bcher-kva.example", "current_password": "violet-anchor-tide" });
    let answer = bob.send_json(Method::PATCH, "/api/v1/me", taken).await;
    assert!(
        answer.json()["errors"]["email"].is_string(),
        "{}",
        answer.body
    );
}
