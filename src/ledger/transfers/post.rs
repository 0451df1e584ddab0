//! Transfers: money that moves from one account to another, once and for good.

use super::book::Book;
use super::posting::{Kind, Posting, Rights, Transfer, id_under_key};
use crate::accounts::User;
use crate::clock::Timestamp;
use crate::error;
use crate::error::{AppError, Faults};
use crate::i18n::{self, Language, t};
use crate::ledger::of_orders::{OF_AN_ORDER, ORDER_ID};
use crate::ledger::rules::{KEPT_IDS, check_amount, check_id, check_memo};
use crate::ledger::store;
use crate::money::Currency;
use crate::outbox::{Happened, record_all};
use crate::server::idempotency::{Attempt, complete, reserve};
use crate::server::{App, Batch, Conn, Engine, IdempotencyKey};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;

/// Error code: the id was used for another transfer.
const REUSED: u16 = 2003;
/// Error code: the transfer was already reversed.
pub const REVERSED: u16 = 3105;

/// The maximum number of transfers in a batch.
pub const LARGEST_BATCH: usize = 1_000;

/// A transfer as a client requests it.
#[derive(Clone, Debug, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTransfer {
    /// Chosen by the client, 1 to 64 visible ASCII characters: a repeated request gets the same response.
    #[schema(min_length = 1, max_length = 64)]
    pub id: Option<String>,
    /// The account that is debited.
    pub from_account_id: i64,
    /// The account that is credited.
    pub to_account_id: i64,
    /// The amount in the currency's minor unit.
    #[schema(minimum = 1, maximum = 1_000_000_000_000_000_i64)]
    pub amount: i64,
    #[serde(default)]
    #[schema(max_length = 200)]
    pub memo: String,
}

impl NewTransfer {
    /// Checks the input; `otherwise` is the id if the client chose none, or else a new one is.
    fn check(&self, user: &User, otherwise: Option<String>) -> Result<Posting, AppError> {
        let mut faults = Faults::default();
        let id = match &self.id {
            Some(id) => faults.check("id", check_id(id)),
            None => otherwise,
        };
        faults.check("amount", check_amount(self.amount));
        let memo = faults.check("memo", check_memo(&self.memo));
        faults.finish()?;
        let (from, to) = (self.from_account_id, self.to_account_id);
        let posting = Posting {
            memo: memo.unwrap_or_default(),
            actor: Some(user.id),
            ..Posting::new(Kind::Transfer, from, to, self.amount)
        };
        Ok(match id {
            Some(id) => posting.under(id),
            None => posting,
        })
    }
}

/// Posts one transfer, once per id and per idempotency key.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn transfer(
    app: &App,
    user: &User,
    once: IdempotencyKey,
    input: NewTransfer,
) -> Result<Transfer, AppError> {
    let posting = input.check(user, None)?;
    let (now, user, rights) = (app.clock.now(), user.id, Rights::of(user));
    if once == IdempotencyKey::Unkeyed {
        return post_batched(app, Asked::new(posting, rights, now)).await;
    }
    app.db
        .write_grouped(move |conn| {
            Box::pin(
                async move { post_keyed(conn, user, &once, &input, posting, rights, now).await },
            )
        })
        .await
}

/// A transfer to be posted, with the rights of its requester. Those of several people are posted together, so
/// each carries the language for its refusal.
#[derive(Clone)]
struct Asked {
    posting: Posting,
    rights: Rights,
    now: Timestamp,
    language: Language,
}

impl Asked {
    fn new(posting: Posting, rights: Rights, now: Timestamp) -> Self {
        Self {
            posting,
            rights,
            now,
            language: i18n::current(),
        }
    }
}

/// The batch that collects concurrent transfers.
#[derive(Default)]
pub struct TransferBatch(Batch<Asked, Transfer>);

/// Posts the transfer in a batch with concurrent ones.
async fn post_batched(app: &App, asked: Asked) -> Result<Transfer, AppError> {
    /// SQLite has one writer; with PostgreSQL a batch that waits for an account's lock should not delay those
    /// that do not.
    const SIDE_BY_SIDE: usize = 4;
    let workers = match app.db.engine() {
        Engine::Sqlite => 1,
        Engine::Postgres => SIDE_BY_SIDE,
    };
    let db = app.db.clone();
    let post = move |asked: Vec<Asked>| {
        let db = db.clone();
        async move {
            db.write_grouped(move |conn| Box::pin(async move { post_each(conn, &asked).await }))
                .await
        }
    };
    app.transfers.0.run(asked, workers, post).await
}

