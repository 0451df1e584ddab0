//! The demo company with something on every page, and somebody of each role in a browser.

use crate::support::page_parts::Form;
use crate::support::{Client, TestServer, on_postgres, try_execute};
use axum::http::StatusCode;
use guildhall::accounts::{Role, hash_of};
use guildhall::seed::{Seed, seed};
use guildhall::server::{App, Conn};
use serde_json::json;
use std::collections::BTreeSet;

/// Leaves a title, a script, a text area, an attribute in either sort of quotes; opens a comment and a
/// script in a script; and would show in the page as an element or an attribute of this name.
pub const HOSTILE: &str = "</title></script></textarea><!--<script>\"'><x-hostile data-hostile=1>&";

/// The token in the link that confirms an address.
pub const LINK: &str = "the-link-of-a-mail";

/// The texts that a query returns.
pub async fn texts(app: &App, sql: &str) -> Vec<String> {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    match &mut app.db.read().await.expect("a connection") {
        Conn::Sqlite(conn) => sqlx::query_scalar(sql).fetch_all(&mut **conn).await,
        Conn::Postgres(conn) => sqlx::query_scalar(sql).fetch_all(&mut **conn).await,
    }
    .expect("texts")
}

/// Every column of text there is, as `table.column`.
pub async fn text_columns(app: &App) -> Vec<String> {
    let list = if on_postgres() {
        "SELECT table_name || '.' || column_name FROM information_schema.columns
         WHERE table_schema = 'public' AND data_type = 'text'"
    } else {
        "SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c
         WHERE m.type = 'table' AND c.type = 'TEXT'"
    };
    texts(app, list).await
}

/// The demo company with everything that it lacks, and somebody of each role in a browser.
pub async fn whole_company() -> (TestServer, [(&'static str, Client); 4]) {
    let server = TestServer::start().await;
    let app = &server.app;
    let demo = Seed {
        demo: true,
        products: 0,
        tasks: 0,
    };
    seed(app, &demo).await.expect("the demo");
    let mut staff = server.signed_in(Role::Staff).await;
    let mut customer = server.signed_in(Role::Customer).await;
    let admin = server.signed_in(Role::Admin).await;
    for (path, body) in [
        (
            "/api/v1/webhooks",
            json!({ "url": "http://example.com/hook", "events": ["order.*"], "description": "Us" }),
        ),
        (
            "/api/v1/accounts",
            json!({ "code": "tea", "name": "Tea", "normal_side": "debit" }),
        ),
        ("/api/v1/tasks", json!({ "title": "Water the plants" })),
    ] {
        let answer = staff.send_json(axum::http::Method::POST, path, body).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.body);
    }
    let product = texts(
        app,
        "SELECT CAST(id AS TEXT) FROM products ORDER BY id LIMIT 1",
    )
    .await;
    let order = json!({
        "items": [{ "product_id": product[0].parse::<i64>().expect("an id"), "quantity": 1 }],
        "address": { "name": HOSTILE, "line1": HOSTILE, "city": HOSTILE,
                     "postal_code": "200001", "country": "CN", "phone": "+86 21 5555 0100" },
        "delivery": "standard", "payment": "invoice",
    });
    let answer = customer
        .send_json(axum::http::Method::POST, "/api/v1/orders", order)
        .await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let task = json!({ "title": "Mine" });
    customer
        .send_json(axum::http::Method::POST, "/api/v1/tasks", task)
        .await;
    let message = "INSERT INTO inbox (source, message_id, topic, subject, body, state, outcome,
                       due_at, waiting_since, happened_at, received_at)
                   VALUES ('payments', 'm1', 'payment.received', 'order-1', '{}', 'parked', 'No',
                       0, 0, 0, 0)";
    try_execute(app, message).await.expect("a message");
    let unconfirmed = format!(
        "INSERT INTO mail_addresses (address, token_hash, created_at)
         VALUES ('new@example.com', '{}', 0)",
        hash_of(LINK)
    );
    try_execute(app, &unconfirmed).await.expect("an address");
    for person in [&staff, &admin] {
        let coordinator = format!(
            "INSERT INTO study_members (study_id, user_id, role, since)
             SELECT id, {}, 'coordinator', 0 FROM studies",
            person.id()
        );
        try_execute(app, &coordinator).await.expect("a coordinator");
    }
    let everybody = [
        ("a visitor", server.visitor()),
        ("a customer", customer),
        ("staff", staff),
        ("an admin", admin),
    ];
    (server, everybody)
}

