//! The cart: as a visitor, somebody signed in and a program fill it, and what becomes of it.

use crate::support::company::Company;
use crate::support::{Answer, Client, TestServer, execute};
use axum::http::{Method, StatusCode};
use guildhall::accounts::Role;
use guildhall::cart::delete_old_carts;
use serde_json::{Value, json};

const CART: &str = "/api/v1/cart";

async fn add(client: &mut Client, product: i64, quantity: i64) -> Answer {
    let (product, quantity) = (product.to_string(), quantity.to_string());
    let fields = [("product_id", &*product), ("quantity", &*quantity)];
    client.post("/cart/items", &fields).await
}

async fn put(client: &mut Client, product: i64, quantity: i64) -> Answer {
    let path = format!("{CART}/items/{product}");
    let body = json!({ "quantity": quantity });
    client.send_json(Method::PUT, &path, body).await
}

async fn cart(client: &mut Client) -> Value {
    client.api(CART).await.data()
}

/// How many of which product, in the order of the cart.
async fn lines(client: &mut Client) -> Vec<(i64, i64)> {
    let cart = cart(client).await;
    let number = |value: &Value| value.as_i64().expect("a number");
    let items = cart["items"].as_array().expect("items");
    items
        .iter()
        .map(|item| (number(&item["product_id"]), number(&item["quantity"])))
        .collect()
}

fn went(answer: &Answer, to: &str) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.header("location"), to);
}

/// The action of the button that takes back what was just done.
fn undo_of(page: &str) -> String {
    let toast = page.split("role=\"status\"").nth(1).expect("a toast");
    let action = toast.split("action=\"").nth(1).expect("a form");
    let action = action.split('"').next().expect("an action");
    action.replace("&amp;", "&")
}

/// What the badge in the header says.
fn badge(page: &str) -> &str {
    let words = page.split("cart-words").nth(1).expect("a link to the cart");
    let words = words.split('>').nth(1).expect("words");
    words.split('<').next().expect("text")
}

#[tokio::test]
async fn looking_makes_no_cart() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 900, 5).await;
    let mut visitor = company.server.visitor();
    let mut customer = company.server.signed_in(Role::Customer).await;
    for client in [&mut visitor, &mut customer] {
        for path in ["/", "/products", "/products/plain-mug", "/cart", CART] {
            let answer = client.get(path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
        }
        for path in [
            "/cart/items",
            "/cart/items/1",
            "/cart/items/1/remove",
            "/cart/seen",
        ] {
            went(&client.get(path).await, "/cart");
        }
        let page = client.page("/cart").await;
        assert!(page.contains("Your cart is empty") && page.contains("href=\"/products\""));
        assert_eq!(badge(&page), "Cart, empty");
        // Taking out what is not there makes none either.
        went(
            &client.post(&format!("/cart/items/{mug}/remove"), &[]).await,
            "/cart",
        );
        went(&client.post("/cart/seen", &[]).await, "/cart");
        assert!(!client.cookies.contains_key("cart"));
    }
    assert_eq!(company.count("carts").await, 0);
}

#[tokio::test]
async fn a_visitors_cart_hangs_on_a_cookie_and_the_database_has_only_its_hash() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 900, 50).await;
    let mut visitor = company.server.visitor();
    visitor.referer = Some("/products?q=mug".to_owned());
    let answer = add(&mut visitor, mug, 2).await;
    went(&answer, "/products?q=mug");
    let cookies: Vec<&str> = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .filter_map(|cookie| cookie.to_str().ok())
        .collect();
    let cookie = cookies.iter().find(|cookie| cookie.starts_with("cart="));
    let cookie = cookie.expect("the cookie of the cart");
    for part in ["Path=/", "Max-Age=2592000", "HttpOnly", "SameSite=Lax"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "there is no https here");
    let token = visitor.cookies["cart"].clone();
    assert!(token.len() >= 32, "128 bits");
    let plain = format!("carts WHERE token = '{token}'");
    assert_eq!(company.count(&plain).await, 0);
    assert_eq!(company.count("carts WHERE LENGTH(token) = 64").await, 1);

    visitor.referer = None;
    let page = visitor.page("/products?q=mug").await;
    assert!(page.contains("Plain mug is in your cart."));
    assert_eq!(badge(&page), "Cart, 2 things");
    company.wait(2);
    went(&add(&mut visitor, mug, 1).await, "/cart");
    assert_eq!(visitor.cookies["cart"], token, "the same cart");
    assert_eq!(lines(&mut visitor).await, [(mug, 3)]);
    assert_eq!(lines(&mut company.server.visitor()).await, []);
}

