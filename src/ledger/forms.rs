//! What the forms on the pages of the books do.

use super::account::{NewAccount, create_account, no_such_account};
use super::page_store::is_reversed;
use super::transfer::{REVERSED, reverse_transfer};
use super::wallet::{TopUp, is_wallet, top_up};
use super::{exports, store};
use crate::accounts::{Staff, find_names, find_user_id};
use crate::error::AppError;
use crate::money::Money;
use crate::server::forms::{form, local_path};
use crate::server::{App, Once, Path, Posted, done};
use crate::ui::Flash;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;

const JOURNAL: &str = "/ledger/journal";

pub fn router() -> Router<App> {
    Router::new()
        .route("/ledger/accounts/new", post(create_account_form))
        .route("/ledger/accounts/{id}/top-up", form("/ledger", top_up_form))
        .route("/ledger/journal/{seq}/reverse", form(JOURNAL, reverse_form))
        .merge(exports::router())
}

#[derive(Deserialize)]
struct NewAccountForm {
    code: String,
    name: String,
    #[serde(default)]
    owner: String,
    currency: String,
    normal_side: String,
    /// A box: there or not.
    may_owe: Option<String>,
}

async fn create_account_form(
    State(app): State<App>,
    _: Staff,
    Posted(form): Posted<NewAccountForm>,
) -> Result<Response, AppError> {
    let wrong = |field, message: String| AppError::invalid(field, message);
    let currency = form.currency.parse();
    let side = form.normal_side.parse();
    let input = NewAccount {
        code: form.code,
        name: form.name,
        owner_id: find_owner(&app, &form.owner).await?,
        currency: Some(currency.map_err(|message| wrong("currency", message))?),
        normal_side: Some(side.map_err(|message: &str| wrong("normal_side", message.to_owned()))?),
        min_balance: form.may_owe.is_none().then_some(0),
    };
    let account = create_account(&app, input).await?;
    let made = Flash::good(format!("The account {} is made.", account.code));
    Ok(done(&format!("/ledger/accounts/{}", account.id), made))
}

async fn find_owner(app: &App, email: &str) -> Result<Option<i64>, AppError> {
    let email = email.trim().to_lowercase();
    if email.is_empty() {
        return Ok(None);
    }
    let mut conn = app.db.read().await?;
    let owner = find_user_id(&mut conn, &email).await?;
    let missing = || AppError::invalid("owner", "Nobody can sign in with this address.");
    owner.ok_or_else(missing).map(Some)
}

#[derive(Deserialize)]
struct TopUpForm {
    amount: String,
    #[serde(default)]
    memo: String,
    #[serde(default)]
    once: String,
}

async fn top_up_form(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<i64>,
    Posted(form): Posted<TopUpForm>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let account = store::find_account(&mut conn, id).await?;
    let account = account.filter(is_wallet).ok_or_else(no_such_account)?;
    let owner = account.owner_id.ok_or_else(no_such_account)?;
    let name = find_names(&mut conn, &[owner]).await?.remove(&owner);
    drop(conn);
    let amount = Money::parse(&form.amount, account.currency);
    let amount = amount.and_then(|money| match money.minor {
        0 => Err("Give more than nothing.".to_owned()),
        _ => Ok(money),
    });
    let amount = amount.map_err(|message| AppError::invalid("amount", message))?;
    let input = TopUp {
        amount: amount.minor,
        memo: form.memo,
    };
    top_up(&app, &user, owner, Once::from_field(&form.once), input).await?;
    let name = name.unwrap_or(account.code);
    let said = Flash::good(format!("{amount} is in the wallet of {name}."));
    Ok(done(&format!("/ledger/accounts/{id}"), said))
}

#[derive(Deserialize)]
struct ReverseForm {
    #[serde(default)]
    next: String,
}

async fn reverse_form(
    State(app): State<App>,
    Staff(user): Staff,
    Path(seq): Path<i64>,
    Posted(form): Posted<ReverseForm>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let found = store::find_transfer(&mut conn, seq).await?;
    let found = found.ok_or_else(|| AppError::not_found("transfer"))?;
    if is_reversed(&mut conn, seq).await? {
        let message = format!("Transfer no. {seq} was reversed before.");
        return Err(AppError::conflict(REVERSED, message));
    }
    drop(conn);
    let reversal = reverse_transfer(&app, &user, &found.id, "").await?;
    let money = Money::new(reversal.amount, reversal.currency);
    let said = Flash::good(format!(
        "Transfer no. {seq} is reversed: {money} went back."
    ));
    Ok(done(local_path(&form.next).unwrap_or(JOURNAL), said))
}
