//! The navigation: it marks the current page.

use crate::support::TestServer;
use guildhall::accounts::Role;

/// The links of the header that say one is there, and how.
fn marked(page: &str) -> Vec<(String, String)> {
    let (_, header) = page.split_once("<header").expect("a header");
    let header = header.split("</header>").next().unwrap_or_default();
    let links = header.split("<a ").skip(1).filter_map(|link| {
        let tag = link.split('>').next()?;
        let value = |name: &str| {
            let (_, rest) = tag.split_once(&format!("{name}=\""))?;
            rest.split('"').next().map(str::to_owned)
        };
        Some((value("href")?, value("aria-current")?))
    });
    links.collect()
}

#[tokio::test]
async fn every_page_of_staff_marks_its_place() {
    let server = TestServer::start().await;
    let mut ada = server.signed_in(Role::Admin).await;
    ada.post("/boards", &[("name", "Shop floor")]).await;
    for (page, place, how) in [
        ("/products", "/products", "page"),
        ("/categories", "/products", "true"),
        ("/tasks?view=all", "/tasks", "page"),
        ("/boards", "/tasks", "true"),
        ("/boards/1", "/tasks", "true"),
        ("/orders", "/orders", "page"),
        ("/orders/all", "/orders/all", "page"),
        ("/orders/new", "/orders/all", "true"),
        ("/ledger/journal", "/ledger", "true"),
        ("/admin/users", "/admin/users", "page"),
        ("/events", "/events", "page"),
        ("/webhooks", "/events", "true"),
        ("/ops/conservation", "/ops/conservation", "page"),
        ("/account", "/account", "page"),
    ] {
        let seen = marked(&ada.page(page).await);
        assert_eq!(seen, [(place.to_owned(), how.to_owned())], "{page}");
    }
}

#[tokio::test]
async fn every_page_of_a_customer_marks_its_place() {
    let server = TestServer::start().await;
    let mut mei = server.signed_in(Role::Customer).await;
    for (page, place, how) in [
        ("/products", "/products", "page"),
        ("/orders", "/orders", "page"),
        ("/wallet", "/wallet", "page"),
        ("/tasks", "/tasks", "page"),
        ("/boards", "/tasks", "true"),
        ("/account", "/account", "page"),
    ] {
        let seen = marked(&mei.page(page).await);
        assert_eq!(seen, [(place.to_owned(), how.to_owned())], "{page}");
    }
    assert_eq!(marked(&mei.page("/").await), []);
}
