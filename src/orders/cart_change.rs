//! Putting things in a cart, changing how many, taking them out and putting them back.
//!
//! Each is one transaction that takes the cart first, so that what two tabs do at the same moment
//! happens one after the other and nothing of either is lost.

use super::cart::{Cart, CartLine, find_cart_within};
use super::cart_owner::{CartOwner, CartToken};
use super::cart_rules::{MOST_PRODUCTS, check_quantity_or_none, is_same_click, most_of};
use super::cart_store::{
    CartItem, add_item, count_items, create_cart, delete_carts_unused, delete_item, find_item,
    list_cart_rows, open_cart_of, put_item, see_price, take_cart,
};
use super::checkout::{OUT_OF_STOCK, shortage};
use super::{LARGEST_QUANTITY, cart_owner, check_quantity};
use crate::catalog::{Product, ProductKey, find_product};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::money::Currency;
use crate::server::once::{Claim, Turn, claim, settle};
use crate::server::{App, Conn, Once, Work};
use axum::http::HeaderValue;

/// There is no room for another product in the cart.
pub const CART_FULL: u16 = 3408;
/// The product is not for sale, or not any more.
pub const NOT_FOR_SALE: u16 = 3409;

/// A cart after something was done to it.
pub struct Written {
    pub cart: Cart,
    /// What a visitor's browser is to keep, so that the cart is found again.
    token: Option<CartToken>,
}

impl Written {
    /// What a product is called that was just put in.
    pub fn name_of(&self, product: i64) -> &str {
        self.cart.line(product).map_or("It", |line| &line.name)
    }

    /// The header that makes the browser keep the way to the cart, for as long as the cart is kept.
    pub fn set_cookie(&self, app: &App) -> Option<HeaderValue> {
        self.token.as_ref()?.set_cookie(app)
    }
}

/// A cart that nobody else changes until the transaction ends.
struct Taken {
    id: i64,
    owner: CartOwner,
}

impl Taken {
    async fn written(self, conn: &mut Conn, currency: Currency) -> Result<Written, AppError> {
        let cart = find_cart_within(conn, &self.owner, currency).await?;
        let token = match self.owner {
            CartOwner::Visitor(token) => Some(token),
            CartOwner::Person(_) | CartOwner::Nobody => None,
        };
        Ok(Written { cart, token })
    }
}

/// Takes the owner's cart. Where there is none, one is made; a visitor's gets a token that nobody
/// could have known before.
async fn open(conn: &mut Conn, owner: CartOwner, now: Timestamp) -> Result<Taken, AppError> {
    if let CartOwner::Person(user) = owner {
        let id = open_cart_of(conn, user, now).await?;
        return Ok(Taken { id, owner });
    }
    if let Some(taken) = find(conn, owner, now).await? {
        return Ok(taken);
    }
    let token = CartToken::new();
    let id = create_cart(conn, &token, now).await?;
    let owner = CartOwner::Visitor(token);
    Ok(Taken { id, owner })
}

async fn find(
    conn: &mut Conn,
    owner: CartOwner,
    now: Timestamp,
) -> Result<Option<Taken>, AppError> {
    let id = take_cart(conn, &owner, now).await?;
    Ok(id.map(|id| Taken { id, owner }))
}

/// What to do where the owner has no cart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Absent {
    Make,
    /// Then there is nothing to do.
    Leave,
}

/// Does the work in the owner's cart. What it gives is absent where there is no cart.
async fn write<T, W>(
    app: &App,
    owner: CartOwner,
    absent: Absent,
    work: W,
) -> Result<(Written, Option<T>), AppError>
where
    T: Send + 'static,
    W: for<'c> FnOnce(&'c mut Conn, i64) -> Work<'c, T> + Send + 'static,
{
    let (now, currency) = (app.clock.now(), app.config.shop.currency);
    let all = app.db.write_grouped(move |conn| {
        Box::pin(async move {
            let taken = match absent {
                Absent::Make => Some(open(conn, owner, now).await?),
                Absent::Leave => find(conn, owner, now).await?,
            };
            let Some(taken) = taken else {
                let cart = find_cart_within(conn, &CartOwner::Nobody, currency).await?;
                return Ok((Written { cart, token: None }, None));
            };
            let made = work(conn, taken.id).await?;
            Ok((taken.written(conn, currency).await?, Some(made)))
        })
    });
    all.await
}

