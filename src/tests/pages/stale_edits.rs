//! Stale edits: fields that only the other person changed stay as they were saved.

use crate::support::forms::{field, form_of};
use crate::support::{Client, TestServer};
use axum::http::StatusCode;
use guildhall::accounts::Role;
use guildhall::catalog::seed_demo;

/// Two people open the form at `page` that is sent to `action`. One changes the field `theirs`, then the
/// other the field `mine`, and sees both in their form.
async fn both_change(
    server: &TestServer,
    (page, action): (&str, &str),
    fields: &[&str],
    theirs: (&str, &str),
    mine: (&str, &str),
) {
    let mut sam = server.signed_in(Role::Staff).await;
    let opened = sam.page(page).await;
    let form = form_of(&opened, action);
    let was: Vec<(&str, String)> = fields
        .iter()
        .map(|name| (*name, field(form, &format!("was_{name}")).to_owned()))
        .collect();
    let version = field(form, "version");
    let post = async |sam: &mut Client, changed: (&str, &str)| {
        let mut sent = vec![("version".to_owned(), version.to_owned())];
        for (name, value) in &was {
            let typed = if changed.0 == *name { changed.1 } else { value };
            sent.push((format!("was_{name}"), value.clone()));
            sent.push(((*name).to_owned(), typed.to_owned()));
        }
        let sent: Vec<_> = sent.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        sam.post(action, &sent).await
    };
    sam.referer = Some(page.to_owned());
    let answer = post(&mut sam, theirs).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let answer = post(&mut sam, mine).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
    let form = form_of(&answer.body, action);
    assert_ne!(field(form, "version"), version);
    for (name, value) in [theirs, mine] {
        assert_eq!(field(form, name), value, "{action}");
    }
    assert_eq!(field(form, &format!("was_{}", theirs.0)), theirs.1);
    if page.starts_with("/products") {
        assert_eq!(answer.body.matches("Differs").count(), 1, "mine alone");
    }
}

#[tokio::test]
async fn a_stale_edit_keeps_fields_only_the_other_changed() {
    let server = TestServer::start_with(|config| config.webhooks.allow_private = true).await;
    seed_demo(&server.app).await.expect("seeds");
    let mug = "/products/stoneware-mug/edit";
    let fields = ["name", "price", "category", "description", "picture_alt"];
    both_change(
        &server,
        (mug, mug),
        &fields,
        ("price", "77.00"),
        ("name", "My mug"),
    )
    .await;
    let desk = ("/categories", "/categories/2");
    let (theirs, mine) = (("slug", "their-desk"), ("name", "My desk"));
    both_change(&server, desk, &["name", "slug"], theirs, mine).await;

    let mut sam = server.signed_in(Role::Staff).await;
    let hook = [
        ("url", "http://127.0.0.1:9/hook"),
        ("events", "*"),
        ("description", ""),
    ];
    let made = sam.post("/webhooks/new", &hook).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let hook = ("/webhooks/1", "/webhooks/1");
    let (theirs, mine) = (("events", "order.placed"), ("description", "The warehouse"));
    let fields = ["url", "events", "description"];
    both_change(&server, hook, &fields, theirs, mine).await;
}
