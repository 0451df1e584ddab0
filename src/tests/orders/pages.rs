//! The pages of orders, without script: the checkout, one's orders, and what staff do with them.

use crate::support::{Answer, Client, TestServer, execute, number};
use axum::http::{Method, StatusCode};
use guildhall::accounts::{Role, User};
use guildhall::ledger::verify_ledger;
use guildhall::orders::{expire_orders, verify_orders};
use guildhall::server::App;
use serde_json::json;

const PRICE: i64 = 19_900;
const LAMP: i64 = 32_900;

/// Staff and a customer with ¥1,000.00, each in a browser; headphones and lamps on the shelf.
struct Hall {
    server: TestServer,
    sam: Client,
    mei: Client,
    /// A product at ¥199.00, nine of it.
    headphones: i64,
    /// A product at ¥329.00, nine of it.
    lamp: i64,
}

impl Hall {
    async fn open() -> Self {
        let server = TestServer::start().await;
        let sam = server.signed_in(Role::Staff).await;
        let mei = server.signed_in(Role::Customer).await;
        execute(
            &server.app,
            "INSERT INTO categories (slug, name, position) VALUES ('audio', 'Audio', 1)",
        )
        .await;
        let mut hall = Self {
            server,
            sam,
            mei,
            headphones: 0,
            lamp: 0,
        };
        hall.headphones = hall.product("Headphones", PRICE).await;
        hall.lamp = hall.product("台灯 Lamp", LAMP).await;
        let mei = hall.mei.id();
        hall.top_up(mei, 100_000).await;
        hall
    }

    fn app(&self) -> &App {
        &self.server.app
    }

    async fn product(&mut self, name: &str, price: i64) -> i64 {
        let body = json!({ "name": name, "price": price, "category": "audio", "stock": 9 });
        let answer = self.sam.send_json(Method::POST, "/api/v1/products", body);
        let answer = answer.await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        answer.data()["id"].as_i64().expect("an id")
    }

    async fn top_up(&mut self, user: i64, amount: i64) {
        let path = format!("/api/v1/users/{user}/top-up");
        let body = json!({ "amount": amount });
        let answer = self.sam.send_json(Method::POST, &path, body).await;
        assert!(answer.status.is_success(), "{}", answer.body);
    }

    /// Puts so many of the product into the person's cart.
    async fn put(&self, user: i64, product: i64, quantity: i64) {
        let app = self.app();
        let cart = format!(
            "INSERT INTO carts (user_id, updated_at) VALUES ({user}, 0) ON CONFLICT (user_id) DO NOTHING"
        );
        execute(app, &cart).await;
        let item = format!(
            "INSERT INTO cart_items (cart_id, product_id, quantity, seen_price, added_at)
             SELECT c.id, {product}, {quantity}, p.price, p.id FROM carts c, products p
             WHERE c.user_id = {user} AND p.id = {product}"
        );
        execute(app, &item).await;
    }

    /// Mei orders so many headphones, and gets the order's number.
    async fn place(&mut self, quantity: i64, payment: &str) -> String {
        self.put(self.mei.id(), self.headphones, quantity).await;
        let answer = check_out(&mut self.mei, &[("payment", payment)]).await;
        number_in(&answer)
    }

    /// Staff take a step by the form on the order's page, and it works.
    async fn step(&mut self, order: &str, step: &str, fields: &[(&str, &str)]) {
        let answer = take(&mut self.sam, order, step, fields).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::SEE_OTHER, format!("/orders/{order}").as_str()),
            "{step}: {}",
            answer.body
        );
    }

    async fn count(&self, table: &str) -> i64 {
        number(self.app(), &format!("SELECT COUNT(*) FROM {table}")).await
    }

    /// Everything worked out again is as it is written.
    async fn check(&self) {
        check(self.app()).await;
    }
}

async fn check(app: &App) {
    assert_eq!(verify_orders(app).await.expect("reads"), []);
    assert_eq!(verify_ledger(app).await.expect("reads"), []);
}

const ADDRESS: [(&str, &str); 6] = [
    ("address.name", "Mei Chen"),
    ("address.line1", "南京西路 12"),
    ("address.city", "Shanghai"),
    ("address.postal_code", "200001"),
    ("address.country", "cn"),
    ("address.phone", ""),
];

/// Pages without the marks that stand between the parts of a text.
trait Reads {
    async fn read(&mut self, path: &str) -> String;
}

impl Reads for Client {
    async fn read(&mut self, path: &str) -> String {
        plain(&self.page(path).await)
    }
}

fn plain(page: &str) -> String {
    page.replace("<!>", "")
}

/// The value of the first hidden field of this name.
fn hidden(page: &str, name: &str) -> String {
    let field = page.split_once(&format!("name=\"{name}\" value=\""));
    let (_, rest) = field.unwrap_or_else(|| panic!("no field {name}: {page}"));
    rest.split('"').next().expect("its end").to_owned()
}