#[tokio::test]
async fn under_https_the_cookie_is_for_this_host_alone() {
    let server = TestServer::start_with(|config| {
        config.server.public_url = "https://guildhall.test".to_owned();
    })
    .await;
    guildhall::catalog::seed_demo(&server.app)
        .await
        .expect("seeds");
    let mut visitor = server.visitor();
    let answer = add(&mut visitor, 1, 1).await;
    let mut cookies = answer.headers.get_all("set-cookie").iter();
    let cookie = cookies.find(|cookie| cookie.as_bytes().starts_with(b"__Host-cart="));
    let cookie = cookie.and_then(|cookie| cookie.to_str().ok());
    assert!(cookie.expect("a cookie").contains("; Secure"));
    assert_eq!(lines(&mut visitor).await, [(1, 1)]);
}

#[tokio::test]
async fn a_double_click_adds_once() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 900, 50).await;
    // From the list, which is the same for everybody.
    let mut visitor = company.server.visitor();
    let mut customer = company.server.signed_in(Role::Customer).await;
    for client in [&mut visitor, &mut customer] {
        let list = client.page("/products?q=plain").await;
        assert!(list.contains("action=\"/cart/items\"") && !list.contains("name=\"once\""));
        add(client, mug, 1).await;
        add(client, mug, 1).await;
        assert_eq!(lines(client).await, [(mug, 1)]);
        company.wait(2);
        add(client, mug, 1).await;
        assert_eq!(lines(client).await, [(mug, 2)]);
    }
    // From the product's page, whose form has a key: even a repeat that comes late.
    let page = customer.page("/products/plain-mug").await;
    let key = page.split("name=\"once\" value=\"").nth(1).expect("a key");
    let key = key.split('"').next().expect("a key").to_owned();
    let product = mug.to_string();
    for (quantity, expected) in [("3", 5), ("3", 5), ("4", 9)] {
        company.wait(2);
        let fields = [
            ("product_id", &*product),
            ("quantity", quantity),
            ("once", &*key),
        ];
        let answer = customer.post("/cart/items", &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        assert_eq!(lines(&mut customer).await, [(mug, expected)]);
    }
}

#[tokio::test]
async fn lines_are_changed_taken_out_and_put_back() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 900, 50).await;
    let lamp = company.product("Reading lamp", 12_900, 50).await;
    let mut visitor = company.server.visitor();
    let mut staff = company.server.signed_in(Role::Staff).await;
    for client in [&mut visitor, &mut staff] {
        add(client, mug, 2).await;
        company.wait(2);
        add(client, lamp, 1).await;
        let set = format!("/cart/items/{mug}");
        went(&client.post(&set, &[("quantity", " 4 ")]).await, "/cart");
        assert_eq!(lines(client).await, [(mug, 4), (lamp, 1)]);
        let page = client.page("/cart").await;
        assert!(page.contains("¥36.00") && page.contains("¥129.00") && page.contains("¥165.00"));
        assert!(page.contains("Standard delivery") && page.contains("¥10.00"));
        assert!(page.contains("href=\"/checkout\""));
        assert_eq!(badge(&page), "Cart, 5 things");

        for take_out in [true, false] {
            let answer = if take_out {
                client.post(&format!("{set}/remove"), &[]).await
            } else {
                client.post(&set, &[("quantity", "0")]).await
            };
            went(&answer, "/cart");
            let page = client.page("/cart").await;
            assert!(page.contains("Plain mug is out of your cart."));
            assert_eq!(lines(client).await, [(lamp, 1)]);
            let undo = undo_of(&page);
            for _ in 0..2 {
                went(&client.post(&undo, &[]).await, "/cart");
                assert_eq!(lines(client).await, [(mug, 4), (lamp, 1)], "in its place");
            }
        }
        // What was put in again since then stays as it is.
        client.post(&format!("{set}/remove"), &[]).await;
        let undo = undo_of(&client.page("/cart").await);
        company.wait(2);
        add(client, mug, 1).await;
        client.post(&undo, &[]).await;
        assert_eq!(lines(client).await, [(lamp, 1), (mug, 1)]);
    }
}

