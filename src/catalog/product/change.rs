//! Updates products.

use super::read::{read_again, read_product};
use super::store;
use super::types::Product;
use crate::accounts::User;
use crate::catalog::categories::chosen_category;
use crate::catalog::list::{ProductTexts, index_product};
use crate::catalog::rules::{
    check_description, check_picture_alt, check_price, check_product_name, check_stock,
};
use crate::catalog::stock::set_stock;
use crate::error::{AppError, Faults};
use crate::i18n::{Language, Multilingual, t};
use crate::money::Currency;
use crate::server::forms::{SentTranslations, translate};
use crate::server::{App, Conn, Subject};
use serde::Deserialize;

/// A change to a product. Absent fields stay as they are.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ProductChange {
    #[schema(min_length = 1, max_length = 120)]
    pub name: Option<String>,
    /// The name in other languages: an empty text removes one, an absent language stays.
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub name_translations: SentTranslations,
    /// The language of the name, the description and the picture's alternative text.
    #[schema(value_type = Option<String>)]
    pub language: Option<Language>,
    /// Markdown.
    #[schema(max_length = 10_000)]
    pub description: Option<String>,
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub description_translations: SentTranslations,
    /// In the currency's minor unit.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub price: Option<i64>,
    /// A category's slug.
    #[schema(max_length = 80)]
    pub category: Option<String>,
    /// The quantity available for sale; the difference goes to the stock log.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub stock: Option<i64>,
    pub active: Option<bool>,
    /// The picture's alternative text.
    #[schema(max_length = 300)]
    pub picture_alt: Option<String>,
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub picture_alt_translations: SentTranslations,
    /// The version the change is based on. If given and no longer the current one: 409.
    pub version: Option<i64>,
}

/// Applies the change, all or nothing.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn update_product(
    app: &App,
    actor: &User,
    key: &str,
    change: ProductChange,
) -> Result<Product, AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let before = lock_product(&mut tx, key, change.version).await?;
    let shop = app.config.shop.currency;
    let (after, counted) = changed(&mut tx, &before, change, shop).await?;
    if after != before {
        if !store::update_product(&mut tx, &after, now).await? {
            return Err(AppError::stale("product"));
        }
        index_product(&mut tx, &ProductTexts::from(&after)).await?;
    }
    set_stock(&mut tx, actor, &before, counted, now).await?;
    let after = read_again(&mut tx, after.id).await?;
    tx.commit_change(Subject::Catalogue).await?;
    tracing::info!(
        product.id = after.id,
        user.id = actor.id,
        "A product was changed"
    );
    Ok(after)
}

/// Returns the product if it is already as the change would make it.
pub async fn find_changed_product(
    app: &App,
    key: &str,
    change: ProductChange,
) -> Result<Option<Product>, AppError> {
    let mut conn = app.db.read().await?;
    let product = read_product(&mut conn, key).await?;
    let shop = app.config.shop.currency;
    let (after, counted) = changed(&mut conn, &product, change, shop).await?;
    Ok((after == product && counted == product.available()).then_some(product))
}

/// Locks the product until the transaction ends. It has to be at the version that the change is
/// based on, if that is known.
async fn lock_product(
    conn: &mut Conn,
    key: &str,
    version: Option<i64>,
) -> Result<Product, AppError> {
    let found = read_product(conn, key).await?;
    let product = store::lock_product(conn, found.id)
        .await?
        .ok_or_else(|| AppError::not_found("product"))?;
    if version.is_some_and(|version| version != product.version) {
        return Err(AppError::stale("product"));
    }
    Ok(product)
}

/// Returns the product as it will be, and its stock, or an error for every invalid field.
async fn changed(
    conn: &mut Conn,
    before: &Product,
    change: ProductChange,
    shop: Currency,
) -> Result<(Product, i64), AppError> {
    let mut after = before.clone();
    let mut faults = Faults::default();
    change_texts(&mut after, &change, &mut faults);
    if let Some(price) = change.price {
        after.price = faults
            .check("price", check_price(price))
            .unwrap_or_default();
        // If never recorded it is the shop's, and a price that stays is no change.
        after.currency = before.currency.map(|_| shop).or(before.currency);
    }
    if let Some(slug) = change.category.filter(|slug| *slug != before.category.slug) {
        let category = chosen_category(conn, Some(&slug)).await?;
        after.category.id = faults.check("category", category).unwrap_or_default();
    }
    let stock = change.stock.unwrap_or_else(|| before.available());
    faults.check("stock", check_stock(stock));
    after.active = change.active.unwrap_or(before.active);
    faults.finish()?;
    Ok((after, stock))
}

/// Changes its name and descriptions, in each language.
fn change_texts(product: &mut Product, change: &ProductChange, faults: &mut Faults) {
    if let Some(language) = change.language {
        let texts = [&product.name, &product.description, &product.picture_alt];
        let translated = |text: &&Multilingual| text.translations.get(language).is_some();
        if texts.iter().any(translated) {
            let fault = t!("catalog-language-translated", language = language.name());
            faults.check::<()>("language", Err(fault));
        }
        product.language = language;
    }
    let texts = [
        (
            "name",
            check_product_name as Check,
            &change.name,
            &change.name_translations,
            &mut product.name,
        ),
        (
            "description",
            check_description,
            &change.description,
            &change.description_translations,
            &mut product.description,
        ),
        (
            "picture_alt",
            check_picture_alt,
            &change.picture_alt,
            &change.picture_alt_translations,
            &mut product.picture_alt,
        ),
    ];
    for (field, check, first, translations, text) in texts {
        if let Some(first) = first {
            text.first = faults.check(field, check(first)).unwrap_or_default();
        }
        let own = product.language;
        translate(
            faults,
            field,
            own,
            translations,
            &mut text.translations,
            check,
        );
    }
}

type Check = fn(&str) -> Result<String, String>;
