//! The fulfilment board: a task for every paid order, done when the order is packed or will not be.

use super::store::{create_order_task, find_task_of_order};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::events::outbox::OutboxEvent;
use crate::i18n::{Language, Multilingual, t, with};
use crate::orders::{Delivery, Order, Status, address_line, lock_order};
use crate::server::{App, Conn};
use crate::tasks::{HouseTask, Priority, close_house_task, open_house_task};

/// Returns the name of the fulfilment board in each language.
pub fn board() -> Multilingual {
    let mut name = Multilingual::from(with(Language::English, || t!("events-board")).to_owned());
    for language in Language::ALL
        .into_iter()
        .filter(|it| *it != Language::English)
    {
        let text = with(language, || t!("events-board"));
        name.translations.set(language, text.to_owned());
    }
    name
}

/// Opens or closes the order's task by the order's current status, so that repeated or late events
/// do no harm.
pub async fn follow(app: &App, event: &OutboxEvent) -> Result<(), AppError> {
    let Some(number) = event.subject.strip_prefix("order-") else {
        return Ok(());
    };
    let (number, now) = (number.to_owned(), app.clock.now());
    let base = app
        .config
        .server
        .public_url
        .trim_end_matches('/')
        .to_owned();
    let work = app.db.write_grouped(move |conn| {
        Box::pin(async move {
            let order = lock_order(conn, &number).await?;
            let status = order.state.status;
            let task = match find_task_of_order(conn, order.id).await? {
                None if matches!(status, Status::Paid | Status::Packed) => {
                    Some(open(conn, &order, &base, now).await?)
                }
                known => known,
            };
            match task {
                Some(task) if !matches!(status, Status::Placed | Status::Paid) => {
                    close_house_task(conn, task, now).await
                }
                _ => Ok(()),
            }
        })
    });
    work.await
}

async fn open(conn: &mut Conn, order: &Order, base: &str, now: Timestamp) -> Result<i64, AppError> {
    let express = order.state.delivery == Delivery::Express;
    let task = HouseTask {
        board: &board(),
        title: t!("events-task-title", order = order.number.as_str()),
        description: description(order, base),
        priority: if express {
            Priority::High
        } else {
            Priority::Medium
        },
        labels: if express { vec!["express"] } else { Vec::new() },
    };
    let task = open_house_task(conn, task, now).await?;
    create_order_task(conn, order.id, task).await?;
    Ok(task)
}

/// Returns Markdown with the parcel's contents, its destination and a link to the order.
fn description(order: &Order, base: &str) -> String {
    let lines = order.state.items.iter().map(|line| {
        let name = literally(line.name.shown());
        format!("- {} × {name}", line.quantity)
    });
    let lines: Vec<String> = lines.collect();
    let address = &order.state.address;
    let to = literally(&format!("{}, {}", address.name, address_line(address)));
    let delivery = match order.state.delivery {
        Delivery::Standard => t!("events-task-standard", to = to),
        Delivery::Express => t!("events-task-express", to = to),
    };
    let link = t!("events-order", order = order.number.as_str());
    let path = order.path();
    format!(
        "{}\n\n{delivery}\n\n[{link}]({base}{path})",
        lines.join("\n")
    )
}

/// Escapes inline Markdown: a customer wrote the text. Everything else stays as it is, for whoever
/// edits the task.
fn literally(text: &str) -> String {
    let mut literal = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '&'
        ) {
            literal.push('\\');
        }
        literal.push(c);
    }
    literal
}
