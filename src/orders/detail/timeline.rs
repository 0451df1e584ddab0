//! The history of an order, and navigation through it.

use super::as_of::AsOf;
use super::view::OrderView;
use super::wording::{event_details, event_title};
use crate::i18n::t;
use crate::ledger::{Hold, HoldStatus, JournalRow, PurchasePart};
use crate::money::{Currency, Money};
use crate::orders::order::OrderEvent;
use crate::ui::{
    Alert, Badge, Button, ButtonKind, Icon, LinkButton, Price, Table, Tone, When, lang_of,
};
use leptos::prelude::*;

/// A warning that the page shows a past state of the order.
#[component]
pub fn PastBanner(view: OrderView) -> impl IntoView {
    let AsOf { seq, .. } = view.shown;
    let last = view.order.state.version;
    let event = view.events.iter().find(|event| event.seq == seq).cloned()?;
    let stood = t!(
        "orders-past-after",
        seq = seq,
        last = last,
        event = event_title(&event.event)
    );
    Some(view! {
        <Alert tone=Tone::Warn title=t!("orders-past")>
            <p>
                {stood} " · " <When at=event.at />
            </p>
            <p>{t!("orders-past-nothing")}</p>
            <LinkButton href=view.order.path() small=true>
                {t!("orders-past-back")}
            </LinkButton>
        </Alert>
    })
}

/// All events of the order, each linking to the order as it stood then.
#[component]
pub fn HistorySection(view: OrderView) -> impl IntoView {
    let items = view.order.state.items.clone();
    let currency = view.order.state.currency;
    let events = view
        .events
        .iter()
        .cloned()
        .map(|written| {
            let details = event_details(&written.event, &items, currency);
            let (href, shown) = (view.href_at(written.seq), view.shown.seq);
            view! { <EventItem written details href shown /> }
        })
        .collect::<Vec<_>>();
    view! {
        <section id="history" aria-labelledby="history-title">
            <h2 id="history-title">{t!("orders-history")}</h2>
            <TimeMachine view=view.clone() />
            <ol class="timeline">{events}</ol>
        </section>
    }
}

/// Controls that move back or forward by one event, or to any of them.
#[component]
fn TimeMachine(view: OrderView) -> impl IntoView {
    let (shown, last) = (view.shown.seq, view.order.state.version);
    if last < 2 {
        return None;
    }
    let step = |seq: i64, label: &'static str, icon: Icon| {
        (1..=last).contains(&seq).then(|| {
            let href = view.href_at(seq);
            view! { <LinkButton href kind=ButtonKind::Quiet small=true icon label /> }
        })
    };
    let (before, after) = (
        step(shown - 1, t!("orders-history-back"), Icon::ChevronLeft),
        step(shown + 1, t!("orders-history-on"), Icon::ChevronRight),
    );
    Some(view! {
        <form class="time-machine" method="get" action=view.order.path()>
            <label for="time-machine-at">{t!("orders-history-at", seq = shown, last = last)}</label>
            <div class="time-machine-row">
                {before}
                <input
                    type="range"
                    id="time-machine-at"
                    name="at"
                    min="1"
                    max=last.to_string()
                    step="1"
                    value=shown.to_string()
                    list="time-machine-events"
                />
                {after} <Button small=true>{t!("orders-history-go")}</Button>
            </div>
            <datalist id="time-machine-events">
                {(1..=last).map(|seq| view! { <option value=seq.to_string()></option> }).collect::<Vec<_>>()}
            </datalist>
        </form>
    })
}

#[component]
fn EventItem(
    written: OrderEvent,
    details: String,
    /// The URL of the order as it stood then.
    href: String,
    /// The event after which the order is shown.
    shown: i64,
) -> impl IntoView {
    let by = t!("orders-event-by", name = written.actor_label());
    let OrderEvent {
        seq,
        event,
        trace_id,
        at,
        ..
    } = written;
    let title = event_title(&event);
    let class = if seq > shown {
        "event is-later"
    } else {
        "event"
    };
    let current = (seq == shown).then_some("true");
    let lang = lang_of(&details);
    let label = t!("orders-event-then-of", event = title);
    view! {
        <li class=class aria-current=current>
            <p class="event-head">
                <strong>{title}</strong>
                <span>
                    {by} " · " <When at />
                </span>
            </p>
            {(!details.is_empty()).then(|| view! { <p class="event-details" lang=lang>{details}</p> })}
            <p class="event-foot">
                {if seq == shown {
                    view! { <Badge tone=Tone::Info>{t!("orders-event-shown")}</Badge> }.into_any()
                } else {
                    view! { <a href=href aria-label=label>{t!("orders-event-then")}</a> }.into_any()
                }}
                {(!trace_id.is_empty())
                    .then(|| {
                        view! {
                            <span class="event-trace">
                                {t!("orders-event-request")} " " <code>{trace_id}</code>
                            </span>
                        }
                    })}
            </p>
        </li>
    }
}

