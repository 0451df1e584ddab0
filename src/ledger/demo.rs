//! Some weeks of bookkeeping, for the first look around.

use super::holds::{HoldStatus, hold_within};
use super::posting::Rights;
use super::rules::KEPT_IDS;
use super::transfer::post;
use super::wallet::{open, open_bank, open_wallet};
use super::{Hold, Kind, Posting, Side, Standing, Transfer};
use crate::accounts::find_user_id;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::server::{App, Conn};
use Place::{Bank, Capital, Rent, Sales, Wallet};

/// A transfer of the demo: how many days ago, from where to where, and why.
struct Demo {
    id: &'static str,
    days_ago: i64,
    kind: Kind,
    debit: Place,
    credit: Place,
    amount: i64,
    reference: &'static str,
    memo: &'static str,
}

#[derive(Clone, Copy)]
enum Place {
    Bank,
    Capital,
    Rent,
    Sales,
    Wallet,
}

const fn demo(
    id: &'static str,
    days_ago: i64,
    kind: Kind,
    (debit, credit): (Place, Place),
    amount: i64,
    reference: &'static str,
    memo: &'static str,
) -> Demo {
    Demo {
        id,
        days_ago,
        kind,
        debit,
        credit,
        amount,
        reference,
        memo,
    }
}

/// In the order of time.
const TRANSFERS: [Demo; 11] = [
    demo(
        "demo-capital",
        84,
        Kind::Transfer,
        (Bank, Capital),
        5_000_000,
        "",
        "Founders pay in",
    ),
    demo(
        "demo-rent-1",
        80,
        Kind::Transfer,
        (Rent, Bank),
        420_000,
        "",
        "Rent of the workshop",
    ),
    demo(
        "demo-top-up-1",
        76,
        Kind::TopUp,
        (Bank, Wallet),
        150_000,
        "",
        "Bank transfer",
    ),
    demo(
        "demo-sale-1",
        71,
        Kind::Transfer,
        (Wallet, Sales),
        59_900,
        "order-1001",
        "Mechanical keyboard",
    ),
    demo(
        "demo-sale-2",
        58,
        Kind::Transfer,
        (Wallet, Sales),
        12_900,
        "order-1014",
        "台灯, with a spare bulb",
    ),
    demo(
        "demo-rent-2",
        50,
        Kind::Transfer,
        (Rent, Bank),
        420_000,
        "",
        "Rent of the workshop",
    ),
    demo(
        "demo-top-up-2",
        41,
        Kind::TopUp,
        (Bank, Wallet),
        80_000,
        "",
        "Bank transfer",
    ),
    demo(
        "demo-sale-3",
        33,
        Kind::Transfer,
        (Wallet, Sales),
        104_500,
        "order-1032",
        "Headphones and a stand",
    ),
    demo(
        "demo-refund-1",
        26,
        Kind::Transfer,
        (Sales, Wallet),
        12_900,
        "order-1014",
        "Refund: the lamp came broken",
    ),
    demo(
        "demo-rent-3",
        20,
        Kind::Transfer,
        (Rent, Bank),
        420_000,
        "",
        "Rent of the workshop",
    ),
    demo(
        "demo-top-up-3",
        9,
        Kind::TopUp,
        (Bank, Wallet),
        30_000,
        "",
        "Cash at the counter",
    ),
];

/// Posts the demo's transfers that are not there yet, one of them taken back, and sets something
/// aside. Does nothing where the demo's customer is missing.
pub async fn seed_demo(app: &App) -> Result<(), AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let Some(mei) = find_user_id(&mut tx, "mei@example.com").await? else {
        return Ok(());
    };
    let mut newest = None;
    for demo in &TRANSFERS {
        let at = now.plus_days(-demo.days_ago);
        newest = Some(post_demo(app, &mut tx, demo, mei, at).await?);
    }
    if let Some(slip) = newest {
        post_slip(&mut tx, &slip, now).await?;
        let sales = find_place(app, &mut tx, Sales, mei, now).await?;
        set_aside(&mut tx, slip.credit_account_id, sales, now).await?;
    }
    tx.commit().await?;
    Ok(())
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
        id: demo.id.to_owned(),
        reference: demo.reference.to_owned(),
        memo: demo.memo.to_owned(),
        ..Posting::new(demo.kind, debit, credit, demo.amount)
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
        Sales => ("demo-sales", "Sales of the first weeks", Side::Credit),
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

/// The same top-up a second time, by mistake, and taken back an hour later.
async fn post_slip(conn: &mut Conn, first: &Transfer, now: Timestamp) -> Result<(), AppError> {
    let at = now.plus_days(-4);
    let (debit, credit) = (first.debit_account_id, first.credit_account_id);
    let slip = Posting {
        id: "demo-slip".to_owned(),
        memo: "Cash at the counter, noted twice".to_owned(),
        ..Posting::new(Kind::TopUp, debit, credit, first.amount)
    };
    let slip = post(conn, slip, at).await?;
    let back = Posting {
        id: format!("{KEPT_IDS}reversal-{}", slip.seq),
        reverses: Some((slip.seq, slip.id)),
        ..Posting::new(Kind::Reversal, credit, debit, first.amount)
    };
    post(conn, back, at.plus_seconds(3_600)).await?;
    Ok(())
}

/// What the customer has ordered and not yet been sent.
async fn set_aside(
    conn: &mut Conn,
    wallet: i64,
    sales: i64,
    now: Timestamp,
) -> Result<(), AppError> {
    let hold = Hold {
        seq: 0,
        id: "demo-hold".to_owned(),
        debit_account_id: wallet,
        credit_account_id: sales,
        amount: 19_900,
        captured: 0,
        status: HoldStatus::Open,
        reference: "order-1051".to_owned(),
        memo: String::new(),
        actor_id: None,
        created_at: now,
        expires_at: now.plus_days(30),
        closed_at: None,
    };
    hold_within(conn, hold, Rights::All).await?;
    Ok(())
}
