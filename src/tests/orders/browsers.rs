//! Staff and a customer in browsers without script, and what they read and send there.

use crate::support::company::{Company, Opening};
use crate::support::forms::{field, form_of};
use crate::support::{Answer, Client, execute};
use axum::http::StatusCode;
use guildhall::server::App;

pub const LAMP: i64 = 32_900;

pub const ADDRESS: [(&str, &str); 6] = [
    ("address.name", "Mei Chen"),
    ("address.line1", "南京西路 12"),
    ("address.city", "Shanghai"),
    ("address.postal_code", "200001"),
    ("address.country", "cn"),
    ("address.phone", ""),
];

/// Staff and a customer with ¥1,000.00, each in a browser; headphones and lamps on the shelf.
pub struct Browsers {
    pub company: Company,
    pub sam: Client,
    pub mei: Client,
    /// A product at ¥329.00, nine of it.
    pub lamp: i64,
}

impl Browsers {
    pub async fn open() -> Self {
        let opening = Opening {
            stock: 9,
            money: 100_000,
        };
        let mut company = Company::open_as(opening, |_| {}).await;
        let [sam, mei] = company.browsers().await;
        let lamp = company.product("台灯 Lamp", LAMP, 9).await;
        Self {
            company,
            sam,
            mei,
            lamp,
        }
    }

    pub fn app(&self) -> &App {
        self.company.app()
    }

    /// Puts so many of the product into the person's cart.
    pub async fn put(&self, user: i64, product: i64, quantity: i64) {
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
    pub async fn place(&mut self, quantity: i64, payment: &str) -> String {
        self.put(self.mei.id(), self.company.product, quantity)
            .await;
        let answer = check_out(&mut self.mei, &[("payment", payment)]).await;
        number_in(&answer)
    }

    /// Staff take a step by the form on the order's page, and it works.
    pub async fn step(&mut self, order: &str, step: &str, fields: &[(&str, &str)]) {
        let answer = take(&mut self.sam, order, step, fields).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::SEE_OTHER, format!("/orders/{order}").as_str()),
            "{step}: {}",
            answer.body
        );
    }
}

/// Pages without the marks that stand between the parts of a text.
pub trait Reads {
    async fn read(&mut self, path: &str) -> String;
}

impl Reads for Client {
    async fn read(&mut self, path: &str) -> String {
        plain(&self.page(path).await)
    }
}

pub fn plain(page: &str) -> String {
    page.replace("<!>", "")
}

pub fn count(page: &str, what: &str) -> usize {
    page.matches(what).count()
}

/// The fields of the checkout as its page has them, with some changed.
pub fn checkout_fields(page: &str, changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields = vec![
        (
            "idempotency_key".to_owned(),
            field(page, "idempotency_key").to_owned(),
        ),
        ("seen".to_owned(), field(page, "seen").to_owned()),
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

pub async fn send(client: &mut Client, path: &str, fields: &[(String, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let answer = client.post(path, &fields).await;
    let body = plain(&answer.body);
    Answer { body, ..answer }
}

/// Goes to the checkout and places the order.
pub async fn check_out(client: &mut Client, changes: &[(&str, &str)]) -> Answer {
    let page = client.read("/checkout").await;
    client.referer = Some("/checkout".to_owned());
    let answer = send(client, "/checkout", &checkout_fields(&page, changes)).await;
    client.referer = None;
    answer
}

/// The number of the order that was placed.
pub fn number_in(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let path = answer.header("location").strip_prefix("/orders/");
    let number = path.and_then(|path| path.strip_suffix("/thanks"));
    number.expect("the way to the thanks").to_owned()
}

/// Sends the form of a step as it stands on the order's page.
pub async fn take(client: &mut Client, order: &str, step: &str, fields: &[(&str, &str)]) -> Answer {
    let page = client.read(&format!("/orders/{order}")).await;
    let action = format!("/orders/{order}/{step}");
    let form = form_of(&page, &action);
    let (once, version) = (field(form, "idempotency_key"), field(form, "version"));
    let mut all = vec![("idempotency_key", once), ("version", version)];
    all.extend(fields);
    client.referer = Some(format!("/orders/{order}"));
    let answer = client.post(&action, &all).await;
    client.referer = None;
    let body = plain(&answer.body);
    Answer { body, ..answer }
}
