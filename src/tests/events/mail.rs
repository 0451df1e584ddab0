//! Mail to customers, and the board of those who pack.

use crate::support::company::Company;
use crate::support::sender::{Sender, apply, captured, inbox, listening};
use crate::support::{execute, number};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use guildhall::i18n::Language;
use guildhall::orders::expire_orders;
use guildhall::server::config::Transport;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

/// Two of a product, to somebody whose name Markdown would read.
async fn order_with_marks(company: &mut Company) -> String {
    let name = json!({ "name": "键盘 [Pro]" });
    company.change_product(company.product, name).await;
    let mut body = company.order(2, "wallet", "standard");
    body["address"]["name"] = json!("Mei *Chen*");
    company.send_order(body).await
}

#[tokio::test]
async fn a_customer_gets_one_mail_for_each_thing_worth_knowing() {
    let mut company = Company::open_to_listeners().await;
    let order = company.place(2, "wallet").await;
    company.deliver().await;
    company.step(&order, "pack", json!({})).await;
    let parcel = json!({ "carrier": "SF Express", "tracking": "SF123" });
    company.step(&order, "ship", parcel).await;
    company.step(&order, "deliver", json!({})).await;
    company.deliver().await;
    let half = json!({ "amount": 5_000, "reason": "a scratch" });
    company.step(&order, "refund", half).await;
    company.deliver().await;
    let mut about: Vec<String> = Vec::new();
    for name in company.mails() {
        let (_, what) = name.rsplit_once('-').expect("what it is about");
        about.push(what.trim_end_matches(".eml").to_owned());
    }
    assert_eq!(
        about,
        ["placed", "paid", "shipped", "delivered", "refunded"]
    );

    let (headers, text) = company.mail("-shipped");
    assert!(
        headers.contains(&format!("Subject: Order {order} is on its way")),
        "{headers}"
    );
    assert!(
        text.contains("with SF Express. Its tracking number is SF123."),
        "{text}"
    );
    let (_, text) = company.mail("-refunded");
    assert!(
        text.contains("¥50.00 back: a scratch. It is in your wallet."),
        "{text}"
    );
    assert_eq!(company.deliver().await, 0, "and then there is quiet");
}

#[tokio::test]
async fn a_mail_says_what_was_ordered_what_it_costs_and_where_to_see_it() {
    let mut company = Company::open_to_listeners().await;
    let order = order_with_marks(&mut company).await;
    company.deliver().await;
    let (headers, text) = company.mail("-paid");
    let email = &company.mei.user.as_ref().expect("somebody").email;
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
        &company.server.app,
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
    let mut company = Company::open_to_listeners().await;
    let (forgotten, paid) = (
        company.place(2, "invoice").await,
        company.place(2, "invoice").await,
    );
    company.deliver().await;
    let (_, text) = company.mail(&format!("{forgotten}-placed"));
    assert!(text.contains("Please transfer ¥408.00"), "{text}");
    assert!(text.contains("We keep it for you until "), "{text}");
    company.step(&paid, "pay", json!({})).await;
    company.wait(3 * 86_400 + 60);
    expire_orders(&company.server.app).await.expect("expires");
    company.deliver().await;
    let (_, text) = company.mail(&format!("{paid}-paid"));
    assert!(
        text.contains("your payment of ¥408.00, thank you"),
        "{text}"
    );
    let (headers, text) = company.mail(&format!("{forgotten}-expired"));
    assert!(
        headers.contains("has expired") && text.contains("nothing is due"),
        "{text}"
    );
    company
        .step(&paid, "cancel", json!({ "reason": "Changed my mind." }))
        .await;
    company.deliver().await;
    let (_, text) = company.mail("-cancelled");
    assert!(
        text.contains("is cancelled: Changed my mind. Nothing more is due"),
        "{text}"
    );
}

#[tokio::test]
async fn no_delivery_is_queued_where_mail_is_switched_off() {
    let mut company = Company::open_with(|config| config.mail.transport = Transport::None).await;
    company.place(2, "wallet").await;
    company.deliver().await;
    assert_eq!(company.mails(), Vec::<String>::new());
    let waiting = "SELECT COUNT(*) FROM deliveries WHERE consumer = 'mail'";
    assert_eq!(number(&company.server.app, waiting).await, 0);
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
    let mut company = Company::open_with(|config| {
        config.mail.transport = Transport::Smtp;
        config.mail.smtp_url = url;
    })
    .await;
    let order = company.place(2, "invoice").await;
    company.deliver().await;
    let told = taking.await.expect("a mail");
    let email = &company.mei.user.as_ref().expect("somebody").email;
    assert!(
        told.contains("MAIL FROM:<shop@guildhall.example>"),
        "{told}"
    );
    assert!(told.contains(&format!("RCPT TO:<{email}>")), "{told}");
    assert!(
        told.contains(&format!("Subject: We have your order {order}")),
        "{told}"
    );
    // The mail server is gone: the next mail waits for its retry.
    company.place(2, "invoice").await;
    company.deliver().await;
    let waiting = "SELECT COUNT(*) FROM deliveries WHERE consumer = 'mail' AND state = 'waiting' AND tries = 1";
    assert_eq!(number(&company.server.app, waiting).await, 1);
}

