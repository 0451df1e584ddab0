//! The stock on the page of a product's edit: its number, the form that changes it, its log.

use super::log::{StockChangeLine, Why};
use crate::catalog::product::Product;
use crate::number::count;
use crate::order_number::order_path;
use crate::server::IdempotencyKey;
use crate::ui::{Button, Change, Form, HiddenField, Table, TextField, When};
use leptos::prelude::*;

#[component]
pub fn StockSection(product: Product, log: Vec<StockChangeLine>) -> impl IntoView {
    let reasons = [
        "Delivery",
        "Return",
        "Stocktake",
        "Damaged",
        "Sold at the counter",
    ]
    .map(|reason| view! { <option value=reason></option> });
    view! {
        <section class="settings-section" id="stock">
            <div class="settings-head">
                <h2>"Stock"</h2>
                <p>
                    <strong class="num">{count(product.stock)}</strong>
                    " on hand"
                    {(product.reserved > 0)
                        .then(|| format!(", {} of them reserved for open orders", count(product.reserved)))}
                    ". Every change is kept with its reason."
                </p>
            </div>
            <div class="stack">
                <Form action=format!("{}/stock", product.path())>
                    <HiddenField name="once" value=IdempotencyKey::new_key() />
                    <div class="field-row">
                        <TextField
                            name="change"
                            label="Change"
                            hint="12 come in, -3 go out."
                            inputmode="text"
                            required=true
                            autocomplete="off"
                        />
                        <TextField
                            name="reason"
                            label="Reason"
                            required=true
                            maxlength=200_u32
                            list="stock-reasons"
                            autocomplete="off"
                        />
                    </div>
                    <datalist id="stock-reasons">{reasons}</datalist>
                    <div class="actions">
                        <Button>"Adjust the stock"</Button>
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
            view! { "Shipped with " <a href=href>{number}</a> }.into_any()
        }
    }
}

#[component]
fn StockLog(log: Vec<StockChangeLine>) -> impl IntoView {
    if log.is_empty() {
        return view! { <p class="muted">"Nothing has come in or gone out yet."</p> }.into_any();
    }
    let rows = log
        .into_iter()
        .map(|entry| {
            view! {
                <tr>
                    <td data-label="When">
                        <When at=entry.at />
                    </td>
                    <td data-label="Change" class="num">
                        <Change of=entry.change>{count(entry.change)}</Change>
                    </td>
                    <td data-label="On hand" class="num">
                        {count(entry.on_hand)}
                    </td>
                    <td data-label="Reason">
                        <Reason why=entry.why />
                    </td>
                    <td data-label="By">{entry.actor}</td>
                </tr>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <Table
            caption="Latest changes of the stock"
            head=vec!["When", "Change", "On hand", "Reason", "By"]
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
