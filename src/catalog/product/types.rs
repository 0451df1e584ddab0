//! Types of a product: category, picture, stock level.

use crate::catalog::Slug;
use crate::clock::Timestamp;
use crate::i18n::{Language, Multilingual};
use crate::money::{Currency, Money};
use crate::server::Files;

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Category {
    pub id: i64,
    pub slug: String,
    #[sqlx(flatten)]
    pub name: Multilingual,
}

/// Fewer than this are few.
const FEW: i64 = 6;

/// How much of a product there is, as everybody may know it: numbers are for staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StockLevel {
    InStock,
    FewLeft,
    SoldOut,
}

impl StockLevel {
    pub const fn of(available: i64) -> Self {
        match available {
            ..=0 => Self::SoldOut,
            1..FEW => Self::FewLeft,
            _ => Self::InStock,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    pub id: i64,
    pub slug: String,
    /// The language in which its texts were first entered.
    pub language: Language,
    pub name: Multilingual,
    /// Markdown.
    pub description: Multilingual,
    /// In minor units of its currency.
    pub price: i64,
    /// What the price was written in; the shop's where that was never noted.
    pub currency: Option<Currency>,
    pub category: Category,
    /// How many are on hand.
    pub stock: i64,
    /// How many of those open orders will take.
    pub reserved: i64,
    /// Whether it is for sale. Only staff see what is not.
    pub active: bool,
    pub picture: Option<Picture>,
    /// What the picture shows, in words.
    pub picture_alt: Multilingual,
    /// Counts the changes of what the product is. Its stock comes and goes without it, so that a
    /// sale does not disturb whoever edits the description.
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Product {
    pub fn path(&self) -> String {
        format!("/products/{}", self.slug)
    }

    /// How many can be sold.
    pub fn available(&self) -> i64 {
        self.stock - self.reserved
    }

    /// The same in words.
    pub fn stock_level(&self) -> StockLevel {
        StockLevel::of(self.available())
    }

    /// The price, in the currency it was written in. `shop` is the shop's.
    pub fn money(&self, shop: Currency) -> Money {
        Money::new(self.price, self.currency.unwrap_or(shop))
    }

    /// Whether it can be bought where the shop counts in `shop`: a price in dollars says nothing of what
    /// it costs in yen.
    pub fn is_for_sale(&self, shop: Currency) -> bool {
        self.active && self.money(shop).currency == shop
    }

    /// What the field for its price holds: nothing where the price has to be found anew.
    pub fn price_field(&self, shop: Currency) -> String {
        let money = self.money(shop);
        if money.currency == shop {
            money.decimal()
        } else {
            String::new()
        }
    }
}

/// What stands for a product in an address: its number or its slug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProductKey {
    Id(i64),
    Slug(Slug),
}

impl ProductKey {
    /// None where the text can be neither, and so names nothing.
    pub fn read(text: &str) -> Option<Self> {
        match text.parse() {
            Ok(id) => Some(Self::Id(id)),
            Err(_) => text.parse().ok().map(Self::Slug),
        }
    }
}

/// Where a product's picture is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picture {
    /// Uploaded: the hash of its content.
    Stored(String),
    /// Comes with the program: an address under `public/`.
    File(String),
}

/// The longest sides that pictures are kept in, in pixels: for lists, and for the product's page.
pub const PICTURE_SIZES: [u32; 2] = [320, 1200];

impl Picture {
    pub fn read(text: String) -> Self {
        if text.starts_with('/') {
            Self::File(text)
        } else {
            Self::Stored(text)
        }
    }

    /// For a list.
    pub fn small_url(&self, files: &Files) -> String {
        self.url(files, PICTURE_SIZES[0])
    }

    /// For the product's own page.
    pub fn large_url(&self, files: &Files) -> String {
        self.url(files, PICTURE_SIZES[1])
    }

    /// Either way the address changes with the content, and can be kept for ever.
    fn url(&self, files: &Files, size: u32) -> String {
        match self {
            Self::Stored(hash) => format!("/pictures/{hash}-{size}.webp"),
            Self::File(path) => files.address(path),
        }
    }
}
