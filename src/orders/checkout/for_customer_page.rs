//! `/orders/new`: staff place an order for a customer.

use super::bank::BankAccount;
use super::for_customer_forms::{PATH, Row, read_rows};
use crate::accounts::{Acquaintance, find_user_id, list_people, viewer};
use crate::catalog::{Product, ProductFilter, list_products};
use crate::error::AppError;
use crate::i18n::t;
use crate::ledger::find_wallet;
use crate::money::{Currency, Money};
use crate::orders::detail::{AddressFields, DeliveryTotals, find_last_address};
use crate::orders::{Address, Delivery, Payment};
use crate::server::config::OrdersConfig;
use crate::server::forms::Fields;
use crate::server::{Conn, IdempotencyKey, app, page};
use crate::ui::{
    Breadcrumbs, Button, ButtonKind, Choice, Form, FormScope, HiddenField, Icon, Kept, RadioField,
    TextField, typed_into,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// The maximum number of people, and of products, that the fields suggest.
const PROPOSED: i64 = 300;

/// Everything the page shows.
struct ManualOrder {
    rows: Vec<Row>,
    people: Vec<Acquaintance>,
    products: Vec<Product>,
    /// The address of the customer's last order, if no other was typed.
    address: Option<Address>,
    /// The amount available in the customer's wallet; `None` while the customer is unknown.
    available: Option<i64>,
    currency: Currency,
    orders: OrdersConfig,
}

/// `/orders/new`
#[component]
pub fn NewOrderPage() -> impl IntoView {
    let (app, viewer) = (app(), viewer());
    let typed = typed_into(PATH).unwrap_or_default();
    page(async move {
        viewer.staff()?;
        let fields = Fields::from(typed);
        let (currency, orders) = (app.config.shop.currency, app.config.orders);
        let mut conn = app.db.read().await?;
        let mut order = ManualOrder {
            rows: read_rows(&mut conn, &fields).await?,
            people: list_people(&mut conn, PROPOSED).await?,
            products: list_products(&mut conn, &ProductFilter::default(), "", PROPOSED)
                .await?
                .items,
            address: None,
            available: None,
            currency,
            orders,
        };
        know_customer(&mut conn, &fields, &mut order).await?;
        Ok::<_, AppError>(view! { <NewOrder order /> })
    })
}

/// Fills in the wallet balance and last address of the customer whose email address was typed.
async fn know_customer(
    conn: &mut Conn,
    fields: &Fields,
    order: &mut ManualOrder,
) -> Result<(), AppError> {
    let email = fields.text("customer").trim().to_lowercase();
    let Some(customer) = find_user_id(conn, &email).await? else {
        return Ok(());
    };
    let wallet = find_wallet(conn, customer, order.currency).await?;
    let available = wallet.and_then(|wallet| wallet.standing.available());
    order.available = Some(available.unwrap_or(0));
    if fields
        .beginning("address.")
        .all(|(_, text)| text.trim().is_empty())
    {
        order.address = find_last_address(conn, customer).await?;
    }
    Ok(())
}

#[component]
fn NewOrder(order: ManualOrder) -> impl IntoView {
    if order.address.is_some()
        && let Some(kept) = use_context::<Kept>()
    {
        // Fields that were left empty are filled in from the customer's last order.
        let typed = kept.typed.into_iter();
        let typed = typed
            .filter(|(name, _)| !name.starts_with("address."))
            .collect();
        provide_context(Kept { typed, ..kept });
    }
    let ManualOrder {
        rows,
        people,
        products,
        address,
        available,
        currency,
        orders,
    } = order;
    let known = rows.iter().filter_map(Row::known);
    let subtotal = known
        .clone()
        .map(|(product, quantity)| product.price.saturating_mul(quantity))
        .fold(0, i64::saturating_add);
    let seen: Vec<String> = known
        .map(|(product, _)| format!("{}:{}", product.id, product.price))
        .collect();
    let priced = !seen.is_empty();
    view! {
        <Title text=t!("orders-new-title") />
        <Breadcrumbs trail=vec![("/orders/all".into(), t!("orders-all-title").into())] here=t!("orders-new-title") />
        <div class="page-head">
            <div>
                <h1>{t!("orders-new-title")}</h1>
                <p class="lead">{t!("orders-new-lead")}</p>
            </div>
        </div>
        <Form action=PATH id="new-order" class="manual-order" novalidate=true>
            <HiddenField name="idempotency_key" value=IdempotencyKey::new_key() />
            <HiddenField name="seen" value=seen.join(",") />
            <HiddenField name="rows" value=rows.len().to_string() />
            <CustomerField people />
            <Rows rows products currency />
            {priced.then(|| view! { <DeliveryTotals subtotal fees=orders currency /> })}
            <AddressFields address=address.unwrap_or_default() own=false />
            <Terms available currency orders />
            <div class="actions">
                <Button kind=ButtonKind::Primary name="act" value="place" icon=Icon::Check>
                    {t!("orders-new-place")}
                </Button>
            </div>
        </Form>
    }
}

#[component]
fn CustomerField(people: Vec<Acquaintance>) -> impl IntoView {
    let options = people
        .into_iter()
        .map(|person| view! { <option value=person.email>{person.name}</option> })
        .collect::<Vec<_>>();
    view! {
        <TextField
            name="customer"
            label=t!("orders-new-customer")
            kind="email"
            required=true
            list="customers"
            autocomplete="off"
            hint=t!("orders-new-customer-hint")
        />
        <datalist id="customers">{options}</datalist>
    }
}

#[component]
fn Rows(rows: Vec<Row>, products: Vec<Product>, currency: Currency) -> impl IntoView {
    let options = products
        .into_iter()
        .map(
            |product| view! { <option value=format!("{}: {}", product.id, product.name.shown())></option> },
        )
        .collect::<Vec<_>>();
    let rows = (1..)
        .zip(rows)
        .map(|(index, row)| view! { <RowFields index row currency /> })
        .collect::<Vec<_>>();
    view! {
        <fieldset class="manual-rows">
            <legend>{t!("orders-new-items")}</legend>
            {rows}
            <datalist id="products">{options}</datalist>
            <div class="actions">
                <Button name="act" value="look" icon=Icon::Search>
                    {t!("orders-new-look-up")}
                </Button>
                <Button name="act" value="row" icon=Icon::Plus>
                    {t!("orders-new-add-row")}
                </Button>
            </div>
        </fieldset>
    }
}

#[component]
fn RowFields(index: usize, row: Row, currency: Currency) -> impl IntoView {
    let name = format!("product.{index}");
    let refused = FormScope::current().error(&name).is_some();
    let hint = match &row.found {
        _ if refused => String::new(),
        Some(Ok(product)) => t!(
            "orders-new-product-found",
            product = product.name.shown(),
            price = product.money(currency).to_string(),
            available = product.available().max(0)
        ),
        Some(Err(fault)) => fault.clone(),
        None if index == 1 => t!("orders-new-product-hint").to_owned(),
        None => String::new(),
    };
    view! {
        <div class="manual-row">
            <TextField
                name
                label=t!("orders-new-product", row = index)
                value=row.product
                hint
                list="products"
                autocomplete="off"
            />
            <TextField
                name=format!("quantity.{index}")
                label=t!("orders-quantity")
                kind="number"
                value="1"
                min="1"
                max="999"
                inputmode="numeric"
                autocomplete="off"
            />
        </div>
    }
}

#[component]
fn Terms(available: Option<i64>, currency: Currency, orders: OrdersConfig) -> impl IntoView {
    let delivery = |delivery: Delivery| {
        let fee = Money::new(orders.fee(delivery), currency);
        Choice::new(delivery, delivery.label(), fee)
    };
    let deliveries = Delivery::ALL.map(delivery).into();
    let wallet = match available {
        Some(available) => {
            let available = Money::new(available, currency).to_string();
            t!("orders-wallet-available", amount = available)
        }
        None => String::new(),
    };
    let takes_transfers = BankAccount::of(&app()).is_some();
    let transfer =
        takes_transfers.then(|| Choice::new(Payment::Invoice, Payment::Invoice.label(), ""));
    let wallet = Choice::new(Payment::Wallet, t!("orders-new-wallet"), wallet);
    let usual = match takes_transfers {
        true => Payment::Invoice,
        false => Payment::Wallet,
    };
    let payments = transfer.into_iter().chain([wallet]).collect();
    view! {
        <RadioField name="delivery" legend=t!("orders-delivery") value=Delivery::Standard.as_str() choices=deliveries />
        <RadioField name="payment" legend=t!("orders-payment") value=usual.as_str() choices=payments />
    }
}
