//! Carts filled and read, by browsers and programs.

use crate::support::{Answer, Client};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

pub const CART: &str = "/api/v1/cart";

pub async fn add(client: &mut Client, product: i64, quantity: i64) -> Answer {
    let (product, quantity) = (product.to_string(), quantity.to_string());
    let fields = [("product_id", &*product), ("quantity", &*quantity)];
    client.post("/cart/items", &fields).await
}

pub async fn put(client: &mut Client, product: i64, quantity: i64) -> Answer {
    let path = format!("{CART}/items/{product}");
    let body = json!({ "quantity": quantity });
    client.send_json(Method::PUT, &path, body).await
}

pub async fn cart(client: &mut Client) -> Value {
    client.api(CART).await.data()
}

/// Products and their quantities, in the order of the cart.
pub async fn lines(client: &mut Client) -> Vec<(i64, i64)> {
    let cart = cart(client).await;
    let number = |value: &Value| value.as_i64().expect("a number");
    let items = cart["items"].as_array().expect("items");
    items
        .iter()
        .map(|item| (number(&item["product_id"]), number(&item["quantity"])))
        .collect()
}

pub fn went(answer: &Answer, to: &str) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.header("location"), to);
}

/// The action of the button that takes back what was just done.
pub fn undo_of(page: &str) -> String {
    let toast = page.split("role=\"status\"").nth(1).expect("a toast");
    let action = toast.split("action=\"").nth(1).expect("a form");
    let action = action.split('"').next().expect("an action");
    action.replace("&amp;", "&")
}

/// The text of the badge in the header.
pub fn badge(page: &str) -> &str {
    let words = page.split("cart-words").nth(1).expect("a link to the cart");
    let words = words.split('>').nth(1).expect("words");
    words.split('<').next().expect("text")
}