/// The order's reservations, hold and transfers, as they are or were.
#[component]
pub fn Books(view: OrderView) -> impl IntoView {
    let AsOf { state, books, .. } = view.shown.clone();
    let title = if view.is_past() {
        t!("orders-books-then")
    } else {
        t!("orders-books")
    };
    let stock = if state.status.reserves() {
        let lines = state
            .items
            .iter()
            .map(|line| {
                let lang = lang_of(line.name.shown());
                view! { <li lang=lang>{format!("{} × {}", line.quantity, line.name.shown())}</li> }
            })
            .collect::<Vec<_>>();
        view! {
            <p>{t!("orders-books-reserved")}</p>
            <ul>{lines}</ul>
        }
        .into_any()
    } else {
        view! { <p>{t!("orders-books-none-reserved")}</p> }.into_any()
    };
    let for_staff = view.for_staff();
    view! {
        <section class="order-books" aria-labelledby="books-title">
            <h2 id="books-title">{title}</h2>
            {stock}
            <HeldLine hold=books.hold currency=state.currency />
            <Transfers number=view.order.number transfers=books.transfers for_staff />
        </section>
    }
}

#[component]
fn HeldLine(hold: Option<Hold>, currency: Currency) -> impl IntoView {
    let Some(hold) = hold else {
        return view! { <p>{t!("orders-hold-none")}</p> }.into_any();
    };
    let amount = Money::new(hold.amount, currency);
    let became = match hold.status {
        HoldStatus::Open => (Tone::Info, t!("orders-authorised")),
        HoldStatus::Captured => (Tone::Good, t!("orders-captured")),
        HoldStatus::Voided => (Tone::Neutral, t!("orders-hold-voided")),
        HoldStatus::Expired => (Tone::Neutral, t!("orders-hold-expired")),
    };
    let (tone, became) = became;
    view! {
        <p>
            <Badge tone>{became}</Badge> " " <Price money=amount /> " " {t!("orders-hold-since")} " " <When at=hold.created_at />
        </p>
    }
    .into_any()
}

#[component]
fn Transfers(number: String, transfers: Vec<JournalRow>, for_staff: bool) -> impl IntoView {
    if transfers.is_empty() {
        return view! { <p>{t!("orders-transfers-none")}</p> }.into_any();
    }
    let rows = transfers
        .into_iter()
        .map(|row| {
            let what = transfer_title(&number, &row);
            view! { <TransferRow what row for_staff /> }
        })
        .collect::<Vec<_>>();
    let (head, num): (Vec<&str>, &'static [usize]) = if for_staff {
        let sides = [t!("orders-debit"), t!("orders-credit")];
        (
            [
                &[t!("orders-date"), t!("orders-description")],
                &sides[..],
                &[t!("orders-amount")],
            ]
            .concat(),
            &[4],
        )
    } else {
        (
            vec![
                t!("orders-date"),
                t!("orders-description"),
                t!("orders-amount"),
            ],
            &[2],
        )
    };
    view! {
        <Table caption=t!("orders-transfers") head num dense=true stack=true>
            {rows}
        </Table>
    }
    .into_any()
}

/// Returns the title of a transfer on the page of the order with this number.
fn transfer_title(number: &str, row: &JournalRow) -> &'static str {
    match PurchasePart::of(number, &row.id) {
        Some(PurchasePart::Payment) => t!("orders-transfer-in"),
        Some(PurchasePart::Capture) => t!("orders-transfer-capture"),
        Some(PurchasePart::Refund(_)) => t!("orders-transfer-refund"),
        None => row.kind.label(),
    }
}

#[component]
fn TransferRow(what: &'static str, row: JournalRow, for_staff: bool) -> impl IntoView {
    let money = row.money();
    let account = |id: i64, code: String| {
        view! { <a href=format!("/ledger/accounts/{id}")>{code}</a> }
    };
    let sides = for_staff.then(|| {
        let debit = account(row.debit_account_id, row.debit_code);
        let credit = account(row.credit_account_id, row.credit_code);
        view! {
            <td data-label=t!("orders-debit")>{debit}</td>
            <td data-label=t!("orders-credit")>{credit}</td>
        }
    });
    view! {
        <tr>
            <td data-label=t!("orders-date")>
                <When at=row.posted_at />
            </td>
            <td data-label=t!("orders-description")>{what}</td>
            {sides}
            <td class="num" data-label=t!("orders-amount")>
                <Price money />
            </td>
        </tr>
    }
}
