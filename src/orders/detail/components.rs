//! Components shared by several order pages.

use super::wording::tone;
use crate::i18n::{current, t};
use crate::money::{Currency, Money};
use crate::orders::checkout::{country_name, country_options};
use crate::orders::{Address, Delivery, Line, OrderState, Status};
use crate::server::config::OrdersConfig;
use crate::ui::{Badge, Price, SelectField, Table, TextField, Tone, lang_of};
use leptos::prelude::*;

#[component]
pub fn StatusBadge(status: Status) -> impl IntoView {
    view! { <Badge tone=tone(status)>{status.label()}</Badge> }
}

#[component]
pub fn FlaggedBadge() -> impl IntoView {
    view! { <Badge tone=Tone::Bad>{t!("orders-flagged")}</Badge> }
}

/// The form fields of a delivery address.
#[component]
pub fn AddressFields(
    /// The initial values of the fields.
    address: Address,
    /// True if the browser may autofill its user's own address.
    #[prop(default = true)]
    own: bool,
) -> impl IntoView {
    let auto = |word: &'static str| if own { word } else { "off" };
    view! {
        <fieldset class="address-fields">
            <legend>{t!("orders-address")}</legend>
            <TextField name="address.name" label=t!("orders-address-name") value=address.name required=true maxlength=80_u32 autocomplete=auto("name") />
            <TextField name="address.line1" label=t!("orders-address-line1") value=address.line1 required=true maxlength=120_u32 autocomplete=auto("address-line1") />
            <div class="field-row">
                <TextField name="address.postal_code" label=t!("orders-address-postal-code") value=address.postal_code hint=t!("orders-address-postal-code-hint") maxlength=12_u32 autocomplete=auto("postal-code") />
                <TextField name="address.city" label=t!("orders-address-city") value=address.city required=true maxlength=80_u32 autocomplete=auto("address-level2") />
            </div>
            <div class="field-row">
                <TextField name="address.state" label=t!("orders-address-state") value=address.state hint=t!("orders-address-state-hint") maxlength=80_u32 autocomplete=auto("address-level1") />
                <SelectField
                    name="address.country"
                    label=t!("orders-address-country")
                    value=address.country
                    options=country_options()
                    required=true
                    autocomplete=auto("country")
                />
            </div>
            <TextField name="address.phone" label=t!("orders-address-phone") kind="tel" value=address.phone hint=t!("orders-address-phone-hint") maxlength=30_u32 autocomplete=auto("tel") />
        </fieldset>
    }
}

/// An address as written on a parcel.
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
            <span lang=current().as_str()>{country}</span>
            {(!phone.is_empty()).then(|| view! { <span>{phone}</span> })}
        </address>
    }
}

/// The order's lines and total.
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
        (t!("orders-subtotal"), state.subtotal()),
        (delivery_words(state.delivery), state.delivery_fee),
    ];
    let sums = sums
        .map(|(label, minor)| view! { <SumRow label minor currency /> })
        .into_iter()
        .collect::<Vec<_>>();
    let total = state.total();
    view! {
        <Table
            caption=if some_came_back { t!("orders-lines-returned-caption") } else { t!("orders-lines-caption") }
            class="order-lines"
            head=vec![t!("orders-product"), t!("orders-price"), t!("orders-quantity"), t!("orders-sum")]
            num=&[1, 2, 3]
            stack=true
        >
            {rows}
            {sums}
            <SumRow label=t!("orders-total") minor=total currency total=true />
        </Table>
    }
}

#[component]
fn LineRow(line: Line, currency: Currency) -> impl IntoView {
    let sum = Money::new(line.total(), currency);
    let each = Money::new(line.unit_price, currency);
    let href = format!("/products/{}", line.product_id);
    let back = (line.returned > 0).then(|| t!("orders-line-returned", count = line.returned));
    let lang = lang_of(line.name.shown());
    view! {
        <tr>
            <th scope="row">
                <a href=href lang=lang>
                    {line.name.shown().to_owned()}
                </a>
                {back.map(|back| view! { <span class="line-note">{back}</span> })}
            </th>
            <td class="num" data-label=t!("orders-price")>
                <Price money=each />
            </td>
            <td class="num" data-label=t!("orders-quantity")>
                {line.quantity}
            </td>
            <td class="num" data-label=t!("orders-sum")>
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

/// The order's total for each delivery method, so that nothing has to be computed in the browser.
#[component]
pub fn DeliveryTotals(subtotal: i64, fees: OrdersConfig, currency: Currency) -> impl IntoView {
    let rows = Delivery::ALL
        .into_iter()
        .map(|delivery| {
            let fee = fees.fee(delivery);
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
        <Table
            caption=t!("orders-total")
            class="delivery-totals"
            head=vec![t!("orders-with-delivery"), t!("orders-fee"), t!("orders-total")]
            num=&[1, 2]
            show_caption=true
        >
            {rows}
        </Table>
    }
}

/// Returns the delivery method's name, for places where nothing else says that it is about delivery.
pub fn delivery_words(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Standard => t!("orders-standard-delivery"),
        Delivery::Express => t!("orders-express-delivery"),
    }
}

/// Formats a number of minutes as days, hours or minutes.
pub fn duration(minutes: i64) -> String {
    match minutes {
        minutes if minutes % 1_440 == 0 => t!("orders-days", count = minutes / 1_440),
        minutes if minutes % 60 == 0 => t!("orders-hours", count = minutes / 60),
        minutes => t!("orders-minutes", count = minutes),
    }
}
