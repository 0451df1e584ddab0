//! Some weeks of demo orders, for a first look around: placed and taken through their steps like any other,
//! only earlier.

use super::checkout::{NewItem, NewOrder, place_within};
use super::demo_story::{Act, Demo, ORDERS};
use super::history::lock_order;
use super::order::{By, Order};
use super::steps::{Command, perform_within};
use super::{Address, Event, ReturnedLine, Step};
use crate::accounts::{User, find_user, find_user_id};
use crate::catalog::{ProductKey, find_product};
use crate::clock::Timestamp;
use crate::error::{AppError, Kind};
use crate::ledger::seed_demo_until;
use crate::server::{App, Conn, Savepoint, Subject, fetch_scalar};

fn address_of(customer: &User) -> Address {
    let (line1, city, postal_code, country, phone) = match customer.email.as_str() {
        "noor@example.com" => ("Keizersgracht 241", "Amsterdam", "1016 EA", "NL", ""),
        "jonas@example.com" => (
            "Café Berg, Hauptstraße 9",
            "Freiburg",
            "79098",
            "DE",
            "+49 761 5550 117",
        ),
        _ => (
            "南京西路 1266 号",
            "Shanghai",
            "200040",
            "CN",
            "+86 21 5555 0100",
        ),
    };
    Address {
        name: customer.name.clone(),
        line1: line1.to_owned(),
        city: city.to_owned(),
        state: String::new(),
        postal_code: postal_code.to_owned(),
        country: country.to_owned(),
        phone: phone.to_owned(),
    }
}

/// Places the demo's orders if there are no orders at all yet, and posts the demo's transfers to the ledger,
/// all in chronological order. Skips orders that the shop cannot fill or a wallet cannot pay.
pub async fn seed_demo(app: &App) -> Result<(), AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    if let Some(sam) = find_person(&mut tx, "sam").await?
        && !has_orders(&mut tx).await?
    {
        tell_the_story(app, &mut tx, &sam, now).await?;
    }
    seed_demo_until(app, &mut tx, now, now).await?;
    Ok(tx.commit_change(Subject::Catalogue).await?)
}

async fn has_orders(conn: &mut Conn) -> sqlx::Result<bool> {
    let count: i64 = fetch_scalar!(conn, "SELECT COUNT(*) FROM orders")?;
    Ok(count > 0)
}

async fn find_person(conn: &mut Conn, name: &str) -> Result<Option<User>, AppError> {
    let id = find_user_id(conn, &format!("{name}@example.com")).await?;
    match id {
        Some(id) => Ok(find_user(conn, id).await?),
        None => Ok(None),
    }
}

/// Replays the events of all demo orders in chronological order.
async fn tell_the_story(
    app: &App,
    conn: &mut Conn,
    staff: &User,
    now: Timestamp,
) -> Result<(), AppError> {
    let mut story: Vec<(i64, usize, Option<Act>)> = Vec::new();
    for (index, order) in ORDERS.iter().enumerate() {
        story.push((order.ago, index, None));
        story.extend(
            order
                .then
                .iter()
                .map(|(ago, act)| (*ago, index, Some(*act))),
        );
    }
    story.sort_by_key(|(ago, ..)| std::cmp::Reverse(*ago));
    let mut numbers: Vec<Option<String>> = vec![None; ORDERS.len()];
    for (ago, index, act) in story {
        let at = now.plus_seconds(-60 * ago);
        seed_demo_until(app, conn, at, now).await?;
        match (act, &numbers[index]) {
            (None, _) => numbers[index] = place(app, conn, &ORDERS[index], at).await?,
            (Some(act), Some(number)) => {
                let mut order = lock_order(conn, number).await?;
                take(conn, &mut order, act, staff, at).await?;
            }
            (Some(_), None) => {}
        }
    }
    Ok(())
}

/// Places one order and returns its number; `None` if it cannot be placed.
async fn place(
    app: &App,
    conn: &mut Conn,
    demo: &Demo,
    at: Timestamp,
) -> Result<Option<String>, AppError> {
    let Some(customer) = find_person(conn, demo.customer).await? else {
        return Ok(None);
    };
    let Some(items) = find_items(conn, demo).await? else {
        return Ok(None);
    };
    let input = NewOrder {
        items: Some(items),
        address: address_of(&customer),
        delivery: demo.delivery.to_owned(),
        payment: demo.payment.to_owned(),
        seen: None,
    };
    let by = By::user(&customer);
    let savepoint = Savepoint::set(conn).await?;
    match place_within(app, conn, &by, customer.id, input, at).await {
        Ok(order) => {
            savepoint.release(conn).await?;
            Ok(Some(order.number))
        }
        Err(error) if matches!(error.kind, Kind::Conflict | Kind::Invalid) => {
            savepoint.roll_back(conn).await?;
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Returns the items to order; `None` if the shop lacks any of the products.
async fn find_items(conn: &mut Conn, demo: &Demo) -> Result<Option<Vec<NewItem>>, AppError> {
    let mut items = Vec::new();
    for (slug, quantity) in demo.items {
        let key = ProductKey::read(slug).ok_or_else(AppError::internal)?;
        let Some(product) = find_product(conn, &key).await? else {
            return Ok(None);
        };
        items.push(NewItem {
            product_id: product.id,
            quantity: *quantity,
            price: None,
        });
    }
    Ok(Some(items))
}

/// Applies the act to the order: customers cancel, the system expires unpaid orders, and staff do the rest.
async fn take(
    conn: &mut Conn,
    order: &mut Order,
    act: Act,
    staff: &User,
    at: Timestamp,
) -> Result<(), AppError> {
    let by = match act {
        Act::Cancel(_) => {
            let customer = find_user(conn, order.state.customer_id).await?;
            By::user(&customer.ok_or_else(AppError::internal)?)
        }
        Act::Expire => By::system("Guildhall"),
        _ => By::user(staff),
    };
    match (act, command_of(order, act)) {
        (_, Some((step, command))) => perform_within(conn, order, step, &command, &by, at).await,
        (Act::Flag(reason), None) => {
            let reason = reason.to_owned();
            order.append(conn, Event::Flagged { reason }, &by, at).await
        }
        (_, None) => Ok(()),
    }
}

/// Returns the act's step and its input; `None` for a flag, which is not a step.
fn command_of(order: &Order, act: Act) -> Option<(Step, Command)> {
    let mut command = Command::default();
    let step = match act {
        Act::Flag(_) => return None,
        Act::Pay => Step::Pay,
        Act::Pack => Step::Pack,
        Act::Ship(carrier, tracking) => {
            command.carrier = carrier.to_owned();
            command.tracking = tracking.to_owned();
            Step::Ship
        }
        Act::Deliver => Step::Deliver,
        Act::Cancel(reason) => {
            command.reason = reason.to_owned();
            Step::Cancel
        }
        Act::Expire => Step::Expire,
        Act::Back(quantity, restocked, reason) => {
            let first = order.state.items.first();
            let back = first.map(|line| ReturnedLine {
                product_id: line.product_id,
                quantity,
            });
            command.items = Some(back.into_iter().collect());
            command.restock = Some(restocked);
            command.reason = reason.to_owned();
            Step::Return
        }
        Act::Money(amount, to, reason) => {
            (command.amount, command.to) = (amount, Some(to));
            command.all = amount.is_none();
            command.reason = reason.to_owned();
            Step::Refund
        }
    };
    Some((step, command))
}
