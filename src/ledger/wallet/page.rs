//! `/wallet`: one's own money with the company.

use super::balance::{list_other_wallets, read_wallet};
use crate::accounts::viewer;
use crate::error::AppError;
use crate::i18n::t;
use crate::ledger::accounts::{Account, BalanceChart, History, list_balances};
use crate::ledger::components::{EntryTable, Figures};
use crate::ledger::store::{Entry, list_entries};
use crate::money::Money;
use crate::server::{Cursor, PageOf, app, asked_cursor, page};
use crate::ui::{Alert, Empty, Icon, Pager, Tone, gap};
use leptos::prelude::*;
use leptos_meta::Title;

pub const ON_A_PAGE: i64 = 30;

/// The maximum number of changes read: more than the line has room for.
const MOST_CHANGES: i64 = 2_000;

/// `/wallet?cursor=`
#[component]
pub fn WalletPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let cursor = asked_cursor();
    page(async move {
        let user = viewer.person()?;
        let before = Cursor::before(&cursor)?;
        let wallet = read_wallet(&app, user).await?;
        let mut conn = app.db.read().await?;
        let others = list_other_wallets(&mut conn, user.id, wallet.currency).await?;
        let entries = list_entries(&mut conn, wallet.id, before, ON_A_PAGE + 1).await?;
        let changes = list_balances(&mut conn, wallet.id, MOST_CHANGES).await?;
        let cut = changes.len() as i64 == MOST_CHANGES;
        let history = History::new(&changes, cut, app.clock.now());
        let entries = PageOf::from_rows(entries, ON_A_PAGE, |entry| Cursor::new([&entry.seq]));
        let on_first_page = cursor.is_empty();
        Ok::<_, AppError>(view! { <Wallet wallet others history entries on_first_page /> })
    })
}

#[component]
fn Wallet(
    wallet: Account,
    others: Vec<Account>,
    history: History,
    entries: PageOf<Entry>,
    on_first_page: bool,
) -> impl IntoView {
    let unused = entries.items.is_empty() && on_first_page;
    let currency = wallet.currency;
    let PageOf { items, next_cursor } = entries;
    let next = next_cursor.map(|cursor| format!("/wallet?cursor={cursor}"));
    let first = (!on_first_page).then(|| "/wallet".to_owned());
    let shown = items.len();
    view! {
        <Title text=t!("ledger-wallet-title") />
        <div class="page-head">
            <div>
                <h1>{t!("ledger-wallet-title")}</h1>
                <p class="lead">{t!("ledger-wallet-lead")}</p>
            </div>
        </div>
        <Figures standing=wallet.standing currency />
        {(!others.is_empty()).then(|| view! { <OtherWallets others /> })}
        {if unused {
            view! { <NothingYet /> }.into_any()
        } else {
            view! {
                {on_first_page.then(|| view! { <BalanceChart history currency /> })}
                <h2 class="ledger-heading">{t!("ledger-wallet-transactions")}</h2>
                <EntryTable account=wallet entries=items />
                <Pager first next shown label=t!("ledger-entries-pages") />
            }
                .into_any()
        }}
    }
}

/// The balances in other currencies, which the shop used before.
#[component]
fn OtherWallets(others: Vec<Account>) -> impl IntoView {
    let sums = others
        .iter()
        .map(|wallet| Money::new(wallet.standing.balance, wallet.currency).to_string());
    let sums = sums
        .collect::<Vec<_>>()
        .join(t!("ledger-wallet-others-and"));
    view! {
        <Alert tone=Tone::Info>
            {t!("ledger-wallet-others", sums = sums)}
        </Alert>
    }
}

#[component]
fn NothingYet() -> impl IntoView {
    view! {
        <Empty icon=Icon::Wallet title=t!("ledger-wallet-empty")>
            <p>
                {t!("ledger-wallet-empty-advice")} {gap()} <a href="/orders">{t!("ledger-wallet-empty-orders")}</a>
            </p>
        </Empty>
    }
}
