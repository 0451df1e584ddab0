//! Creates, changes and deletes categories; staff only. Every product is in one.

use super::store::{self, CategoryRecord};
use crate::accounts::User;
use crate::catalog::Slug;
use crate::catalog::product::list_categories;
use crate::catalog::rules::check_category_name;
use crate::error::{AppError, Faults};
use crate::i18n::{Language, Multilingual, t};
use crate::server::forms::{SentTranslations, multilingual, translate};
use crate::server::idempotency::{Attempt, complete, reserve};
use crate::server::{App, Conn, IdempotencyKey, Subject};
use serde::{Deserialize, Serialize};

/// The category cannot be deleted: it has products.
pub const CATEGORY_IN_USE: u16 = 3302;
/// The maximum number of categories is reached: as many as fit beside a list.
pub const TOO_MANY_CATEGORIES: u16 = 3303;

pub const MOST_CATEGORIES: i64 = 100;

/// A category to be created.
#[derive(Debug, Default, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCategory {
    /// 1 to 60 characters.
    #[schema(min_length = 1, max_length = 60)]
    pub name: String,
    /// The name in other languages.
    #[serde(default, skip_serializing_if = "SentTranslations::is_empty")]
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub name_translations: SentTranslations,
    /// The language of the name; guessed from its letters if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub language: Option<Language>,
    /// The category's name in URLs; derived from the name if absent.
    #[serde(default)]
    #[schema(max_length = 80)]
    pub slug: String,
}

/// A change to a category. Absent fields stay as they are.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CategoryChange {
    /// 1 to 60 characters.
    #[schema(min_length = 1, max_length = 60)]
    pub name: Option<String>,
    /// The name in other languages: an empty text removes one, an absent language stays.
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub name_translations: SentTranslations,
    /// The category's name in URLs. Links with the old one stop working.
    #[schema(max_length = 80)]
    pub slug: Option<String>,
    /// The version the change is based on. If given and no longer the current one: 409.
    pub version: Option<i64>,
}

/// Creates the category after all others, once per idempotency key.
pub async fn create_category(
    app: &App,
    actor: &User,
    once: &IdempotencyKey,
    input: NewCategory,
) -> Result<CategoryRecord, AppError> {
    let mut faults = Faults::default();
    let language = Language::noted(input.language, &input.name);
    let (sent, check) = (&input.name_translations, check_category_name);
    let name = multilingual(&mut faults, "name", language, &input.name, sent, check);
    let slug = match input.slug.trim() {
        "" => None,
        slug => faults.check("slug", slug.parse::<Slug>()),
    };
    faults.finish()?;

    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let reserved = match reserve(&mut tx, actor.id, once, &("category", &input), now).await? {
        Attempt::First(reserved) => reserved,
        Attempt::Repeat(id) => return read_category(&mut tx, id).await,
    };
    let others = store::list_category_records(&mut tx, None, MOST_CATEGORIES).await?;
    if others.len() as i64 >= MOST_CATEGORIES {
        let message = t!("catalog-category-most", most = MOST_CATEGORIES);
        return Err(AppError::conflict(TOO_MANY_CATEGORIES, message));
    }
    let slug = match slug {
        Some(slug) => slug,
        None => slug_of(&name, &others)?,
    };
    let id = store::create_category(&mut tx, slug.as_str(), language, &name).await?;
    complete(&mut tx, reserved, id).await?;
    let made = read_category(&mut tx, id).await?;
    tx.commit_change(Subject::Catalogue).await?;
    tracing::info!(category.id = id, user.id = actor.id, "A category was made");
    Ok(made)
}

/// Derives a slug from the name. Two names with the same slug would be hard to tell apart, so the
/// second is refused and not numbered.
fn slug_of(name: &Multilingual, others: &[CategoryRecord]) -> Result<Slug, AppError> {
    let next = others.iter().map(|other| other.id).max().unwrap_or(0) + 1;
    let mut slugs = name
        .all()
        .filter_map(|name| Slug::from_name(name, "category"));
    let slug = match slugs.next() {
        Some(slug) => slug,
        None => format!("category-{next}")
            .parse()
            .map_err(|_| AppError::internal())?,
    };
    let Some(other) = others.iter().find(|other| other.slug == slug.as_str()) else {
        return Ok(slug);
    };
    let fault = t!("catalog-category-taken", category = other.name.shown());
    Err(AppError::invalid("name", fault))
}