async fn post_keyed(
    conn: &mut Conn,
    user: i64,
    once: &IdempotencyKey,
    input: &impl Serialize,
    posting: Posting,
    rights: Rights,
    now: Timestamp,
) -> Result<Transfer, AppError> {
    let reserved = match reserve(conn, user, once, input, now).await? {
        Attempt::First(reserved) => reserved,
        Attempt::Repeat(seq) => return find_transfer(conn, seq).await,
    };
    let posted = post_as(conn, posting, rights, now).await?;
    complete(conn, reserved, posted.seq).await?;
    Ok(posted)
}

/// Posts up to `LARGEST_BATCH` transfers in one transaction, each with its own result and once per id, or per
/// key of the batch and position in it.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn transfer_many(
    app: &App,
    user: &User,
    once: &IdempotencyKey,
    input: Vec<NewTransfer>,
) -> Result<Vec<Result<Transfer, AppError>>, AppError> {
    if input.is_empty() || input.len() > LARGEST_BATCH {
        let message = t!("ledger-batch-size", most = LARGEST_BATCH);
        return Err(AppError::invalid("transfers", message));
    }
    let batch = id_under_key(once, user);
    let (now, rights) = (app.clock.now(), Rights::of(user));
    let mut sound = Vec::with_capacity(input.len());
    let checked: Vec<Result<(), AppError>> = (1..)
        .zip(&input)
        .map(|(place, input)| {
            let id = batch.as_ref().map(|batch| format!("{batch}-{place}"));
            let posting = input.check(user, id)?;
            sound.push(Asked::new(posting, rights, now));
            Ok(())
        })
        .collect();
    let sound = Arc::new(sound);
    let post = async || {
        let sound = Arc::clone(&sound);
        app.db
            .write_grouped(move |conn| Box::pin(async move { post_each(conn, &sound).await }))
            .await
    };
    let results = match post().await {
        // A concurrent request, between other accounts, took one of the ids. It is visible by now.
        Err(error) if error.kind == error::Kind::Invalid => post().await,
        outcome => outcome,
    };
    let mut results = results?.into_iter();
    let result_of = |checked: Result<(), AppError>| {
        checked.and_then(|()| results.next().unwrap_or_else(|| Err(AppError::internal())))
    };
    Ok(checked.into_iter().map(result_of).collect())
}

/// Reverses a transfer by one in the other direction, once only.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn reverse_transfer(
    app: &App,
    user: &User,
    id: &str,
    memo: &str,
) -> Result<Transfer, AppError> {
    let memo = check_memo(memo).map_err(|message| AppError::invalid("memo", message))?;
    let (now, actor, id) = (app.clock.now(), user.id, id.to_owned());
    app.db
        .write_grouped(move |conn| {
            Box::pin(async move { reverse(conn, &id, memo, actor, now).await })
        })
        .await
}

async fn reverse(
    conn: &mut Conn,
    id: &str,
    memo: String,
    actor: i64,
    now: Timestamp,
) -> Result<Transfer, AppError> {
    let first = store::find_transfers(conn, &[id]).await?.pop();
    let first = first.ok_or_else(|| AppError::not_found("transfer"))?;
    if first.id.starts_with(ORDER_ID) {
        let message = t!("ledger-reverse-of-order", order = first.reference);
        return Err(AppError::conflict(OF_AN_ORDER, message));
    }
    // The id is derived from the reversed transfer: a repeat finds its own, whoever is quicker.
    let posting = Posting {
        reference: first.reference,
        reverses: Some((first.seq, first.id)),
        memo,
        actor: Some(actor),
        ..Posting::new(
            Kind::Reversal,
            first.credit_account_id,
            first.debit_account_id,
            first.amount,
        )
        .under(format!("{KEPT_IDS}reversal-{}", first.seq))
    };
    let reversed = post_as(conn, posting, Rights::All, now).await;
    reversed.map_err(|error| match error.code {
        REUSED => AppError::conflict(REVERSED, t!("ledger-reversed-before")),
        _ => error,
    })
}

/// Posts within the caller's transaction, on behalf of the company.
pub async fn post(conn: &mut Conn, posting: Posting, now: Timestamp) -> Result<Transfer, AppError> {
    post_as(conn, posting, Rights::All, now).await
}

async fn post_as(
    conn: &mut Conn,
    posting: Posting,
    rights: Rights,
    now: Timestamp,
) -> Result<Transfer, AppError> {
    let mut posted = post_each(conn, &[Asked::new(posting, rights, now)]).await?;
    posted.pop().unwrap_or_else(|| Err(AppError::internal()))
}

