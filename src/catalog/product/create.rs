//! Creates a product.

use super::read::read_again;
use super::store::{self, ProductValues};
use super::types::Product;
use crate::accounts::User;
use crate::catalog::Slug;
use crate::catalog::categories::chosen_category;
use crate::catalog::list::{ProductTexts, index_product};
use crate::catalog::rules::{check_description, check_price, check_product_name, check_stock};
use crate::catalog::stock::{StockLevel, log_change};
use crate::clock::Timestamp;
use crate::error::{AppError, Faults};
use crate::i18n::{Language, Multilingual, t};
use crate::money::Currency;
use crate::server::forms::{SentTranslations, multilingual};
use crate::server::idempotency::{Attempt, complete, reserve};
use crate::server::{App, Conn, IdempotencyKey, Subject};
use serde::{Deserialize, Serialize};

/// A product to be created.
#[derive(Clone, Debug, Default, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProduct {
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// The name in other languages.
    #[serde(default, skip_serializing_if = "SentTranslations::is_empty")]
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub name_translations: SentTranslations,
    /// The language of the name and the description; guessed from the name's letters if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub language: Option<Language>,
    /// The last part of its URL; derived from the name if absent. It never changes, so links keep working.
    #[serde(default)]
    #[schema(max_length = 80)]
    pub slug: String,
    /// Markdown.
    #[serde(default)]
    #[schema(max_length = 10_000)]
    pub description: String,
    /// The description in other languages.
    #[serde(default, skip_serializing_if = "SentTranslations::is_empty")]
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub description_translations: SentTranslations,
    /// In the currency's minor unit.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub price: i64,
    /// A category's slug; the first category if absent.
    #[serde(default)]
    #[schema(max_length = 80)]
    pub category: String,
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub stock: i64,
    #[serde(default = "yes")]
    pub active: bool,
}

fn yes() -> bool {
    true
}

/// Creates the product, once per idempotency key, and opens its stock log.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn create_product(
    app: &App,
    actor: &User,
    once: &IdempotencyKey,
    input: NewProduct,
) -> Result<Product, AppError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let reserved = match reserve(&mut tx, actor.id, once, &("product", &input), now).await? {
        Attempt::First(reserved) => reserved,
        Attempt::Repeat(id) => return read_again(&mut tx, id).await,
    };
    let checked = check_new(&mut tx, &input).await?;
    let id = insert(&mut tx, &input, checked, app.config.shop.currency, now).await?;
    if input.stock > 0 {
        let level = StockLevel {
            on_hand: input.stock,
            reserved: 0,
        };
        let (actor, reason) = (Some(actor.id), t!("catalog-opening-stock"));
        log_change(&mut tx, id, actor, input.stock, level, reason, now).await?;
    }
    complete(&mut tx, reserved, id).await?;
    let product = read_again(&mut tx, id).await?;
    tx.commit_change(Subject::Catalogue).await?;
    tracing::info!(product.id = id, user.id = actor.id, "A product was made");
    Ok(product)
}

/// The parsed and looked-up parts of a new product; its numbers are valid as sent.
struct Checked {
    language: Language,
    name: Multilingual,
    /// `None` if it is to be derived from the name.
    slug: Option<Slug>,
    description: Multilingual,
    category_id: i64,
}

/// Checks everything, and reports all errors at once.
async fn check_new(conn: &mut Conn, input: &NewProduct) -> Result<Checked, AppError> {
    let mut faults = Faults::default();
    let language = Language::noted(input.language, &input.name);
    let (sent, check) = (&input.name_translations, check_product_name);
    let name = multilingual(&mut faults, "name", language, &input.name, sent, check);
    let slug = match input.slug.trim() {
        "" => None,
        slug => faults.check("slug", slug.parse::<Slug>()),
    };
    let (text, sent) = (&input.description, &input.description_translations);
    let description = multilingual(
        &mut faults,
        "description",
        language,
        text,
        sent,
        check_description,
    );
    faults.check("price", check_price(input.price));
    faults.check("stock", check_stock(input.stock));
    let asked = Some(input.category.as_str()).filter(|slug| !slug.is_empty());
    let category = chosen_category(conn, asked).await?;
    let category = faults.check("category", category);
    faults.finish()?;
    Ok(Checked {
        language,
        name,
        slug,
        description,
        category_id: category.ok_or_else(AppError::internal)?,
    })
}

/// Inserts the product and its search words.
async fn insert(
    conn: &mut Conn,
    input: &NewProduct,
    checked: Checked,
    currency: Currency,
    now: Timestamp,
) -> Result<i64, AppError> {
    let Checked {
        language,
        name,
        slug,
        description,
        category_id,
    } = checked;
    let slug = match slug {
        Some(slug) => slug,
        None => free_slug(conn, &name).await?,
    };
    let values = ProductValues {
        category_id,
        slug: slug.as_str(),
        language,
        name: &name,
        description: &description,
        price: input.price,
        currency,
        on_hand: input.stock,
        active: input.active,
    };
    let id = store::create_product(conn, &values, now).await?;
    let texts = ProductTexts {
        id,
        name,
        slug: slug.as_str().to_owned(),
        picture_alt: Multilingual::default(),
        category_id,
        description,
    };
    index_product(conn, &texts).await?;
    Ok(id)
}

/// Derives a slug from the name in a language that has letters for it, numbered if it is taken.
async fn free_slug(conn: &mut Conn, name: &Multilingual) -> Result<Slug, AppError> {
    let next = store::next_product_id(conn).await?;
    let mut slugs = name
        .all()
        .filter_map(|name| Slug::from_name(name, "product"));
    let made = match slugs.next() {
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
