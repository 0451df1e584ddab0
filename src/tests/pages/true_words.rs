//! Facts that the back room's pages state: the stock log, the journal's buttons, amounts.

use crate::support::company::{Company, post};
use crate::support::{execute, number};
use axum::http::StatusCode;
use guildhall::accounts::Role;
use serde_json::json;

/// The cells of the stock log's rows: change and on hand, the newest first.
fn log_of(page: &str) -> Vec<(String, String)> {
    let cell = |row: &str, label: &str| {
        let (_, rest) = row
            .split_once(&format!("data-label=\"{label}\""))
            .expect("a cell");
        let (_, rest) = rest.split_once('>').expect("its beginning");
        let (inside, _) = rest.split_once("</td>").expect("its end");
        let mut text = String::new();
        let mut tag = false;
        for c in inside.chars() {
            match c {
                '<' => tag = true,
                '>' => tag = false,
                c if !tag => text.push(c),
                _ => {}
            }
        }
        text.split_whitespace().collect::<String>()
    };
    let (_, log) = page
        .split_once("Latest changes of the stock")
        .expect("the log");
    let (log, _) = log.split_once("</table>").expect("its end");
    let rows = log.split("<tr").skip(2);
    rows.map(|row| (cell(row, "Change"), cell(row, "On hand")))
        .collect()
}

#[tokio::test]
async fn the_stock_log_knows_what_was_sold_and_adds_up() {
    let mut company = Company::with_stock(9).await;
    let mut sam = company.server.signed_in(Role::Staff).await;
    let app = company.server.app.clone();
    let mut orders = Vec::new();
    for quantity in [2, 3] {
        app.clock.advance(60);
        let order = company.place(quantity, "wallet").await;
        company.step(&order, "pack", json!({})).await;
        app.clock.advance(60);
        company.step(&order, "ship", json!({})).await;
        orders.push(order);
    }
    app.clock.advance(60);
    let back = json!({ "items": [{ "product_id": company.product, "quantity": 1 }] });
    company.step(&orders[0], "return", back).await;
    app.clock.advance(60);
    let path = format!("/api/v1/products/{}/stock", company.product);
    let more = post(
        &mut company.staff,
        &path,
        json!({ "change": 1_500, "reason": "Delivery" }),
    )
    .await;
    assert_eq!(more.status, StatusCode::CREATED, "{}", more.body);
    company.place(1, "invoice").await;

    let page = sam.page("/products/headphones/edit").await;
    let log = log_of(&page);
    let wanted = [
        ("+1,500", "1,505"),
        ("+1", "5"),
        ("−3", "4"),
        ("−2", "7"),
        ("+9", "9"),
    ];
    let wanted = wanted.map(|(change, on_hand)| (change.to_owned(), on_hand.to_owned()));
    assert_eq!(log, wanted);
    for order in &orders {
        assert!(
            page.contains(&format!("Shipped with<!> <a href=\"/orders/{order}\">")),
            "{page}"
        );
    }
    assert!(
        page.contains("1,505") && page.contains("1 of them reserved"),
        "{page}"
    );
}

#[tokio::test]
async fn reverse_stands_only_where_it_can_be_done() {
    let mut company = Company::with_stock(9).await;
    let mut sam = company.server.signed_in(Role::Staff).await;
    let order = company.place(1, "invoice").await;
    for (step, body) in [
        ("pay", json!({})),
        ("pack", json!({})),
        ("ship", json!({})),
        ("refund", json!({ "amount": 500 })),
        ("refund", json!({ "amount": 300, "to": "bank" })),
    ] {
        company.step(&order, step, body).await;
    }
    let app = &company.server.app;
    let all = number(app, "SELECT COUNT(*) FROM transfers").await;
    let page = sam.page("/ledger/journal").await;
    let buttons = page.matches("/reverse\"").count() as i64;
    let links = page.matches(">See the order").count() as i64;
    assert_eq!((buttons, links, buttons + links), (1, 4, all), "{page}");
    assert!(
        page.contains(&format!("href=\"/orders/{order}\">See the order")),
        "{page}"
    );
    let top_up = number(app, "SELECT seq FROM transfers WHERE kind = 'top_up'").await;
    let enough = "UPDATE ledger_accounts SET min_balance = NULL";
    execute(app, enough).await;
    let answer = sam
        .post(&format!("/ledger/journal/{top_up}/reverse"), &[])
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

#[tokio::test]
async fn amounts_that_go_out_have_a_real_minus() {
    let mut company = Company::with_stock(9).await;
    let order = company.place(1, "wallet").await;
    company.step(&order, "pack", json!({})).await;
    let wallet = company.wallet(&company.mei.clone()).await;
    let mut sam = company.server.signed_in(Role::Staff).await;
    let page = sam.page(&format!("/ledger/accounts/{wallet}")).await;
    assert!(page.contains("−¥209.00") && !page.contains("-¥"), "{page}");
    assert!(page.contains("amount-in"), "{page}");
}