#[tokio::test]
async fn more_than_there_is_is_refused_and_what_was_typed_stays() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 900, 3).await;
    let mut visitor = company.server.visitor();
    add(&mut visitor, mug, 2).await;
    company.wait(2);
    visitor.referer = Some("/products/plain-mug".to_owned());
    let answer = add(&mut visitor, mug, 7).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let page = answer.body;
    assert!(page.contains("There are only 3 of Plain mug left. And 2 are in your cart."));
    assert!(page.contains("Choose at most 1.") && page.contains("aria-invalid=\"true\""));
    assert!(page.contains("value=\"7\""), "what was typed");

    visitor.referer = Some("/products?q=plain".to_owned());
    let answer = add(&mut visitor, mug, 2).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.body.contains("There are only 3 of Plain mug left."));
    assert!(answer.body.contains("role=\"alert\""));
    let mut other = company.server.visitor();
    let list = other.page("/products?q=plain").await;
    assert!(
        !list.contains("There are only 3"),
        "that was for one person"
    );
    visitor.referer = Some("/".to_owned());
    let answer = add(&mut visitor, mug, 2).await;
    assert!(answer.body.contains("There are only 3 of Plain mug left."));

    visitor.referer = Some("/cart".to_owned());
    let set = format!("/cart/items/{mug}");
    for (typed, status, said) in [
        (
            "5",
            StatusCode::CONFLICT,
            "There are only 3 of Plain mug left.",
        ),
        ("1000", StatusCode::UNPROCESSABLE_ENTITY, "Choose 0 to 999"),
        ("-1", StatusCode::UNPROCESSABLE_ENTITY, "Choose 0 to 999"),
        (
            "two",
            StatusCode::UNPROCESSABLE_ENTITY,
            "Write a whole number",
        ),
    ] {
        let answer = visitor.post(&set, &[("quantity", typed)]).await;
        assert_eq!(answer.status, status, "{typed}");
        assert!(answer.body.contains(said), "{typed}");
        assert!(
            answer.body.contains(&format!("value=\"{typed}\"")),
            "{typed}"
        );
    }
    for quantity in [0, -1, 1_000] {
        let answer = add(&mut visitor, mug, quantity).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{quantity}"
        );
    }
    assert_eq!(lines(&mut visitor).await, [(mug, 2)]);
    company.change_product(mug, json!({ "stock": 0 })).await;
    visitor.referer = Some("/products/plain-mug".to_owned());
    let answer = add(&mut visitor, mug, 1).await;
    assert!(
        answer.body.contains("Plain mug is sold out."),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn what_is_not_for_sale_cannot_be_put_in() {
    let mut company = Company::open().await;
    let mug = company.product("Secret mug", 900, 3).await;
    let mut visitor = company.server.visitor();
    add(&mut visitor, mug, 1).await;
    visitor
        .post(&format!("/cart/items/{mug}/remove"), &[])
        .await;
    let undo = undo_of(&visitor.page("/cart").await);
    company
        .change_product(mug, json!({ "active": false }))
        .await;
    visitor.referer = Some("/products".to_owned());
    let answers = [
        add(&mut visitor, mug, 1).await,
        visitor.post(&undo, &[]).await,
        put(&mut visitor, mug, 1).await,
    ];
    for answer in answers {
        assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
        assert!(!answer.body.contains("Secret"), "{}", answer.body);
    }
    assert_eq!(put(&mut visitor, mug, 1).await.code(), 3409);
    assert_eq!(
        put(&mut visitor, 4_444, 1).await.status,
        StatusCode::NOT_FOUND
    );
    let answer = add(&mut visitor, 4_444, 1).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.body.contains("There is no such product."));
    assert_eq!(lines(&mut visitor).await, []);
}

