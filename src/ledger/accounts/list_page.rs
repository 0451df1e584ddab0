//! `/ledger`: the accounts, for staff.

use super::account::{Account, name_of};
use super::store::{AccountFilter, search_accounts};
use crate::accounts::{find_names, viewer};
use crate::error::AppError;
use crate::i18n::t;
use crate::ledger::Side;
use crate::ledger::components::LedgerTabs;
use crate::money::{Currency, Money};
use crate::server::{Cursor, IdempotencyKey, PageOf, app, page};
use crate::ui::{
    Breadcrumbs, Button, ButtonKind, CheckField, Empty, Form, HiddenField, Icon, LinkButton,
    PagedTable, Price, SelectField, TextField, gap,
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
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("q", &filter.text);
    let head = vec![
        t!("ledger-code"),
        t!("ledger-name"),
        t!("ledger-owner"),
        t!("ledger-balance"),
        t!("ledger-held"),
    ];
    let PageOf { items, next_cursor } = accounts;
    let searched = !filter.text.trim().is_empty();
    let rows = items
        .into_iter()
        .map(|account| {
            let owner = account.owner_id.and_then(|id| owners.get(&id).cloned());
            view! { <AccountRow account owner /> }.into_any()
        })
        .collect();
    view! {
        <Title text=t!("ledger-title") />
        <div class="page-head">
            <h1>{t!("ledger-title")}</h1>
            <div class="actions">
                <LinkButton href="/ledger/top-up" icon=Icon::Wallet>
                    {t!("ledger-top-up-title")}
                </LinkButton>
                <LinkButton href="/ledger/accounts/new" icon=Icon::Plus>
                    {t!("ledger-new-title")}
                </LinkButton>
            </div>
        </div>
        <LedgerTabs here="/ledger" />
        <Form action="/ledger" method="get" class="filters-form">
            <TextField name="q" label=t!("ledger-search-field") kind="search" value=filter.text.clone() />
            <div class="actions">
                <Button icon=Icon::Search>{t!("ledger-search")}</Button>
                {searched.then(|| view! { <LinkButton href="/ledger">{t!("ledger-clear")}</LinkButton> })}
            </div>
        </Form>
        <PagedTable
            caption=t!("ledger-accounts")
            head
            num=&[3, 4]
            dense=true
            rows
            address=format!("/ledger?{}", query.finish())
            on_first_page=filter.after == 0
            next_cursor
            label=t!("ledger-accounts-pages")
            none=view! { <NoAccounts searched /> }.into_any()
        />
    }
}

#[component]
fn NoAccounts(searched: bool) -> impl IntoView {
    if searched {
        return view! {
            <Empty icon=Icon::Filter title=t!("ledger-none-match")>
                <p>{t!("ledger-accounts-none-match-advice")} {gap()} <a href="/ledger">{t!("ledger-accounts-show-all")}</a></p>
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty icon=Icon::Wallet title=t!("ledger-accounts-empty")>
            <p>
                {t!("ledger-accounts-empty-advice")} {gap()}
                <a href="/ledger/accounts/new">{t!("ledger-accounts-empty-new")}</a>
            </p>
        </Empty>
    }
    .into_any()
}

#[component]
fn AccountRow(account: Account, owner: Option<String>) -> impl IntoView {
    let href = format!("/ledger/accounts/{}", account.id);
    let name = name_of(&account.code, &account.name).to_owned();
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
            <td data-label=t!("ledger-name")>{name}</td>
            <td data-label=t!("ledger-owner")>
                {owner.map_or_else(|| view! { <span class="muted">{t!("ledger-the-company")}</span> }.into_any(), IntoAny::into_any)}
            </td>
            <td class="num" data-label=t!("ledger-balance")>
                <Price money=balance />
            </td>
            <td class="num" data-label=t!("ledger-held")>
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
        (Side::Credit, t!("ledger-new-credit")),
        (Side::Debit, t!("ledger-new-debit")),
    ];
    let sides = sides.map(|(side, words)| (side.as_str().to_owned(), words.to_owned()));
    view! {
        <Title text=t!("ledger-new-title") />
        <Breadcrumbs trail=vec![("/ledger".into(), t!("ledger-title").into())] here=t!("ledger-new-title") />
        <div class="page-head">
            <h1>{t!("ledger-new-title")}</h1>
        </div>
        <div class="page-narrow">
            <Form action="/ledger/accounts/new">
                <HiddenField name="idempotency_key" value=IdempotencyKey::new_key() />
                <TextField
                    name="code"
                    label=t!("ledger-code")
                    hint=t!("ledger-new-code-hint")
                    required=true
                    maxlength=40_u32
                    autocomplete="off"
                />
                <TextField name="name" label=t!("ledger-name") required=true maxlength=80_u32 autocomplete="off" />
                <TextField
                    name="owner"
                    label=t!("ledger-new-owner")
                    kind="email"
                    hint=t!("ledger-new-owner-hint")
                    autocomplete="off"
                />
                <div class="field-row">
                    <SelectField name="currency" label=t!("ledger-new-currency") value=currency.code() options=currencies.into() />
                    <SelectField name="normal_side" label=t!("ledger-new-side") value="credit" options=sides.into() />
                </div>
                <CheckField
                    name="may_owe"
                    label=t!("ledger-new-may-owe")
                    hint=t!("ledger-new-may-owe-hint")
                />
                <div class="actions">
                    <Button kind=ButtonKind::Primary>{t!("ledger-new-submit")}</Button>
                    <LinkButton href="/ledger">{t!("ledger-cancel")}</LinkButton>
                </div>
            </Form>
        </div>
    }
}
