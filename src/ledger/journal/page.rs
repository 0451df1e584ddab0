//! `/ledger/journal`: every transfer there is, for staff.

use super::filter::JournalQuery;
use super::query::{JournalRow, list_journal};
use crate::accounts::viewer;
use crate::error::AppError;
use crate::ledger::components::{LedgerTabs, What};
use crate::ledger::rules::ORDER_ID;
use crate::ledger::transfers::Kind;
use crate::money::Currency;
use crate::number::count;
use crate::order_number::order_path;
use crate::server::{PageOf, app, page};
use crate::ui::{
    Badge, Button, ButtonKind, ConfirmButton, Empty, Filters, Form, Icon, LinkButton, Pager, Price,
    Refused, SelectField, Table, TextField, UnreadableFilters, When,
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
        // A filter that cannot be read is said beside the filters, which keep what was typed.
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
        <Title text="Journal" />
        <div class="page-wide">
            <div class="page-head">
                <h1>"Journal"</h1>
                <div class="actions">
                    <a class=ButtonKind::Secondary.class(false) href=csv download="journal.csv">
                        "Download CSV"
                    </a>
                    <a
                        class=ButtonKind::Secondary.class(false)
                        href="/ledger/export.journal"
                        download="guildhall.journal"
                    >
                        "For hledger"
                    </a>
                </div>
            </div>
            <LedgerTabs here="Journal" />
            <Refused action="/reverse" />
            <JournalFilters query=filters currency unreadable=found.is_err() />
            {match found {
                Ok(found) => view! { <Transfers query found /> }.into_any(),
                Err(error) => view! { <UnreadableFilters error label=move |field| label(field, currency) /> }.into_any(),
            }}
        </div>
    }
}

/// What stands above a filter's field.
fn label(field: &str, currency: Currency) -> String {
    let words = match field {
        "q" => "Reference or memo",
        "account" => "Account code",
        "kind" => "Kind",
        "from" => "From day",
        "to" => "To day",
        "min" => return format!("{} from", currency.code()),
        "max" => return format!("{} to", currency.code()),
        _ => "Place in the list",
    };
    words.to_owned()
}

#[component]
fn JournalFilters(query: JournalQuery, currency: Currency, unreadable: bool) -> impl IntoView {
    let narrowing = query.narrowing();
    let any = (String::new(), "Any".to_owned());
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
                    <Button icon=Icon::Filter>"Filter"</Button>
                    {(narrowing > 0).then(|| view! { <LinkButton href=PATH>"Clear"</LinkButton> })}
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
    view! {
        <Table
            caption="Transfers"
            class="journal"
            head=vec!["No.", "Date", "What", "Debit", "Credit", "Amount", "Take back"]
            num=&[0, 5]
            dense=true
            stack=true
        >
            {rows}
        </Table>
        <Pager first next shown label="Pages of the journal" />
    }
    .into_any()
}

#[component]
fn NoTransfers(narrowed: bool) -> impl IntoView {
    if narrowed {
        return view! {
            <Empty icon=Icon::Filter title="Nothing matches">
                <p>"Loosen a filter, or " <a href=PATH>"show every transfer"</a> "."</p>
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty icon=Icon::List title="No transfers yet">
            <p>
                "Every movement of money is listed here for good. Begin by topping up a wallet under "
                <a href="/ledger">"Accounts"</a> "."
            </p>
        </Empty>
    }
    .into_any()
}

#[component]
fn TransferRow(
    row: JournalRow,
    /// Where to come back to.
    next: String,
    /// The transfers on this page.
    places: Vec<i64>,
) -> impl IntoView {
    let money = row.money();
    let debit = format!("/ledger/accounts/{}", row.debit_account_id);
    let credit = format!("/ledger/accounts/{}", row.credit_account_id);
    let takes_back = row.reverses.map(|seq| {
        let words = format!("Takes back no. {}", count(seq));
        view! { <Place words seq here=places.contains(&seq) /> }.into_any()
    });
    let take_back = view! { <TakeBack row=row.clone() next places /> };
    view! {
        <tr id=format!("no-{}", row.seq)>
            <td class="num" data-label="No.">
                {count(row.seq)}
            </td>
            <td data-label="Date">
                <When at=row.posted_at date_only=true />
            </td>
            <td class="entry-cell">
                <What kind=row.kind reference=row.reference memo=row.memo note=takes_back />
            </td>
            <td data-label="Debit">
                <a href=debit>{row.debit_code}</a>
            </td>
            <td data-label="Credit">
                <a href=credit>{row.credit_code}</a>
            </td>
            <td class="num" data-label="Amount">
                <Price money />
            </td>
            <td class="journal-action">{take_back}</td>
        </tr>
    }
}

/// What is said of another transfer, as a link where that is on the same page.
#[component]
fn Place(words: String, seq: i64, here: bool) -> impl IntoView {
    match here {
        true => view! { <a href=format!("#no-{seq}")>{words}</a> }.into_any(),
        false => words.into_any(),
    }
}

/// The button that takes a transfer back, once it was asked whether that is meant. What an order posted
/// is given back there, so the way leads to the order.
#[component]
fn TakeBack(row: JournalRow, next: String, places: Vec<i64>) -> impl IntoView {
    if let Some(seq) = row.reversed_by {
        let (words, here) = (
            format!("Taken back by no. {}", count(seq)),
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
        return view! { <a href=href>"See the order"</a> }.into_any();
    }
    let message = format!(
        "{} goes back from {} to {}, as a transfer of its own. This one stays in the books.",
        row.money(),
        row.credit_code,
        row.debit_code
    );
    view! {
        <ConfirmButton
            action=format!("{PATH}/{}/reverse", row.seq)
            label="Reverse"
            title=format!("Reverse transfer no. {}?", row.seq)
            message
            confirm_label="Reverse it"
            hidden=vec![("next".to_owned(), next)]
            small=true
            icon=Icon::Undo
        />
    }
    .into_any()
}