/// Puts so many more of the product in the cart.
///
/// Sent twice it counts once: by its key where somebody signed in sends one, and else because the
/// second comes within a second of the first. The shop's list is the same for everybody and can hold
/// no key of anybody's, and visitors have nobody to keep a key for.
pub async fn add_product(
    app: &App,
    owner: CartOwner,
    once: Once,
    product: i64,
    quantity: i64,
) -> Result<Written, AppError> {
    check_quantity(quantity).map_err(|message| AppError::invalid("quantity", message))?;
    let now = app.clock.now();
    let person = match owner {
        CartOwner::Person(user) => Some(user),
        CartOwner::Visitor(_) | CartOwner::Nobody => None,
    };
    let work = write(app, owner, Absent::Make, move |conn, cart| {
        Box::pin(async move {
            let key = match person {
                Some(user) => {
                    let stands_for = ("cart", product, quantity);
                    claim(conn, user, &once, &stands_for, now).await?
                }
                None => Turn::First(None),
            };
            let Turn::First(key) = key else {
                return Ok(());
            };
            add_to(conn, cart, product, quantity, key.as_ref(), now).await?;
            Ok(settle(conn, key, cart).await?)
        })
    });
    work.await.map(|(written, _)| written)
}

async fn add_to(
    conn: &mut Conn,
    cart: i64,
    product: i64,
    quantity: i64,
    key: Option<&Claim>,
    now: Timestamp,
) -> Result<(), AppError> {
    let product = read_product_for_sale(conn, product).await?;
    let present = find_item(conn, cart, product.id).await?;
    match &present {
        None => check_room(conn, cart).await?,
        Some(item) if key.is_none() && is_same_click(item.added_at.micros(), now.micros()) => {
            return Ok(());
        }
        Some(_) => {}
    }
    let present = present.map_or(0, |item| item.quantity);
    if present + quantity > LARGEST_QUANTITY {
        return Err(too_many(present));
    }
    let item = CartItem {
        product_id: product.id,
        quantity,
        seen_price: product.price,
        added_at: now,
    };
    let added = add_item(conn, cart, &item, most_of(product.available())).await?;
    added.map(drop).ok_or_else(|| too_few(&product, present))
}

/// What a price that is written down with a quantity is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Price {
    /// The present one has been seen.
    Now,
    /// The one that was seen before is still the last; only for something new it is the present one.
    AsSeen,
}

/// Sets how many of the product are in the cart; none takes it out.
pub async fn set_quantity(
    app: &App,
    owner: CartOwner,
    product: i64,
    quantity: i64,
    price: Price,
) -> Result<Written, AppError> {
    let quantity = check_quantity_or_none(quantity);
    let quantity = quantity.map_err(|message| AppError::invalid("quantity", message))?;
    if quantity == 0 {
        return Ok(remove_product(app, owner, product).await?.0);
    }
    let now = app.clock.now();
    let work = write(app, owner, Absent::Make, move |conn, cart| {
        Box::pin(async move {
            let product = read_product_for_sale(conn, product).await?;
            let present = find_item(conn, cart, product.id).await?;
            if present.is_none() {
                check_room(conn, cart).await?;
            }
            if quantity > most_of(product.available()) {
                return Err(too_few(&product, 0));
            }
            let seen = present.map(|item| item.seen_price);
            let item = CartItem {
                product_id: product.id,
                quantity,
                seen_price: seen
                    .filter(|_| price == Price::AsSeen)
                    .unwrap_or(product.price),
                added_at: now,
            };
            Ok(put_item(conn, cart, &item).await?)
        })
    });
    work.await.map(|(written, _)| written)
}

/// Takes the product out, and says what was there of it.
pub async fn remove_product(
    app: &App,
    owner: CartOwner,
    product: i64,
) -> Result<(Written, Option<CartLine>), AppError> {
    let work = write(app, owner, Absent::Leave, move |conn, cart| {
        Box::pin(async move {
            let mut rows = list_cart_rows(conn, cart).await?;
            rows.retain(|row| row.item.product_id == product);
            delete_item(conn, cart, product).await?;
            Ok(rows.pop().map(CartLine::from))
        })
    });
    let (written, removed) = work.await?;
    Ok((written, removed.flatten()))
}

