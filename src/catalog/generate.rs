//! Generates products by the thousand, to see how the shop behaves when it is full.

use super::product::{self, Category, SeededProduct, create_products};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::{Language, Multilingual};
use crate::server::{App, Subject};

/// The number of products per transaction: enough to be quick, few enough that nobody waits for it.
const BATCH: u64 = 500;

const MATERIALS: [(&str, &str); 12] = [
    ("Walnut", "胡桃木"),
    ("Brass", "黄铜"),
    ("Linen", "亚麻"),
    ("Steel", "不锈钢"),
    ("Canvas", "帆布"),
    ("Ceramic", "陶瓷"),
    ("Leather", "皮革"),
    ("Glass", "玻璃"),
    ("Bamboo", "竹"),
    ("Wool", "羊毛"),
    ("Aluminium", "铝合金"),
    ("Cork", "软木"),
];

const THINGS: [(&str, &str); 16] = [
    ("Lamp", "台灯"),
    ("Notebook", "笔记本"),
    ("Kettle", "水壶"),
    ("Speaker", "音箱"),
    ("Backpack", "双肩包"),
    ("Keyboard", "键盘"),
    ("Mug", "马克杯"),
    ("Pen", "钢笔"),
    ("Clock", "座钟"),
    ("Tray", "托盘"),
    ("Umbrella", "折叠伞"),
    ("Radio", "收音机"),
    ("Knife", "刀"),
    ("Compass", "指南针"),
    ("Headphones", "耳机"),
    ("Organizer", "收纳盒"),
];

const MANNERS: [&str; 8] = [
    "Quiet", "Folding", "Compact", "Classic", "Everyday", "Travel", "Studio", "Heavy",
];

/// Adds `count` products, spread over the existing categories. `progress` is told how many are
/// written. The n-th product of a database is always the same.
pub async fn seed_products(
    app: &App,
    count: u64,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<(), AppError> {
    let now = app.clock.now();
    let mut written = 0;
    while written < count {
        let size = BATCH.min(count - written);
        let mut tx = app.db.write().await?;
        let categories = product::list_categories(&mut tx).await?;
        if categories.is_empty() {
            let fault = "Products need categories: seed the demo first.";
            return Err(AppError::conflict(NO_CATEGORIES, fault));
        }
        let first = product::next_product_id(&mut tx).await?;
        let products: Vec<SeededProduct> = (first..)
            .take(usize::try_from(size).unwrap_or_default())
            .map(|id| generated(id, &categories, now))
            .collect();
        create_products(&mut tx, &products).await?;
        tx.commit_change(Subject::Catalogue).await?;
        written += size;
        progress(written);
    }
    Ok(())
}

/// There is no category to put a product in.
const NO_CATEGORIES: u16 = 3301;

fn generated(id: i64, categories: &[Category], now: Timestamp) -> SeededProduct {
    let mut dice = Dice(id.unsigned_abs());
    let (material, material_zh) = *dice.pick(&MATERIALS);
    let (thing, thing_zh) = *dice.pick(&THINGS);
    let manner = *dice.pick(&MANNERS);
    let chinese = format!("{material_zh}{thing_zh} {id}");
    let english = format!("{manner} {material} {thing} {id}");
    // One in four was entered in Chinese; none of those is translated.
    let name = if dice.below(4) == 0 {
        Multilingual::from(chinese)
    } else {
        let mut name = Multilingual::from(english);
        name.translations.set(Language::Chinese, chinese);
        name
    };
    let size = 5 + dice.below(60);
    let description = format!(
        "A {} {} made of {}. It is checked by hand before it leaves us, and it can be repaired.\n\n\
         {material_zh}{thing_zh}，日常好用。\n\n- Size: {size} cm\n- Weight: {} g",
        manner.to_lowercase(),
        thing.to_lowercase(),
        material.to_lowercase(),
        80 + dice.below(2_000),
    );
    SeededProduct {
        id,
        category_id: dice.pick(categories).id,
        slug: format!("{material}-{thing}-{id}").to_lowercase(),
        language: Language::of(&name.first),
        name,
        description: description.into(),
        price: i64::try_from(9 + dice.below(1_990)).unwrap_or_default() * 100,
        on_hand: i64::try_from(dice.below(120)).unwrap_or_default(),
        picture: None,
        picture_alt: Multilingual::default(),
        at: now.plus_seconds(-60 * id),
    }
}

/// A deterministic pseudo-random number generator, `SplitMix64`.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let index = self.below(from.len() as u64);
        &from[usize::try_from(index).unwrap_or_default()]
    }
}
