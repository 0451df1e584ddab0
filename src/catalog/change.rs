//! Making products and changing them.

use super::product::{Product, ProductKey};
use super::rules::{check_description, check_picture_alt, check_price, check_stock};
use super::stock::log_stock;
use super::store::{self, ProductValues};
use super::{ProductName, Slug};
use crate::accounts::User;
use crate::error::{AppError, Faults};
use crate::server::{App, Conn};
use serde::Deserialize;

/// A product to be made.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProduct {
    pub name: String,
    /// The last part of its address; made from the name where absent. It never changes: links keep working.
    #[serde(default)]
    pub slug: String,
    /// Markdown.
    #[serde(default)]
    pub description: String,
    /// In the currency's minor unit.
    pub price: i64,
    /// A category's slug; the first category where absent.
    #[serde(default)]
    pub category: String,
    #[serde(default)]
    pub stock: i64,
    #[serde(default = "yes")]
    pub active: bool,
}

fn yes() -> bool {
    true
}

/// A change of a product. What is absent stays.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ProductChange {
    pub name: Option<String>,
    /// Markdown.
    pub description: Option<String>,
    /// In the currency's minor unit.
    pub price: Option<i64>,
    /// A category's slug.
    pub category: Option<String>,
    /// How many there are now; the difference goes to the stock's log.
    pub stock: Option<i64>,
    pub active: Option<bool>,
    /// What the picture shows, in words.
    pub picture_alt: Option<String>,
    /// The version the change starts from. Where it is given and no longer the present one: 409.
    pub version: Option<i64>,
}

/// Reads the product that an address names.
pub async fn read_product(conn: &mut Conn, key: &str) -> Result<Product, AppError> {
    let missing = || AppError::not_found("product");
    let key = ProductKey::read(key).ok_or_else(missing)?;
    store::find_product(conn, &key).await?.ok_or_else(missing)
}

/// The same, for somebody who may only see what is for sale.
pub async fn read_visible_product(
    conn: &mut Conn,
    key: &str,
    staff: bool,
) -> Result<Product, AppError> {
    let product = read_product(conn, key).await?;
    if product.active || staff {
        Ok(product)
    } else {
        Err(AppError::not_found("product"))
    }
}

/// Makes the product, and opens its stock's log.
pub async fn create_product(
    app: &App,
    actor: &User,
    input: NewProduct,
) -> Result<Product, AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let Checked {
        name,
        slug,
        description,
        category_id,
    } = check_new(&mut tx, &input).await?;
    let slug = match slug {
        Some(slug) => slug,
        None => free_slug(&mut tx, &name).await?,
    };
    let values = ProductValues {
        category_id,
        slug: slug.as_str(),
        name: name.as_str(),
        name_key: &name.key(),
        description: &description,
        price: input.price,
        on_hand: input.stock,
        active: input.active,
    };
    let id = store::create_product(&mut tx, &values, now).await?;
    store::index_product(&mut tx, id, name.as_str(), &description).await?;
    if input.stock > 0 {
        let stock = (input.stock, input.stock);
        log_stock(&mut tx, id, Some(actor.id), stock, "Opening stock", now).await?;
    }
    let product = read_again(&mut tx, id).await?;
    app.shop.commit(tx).await?;
    tracing::info!(product.id = id, user.id = actor.id, "A product was made");
    Ok(product)
}

/// What of a new product had to be read or looked up; its numbers are sound as they came.
struct Checked {
    name: ProductName,
    /// None where it is to be made from the name.
    slug: Option<Slug>,
    description: String,
    category_id: i64,
}

/// Checks everything, and says all that is at fault at once.
async fn check_new(conn: &mut Conn, input: &NewProduct) -> Result<Checked, AppError> {
    let mut faults = Faults::default();
    let name = faults.check("name", input.name.parse::<ProductName>());
    let slug = match input.slug.trim() {
        "" => None,
        slug => faults.check("slug", slug.parse::<Slug>()),
    };
    let description = faults.check("description", check_description(&input.description));
    faults.check("price", check_price(input.price));
    faults.check("stock", check_stock(input.stock));
    let category = find_category(conn, &input.category).await?;
    let category = faults.check("category", category);
    faults.finish()?;
    match (name, description, category) {
        (Some(name), Some(description), Some(category_id)) => Ok(Checked {
            name,
            slug,
            description,
            category_id,
        }),
        _ => Err(AppError::internal()),
    }
}

