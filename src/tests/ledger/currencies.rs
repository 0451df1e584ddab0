//! A shop whose currency is changed in the configuration: nothing is taken for something else.

use crate::support::company::{Company, PRICE, post, word};
use crate::support::{Client, TestServer, number};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use guildhall::clock::Clock;
use guildhall::ledger::verify_ledger;
use guildhall::money::Currency;
use guildhall::ops::find_other_currencies;
use guildhall::orders::verify_orders;
use guildhall::server::{App, router};
use serde_json::{Value, json};

/// The same database under a server whose configuration says another currency.
struct Changed {
    app: App,
    staff: Client,
    mei: Client,
}

impl Changed {
    fn of(server: &TestServer, staff: &Client, mei: &Client) -> Self {
        let old = &server.app;
        let mut config = old.config.clone();
        config.shop.currency = Currency::Usd;
        let app = App::new(
            config,
            old.leptos.clone(),
            old.db.clone(),
            Clock::fixed(old.clock.now()),
        );
        let before = |client: &Client| {
            let mut there = Client::new(router(app.clone()));
            there.token.clone_from(&client.token);
            there.cookies.clone_from(&client.cookies);
            there.user.clone_from(&client.user);
            there
        };
        let (staff, mei) = (before(staff), before(mei));
        Self { app, staff, mei }
    }

    async fn is_right(&self) {
        assert_eq!(verify_ledger(&self.app).await.expect("reads"), []);
        assert_eq!(verify_orders(&self.app).await.expect("reads"), []);
    }
}

async fn wallet(client: &mut Client) -> (String, i64, String) {
    let wallet = client.api("/api/v1/wallet").await.data();
    let balance = wallet["balance"].as_i64().expect("a balance");
    (word(&wallet["code"]), balance, word(&wallet["currency"]))
}

fn top_up(user: i64) -> String {
    format!("/api/v1/users/{user}/top-up")
}

#[tokio::test]
async fn money_stays_in_the_currency_it_came_in() {
    let mut company = Company::open().await;
    let order = company.place(1, "wallet").await;
    let mut now = Changed::of(&company.server, &company.staff, &company.mei);
    // The wallet of before is not the one to pay from, and is still there.
    let (code, balance, currency) = wallet(&mut now.mei).await;
    let plain = format!("wallet-{}", now.mei.id());
    assert_eq!(
        (code, balance, currency),
        (format!("{plain}.usd"), 0, "USD".into())
    );
    let answer = post(
        &mut now.staff,
        &top_up(now.mei.id()),
        json!({ "amount": 2_500 }),
    )
    .await;
    assert_eq!(answer.data()["currency"], "USD", "{}", answer.body);
    assert_eq!(wallet(&mut now.mei).await.1, 2_500);
    let query = format!("SELECT balance FROM ledger_accounts WHERE code = '{plain}'");
    let yuan = number(&now.app, &query).await;
    assert_eq!(yuan, crate::support::company::MONEY);
    let mut mei = now.mei.clone();
    mei.token = None;
    let cookies = company
        .server
        .sign_in(company.mei.user.as_ref().expect("her"))
        .await
        .cookies;
    mei.cookies = cookies;
    let page = mei.page("/wallet").await;
    assert!(
        page.contains("$25.00") && page.contains("You also have ¥10,000.00 with us"),
        "{page}"
    );
    let mut lin = company.server.signed_in(Role::Customer).await;
    lin.page("/wallet").await;
    let mut lin = Changed::of(&company.server, &company.staff, &lin).mei;
    let page = lin.page("/wallet").await;
    assert!(!page.contains("You also have"), "an empty wallet: {page}");

    // What is under way goes on in its own currency.
    let step = |step: &str| format!("/api/v1/orders/{order}/{step}");
    for (name, body) in [
        ("pack", json!({})),
        ("ship", json!({})),
        ("refund", json!({ "amount": 500, "to": "wallet" })),
        ("refund", json!({ "amount": 300, "to": "bank" })),
    ] {
        let answer = post(&mut now.staff, &step(name), body).await;
        assert_eq!(answer.status, StatusCode::OK, "{name}: {}", answer.body);
        assert_eq!(answer.data()["currency"], "CNY");
    }
    let spent = PRICE + 1_000 - 500;
    assert_eq!(
        number(&now.app, &query).await,
        crate::support::company::MONEY - spent
    );
    assert_eq!(wallet(&mut now.mei).await.1, 2_500);
    now.is_right().await;
}

