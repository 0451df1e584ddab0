//! Placing an order: prices read again, stock reserved, a number given, money set aside, the history
//! begun, all in one transaction.

use super::cart_store::{empty_cart, list_cart_items, lock_cart_of};
use super::numbers::{MOST_TRIES, Numbering, OrderNumber, lock_numbers, next_number};
use super::order::{By, Order};
use super::steps::set_aside;
use super::{Address, Delivery, Event, Line, OrderState, Payment, Placement, check_quantity};
use super::{stock, store};
use crate::accounts::User;
use crate::catalog::{Product, ProductKey, find_product, reserve_stock};
use crate::clock::Timestamp;
use crate::error::{AppError, Faults};
use crate::money::{Currency, Money};
use crate::server::config::OrdersConfig;
use crate::server::once::{Turn, claim, settle};
use crate::server::{App, Conn, Once, with_db};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// There are fewer to be had than were asked for.
pub const OUT_OF_STOCK: u16 = 3401;
/// A price is no longer the one that was seen.
pub const PRICE_MOVED: u16 = 3402;
/// There is nothing in the cart.
pub const EMPTY_CART: u16 = 3403;

/// The most products of one order.
pub const MOST_LINES: usize = 100;

/// An order as a customer asks for it.
#[derive(Clone, Debug, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrder {
    /// What to order; the cart where absent.
    pub items: Option<Vec<NewItem>>,
    pub address: Address,
    /// `standard` or `express`.
    pub delivery: String,
    /// `wallet` or `invoice`.
    pub payment: String,
    /// The prices that were shown of what is in the cart, where they are known better than from it.
    #[serde(skip)]
    pub seen: Option<BTreeMap<i64, i64>>,
}

#[derive(Clone, Debug, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewItem {
    pub product_id: i64,
    /// 1 to 999.
    pub quantity: i64,
    /// What one was seen to cost, in minor units. Where it is given and the price is another by now,
    /// the order is refused with the difference (3402).
    pub price: Option<i64>,
}

/// What is wanted of one product, and what it was seen to cost.
struct Wanted {
    quantity: i64,
    seen: Option<i64>,
}

/// What of an order can be checked without the database.
struct Checked {
    /// By product; none where the cart is meant.
    items: Option<BTreeMap<i64, Wanted>>,
    address: Address,
    delivery: Delivery,
    payment: Payment,
}

impl NewOrder {
    fn check(&self) -> Result<Checked, AppError> {
        let mut faults = Faults::default();
        let items = self.items.as_ref().map(|items| gather(&mut faults, items));
        let delivery = faults.check("delivery", self.delivery.parse());
        let payment = faults.check("payment", self.payment.parse());
        let address = self.address.check("address.");
        let mut result = faults.finish();
        let Err(wrong) = &address else {
            result?;
            let (Some(delivery), Some(payment), Ok(address)) = (delivery, payment, address) else {
                return Err(AppError::internal());
            };
            return Ok(Checked {
                items,
                address,
                delivery,
                payment,
            });
        };
        if let Err(error) = &mut result {
            error.errors.extend(wrong.errors.clone());
        }
        result?;
        Err(wrong.clone())
    }
}

/// The items by product; the same product twice is more of it.
fn gather(faults: &mut Faults, items: &[NewItem]) -> BTreeMap<i64, Wanted> {
    let mut wanted = BTreeMap::<i64, Wanted>::new();
    for item in items {
        let known = wanted.entry(item.product_id).or_insert(Wanted {
            quantity: 0,
            seen: item.price,
        });
        known.quantity = known.quantity.saturating_add(item.quantity.max(0));
        faults.check("items", check_quantity(item.quantity));
        faults.check("items", check_quantity(known.quantity));
    }
    if wanted.is_empty() || wanted.len() > MOST_LINES {
        let message = format!("An order has 1 to {MOST_LINES} products.");
        faults.check("items", Err::<(), _>(message));
    }
    wanted
}

/// What the checkout needs beside the order.
#[derive(Clone, Copy)]
struct Terms {
    currency: Currency,
    orders: OrdersConfig,
    customer: i64,
    now: Timestamp,
}

/// Places the order for `customer`, once for each key. `actor` is the customer, or staff who place it
/// for them.
pub async fn place_order(
    app: &App,
    actor: &User,
    customer: i64,
    once: Once,
    input: NewOrder,
) -> Result<Order, AppError> {
    let checked = input.check()?;
    let terms = Terms {
        currency: app.config.shop.currency,
        orders: app.config.orders,
        customer,
        now: app.clock.now(),
    };
    let (actor_id, by) = (actor.id, By::user(actor));
    let order = app
        .db
        .write_grouped(move |conn| {
            Box::pin(async move {
                let stands_for = ("order", customer, &input);
                let claimed = match claim(conn, actor_id, &once, &stands_for, terms.now).await? {
                    Turn::First(claimed) => claimed,
                    Turn::Again(id) => return store::read_order(conn, id).await,
                };
                let order = place(conn, terms, &by, checked, input.seen).await?;
                settle(conn, claimed, order.id).await?;
                Ok(order)
            })
        })
        .await?;
    tracing::info!(
        order.number = order.number,
        order.total = order.state.total(),
        "An order was placed"
    );
    Ok(order)
}