/// Posts those that can be posted, in order. Nothing is written for one that is refused.
async fn post_each(
    conn: &mut Conn,
    asked: &[Asked],
) -> Result<Vec<Result<Transfer, AppError>>, AppError> {
    let touched = asked
        .iter()
        .flat_map(|it| [it.posting.debit_account_id, it.posting.credit_account_id]);
    let mut book = Book::open(conn, touched).await?;
    // Read after locking the accounts: a concurrent request with the same id is done by then.
    let repeatable = asked.iter().filter(|it| it.posting.repeatable);
    let ids: Vec<&str> = repeatable.map(|it| it.posting.id.as_str()).collect();
    let mut transfers = store::find_transfers(conn, &ids).await?;
    let mut known: HashMap<String, usize> = transfers
        .iter()
        .enumerate()
        .map(|(place, transfer)| (transfer.id.clone(), place))
        .collect();
    let (before, mut fresh) = (transfers.len(), Vec::with_capacity(asked.len()));
    let mut enter_once = |asked: &'_ Asked, transfers: &mut Vec<Transfer>| {
        let id = &asked.posting.id;
        match known.get(id) {
            Some(&place) if asked.posting.is(&transfers[place]) => return Ok(place),
            Some(_) => return Err(reused()),
            None => {}
        }
        let place = transfers.len();
        transfers.push(enter(&mut book, asked)?);
        if asked.posting.repeatable {
            known.insert(id.clone(), place);
        }
        Ok(place)
    };
    let mut results = Vec::with_capacity(asked.len());
    for asked in asked {
        let entered = i18n::with(asked.language, || enter_once(asked, &mut transfers));
        if transfers.len() > before + fresh.len() {
            fresh.push(&asked.posting);
        }
        results.push(entered);
    }
    let posted = &mut transfers[before..];
    store::create_transfers(conn, &fresh, posted).await?;
    publish(conn, &fresh, posted).await?;
    book.close(conn).await?;
    Ok(results
        .into_iter()
        .map(|result| result.map(|place| transfers[place].clone()))
        .collect())
}

/// Records the postings in the outbox.
async fn publish(conn: &mut Conn, fresh: &[&Posting], posted: &[Transfer]) -> Result<(), AppError> {
    let Some(Transfer { posted_at, .. }) = posted.first() else {
        return Ok(());
    };
    let event = |(posting, transfer): (&&Posting, _)| Happened {
        subject: format!("transfer-{}", posting.id),
        data: Payload::of(transfer),
        trace_id: posting.trace_id.clone(),
        span_id: posting.span_id.clone(),
    };
    let events: Vec<_> = fresh.iter().zip(posted).map(event).collect();
    record_all(conn, "ledger.posted", &events, *posted_at).await
}

/// The payload of `ledger.posted`.
#[derive(Serialize)]
struct Payload<'a> {
    amount: i64,
    currency: Currency,
    from_account_id: i64,
    id: &'a str,
    kind: Kind,
    memo: &'a str,
    posted_at: Timestamp,
    reference: &'a str,
    to_account_id: i64,
}

impl<'a> Payload<'a> {
    fn of(transfer: &'a Transfer) -> Self {
        Self {
            amount: transfer.amount,
            currency: transfer.currency,
            from_account_id: transfer.debit_account_id,
            id: &transfer.id,
            kind: transfer.kind,
            memo: &transfer.memo,
            posted_at: transfer.posted_at,
            reference: &transfer.reference,
            to_account_id: transfer.credit_account_id,
        }
    }
}

/// Enters the transfer in the book. Its position in the journal is not known yet.
fn enter(book: &mut Book, asked: &Asked) -> Result<Transfer, AppError> {
    let Asked { posting, now, .. } = asked;
    let (debit, credit) = (posting.debit_account_id, posting.credit_account_id);
    asked
        .rights
        .allow(book.account(debit)?, book.account(credit)?)?;
    let (debit_balance, credit_balance) = book.post(debit, credit, posting.amount)?;
    Ok(Transfer {
        seq: 0,
        id: posting.id.clone(),
        debit_account_id: debit,
        credit_account_id: credit,
        amount: posting.amount,
        currency: book.account(debit)?.currency,
        kind: posting.kind,
        reference: posting.reference.clone(),
        memo: posting.memo.clone(),
        reverses: posting.reverses.as_ref().map(|(_, id)| id.clone()),
        posted_at: *now,
        debit_balance,
        credit_balance,
    })
}

async fn find_transfer(conn: &mut Conn, seq: i64) -> Result<Transfer, AppError> {
    let found = store::find_transfer(conn, seq).await?;
    found.ok_or_else(AppError::internal)
}

fn reused() -> AppError {
    AppError {
        code: REUSED,
        ..AppError::invalid("id", t!("ledger-transfer-reused"))
    }
}
