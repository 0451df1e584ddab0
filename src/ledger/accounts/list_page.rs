//! `/ledger`: the accounts, for staff.

use super::account::Account;
use super::store::{AccountFilter, search_accounts};
use crate::accounts::{find_names, viewer};
use crate::error::AppError;
use crate::ledger::Side;
use crate::ledger::components::LedgerTabs;
use crate::money::{Currency, Money};
use crate::server::{Cursor, IdempotencyKey, PageOf, app, page};
use crate::ui::{
    Breadcrumbs, Button, ButtonKind, CheckField, Empty, Form, HiddenField, Icon, LinkButton, Pager,
    Price, SelectField, Table, TextField,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use std::collections::HashMap;

const ON_A_PAGE: i64 = 50;

/// `/ledger?q=&cursor=`
#[component]
pub fn LedgerPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let query = use_query_map().get_untracked();
    let text = query.get("q").unwrap_or_default();
    let after = query.get("cursor").and_then(|cursor| {
        let [id] = Cursor::read::<1>(&cursor).ok()??;
        id.parse().ok()
    });
    page(async move {
        viewer.staff()?;
        let filter = AccountFilter {
            text,
            after: after.unwrap_or_default(),
        };
        let mut conn = app.db.read().await?;
        let accounts = search_accounts(&mut conn, &filter, ON_A_PAGE + 1).await?;
        let accounts = PageOf::from_rows(accounts, ON_A_PAGE, |account| Cursor::new([&account.id]));
        let mut owners: Vec<i64> = accounts.items.iter().filter_map(|it| it.owner_id).collect();
        owners.sort_unstable();
        owners.dedup();
        let owners = find_names(&mut conn, &owners).await?;
        Ok::<_, AppError>(view! { <Accounts filter accounts owners /> })
    })
}

#[component]
fn Accounts(
    filter: AccountFilter,
    accounts: PageOf<Account>,
    owners: HashMap<i64, String>,
) -> impl IntoView {
    let href = |cursor: &str| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", &filter.text);
        query.append_pair("cursor", cursor);
        format!("/ledger?{}", query.finish())
    };
    let PageOf { items, next_cursor } = accounts;
    let next = next_cursor.as_deref().map(href);
    let first = (filter.after > 0).then(|| href(""));
    let (shown, searched) = (items.len(), !filter.text.trim().is_empty());
    let rows = items
        .into_iter()
        .map(|account| {
            let owner = account.owner_id.and_then(|id| owners.get(&id).cloned());
            view! { <AccountRow account owner /> }
        })
        .collect::<Vec<_>>();
    view! {
        <Title text="Ledger" />
        <div class="page-head">
            <h1>"Ledger"</h1>
            <div class="actions">
                <LinkButton href="/ledger/top-up" icon=Icon::Wallet>
                    "Top up a wallet"
                </LinkButton>
                <LinkButton href="/ledger/accounts/new" icon=Icon::Plus>
                    "New account"
                </LinkButton>
            </div>
        </div>
        <LedgerTabs here="Accounts" />
        <Form action="/ledger" method="get" class="filters-form">
            <TextField name="q" label="Code, name or owner" kind="search" value=filter.text.clone() />
            <div class="actions">
                <Button icon=Icon::Search>"Search"</Button>
                {searched.then(|| view! { <LinkButton href="/ledger">"Clear"</LinkButton> })}
            </div>
        </Form>
        {if shown == 0 {
            view! { <NoAccounts searched /> }.into_any()
        } else {
            view! {
                <Table caption="Accounts" head=vec!["Code", "Name", "Owner", "Balance", "Held"] num=&[3, 4] dense=true stack=true>
                    {rows}
                </Table>
                <Pager first next shown label="Pages of accounts" />
            }
                .into_any()
        }}
    }
}

#[component]
fn NoAccounts(searched: bool) -> impl IntoView {
    if searched {
        return view! {
            <Empty icon=Icon::Filter title="Nothing matches">
                <p>"Try another word, or " <a href="/ledger">"show every account"</a> "."</p>
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty icon=Icon::Wallet title="No accounts yet">
            <p>
                "Everybody who opens their wallet gets an account. For the company's own, "
                <a href="/ledger/accounts/new">"make the first"</a> "."
            </p>
        </Empty>
    }
    .into_any()
}

#[component]
fn AccountRow(account: Account, owner: Option<String>) -> impl IntoView {
    let href = format!("/ledger/accounts/{}", account.id);
    let money = |minor| Money::new(minor, account.currency);
    let (balance, held) = (
        money(account.standing.balance),
        money(account.standing.held),
    );
    view! {
        <tr>
            <th scope="row">
                <a href=href>{account.code}</a>
            </th>
            <td data-label="Name">{account.name}</td>
            <td data-label="Owner">
                {owner.map_or_else(|| view! { <span class="muted">"The company"</span> }.into_any(), IntoAny::into_any)}
            </td>
            <td class="num" data-label="Balance">
                <Price money=balance />
            </td>
            <td class="num" data-label="Held">
                <Price money=held />
            </td>
        </tr>
    }
}

/// `/ledger/accounts/new`
#[component]
pub fn NewAccountPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    page(async move {
        viewer.staff()?;
        let currency = app.config.shop.currency;
        Ok::<_, AppError>(view! { <NewAccountForm currency /> })
    })
}

#[component]
fn NewAccountForm(currency: Currency) -> impl IntoView {
    let code = |currency: Currency| currency.code().to_owned();
    let currencies = Currency::ALL.map(|currency| (code(currency), code(currency)));
    let sides = [
        (Side::Credit, "Credit: what is owed or earned"),
        (Side::Debit, "Debit: what the company has or spent"),
    ];
    let sides = sides.map(|(side, words)| (side.as_str().to_owned(), words.to_owned()));
    view! {
        <Title text="New account" />
        <Breadcrumbs trail=vec![("/ledger".into(), "Ledger".into())] here="New account" />
        <div class="page-head">
            <h1>"New account"</h1>
        </div>
        <div class="page-narrow">
            <Form action="/ledger/accounts/new">
                <HiddenField name="once" value=IdempotencyKey::new_key() />
                <TextField
                    name="code"
                    label="Code"
                    hint="Short and unique: letters, digits and hyphens, such as sales-2026. It stays as it is."
                    required=true
                    maxlength=40_u32
                    autocomplete="off"
                />
                <TextField name="name" label="Name" required=true maxlength=80_u32 autocomplete="off" />
                <TextField
                    name="owner"
                    label="Owner's e-mail address"
                    kind="email"
                    hint="Empty where it is the company's own."
                    autocomplete="off"
                />
                <div class="field-row">
                    <SelectField name="currency" label="Currency" value=currency.code() options=currencies.into() />
                    <SelectField name="normal_side" label="What adds to it" value="credit" options=sides.into() />
                </div>
                <CheckField
                    name="may_owe"
                    label="It may go below zero"
                    hint="Otherwise it never gives more than it has."
                />
                <div class="actions">
                    <Button kind=ButtonKind::Primary>"Make the account"</Button>
                    <LinkButton href="/ledger">"Cancel"</LinkButton>
                </div>
            </Form>
        </div>
    }
}