/// The addresses of a route: each thing there is, up to three of them.
pub async fn addresses(app: &App, route: &str) -> Vec<String> {
    if route == "/confirm-address" {
        return vec![format!("{route}?token={LINK}")];
    }
    if let Some(below) = route.strip_prefix("/trials/{code}") {
        return study_addresses(app, below).await;
    }
    let Some((before, rest)) = route.split_once('{') else {
        return vec![route.to_owned()];
    };
    let (_, after) = rest.split_once('}').expect("a name in brackets");
    let sql = match before {
        "/products/" => "SELECT slug FROM products",
        "/admin/users/" => "SELECT CAST(id AS TEXT) FROM users",
        "/tasks/" => "SELECT CAST(id AS TEXT) FROM tasks",
        "/boards/" => "SELECT CAST(id AS TEXT) FROM boards",
        "/orders/" => "SELECT number FROM orders",
        "/ledger/accounts/" => "SELECT CAST(id AS TEXT) FROM ledger_accounts",
        "/webhooks/" => "SELECT CAST(id AS TEXT) FROM webhooks",
        _ => panic!("say here what {route} shows, so that its pages are tried"),
    };
    // The first and the last: the demo's, and those made here.
    let keys = texts(app, &format!("{sql} ORDER BY id")).await;
    let ends = [keys.first(), keys.get(1), keys.last()];
    let ends: BTreeSet<&String> = ends.into_iter().flatten().collect();
    assert!(!ends.is_empty(), "nothing is there for {route}");
    ends.iter()
        .map(|key| format!("{before}{key}{after}"))
        .collect()
}

/// The addresses of a route below a study.
async fn study_addresses(app: &App, below: &str) -> Vec<String> {
    let studies = texts(app, "SELECT code FROM studies ORDER BY id").await;
    let study = format!("/trials/{}", studies.first().expect("a study"));
    if let Some(after) = below.strip_prefix("/imports/{id}") {
        let ids = texts(app, "SELECT CAST(id AS TEXT) FROM imports ORDER BY id").await;
        let address = |id| format!("{study}/imports/{id}{after}");
        return ids.iter().map(address).collect();
    }
    if below.ends_with("/vital-signs/{id}") {
        let readings = "SELECT b.number || '/vital-signs/' || CAST(v.id AS TEXT) FROM vital_signs v
             JOIN subjects b ON b.id = v.subject_id ORDER BY v.id LIMIT 3";
        let address = |reading| format!("{study}/subjects/{reading}");
        return texts(app, readings).await.iter().map(address).collect();
    }
    let Some((before, after)) = below.split_once("{number}") else {
        return vec![format!("{study}{below}")];
    };
    let numbers = texts(app, "SELECT number FROM subjects ORDER BY id LIMIT 3").await;
    let address = |number| format!("{study}{before}{number}{after}");
    numbers.iter().map(address).collect()
}

/// The form's fields, with the text in each that can be typed in.
pub fn filled(form: &Form, text: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for field in &form.fields {
        let Some(name) = field.attribute("name") else {
            continue;
        };
        let kind = field.attribute("type").unwrap_or("text");
        let as_it_is = field.name == "button" || matches!(kind, "hidden" | "checkbox" | "radio");
        let value = match field.attribute("value") {
            Some(value) if as_it_is => value.to_owned(),
            _ => text.to_owned(),
        };
        fields.push((name.to_owned(), value));
    }
    fields
}

