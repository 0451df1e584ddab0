//! Text that would be HTML of its own if any page let it: in every field there is, on every page there
//! is, for everybody, in every filter, and given back by every form.
//!
//! The pages are those of the route table, the fields those of the database, the filters and forms
//! those of the pages themselves: a new one is in the test by being there.

use crate::support::company::Company;
use crate::support::page_parts::{Element, Form, Page};
use crate::support::{Answer, Client, PASSWORD, TestServer, number, on_postgres, try_execute};
use axum::http::StatusCode;
use guildhall::accounts::{Role, hash_of};
use guildhall::seed::{Seed, seed};
use guildhall::server::{App, Conn};
use leptos_axum::generate_route_list;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Leaves a title, a script, a text area, an attribute in either sort of quotes; opens a comment and a
/// script in a script; and would show in the page as an element or an attribute of this name.
const HOSTILE: &str = "</title></script></textarea><!--<script>\"'><x-hostile data-hostile=1>&";

/// Columns that are read by machines: to spoil them is to have another company, not another text.
const MACHINES: [&str; 36] = [
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
    "tasks.status",
    "transfers.kind",
    "users.password_hash",
    "webhooks.events",
    "webhooks.old_secret",
    "webhooks.secret",
];

/// What the link carries that confirms an address.
const LINK: &str = "the-link-of-a-mail";

/// Every text that one query gives.
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

/// Adds the text to what stands in each column that people write in. What the database itself refuses
/// (it knows which words may stand there) is no text of theirs.
async fn spoil_every_field(app: &App) {
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
        let sql = format!("UPDATE {table} SET {name} = {name} || '{hostile}'");
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
    let everybody = [
        ("a visitor", server.visitor()),
        ("a customer", customer),
        ("staff", staff),
        ("an admin", admin),
    ];
    (server, everybody)
}

