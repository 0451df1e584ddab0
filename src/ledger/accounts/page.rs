//! `/ledger/accounts/{id}`: one account, for staff.

use super::account::{Account, name_of, no_such_account};
use super::store::find_codes;
use crate::accounts::{find_names, viewer};
use crate::error::AppError;
use crate::i18n::t;
use crate::ledger::Side;
use crate::ledger::components::{EntryTable, Figures};
use crate::ledger::store::{Entry, find_account, list_entries};
use crate::ledger::wallet::{ON_A_PAGE, TopUpFields, is_wallet};
use crate::server::{Cursor, PageOf, app, asked_cursor, page};
use crate::ui::{Breadcrumbs, Button, ButtonKind, Empty, Form, Icon, LinkButton, Pager, gap};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use std::collections::HashMap;

/// Everything the page shows.
struct Statement {
    account: Account,
    owner: Option<String>,
    entries: PageOf<Entry>,
    /// The codes of the accounts on the other side, by id.
    codes: HashMap<i64, String>,
    on_first_page: bool,
}

/// `/ledger/accounts/{id}?cursor=`
#[component]
pub fn LedgerAccountPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let id = use_params_map().read_untracked().get("id");
    let cursor = asked_cursor();
    page(async move {
        viewer.staff()?;
        let before = Cursor::before(&cursor)?;
        let id = id.and_then(|id| id.parse().ok());
        let id = id.ok_or_else(no_such_account)?;
        let mut conn = app.db.read().await?;
        let account = find_account(&mut conn, id).await?;
        let account = account.ok_or_else(no_such_account)?;
        let entries = list_entries(&mut conn, id, before, ON_A_PAGE + 1).await?;
        let others: Vec<i64> = entries.iter().map(|it| it.other_account_id).collect();
        let codes = find_codes(&mut conn, &others).await?;
        let owner = match account.owner_id {
            Some(owner) => find_names(&mut conn, &[owner]).await?.remove(&owner),
            None => None,
        };
        let entries = PageOf::from_rows(entries, ON_A_PAGE, |entry| Cursor::new([&entry.seq]));
        let statement = Statement {
            account,
            owner,
            entries,
            codes,
            on_first_page: cursor.is_empty(),
        };
        Ok::<_, AppError>(view! { <AccountView statement /> })
    })
}

#[component]
fn AccountView(statement: Statement) -> impl IntoView {
    let Statement {
        account,
        owner,
        entries,
        codes,
        on_first_page,
    } = statement;
    let path = format!("/ledger/accounts/{}", account.id);
    let next = entries.next_cursor.as_deref();
    let next = next.map(|cursor| format!("{path}?cursor={cursor}"));
    let first = (!on_first_page).then(|| path.clone());
    let shown = entries.items.len();
    let journal = format!("/ledger/journal?account={}", account.code);
    let side = match account.standing.normal_side {
        Side::Debit => t!("ledger-account-debits-add"),
        Side::Credit => t!("ledger-account-credits-add"),
    };
    let name = name_of(&account.code, &account.name).to_owned();
    let whose = match owner {
        Some(owner) => t!("ledger-account-of", name = name, owner = owner),
        None => t!("ledger-account-own", name = name),
    };
    let takes_money = is_wallet(&account);
    view! {
        <Title text=account.code.clone() />
        <Breadcrumbs trail=vec![("/ledger".into(), t!("ledger-title").into())] here=account.code.clone() />
        <div class="page-head">
            <div>
                <h1>{account.code.clone()}</h1>
                <p class="lead">{whose} {gap()} {side}</p>
            </div>
            <LinkButton href=journal icon=Icon::List>
                {t!("ledger-account-journal")}
            </LinkButton>
        </div>
        <Figures standing=account.standing currency=account.currency />
        {takes_money.then(|| view! { <TopUpForm account=account.clone() /> })}
        <h2 class="ledger-heading">{t!("ledger-entries")}</h2>
        {if shown == 0 {
            view! {
                <Empty icon=Icon::List title=t!("ledger-entries-empty")>
                    <p>{t!("ledger-entries-empty-advice")}</p>
                </Empty>
            }
                .into_any()
        } else {
            view! {
                <EntryTable account entries=entries.items codes />
                <Pager first next shown label=t!("ledger-entries-pages") />
            }
                .into_any()
        }}
    }
}

#[component]
fn TopUpForm(account: Account) -> impl IntoView {
    let action = format!("/ledger/accounts/{}/top-up", account.id);
    view! {
        <section class="top-up" aria-labelledby="top-up-title">
            <h2 id="top-up-title">{t!("ledger-top-up")}</h2>
            <p class="muted">{t!("ledger-account-top-up-lead")}</p>
            <Form action>
                <TopUpFields currency=account.currency />
                <Button kind=ButtonKind::Primary icon=Icon::Plus>
                    {t!("ledger-top-up")}
                </Button>
            </Form>
        </section>
    }
}
