//! Placing an order: prices re-read, stock reserved, a number assigned, money held and the history begun, all
//! in one transaction.

use super::bank::BankAccount;
use super::new_order::{Checked, NewOrder, Seen, Wanted};
use super::numbers::{MOST_TRIES, Numbering};
use super::store::{lock_numbers, next_number};
use crate::accounts::User;
use crate::cart::{CartItem, empty_cart, list_cart_items, lock_cart_of};
use crate::catalog::{OUT_OF_STOCK, ProductKey, find_product, reserve_stock, shortage};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::t;
use crate::ledger::LARGEST_AMOUNT;
use crate::money::{Currency, Money};
use crate::order_number::OrderNumber;
use crate::orders::order::{By, Order};
use crate::orders::steps::set_aside;
use crate::orders::{Event, Line, OrderState, Payment, Placement, steps, store};
use crate::server::config::OrdersConfig;
use crate::server::idempotency::{Attempt, complete, reserve};
use crate::server::{App, Conn, IdempotencyKey, Savepoint};
use std::collections::BTreeMap;

/// Error code: a price is no longer the one that was seen.
pub const PRICE_MOVED: u16 = 3402;
/// Error code: the cart is empty.
pub const EMPTY_CART: u16 = 3403;
/// Error code: the cart's contents are no longer those that were seen.
pub const CART_CHANGED: u16 = 3412;

/// Everything the checkout needs besides the order itself.
#[derive(Clone, Copy)]
struct Terms {
    /// True if there is a bank account to transfer to.
    takes_transfers: bool,
    currency: Currency,
    orders: OrdersConfig,
    customer: i64,
    now: Timestamp,
}

impl Terms {
    fn new(app: &App, customer: i64, now: Timestamp) -> Self {
        Self {
            takes_transfers: BankAccount::of(app).is_some(),
            currency: app.config.shop.currency,
            orders: app.config.orders,
            customer,
            now,
        }
    }
}

/// Places the order within the caller's transaction.
pub async fn place_within(
    app: &App,
    conn: &mut Conn,
    by: &By,
    customer: i64,
    input: NewOrder,
    now: Timestamp,
) -> Result<Order, AppError> {
    let checked = input.check()?;
    place(
        conn,
        Terms::new(app, customer, now),
        by,
        checked,
        input.seen,
    )
    .await
}

