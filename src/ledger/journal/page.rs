//! `/ledger/journal`: all transfers, for staff.

use super::filter::JournalQuery;
use super::query::{JournalRow, list_journal};
use crate::accounts::viewer;
use crate::error::AppError;
use crate::i18n::t;
use crate::ledger::components::{LedgerTabs, What};
use crate::ledger::of_orders::ORDER_ID;
use crate::ledger::transfers::Kind;
use crate::money::Currency;
use crate::number::count;
use crate::order_number::order_path;
use crate::server::{PageOf, app, page};
use crate::ui::{
    Badge, Button, ButtonKind, ConfirmButton, Empty, Filters, Form, Icon, LinkButton, Pager, Price,
    Refused, SelectField, Table, TextField, UnreadableFilters, When, gap,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

const PATH: &str = "/ledger/journal";

/// `/ledger/journal?q=&account=&kind=&from=&to=&min=&max=&cursor=`
#[component]
pub fn JournalPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let query = use_query_map().get_untracked().to_query_string();
    let query: JournalQuery =
        serde_urlencoded::from_str(query.trim_start_matches('?')).unwrap_or_default();
    page(async move {
        viewer.staff()?;
        let currency = app.config.shop.currency;
        let mut conn = app.db.read().await?;
        // An invalid filter is reported beside the filters, which keep what was typed.
        let found = match query.read(&mut conn, currency).await {
            Ok(filter) => Ok(list_journal(&mut conn, &filter).await?),
            Err(error) if error.errors.is_empty() => return Err(error),
            Err(error) => Err(error),
        };
        Ok(view! { <Journal query currency found /> })
    })
}

#[component]
fn Journal(
    query: JournalQuery,
    currency: Currency,
    found: Result<PageOf<JournalRow>, AppError>,
) -> impl IntoView {
    let csv = query.href("/ledger/journal.csv");
    let filters = query.clone();
    view! {
        <Title text=t!("ledger-journal") />
        <div class="page-wide">
            <div class="page-head">
                <h1>{t!("ledger-journal")}</h1>
                <div class="actions">
                    <a class=ButtonKind::Secondary.class(false) href=csv download="journal.csv">
                        {t!("ledger-journal-csv")}
                    </a>
                    <a
                        class=ButtonKind::Secondary.class(false)
                        href="/ledger/export.journal"
                        download="guildhall.journal"
                    >
                        {t!("ledger-journal-hledger")}
                    </a>
                </div>
            </div>
            <LedgerTabs here=PATH />
            <Refused action="/reverse" />
            <JournalFilters query=filters currency unreadable=found.is_err() />
            {match found {
                Ok(found) => view! { <Transfers query found /> }.into_any(),
                Err(error) => view! { <UnreadableFilters error label=move |field| label(field, currency) /> }.into_any(),
            }}
        </div>
    }
}

/// Returns the label of a filter's field.
fn label(field: &str, currency: Currency) -> String {
    let words = match field {
        "q" => t!("ledger-filter-text"),
        "account" => t!("ledger-filter-account"),
        "kind" => t!("ledger-filter-kind"),
        "from" => t!("ledger-filter-from"),
        "to" => t!("ledger-filter-to"),
        "min" => return t!("ledger-filter-min", currency = currency.code()),
        "max" => return t!("ledger-filter-max", currency = currency.code()),
        _ => t!("ledger-filter-cursor"),
    };
    words.to_owned()
}

#[component]
fn JournalFilters(query: JournalQuery, currency: Currency, unreadable: bool) -> impl IntoView {
    let narrowing = query.narrowing();
    let any = (String::new(), t!("ledger-filter-any").to_owned());
    let kinds = Kind::ALL.map(|kind| (kind.as_str().to_owned(), kind.label().to_owned()));
    let kinds = std::iter::once(any).chain(kinds).collect();
    let label = move |field| label(field, currency);
    view! {
        <Filters narrowing open=unreadable>
            <Form action=PATH method="get" class="filters-form journal-filters">
                <TextField name="q" label=label("q") kind="search" value=query.q />
                <TextField name="account" label=label("account") value=query.account autocomplete="off" />
                <SelectField name="kind" label=label("kind") value=query.kind options=kinds />
                <TextField name="from" label=label("from") kind="date" value=query.from />
                <TextField name="to" label=label("to") kind="date" value=query.to />
                <TextField name="min" label=label("min") value=query.min inputmode="decimal" autocomplete="off" />
                <TextField name="max" label=label("max") value=query.max inputmode="decimal" autocomplete="off" />
                <div class="actions">
                    <Button icon=Icon::Filter>{t!("ledger-filter")}</Button>
                    {(narrowing > 0).then(|| view! { <LinkButton href=PATH>{t!("ledger-clear")}</LinkButton> })}
                </div>
            </Form>
        </Filters>
    }
}

