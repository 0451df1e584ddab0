//! Demo data: some weeks of bookkeeping, for a first look around.

use super::rules::KEPT_IDS;
use super::transfers::{Kind, Posting, Transfer, post};
use super::wallet::{open, open_bank, open_wallet};
use super::{Side, Standing};
use crate::accounts::find_user_id;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::server::{App, Conn};
use Place::{Bank, Capital, Rent, Wallet};

/// A demo transfer: how many days ago, from where to where, and why.
struct Demo {
    id: &'static str,
    days_ago: i64,
    kind: Kind,
    debit: Place,
    credit: Place,
    amount: i64,
    memo: &'static str,
}

#[derive(Clone, Copy)]
enum Place {
    Bank,
    Capital,
    Rent,
    Wallet,
}

const fn demo(
    id: &'static str,
    days_ago: i64,
    kind: Kind,
    (debit, credit): (Place, Place),
    amount: i64,
    memo: &'static str,
) -> Demo {
    Demo {
        id,
        days_ago,
        kind,
        debit,
        credit,
        amount,
        memo,
    }
}

/// In chronological order.
const TRANSFERS: [Demo; 7] = [
    demo(
        "demo-capital",
        84,
        Kind::Transfer,
        (Bank, Capital),
        5_000_000,
        "Founders pay in",
    ),
    demo(
        "demo-rent-1",
        80,
        Kind::Transfer,
        (Rent, Bank),
        420_000,
        "Rent of the workshop",
    ),
    demo(
        "demo-top-up-1",
        76,
        Kind::TopUp,
        (Bank, Wallet),
        150_000,
        "Bank transfer",
    ),
    demo(
        "demo-rent-2",
        50,
        Kind::Transfer,
        (Rent, Bank),
        420_000,
        "Rent of the workshop",
    ),
    demo(
        "demo-top-up-2",
        41,
        Kind::TopUp,
        (Bank, Wallet),
        80_000,
        "Bank transfer",
    ),
    demo(
        "demo-rent-3",
        20,
        Kind::Transfer,
        (Rent, Bank),
        420_000,
        "Rent of the workshop",
    ),
    demo(
        "demo-top-up-3",
        9,
        Kind::TopUp,
        (Bank, Wallet),
        30_000,
        "Cash at the counter",
    ),
];

/// Posts the demo's missing transfers, one of them reversed. Does nothing if the demo's customer is missing.
pub async fn seed_demo(app: &App) -> Result<(), AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    seed_demo_until(app, &mut tx, now, now).await?;
    Ok(tx.commit().await?)
}

/// Posts those of the transfers dated `until` or before, so that what customers order and pay in between
/// enters the books in chronological order.
pub async fn seed_demo_until(
    app: &App,
    conn: &mut Conn,
    until: Timestamp,
    now: Timestamp,
) -> Result<(), AppError> {
    let Some(mei) = find_user_id(conn, "mei@example.com").await? else {
        return Ok(());
    };
    let mut newest = None;
    for demo in &TRANSFERS {
        let at = now.plus_days(-demo.days_ago);
        if at <= until {
            newest = Some(post_demo(app, conn, demo, mei, at).await?);
        }
    }
    match newest {
        Some(slip) if now.plus_days(-SLIP_DAYS_AGO) <= until => post_slip(conn, &slip, now).await,
        _ => Ok(()),
    }
}

async fn post_demo(
    app: &App,
    conn: &mut Conn,
    demo: &Demo,
    customer: i64,
    at: Timestamp,
) -> Result<Transfer, AppError> {
    let debit = find_place(app, conn, demo.debit, customer, at).await?;
    let credit = find_place(app, conn, demo.credit, customer, at).await?;
    let posting = Posting {
        memo: demo.memo.to_owned(),
        ..Posting::new(demo.kind, debit, credit, demo.amount).under(demo.id.to_owned())
    };
    post(conn, posting, at).await
}

async fn find_place(
    app: &App,
    conn: &mut Conn,
    place: Place,
    customer: i64,
    at: Timestamp,
) -> Result<i64, AppError> {
    let currency = app.config.shop.currency;
    let (code, name, normal_side) = match place {
        Bank => return Ok(open_bank(conn, currency, at).await?.id),
        Wallet => return Ok(open_wallet(conn, customer, currency, at).await?.id),
        Capital => ("capital", "What the founders paid in", Side::Credit),
        Rent => ("rent", "Rent", Side::Debit),
    };
    let empty = Standing {
        normal_side,
        balance: 0,
        held: 0,
        min_balance: None,
    };
    let account = open(conn, code.to_owned(), name, None, currency, empty, at).await?;
    Ok(account.id)
}

const SLIP_DAYS_AGO: i64 = 4;

/// Posts the same top-up a second time, by mistake, and reverses it an hour later.
async fn post_slip(conn: &mut Conn, first: &Transfer, now: Timestamp) -> Result<(), AppError> {
    let at = now.plus_days(-SLIP_DAYS_AGO);
    let (debit, credit) = (first.debit_account_id, first.credit_account_id);
    let slip = Posting {
        memo: "Cash at the counter, noted twice".to_owned(),
        ..Posting::new(Kind::TopUp, debit, credit, first.amount).under("demo-slip".to_owned())
    };
    let slip = post(conn, slip, at).await?;
    let id = format!("{KEPT_IDS}reversal-{}", slip.seq);
    let back = Posting {
        reverses: Some((slip.seq, slip.id)),
        ..Posting::new(Kind::Reversal, credit, debit, first.amount).under(id)
    };
    post(conn, back, at.plus_seconds(3_600)).await?;
    Ok(())
}
