//! The language of an answer: chosen, remembered, asked for, or the shop's.

use crate::support::{Answer, Client, TestServer};
use axum::body::Body;
use axum::http::Method;
use guildhall::accounts::Role;
use guildhall::i18n::Language;

async fn get(client: &mut Client, path: &str, accepted: &str) -> Answer {
    let headers = [("accept", "text/html"), ("accept-language", accepted)];
    client
        .send(Method::GET, path, &headers, Body::empty())
        .await
}

async fn language_of(client: &mut Client, accepted: &str) -> String {
    let answer = get(client, "/login", accepted).await;
    answer.header("content-language").to_owned()
}

#[tokio::test]
async fn a_page_is_in_the_language_that_the_browser_asks_for() {
    let server = TestServer::start().await;
    let mut visitor = server.visitor();
    for (accepted, language) in [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("en-GB,en;q=0.9", "en"),
        ("de", "en"),
    ] {
        assert_eq!(language_of(&mut visitor, accepted).await, language);
    }
    let page = get(&mut visitor, "/login", "zh").await;
    assert!(page.body.contains(r#"<html lang="zh-CN""#));
    assert!(page.body.contains("购物车"));
    assert!(
        page.headers
            .get_all("vary")
            .iter()
            .any(|vary| vary == "accept-language, cookie")
    );
    // The parts of the frame that are made once are made once for each language.
    let page = get(&mut visitor, "/login", "en").await;
    assert!(page.body.contains(r#"<html lang="en""#));
    assert!(page.body.contains("Skip to the content") && page.body.contains("Keyboard shortcuts"));
}

#[tokio::test]
async fn where_nobody_asks_for_a_language_the_shop_speaks_its_own() {
    let server = TestServer::start_with(|config| config.shop.language = Language::Chinese).await;
    let mut visitor = server.visitor();
    assert_eq!(language_of(&mut visitor, "fr").await, "zh-CN");
    assert_eq!(language_of(&mut visitor, "en").await, "en");
}

#[tokio::test]
async fn the_switch_is_remembered_by_the_browser_and_leads_back() {
    let server = TestServer::start().await;
    let mut visitor = server.visitor();
    let page = get(&mut visitor, "/products?sort=name", "en").await;
    assert!(page.body.contains(r#"value="zh-CN""#) && page.body.contains("中文"));
    let fields = [("language", "zh-CN"), ("next", "/products?sort=name")];
    let answer = visitor.post("/language", &fields).await;
    assert_eq!(answer.header("location"), "/products?sort=name");
    assert_eq!(language_of(&mut visitor, "en").await, "zh-CN");
    let other = server
        .visitor()
        .post("/language", &[("language", "tlh")])
        .await;
    assert_eq!(other.status, 422);
}

#[tokio::test]
async fn what_somebody_chose_goes_with_them_to_another_browser() {
    let server = TestServer::start().await;
    let user = server.person(Role::Customer).await;
    let mut first = server.sign_in(&user).await;
    first.post("/language", &[("language", "zh-CN")]).await;
    let mut second = server.sign_in(&user).await;
    assert_eq!(language_of(&mut second, "en").await, "zh-CN");
    // A program says itself what it reads.
    let mut program = server.program_of(&user).await;
    let headers = [("accept-language", "en")];
    let answer = program
        .send(Method::GET, "/api/v1/cart", &headers, Body::empty())
        .await;
    assert_eq!(answer.header("content-language"), "en");
}

/// Work that a page waits for may be done in a task of its own, which has to know the language too.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_waits_for_the_database_speaks_one_language_throughout() {
    let server = TestServer::start().await;
    let mut visitor = server.visitor();
    for _ in 0..40 {
        let page = get(&mut visitor, "/products", "zh").await;
        let (heading, empty) = ("<h1>商店", "商店还没有商品");
        assert!(
            page.body.contains(heading) && page.body.contains(empty),
            "{}",
            page.body
        );
    }
}

/// Transfers of one moment are posted together, by a worker that belongs to nobody's request.
#[tokio::test]
async fn transfers_that_are_posted_together_are_refused_each_in_its_own_language() {
    let server = TestServer::start().await;
    let staff = server.program(Role::Staff).await;
    let refused = |accepted: &'static str| {
        let mut staff = staff.clone();
        async move {
            let headers = [
                ("content-type", "application/json"),
                ("accept-language", accepted),
            ];
            let body = r#"{ "from_account_id": 98, "to_account_id": 99, "amount": 1 }"#;
            let path = "/api/v1/transfers";
            let answer = staff.send(Method::POST, path, &headers, body.into()).await;
            answer.json()["message"].clone()
        }
    };
    let answers = tokio::join!(refused("zh"), refused("en"), refused("zh"), refused("en"));
    let (chinese, english) = ("找不到该科目。", "There is no such ledger account.");
    assert_eq!(
        answers,
        (
            chinese.into(),
            english.into(),
            chinese.into(),
            english.into()
        )
    );
}

/// The strength of a password is worked out on a thread that belongs to nobody's request.
#[tokio::test]
async fn a_password_is_refused_in_the_language_of_who_chose_it() {
    let server = TestServer::start().await;
    let mut visitor = server.visitor();
    for (accepted, refused) in [
        ("zh", "这个密码很容易被猜到。请再加一两个词，越少见越好。"),
        (
            "en",
            "This is easily guessed. Add another word or two; uncommon ones are better.",
        ),
    ] {
        let headers = [
            ("content-type", "application/json"),
            ("accept-language", accepted),
        ];
        let body = r#"{ "name": "Mei Lin", "email": "mei.lin@example.com", "password": "mei.lin@example.com" }"#;
        let path = "/api/v1/auth/register";
        let answer = visitor
            .send(Method::POST, path, &headers, body.into())
            .await;
        assert_eq!(answer.json()["errors"]["password"], refused);
    }
}

/// The figures that follow come from a server function, and their words with them.
#[tokio::test]
async fn the_console_goes_on_in_the_language_that_it_began_in() {
    let server = TestServer::start().await;
    let mut staff = server.signed_in(Role::Staff).await;
    let page = get(&mut staff, "/ops/conservation", "zh").await;
    for words in ["暂停更新", "继续更新", "借贷平衡", "数据截至"] {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    let headers = [
        ("accept", "application/json"),
        ("accept-language", "zh"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("sec-fetch-site", "same-origin"),
    ];
    let answer = staff
        .send(Method::POST, "/fn/read_meters", &headers, Body::empty())
        .await;
    assert!(answer.body.contains("借贷平衡"), "{}", answer.body);
}
