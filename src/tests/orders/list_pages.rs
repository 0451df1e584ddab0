//! Lists of orders: filters, saved views, pages, and packing lists.

use super::browsers::{Browsers, Reads, count};
use crate::support::company::check;
use crate::support::forms::{field, form_of};
use crate::support::{Client, TestServer, execute, number};
use axum::http::StatusCode;
use guildhall::accounts::{Role, User};

/// The number of orders in the list of all.
async fn shown(client: &mut Client, query: &str) -> usize {
    let page = client.read(&format!("/orders/all?{query}")).await;
    count(&page, "data-label=\"Placed\"")
}

#[tokio::test]
async fn the_list_finds_what_its_filters_name() {
    let mut browsers = Browsers::open().await;
    let first = browsers.place(1, "wallet").await;
    browsers.company.server.app.clock.advance(2 * 86_400);
    let User { email, name, .. } = browsers.mei.user.clone().expect("a customer");
    let mei = browsers
        .company
        .server
        .sign_in(&browsers.mei.user.clone().expect("a customer"))
        .await;
    let sam = browsers
        .company
        .server
        .sign_in(&browsers.sam.user.clone().expect("staff"))
        .await;
    (browsers.mei, browsers.sam) = (mei, sam);
    browsers.place(2, "invoice").await;
    browsers.step(&first, "pack", &[]).await;
    let day = |days| browsers.app().clock.now().plus_days(days).rfc3339()[..10].to_owned();
    let (today, before) = (day(0), day(-2));
    let name = name.to_lowercase().replace(' ', "+");
    let lamp = browsers.lamp;
    for (query, found) in [
        (String::new(), 2),
        (format!("q={first}"), 1),
        ("q=2".into(), 1),
        ("q=000001".into(), 1),
        (format!("q={name}"), 2),
        (format!("q={email}"), 2),
        ("q=nobody".into(), 0),
        ("status=packed".into(), 1),
        ("status=paid".into(), 0),
        ("payment=invoice".into(), 1),
        ("delivery=standard".into(), 2),
        ("delivery=express".into(), 0),
        ("flagged=yes".into(), 0),
        (format!("product={}", browsers.company.product), 2),
        (format!("product={lamp}"), 0),
        (format!("from={today}"), 1),
        (format!("to={before}"), 1),
        (format!("from={before}&to={today}"), 2),
        ("min=300".into(), 1),
        ("max=300".into(), 1),
        (format!("status=placed&payment=invoice&min=1&q={name}"), 1),
    ] {
        assert_eq!(shown(&mut browsers.sam, &query).await, found, "{query}");
    }
    let page = browsers.sam.read("/orders/all?payment=wallet").await;
    assert!(page.contains("All (1)") && page.contains("Packed (1)") && page.contains("Placed (0)"));
    let page = browsers
        .sam
        .read("/orders/all?status=x&min=x&product=x")
        .await;
    assert!(page.contains("These filters cannot be read") && page.contains("value=\"x\""));
    assert!(
        browsers
            .sam
            .read("/orders/all?q=nobody")
            .await
            .contains("Nothing matches")
    );
}