/// Applies the change, all or nothing.
pub async fn update_category(
    app: &App,
    actor: &User,
    id: i64,
    change: CategoryChange,
) -> Result<CategoryRecord, AppError> {
    let mut tx = app.db.write().await?;
    let before = lock_category(&mut tx, id).await?;
    let after = changed(&before, &change)?;
    if change
        .version
        .is_some_and(|version| version != before.version)
    {
        return Err(AppError::stale("category"));
    }
    if after == before {
        return Ok(before);
    }
    store::update_category(&mut tx, &after).await?;
    let after = read_category(&mut tx, id).await?;
    tx.commit_change(Subject::Catalogue).await?;
    tracing::info!(
        category.id = id,
        user.id = actor.id,
        "A category was changed"
    );
    Ok(after)
}

/// Returns the category if it is already as the change would make it.
pub async fn find_changed_category(
    app: &App,
    id: i64,
    change: &CategoryChange,
) -> Result<Option<CategoryRecord>, AppError> {
    let mut conn = app.db.read().await?;
    let category = read_category(&mut conn, id).await?;
    Ok((changed(&category, change)? == category).then_some(category))
}

/// Returns the category as it will be, or an error for every invalid field.
fn changed(before: &CategoryRecord, change: &CategoryChange) -> Result<CategoryRecord, AppError> {
    let mut after = before.clone();
    let mut faults = Faults::default();
    if let Some(name) = &change.name {
        let name = faults.check("name", check_category_name(name));
        after.name.first = name.unwrap_or_default();
    }
    let (sent, translations) = (&change.name_translations, &mut after.name.translations);
    let own = before.language();
    translate(
        &mut faults,
        "name",
        own,
        sent,
        translations,
        check_category_name,
    );
    if let Some(slug) = &change.slug {
        let slug = faults.check("slug", slug.trim().parse::<Slug>());
        after.slug = slug.map_or_else(String::new, |slug| slug.as_str().to_owned());
    }
    faults.finish()?;
    Ok(after)
}

/// Deletes an empty category, and returns it.
pub async fn delete_category(app: &App, actor: &User, id: i64) -> Result<CategoryRecord, AppError> {
    let mut tx = app.db.write().await?;
    let category = lock_category(&mut tx, id).await?;
    let name = category.name.shown();
    let message = match category.products {
        0 => None,
        count => Some(t!(
            "catalog-category-in-use",
            count = count,
            category = name
        )),
    };
    if let Some(message) = message {
        return Err(AppError::conflict(CATEGORY_IN_USE, message));
    }
    store::delete_category(&mut tx, id).await?;
    tx.commit_change(Subject::Catalogue).await?;
    tracing::info!(
        category.id = id,
        user.id = actor.id,
        "A category was deleted"
    );
    Ok(category)
}

/// Returns the id of the category with this slug, or of the first one; or what is wrong with the choice.
pub async fn chosen_category(
    conn: &mut Conn,
    slug: Option<&str>,
) -> Result<Result<i64, &'static str>, AppError> {
    let categories = list_categories(conn).await?;
    if categories.is_empty() {
        return Ok(Err(t!("catalog-category-first")));
    }
    let category = categories
        .into_iter()
        .find(|category| slug.is_none_or(|slug| category.slug == slug));
    Ok(category
        .map(|category| category.id)
        .ok_or(t!("catalog-category-unknown")))
}

/// Reads the category with this id.
pub async fn read_category(conn: &mut Conn, id: i64) -> Result<CategoryRecord, AppError> {
    let category = store::find_category_record(conn, id).await?;
    category.ok_or_else(|| AppError::not_found("category"))
}

async fn lock_category(conn: &mut Conn, id: i64) -> Result<CategoryRecord, AppError> {
    let category = store::lock_category(conn, id).await?;
    category.ok_or_else(|| AppError::not_found("category"))
}