/// Places the order for `customer`, once per idempotency key. `actor` is the customer, or staff placing it
/// for them.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn place_order(
    app: &App,
    actor: &User,
    customer: i64,
    once: IdempotencyKey,
    input: NewOrder,
) -> Result<Order, AppError> {
    let checked = input.check()?;
    let terms = Terms::new(app, customer, app.clock.now());
    let (actor_id, by) = (actor.id, By::user(actor));
    let order = app
        .db
        .write_grouped(move |conn| {
            Box::pin(async move {
                let stands_for = ("order", customer, &input);
                let reserved = match reserve(conn, actor_id, &once, &stands_for, terms.now).await? {
                    Attempt::First(reserved) => reserved,
                    Attempt::Repeat(id) => return store::read_order(conn, id).await,
                };
                let order = place(conn, terms, &by, checked, input.seen).await?;
                complete(conn, reserved, order.id).await?;
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
    seen: Option<BTreeMap<i64, Seen>>,
) -> Result<Order, AppError> {
    if checked.payment == Payment::Invoice && !terms.takes_transfers {
        let message = t!("orders-no-transfers");
        return Err(AppError::invalid("payment", message));
    }
    let Terms {
        currency,
        orders,
        customer,
        now,
        ..
    } = terms;
    let as_in_cart = checked.items.is_none() && seen.is_none();
    let (wanted, cart) = match checked.items {
        Some(items) => (items, None),
        None => read_cart(conn, customer, seen).await?,
    };
    let reserved = reserve_all(conn, currency, wanted, now).await;
    let items = reserved.map_err(|error| match error.code {
        PRICE_MOVED if as_in_cart => AppError {
            message: t!("orders-accept-in-cart", refusal = error.message),
            ..error
        },
        _ => error,
    })?;
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
    check_total(&placement, now)?;
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

/// Reads the customer's cart, and locks it until the transaction ends.
async fn read_cart(
    conn: &mut Conn,
    customer: i64,
    seen: Option<BTreeMap<i64, Seen>>,
) -> Result<(BTreeMap<i64, Wanted>, Option<i64>), AppError> {
    let empty = || AppError::conflict(EMPTY_CART, t!("orders-empty-cart"));
    let cart = lock_cart_of(conn, customer).await?.ok_or_else(empty)?;
    let items = list_cart_items(conn, cart).await?;
    if items.is_empty() {
        return Err(empty());
    }
    if let Some(seen) = &seen {
        check_seen(&items, seen)?;
    }
    let price = |item: &CartItem| match &seen {
        Some(seen) => seen.get(&item.product_id).map(|seen| seen.price),
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

/// Refuses a cart that is not the one seen: it may have been changed elsewhere in the meantime.
fn check_seen(items: &[CartItem], seen: &BTreeMap<i64, Seen>) -> Result<(), AppError> {
    let was_seen = |item: &CartItem| {
        let seen = seen.get(&item.product_id);
        seen.is_some_and(|seen| {
            seen.quantity
                .is_none_or(|quantity| quantity == item.quantity)
        })
    };
    if items.len() == seen.len() && items.iter().all(was_seen) {
        return Ok(());
    }
    let message = t!("orders-cart-changed");
    Err(AppError::conflict(CART_CHANGED, message))
}

/// Reserves the wanted products in order of id. Reports all shortages at once or, if there are none, all
/// changed prices.
async fn reserve_all(
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
            let message = t!("orders-no-such-product", product = id.to_string());
            return Err(AppError::invalid("items", message));
        };
        let for_sale = product.is_for_sale(currency);
        if reserved.is_none() || !for_sale {
            short.push(shortage(
                product.name.shown(),
                product.available(),
                for_sale,
            ));
        } else if let Some(seen) = seen.filter(|seen| *seen != product.price) {
            let (before, after) = (Money::new(seen, currency), product.money(currency));
            moved.push(t!(
                "orders-price-moved",
                product = product.name.shown(),
                before = before.to_string(),
                after = after.to_string()
            ));
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
        let message = t!("orders-prices-moved", moved = moved.join(" "));
        return Err(AppError::conflict(PRICE_MOVED, message));
    }
    Ok(lines)
}

/// Refuses a total too large for the ledger: the order could be placed but never packed.
fn check_total(placement: &Placement, now: Timestamp) -> Result<(), AppError> {
    let total = OrderState::place(placement, now).total();
    if total <= LARGEST_AMOUNT {
        return Ok(());
    }
    let most = Money::new(LARGEST_AMOUNT, placement.currency);
    let message = t!("orders-total-too-large", most = most.to_string());
    Err(AppError::invalid("items", message))
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
    steps::create_reservations(conn, id, &state.items).await?;
    Ok(Order {
        id,
        number: number.to_string(),
        state,
    })
}

/// Inserts the order under the next number, retrying with the one after if it was taken meanwhile.
async fn create_by_trying(
    conn: &mut Conn,
    state: &OrderState,
    now: Timestamp,
) -> Result<(i64, OrderNumber), AppError> {
    for _ in 0..MOST_TRIES {
        let number = next_number(conn, now).await?;
        let savepoint = Savepoint::set(conn).await?;
        match store::create_order(conn, number, state).await {
            Ok(id) => {
                savepoint.release(conn).await?;
                return Ok((id, number));
            }
            Err(error) if is_taken(&error) => savepoint.roll_back(conn).await?,
            Err(error) => return Err(error.into()),
        }
    }
    let message = t!("orders-too-busy");
    Err(AppError::unavailable(message))
}

fn is_taken(error: &sqlx::Error) -> bool {
    let error = error.as_database_error();
    error.is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}