/// What stands in the form after its `action`.
fn form<'a>(page: &'a str, action: &str) -> &'a str {
    let form = page.split_once(&format!("action=\"{action}\""));
    let (_, rest) = form.unwrap_or_else(|| panic!("no form for {action}: {page}"));
    rest.split("</form>").next().expect("its end")
}

fn count(page: &str, what: &str) -> usize {
    page.matches(what).count()
}

/// The fields of the checkout as its page has them, with some changed.
fn checkout_fields(page: &str, changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields = vec![
        ("once".to_owned(), hidden(page, "once")),
        ("seen".to_owned(), hidden(page, "seen")),
    ];
    let mut all = ADDRESS.to_vec();
    all.extend([("delivery", "standard"), ("payment", "wallet")]);
    for (name, value) in all {
        let change = changes.iter().find(|(changed, _)| *changed == name);
        let value = change.map_or(value, |(_, value)| value);
        fields.push((name.to_owned(), value.to_owned()));
    }
    fields
}

async fn send(client: &mut Client, path: &str, fields: &[(String, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let answer = client.post(path, &fields).await;
    let body = plain(&answer.body);
    Answer { body, ..answer }
}

/// Goes to the checkout and places the order.
async fn check_out(client: &mut Client, changes: &[(&str, &str)]) -> Answer {
    let page = client.read("/checkout").await;
    client.referer = Some("/checkout".to_owned());
    let answer = send(client, "/checkout", &checkout_fields(&page, changes)).await;
    client.referer = None;
    answer
}

/// The number of the order that was placed.
fn number_in(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let path = answer.header("location").strip_prefix("/orders/");
    let number = path.and_then(|path| path.strip_suffix("/thanks"));
    number.expect("the way to the thanks").to_owned()
}

/// Sends the form of a step as it stands on the order's page.
async fn take(client: &mut Client, order: &str, step: &str, fields: &[(&str, &str)]) -> Answer {
    let page = client.read(&format!("/orders/{order}")).await;
    let action = format!("/orders/{order}/{step}");
    let form = form(&page, &action);
    let (once, version) = (hidden(form, "once"), hidden(form, "version"));
    let mut all = vec![("once", once.as_str()), ("version", version.as_str())];
    all.extend(fields);
    client.referer = Some(format!("/orders/{order}"));
    let answer = client.post(&action, &all).await;
    client.referer = None;
    let body = plain(&answer.body);
    Answer { body, ..answer }
}

#[tokio::test]
async fn a_cart_becomes_an_order() {
    let mut hall = Hall::open().await;
    let mei = hall.mei.id();
    hall.put(mei, hall.headphones, 2).await;
    hall.put(mei, hall.lamp, 1).await;
    let page = hall.mei.read("/checkout").await;
    for words in [
        "台灯 Lamp",
        "¥398.00",
        "¥737.00",
        "¥752.00",
        "¥1,000.00 available",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(page.contains("<legend>Delivery address</legend>"));
    let answer = check_out(&mut hall.mei, &[("delivery", "express")]).await;
    let order = number_in(&answer);
    let thanks = hall.mei.read(answer.header("location")).await;
    assert!(thanks.contains("Thank you") && thanks.contains(&order) && thanks.contains("¥752.00"));
    let page = hall.mei.read(&format!("/orders/{order}")).await;
    for words in [
        "We pack it next",
        "南京西路 12",
        "<dd>Wallet</dd>",
        "Express",
        "Authorised",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let list = hall.mei.read("/orders").await;
    assert!(list.contains(&order) && list.contains("2 × Headphones, 台灯 Lamp"));
    let again = hall.mei.read("/checkout").await;
    assert!(again.contains("There is nothing in your cart"), "{again}");
    hall.put(mei, hall.headphones, 1).await;
    let next = hall.mei.read("/checkout").await;
    assert!(next.contains("value=\"南京西路 12\"") && next.contains("value=\"200001\""));
    hall.check().await;
}

#[tokio::test]
async fn a_visitor_signs_in_first_and_comes_back() {
    let hall = Hall::open().await;
    let mut visitor = hall.server.visitor();
    for path in ["/checkout", "/orders", "/orders/2026-000001", "/orders/all"] {
        let answer = visitor.get(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        let next = path.replace('/', "%2F");
        assert_eq!(answer.header("location"), format!("/login?next={next}"));
    }
    visitor.referer = Some("/checkout".to_owned());
    let answer = visitor.post("/checkout", &ADDRESS).await;
    assert_eq!(answer.header("location"), "/login?next=%2Fcheckout");
}

/// The page that a refused checkout shows has what was typed.
fn assert_kept(answer: &Answer, status: StatusCode) {
    assert_eq!(answer.status, status, "{}", answer.body);
    for kept in [
        "value=\"Mei Chen\"",
        "value=\"南京西路 12\"",
        "value=\"Suzhou\"",
    ] {
        assert!(answer.body.contains(kept), "{kept}: {}", answer.body);
    }
}

const SUZHOU: (&str, &str) = ("address.city", "Suzhou");

#[tokio::test]
async fn a_price_that_moved_is_shown_before_it_is_paid() {
    let mut hall = Hall::open().await;
    hall.put(hall.mei.id(), hall.headphones, 1).await;
    let page = hall.mei.read("/checkout").await;
    execute(
        hall.app(),
        "UPDATE products SET price = 20900 WHERE price = 19900",
    )
    .await;
    hall.mei.referer = Some("/checkout".to_owned());
    let fields = checkout_fields(&page, &[SUZHOU]);
    let answer = send(&mut hall.mei, "/checkout", &fields).await;
    assert_kept(&answer, StatusCode::CONFLICT);
    assert!(
        answer
            .body
            .contains("Headphones went from ¥199.00 to ¥209.00.")
    );
    assert_eq!(
        hidden(&answer.body, "seen"),
        format!("{}:20900:1", hall.headphones)
    );
    assert!(answer.body.contains("¥219.00"), "the new total");
    assert_eq!(hall.count("orders").await, 0);
    let fields = checkout_fields(&answer.body, &[SUZHOU]);
    number_in(&send(&mut hall.mei, "/checkout", &fields).await);
    hall.check().await;
}

#[tokio::test]
async fn a_cart_that_changed_elsewhere_is_looked_at_again() {
    let mut hall = Hall::open().await;
    let mei = hall.mei.id();
    hall.put(mei, hall.headphones, 1).await;
    let page = hall.mei.read("/checkout").await;
    hall.put(mei, hall.lamp, 1).await;
    hall.mei.referer = Some("/checkout".to_owned());
    let fields = checkout_fields(&page, &[SUZHOU]);
    let answer = send(&mut hall.mei, "/checkout", &fields).await;
    assert_kept(&answer, StatusCode::CONFLICT);
    assert!(answer.body.contains("Your cart was changed") && answer.body.contains("台灯 Lamp"));
    assert_eq!(hall.count("orders").await, 0);
}

#[tokio::test]
async fn what_is_short_is_said_before_and_after_ordering() {
    let mut hall = Hall::open().await;
    hall.put(hall.mei.id(), hall.headphones, 2).await;
    let page = hall.mei.read("/checkout").await;
    let stock = "UPDATE products SET on_hand = 1 WHERE price = 19900";
    execute(hall.app(), stock).await;
    hall.mei.referer = Some("/checkout".to_owned());
    let fields = checkout_fields(&page, &[SUZHOU]);
    let answer = send(&mut hall.mei, "/checkout", &fields).await;
    assert_kept(&answer, StatusCode::CONFLICT);
    assert!(answer.body.contains("There is only 1 of Headphones left."));
    assert!(
        answer.body.contains("href=\"/cart\">change your cart"),
        "{}",
        answer.body
    );
    let page = hall.mei.read("/checkout").await;
    assert!(page.contains("Not all of it can be had") && page.contains("only 1 of Headphones"));
    assert!(!page.contains("Place the order"), "{page}");
    execute(hall.app(), "UPDATE products SET active = FALSE").await;
    let page = hall.mei.read("/checkout").await;
    assert!(page.contains("Headphones is no longer for sale."));
    assert_eq!(hall.count("orders").await, 0);
}

#[tokio::test]
async fn too_little_in_the_wallet_leads_to_the_invoice() {
    let mut hall = Hall::open().await;
    hall.put(hall.mei.id(), hall.lamp, 4).await;
    let page = hall.mei.read("/checkout").await;
    assert!(page.contains("too little for this order"), "{page}");
    hall.mei.referer = Some("/checkout".to_owned());
    let fields = checkout_fields(&page, &[SUZHOU]);
    let answer = send(&mut hall.mei, "/checkout", &fields).await;
    assert_kept(&answer, StatusCode::CONFLICT);
    assert!(
        answer.body.contains("¥326.00 is missing in your wallet"),
        "{}",
        answer.body
    );
    let fields = checkout_fields(&answer.body, &[SUZHOU]);
    let instead = "/checkout?payment=invoice";
    assert!(answer.body.contains(&format!("formaction=\"{instead}\"")));
    let order = number_in(&send(&mut hall.mei, instead, &fields).await);
    let page = hall.mei.read(&format!("/orders/{order}/thanks")).await;
    assert!(
        page.contains("to our bank account.") && page.contains("¥1,326.00"),
        "{page}"
    );
    assert!(page.contains(&format!("<code>{order}</code>")), "{page}");
    hall.check().await;
}

#[tokio::test]
async fn every_fault_of_an_address_is_shown_beside_its_field() {
    let mut hall = Hall::open().await;
    hall.put(hall.mei.id(), hall.lamp, 1).await;
    let wrong = [
        ("address.name", ""),
        ("address.country", "China"),
        ("address.phone", "call me"),
        SUZHOU,
    ];
    let answer = check_out(&mut hall.mei, &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["name", "country", "phone"] {
        let error = format!("id=\"checkout-address.{field}-error\"");
        assert!(answer.body.contains(&error), "{field}: {}", answer.body);
    }
    assert!(answer.body.contains("value=\"Suzhou\""));
    let answer = check_out(
        &mut hall.mei,
        &[("delivery", "pigeon"), ("payment", "gold")],
    )
    .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        count(&answer.body, "class=\"field-error\""),
        2,
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn a_double_click_a_reload_and_the_way_back_make_one_order() {
    let mut hall = Hall::open().await;
    hall.put(hall.mei.id(), hall.headphones, 1).await;
    let page = hall.mei.read("/checkout").await;
    let fields = checkout_fields(&page, &[]);
    let first = number_in(&send(&mut hall.mei, "/checkout", &fields).await);
    let second = number_in(&send(&mut hall.mei, "/checkout", &fields).await);
    assert_eq!(first, second);
    hall.mei.referer = Some("/checkout".to_owned());
    let changed = checkout_fields(&page, &[SUZHOU]);
    let answer = send(&mut hall.mei, "/checkout", &changed).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        answer
            .body
            .contains("If you have just ordered, it is under"),
        "{}",
        answer.body
    );
    assert_eq!(hall.count("orders").await, 1);
    hall.check().await;
}

#[tokio::test]
async fn an_order_is_hidden_from_other_customers() {
    let mut hall = Hall::open().await;
    let order = hall.place(1, "wallet").await;
    let mut ann = hall.server.signed_in(Role::Customer).await;
    for path in ["", "/thanks", "?at=1"] {
        let answer = ann.get(&format!("/orders/{order}{path}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    let fields = [("reason", "mine"), ("amount", "1"), ("version", "2")];
    for step in [
        "pay", "cancel", "pack", "ship", "deliver", "return", "refund", "flag", "clear",
    ] {
        let answer = ann.post(&format!("/orders/{order}/{step}"), &fields).await;
        assert_eq!(
            answer.status,
            StatusCode::NOT_FOUND,
            "{step}: {}",
            answer.body
        );
    }
    assert!(ann.read("/orders").await.contains("No orders yet"));
    for step in ["flag", "clear"] {
        let answer = hall
            .mei
            .post(&format!("/orders/{order}/{step}"), &fields)
            .await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{step}");
    }
    let answer = hall
        .mei
        .post(&format!("/orders/{order}/pack"), &[("version", "2")])
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(hall.count("order_events").await, 2);
}

#[tokio::test]
async fn the_back_room_is_for_staff() {
    let mut hall = Hall::open().await;
    let order = hall.place(1, "wallet").await;
    let list = format!("/orders/{order}/packing-list");
    for path in ["/orders/all", "/orders/new", "/orders/packing-lists", &list] {
        assert_eq!(
            hall.mei.get(path).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
        hall.sam.read(path).await;
    }
    for path in ["/orders/new", "/orders/views", "/orders/views/1/delete"] {
        let answer = hall.mei.post(path, &[("name", "mine")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    let page = hall.mei.read("/").await;
    assert!(page.contains("href=\"/orders\"") && !page.contains("/orders/all"));
    assert!(hall.sam.read("/").await.contains("href=\"/orders/all\""));
    let page = hall
        .sam
        .read(&format!("/products/{}", hall.headphones))
        .await;
    assert!(page.contains(&format!("/orders/all?product={}", hall.headphones)));
}

#[tokio::test]
async fn staff_take_an_order_all_the_way() {
    let mut hall = Hall::open().await;
    let order = hall.place(2, "invoice").await;
    hall.step(&order, "pay", &[]).await;
    hall.step(&order, "pack", &[]).await;
    let parcel = [("carrier", "SF Express"), ("tracking", "SF 1043")];
    hall.step(&order, "ship", &parcel).await;
    let page = hall.mei.read(&format!("/orders/{order}")).await;
    assert!(
        page.contains("It is on its way: SF Express, SF 1043."),
        "{page}"
    );
    hall.step(&order, "deliver", &[]).await;
    let field = format!("quantity.{}", hall.headphones);
    let one = [
        (field.as_str(), "1"),
        ("restock", "on"),
        ("reason", "Too loud"),
    ];
    hall.step(&order, "return", &one).await;
    let part = [
        ("amount", "199.00"),
        ("to", "bank"),
        ("reason", "One of two"),
    ];
    hall.step(&order, "refund", &part).await;
    let page = hall.sam.read(&format!("/orders/{order}")).await;
    for words in [
        "1 × Headphones, back on the shelf: Too loud",
        "¥199.00 by bank transfer: One of two",
        "1 returned",
        "value=\"209.00\"",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    hall.step(&order, "return", &[(field.as_str(), "1")]).await;
    hall.step(&order, "refund", &[("amount", "209.00"), ("to", "wallet")])
        .await;
    let page = hall.mei.read(&format!("/orders/{order}")).await;
    assert!(
        page.contains("Refunded") && page.contains("¥408.00 went back to you."),
        "{page}"
    );
    let stock = "SELECT on_hand FROM products WHERE price = 19900";
    assert_eq!(number(hall.app(), stock).await, 8, "one was broken");
    hall.check().await;
}

#[tokio::test]
async fn a_refused_step_keeps_what_was_typed() {
    let mut hall = Hall::open().await;
    let order = hall.place(1, "wallet").await;
    hall.step(&order, "pack", &[]).await;
    let path = format!("/orders/{order}");
    let page = hall.sam.read(&path).await;
    let stale = hidden(form(&page, &format!("{path}/ship")), "version");
    hall.step(&order, "flag", &[("reason", "Look at the address")])
        .await;
    hall.sam.referer = Some(path.clone());
    let fields = [
        ("version", stale.as_str()),
        ("carrier", "SF Express"),
        ("tracking", "SF 1"),
    ];
    let answer = hall.sam.post(&format!("{path}/ship"), &fields).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    for words in [
        "Nothing was changed",
        "Somebody changed this order",
        "Carrier: SF Express",
        "Tracking number: SF 1",
        "Look at the address",
    ] {
        assert!(answer.body.contains(words), "{words}: {}", answer.body);
    }
    let answer = take(&mut hall.sam, &order, "clear", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    hall.sam.referer = Some(path.clone());
    let answer = hall.sam.post(&format!("{path}/ship"), &fields).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "still from before");
    let again = form(&answer.body, &format!("{path}/ship"));
    assert!(
        again.contains("value=\"SF Express\"") && again.contains("error-summary"),
        "{again}"
    );
    assert_ne!(
        hidden(again, "version"),
        stale,
        "the page shows the order as it is now"
    );
    hall.step(&order, "ship", &[]).await;
    let answer = take(
        &mut hall.sam,
        &order,
        "refund",
        &[("amount", "a lot"), ("reason", "Late")],
    )
    .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let again = form(&answer.body, &format!("{path}/refund"));
    assert!(
        again.contains("value=\"a lot\"") && again.contains("value=\"Late\""),
        "{again}"
    );
    let field = format!("quantity.{}", hall.headphones);
    let answer = take(&mut hall.sam, &order, "return", &[(field.as_str(), "2")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.body.contains("no more than is still out"),
        "{}",
        answer.body
    );
    hall.check().await;
}

#[tokio::test]
async fn a_flagged_order_waits_until_it_is_cleared() {
    let mut hall = Hall::open().await;
    let order = hall.place(1, "wallet").await;
    let answer = take(&mut hall.sam, &order, "flag", &[("reason", " ")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    hall.step(&order, "flag", &[("reason", "New customer")])
        .await;
    let path = format!("/orders/{order}");
    let page = hall.sam.read(&path).await;
    assert!(page.contains("New customer") && !page.contains(&format!("{path}/pack\"")));
    hall.sam.referer = Some(path.clone());
    let answer = hall.sam.post(&format!("{path}/pack"), &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        answer.body.contains("Look at it and remove the flag first"),
        "{}",
        answer.body
    );
    let answer = hall
        .sam
        .post(&format!("{path}/flag"), &[("reason", "Twice")])
        .await;
    assert!(answer.body.contains("flagged already"), "{}", answer.body);
    let list = hall.sam.read("/orders/all?flagged=yes").await;
    assert!(list.contains(&order));
    hall.step(&order, "clear", &[]).await;
    hall.step(&order, "pack", &[]).await;
    let answer = hall.sam.post(&format!("{path}/clear"), &[]).await;
    assert!(
        answer.body.contains("This order is not flagged."),
        "{}",
        answer.body
    );
    hall.sam.referer = None;
    let answer = hall.sam.post(&format!("{path}/deliver"), &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        answer.body.contains(&format!("Order {order}")) && answer.body.contains("Possible now:"),
        "its own page where the browser names none: {}",
        answer.body
    );
    let events = number(
        hall.app(),
        "SELECT COUNT(*) FROM outbox WHERE topic = 'order.flagged'",
    );
    assert_eq!(events.await, 1, "others are told");
    assert!(
        hall.sam
            .read(&path)
            .await
            .contains(&format!("{path}/flag\""))
    );
    hall.step(&order, "ship", &[]).await;
    let page = hall.sam.read(&path).await;
    assert!(!page.contains(&format!("{path}/flag\"")), "{page}");
    let late = [("reason", "Too late")];
    let answer = hall.sam.post(&format!("{path}/flag"), &late).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        answer.body.contains("nothing is left to hold back"),
        "{}",
        answer.body
    );
    hall.check().await;
}

#[tokio::test]
async fn a_step_sent_twice_is_taken_once() {
    let mut hall = Hall::open().await;
    let order = hall.place(1, "wallet").await;
    let path = format!("/orders/{order}");
    let page = hall.sam.read(&path).await;
    let pack = format!("{path}/pack");
    let inside = form(&page, &pack);
    let (once, version) = (hidden(inside, "once"), hidden(inside, "version"));
    for _ in 0..2 {
        let fields = [("once", once.as_str()), ("version", version.as_str())];
        let answer = hall.sam.post(&pack, &fields).await;
        assert_eq!(answer.header("location"), path, "{}", answer.body);
    }
    let answer = hall.sam.get(&pack).await;
    assert_eq!(
        answer.header("location"),
        path,
        "a bookmark leads to the order"
    );
    assert_eq!(hall.count("order_events").await, 3);
}

#[tokio::test]
async fn a_flag_sent_twice_is_set_once_and_cleared_only_by_who_has_seen_it() {
    let mut hall = Hall::open().await;
    let order = hall.place(1, "wallet").await;
    let path = format!("/orders/{order}");
    let page = hall.sam.read(&path).await;
    let flag = format!("{path}/flag");
    let inside = form(&page, &flag);
    let (once, version) = (hidden(inside, "once"), hidden(inside, "version"));
    let fields = [
        ("once", once.as_str()),
        ("version", &version),
        ("reason", "New customer"),
    ];
    for _ in 0..2 {
        let answer = hall.sam.post(&flag, &fields).await;
        assert_eq!(answer.header("location"), path, "{}", answer.body);
    }
    assert_eq!(hall.count("order_events").await, 3);
    let fields = [("once", "another"), ("version", version.as_str())];
    let answer = hall.sam.post(&format!("{path}/clear"), &fields).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        answer.body.contains("Somebody changed this order"),
        "{}",
        answer.body
    );
    assert_eq!(hall.count("order_events").await, 3);
}

#[tokio::test]
async fn a_customer_pays_an_invoice_from_the_wallet_or_cancels() {
    let mut hall = Hall::open().await;
    let order = hall.place(1, "invoice").await;
    let page = hall.mei.read(&format!("/orders/{order}")).await;
    assert!(page.contains("Pay ¥209.00 from the wallet") && page.contains("Cancel this order?"));
    let answer = take(&mut hall.mei, &order, "pay", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let answer = take(
        &mut hall.mei,
        &order,
        "cancel",
        &[("reason", "Changed my mind")],
    )
    .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let page = hall.mei.read(&format!("/orders/{order}")).await;
    assert!(
        page.contains("It was cancelled. Nothing was charged."),
        "{page}"
    );
    assert!(page.contains("Changed my mind") && !page.contains("/cancel\""));
    let dear = hall.place(6, "invoice").await;
    let page = hall.mei.read(&format!("/orders/{dear}")).await;
    assert!(!page.contains("from the wallet</span>") && page.contains("¥1,000.00 is available"));
    let app = hall.app().clone();
    app.clock.advance(3 * 86_400 + 60);
    assert_eq!(expire_orders(&app).await, Ok(1));
    let mei = hall.mei.user.clone().expect("a customer");
    let mut later = hall.server.sign_in(&mei).await;
    let page = later.read(&format!("/orders/{dear}")).await;
    assert!(page.contains("It was not paid for in time"), "{page}");
    hall.check().await;
}

#[tokio::test]
async fn the_page_shows_the_order_as_it_stood() {
    let mut hall = Hall::open().await;
    let order = hall.place(1, "wallet").await;
    hall.step(&order, "pack", &[]).await;
    hall.step(&order, "ship", &[("carrier", "SF Express")])
        .await;
    hall.step(&order, "refund", &[("amount", "9"), ("to", "wallet")])
        .await;
    let path = format!("/orders/{order}");
    let now = hall.sam.read(&path).await;
    assert!(!now.contains("the past") && now.contains("from the wallet, authorised"));
    for words in [
        ">Captured<",
        "Nothing is reserved in the stock.",
        "Payment for the order",
        "Refund",
    ] {
        assert!(now.contains(words), "{words}: {now}");
    }
    assert!(now.contains(&format!("href=\"{path}?at=2\"")) && now.contains("type=\"range\""));
    let trace = now.split("Request <code>").nth(1).expect("a request");
    assert!(trace.find('<').is_some_and(|length| length == 32), "{now}");
    // All of it happened at one and the same instant of the clock that stands still.
    let placed = hall.sam.read(&format!("{path}?at=1")).await;
    for words in [
        "You are looking at the past",
        "after event 1 of 5",
        "Nothing is authorised in the wallet.",
        "Reserved in the stock:",
        "No transactions yet.",
    ] {
        assert!(placed.contains(words), "{words}: {placed}");
    }
    assert!(
        !placed.contains("method=\"post\" action=\"/orders"),
        "nothing can be done in the past"
    );
    let paid = hall.sam.read(&format!("{path}?at=2")).await;
    assert!(
        paid.contains(">Authorised<") && !paid.contains("Payment for the order"),
        "{paid}"
    );
    let packed = hall.mei.read(&format!("{path}?at=3")).await;
    assert!(
        packed.contains(">Captured<") && packed.contains("Payment for the order"),
        "{packed}"
    );
    assert!(packed.contains("Reserved in the stock:") && !packed.contains("/ledger/"));
    let shipped = hall.mei.read(&format!("{path}?at=4")).await;
    assert!(
        shipped.contains("Nothing is reserved") && count(&shipped, ">Refund<") == 0,
        "{shipped}"
    );
    for at in ["5", "99", "soon"] {
        let page = hall.sam.read(&format!("{path}?at={at}")).await;
        assert!(!page.contains("the past"), "{at}");
    }
}

/// How many orders the list of all shows.
async fn shown(client: &mut Client, query: &str) -> usize {
    let page = client.read(&format!("/orders/all?{query}")).await;
    count(&page, "data-label=\"Placed\"")
}

#[tokio::test]
async fn the_list_finds_what_its_filters_name() {
    let mut hall = Hall::open().await;
    let first = hall.place(1, "wallet").await;
    hall.server.app.clock.advance(2 * 86_400);
    let User { email, name, .. } = hall.mei.user.clone().expect("a customer");
    let mei = hall
        .server
        .sign_in(&hall.mei.user.clone().expect("a customer"))
        .await;
    let sam = hall
        .server
        .sign_in(&hall.sam.user.clone().expect("staff"))
        .await;
    (hall.mei, hall.sam) = (mei, sam);
    hall.place(2, "invoice").await;
    hall.step(&first, "pack", &[]).await;
    let day = |days| hall.app().clock.now().plus_days(days).rfc3339()[..10].to_owned();
    let (today, before) = (day(0), day(-2));
    let name = name.to_lowercase().replace(' ', "+");
    let lamp = hall.lamp;
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
        (format!("product={}", hall.headphones), 2),
        (format!("product={lamp}"), 0),
        (format!("from={today}"), 1),
        (format!("to={before}"), 1),
        (format!("from={before}&to={today}"), 2),
        ("min=300".into(), 1),
        ("max=300".into(), 1),
        (format!("status=placed&payment=invoice&min=1&q={name}"), 1),
    ] {
        assert_eq!(shown(&mut hall.sam, &query).await, found, "{query}");
    }
    let page = hall.sam.read("/orders/all?payment=wallet").await;
    assert!(page.contains("All (1)") && page.contains("Packed (1)") && page.contains("Placed (0)"));
    let page = hall.sam.read("/orders/all?status=x&min=x&product=x").await;
    assert!(page.contains("These filters cannot be read") && page.contains("value=\"x\""));
    assert!(
        hall.sam
            .read("/orders/all?q=nobody")
            .await
            .contains("Nothing matches")
    );
}

#[tokio::test]
async fn lists_of_orders_come_in_pages() {
    let mut hall = Hall::open().await;
    execute(hall.app(), "UPDATE products SET on_hand = 500").await;
    for _ in 0..51 {
        hall.place(1, "invoice").await;
    }
    for (path, on_a_page) in [("/orders", 20), ("/orders/all?status=placed", 50)] {
        let client = if path == "/orders" {
            &mut hall.mei
        } else {
            &mut hall.sam
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
    let answer = hall.mei.get("/orders?cursor=x").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_filter_is_kept_under_a_name() {
    let mut hall = Hall::open().await;
    let list = "/orders/all?status=paid&min=100";
    let page = hall.sam.read(list).await;
    let query = hidden(form(&page, "/orders/views"), "query").replace("&amp;", "&");
    assert_eq!(query, "status=paid&min=100");
    hall.sam.referer = Some(list.to_owned());
    for _ in 0..2 {
        let fields = [("name", "  To  pack, 贵重 "), ("query", query.as_str())];
        let answer = hall.sam.post("/orders/views", &fields).await;
        assert_eq!(answer.header("location"), list, "{}", answer.body);
    }
    let page = hall.sam.read("/orders/all").await;
    assert!(
        page.contains("To pack, 贵重") && page.contains("status=paid&amp;min=100"),
        "{page}"
    );
    let taken = [("name", "To pack, 贵重"), ("query", "status=placed")];
    let answer = hall.sam.post("/orders/views", &taken).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("You have a view of this name.") && answer.body.contains("open"));
    for (name, query) in [("", "status=paid"), ("x", "status=none")] {
        let answer = hall
            .sam
            .post("/orders/views", &[("name", name), ("query", query)])
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
    }
    for number in 2..=20 {
        let fields = [("name", &format!("View {number}")[..]), ("query", "")];
        let answer = hall.sam.post("/orders/views", &fields).await;
        assert_eq!(answer.header("location"), "/orders/all", "{}", answer.body);
    }
    let answer = hall
        .sam
        .post("/orders/views", &[("name", "One more")])
        .await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let id = number(hall.app(), "SELECT MIN(id) FROM saved_views").await;
    let delete = format!("/orders/views/{id}/delete");
    let mut admin = hall.server.signed_in(Role::Admin).await;
    assert_eq!(admin.post(&delete, &[]).await.status, StatusCode::NOT_FOUND);
    assert!(
        !admin.read("/orders/all").await.contains("To pack"),
        "views are one's own"
    );
    let answer = hall.sam.post(&delete, &[("next", "/orders/all?q=a")]).await;
    assert_eq!(answer.header("location"), "/orders/all?q=a");
    assert_eq!(hall.count("saved_views").await, 19);
}

#[tokio::test]
async fn packing_lists_say_what_goes_where() {
    let mut hall = Hall::open().await;
    let first = hall.place(2, "wallet").await;
    let second = hall.place(3, "invoice").await;
    let page = hall
        .sam
        .read(&format!("/orders/{first}/packing-list"))
        .await;
    assert!(
        page.contains("南京西路 12") && page.contains("<strong>2</strong>"),
        "{page}"
    );
    assert_eq!(count(&page, "class=\"tick-box\""), 1);
    let page = hall.sam.read("/orders/packing-lists").await;
    assert!(
        page.contains(&first) && !page.contains(&second),
        "only what is paid"
    );
    let page = hall.sam.read("/orders/packing-lists?status=packed").await;
    assert!(page.contains("Nothing to pack"));
    let answer = hall.sam.get("/orders/2020-000001/packing-list").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    hall.step(&first, "cancel", &[]).await;
    let page = hall
        .sam
        .read(&format!("/orders/{first}/packing-list"))
        .await;
    assert!(page.contains("This order is cancelled."), "{page}");
}

#[tokio::test]
async fn staff_order_for_a_customer() {
    let mut hall = Hall::open().await;
    let User { email, id, .. } = hall.mei.user.clone().expect("a customer");
    hall.sam.read("/orders/new").await;
    hall.sam.referer = Some("/orders/new".to_owned());
    let headphones = hall.headphones.to_string();
    let base = [
        ("rows", "3"),
        ("customer", email.as_str()),
        ("product.1", headphones.as_str()),
        ("quantity.1", "2"),
        ("product.2", "lamp"),
        ("quantity.2", ""),
        ("product.3", ""),
        ("delivery", "express"),
        ("payment", "invoice"),
    ];
    let with = |more: &[(&'static str, &'static str)]| [&base[..], &ADDRESS[..], more].concat();
    let answer = hall.sam.post("/orders/new", &with(&[("act", "row")])).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    for kept in [
        "value=\"lamp\"",
        "Headphones, ¥199.00, 9 available",
        "台灯 Lamp, ¥329.00",
        "value=\"南京西路 12\"",
        "name=\"product.4\"",
        "¥752.00",
        "value=\"express\" checked",
    ] {
        assert!(answer.body.contains(kept), "{kept}: {}", answer.body);
    }
    assert!(!answer.body.contains("role=\"alert\""), "nothing is wrong");
    let wrong = [
        ("rows", "2"),
        ("customer", "nobody@example.com"),
        ("product.1", "samovar"),
        ("product.2", headphones.as_str()),
        ("quantity.2", "many"),
        ("address.city", "Suzhou"),
        ("delivery", "standard"),
        ("payment", "invoice"),
        ("act", "place"),
    ];
    let answer = hall.sam.post("/orders/new", &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["customer", "product.1", "quantity.2", "address.name"] {
        let error = format!("id=\"new-order-{field}-error\"");
        assert!(answer.body.contains(&error), "{field}: {}", answer.body);
    }
    assert!(answer.body.contains("value=\"Suzhou\"") && answer.body.contains("value=\"samovar\""));
    let answer = hall
        .sam
        .post("/orders/new", &with(&[("act", "place")]))
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let page = hall.mei.read(answer.header("location")).await;
    assert!(page.contains("¥752.00") && page.contains("by <!>Staff 1") || page.contains("Staff 1"));
    assert_eq!(
        number(hall.app(), "SELECT customer_id FROM orders").await,
        id
    );
    let look = [
        ("rows", "1"),
        ("customer", email.as_str()),
        ("act", "look"),
        ("address.city", ""),
    ];
    let answer = hall.sam.post("/orders/new", &look).await;
    assert!(
        answer.body.contains("value=\"南京西路 12\""),
        "from the last order: {}",
        answer.body
    );
    let two = [("rows", "1"), ("product.1", "harpsichord"), ("act", "look")];
    hall.product("Lamp shade", 500).await;
    let answer = hall.sam.post("/orders/new", &two).await;
    assert!(
        answer.body.contains("No product for sale fits this."),
        "{}",
        answer.body
    );
    let two = [("rows", "1"), ("product.1", "la"), ("act", "look")];
    let answer = hall.sam.post("/orders/new", &two).await;
    assert!(
        answer
            .body
            .contains("Write the number of the one you mean:"),
        "{}",
        answer.body
    );
    hall.check().await;
}

#[tokio::test]
async fn the_books_lead_to_the_order() {
    let mut hall = Hall::open().await;
    let order = hall.place(1, "wallet").await;
    hall.step(&order, "pack", &[]).await;
    let link = format!("<a href=\"/orders/{order}\">{order}</a>");
    assert!(hall.mei.read("/wallet").await.contains(&link));
    assert!(hall.sam.read("/ledger/journal").await.contains(&link));
    let page = hall.sam.read(&format!("/orders/{order}")).await;
    assert!(page.contains("/ledger/accounts/"), "and back: {page}");
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
