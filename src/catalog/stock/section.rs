//! The stock on the page of a product's edit: its number, the form that changes it, its log.

use super::log::{StockChangeLine, Why};
use crate::catalog::product::Product;
use crate::i18n::t;
use crate::number::count;
use crate::order_number::order_path;
use crate::server::IdempotencyKey;
use crate::ui::{Button, Change, Form, HiddenField, Table, TextField, When, gap};
use leptos::prelude::*;

#[component]
pub fn StockSection(product: Product, log: Vec<StockChangeLine>) -> impl IntoView {
    let reasons = [
        t!("catalog-reason-delivery"),
        t!("catalog-reason-return"),
        t!("catalog-reason-stocktake"),
        t!("catalog-reason-damaged"),
        t!("catalog-reason-counter"),
    ]
    .map(|reason| view! { <option value=reason></option> });
    view! {
        <section class="settings-section" id="stock">
            <div class="settings-head">
                <h2>{t!("catalog-stock")}</h2>
                <p>
                    {match product.reserved {
                        0 => t!("catalog-stock-level", stock = product.stock),
                        reserved => {
                            t!(
                                "catalog-stock-level-reserved", stock = product.stock, reserved = reserved
                            )
                        }
                    }} {gap()} {t!("catalog-stock-kept")}
                </p>
            </div>
            <div class="stack">
                <Form action=format!("{}/stock", product.path())>
                    <HiddenField name="idempotency_key" value=IdempotencyKey::new_key() />
                    <div class="field-row">
                        <TextField
                            name="change"
                            label=t!("catalog-stock-change")
                            hint=t!("catalog-stock-change-hint")
                            inputmode="text"
                            required=true
                            autocomplete="off"
                        />
                        <TextField
                            name="reason"
                            label=t!("catalog-stock-reason")
                            required=true
                            maxlength=200_u32
                            list="stock-reasons"
                            autocomplete="off"
                        />
                    </div>
                    <datalist id="stock-reasons">{reasons}</datalist>
                    <div class="actions">
                        <Button>{t!("catalog-stock-adjust")}</Button>
                    </div>
                </Form>
                <StockLog log />
            </div>
        </section>
    }
}

#[component]
fn Reason(why: Why) -> impl IntoView {
    match why {
        Why::Said(reason) => reason.into_any(),
        Why::Shipped(number) => {
            let href = order_path(&number).unwrap_or_default();
            view! { {t!("catalog-stock-shipped")} " " <a href=href>{number}</a> }.into_any()
        }
    }
}

#[component]
fn StockLog(log: Vec<StockChangeLine>) -> impl IntoView {
    if log.is_empty() {
        return view! { <p class="muted">{t!("catalog-stock-nothing")}</p> }.into_any();
    }
    let rows = log
        .into_iter()
        .map(|entry| {
            view! {
                <tr>
                    <td data-label=t!("catalog-stock-when")>
                        <When at=entry.at />
                    </td>
                    <td data-label=t!("catalog-stock-change") class="num">
                        <Change of=entry.change>{count(entry.change)}</Change>
                    </td>
                    <td data-label=t!("catalog-on-hand") class="num">
                        {count(entry.on_hand)}
                    </td>
                    <td data-label=t!("catalog-stock-reason")>
                        <Reason why=entry.why />
                    </td>
                    <td data-label=t!("catalog-stock-by")>{entry.actor}</td>
                </tr>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <Table
            caption=t!("catalog-stock-log")
            head=vec![t!("catalog-stock-when"), t!("catalog-stock-change"), t!("catalog-on-hand"), t!("catalog-stock-reason"), t!("catalog-stock-by")]
            num=&[1, 2]
            dense=true
            stack=true
            show_caption=true
        >
            {rows}
        </Table>
    }
    .into_any()
}
