//! The form with which staff place an order for a customer on the phone or at the counter.

use super::fields::{read_address, read_seen};
use super::new_order::{MOST_LINES, NewItem, NewOrder};
use super::place::place_order;
use crate::accounts::{Staff, find_names, find_user_id};
use crate::catalog::{
    Product, ProductFilter, ProductKey, check_quantity, find_product, list_products,
};
use crate::error::{AppError, FieldErrors};
use crate::i18n::t;
use crate::server::forms::{Fields, again};
use crate::server::{App, Conn, IdempotencyKey, Posted, done};
use crate::text::fold;
use crate::ui::Flash;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;

pub const PATH: &str = "/orders/new";

pub fn form_router() -> Router<App> {
    Router::new().route(PATH, post(manual_order_form))
}

/// A row of the form: the text as typed, and the product it was found to mean.
#[derive(Clone, Debug)]
pub struct Row {
    pub product: String,
    pub quantity: String,
    /// The product, or the reason why none was found; `None` if nothing was typed.
    pub found: Option<Result<Product, String>>,
}

impl Row {
    /// Returns the product and its quantity; `None` unless both are known.
    pub fn known(&self) -> Option<(&Product, i64)> {
        let product = self.found.as_ref()?.as_ref().ok()?;
        let quantity = read_quantity(&self.quantity).ok()?;
        Some((product, quantity))
    }
}

/// Reads the rows as typed, and looks each product up.
pub async fn read_rows(conn: &mut Conn, fields: &Fields) -> Result<Vec<Row>, AppError> {
    let mut rows = Vec::new();
    for index in 1..=count_rows(fields) {
        let product = fields.text(&format!("product.{index}")).trim().to_owned();
        let found = match product.as_str() {
            "" => None,
            text => Some(look_up(conn, text).await?),
        };
        let quantity = fields.text(&format!("quantity.{index}")).to_owned();
        rows.push(Row {
            product,
            quantity,
            found,
        });
    }
    Ok(rows)
}

/// Returns the number of rows in the form; one more if another was asked for.
fn count_rows(fields: &Fields) -> usize {
    const AT_FIRST: usize = 3;
    let shown = fields.text("rows").parse().unwrap_or(AT_FIRST);
    let more = usize::from(fields.text("act") == "row");
    (shown + more).clamp(1, MOST_LINES)
}

/// The maximum number of products named where several fit.
const TOLD: i64 = 5;

/// Finds the product meant by an id, a slug, or words of its name.
async fn look_up(conn: &mut Conn, text: &str) -> Result<Result<Product, String>, AppError> {
    // The suggestions' format: `12: Stoneware mug`.
    let number = text.split(':').next().unwrap_or_default().trim();
    if let Some(key) = ProductKey::read(number)
        && let Some(product) = find_product(conn, &key).await?
    {
        return Ok(Ok(product));
    }
    let filter = ProductFilter {
        text: text.chars().take(200).collect(),
        ..ProductFilter::default()
    };
    let found = list_products(conn, &filter, "", TOLD).await?;
    let named = |product: &&Product| product.name.all().any(|name| fold(name) == fold(text));
    let mut fits = found.items.iter().filter(named);
    Ok(match (found.items.as_slice(), fits.next(), fits.next()) {
        ([], ..) => Err(t!("orders-new-no-product").to_owned()),
        ([product], ..) | (_, Some(product), None) => Ok(product.clone()),
        (several, ..) => {
            let name = |product: &Product| format!("{} ({})", product.name.shown(), product.id);
            let names: Vec<_> = several.iter().map(name).collect();
            let names = names.join(t!("orders-comma"));
            Err(t!("orders-new-which-product", products = names))
        }
    })
}

fn read_quantity(text: &str) -> Result<i64, String> {
    let quantity = match text.trim() {
        "" => 1,
        text => text
            .parse()
            .map_err(|_| t!("orders-new-how-many").to_owned())?,
    };
    check_quantity(quantity)
}

async fn manual_order_form(
    State(app): State<App>,
    Staff(user): Staff,
    Posted(fields): Posted<Fields>,
) -> Result<Response, AppError> {
    if fields.has("act") && fields.text("act") != "place" {
        return Ok(again());
    }
    let mut conn = app.db.read().await?;
    let mut faults = FieldErrors::new();
    let email = fields.text("customer").trim().to_lowercase();
    let customer = find_user_id(&mut conn, &email).await?;
    if customer.is_none() {
        let message = t!("orders-new-no-customer");
        faults.insert("customer".to_owned(), message.to_owned());
    }
    let rows = read_rows(&mut conn, &fields).await?;
    let items = read_items(&rows, &fields, &mut faults);
    let address = read_address(&fields);
    if let Err(wrong) = address.check("address.") {
        faults.extend(wrong.errors);
    }
    let Some(customer) = customer.filter(|_| faults.is_empty()) else {
        return Err(AppError::invalid_fields(faults));
    };
    let names = find_names(&mut conn, &[customer]).await?;
    drop(conn);
    let input = NewOrder {
        items: Some(items),
        address,
        delivery: fields.text("delivery").to_owned(),
        payment: fields.text("payment").to_owned(),
        seen: None,
    };
    let once = IdempotencyKey::from_field(fields.text("idempotency_key"));
    let order = place_order(&app, &user, customer, once, input).await?;
    let name = names
        .get(&customer)
        .map_or(t!("orders-new-customer-unnamed"), String::as_str);
    let said = t!("orders-new-placed", number = &order.number, name = name);
    Ok(done(&order.path(), Flash::good(said)))
}

fn read_items(rows: &[Row], fields: &Fields, faults: &mut FieldErrors) -> Vec<NewItem> {
    let seen = read_seen(fields.text("seen")).unwrap_or_default();
    let mut items = Vec::new();
    for (index, row) in (1..).zip(rows) {
        let Some(found) = &row.found else { continue };
        let quantity = read_quantity(&row.quantity);
        match (found, quantity) {
            (Ok(product), Ok(quantity)) => items.push(NewItem {
                product_id: product.id,
                quantity,
                price: seen.get(&product.id).map(|seen| seen.price),
            }),
            (found, quantity) => {
                if let Err(fault) = found {
                    faults.insert(format!("product.{index}"), fault.clone());
                }
                if let Err(fault) = quantity {
                    faults.insert(format!("quantity.{index}"), fault);
                }
            }
        }
    }
    if items.is_empty() && rows.iter().all(|row| row.found.is_none()) {
        let message = t!("orders-new-no-products");
        faults.insert("product.1".to_owned(), message.to_owned());
    }
    items
}