/// Applies the change, all of it or nothing.
pub async fn update_product(
    app: &App,
    actor: &User,
    key: &str,
    change: ProductChange,
) -> Result<Product, AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let found = read_product(&mut tx, key).await?;
    let before = store::lock_product(&mut tx, found.id)
        .await?
        .ok_or_else(|| AppError::not_found("product"))?;
    if change
        .version
        .is_some_and(|version| version != before.version)
    {
        return Err(AppError::stale("product"));
    }
    let (after, stock) = changed(&mut tx, &before, change).await?;
    if after != before {
        if !store::update_product(&mut tx, &after, now).await? {
            return Err(AppError::stale("product"));
        }
        store::index_product(&mut tx, after.id, &after.name, &after.description).await?;
    }
    let difference = stock - before.stock;
    if difference != 0 {
        store::change_stock(&mut tx, after.id, difference, now).await?;
        let reason = "Set to the number counted";
        log_stock(
            &mut tx,
            after.id,
            Some(actor.id),
            (difference, stock),
            reason,
            now,
        )
        .await?;
    }
    let after = read_again(&mut tx, after.id).await?;
    app.shop.commit(tx).await?;
    tracing::info!(
        product.id = after.id,
        user.id = actor.id,
        "A product was changed"
    );
    Ok(after)
}

/// The product as it will be, and its stock, or every field that is at fault.
async fn changed(
    conn: &mut Conn,
    before: &Product,
    change: ProductChange,
) -> Result<(Product, i64), AppError> {
    let mut after = before.clone();
    let mut faults = Faults::default();
    if let Some(name) = change.name {
        let name = faults.check("name", name.parse::<ProductName>());
        after.name = name.map_or_else(String::new, |name| name.as_str().to_owned());
    }
    if let Some(text) = change.description {
        let text = faults.check("description", check_description(&text));
        after.description = text.unwrap_or_default();
    }
    if let Some(price) = change.price {
        after.price = faults
            .check("price", check_price(price))
            .unwrap_or_default();
    }
    if let Some(alt) = change.picture_alt {
        after.picture_alt = faults
            .check("picture_alt", check_picture_alt(&alt))
            .unwrap_or_default();
    }
    if let Some(slug) = change.category.filter(|slug| *slug != before.category.slug) {
        let category = find_category(conn, &slug).await?;
        after.category.id = faults.check("category", category).unwrap_or_default();
    }
    let stock = change.stock.unwrap_or(before.stock);
    faults.check("stock", check_stock(stock));
    after.active = change.active.unwrap_or(before.active);
    faults.finish()?;
    Ok((after, stock))
}

/// The id of the category with this slug; of the first one where the slug is empty.
async fn find_category(conn: &mut Conn, slug: &str) -> Result<Result<i64, &'static str>, AppError> {
    let categories = store::list_categories(conn).await?;
    let category = categories
        .into_iter()
        .find(|category| slug.is_empty() || category.slug == slug);
    Ok(category
        .map(|category| category.id)
        .ok_or("There is no such category."))
}

/// A slug made of the name, with a number behind where others have it.
async fn free_slug(conn: &mut Conn, name: &ProductName) -> Result<Slug, AppError> {
    let next = store::next_product_id(conn).await?;
    let made = match Slug::from_name(name.as_str()) {
        Some(slug) => slug,
        None => format!("product-{next}")
            .parse()
            .map_err(|_| AppError::internal())?,
    };
    if !store::is_slug_taken(conn, made.as_str()).await? {
        return Ok(made);
    }
    // No id is used twice, so this number is as good as free; the constraint has the last word.
    Ok(made.numbered(next))
}

async fn read_again(conn: &mut Conn, id: i64) -> Result<Product, AppError> {
    store::find_product(conn, &ProductKey::Id(id))
        .await?
        .ok_or_else(AppError::internal)
}