#[tokio::test]
async fn a_price_that_moved_is_shown_until_it_is_agreed_to() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 19_900, 5).await;
    let mut customer = company.server.signed_in(Role::Customer).await;
    add(&mut customer, mug, 2).await;
    company
        .change_product(mug, json!({ "price": 20_900 }))
        .await;
    for _ in 0..2 {
        let page = customer.page("/cart").await;
        assert!(page.contains("was ¥199.00, now ¥209.00"), "{page}");
        assert!(page.contains("Use the new prices") && page.contains("¥418.00"));
    }
    let shown = cart(&mut customer).await;
    let item = &shown["items"][0];
    assert_eq!(
        (&item["price"], &item["seen_price"]),
        (&json!(20_900), &json!(19_900))
    );
    assert_eq!(item["notes"][0]["kind"], "price_moved");
    assert_eq!(shown["orderable"], true);
    // A quantity is no word on the price.
    customer
        .post(&format!("/cart/items/{mug}"), &[("quantity", "3")])
        .await;
    assert!(customer.page("/cart").await.contains("was ¥199.00"));

    // It moves once more before the button is pressed.
    company
        .change_product(mug, json!({ "price": 21_900 }))
        .await;
    let seen = format!("{mug}:20900");
    went(
        &customer.post("/cart/seen", &[("seen", &seen)]).await,
        "/cart",
    );
    assert!(
        customer
            .page("/cart")
            .await
            .contains("was ¥199.00, now ¥219.00")
    );
    let seen = format!("{mug}:21900");
    went(
        &customer.post("/cart/seen", &[("seen", &seen)]).await,
        "/cart",
    );
    assert!(!customer.page("/cart").await.contains("was ¥"));

    company
        .change_product(mug, json!({ "price": 22_900 }))
        .await;
    customer.post("/cart/seen", &[]).await;
    assert_eq!(cart(&mut customer).await["items"][0]["seen_price"], 22_900);
    company
        .change_product(mug, json!({ "price": 23_900 }))
        .await;
    let body = put(&mut customer, mug, 3).await.data();
    assert_eq!(body["items"][0]["seen_price"], 23_900);
}

#[tokio::test]
async fn what_cannot_be_had_is_marked_and_closes_the_checkout() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 1_000, 5).await;
    let lamp = company.product("Reading lamp", 12_900, 5).await;
    let pen = company.product("Blue pen", 300, 5).await;
    let mut visitor = company.server.visitor();
    for product in [mug, lamp, pen] {
        add(&mut visitor, product, 4).await;
    }
    company.change_product(mug, json!({ "stock": 2 })).await;
    company.change_product(lamp, json!({ "stock": 0 })).await;
    company
        .change_product(pen, json!({ "active": false }))
        .await;
    let page = visitor.page("/cart").await;
    for said in [
        "Only 2 are left.",
        "Take 2",
        "Sold out",
        "It is sold out.",
        "No longer for sale",
        "Before you can order",
        "¥40.00",
    ] {
        assert!(page.contains(said), "{said}");
    }
    assert!(!page.contains("/checkout"), "closed");
    let shown = cart(&mut visitor).await;
    assert_eq!(
        (&shown["subtotal"], &shown["count"], &shown["orderable"]),
        (&json!(4_000), &json!(12), &json!(false))
    );
    let kinds: Vec<&Value> = (0..3)
        .map(|line| &shown["items"][line]["notes"][0]["kind"])
        .collect();
    assert_eq!(kinds, ["too_few", "sold_out", "not_for_sale"]);

    let take = format!("/cart/items/{mug}");
    went(&visitor.post(&take, &[("quantity", "2")]).await, "/cart");
    for product in [lamp, pen] {
        visitor
            .post(&format!("/cart/items/{product}/remove"), &[])
            .await;
    }
    let page = visitor.page("/cart").await;
    assert!(page.contains("href=\"/checkout\"") && !page.contains("Before you can order"));
}

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

