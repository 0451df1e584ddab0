//! Mail to customers, and the board of those who pack.

use crate::support::events_shop::Shop;
use crate::support::{execute, number};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use guildhall::orders::expire_orders;
use guildhall::server::config::Transport;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

#[tokio::test]
async fn a_customer_gets_one_mail_for_each_thing_worth_knowing() {
    let mut shop = Shop::open().await;
    let order = shop.order("wallet").await;
    shop.deliver().await;
    shop.step(&order, "pack", json!({})).await;
    let parcel = json!({ "carrier": "SF Express", "tracking": "SF123" });
    shop.step(&order, "ship", parcel).await;
    shop.step(&order, "deliver", json!({})).await;
    shop.deliver().await;
    let half = json!({ "amount": 5_000, "reason": "a scratch" });
    shop.step(&order, "refund", half).await;
    shop.deliver().await;
    let mut about: Vec<String> = Vec::new();
    for name in shop.mails() {
        let (_, what) = name.rsplit_once('-').expect("what it is about");
        about.push(what.trim_end_matches(".eml").to_owned());
    }
    assert_eq!(
        about,
        ["placed", "paid", "shipped", "delivered", "refunded"]
    );

    let (headers, text) = shop.mail("-shipped");
    assert!(
        headers.contains(&format!("Subject: Order {order} is on its way")),
        "{headers}"
    );
    assert!(
        text.contains("with SF Express. Its tracking number is SF123."),
        "{text}"
    );
    let (_, text) = shop.mail("-refunded");
    assert!(
        text.contains("¥50.00 back: a scratch. It is in your wallet."),
        "{text}"
    );
    assert_eq!(shop.deliver().await, 0, "and then there is quiet");
}

#[tokio::test]
async fn a_mail_says_what_was_ordered_what_it_costs_and_where_to_see_it() {
    let mut shop = Shop::open().await;
    let order = shop.order("wallet").await;
    shop.deliver().await;
    let (headers, text) = shop.mail("-paid");
    let email = &shop.mei.user.as_ref().expect("somebody").email;
    assert!(headers.contains(email), "{headers}");
    assert!(
        headers.contains("From: Guildhall <shop@guildhall.example>"),
        "{headers}"
    );
    assert!(
        headers.contains("Auto-Submitted: auto-generated"),
        "{headers}"
    );
    let seq = number(
        &shop.server.app,
        "SELECT seq FROM outbox WHERE topic = 'order.paid'",
    )
    .await;
    let id = format!("Message-ID: <event-{seq}@guildhall.example>");
    assert!(headers.contains(&id), "{headers}");
    let wanted = format!(
        "Hello Customer 2,

your order is paid. ¥408.00 of your wallet is set aside for it, and taken when it is in its parcel.

Order {order}
  2 × 键盘 [Pro]: ¥398.00
  Standard delivery: ¥10.00
  Total: ¥408.00

It goes to Mei *Chen*, 12 Tower Street, 200001 Shanghai, China

See where it stands: http://127.0.0.1:3000/orders/{order}

Guildhall
"
    );
    assert_eq!(text, wanted);
}

#[tokio::test]
async fn an_invoice_says_how_to_pay_and_what_came_of_it() {
    let mut shop = Shop::open().await;
    let (forgotten, paid) = (shop.order("invoice").await, shop.order("invoice").await);
    shop.deliver().await;
    let (_, text) = shop.mail(&format!("{forgotten}-placed"));
    assert!(text.contains("Please transfer ¥408.00"), "{text}");
    assert!(text.contains("We keep it for you until "), "{text}");
    shop.step(&paid, "pay", json!({})).await;
    shop.wait(3 * 86_400 + 60);
    expire_orders(&shop.server.app).await.expect("expires");
    shop.deliver().await;
    let (_, text) = shop.mail(&format!("{paid}-paid"));
    assert!(
        text.contains("your payment of ¥408.00, thank you"),
        "{text}"
    );
    let (headers, text) = shop.mail(&format!("{forgotten}-expired"));
    assert!(
        headers.contains("has expired") && text.contains("nothing is due"),
        "{text}"
    );
    shop.step(&paid, "cancel", json!({ "reason": "Changed my mind." }))
        .await;
    shop.deliver().await;
    let (_, text) = shop.mail("-cancelled");
    assert!(
        text.contains("is cancelled: Changed my mind. Nothing more is due"),
        "{text}"
    );
}