/// Puts back what was taken out, as it was. What was put in again since then stays as it is.
pub async fn restore_product(
    app: &App,
    owner: CartOwner,
    item: CartItem,
) -> Result<Written, AppError> {
    check_quantity(item.quantity).map_err(|message| AppError::invalid("quantity", message))?;
    let work = write(app, owner, Absent::Make, move |conn, cart| {
        Box::pin(async move {
            read_product_for_sale(conn, item.product_id).await?;
            if find_item(conn, cart, item.product_id).await?.is_none() {
                check_room(conn, cart).await?;
                put_item(conn, cart, &item).await?;
            }
            Ok(())
        })
    });
    work.await.map(|(written, _)| written)
}

/// Notes that these prices, by product, were seen. One that has moved again since then was not. Without
/// any, all are taken for seen as they are now.
pub async fn accept_prices(
    app: &App,
    owner: CartOwner,
    seen: Vec<(i64, i64)>,
) -> Result<Written, AppError> {
    let work = write(app, owner, Absent::Leave, move |conn, cart| {
        Box::pin(async move {
            for row in list_cart_rows(conn, cart).await? {
                let product = row.item.product_id;
                let shown = seen.iter().find(|(id, _)| *id == product);
                let price = shown.map(|(_, price)| *price);
                if let Some(price) = price.or(seen.is_empty().then_some(row.price)) {
                    see_price(conn, cart, product, price).await?;
                }
            }
            Ok(())
        })
    });
    work.await.map(|(written, _)| written)
}

/// Drops the carts that nobody has used for as long as a cart is kept. Run now and then; a few at a
/// time, so that nobody waits for long.
pub async fn delete_old_carts(app: &App) -> Result<(), AppError> {
    const AT_ONCE: i64 = 500;
    let before = app.clock.now().plus_days(-cart_owner::DAYS_KEPT);
    loop {
        let mut tx = app.db.write().await?;
        let dropped = delete_carts_unused(&mut tx, before, AT_ONCE).await?;
        tx.commit().await?;
        if dropped < AT_ONCE as u64 {
            return Ok(());
        }
    }
}

async fn read_product_for_sale(conn: &mut Conn, product: i64) -> Result<Product, AppError> {
    let product = find_product(conn, &ProductKey::Id(product)).await?;
    let product = product.ok_or_else(|| AppError::not_found("product"))?;
    if product.active {
        return Ok(product);
    }
    // Without its name, which may not be public yet.
    let message = "This product is not for sale at the moment.";
    Err(AppError::conflict(NOT_FOR_SALE, message))
}

/// Whether another product fits in.
async fn check_room(conn: &mut Conn, cart: i64) -> Result<(), AppError> {
    if count_items(conn, cart).await? < MOST_PRODUCTS {
        return Ok(());
    }
    let message = format!(
        "There are {MOST_PRODUCTS} different products in your cart, and no more fit in. \
         Order them first, or take something out."
    );
    Err(AppError::conflict(CART_FULL, message))
}

fn too_many(present: i64) -> AppError {
    let rest = LARGEST_QUANTITY - present;
    let message = format!(
        "A cart takes at most {LARGEST_QUANTITY} of one product, and {present} are in yours: \
         choose at most {rest}."
    );
    AppError::invalid("quantity", message)
}

/// There are not enough: says how many there are, and how many more the cart can take.
fn too_few(product: &Product, present: i64) -> AppError {
    let left = product.available();
    let (message, advice) = match (left - present).clamp(0, LARGEST_QUANTITY) {
        _ if left <= 0 => (
            shortage(product),
            "Nothing of it can be ordered now.".into(),
        ),
        _ if present == 0 => (shortage(product), format!("Choose at most {left}.")),
        0 => {
            let message = format!("All that is left of {} is in your cart.", product.name);
            (message, "There are no more to add.".to_owned())
        }
        more => {
            let message = format!("{} And {present} are in your cart.", shortage(product));
            (message, format!("Choose at most {more}."))
        }
    };
    AppError {
        errors: [("quantity".to_owned(), advice)].into(),
        ..AppError::conflict(OUT_OF_STOCK, message)
    }
}
