//! Reserved stock: never more than there is, and given back when an order expires.

use crate::support::company::{Company, Opening, post};
use crate::support::{execute, interfere, number};
use axum::http::StatusCode;
use guildhall::accounts::{Role, User};
use guildhall::clock::Timestamp;
use guildhall::orders::{NewItem, NewOrder, Numbering, expire_orders, place_order};
use guildhall::server::{App, IdempotencyKey};
use serde_json::json;

#[tokio::test]
async fn an_unpaid_order_gives_its_stock_back_in_time() {
    let mut company = Company::with_stock(2).await;
    let number = company.place(2, "invoice").await;
    let app = company.server.app.clone();
    app.clock.advance(3 * 86_400 - 60);
    assert_eq!(expire_orders(&app).await, Ok(0));
    app.clock.advance(61);
    assert_eq!(expire_orders(&app).await, Ok(1));
    assert_eq!(expire_orders(&app).await, Ok(0));
    assert_eq!(company.stock().await, (2, 0));
    let mut staff = company.server.program(Role::Staff).await;
    let seen = staff.api(&format!("/api/v1/orders/{number}")).await.data();
    assert_eq!(seen["status"], "expired");
    company.check().await;
}

#[tokio::test]
async fn an_order_that_is_paid_or_cancelled_while_others_expire_stays_so() {
    for (meanwhile, stays) in [
        ("expires_at = NULL", "placed"),
        ("status = 'cancelled'", "cancelled"),
    ] {
        let mut company = Company::with_stock(2).await;
        for _ in 0..2 {
            company.place(1, "invoice").await;
        }
        let app = company.server.app.clone();
        app.clock.advance(3 * 86_400 + 1);
        // Whichever expires first, the other one is changed by then.
        let other = format!(
            "UPDATE orders SET {meanwhile} WHERE id <> NEW.id AND status = 'placed' AND expires_at IS NOT NULL"
        );
        interfere(
            &app,
            "AFTER UPDATE ON orders",
            &other,
            &format!("IF pg_trigger_depth() = 1 THEN {other}; END IF"),
        )
        .await;
        assert_eq!(expire_orders(&app).await, Ok(1), "{meanwhile}");
        for status in ["expired", stays] {
            let sql = format!("SELECT COUNT(*) FROM orders WHERE status = '{status}'");
            assert_eq!(number(&app, &sql).await, 1, "{meanwhile}: {status}");
        }
    }
}

#[tokio::test]
async fn only_the_order_releases_its_hold() {
    let mut company = Company::with_stock(2).await;
    let number = company.place(1, "wallet").await;
    for (client, act) in [
        (company.mei.clone(), "void"),
        (company.staff.clone(), "void"),
        (company.staff.clone(), "capture"),
    ] {
        let path = format!("/api/v1/holds/guildhall:order-{number}/{act}");
        let answer = post(&mut client.clone(), &path, json!({})).await;
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::CONFLICT, 3108),
            "{}",
            answer.body
        );
    }
    company.step(&number, "pack", json!({})).await;
    let path = format!("/api/v1/transfers/guildhall:order-{number}-capture/reverse");
    let answer = post(&mut company.staff, &path, json!({})).await;
    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::CONFLICT, 3108),
        "{}",
        answer.body
    );
    company.check().await;
}

/// Creates this many customers at once, without the time it takes to give each a password.
async fn crowd(app: &App, size: i64) -> Vec<User> {
    let row = |number: i64| {
        format!("('crowd{number}@example.com', 'Buyer {number}', '-', 'customer', 0, 0)")
    };
    let rows: Vec<_> = (1..=size).map(row).collect();
    let insert =
        "INSERT INTO users (email, name, password_hash, role, created_at, updated_at) VALUES ";
    execute(app, &format!("{insert}{}", rows.join(", "))).await;
    let first = number(app, "SELECT MIN(id) FROM users WHERE email LIKE 'crowd%'").await;
    let buyer = |number: i64| User {
        id: first + number,
        name: format!("Buyer {}", number + 1),
        email: format!("crowd{}@example.com", number + 1),
        role: Role::Customer,
        active: true,
        version: 1,
        language: None,
        created_at: Timestamp::default(),
        updated_at: Timestamp::default(),
    };
    (0..size).map(buyer).collect()
}

/// One pair of headphones.
fn one_of(company: &Company) -> NewOrder {
    let items = vec![NewItem {
        product_id: company.product,
        quantity: 1,
        price: None,
    }];
    let mut body = company.order(1, "invoice", "standard");
    body["items"] = json!(null);
    NewOrder {
        items: Some(items),
        ..serde_json::from_value(body).expect("an order")
    }
}

/// All buy at once; gives how many got an order, and the codes of those who did not.
async fn rush(company: &Company, buyers: Vec<User>) -> (usize, Vec<u16>) {
    let tasks: Vec<_> = buyers
        .into_iter()
        .map(|buyer| {
            let (app, order) = (company.app().clone(), one_of(company));
            tokio::spawn(async move {
                place_order(&app, &buyer, buyer.id, IdempotencyKey::Unkeyed, order).await
            })
        })
        .collect();
    let (mut orders, mut refused) = (0, Vec::new());
    for task in tasks {
        match task.await.expect("does not panic") {
            Ok(_) => orders += 1,
            Err(error) => refused.push(error.code),
        }
    }
    (orders, refused)
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_buyers_get_a_hundred_orders() {
    let company = Company::with_stock(100).await;
    let app = &company.server.app;
    let buyers = crowd(app, 500).await;
    let (orders, refused) = rush(&company, buyers).await;
    assert_eq!((orders, refused.len()), (100, 400));
    assert!(refused.iter().all(|code| *code == 3401), "{refused:?}");
    assert_eq!(company.stock().await, (100, 100));
    assert_eq!(number(app, "SELECT MAX(ordinal) FROM orders").await, 100);
    company.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_have_no_gaps_where_the_constraint_alone_keeps_them() {
    let company = Company::open_as(
        Opening {
            stock: 40,
            ..Default::default()
        },
        |config| config.orders.numbering = Numbering::Retry,
    )
    .await;
    let app = &company.server.app;
    let buyers = crowd(app, 60).await;
    let (orders, refused) = rush(&company, buyers).await;
    assert_eq!((orders, refused.len()), (40, 20));
    assert_eq!(number(app, "SELECT MAX(ordinal) FROM orders").await, 40);
    company.check().await;
}