async fn place(
    conn: &mut Conn,
    terms: Terms,
    by: &By,
    checked: Checked,
    seen: Option<BTreeMap<i64, i64>>,
) -> Result<Order, AppError> {
    let Terms {
        currency,
        orders,
        customer,
        now,
    } = terms;
    let (wanted, cart) = match checked.items {
        Some(items) => (items, None),
        None => read_cart(conn, customer, seen).await?,
    };
    let items = reserve(conn, currency, wanted, now).await?;
    let placement = Placement {
        customer_id: customer,
        items,
        currency,
        delivery: checked.delivery,
        delivery_fee: orders.fee(checked.delivery),
        payment: checked.payment,
        address: checked.address,
        expires_at: now.plus_seconds(orders.unpaid_minutes * 60),
    };
    let mut order = create(conn, orders.numbering, &placement, now).await?;
    order
        .write_event(conn, Event::Placed(placement), by, now)
        .await?;
    if order.state.payment == Payment::Wallet || order.state.total() == 0 {
        set_aside(conn, &mut order, by, now).await?;
    }
    if let Some(cart) = cart {
        empty_cart(conn, cart, now).await?;
    }
    Ok(order)
}

/// What is in the customer's cart, which stays theirs alone until the transaction ends.
async fn read_cart(
    conn: &mut Conn,
    customer: i64,
    seen: Option<BTreeMap<i64, i64>>,
) -> Result<(BTreeMap<i64, Wanted>, Option<i64>), AppError> {
    let empty = || AppError::conflict(EMPTY_CART, "There is nothing in your cart.");
    let cart = lock_cart_of(conn, customer).await?.ok_or_else(empty)?;
    let items = list_cart_items(conn, cart).await?;
    if items.is_empty() {
        return Err(empty());
    }
    let price = |item: &super::cart_store::CartItem| match &seen {
        Some(seen) => seen.get(&item.product_id).copied(),
        None => Some(item.seen_price),
    };
    let wanted = items.iter().map(|item| {
        let wanted = Wanted {
            quantity: item.quantity,
            seen: price(item),
        };
        (item.product_id, wanted)
    });
    Ok((wanted.collect(), Some(cart)))
}

/// Reserves what is wanted, in the order of the products' ids. Says of all of them at once what there
/// is too little of, and then what has another price by now.
async fn reserve(
    conn: &mut Conn,
    currency: Currency,
    wanted: BTreeMap<i64, Wanted>,
    now: Timestamp,
) -> Result<Vec<Line>, AppError> {
    let (mut lines, mut short, mut moved) = (Vec::new(), Vec::new(), Vec::new());
    for (id, Wanted { quantity, seen }) in wanted {
        let reserved = reserve_stock(conn, id, quantity, now).await?;
        let product = find_product(conn, &ProductKey::Id(id)).await?;
        let Some(product) = product else {
            let message = format!("There is no product with the number {id}.");
            return Err(AppError::invalid("items", message));
        };
        if reserved.is_none() || !product.active {
            short.push(shortage(&product));
        } else if let Some(seen) = seen.filter(|seen| *seen != product.price) {
            let (before, after) = (Money::new(seen, currency), product.money(currency));
            moved.push(format!("{} went from {before} to {after}.", product.name));
        }
        lines.push(Line {
            product_id: id,
            name: product.name,
            unit_price: product.price,
            quantity,
            returned: 0,
        });
    }
    if !short.is_empty() {
        return Err(AppError::conflict(OUT_OF_STOCK, short.join(" ")));
    }
    if !moved.is_empty() {
        let message = format!(
            "{} Look at the new total, then place the order again.",
            moved.join(" ")
        );
        return Err(AppError::conflict(PRICE_MOVED, message));
    }
    Ok(lines)
}

/// Why there is not as much of the product as is wanted.
pub(super) fn shortage(product: &Product) -> String {
    match product.available() {
        _ if !product.active => format!("{} is no longer for sale.", product.name),
        0 => format!("{} is sold out.", product.name),
        1 => format!("There is only 1 of {} left.", product.name),
        left => format!("There are only {left} of {} left.", product.name),
    }
}

async fn create(
    conn: &mut Conn,
    numbering: Numbering,
    placement: &Placement,
    now: Timestamp,
) -> Result<Order, AppError> {
    let state = OrderState::place(placement, now);
    let (id, number) = match numbering {
        Numbering::Lock => {
            lock_numbers(conn, now).await?;
            let number = next_number(conn, now).await?;
            (store::create_order(conn, number, &state).await?, number)
        }
        Numbering::Retry => create_by_trying(conn, &state, now).await?,
    };
    store::create_items(conn, id, &state.items).await?;
    stock::create_reservations(conn, id, &state.items).await?;
    Ok(Order {
        id,
        number: number.to_string(),
        state,
    })
}

/// Takes the next number, and where somebody else was quicker the one after it.
async fn create_by_trying(
    conn: &mut Conn,
    state: &OrderState,
    now: Timestamp,
) -> Result<(i64, OrderNumber), AppError> {
    for _ in 0..MOST_TRIES {
        let number = next_number(conn, now).await?;
        run(conn, "SAVEPOINT number").await?;
        match store::create_order(conn, number, state).await {
            Ok(id) => {
                run(conn, "RELEASE number").await?;
                return Ok((id, number));
            }
            Err(error) if is_taken(&error) => run(conn, "ROLLBACK TO number").await?,
            Err(error) => return Err(error.into()),
        }
    }
    let message = "Too many orders are being placed at this moment. Please try again.";
    Err(AppError::unavailable(message))
}

fn is_taken(error: &sqlx::Error) -> bool {
    let error = error.as_database_error();
    error.is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

async fn run(conn: &mut Conn, statement: &'static str) -> sqlx::Result<()> {
    with_db!(conn, |c| sqlx::query(statement).execute(c).await.map(drop))
}