#[component]
fn Transfers(query: JournalQuery, found: PageOf<JournalRow>) -> impl IntoView {
    let PageOf { items, next_cursor } = found;
    if items.is_empty() {
        let narrowed = query.narrowing() > 0;
        return view! { <NoTransfers narrowed /> }.into_any();
    }
    let here = query.href_from(PATH, &query.cursor);
    let next = next_cursor.map(|cursor| query.href_from(PATH, &cursor));
    let first = (!query.cursor.is_empty()).then(|| query.href(PATH));
    let shown = items.len();
    let places: Vec<i64> = items.iter().map(|row| row.seq).collect();
    let rows = items
        .into_iter()
        .map(|row| view! { <TransferRow row next=here.clone() places=places.clone() /> })
        .collect::<Vec<_>>();
    let head = vec![
        t!("ledger-no"),
        t!("ledger-date"),
        t!("ledger-what"),
        t!("ledger-debit"),
        t!("ledger-credit"),
        t!("ledger-amount"),
        t!("ledger-reverse"),
    ];
    view! {
        <Table
            caption=t!("ledger-transfers")
            class="journal"
            head
            num=&[0, 5]
            dense=true
            stack=true
        >
            {rows}
        </Table>
        <Pager first next shown label=t!("ledger-journal-pages") />
    }
    .into_any()
}

#[component]
fn NoTransfers(narrowed: bool) -> impl IntoView {
    if narrowed {
        return view! {
            <Empty icon=Icon::Filter title=t!("ledger-none-match")>
                <p>{t!("ledger-journal-none-match-advice")} {gap()} <a href=PATH>{t!("ledger-journal-show-all")}</a></p>
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty icon=Icon::List title=t!("ledger-journal-empty")>
            <p>
                {t!("ledger-journal-empty-advice")} {gap()} <a href="/ledger/top-up">{t!("ledger-top-up-title")}</a>
            </p>
        </Empty>
    }
    .into_any()
}

#[component]
fn TransferRow(
    row: JournalRow,
    /// The address to return to.
    next: String,
    /// The positions of the transfers on this page.
    places: Vec<i64>,
) -> impl IntoView {
    let money = row.money();
    let debit = format!("/ledger/accounts/{}", row.debit_account_id);
    let credit = format!("/ledger/accounts/{}", row.credit_account_id);
    let takes_back = row.reverses.map(|seq| {
        let words = t!("ledger-reverses-no", seq = seq);
        view! { <Place words seq here=places.contains(&seq) /> }.into_any()
    });
    let take_back = view! { <TakeBack row=row.clone() next places /> };
    view! {
        <tr id=format!("no-{}", row.seq)>
            <td class="num" data-label=t!("ledger-no")>
                {count(row.seq)}
            </td>
            <td data-label=t!("ledger-date")>
                <When at=row.posted_at date_only=true />
            </td>
            <td class="entry-cell">
                <What kind=row.kind reference=row.reference memo=row.memo note=takes_back />
            </td>
            <td data-label=t!("ledger-debit")>
                <a href=debit>{row.debit_code}</a>
            </td>
            <td data-label=t!("ledger-credit")>
                <a href=credit>{row.credit_code}</a>
            </td>
            <td class="num" data-label=t!("ledger-amount")>
                <Price money />
            </td>
            <td class="journal-action">{take_back}</td>
        </tr>
    }
}

/// A mention of another transfer, as a link if that is on the same page.
#[component]
fn Place(words: String, seq: i64, here: bool) -> impl IntoView {
    match here {
        true => view! { <a href=format!("#no-{seq}")>{words}</a> }.into_any(),
        false => words.into_any(),
    }
}

/// The button that reverses a transfer, after a confirmation. What an order posted is refunded from the
/// order, so its transfers link there instead.
#[component]
fn TakeBack(row: JournalRow, next: String, places: Vec<i64>) -> impl IntoView {
    if let Some(seq) = row.reversed_by {
        let (words, here) = (
            t!("ledger-reversed-by-no", seq = seq),
            places.contains(&seq),
        );
        return view! {
            <Badge>
                <Place words seq here />
            </Badge>
        }
        .into_any();
    }
    if row.id.starts_with(ORDER_ID) {
        let href = order_path(&row.reference).unwrap_or_default();
        return view! { <a href=href>{t!("ledger-see-order")}</a> }.into_any();
    }
    let message = t!(
        "ledger-reverse-message",
        amount = row.money().to_string(),
        from = row.credit_code,
        to = row.debit_code
    );
    view! {
        <ConfirmButton
            action=format!("{PATH}/{}/reverse", row.seq)
            label=t!("ledger-reverse")
            title=t!("ledger-reverse-question", seq = row.seq)
            message
            confirm_label=t!("ledger-reverse-confirm")
            hidden=vec![("next".to_owned(), next)]
            small=true
            icon=Icon::Undo
        />
    }
    .into_any()
}