#[tokio::test]
async fn a_price_is_not_taken_for_one_in_another_currency() {
    let mut company = Company::open().await;
    let product = format!("/api/v1/products/{}", company.product);
    let (line, one) = (
        format!("/api/v1/cart/items/{}", company.product),
        json!({ "quantity": 1 }),
    );
    let added = company.mei.send_json(Method::PUT, &line, one.clone()).await;
    assert!(added.status.is_success(), "{}", added.body);
    let body = company.order(1, "wallet", "standard");
    let mut now = Changed::of(&company.server, &company.staff, &company.mei);
    let enough = json!({ "amount": 10_000_000 });
    post(&mut now.staff, &top_up(now.mei.id()), enough).await;

    let shown = now.mei.api(&product).await.data();
    assert_eq!(
        (&shown["price"], &shown["currency"]),
        (&json!(PRICE), &json!("CNY"))
    );
    let page = now.mei.page("/products/headphones").await;
    assert!(
        page.contains("¥199.00") && !page.contains("$199.00"),
        "{page}"
    );
    assert!(
        !page.contains("action=\"/cart/items\""),
        "it cannot be bought"
    );
    for order in [body.clone(), without_items(&body)] {
        let refused = post(&mut now.mei, "/api/v1/orders", order).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
    }
    let again = now.mei.send_json(Method::PUT, &line, one).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.body);
    let cart = now.mei.api("/api/v1/cart").await.data();
    assert_eq!(
        (&cart["orderable"], &cart["subtotal"]),
        (&json!(false), &json!(0))
    );
    let counted = find_other_currencies(&now.app).await.expect("reads");
    assert_eq!(counted.len(), 1, "{counted:?}");
    let other = &counted[0];
    assert_eq!(
        (other.currency, other.products, other.orders, other.accounts),
        (Currency::Cny, 1, 0, 2)
    );

    // A price written now is one in the shop's currency.
    let priced = json!({ "price": 2_500 });
    let answer = now.staff.send_json(Method::PATCH, &product, priced).await;
    assert_eq!(answer.data()["currency"], "USD", "{}", answer.body);
    let placed = post(&mut now.mei, "/api/v1/orders", body).await;
    assert_eq!(placed.status, StatusCode::CREATED, "{}", placed.body);
    assert_eq!(
        (&placed.data()["currency"], &placed.data()["subtotal"]),
        (&json!("USD"), &json!(2_500))
    );
    now.is_right().await;
}

fn without_items(order: &Value) -> Value {
    let mut order = order.clone();
    order.as_object_mut().expect("an object").remove("items");
    order
}

#[tokio::test]
async fn the_proof_finds_money_that_changed_its_currency() {
    let mut company = Company::open().await;
    let order = company.place(1, "wallet").await;
    company.step(&order, "pack", json!({})).await;
    let app = &company.server.app;
    assert_eq!(verify_ledger(app).await.expect("reads"), []);
    crate::support::execute(
        app,
        "UPDATE ledger_accounts SET currency = 'JPY' WHERE code = 'bank'",
    )
    .await;
    crate::support::execute(app, "UPDATE orders SET currency = 'USD'").await;
    let findings = verify_ledger(app).await.expect("reads");
    let said: Vec<&str> = findings.iter().map(|finding| finding.0.as_str()).collect();
    assert!(
        said.iter()
            .any(|one| one.contains("which count in two currencies")),
        "{said:?}"
    );
    let about = format!("Order {order} counts in another currency");
    assert!(said.iter().any(|one| one.starts_with(&about)), "{said:?}");
}

#[tokio::test]
async fn a_top_up_of_an_older_wallet_is_read_in_its_currency() {
    let company = Company::open().await;
    let wallet = company.wallet(&company.mei).await;
    let staff = company.server.signed_in(Role::Staff).await;
    let mut now = Changed::of(&company.server, &staff, &company.mei);
    let path = format!("/ledger/accounts/{wallet}/top-up");
    let fields = [("amount", "￥5"), ("memo", ""), ("idempotency_key", "a")];
    let answer = now.staff.post(&path, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let query = format!("SELECT balance FROM ledger_accounts WHERE id = {wallet}");
    assert_eq!(
        number(&now.app, &query).await,
        crate::support::company::MONEY + 500
    );
    now.is_right().await;
}