/// True if the form signs out, deletes or the like: a test that sent it could not go on.
pub fn ends_something(action: &str) -> bool {
    [
        "/logout",
        "/delete",
        "/sessions",
        "/password",
        "/deactivate",
    ]
    .iter()
    .any(|end| action.ends_with(end))
}

/// Columns that are read by machines: to spoil them is to have another company, not another text.
pub const MACHINES: [&str; 46] = [
    "board_columns.key",
    "carts.token",
    "categories.slug",
    "deliveries.consumer",
    "deliveries.subject",
    "delivery_lanes.consumer",
    "delivery_lanes.subject",
    "holds.id",
    "ledger_accounts.code",
    "ledger_accounts.currency",
    "order_events.data",
    "order_events.kind",
    "orders.address",
    "orders.currency",
    "orders.delivery",
    "orders.number",
    "orders.payment",
    "orders.status",
    "outbox.data",
    "outbox.subject",
    "outbox.topic",
    "mail_addresses.token_hash",
    "pictures.hash",
    "products.currency",
    "products.name_key",
    "products.picture",
    "products.slug",
    "saved_views.query",
    "sessions.id",
    "sessions.role",
    "import_bad_rows.cells",
    "imports.hash",
    "studies.code",
    "study_sites.code",
    "subjects.number",
    "tasks.status",
    "transfers.kind",
    "users.password_hash",
    "webhooks.events",
    "webhooks.old_secret",
    "webhooks.secret",
    "products.language",
    "categories.language",
    "boards.language",
    "product_names.language",
    "product_names.name_key",
];

/// Adds the text to what stands in each column that people write in. What the database itself refuses
/// (it knows which words may stand there) is no text of theirs.
pub async fn spoil_every_field(app: &App) {
    let triggers = if on_postgres() {
        "SELECT DISTINCT trigger_name || ' ON ' || event_object_table
         FROM information_schema.triggers"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE%'"
    };
    for trigger in texts(app, triggers).await {
        let dropped = try_execute(app, &format!("DROP TRIGGER {trigger}")).await;
        dropped.expect("history can be rewritten");
    }
    let hostile = HOSTILE.replace('\'', "''");
    let mut spoiled = BTreeSet::new();
    for column in text_columns(app).await {
        let (table, name) = column.split_once('.').expect("a table and a column");
        let kept =
            table.starts_with("_sqlx") || table == "submissions" || table == "refresh_tokens";
        if kept || MACHINES.contains(&column.as_str()) {
            continue;
        }
        let value = match column.ends_with("_translations") {
            true => {
                let texts = json!({ "en": HOSTILE, "zh-CN": HOSTILE }).to_string();
                format!("'{}'", texts.replace('\'', "''"))
            }
            false => format!("{name} || '{hostile}'"),
        };
        let sql = format!("UPDATE {table} SET {name} = {value}");
        if try_execute(app, &sql).await.is_ok() {
            spoiled.insert(column);
        }
    }
    for field in [
        "boards.name",
        "inbox.message_id",
        "ledger_accounts.name",
        "order_items.name",
        "products.name",
        "studies.title",
        "study_arms.name",
        "audit_entries.reason",
        "task_labels.label",
        "tasks.title",
        "transfers.memo",
        "users.name",
        "webhooks.url",
    ] {
        assert!(spoiled.contains(field), "{field} could not be changed");
    }
    let code = format!("UPDATE ledger_accounts SET code = code || '{hostile}' WHERE code = 'tea'");
    try_execute(app, &code).await.expect("an account's code");
}

/// The same company with the hostile text in every field.
pub async fn spoiled_company() -> (TestServer, [(&'static str, Client); 4]) {
    let (server, everybody) = whole_company().await;
    spoil_every_field(&server.app).await;
    (server, everybody)
}
