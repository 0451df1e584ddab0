//! `/ledger/trial-balance`: every account's balance, on its side, and whether the sides agree.

use super::account::name_of;
use super::store::{Line, list_lines};
use crate::accounts::viewer;
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::t;
use crate::ledger::Side;
use crate::ledger::components::LedgerTabs;
use crate::money::{Currency, Money};
use crate::server::{app, page};
use crate::ui::{Alert, Empty, Icon, Price, Table, Tone, When};
use leptos::prelude::*;
use leptos_meta::Title;

/// The maximum number of lines; if there are more accounts, those of people are summed up.
const MOST_LINES: i64 = 500;

impl Line {
    /// Returns the account's column and amount: a negative balance belongs on the other side.
    fn stands(&self) -> (Side, i64) {
        let other = match self.normal_side {
            Side::Debit => Side::Credit,
            Side::Credit => Side::Debit,
        };
        match self.balance {
            minor if minor < 0 => (other, minor.saturating_neg()),
            minor => (self.normal_side, minor),
        }
    }

    fn on(&self, side: Side) -> Option<Money> {
        let (stands, minor) = self.stands();
        (stands == side).then_some(Money::new(minor, self.currency))
    }
}

/// Returns the sum of one side.
fn total(lines: &[Line], side: Side) -> i64 {
    let amounts = lines.iter().filter_map(|line| line.on(side));
    amounts.fold(0, |sum, money| sum.saturating_add(money.minor))
}

#[component]
pub fn TrialBalancePage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    page(async move {
        viewer.staff()?;
        let now = app.clock.now();
        // One snapshot of the books throughout: a transfer in between would make them seem unbalanced.
        let mut conn = app.db.snapshot().await?;
        let lines = list_lines(&mut conn, MOST_LINES).await?;
        Ok::<_, AppError>(view! { <TrialBalance lines now /> })
    })
}

#[component]
fn TrialBalance(lines: Vec<Line>, now: Timestamp) -> impl IntoView {
    let tables = Currency::ALL
        .into_iter()
        .filter_map(|currency| {
            let lines = lines.iter().filter(|line| line.currency == currency);
            let lines: Vec<Line> = lines.cloned().collect();
            (!lines.is_empty()).then(|| view! { <CurrencyTable currency lines /> })
        })
        .collect::<Vec<_>>();
    let empty = tables.is_empty();
    view! {
        <Title text=t!("ledger-trial-balance") />
        <div class="page-head">
            <div>
                <h1>{t!("ledger-trial-balance")}</h1>
                <p class="lead">{t!("ledger-trial-as-of")} " " <When at=now /></p>
            </div>
        </div>
        <LedgerTabs here="/ledger/trial-balance" />
        {if empty {
            view! {
                <Empty icon=Icon::List title=t!("ledger-trial-empty")>
                    <p>{t!("ledger-trial-empty-advice")}</p>
                </Empty>
            }
                .into_any()
        } else {
            tables.into_any()
        }}
    }
}

#[component]
fn CurrencyTable(currency: Currency, lines: Vec<Line>) -> impl IntoView {
    let money = move |minor| Money::new(minor, currency);
    let (debits, credits) = (total(&lines, Side::Debit), total(&lines, Side::Credit));
    let verdict = if debits == credits {
        let words = t!("ledger-trial-agree", sum = money(debits).to_string());
        view! { <Alert tone=Tone::Good>{words}</Alert> }
    } else {
        let apart = debits.abs_diff(credits).try_into().unwrap_or(i64::MAX);
        let words = t!("ledger-trial-differ", sum = money(apart).to_string());
        view! { <Alert tone=Tone::Bad>{words}</Alert> }
    };
    let rows = lines
        .into_iter()
        .map(|line| view! { <LineRow line /> })
        .collect::<Vec<_>>();
    let caption = t!("ledger-trial-caption", currency = currency.code());
    let head = vec![
        t!("ledger-account"),
        t!("ledger-name"),
        t!("ledger-debit"),
        t!("ledger-credit"),
    ];
    view! {
        <section class="trial-balance">
            <Table caption head num=&[2, 3] dense=true wide=true show_caption=true>
                {rows} <tr class="total">
                    <th scope="row" colspan="2">
                        {t!("ledger-trial-total")}
                    </th>
                    <td class="num">
                        <Price money=money(debits) />
                    </td>
                    <td class="num">
                        <Price money=money(credits) />
                    </td>
                </tr>
            </Table>
            {verdict}
        </section>
    }
}

#[component]
fn LineRow(line: Line) -> impl IntoView {
    let price = |side| line.on(side).map(|money| view! { <Price money /> });
    let (debit, credit) = (price(Side::Debit), price(Side::Credit));
    let (code, name) = match line.account_id {
        Some(id) => {
            let href = format!("/ledger/accounts/{id}");
            let name = name_of(&line.code, &line.name).to_owned();
            (view! { <a href=href>{line.code}</a> }.into_any(), name)
        }
        None => (
            t!("ledger-trial-people").into_any(),
            t!("ledger-trial-together", count = line.accounts),
        ),
    };
    view! {
        <tr>
            <th scope="row">{code}</th>
            <td>{name}</td>
            <td class="num">{debit}</td>
            <td class="num">{credit}</td>
        </tr>
    }
}
