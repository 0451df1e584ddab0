//! Typed amounts: read as they were meant, wherever one can be typed.

use crate::support::company::Company;
use crate::support::{Client, number};
use axum::http::StatusCode;
use guildhall::accounts::Role;
use serde_json::json;

/// A typed amount, and its value in fen; none where it is refused.
const TYPED: [(&str, Option<i64>); 8] = [
    ("12,50", Some(1_250)),
    ("1,234", Some(123_400)),
    ("1.234,5", Some(123_450)),
    ("￥１２．５０", Some(1_250)),
    ("12 元", Some(1_200)),
    ("12 50", None),
    ("1,23,4", None),
    ("$12", None),
];

/// Sends the form with what is typed as its amount; a refusal keeps what was typed.
async fn send(client: &mut Client, path: &str, fields: &[(&str, &str)], read: bool) {
    let answer = client.post(path, fields).await;
    let status = if read {
        StatusCode::SEE_OTHER
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    assert_eq!(answer.status, status, "{path} {fields:?}: {}", answer.body);
}

#[tokio::test]
async fn prices_are_read_as_they_were_meant() {
    let company = Company::open().await;
    let mut sam = company.server.signed_in(Role::Staff).await;
    for (index, (typed, meant)) in TYPED.iter().enumerate() {
        let slug = format!("thing-{index}");
        let fields = [
            ("name", slug.as_str()),
            ("slug", &slug),
            ("price", typed),
            ("category", "audio"),
            ("stock", "3"),
            ("description", ""),
        ];
        send(&mut sam, "/products/new", &fields, meant.is_some()).await;
        let price = |slug: &str| {
            format!(
                "SELECT CAST(COALESCE(SUM(price), -1) AS BIGINT) FROM products WHERE slug = '{slug}'"
            )
        };
        let made = number(&company.server.app, &price(&slug)).await;
        assert_eq!(made, meant.unwrap_or(-1), "{typed}");
        let version = number(
            &company.server.app,
            "SELECT version FROM products WHERE slug = 'headphones'",
        )
        .await;
        let version = version.to_string();
        let fields = [
            ("version", version.as_str()),
            ("name", "Headphones"),
            ("price", typed),
            ("category", "audio"),
            ("description", ""),
        ];
        let before = number(&company.server.app, &price("headphones")).await;
        send(
            &mut sam,
            "/products/headphones/edit",
            &fields,
            meant.is_some(),
        )
        .await;
        let after = number(&company.server.app, &price("headphones")).await;
        assert_eq!(after, meant.unwrap_or(before), "{typed}");
    }
}

#[tokio::test]
async fn top_ups_and_refunds_are_read_as_they_were_meant() {
    let mut company = Company::open().await;
    let mut sam = company.server.signed_in(Role::Staff).await;
    let wallet = company.wallet(&company.mei.clone()).await;
    let top_up = format!("/ledger/accounts/{wallet}/top-up");
    let email = company.mei.user.as_ref().expect("somebody").email.clone();
    let balance = format!("SELECT balance FROM ledger_accounts WHERE id = {wallet}");
    for (index, (typed, meant)) in TYPED.into_iter().enumerate() {
        let (once, other) = (format!("a{index}"), format!("b{index}"));
        let before = number(&company.server.app, &balance).await;
        let fields = [("amount", typed), ("memo", ""), ("idempotency_key", &once)];
        send(&mut sam, &top_up, &fields, meant.is_some()).await;
        let fields = [
            ("email", email.as_str()),
            ("amount", typed),
            ("idempotency_key", &other),
        ];
        send(&mut sam, "/ledger/top-up", &fields, meant.is_some()).await;
        let after = number(&company.server.app, &balance).await;
        assert_eq!(after - before, 2 * meant.unwrap_or(0), "{typed}");
    }

    let order = company.place(9, "wallet").await;
    company.step(&order, "pack", json!({})).await;
    company.step(&order, "ship", json!({})).await;
    let refund = format!("/orders/{order}/refund");
    let refunded = format!("SELECT refunded FROM orders WHERE number = '{order}'");
    for (index, (typed, meant)) in TYPED.into_iter().enumerate() {
        let meant = meant.filter(|amount| *amount < 100_000);
        let before = number(&company.server.app, &refunded).await;
        let version = number(
            &company.server.app,
            &format!("SELECT version FROM orders WHERE number = '{order}'"),
        )
        .await;
        let (version, once) = (version.to_string(), format!("c{index}"));
        let fields = [
            ("amount", typed),
            ("to", "bank"),
            ("version", &version),
            ("idempotency_key", &once),
        ];
        let typed_more_than_is_left = typed.starts_with("1,234") || typed.starts_with("1.234");
        if !typed_more_than_is_left {
            send(&mut sam, &refund, &fields, meant.is_some()).await;
            let after = number(&company.server.app, &refunded).await;
            assert_eq!(after - before, meant.unwrap_or(0), "{typed}");
        }
    }
}

#[tokio::test]
async fn filters_are_read_as_they_were_meant() {
    let mut company = Company::open().await;
    let mut sam = company.server.signed_in(Role::Staff).await;
    let order = company.place(1, "wallet").await;
    // The order costs 209.00 with its delivery, the headphones 199.00, and 10,000.00 were paid in.
    for (typed, within) in [
        ("209,00", true),
        ("209,01", false),
        ("￥２０９", true),
        ("1,209", false),
    ] {
        let typed = form_urlencoded::byte_serialize(typed.as_bytes()).collect::<String>();
        let page = sam.page(&format!("/orders/all?min={typed}")).await;
        assert_eq!(page.contains(&order), within, "{typed}");
    }
    for (typed, within) in [("199,00", true), ("199,01", false), ("１９９元", true)] {
        let typed = form_urlencoded::byte_serialize(typed.as_bytes()).collect::<String>();
        let page = sam.page(&format!("/products?min_price={typed}")).await;
        assert_eq!(page.contains("/products/headphones\""), within, "{typed}");
    }
    for (typed, rows) in [("10.000,00", true), ("10 000", true), ("10,000.01", false)] {
        let typed = form_urlencoded::byte_serialize(typed.as_bytes()).collect::<String>();
        let page = sam
            .page(&format!("/ledger/journal?kind=top_up&min={typed}"))
            .await;
        assert_eq!(page.contains("¥10,000.00"), rows, "{typed}");
    }
    for path in ["/orders/all?min=12+50", "/ledger/journal?min=12+50"] {
        let answer = sam.get(path).await;
        assert!(
            answer.body.contains("Write an amount in CNY"),
            "{path}: {}",
            answer.body
        );
    }
    let shop = sam.page("/products?min_price=12+50").await;
    assert!(
        shop.contains("The lowest price is left out. Write an amount in CNY"),
        "{shop}"
    );
    let view = [("name", "Large"), ("query", "min=12+50")];
    let kept = sam.post("/orders/views", &view).await;
    assert_ne!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
}
