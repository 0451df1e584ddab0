//! Lines of text: every field takes the same ones, and refuses the others in the same words.

use crate::support::company::{Company, post, word};
use crate::support::{Answer, Client, number};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::{Value, json};

/// A field of a request. `{n}` in path or body is another number each time, `{order}` a new order.
struct Place {
    method: Method,
    path: String,
    body: Value,
    /// The place of the text in the body.
    field: &'static str,
    most: usize,
    /// True if a text is required.
    required: bool,
    /// The place in the answer where it is shown, if it is.
    shown: Option<&'static str>,
}

fn place(path: &str, body: Value, field: &'static str, most: usize) -> Place {
    Place {
        method: Method::POST,
        path: format!("/api/v1{path}"),
        body,
        field,
        most,
        required: true,
        shown: Some(field),
    }
}

impl Place {
    fn patch(self) -> Self {
        let method = Method::PATCH;
        Self { method, ..self }
    }

    fn optional(self) -> Self {
        Self {
            required: false,
            ..self
        }
    }

    fn shown(self, shown: Option<&'static str>) -> Self {
        Self { shown, ..self }
    }

    /// The name of the field in what is said about it.
    fn fault(&self) -> String {
        let parts = self.field.trim_start_matches('/').split('/');
        let names = parts.filter(|part| part.parse::<usize>().is_err());
        names.collect::<Vec<_>>().join(".")
    }
}

/// An action of customers that an admin does not take.
const OWN: [&str; 4] = ["/orders", "/me", "/transfers", "/holds"];

struct Typist {
    company: Company,
    admin: Client,
    sent: u32,
}

impl Typist {
    async fn type_into(&mut self, place: &Place, text: &str) -> Answer {
        self.sent += 1;
        let order = match place.path.contains("{order}") {
            true => self.company.place(1, "wallet").await,
            false => String::new(),
        };
        let n = self.sent.to_string();
        let path = place.path.replace("{order}", &order);
        let body = place.body.to_string().replace("{n}", &n);
        let mut body: Value = serde_json::from_str(&body).expect("JSON");
        *body.pointer_mut(place.field).expect("the field") = json!(text);
        let client = match &place.path {
            path if OWN.iter().any(|own| path.ends_with(own)) => &mut self.company.mei,
            _ => &mut self.admin,
        };
        client.send_json(place.method.clone(), &path, body).await
    }

    async fn refused(&mut self, place: &Place, text: &str) -> String {
        let answer = self.type_into(place, text).await;
        let seen = format!(
            "{} {text:?} in {}: {}",
            place.path, place.field, answer.body
        );
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{seen}");
        word(&answer.json()["errors"][place.fault()])
    }

    async fn taken(&mut self, place: &Place, text: &str, stored: &str) {
        let answer = self.type_into(place, text).await;
        let seen = format!(
            "{} {text:?} in {}: {}",
            place.path, place.field, answer.body
        );
        assert!(answer.status.is_success(), "{seen}");
        if let Some(shown) = place.shown {
            let data = answer.data();
            let value = data.pointer(shown).and_then(Value::as_str);
            assert_eq!(value.unwrap_or_default(), stored, "{seen}");
        }
    }
}

fn places(company: &Company, [from, to]: [i64; 2]) -> Vec<Place> {
    let order = company.order(1, "wallet", "standard");
    let product = format!("/products/{}", company.product);
    let person = format!("/users/{}", company.mei.id());
    let account = |name| json!({ "name": name, "email": "p{n}@example.com", "password": "violet-anchor-tide", "role": "customer" });
    let transfer = json!({ "from_account_id": from, "to_account_id": to, "amount": 1, "memo": "" });
    let mut hold = transfer.clone();
    hold["reference"] = json!("");
    let mut register = account("");
    register.as_object_mut().expect("an object").remove("role");
    vec![
        place("/auth/register", register, "/name", 80).shown(Some("/user/name")),
        place("/users", account(""), "/name", 80),
        place("/me", json!({ "name": "" }), "/name", 80).patch(),
        place(&person, json!({ "name": "" }), "/name", 80).patch(),
        place("/products", json!({ "name": "", "price": 1 }), "/name", 120),
        place(&product, json!({ "name": "" }), "/name", 120).patch(),
        place(&product, json!({ "picture_alt": "" }), "/picture_alt", 300)
            .shown(None)
            .patch()
            .optional(),
        place(
            &product,
            json!({ "description": "" }),
            "/description",
            10_000,
        )
        .patch()
        .optional(),
        place(
            &format!("{product}/stock"),
            json!({ "change": 1, "reason": "" }),
            "/reason",
            200,
        )
        .shown(None),
        place(
            "/categories",
            json!({ "name": "", "slug": "c{n}-x" }),
            "/name",
            60,
        ),
        place("/boards", json!({ "name": "" }), "/name", 80),
        place("/tasks", json!({ "title": "" }), "/title", 200),
        place(
            "/tasks",
            json!({ "title": "x", "description": "" }),
            "/description",
            20_000,
        )
        .optional(),
        place(
            "/tasks",
            json!({ "title": "x", "labels": [""] }),
            "/labels/0",
            30,
        )
        .optional()
        .shown(None),
        place("/orders", order.clone(), "/address/name", 80),
        place("/orders", order.clone(), "/address/line1", 120),
        place("/orders", order.clone(), "/address/city", 80),
        place("/orders", with_state(&order), "/address/state", 80).optional(),
        place("/orders", order, "/address/postal_code", 12),
        place(
            "/orders/{order}/cancel",
            json!({ "reason": "" }),
            "/reason",
            200,
        )
        .optional()
        .shown(None),
        place(
            "/accounts",
            json!({ "code": "a{n}", "name": "" }),
            "/name",
            80,
        ),
        place("/transfers", transfer, "/memo", 200).optional(),
        place("/holds", hold.clone(), "/memo", 200).optional(),
        place("/holds", hold, "/reference", 200).optional(),
        place(
            &format!("{person}/top-up"),
            json!({ "amount": 1, "memo": "" }),
            "/memo",
            200,
        )
        .optional()
        .shown(None),
        place(
            "/webhooks",
            json!({ "url": "https://example.com/hook", "events": ["*"], "description": "" }),
            "/description",
            200,
        )
        .optional(),
    ]
}

