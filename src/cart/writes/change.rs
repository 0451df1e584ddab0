//! Adds products to a cart, changes their quantities, removes and restores them.
//!
//! Each is one transaction: see `transaction.rs`.

use super::limits::{check_room, read_product_for_sale, too_few, too_many};
use super::transaction::{Absent, Written, write};
use crate::cart::contents::CartLine;
use crate::cart::owner::{self, CartOwner};
use crate::cart::rules::{check_quantity_or_none, is_same_click, most_of};
use crate::cart::store::{
    CartItem, add_item, delete_carts_unused, delete_item, empty_cart, find_item, list_cart_rows,
    put_item, see_price,
};
use crate::catalog::{LARGEST_QUANTITY, check_quantity};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::money::Currency;
use crate::server::idempotency::{Attempt, complete, reserve};
use crate::server::{App, Conn, IdempotencyKey};

/// The source of an add.
pub enum Clicked {
    /// The island, which handles double clicks itself.
    InPlace,
    /// A form. Submitted twice it counts once: by its key if a signed-in person sends one, otherwise because
    /// the second comes within a second of the first. The shop's list is the same for everybody and can hold
    /// no personal key, and there is nobody to store a visitor's key for.
    Form(IdempotencyKey),
}

/// Adds a quantity of the product to the cart.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn add_product(
    app: &App,
    owner: CartOwner,
    clicked: Clicked,
    product: i64,
    quantity: i64,
) -> Result<Written, AppError> {
    check_quantity(quantity).map_err(|message| AppError::invalid("quantity", message))?;
    let (now, shop) = (app.clock.now(), app.config.shop.currency);
    let person = match owner {
        CartOwner::Person(user) => Some(user),
        CartOwner::Visitor(_) | CartOwner::Nobody => None,
    };
    let work = write(app, owner, Absent::Make, move |conn, cart| {
        Box::pin(async move {
            let key = match (person, &clicked) {
                (Some(user), Clicked::Form(once)) => {
                    let stands_for = ("cart", product, quantity);
                    reserve(conn, user, once, &stands_for, now).await?
                }
                _ => Attempt::First(None),
            };
            let Attempt::First(key) = key else {
                return Ok(());
            };
            let may_be_same = key.is_none() && matches!(clicked, Clicked::Form(_));
            add_to(conn, cart, product, quantity, may_be_same, shop, now).await?;
            Ok(complete(conn, key, cart).await?)
        })
    });
    work.await.map(|(written, _)| written)
}

async fn add_to(
    conn: &mut Conn,
    cart: i64,
    product: i64,
    quantity: i64,
    may_be_same: bool,
    shop: Currency,
    now: Timestamp,
) -> Result<(), AppError> {
    let product = read_product_for_sale(conn, product, shop).await?;
    let present = find_item(conn, cart, product.id).await?;
    match &present {
        None => check_room(conn, cart).await?,
        Some(item) if may_be_same && is_same_click(item.added_at.micros(), now.micros()) => {
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

/// The price that is stored with a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Price {
    /// The current one, which has been seen.
    Now,
    /// The one last seen; the current one only for a product new to the cart.
    AsSeen,
}

/// Sets the quantity of the product in the cart; zero removes it.
#[tracing::instrument(level = "debug", skip_all)]
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
    let (now, shop) = (app.clock.now(), app.config.shop.currency);
    let work = write(app, owner, Absent::Make, move |conn, cart| {
        Box::pin(async move {
            let product = read_product_for_sale(conn, product, shop).await?;
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

/// Removes the product, and returns its line; `None` if there was none.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn remove_product(
    app: &App,
    owner: CartOwner,
    product: i64,
) -> Result<(Written, Option<CartLine>), AppError> {
    let shop = app.config.shop.currency;
    let work = write(app, owner, Absent::Leave, move |conn, cart| {
        Box::pin(async move {
            let mut rows = list_cart_rows(conn, cart, shop).await?;
            rows.retain(|row| row.item.product_id == product);
            delete_item(conn, cart, product).await?;
            Ok(rows.pop().map(CartLine::from))
        })
    });
    let (written, removed) = work.await?;
    Ok((written, removed.flatten()))
}

/// Removes everything.
pub async fn remove_all(app: &App, owner: CartOwner) -> Result<Written, AppError> {
    let now = app.clock.now();
    let work = write(app, owner, Absent::Leave, move |conn, cart| {
        Box::pin(async move { Ok(empty_cart(conn, cart, now).await?) })
    });
    work.await.map(|(written, _)| written)
}

/// Restores a removed item as it was. If it was added again since, that line stays as it is.
pub async fn restore_product(
    app: &App,
    owner: CartOwner,
    item: CartItem,
) -> Result<Written, AppError> {
    check_quantity(item.quantity).map_err(|message| AppError::invalid("quantity", message))?;
    let shop = app.config.shop.currency;
    let work = write(app, owner, Absent::Make, move |conn, cart| {
        Box::pin(async move {
            read_product_for_sale(conn, item.product_id, shop).await?;
            if find_item(conn, cart, item.product_id).await?.is_none() {
                check_room(conn, cart).await?;
                put_item(conn, cart, &item).await?;
            }
            Ok(())
        })
    });
    work.await.map(|(written, _)| written)
}

/// Records these prices, by product, as seen. One that has changed again since is skipped. Given
/// none, all current prices count as seen.
pub async fn accept_prices(
    app: &App,
    owner: CartOwner,
    seen: Vec<(i64, i64)>,
) -> Result<Written, AppError> {
    let shop = app.config.shop.currency;
    let work = write(app, owner, Absent::Leave, move |conn, cart| {
        Box::pin(async move {
            for row in list_cart_rows(conn, cart, shop).await? {
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

/// Deletes the carts unused for `owner::DAYS_KEPT` days. Run now and then; in small batches, so
/// that nobody waits for long.
pub async fn delete_old_carts(app: &App) -> Result<(), AppError> {
    const AT_ONCE: i64 = 500;
    let before = app.clock.now().plus_days(-owner::DAYS_KEPT);
    loop {
        let mut tx = app.db.write().await?;
        let dropped = delete_carts_unused(&mut tx, before, AT_ONCE).await?;
        tx.commit().await?;
        if dropped < AT_ONCE as u64 {
            return Ok(());
        }
    }
}