#[tokio::test]
async fn two_tabs_lose_nothing() {
    let mut company = Company::open().await;
    let mut products = Vec::new();
    for number in 0..6 {
        products.push(company.product(&format!("Thing {number}"), 100, 500).await);
    }
    let shared = company.product("Shared", 100, 500).await;
    let mut visitor = company.server.visitor();
    let mut customer = company.server.signed_in(Role::Customer).await;
    add(&mut visitor, shared, 1).await;
    for client in [&mut visitor, &mut customer] {
        let tab = |product: i64| {
            let mut tab = client.clone();
            async move { add(&mut tab, product, 2).await }
        };
        let all = products.iter().map(|product| tab(*product));
        let tasks: Vec<_> = all.map(tokio::spawn).collect();
        for task in tasks {
            assert_eq!(task.await.expect("an answer").status, StatusCode::SEE_OTHER);
        }
        let mut there = lines(client).await;
        there.retain(|(product, _)| *product != shared);
        there.sort_unstable();
        let expected: Vec<_> = products.iter().map(|product| (*product, 2)).collect();
        assert_eq!(there, expected);
    }
    // The same product from many pages, each with its own key, beyond what there is.
    company.change_product(shared, json!({ "stock": 7 })).await;
    let tasks: Vec<_> = (0..10)
        .map(|number| {
            let mut tab = customer.clone();
            let (product, key) = (shared.to_string(), format!("{number:032x}"));
            tokio::spawn(async move {
                let fields = [
                    ("product_id", &*product),
                    ("quantity", "1"),
                    ("once", &*key),
                ];
                tab.post("/cart/items", &fields).await.status
            })
        })
        .collect();
    let mut added = 0;
    for task in tasks {
        match task.await.expect("an answer") {
            StatusCode::SEE_OTHER => added += 1,
            status => assert_eq!(status, StatusCode::CONFLICT),
        }
    }
    assert_eq!(added, 7);
    assert!(lines(&mut customer).await.contains(&(shared, 7)));
}

#[tokio::test]
async fn a_cart_has_a_hundred_products_at_most() {
    let company = Company::open().await;
    guildhall::catalog::seed_products(&company.server.app, 110, &|_| {})
        .await
        .expect("seeds");
    let mut customer = company.server.program(Role::Customer).await;
    execute(
        &company.server.app,
        "UPDATE products SET active = TRUE, on_hand = on_hand + 10",
    )
    .await;
    for product in 1..=100 {
        let answer = put(&mut customer, product, 1).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }
    let answer = put(&mut customer, 101, 1).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3408));
    assert!(answer.body.contains("100 different products"));
    assert_eq!(
        put(&mut customer, 100, 2).await.status,
        StatusCode::OK,
        "it is there already"
    );
    put(&mut customer, 50, 0).await;
    assert_eq!(put(&mut customer, 101, 1).await.status, StatusCode::OK);
    assert_eq!(cart(&mut customer).await["count"], 101);

    // A visitor's hundred and first stays behind at sign-in.
    let mut visitor = company.server.visitor();
    add(&mut visitor, 50, 1).await;
    let email = customer.user.clone().expect("a person").email;
    let sign_in = [("email", &*email), ("password", crate::support::PASSWORD)];
    visitor.post("/login", &sign_in).await;
    assert!(
        visitor
            .page("/cart")
            .await
            .contains("a cart holds 100 products")
    );
    assert_eq!(lines(&mut customer).await.len(), 100);
}