fn with_state(order: &Value) -> Value {
    let mut order = order.clone();
    order["address"]["state"] = json!("");
    order
}

async fn typist() -> (Typist, [i64; 2]) {
    let mut company = Company::open_with(|config| {
        config.accounts.registrations_per_hour = 1_000;
    })
    .await;
    let stock = json!({ "change": 500, "reason": "For the test" });
    let path = format!("/api/v1/products/{}/stock", company.product);
    post(&mut company.staff, &path, stock).await;
    let top_up = format!("/api/v1/users/{}/top-up", company.mei.id());
    post(
        &mut company.staff,
        &top_up,
        json!({ "amount": 100_000_000 }),
    )
    .await;
    let other = company.server.program(Role::Customer).await;
    let top_up = format!("/api/v1/users/{}/top-up", other.id());
    post(&mut company.staff, &top_up, json!({ "amount": 1 })).await;
    let wallets = [
        company.wallet(&company.mei).await,
        company.wallet(&other).await,
    ];
    let admin = company.server.program(Role::Admin).await;
    let typist = Typist {
        company,
        admin,
        sent: 0,
    };
    (typist, wallets)
}

#[tokio::test]
async fn every_line_of_text_is_something_to_be_read() {
    let (mut typist, wallets) = typist().await;
    for place in places(&typist.company, wallets) {
        for nothing in ["\u{200B}\u{200D}", "\u{3164}", " \u{A0} "] {
            if place.required {
                typist.refused(&place, nothing).await;
            } else {
                typist.taken(&place, nothing, "").await;
            }
        }
        let fault = typist.refused(&place, "a\u{202E}b").await;
        assert!(fault.contains("direction"), "{fault}");
        for control in ["a\u{7}b", "a\u{0}b", "a\u{FFF9}b"] {
            typist.refused(&place, control).await;
        }
        let fault = typist.refused(&place, &"x".repeat(place.most + 1)).await;
        assert!(fault.contains("at most"), "{fault}");
        typist.taken(&place, "Cafe\u{301} 1", "Café 1").await;
        let (typed, stored) = ("e\u{301}".repeat(place.most), "é".repeat(place.most));
        typist.taken(&place, &typed, &stored).await;
    }
}

#[tokio::test]
async fn the_lines_that_have_forms_alone_are_no_different() {
    let (typist, _) = typist().await;
    let mut staff = typist.company.server.signed_in(Role::Staff).await;
    let forms = [
        ("/orders/views", "saved_views", 40),
        ("/boards/1/columns", "board_columns", 40),
    ];
    staff.post("/boards", &[("name", "House")]).await;
    for (path, table, most) in forms {
        let count = format!("SELECT COUNT(*) FROM {table}");
        let before = number(&typist.company.server.app, &count).await;
        let long = "x".repeat(most + 1);
        for wrong in ["\u{200B}", "a\u{202E}b", "a\u{7}b", " ", long.as_str()] {
            let answer = staff.post(path, &[("name", wrong)]).await;
            assert_eq!(
                answer.status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{path} {wrong:?}: {}",
                answer.body
            );
        }
        let answer = staff.post(path, &[("name", "Cafe\u{301}")]).await;
        assert_eq!(
            answer.status,
            StatusCode::SEE_OTHER,
            "{path}: {}",
            answer.body
        );
        let stored = format!("{count} WHERE name = 'Café'");
        assert_eq!(number(&typist.company.server.app, &count).await, before + 1);
        assert_eq!(
            number(&typist.company.server.app, &stored).await,
            1,
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_order_goes_where_there_are_no_postal_codes_and_to_a_state() {
    let mut company = Company::open().await;
    let mut order = company.order(1, "wallet", "standard");
    order["address"]["postal_code"] = json!("");
    let answer = post(&mut company.mei, "/api/v1/orders", order.clone()).await;
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        answer.body
    );
    order["address"]["country"] = json!("HK");
    order["address"]["state"] = json!("New Territories");
    let address = order["address"].as_object_mut().expect("an object");
    address.remove("postal_code");
    let answer = post(&mut company.mei, "/api/v1/orders", order).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    assert_eq!(answer.data()["address"]["state"], "New Territories");
    let number = word(&answer.data()["number"]);

    let user = company.mei.user.clone().expect("Mei");
    let mut mei = company.server.sign_in(&user).await;
    let page = mei.page(&format!("/orders/{number}")).await;
    assert!(
        page.contains("New Territories") && page.contains("Hong Kong"),
        "{page}"
    );
    let page = mei.page("/checkout").await;
    assert!(
        !page.contains("name=\"address.state\"") || page.contains("New Territories"),
        "{page}"
    );
    let mut staff = company.server.signed_in(Role::Staff).await;
    let page = staff.page(&format!("/orders/{number}/packing-list")).await;
    assert!(page.contains("New Territories"), "{page}");
}