#[tokio::test]
async fn where_mail_is_switched_off_nothing_is_kept_for_it() {
    let mut shop = Shop::open_with(|config| config.mail.transport = Transport::None).await;
    shop.order("wallet").await;
    shop.deliver().await;
    assert_eq!(shop.mails(), Vec::<String>::new());
    let waiting = "SELECT COUNT(*) FROM deliveries WHERE consumer = 'mail'";
    assert_eq!(number(&shop.server.app, waiting).await, 0);
}

/// A mail server that takes one mail, and gives what it was told.
async fn mail_server() -> (String, tokio::task::JoinHandle<String>) {
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let url = format!("smtp://{}", socket.local_addr().expect("an address"));
    let taking = tokio::spawn(async move {
        let (stream, _) = socket.accept().await.expect("a client");
        let mut lines = BufReader::new(stream);
        lines.write_all(b"220 mail.test\r\n").await.expect("writes");
        let (mut all, mut in_mail) = (String::new(), false);
        loop {
            let mut line = String::new();
            lines.read_line(&mut line).await.expect("reads");
            all.push_str(&line);
            let answer = match (in_mail, line.trim_end()) {
                (true, ".") => "250 taken",
                (true, _) => continue,
                (false, "DATA") => "354 go on",
                (false, "QUIT" | "") => return all,
                (false, _) => "250 ok",
            };
            in_mail = answer.starts_with("354");
            let answer = format!("{answer}\r\n");
            lines.write_all(answer.as_bytes()).await.expect("writes");
        }
    });
    (url, taking)
}

#[tokio::test]
async fn mail_goes_to_a_mail_server_where_one_is_set_up() {
    let (url, taking) = mail_server().await;
    let mut shop = Shop::open_with(|config| {
        config.mail.transport = Transport::Smtp;
        config.mail.smtp_url = url;
    })
    .await;
    let order = shop.order("invoice").await;
    shop.deliver().await;
    let told = taking.await.expect("a mail");
    let email = &shop.mei.user.as_ref().expect("somebody").email;
    assert!(
        told.contains("MAIL FROM:<shop@guildhall.example>"),
        "{told}"
    );
    assert!(told.contains(&format!("RCPT TO:<{email}>")), "{told}");
    assert!(
        told.contains(&format!("Subject: We have your order {order}")),
        "{told}"
    );
    // Nobody is there any more: the next mail waits for its next try.
    shop.order("invoice").await;
    shop.deliver().await;
    let waiting = "SELECT COUNT(*) FROM deliveries WHERE consumer = 'mail' AND state = 'waiting' AND tries = 1";
    assert_eq!(number(&shop.server.app, waiting).await, 1);
}

