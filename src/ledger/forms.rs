//! The forms on the ledger's pages.

use super::accounts::{NewAccount, create_account, is_reversed, no_such_account};
use super::transfers::{REVERSED, reverse_transfer};
use super::wallet::{TopUp, is_wallet, top_up};
use super::{journal, store};
use crate::accounts::{Staff, User, find_names, find_user_id};
use crate::error::AppError;
use crate::i18n::t;
use crate::money::{Currency, Money};
use crate::server::forms::{form, next_or};
use crate::server::{App, IdempotencyKey, Path, Posted, done};
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
        .route("/ledger/top-up", post(top_up_somebody_form))
        .route("/ledger/journal/{seq}/reverse", form(JOURNAL, reverse_form))
        .merge(journal::router())
}

#[derive(Deserialize)]
struct NewAccountForm {
    code: String,
    name: String,
    #[serde(default)]
    owner: String,
    currency: String,
    normal_side: String,
    /// A checkbox: present or not.
    may_owe: Option<String>,
    #[serde(default)]
    idempotency_key: String,
}

async fn create_account_form(
    State(app): State<App>,
    Staff(user): Staff,
    Posted(form): Posted<NewAccountForm>,
) -> Result<Response, AppError> {
    let wrong = |field, message: String| AppError::invalid(field, message);
    let currency = form.currency.parse();
    let side = form.normal_side.parse();
    let input = NewAccount {
        code: form.code,
        name: form.name,
        owner_id: find_person(&app, "owner", &form.owner).await?,
        currency: Some(currency.map_err(|message| wrong("currency", message))?),
        normal_side: Some(side.map_err(|message: &str| wrong("normal_side", message.to_owned()))?),
        min_balance: form.may_owe.is_none().then_some(0),
    };
    let once = IdempotencyKey::from_field(&form.idempotency_key);
    let account = create_account(&app, &user, &once, input).await?;
    let made = Flash::good(t!("ledger-new-done", code = account.code));
    Ok(done(&format!("/ledger/accounts/{}", account.id), made))
}

/// Returns the id of the person with the e-mail address in this field; `None` if it is empty.
async fn find_person(app: &App, field: &str, email: &str) -> Result<Option<i64>, AppError> {
    let email = email.trim().to_lowercase();
    if email.is_empty() {
        return Ok(None);
    }
    let mut conn = app.db.read().await?;
    let owner = find_user_id(&mut conn, &email).await?;
    let missing = || AppError::invalid(field, t!("ledger-no-such-person"));
    owner.ok_or_else(missing).map(Some)
}

#[derive(Deserialize)]
struct TopUpForm {
    amount: String,
    #[serde(default)]
    memo: String,
    #[serde(default)]
    idempotency_key: String,
}

impl TopUpForm {
    /// Tops up the owner's wallet in this currency and redirects to it.
    async fn put_into(
        self,
        app: &App,
        actor: &User,
        owner: i64,
        currency: Currency,
    ) -> Result<Response, AppError> {
        let amount = Money::parse(&self.amount, currency);
        let amount = amount.and_then(|money| match money.minor {
            0 => Err(t!("ledger-top-up-nothing").to_owned()),
            _ => Ok(money),
        });
        let amount = amount.map_err(|message| AppError::invalid("amount", message))?;
        let input = TopUp {
            amount: amount.minor,
            memo: self.memo,
            currency: Some(currency),
        };
        let once = IdempotencyKey::from_field(&self.idempotency_key);
        let wallet = top_up(app, actor, owner, once, input)
            .await?
            .credit_account_id;
        let mut conn = app.db.read().await?;
        let name = find_names(&mut conn, &[owner]).await?.remove(&owner);
        let name = name.unwrap_or_else(|| t!("ledger-top-up-owner").to_owned());
        let said = Flash::good(t!(
            "ledger-top-up-done",
            amount = amount.to_string(),
            name = name
        ));
        Ok(done(&format!("/ledger/accounts/{wallet}"), said))
    }
}

async fn top_up_form(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<i64>,
    Posted(form): Posted<TopUpForm>,
) -> Result<Response, AppError> {
    let mut conn = app.db.read().await?;
    let account = store::find_account(&mut conn, id).await?;
    drop(conn);
    let wallet = account.filter(is_wallet).ok_or_else(no_such_account)?;
    let owner = wallet.owner_id.ok_or_else(no_such_account)?;
    form.put_into(&app, &user, owner, wallet.currency).await
}

/// A top-up by e-mail address, for somebody who may not have opened their wallet yet.
#[derive(Deserialize)]
struct TopUpSomebodyForm {
    email: String,
    #[serde(flatten)]
    top_up: TopUpForm,
}

async fn top_up_somebody_form(
    State(app): State<App>,
    Staff(user): Staff,
    Posted(form): Posted<TopUpSomebodyForm>,
) -> Result<Response, AppError> {
    let missing = || AppError::invalid("email", t!("ledger-top-up-no-email"));
    let owner = find_person(&app, "email", &form.email).await?;
    let owner = owner.ok_or_else(missing)?;
    let currency = app.config.shop.currency;
    form.top_up.put_into(&app, &user, owner, currency).await
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
        let message = t!("ledger-reversed-before-no", seq = seq);
        return Err(AppError::conflict(REVERSED, message));
    }
    drop(conn);
    let reversal = reverse_transfer(&app, &user, &found.id, "").await?;
    let money = Money::new(reversal.amount, reversal.currency);
    let said = Flash::good(t!(
        "ledger-reverse-done",
        seq = seq,
        amount = money.to_string()
    ));
    Ok(done(&next_or(&form.next, JOURNAL), said))
}
