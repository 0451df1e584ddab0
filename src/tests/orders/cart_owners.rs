//! The owners of carts: a visitor's goes to the person at sign-in, and nobody reaches another's.

use super::carts::{CART, add, badge, cart, lines, put, went};
use crate::support::company::Company;
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use serde_json::json;

#[tokio::test]
async fn nobody_reaches_another_persons_cart() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 900, 50).await;
    let mut ann = company.server.signed_in(Role::Customer).await;
    let mut bob = company.server.signed_in(Role::Customer).await;
    let mut visitor = company.server.visitor();
    add(&mut ann, mug, 1).await;
    add(&mut visitor, mug, 2).await;
    assert_eq!(lines(&mut bob).await, []);
    // Somebody signed in has their own, whatever cookie they carry.
    bob.cookies
        .insert("cart".to_owned(), visitor.cookies["cart"].clone());
    assert_eq!(lines(&mut bob).await, []);
    add(&mut bob, mug, 3).await;
    bob.post(&format!("/cart/items/{mug}/remove"), &[]).await;
    assert_eq!(lines(&mut visitor).await, [(mug, 2)]);
    assert_eq!(lines(&mut ann).await, [(mug, 1)]);
    // A made-up cookie opens nothing, and is not what a new cart gets.
    let mut stranger = company.server.visitor();
    for value in ["0123456789abcdef0123456789abcdef", "' OR 1=1 --", ""] {
        stranger.cookies.insert("cart".to_owned(), value.to_owned());
        assert_eq!(lines(&mut stranger).await, []);
        assert_eq!(badge(&stranger.page("/login").await), "Cart, empty");
        add(&mut stranger, mug, 1).await;
        assert_ne!(stranger.cookies["cart"], value);
    }
    // Another site cannot fill it.
    let headers = [("sec-fetch-site", "cross-site")];
    let path = format!("{CART}/items/{mug}");
    let answer = visitor
        .send(Method::DELETE, &path, &headers, "".into())
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    // A program sees its person's cart, and a browser the same.
    let user = ann.user.clone().expect("Ann");
    let mut program = company.server.program_of(&user).await;
    assert_eq!(lines(&mut program).await, [(mug, 1)]);
    put(&mut program, mug, 5).await;
    assert_eq!(lines(&mut ann).await, [(mug, 5)]);
}

#[tokio::test]
async fn at_sign_in_the_visitors_cart_goes_to_the_person() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 900, 5).await;
    let lamp = company.product("Reading lamp", 12_900, 9).await;
    let pen = company.product("Blue pen", 300, 5).await;
    let clip = company.product("Clip", 100, 5).await;
    let user = company.server.person(Role::Customer).await;
    let mut before = company.server.sign_in(&user).await;
    put(&mut before, mug, 3).await;
    put(&mut before, lamp, 2).await;

    let mut visitor = company.server.visitor();
    for (product, quantity) in [(mug, 4), (lamp, 2), (pen, 2), (clip, 1)] {
        company.wait(2);
        add(&mut visitor, product, quantity).await;
    }
    company.change_product(pen, json!({ "stock": 0 })).await;
    let copy = visitor.clone();
    let sign_in = [
        ("email", &*user.email),
        ("password", crate::support::PASSWORD),
        ("next", "/cart"),
    ];
    let answer = visitor.post("/login", &sign_in).await;
    went(&answer, "/cart");
    assert!(!visitor.cookies.contains_key("cart"), "the cookie is gone");
    let page = visitor.page("/cart").await;
    assert!(page.contains("Your cart came along."), "{page}");
    assert!(page.contains("Plain mug: 5 now, no more can be had."));
    assert!(page.contains("Blue pen is sold out and was left out."));
    assert!(page.contains("Reading lamp: 4 now, with those you had before."));
    assert_eq!(lines(&mut before).await, [(mug, 5), (lamp, 4), (clip, 1)]);
    assert_eq!(company.count("carts").await, 1, "the visitor's has ended");
    assert!(page.contains("And 1 more."), "{page}");

    // The same once more, with the cookie as it was: it leads to nothing now.
    let mut again = copy;
    went(&again.post("/login", &sign_in).await, "/cart");
    assert!(!again.cookies.contains_key("cart"));
    assert!(!again.page("/cart").await.contains("came along"));
    assert_eq!(lines(&mut before).await, [(mug, 5), (lamp, 4), (clip, 1)]);
    // After signing out the cart stays with the person.
    again.post("/logout", &[]).await;
    assert_eq!(lines(&mut again).await, []);
}

#[tokio::test]
async fn signing_in_says_what_came_along_and_what_was_there() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 900, 50).await;
    let lamp = company.product("Reading lamp", 12_900, 9).await;
    let pen = company.product("Blue pen", 300, 5).await;
    let user = company.server.person(Role::Customer).await;
    let mut before = company.server.sign_in(&user).await;
    let sign_in = |next: &'static str| {
        let email = user.email.clone();
        async move |visitor: &mut crate::support::Client| {
            let fields = [
                ("email", &*email),
                ("password", crate::support::PASSWORD),
                ("next", next),
            ];
            visitor.post("/login", &fields).await;
            visitor.page("/cart").await
        }
    };
    // Nothing changed and nothing was there: said all the same.
    let mut visitor = company.server.visitor();
    put(&mut visitor, mug, 2).await;
    let page = sign_in("/cart")(&mut visitor).await;
    assert!(
        page.contains("Your cart came along. Plain mug: 2."),
        "{page}"
    );
    assert!(!page.contains("from before"), "{page}");
    // What was there and stays as it was is counted.
    let mut visitor = company.server.visitor();
    put(&mut visitor, lamp, 1).await;
    let page = sign_in("/cart")(&mut visitor).await;
    assert!(
        page.contains("Reading lamp: 1. One other product was in your cart from before."),
        "{page}"
    );
    let mut visitor = company.server.visitor();
    put(&mut visitor, pen, 1).await;
    let page = sign_in("/cart")(&mut visitor).await;
    assert!(
        page.contains("Blue pen: 1. 2 other products were in your cart from before."),
        "{page}"
    );
    // A visitor with no cart hears nothing of it.
    let mut visitor = company.server.visitor();
    let page = sign_in("/cart")(&mut visitor).await;
    assert!(!page.contains("came along"), "{page}");
    assert_eq!(lines(&mut before).await.len(), 3);
}

#[tokio::test]
async fn registering_brings_the_cart_along_as_well() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 900, 5).await;
    let mut visitor = company.server.visitor();
    add(&mut visitor, mug, 4).await;
    company
        .change_product(mug, json!({ "stock": 3, "price": 950 }))
        .await;
    let fields = [
        ("name", "Newcomer"),
        ("email", "new@example.com"),
        ("password", crate::support::PASSWORD),
    ];
    // A refused form signs nobody in.
    let refused = [fields[0], fields[1], ("password", "short")];
    visitor.post("/register", &refused).await;
    assert_eq!(lines(&mut visitor).await, [(mug, 4)]);
    went(&visitor.post("/register", &fields).await, "/");
    let page = visitor.page("/").await;
    assert!(
        page.contains("Welcome, Newcomer. Your cart came along. Plain mug: 3 now"),
        "{page}"
    );
    assert_eq!(lines(&mut visitor).await, [(mug, 3)]);
    assert_eq!(cart(&mut visitor).await["items"][0]["seen_price"], 900);
    assert_eq!(company.count("carts").await, 1);
}
