//! Mail to addresses that anybody can type: one to confirm it, and nothing more until somebody has.

use crate::support::company::Company;
use crate::support::{PASSWORD, number};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::json;

const ADVERT: &str = "You won 500 http://evil.example";

/// Somebody registers another's address under this name, and orders by the API.
async fn register(company: &mut Company, name: &str, email: &str) {
    let mut client = company.server.visitor();
    let fields = [("name", name), ("email", email), ("password", PASSWORD)];
    let answer = client.post("/register", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    company.mei = client;
}

fn link(text: &str) -> String {
    let start = text.find("/confirm-address?token=").expect("a link");
    text[start..]
        .split_whitespace()
        .next()
        .expect("its end")
        .to_owned()
}

async fn order_and_cancel(company: &mut Company) -> String {
    let order = company.place(2, "invoice").await;
    let path = format!("/api/v1/orders/{order}/cancel");
    let answer = company.mei.send_json(Method::POST, &path, json!({})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    order
}

#[tokio::test]
async fn an_address_that_nobody_confirmed_gets_one_mail_and_no_advertisement() {
    let mut company = Company::open_to_listeners().await;
    register(&mut company, ADVERT, "victim@example.com").await;
    for _ in 0..5 {
        order_and_cancel(&mut company).await;
        company.deliver().await;
    }
    assert_eq!(company.mails().len(), 1, "{:?}", company.mails());
    let (headers, text) = company.mail("-placed");
    for part in [&headers, &text] {
        assert!(
            !part.contains("evil") && !part.contains("You won"),
            "{part}"
        );
    }
    assert!(headers.contains("To: victim@example.com"), "{headers}");
    assert!(text.starts_with("Hello,\n"), "{text}");
    // Told again it is the same one mail, and its newer link is the one that counts.
    let undone = "UPDATE deliveries SET state = 'dead' WHERE id = (SELECT MIN(id) FROM deliveries)";
    crate::support::execute(&company.server.app, undone).await;
    for letter in company.dead().await {
        let path = format!("/api/v1/events/dead/{}/retry", letter["id"]);
        company
            .staff
            .send_json(Method::POST, &path, json!({}))
            .await;
    }
    company.deliver().await;
    assert_eq!(company.mails().len(), 1);
}

#[tokio::test]
async fn the_link_in_the_first_mail_confirms_the_address() {
    let mut company = Company::open_to_listeners().await;
    register(&mut company, "Taro", "taro@example.com").await;
    let order = company.place(2, "invoice").await;
    let thanks = company.mei.page(&format!("/orders/{order}/thanks")).await;
    assert!(thanks.contains("We write to taro@example.com."), "{thanks}");
    company.deliver().await;
    let (_, text) = company.mail("-placed");
    let link = link(&text);

    // A mail server that opens links confirms nothing, and who has no link neither.
    let mut somebody = company.server.visitor();
    let page = somebody.page(&link).await;
    assert!(page.contains("Is taro@example.com yours?"), "{page}");
    let open = "SELECT COUNT(*) FROM mail_addresses WHERE address = 'taro@example.com' AND confirmed_at IS NOT NULL";
    assert_eq!(number(&company.server.app, open).await, 0);
    for token in ["", "wrong"] {
        let answer = somebody.post("/confirm-address", &[("token", token)]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.body);
    }
    for address in ["/confirm-address", "/confirm-address?token=wrong"] {
        assert_eq!(somebody.get(address).await.status, StatusCode::NOT_FOUND);
    }
    let (_, token) = link.split_once('=').expect("a token");
    for _ in 0..2 {
        let answer = somebody.post("/confirm-address", &[("token", token)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    }
    assert_eq!(number(&company.server.app, open).await, 1);
    assert!(somebody.page(&link).await.contains("is confirmed"));

    company.step(&order, "pay", json!({})).await;
    company.deliver().await;
    let (headers, text) = company.mail("-paid");
    assert!(headers.contains("Taro"), "{headers}");
    assert!(text.starts_with("Hello Taro,"), "{text}");
    let thanks = company.mei.page(&format!("/orders/{order}/thanks")).await;
    assert!(!thanks.contains("Follow the link"), "{thanks}");
}

#[tokio::test]
async fn another_address_has_to_be_confirmed_anew() {
    let mut company = Company::open_to_listeners().await;
    let mei = company.mei.user.clone().expect("somebody");
    let mut browser = company.server.sign_in(&mei).await;
    let fields = [
        ("email", "other@example.com"),
        ("current_password", PASSWORD),
    ];
    let moved = browser.post("/account/email", &fields).await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.body);
    company.place(2, "wallet").await;
    company.deliver().await;
    assert_eq!(company.mails().len(), 1, "{:?}", company.mails());
    let (_, text) = company.mail("-placed");
    assert!(text.contains("/confirm-address?token="), "{text}");
}

#[tokio::test]
async fn nobody_is_flooded() {
    let mut company = Company::open_with(|config| config.mail.most_per_day = 3).await;
    for _ in 0..3 {
        order_and_cancel(&mut company).await;
    }
    company.deliver().await;
    assert_eq!(company.mails().len(), 3);
    assert!(company.dead().await.is_empty());
    company.wait(86_401);
    order_and_cancel(&mut company).await;
    company.deliver().await;
    assert_eq!(company.mails().len(), 5);
    let mut staff = company.server.signed_in(Role::Staff).await;
    staff.page("/events").await;
}

#[tokio::test]
async fn a_mail_names_the_account_the_amount_the_reference_and_the_day() {
    let mut company = Company::open_with(|config| {
        let payment = &mut config.payment;
        payment.account_holder = "Guildhall Ltd".to_owned();
        payment.account_number = "DE89 3704 0044 0532 0130 00".to_owned();
        payment.bank_name = "Hall Bank".to_owned();
        payment.bic = "HALLDEFF".to_owned();
    })
    .await;
    let order = company.place(2, "invoice").await;
    company.deliver().await;
    let (_, text) = company.mail("-placed");
    let mei = company.mei.user.clone().expect("somebody");
    let mut browser = company.server.sign_in(&mei).await;
    let thanks = browser.page(&format!("/orders/{order}/thanks")).await;
    let page = browser.page(&format!("/orders/{order}")).await;
    for said in [&text, &thanks, &page] {
        for word in [
            "Guildhall Ltd",
            "DE89 3704 0044 0532 0130 00",
            "Hall Bank",
            "HALLDEFF",
        ] {
            assert!(said.contains(word), "{word}: {said}");
        }
        assert!(said.contains("¥408.00") && said.contains(&order), "{said}");
        assert!(said.contains("Payment reference"), "{said}");
    }
    let seen = company
        .mei
        .api(&format!("/api/v1/orders/{order}"))
        .await
        .data();
    let until = company.server.app.clock.now().plus_days(3);
    assert_eq!(seen["expires_at"], until.rfc3339());
    company.step(&order, "pay", json!({})).await;
    let page = browser.page(&format!("/orders/{order}")).await;
    assert!(!page.contains("DE89"), "it is paid");
}

#[tokio::test]
async fn production_without_an_account_offers_no_transfer() {
    let production = |config: &mut guildhall::server::config::Config| {
        config.server.environment = guildhall::server::config::Environment::Production;
    };
    let mut company = Company::open_with(production).await;
    let order = json!({
        "items": [{ "product_id": company.product, "quantity": 1 }],
        "address": {
            "name": "Mei", "line1": "12 Tower Street", "city": "Shanghai",
            "postal_code": "200001", "country": "CN",
        },
        "delivery": "standard", "payment": "invoice",
    });
    let refused = company
        .mei
        .send_json(Method::POST, "/api/v1/orders", order)
        .await;
    assert_eq!(
        refused.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        refused.body
    );
    assert!(
        refused.json()["errors"]["payment"].is_string(),
        "{}",
        refused.body
    );
    let line = format!("/api/v1/cart/items/{}", company.product);
    company
        .mei
        .send_json(Method::PUT, &line, json!({ "quantity": 1 }))
        .await;
    let mei = company.mei.user.clone().expect("somebody");
    let mut browser = company.server.sign_in(&mei).await;
    let checkout = browser.page("/checkout").await;
    assert!(
        !checkout.contains("value=\"invoice\"") && checkout.contains("value=\"wallet\""),
        "{checkout}"
    );
    let development = Company::open_to_listeners().await;
    let mei = development.mei.user.clone().expect("somebody");
    let mut demo = development.server.sign_in(&mei).await;
    let put = [
        ("product_id", development.product.to_string()),
        ("quantity", "1".to_owned()),
    ];
    let put: Vec<(&str, &str)> = put
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    demo.post("/cart/items", &put).await;
    assert!(demo.page("/checkout").await.contains("value=\"invoice\""));
}
