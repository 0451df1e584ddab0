//! Components shared by several ledger pages.

use super::Standing;
use super::accounts::Account;
use super::store::Entry;
use super::transfers::Kind;
use crate::i18n::t;
use crate::money::{Currency, Money};
use crate::order_number::order_path;
use crate::ui::{Badge, Change, Price, TabLinks, Table, Tone, When, lang_of};
use leptos::prelude::*;
use std::collections::HashMap;

/// The tabs of the ledger; `here` is the current address.
#[component]
pub fn LedgerTabs(here: &'static str) -> impl IntoView {
    let views = [
        ("/ledger", t!("ledger-accounts")),
        ("/ledger/journal", t!("ledger-journal")),
        ("/ledger/trial-balance", t!("ledger-trial-balance")),
    ];
    let items = views.map(|(href, label)| (href.to_owned(), label.to_owned(), href == here));
    view! { <TabLinks label=t!("ledger-views") items=items.into() /> }
}

/// The balance, the amount on hold and the amount available.
#[component]
pub fn Figures(standing: Standing, currency: Currency) -> impl IntoView {
    let money = |minor| Money::new(minor, currency);
    let available = standing.available();
    view! {
        <dl class="figures">
            <div class="figure-first">
                <dt>{t!("ledger-balance")}</dt>
                <dd>
                    <Price money=money(standing.balance) />
                </dd>
            </div>
            <div>
                <dt>{t!("ledger-held")}</dt>
                <dd>
                    <Price money=money(standing.held) />
                </dd>
            </div>
            <div>
                <dt>{t!("ledger-available")}</dt>
                <dd>
                    {match available {
                        Some(available) => view! { <Price money=money(available) /> }.into_any(),
                        None => t!("ledger-no-limit").into_any(),
                    }}
                </dd>
            </div>
        </dl>
    }
}

/// A transfer's kind, memo and reference.
#[component]
pub fn What(
    kind: Kind,
    reference: String,
    memo: String,
    #[prop(optional_no_strip)] note: Option<AnyView>,
) -> impl IntoView {
    let tone = match kind {
        Kind::TopUp | Kind::Payment | Kind::Refund => Tone::Good,
        Kind::Reversal => Tone::Warn,
        Kind::Capture | Kind::Transfer => Tone::Neutral,
    };
    let lang = lang_of(&memo);
    // The program's postings for an order refer to it by number; anybody else's reference may be anything.
    let of_an_order = matches!(kind, Kind::Payment | Kind::Capture | Kind::Refund);
    let order = order_path(&reference).filter(|_| of_an_order);
    let label = match kind {
        Kind::Capture if order.is_some() => t!("ledger-kind-order-payment"),
        kind => kind.label(),
    };
    let reference = match order {
        Some(href) => Some(view! { <a href=href>{reference}</a> }.into_any()),
        None => (!reference.is_empty()).then(|| reference.into_any()),
    };
    view! {
        <span class="entry-what">
            <Badge tone>{label}</Badge>
            {(!memo.is_empty()).then(|| view! { <span lang=lang>{memo}</span> })}
            {reference.map(|reference| view! { <span class="entry-reference">{reference}</span> })}
            {note.map(|note| view! { <span class="entry-reference">{note}</span> })}
        </span>
    }
}

/// An account's entries with the balance after each. `codes` names the accounts on the other side, for those
/// who may see them.
#[component]
pub fn EntryTable(
    account: Account,
    entries: Vec<Entry>,
    #[prop(optional)] codes: Option<HashMap<i64, String>>,
) -> impl IntoView {
    let with_other = codes.is_some();
    let codes = codes.unwrap_or_default();
    let rows = entries
        .into_iter()
        .map(|entry| {
            let other = codes.get(&entry.other_account_id).cloned();
            view! { <EntryRow account=account.clone() entry other with_other /> }
        })
        .collect::<Vec<_>>();
    let (date, what) = (t!("ledger-date"), t!("ledger-what"));
    let (amount, balance) = (t!("ledger-amount"), t!("ledger-balance"));
    let (head, num): (Vec<&str>, &'static [usize]) = if with_other {
        let head = vec![date, what, t!("ledger-other-account"), amount, balance];
        (head, &[3, 4])
    } else {
        (vec![date, what, amount, balance], &[2, 3])
    };
    view! {
        <Table caption=t!("ledger-entries") class="entries" head num dense=true stack=true>
            {rows}
        </Table>
    }
}

#[component]
fn EntryRow(
    account: Account,
    entry: Entry,
    other: Option<String>,
    with_other: bool,
) -> impl IntoView {
    let comes_in = entry.side == account.standing.normal_side;
    let signed = if comes_in {
        entry.amount
    } else {
        -entry.amount
    };
    let amount = Money::new(signed, account.currency);
    let href = format!("/ledger/accounts/{}", entry.other_account_id);
    let balance = Money::new(entry.balance, account.currency);
    view! {
        <tr>
            <td data-label=t!("ledger-date")>
                <When at=entry.posted_at date_only=true />
            </td>
            <td class="entry-cell">
                <What kind=entry.kind reference=entry.reference memo=entry.memo />
            </td>
            {with_other
                .then(|| view! { <td data-label=t!("ledger-other-account")>{other.map(|code| view! { <a href=href>{code}</a> })}</td> })}
            <td class="num" data-label=t!("ledger-amount")>
                <Change of=signed>
                    <Price money=amount />
                </Change>
            </td>
            <td class="num" data-label=t!("ledger-balance")>
                <Price money=balance />
            </td>
        </tr>
    }
}