#[tokio::test]
async fn a_paid_order_is_a_task_until_it_leaves_the_house() {
    let mut shop = Shop::open().await;
    let (slow, quick) = (
        shop.order("wallet").await,
        shop.order_by("wallet", "express").await,
    );
    let unpaid = shop.order("invoice").await;
    shop.deliver().await;
    let mut sam = shop.server.signed_in(Role::Staff).await;
    let tasks = sam.api("/api/v1/tasks?sort=newest").await.data()["items"].clone();
    let tasks = tasks.as_array().expect("a list");
    let seen: Vec<_> = tasks
        .iter()
        .map(|task| {
            (
                task["title"].as_str().unwrap_or_default(),
                task["priority"].as_str().unwrap_or_default(),
            )
        })
        .collect();
    let (first, second) = (format!("Pack order {slow}"), format!("Pack order {quick}"));
    let mut wanted = [(second.as_str(), "high"), (first.as_str(), "medium")];
    let mut seen = seen;
    seen.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(seen, wanted, "and none of {unpaid}");

    let board = sam.page("/boards").await;
    assert!(board.contains("Fulfilment"), "{board}");
    let task = tasks
        .iter()
        .find(|task| task["title"] == first.as_str())
        .expect("the task");
    let page = sam.page(&format!("/tasks/{}", task["id"])).await;
    assert!(page.contains("2 × 键盘 [Pro]"), "{page}");
    let edit = sam.page(&format!("/tasks/{}/edit", task["id"])).await;
    assert!(
        edit.contains("Chen\\*, 12 Tower Street, 200001 Shanghai, China"),
        "{edit}"
    );
    assert!(
        page.contains("Mei *Chen*, 12 Tower Street"),
        "written by a customer, taken literally"
    );
    assert!(
        page.contains(&format!("href=\"http://127.0.0.1:3000/orders/{slow}\"")),
        "{page}"
    );
    let customers = shop.mei.api("/api/v1/tasks").await.data()["items"].clone();
    assert_eq!(customers, json!([]), "a matter of the house");

    shop.step(&slow, "pack", json!({})).await;
    shop.step(&quick, "cancel", json!({})).await;
    shop.deliver().await;
    let open = "SELECT COUNT(*) FROM tasks WHERE status <> 'done'";
    assert_eq!(
        number(&shop.server.app, open).await,
        0,
        "what is packed is done, and what is cancelled as well"
    );
    shop.step(&slow, "ship", json!({})).await;
    shop.deliver().await;
    assert_eq!(
        number(&shop.server.app, "SELECT COUNT(*) FROM tasks").await,
        2
    );
    assert_eq!(
        number(&shop.server.app, "SELECT COUNT(*) FROM boards").await,
        1
    );
}

#[tokio::test]
async fn a_task_that_staff_deleted_or_finished_stays_as_they_left_it() {
    let mut shop = Shop::open().await;
    let order = shop.order("wallet").await;
    shop.deliver().await;
    let id = number(&shop.server.app, "SELECT id FROM tasks").await;
    let path = format!("/api/v1/tasks/{id}");
    let deleted = shop
        .staff
        .send_json(axum::http::Method::DELETE, &path, json!({}))
        .await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    shop.step(&order, "cancel", json!({})).await;
    shop.deliver().await;
    let gone = "SELECT COUNT(*) FROM tasks WHERE deleted_at IS NOT NULL AND status <> 'done'";
    assert_eq!(number(&shop.server.app, gone).await, 1);
    assert_eq!(shop.dead().await.len(), 0);
}

#[tokio::test]
async fn who_is_told_twice_does_it_once() {
    let mut shop = Shop::open().await;
    shop.order("wallet").await;
    shop.deliver().await;
    let tasks = "SELECT COUNT(*) FROM tasks";
    let mails = shop.mails();
    assert_eq!(mails.len(), 2);
    assert_eq!(number(&shop.server.app, tasks).await, 1);
    // As when the server died after it was done and before that was written down.
    let undone = "UPDATE deliveries SET state = 'dead' WHERE consumer IN ('mail', 'fulfilment')";
    execute(&shop.server.app, undone).await;
    let dead = shop.dead().await;
    assert_eq!(dead.len(), 3);
    for letter in dead {
        let path = format!("/api/v1/events/dead/{}/retry", letter["id"]);
        let retried = shop.staff.send_json(Method::POST, &path, json!({})).await;
        assert_eq!(retried.status, StatusCode::NO_CONTENT);
    }
    assert!(shop.deliver().await >= 3, "all are told again");
    assert_eq!(shop.mails(), mails);
    assert_eq!(number(&shop.server.app, tasks).await, 1);
    assert!(shop.dead().await.is_empty());
}
