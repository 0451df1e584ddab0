//! Components that several pages of orders show.

use super::wording::tone;
use crate::money::{Currency, Money};
use crate::orders::checkout::{country_name, country_options};
use crate::orders::{Address, Delivery, Line, OrderState, Payment, Status};
use crate::server::config::OrdersConfig;
use crate::ui::{Badge, Price, SelectField, Table, TextField, Tone, lang_of};
use leptos::prelude::*;

#[component]
pub fn StatusBadge(status: Status) -> impl IntoView {
    view! { <Badge tone=tone(status)>{status.label()}</Badge> }
}

#[component]
pub fn FlaggedBadge() -> impl IntoView {
    view! { <Badge tone=Tone::Bad>"Flagged"</Badge> }
}

/// Where an order goes, field by field.
#[component]
pub fn AddressFields(
    /// What stands in the fields to begin with.
    address: Address,
    #[prop(default = "Where it goes")] legend: &'static str,
    /// Whether the browser may fill in its own person's address.
    #[prop(default = true)]
    own: bool,
) -> impl IntoView {
    let auto = |word: &'static str| if own { word } else { "off" };
    view! {
        <fieldset class="address-fields">
            <legend>{legend}</legend>
            <TextField name="address.name" label="Name" value=address.name required=true maxlength=80_u32 autocomplete=auto("name") />
            <TextField name="address.line1" label="Street and number" value=address.line1 required=true maxlength=120_u32 autocomplete=auto("address-line1") />
            <div class="field-row">
                <TextField name="address.postal_code" label="Postal code" value=address.postal_code hint="Empty where the country has none." maxlength=12_u32 autocomplete=auto("postal-code") />
                <TextField name="address.city" label="City" value=address.city required=true maxlength=80_u32 autocomplete=auto("address-level2") />
            </div>
            <div class="field-row">
                <TextField name="address.state" label="State or province" value=address.state hint="Where addresses have one; may be empty." maxlength=80_u32 autocomplete=auto("address-level1") />
                <SelectField
                    name="address.country"
                    label="Country"
                    value=address.country
                    options=country_options()
                    required=true
                    autocomplete=auto("country")
                />
            </div>
            <TextField name="address.phone" label="Telephone" kind="tel" value=address.phone hint="For the carrier; may be empty." maxlength=30_u32 autocomplete=auto("tel") />
        </fieldset>
    }
}

/// An address as it stands on a parcel.
#[component]
pub fn AddressView(address: Address) -> impl IntoView {
    let town = address.town();
    let Address {
        name,
        line1,
        city,
        state,
        country,
        phone,
        ..
    } = address;
    let lang = lang_of(&format!("{name}{line1}{city}"));
    let country = country_name(&country).map_or(country, str::to_owned);
    view! {
        <address class="address" lang=lang>
            <strong>{name}</strong>
            <span>{line1}</span>
            <span>{town}</span>
            {(!state.is_empty()).then(|| view! { <span>{state}</span> })}
            <span lang="en">{country}</span>
            {(!phone.is_empty()).then(|| view! { <span>{phone}</span> })}
        </address>
    }
}

/// What was ordered, and what it comes to.
#[component]
pub fn LinesTable(state: OrderState) -> impl IntoView {
    let currency = state.currency;
    let some_came_back = state.items.iter().any(|line| line.returned > 0);
    let rows = state
        .items
        .iter()
        .cloned()
        .map(|line| view! { <LineRow line currency /> })
        .collect::<Vec<_>>();
    let sums = [
        ("Things", state.subtotal()),
        (
            match state.delivery {
                Delivery::Standard => "Standard delivery",
                Delivery::Express => "Express delivery",
            },
            state.delivery_fee,
        ),
    ];
    let sums = sums
        .map(|(label, minor)| view! { <SumRow label minor currency /> })
        .into_iter()
        .collect::<Vec<_>>();
    let total = state.total();
    view! {
        <Table
            caption=if some_came_back { "What was ordered, and what came back" } else { "What was ordered" }
            class="order-lines"
            head=vec!["Product", "Price", "Quantity", "Sum"]
            num=&[1, 2, 3]
            stack=true
        >
            {rows}
            {sums}
            <SumRow label="Total" minor=total currency total=true />
        </Table>
    }
}

#[component]
fn LineRow(line: Line, currency: Currency) -> impl IntoView {
    let sum = Money::new(line.total(), currency);
    let each = Money::new(line.unit_price, currency);
    let href = format!("/products/{}", line.product_id);
    let back = (line.returned > 0).then(|| format!("{} came back", line.returned));
    let lang = lang_of(&line.name);
    view! {
        <tr>
            <th scope="row">
                <a href=href lang=lang>
                    {line.name}
                </a>
                {back.map(|back| view! { <span class="line-note">{back}</span> })}
            </th>
            <td class="num" data-label="Price">
                <Price money=each />
            </td>
            <td class="num" data-label="Quantity">
                {line.quantity}
            </td>
            <td class="num" data-label="Sum">
                <Price money=sum />
            </td>
        </tr>
    }
}

#[component]
fn SumRow(
    label: &'static str,
    minor: i64,
    currency: Currency,
    #[prop(optional)] total: bool,
) -> impl IntoView {
    let class = if total {
        "sum-row sum-total"
    } else {
        "sum-row"
    };
    view! {
        <tr class=class>
            <th scope="row" colspan="3">
                {label}
            </th>
            <td class="num">
                <Price money=Money::new(minor, currency) />
            </td>
        </tr>
    }
}

/// What an order comes to with each way of delivery, so that nothing has to be computed in the
/// browser.
#[component]
pub fn DeliveryTotals(subtotal: i64, fees: OrdersConfig, currency: Currency) -> impl IntoView {
    let rows = Delivery::ALL
        .iter()
        .map(|delivery| {
            let fee = fees.fee(*delivery);
            let total = subtotal.saturating_add(fee);
            view! {
                <tr>
                    <th scope="row">{delivery.label()}</th>
                    <td class="num">
                        <Price money=Money::new(fee, currency) />
                    </td>
                    <td class="num">
                        <Price money=Money::new(total, currency) />
                    </td>
                </tr>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <Table caption="What it comes to" class="delivery-totals" head=vec!["With delivery", "Fee", "Total"] num=&[1, 2] show_caption=true>
            {rows}
        </Table>
    }
}

/// How an order is paid for, in a word or two.
pub const fn payment_words(payment: Payment) -> &'static str {
    match payment {
        Payment::Wallet => "From the wallet",
        Payment::Invoice => "Bank transfer",
    }
}

/// So many minutes, as people say it.
pub fn duration(minutes: i64) -> String {
    let (count, unit) = match minutes {
        minutes if minutes % 1_440 == 0 => (minutes / 1_440, "day"),
        minutes if minutes % 60 == 0 => (minutes / 60, "hour"),
        minutes => (minutes, "minute"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}