/// The same with the text everywhere.
async fn spoiled_company() -> (TestServer, [(&'static str, Client); 4]) {
    let (server, everybody) = whole_company().await;
    spoil_every_field(&server.app).await;
    (server, everybody)
}

/// The addresses of a route: each thing there is, up to three of them.
pub async fn addresses(app: &App, route: &str) -> Vec<String> {
    if route == "/confirm-address" {
        return vec![format!("{route}?token={LINK}")];
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

/// That the page holds no element, attribute or script but its own, and shows nothing escaped twice.
fn sound(answer: &Answer, what: &str) -> Page {
    let page = Page::read(&answer.body);
    if !answer.header("content-type").starts_with("text/html") {
        return page;
    }
    for element in &page.elements {
        assert_ne!(element.name, "x-hostile", "{what}: {}", answer.body);
        for (name, value) in &element.attributes {
            let fine = !name.starts_with("on") && name != "style" && !name.contains("hostile");
            assert!(fine, "{what}: {element:?}");
            let leads = matches!(name.as_str(), "href" | "src" | "action" | "formaction");
            let runs = value.trim().to_lowercase().starts_with("javascript:");
            assert!(!(leads && runs), "{what}: {element:?}");
        }
    }
    let ended = page.closed.iter().any(|name| name == "html");
    assert!(ended, "{what}: the page does not end: {}", answer.body);
    for text in &page.texts {
        assert!(!text.contains("&lt;x-hostile"), "{what}: twice: {text}");
    }
    page
}

fn refused(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::SEE_OTHER | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND
    )
}

#[tokio::test]
async fn every_page_shows_every_field_as_text_to_everybody() {
    let (server, mut everybody) = spoiled_company().await;
    let mut titles = BTreeSet::new();
    for route in generate_route_list(guildhall::app::Pages) {
        let mut seen = false;
        for address in addresses(&server.app, route.path()).await {
            for (who, client) in &mut everybody {
                let what = format!("{who} at {address}");
                let answer = client.get(&address).await;
                let page = sound(&answer, &what);
                let shown = answer.status == StatusCode::OK;
                assert!(shown || refused(answer.status), "{what}: {}", answer.status);
                seen |= shown;
                titles.insert(page.title);
            }
        }
        // The first page of the checkout is the cart where that is empty.
        assert!(
            seen || route.path() == "/checkout",
            "nobody sees {}",
            route.path()
        );
    }
    for whole in [" · Guildhall", &format!("{HOSTILE} · Guildhall")] {
        let so = titles.iter().filter(|title| title.ends_with(whole));
        assert!(so.count() > 5, "{titles:?}");
    }
}

/// The names of the filters: of the fields of forms that ask, and in the page's links to itself.
fn filters(page: &Page, address: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::from(["q", "next", "cursor", "error"].map(str::to_owned));
    let asking = page.forms.iter().filter(|form| !form.posts);
    for field in asking.flat_map(|form| &form.fields) {
        names.extend(field.attribute("name").map(str::to_owned));
    }
    let links = page
        .elements
        .iter()
        .filter_map(|link| link.attribute("href"));
    for link in links {
        if let Some((path, query)) = link.split_once('?')
            && (path.is_empty() || path == address)
        {
            let pairs = form_urlencoded::parse(query.as_bytes());
            names.extend(pairs.map(|(name, _)| name.into_owned()));
        }
    }
    names
}

#[tokio::test]
async fn every_filter_of_every_page_is_given_back_as_text() {
    let (server, mut everybody) = spoiled_company().await;
    let mut tried = BTreeSet::new();
    for route in generate_route_list(guildhall::app::Pages) {
        let address = addresses(&server.app, route.path()).await.remove(0);
        for (who, client) in &mut everybody {
            let page = sound(&client.get(&address).await, &address);
            let names = filters(&page, &address);
            tried.extend(names.iter().map(|name| format!("{} {name}", route.path())));
            let every = names.iter().map(|name| (name.as_str(), HOSTILE));
            let mut queries: Vec<Vec<(&str, &str)>> = names
                .iter()
                .map(|name| vec![(name.as_str(), HOSTILE)])
                .collect();
            queries.push(every.collect());
            for query in queries {
                let mut text = form_urlencoded::Serializer::new(String::new());
                let text = text.extend_pairs(&query).finish();
                let sign = if address.contains('?') { '&' } else { '?' };
                let asked = format!("{address}{sign}{text}");
                let what = format!("{who} at {asked}");
                let answer = client.get(&asked).await;
                sound(&answer, &what);
                assert!(!answer.status.is_server_error(), "{what}: {}", answer.body);
            }
        }
    }
    assert!(tried.len() > 200, "{tried:?}");
    let mut visitor = server.visitor();
    let query: String = form_urlencoded::byte_serialize(HOSTILE.as_bytes()).collect();
    let answer = visitor.get(&format!("/products?q={query}")).await;
    assert!(sound(&answer, "the search").title.contains(HOSTILE));
}

/// What a person would send who writes the text wherever they can write at all.
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

/// Whether the form signs out, deletes or the like: a test that sent it would end before its end.
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

#[tokio::test]
async fn every_form_gives_back_what_was_typed_as_text() {
    let (server, mut everybody) = spoiled_company().await;
    let mut forms: BTreeMap<String, usize> = BTreeMap::new();
    for route in generate_route_list(guildhall::app::Pages) {
        let address = addresses(&server.app, route.path()).await.remove(0);
        for (who, client) in &mut everybody {
            let page = Page::read(&client.get(&address).await.body);
            for form in page.forms.iter().filter(|form| form.posts) {
                let action = if form.action.is_empty() {
                    &address
                } else {
                    &form.action
                };
                if ends_something(action) {
                    continue;
                }
                *forms.entry(action.clone()).or_default() += 1;
                let fields = filled(form, HOSTILE);
                let fields: Vec<_> = fields
                    .iter()
                    .map(|(a, b)| (a.as_str(), b.as_str()))
                    .collect();
                client.referer = Some(address.clone());
                let answer = client.post(action, &fields).await;
                let what = format!("{who} posts {action} from {address}");
                sound(&answer, &what);
                assert!(!answer.status.is_server_error(), "{what}: {}", answer.body);
                if answer.status == StatusCode::SEE_OTHER {
                    let next = answer.header("location").to_owned();
                    sound(&client.get(&next).await, &format!("{what}, then {next}"));
                }
                client.referer = None;
            }
        }
    }
    assert!(forms.len() > 30, "{forms:?}");
}

#[tokio::test]
async fn a_title_reads_as_it_was_written() {
    let server = TestServer::start().await;
    let mut staff = server.signed_in(Role::Staff).await;
    let board = staff.post("/boards", &[("name", "Tea & Cups")]).await;
    let page = Page::read(&staff.page(board.header("location")).await);
    assert_eq!(page.title, "Tea & Cups · Guildhall");
    let body = json!({ "title": "Tea & Cups <now>", "description": "\n\n</textarea> & so" });
    let made = staff
        .send_json(axum::http::Method::POST, "/api/v1/tasks", body)
        .await;
    let id = made.data()["id"].as_i64().expect("an id");
    let page = Page::read(&staff.page(&format!("/tasks/{id}")).await);
    assert_eq!(page.title, "Tea & Cups <now> · Guildhall");
    let edit = Page::read(&staff.page(&format!("/tasks/{id}/edit")).await);
    let text = edit.texts.concat();
    assert!(text.contains("</textarea> & so") && !text.contains("&amp;"));
}

/// Other sites' addresses that look like paths, and what no header can hold.
const ELSEWHERE: [&str; 7] = [
    "//evil.example",
    "/\t/evil.example",
    "/\\evil.example",
    "/..//evil.example",
    "/\r\n/evil.example",
    "https://evil.example/",
    "/\u{1f}/../..//evil.example",
];

fn stays_here(answer: &Answer, what: &str) {
    assert!(!answer.status.is_server_error(), "{what}: {}", answer.body);
    if answer.status == StatusCode::SEE_OTHER {
        let to = answer.header("location");
        let path = to.starts_with('/') && !to.starts_with("//");
        assert!(path && !to.contains(['\\', '\t']), "{what}: {to}");
    }
}

#[tokio::test]
async fn no_form_leads_to_another_site() {
    let (server, mut everybody) = spoiled_company().await;
    let mut led: BTreeMap<String, usize> = BTreeMap::new();
    for route in generate_route_list(guildhall::app::Pages) {
        let address = addresses(&server.app, route.path()).await.remove(0);
        for (who, client) in &mut everybody {
            let page = Page::read(&client.get(&address).await.body);
            for form in page.forms.iter().filter(|form| form.posts) {
                let next = |field: &&Element| field.attribute("name") == Some("next");
                if form.fields.iter().find(next).is_none() {
                    continue;
                }
                let tries = led.entry(form.action.clone()).or_default();
                let evil = ELSEWHERE[*tries % ELSEWHERE.len()];
                *tries += 1;
                let mut fields = filled(form, HOSTILE);
                for (name, value) in &mut fields {
                    if name == "next" {
                        *value = evil.to_owned();
                    } else if value == HOSTILE {
                        *value = "Tea".to_owned();
                    }
                }
                let fields: Vec<_> = fields
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str()))
                    .collect();
                let what = format!("{who} posts {} from {address} with {evil:?}", form.action);
                stays_here(&client.post(&form.action, &fields).await, &what);
            }
        }
    }
    for known in ["/theme", "/shortcuts"] {
        assert!(led.contains_key(known), "{led:?}");
    }
    assert!(led.len() > 5, "{led:?}");
}

#[tokio::test]
async fn signing_in_and_registering_lead_to_no_other_site() {
    let server = TestServer::start().await;
    let user = server.person(Role::Customer).await;
    for (number, evil) in ELSEWHERE.into_iter().enumerate() {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let query = query.append_pair("next", evil).finish();
        for page in ["/login", "/register"] {
            let answer = server.visitor().get(&format!("{page}?{query}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{evil:?}");
        }
        let sign_in = [
            ("email", &*user.email),
            ("password", PASSWORD),
            ("next", evil),
        ];
        let answer = server.visitor().post("/login", &sign_in).await;
        assert_eq!(answer.header("location"), "/", "{evil:?}");
        let email = format!("new{number}@example.com");
        let new = [
            ("name", "Ann"),
            ("email", &*email),
            ("password", PASSWORD),
            ("next", evil),
        ];
        let answer = server.visitor().post("/register", &new).await;
        assert_eq!(answer.header("location"), "/", "{evil:?}");
    }
    let good = [
        ("email", &*user.email),
        ("password", PASSWORD),
        ("next", "/orders?a=b#c"),
    ];
    let answer = server.visitor().post("/login", &good).await;
    assert_eq!(answer.header("location"), "/orders?a=b#c");
}

#[tokio::test]
async fn a_file_has_one_entry_for_each_transfer_whatever_is_written_in_it() {
    let (server, [_, _, (_, mut staff), _]) = spoiled_company().await;
    let lines = "UPDATE transfers SET memo = '=1+1;\n2026-01-01 * x\n    bank  CNY 1.00\r\n\n; a', \
                 reference = '\t@SUM(A1)' || reference";
    try_execute(&server.app, lines).await.expect("memos");
    let transfers = number(&server.app, "SELECT COUNT(*) FROM transfers").await;
    assert!(transfers > 5);
    let count = |found: usize| i64::try_from(found).expect("few");

    let file = staff.api("/ledger/journal.csv").await.body;
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    let rows: Vec<_> = reader.records().collect::<Result<_, _>>().expect("CSV");
    assert_eq!(count(rows.len()), transfers);
    for field in rows.iter().flatten() {
        let sign = field.trim_start().chars().next();
        assert!(!matches!(sign, Some('=' | '+' | '@' | '-')), "{field:?}");
    }

    let journal = staff.api("/ledger/export.journal").await.body;
    let (mut heads, mut postings) = (0, 0);
    for line in journal.lines().skip(1) {
        match line {
            "" => {}
            line if line.starts_with("    ") => postings += 1,
            line if line.starts_with("20") => heads += 1,
            line => panic!("a line of its own: {line}"),
        }
    }
    assert_eq!((heads, postings), (transfers, 2 * transfers));
}

#[tokio::test]
async fn a_mail_has_the_headers_it_was_given_and_no_more() {
    const KNOWN: [&str; 9] = [
        "auto-submitted",
        "content-transfer-encoding",
        "content-type",
        "date",
        "from",
        "message-id",
        "mime-version",
        "subject",
        "to",
    ];
    let mut company = Company::open_to_listeners().await;
    let app = company.server.app.clone();
    let injected = "\r\nBcc: thief@evil.example\r\n\r\n<x-hostile>";
    let names = [
        format!("UPDATE users SET name = name || '{injected}'"),
        format!("UPDATE products SET name = name || '{injected}'"),
    ];
    for sql in &names {
        try_execute(&app, sql).await.expect("a name");
    }
    let order = company.place(2, "wallet").await;
    let parcel = json!({ "carrier": "SF Express", "tracking": "1\r\nBcc: thief@evil.example" });
    company.step(&order, "pack", json!({})).await;
    // Whatever is wrong with it is said, or mended; it is written into no header.
    let path = format!("/api/v1/orders/{order}/ship");
    let method = axum::http::Method::POST;
    company.staff.send_json(method, &path, parcel).await;
    company.deliver().await;
    let mails = company.mails();
    assert!(mails.len() >= 2, "{mails:?}");
    for name in mails {
        let (headers, _) = company.mail(&name);
        for line in headers
            .split("\r\n")
            .filter(|line| !line.starts_with([' ', '\t']))
        {
            let (name, _) = line.split_once(':').expect("a header");
            assert!(KNOWN.contains(&&*name.to_lowercase()), "{headers}");
        }
    }
}
