//! The demo products of a new shop.

use super::product::{self, ProductKey, SeededProduct, create_products};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::{Language, Multilingual};
use crate::server::{App, Conn, Subject, execute};
use serde::Deserialize;

#[derive(Deserialize)]
struct Demo {
    categories: Vec<DemoCategory>,
    products: Vec<DemoProduct>,
}

#[derive(Deserialize)]
struct DemoCategory {
    slug: String,
    name: InBoth,
}

#[derive(Deserialize)]
struct DemoProduct {
    id: i64,
    slug: String,
    name: InBoth,
    price: i64,
    category: String,
    stock: i64,
    alt: InBoth,
    description: InBoth,
}

/// A text in both languages.
#[derive(Deserialize)]
struct InBoth {
    en: String,
    #[serde(rename = "zh-CN")]
    zh: String,
}

impl InBoth {
    /// As if first entered in English.
    fn english(self) -> Multilingual {
        let mut text = Multilingual::from(self.en);
        text.translations.set(Language::Chinese, self.zh);
        text
    }

    /// As if first entered in Chinese.
    fn chinese(self) -> Multilingual {
        let mut text = Multilingual::from(self.zh);
        text.translations.set(Language::English, self.en);
        text
    }
}

/// Creates the demo's categories and products where missing. Anything changed since stays as it was
/// changed.
pub async fn seed_demo(app: &App) -> Result<(), AppError> {
    let demo: Demo = serde_json::from_str(include_str!("demo.json"))
        .expect("the demo data is part of the program");
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    for (position, category) in (1_i64..).zip(demo.categories) {
        create_category(&mut tx, position, category).await?;
    }
    let categories = product::list_categories(&mut tx).await?;
    let mut products = Vec::new();
    for product in demo.products {
        let taken = product::find_product(&mut tx, &ProductKey::Id(product.id))
            .await?
            .is_some()
            || product::is_slug_taken(&mut tx, &product.slug).await?;
        let category = categories.iter().find(|it| it.slug == product.category);
        if let Some(category) = category.filter(|_| !taken) {
            // The first in the file is the newest, so that the list starts with it. All are older
            // than the demo's orders.
            let at = now.plus_days(-90).plus_seconds(-3_600 * product.id);
            products.push(seeded(product, category.id, at));
        }
    }
    create_products(&mut tx, &products).await?;
    Ok(tx.commit_change(Subject::Catalogue).await?)
}

fn seeded(product: DemoProduct, category_id: i64, at: Timestamp) -> SeededProduct {
    SeededProduct {
        id: product.id,
        category_id,
        picture: Some(format!("/pictures-demo/{}.svg", product.slug)),
        slug: product.slug,
        language: Language::Chinese,
        name: product.name.chinese(),
        description: product.description.chinese(),
        price: product.price,
        on_hand: product.stock,
        picture_alt: product.alt.chinese(),
        at,
    }
}

async fn create_category(
    conn: &mut Conn,
    position: i64,
    category: DemoCategory,
) -> Result<(), AppError> {
    let name = category.name.english();
    Ok(execute!(
        conn,
        "INSERT INTO categories (slug, language, name, name_translations, position)
         VALUES ($1, 'en', $2, $3, $4) ON CONFLICT (slug) DO NOTHING",
        &category.slug,
        &name.first,
        &name.translations,
        position
    )?)
}