#[tokio::test]
async fn lists_of_orders_come_in_pages() {
    let mut browsers = Browsers::open().await;
    execute(browsers.app(), "UPDATE products SET on_hand = 500").await;
    for _ in 0..51 {
        browsers.place(1, "invoice").await;
    }
    for (path, on_a_page) in [("/orders", 20), ("/orders/all?status=placed", 50)] {
        let client = if path == "/orders" {
            &mut browsers.mei
        } else {
            &mut browsers.sam
        };
        let (mut next, mut seen) = (Some(path.to_owned()), 0);
        while let Some(path) = next.take() {
            let page = client.read(&path).await;
            let rows = count(&page, "data-label=\"Placed\"");
            assert!(rows == on_a_page || rows == 51 % on_a_page, "{rows}");
            seen += rows;
            let links = page
                .split("href=\"")
                .filter_map(|rest| rest.split('"').next());
            let mut links = links.map(|href| href.replace("&amp;", "&"));
            next = links.find(|href| href.contains("cursor="));
        }
        assert_eq!(seen, 51, "{path}");
    }
    let answer = browsers.mei.get("/orders?cursor=x").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_filter_is_kept_under_a_name() {
    let mut browsers = Browsers::open().await;
    let list = "/orders/all?status=paid&min=100";
    let page = browsers.sam.read(list).await;
    let query = field(form_of(&page, "/orders/views"), "query").replace("&amp;", "&");
    assert_eq!(query, "status=paid&min=100");
    browsers.sam.referer = Some(list.to_owned());
    for _ in 0..2 {
        let fields = [("name", "  To  pack, 贵重 "), ("query", query.as_str())];
        let answer = browsers.sam.post("/orders/views", &fields).await;
        assert_eq!(answer.header("location"), list, "{}", answer.body);
    }
    let page = browsers.sam.read("/orders/all").await;
    assert!(
        page.contains("To pack, 贵重") && page.contains("status=paid&amp;min=100"),
        "{page}"
    );
    let taken = [("name", "To pack, 贵重"), ("query", "status=placed")];
    let answer = browsers.sam.post("/orders/views", &taken).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("You have a view of this name.") && answer.body.contains("open"));
    for (name, query) in [("", "status=paid"), ("x", "status=none")] {
        let answer = browsers
            .sam
            .post("/orders/views", &[("name", name), ("query", query)])
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
    }
    for number in 2..=20 {
        let fields = [("name", &format!("View {number}")[..]), ("query", "")];
        let answer = browsers.sam.post("/orders/views", &fields).await;
        assert_eq!(answer.header("location"), "/orders/all", "{}", answer.body);
    }
    let answer = browsers
        .sam
        .post("/orders/views", &[("name", "One more")])
        .await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let id = number(browsers.app(), "SELECT MIN(id) FROM saved_views").await;
    let delete = format!("/orders/views/{id}/delete");
    let mut admin = browsers.company.server.signed_in(Role::Admin).await;
    assert_eq!(admin.post(&delete, &[]).await.status, StatusCode::NOT_FOUND);
    assert!(
        !admin.read("/orders/all").await.contains("To pack"),
        "views are one's own"
    );
    let answer = browsers
        .sam
        .post(&delete, &[("next", "/orders/all?q=a")])
        .await;
    assert_eq!(answer.header("location"), "/orders/all?q=a");
    assert_eq!(browsers.company.count("saved_views").await, 19);
}

#[tokio::test]
async fn packing_lists_say_what_goes_where() {
    let mut browsers = Browsers::open().await;
    let first = browsers.place(2, "wallet").await;
    let second = browsers.place(3, "invoice").await;
    let page = browsers
        .sam
        .read(&format!("/orders/{first}/packing-list"))
        .await;
    assert!(
        page.contains("南京西路 12") && page.contains("<strong>2</strong>"),
        "{page}"
    );
    assert_eq!(count(&page, "class=\"tick-box\""), 1);
    let page = browsers.sam.read("/orders/packing-lists").await;
    assert!(
        page.contains(&first) && !page.contains(&second),
        "only what is paid"
    );
    let page = browsers
        .sam
        .read("/orders/packing-lists?status=packed")
        .await;
    assert!(page.contains("Nothing to pack"));
    let answer = browsers.sam.get("/orders/2020-000001/packing-list").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    browsers.step(&first, "cancel", &[]).await;
    let page = browsers
        .sam
        .read(&format!("/orders/{first}/packing-list"))
        .await;
    assert!(page.contains("This order is cancelled."), "{page}");
}

#[tokio::test]
async fn the_demo_company_is_seeded_once_and_is_right() {
    let server = TestServer::start().await;
    let app = &server.app;
    guildhall::accounts::seed_demo(app).await.expect("people");
    guildhall::catalog::seed_demo(app).await.expect("products");
    let mut counts = Vec::new();
    for _ in 0..2 {
        guildhall::orders::seed_demo(app).await.expect("orders");
        app.clock.advance(60);
        for table in ["orders", "order_events", "transfers", "holds", "outbox"] {
            counts.push(number(app, &format!("SELECT COUNT(*) FROM {table}")).await);
        }
    }
    assert_eq!(counts[..5], counts[5..]);
    assert_eq!(counts[0], 12, "all of the story could be told");
    let states = "SELECT COUNT(DISTINCT status) FROM orders";
    assert_eq!(number(app, states).await, 8, "all but returned");
    let late = "SELECT COUNT(*) FROM ledger_entries a JOIN ledger_entries b
                ON a.account_id = b.account_id AND a.seq < b.seq AND a.posted_at > b.posted_at";
    assert_eq!(
        number(app, late).await,
        0,
        "the books are in the order of time"
    );
    check(app).await;
}