#[tokio::test]
async fn a_cart_is_dropped_after_thirty_days_without_use() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 900, 5).await;
    let app = company.server.app.clone();
    let mut busy = company.server.visitor();
    let mut idle = company.server.signed_in(Role::Customer).await;
    let mut away = company.server.visitor();
    for client in [&mut busy, &mut idle, &mut away] {
        add(client, mug, 1).await;
    }
    app.clock.advance(29 * 86_400);
    assert_eq!(put(&mut busy, mug, 2).await.status, StatusCode::OK);
    delete_old_carts(&app).await.expect("cleans");
    assert_eq!(company.count("carts").await, 3);
    // Looking at it is no use of it.
    away.page("/cart").await;
    app.clock.advance(86_400 + 1);
    delete_old_carts(&app).await.expect("cleans");
    assert_eq!(company.count("carts").await, 1);
    assert_eq!(company.count("cart_items").await, 1);
    assert_eq!(lines(&mut busy).await, [(mug, 2)]);
    assert_eq!(lines(&mut away).await, []);
    let before = away.cookies["cart"].clone();
    add(&mut away, mug, 1).await;
    assert_ne!(away.cookies["cart"], before, "a new cart, a new cookie");
}

#[tokio::test]
async fn the_api_reads_and_writes_the_cart() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 900, 5).await;
    let mut program = company.server.program(Role::Customer).await;
    let mut visitor = company.server.visitor();
    for client in [&mut program, &mut visitor] {
        let empty = cart(client).await;
        assert_eq!(
            empty,
            json!({ "items": [], "count": 0, "subtotal": 0, "currency": "CNY", "orderable": false })
        );
        assert_eq!(put(client, mug, 0).await.data(), empty);
        assert!(!client.cookies.contains_key("cart"));
        for _ in 0..2 {
            let answer = put(client, mug, 3).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
            let shown = answer.data();
            assert_eq!(
                (&shown["count"], &shown["subtotal"]),
                (&json!(3), &json!(2_700))
            );
            let item = json!({
                "product_id": mug, "slug": "plain-mug", "name": "Plain mug", "image_url": null,
                "quantity": 3, "price": 900, "seen_price": 900, "availability": "few_left", "active": true,
                "total": 2_700, "notes": [],
            });
            assert_eq!(shown["items"], json!([item]));
            assert_eq!(shown, cart(client).await);
        }
        let answer = put(client, mug, 6).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, 3401));
        assert_eq!(
            put(client, mug, -1).await.json()["errors"]["quantity"],
            "Choose 0 to 999; 0 takes it out."
        );
        let path = format!("{CART}/items/{mug}");
        for body in [
            json!({}),
            json!({ "quantity": "3" }),
            json!({ "quantity": 1, "price": 1 }),
        ] {
            let answer = client.send_json(Method::PUT, &path, body).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let headers = [("sec-fetch-site", "same-origin")];
        for _ in 0..2 {
            let answer = client
                .send(Method::DELETE, &path, &headers, "".into())
                .await;
            assert_eq!(answer.status, StatusCode::NO_CONTENT);
        }
        assert_eq!(lines(client).await, []);
    }
    assert!(visitor.cookies.contains_key("cart"));
    assert!(
        !program.cookies.contains_key("cart"),
        "a program has its token"
    );
}

#[tokio::test]
async fn what_is_in_the_cart_is_ordered_from_it() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 900, 5).await;
    let mut customer = company.server.program(Role::Customer).await;
    put(&mut customer, mug, 2).await;
    let order = json!({
        "address": { "name": "Ann", "phone": "+86 20 1234 5678", "line1": "1 Long Street",
                     "city": "Guangzhou", "postal_code": "510000", "country": "CN" },
        "delivery": "standard", "payment": "invoice",
    });
    let answer = customer
        .send_json(Method::POST, "/api/v1/orders", order)
        .await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    assert_eq!(answer.data()["items"][0]["quantity"], 2);
    assert_eq!(lines(&mut customer).await, []);
    put(&mut customer, mug, 3).await;
    assert_eq!(
        put(&mut customer, mug, 4).await.code(),
        3401,
        "two are spoken for"
    );
}