#[tokio::test]
async fn a_paid_order_is_a_task_until_it_leaves_the_house() {
    let mut company = Company::open_to_listeners().await;
    let slow = order_with_marks(&mut company).await;
    let quick = company.place_by(2, "wallet", "express").await;
    let unpaid = company.place(2, "invoice").await;
    company.deliver().await;
    let mut sam = company.server.signed_in(Role::Staff).await;
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
    let customers = company.mei.api("/api/v1/tasks").await.data()["items"].clone();
    assert_eq!(customers, json!([]), "a matter of the house");

    company.step(&slow, "pack", json!({})).await;
    company.step(&quick, "cancel", json!({})).await;
    company.deliver().await;
    let open = "SELECT COUNT(*) FROM tasks WHERE status <> 'done'";
    assert_eq!(
        number(&company.server.app, open).await,
        0,
        "what is packed is done, and what is cancelled as well"
    );
    company.step(&slow, "ship", json!({})).await;
    company.deliver().await;
    assert_eq!(
        number(&company.server.app, "SELECT COUNT(*) FROM tasks").await,
        2
    );
    assert_eq!(
        number(&company.server.app, "SELECT COUNT(*) FROM boards").await,
        1
    );
}

#[tokio::test]
async fn a_task_that_staff_deleted_or_finished_stays_as_they_left_it() {
    let mut company = Company::open_to_listeners().await;
    let order = company.place(2, "wallet").await;
    company.deliver().await;
    let id = number(&company.server.app, "SELECT id FROM tasks").await;
    let path = format!("/api/v1/tasks/{id}");
    let deleted = company
        .staff
        .send_json(axum::http::Method::DELETE, &path, json!({}))
        .await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    company.step(&order, "cancel", json!({})).await;
    company.deliver().await;
    let gone = "SELECT COUNT(*) FROM tasks WHERE deleted_at IS NOT NULL AND status <> 'done'";
    assert_eq!(number(&company.server.app, gone).await, 1);
    assert_eq!(company.dead().await.len(), 0);
}

#[tokio::test]
async fn consumers_apply_a_repeated_event_once() {
    let mut company = Company::open_to_listeners().await;
    company.place(2, "wallet").await;
    company.deliver().await;
    let tasks = "SELECT COUNT(*) FROM tasks";
    let mails = company.mails();
    assert_eq!(mails.len(), 2);
    assert_eq!(number(&company.server.app, tasks).await, 1);
    // As when the server dies between the effect and the note of it.
    let undone = "UPDATE deliveries SET state = 'dead' WHERE consumer IN ('mail', 'fulfilment')";
    execute(&company.server.app, undone).await;
    let dead = company.dead().await;
    assert_eq!(dead.len(), 3);
    for letter in dead {
        let path = format!("/api/v1/events/dead/{}/retry", letter["id"]);
        let retried = company
            .staff
            .send_json(Method::POST, &path, json!({}))
            .await;
        assert_eq!(retried.status, StatusCode::NO_CONTENT);
    }
    assert!(company.deliver().await >= 3, "all are told again");
    assert_eq!(company.mails(), mails);
    assert_eq!(number(&company.server.app, tasks).await, 1);
    assert!(company.dead().await.is_empty());
}

#[tokio::test]
async fn customers_are_written_to_in_their_language_and_the_house_works_in_the_shops() {
    let mut company = Company::open_with(|config| {
        listening(config);
        config.shop.language = Language::Chinese;
    })
    .await;
    let mut sender = Sender::new(&company);
    let order = company.place(2, "invoice").await;
    company.deliver().await;
    let (_, text) = company.mail("-placed");
    assert!(
        text.contains("感谢您的订购") && text.contains(&order),
        "{text}"
    );
    let english = "UPDATE users SET language = 'en'";
    execute(&company.server.app, english).await;
    sender
        .send_event(&company, "payment.captured", 0, captured(&order))
        .await;
    apply(&company).await;
    company.deliver().await;
    let (_, text) = company.mail("-paid");
    assert!(text.contains("thank you. We pack your order"), "{text}");
    let messages = inbox(&mut company, "applied").await;
    assert_eq!(messages[0]["outcome"], "订单已付款。");
    let tasks = "SELECT COUNT(*) FROM tasks WHERE title LIKE '打包订单%'";
    assert_eq!(number(&company.server.app, tasks).await, 1);
    let events = company
        .staff
        .api(&format!("/api/v1/orders/{order}/events"))
        .await
        .data();
    assert_eq!(events["items"][1]["actor"], "Payments", "a name of ours");
}