#[tokio::test]
async fn the_islands_are_answered_as_the_forms_are() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 900, 3).await;
    let mut visitor = company.server.visitor();
    let headers = [
        ("accept", "application/json"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("sec-fetch-site", "same-origin"),
    ];
    let ask = async |client: &mut Client, product: i64, quantity: i64, more: bool| {
        let body = format!("product_id={product}&quantity={quantity}&more={more}");
        let answer = client
            .send(Method::POST, "/fn/change_cart", &headers, body.into())
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer
    };
    let answer = ask(&mut visitor, mug, 2, true).await;
    assert_eq!(answer.header("clear-site-data"), "\"prefetchCache\"");
    let said = answer.json();
    assert_eq!((&said["agreed"], &said["count"]), (&json!(true), &json!(2)));
    assert_eq!(said["said"], "Plain mug is in your cart.");
    assert_eq!(lines(&mut visitor).await, [(mug, 2)]);
    // At once after the first: the island sees to double clicks by itself, so this is another click.
    let answer = ask(&mut visitor, mug, 1, true).await;
    assert_eq!(answer.json()["count"], 3);
    ask(&mut visitor, mug, 2, false).await;
    let answer = ask(&mut visitor, mug, 3, false).await;
    assert_eq!(answer.json()["count"], 3);
    for (product, quantity, more, said) in [
        (
            mug,
            4,
            false,
            "There are only 3 of Plain mug left. Choose at most 3.",
        ),
        (mug, 1_000, false, "Choose 0 to 999; 0 takes it out."),
        (4_444, 1, true, "There is no such product."),
    ] {
        let answer = ask(&mut visitor, product, quantity, more).await.json();
        assert_eq!(
            (&answer["agreed"], &answer["said"]),
            (&json!(false), &json!(said))
        );
    }
    assert_eq!(lines(&mut visitor).await, [(mug, 3)]);
    let mut customer = company.server.signed_in(Role::Customer).await;
    ask(&mut customer, mug, 1, false).await;
    assert_eq!(lines(&mut customer).await, [(mug, 1)]);
    assert!(!customer.cookies.contains_key("cart"));
    let elsewhere = [headers[0], headers[1], ("sec-fetch-site", "cross-site")];
    let answer = visitor
        .send(Method::POST, "/fn/change_cart", &elsewhere, "".into())
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_program_empties_its_cart_and_nobody_elses() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 900, 3).await;
    let lamp = company.product("Plain lamp", 900, 3).await;
    let mut mei = company.server.program(Role::Customer).await;
    let mut visitor = company.server.visitor();
    for client in [&mut mei, &mut visitor] {
        for product in [mug, lamp] {
            let path = format!("/api/v1/cart/items/{product}");
            client
                .send_json(Method::PUT, &path, json!({ "quantity": 2 }))
                .await;
        }
    }
    for _ in 0..2 {
        let answer = mei
            .send_json(Method::DELETE, "/api/v1/cart", json!({}))
            .await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
        assert_eq!(lines(&mut mei).await, []);
    }
    assert_eq!(lines(&mut visitor).await, [(mug, 2), (lamp, 2)]);
}

#[tokio::test]
async fn the_badge_costs_nobody_a_page() {
    let mut company = Company::open().await;
    let mug = company.product("Plain mug", 900, 3).await;
    let mut visitor = company.server.visitor();
    add(&mut visitor, mug, 1).await;
    let page = visitor.page("/login").await;
    assert_eq!(badge(&page), "Cart, 1 thing");
    // Without a database: who has no cart asks it nothing, and who has one sees the page all the same.
    company.server.app.db.close().await;
    let mut newcomer = company.server.visitor();
    for client in [&mut newcomer, &mut visitor] {
        assert_eq!(badge(&client.page("/login").await), "Cart, empty");
    }
}
