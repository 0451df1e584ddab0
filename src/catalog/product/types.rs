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

/// The stock below which few are left.
const FEW: i64 = 6;

/// The availability of a product, as everybody may know it: exact counts are for staff.
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
    /// The currency of the price; the shop's if it was never recorded.
    pub currency: Option<Currency>,
    pub category: Category,
    /// The quantity on hand.
    pub stock: i64,
    /// The part of it that open orders reserve.
    pub reserved: i64,
    /// True if it is for sale. Only staff see products that are not.
    pub active: bool,
    pub picture: Option<Picture>,
    /// The picture's alternative text.
    pub picture_alt: Multilingual,
    /// The number of changes to the product itself. Its stock does not count, so that a sale does
    /// not disturb whoever edits the description.
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Product {
    pub fn path(&self) -> String {
        format!("/products/{}", self.slug)
    }

    /// Returns the quantity that can be sold.
    pub fn available(&self) -> i64 {
        self.stock - self.reserved
    }

    /// Returns the level of that quantity.
    pub fn stock_level(&self) -> StockLevel {
        StockLevel::of(self.available())
    }

    /// Returns the price in its own currency, or in `shop`, the shop's, if that was never recorded.
    pub fn money(&self, shop: Currency) -> Money {
        Money::new(self.price, self.currency.unwrap_or(shop))
    }

    /// Returns true if it can be bought in a shop whose currency is `shop`: a price in dollars says
    /// nothing of what it costs in yen.
    pub fn is_for_sale(&self, shop: Currency) -> bool {
        self.active && self.money(shop).currency == shop
    }

    /// Returns the value of its price field: empty if the price has to be set anew.
    pub fn price_field(&self, shop: Currency) -> String {
        let money = self.money(shop);
        if money.currency == shop {
            money.decimal()
        } else {
            String::new()
        }
    }
}

/// A product's key in URLs: its id or its slug.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ProductKey {
    Id(i64),
    Slug(Slug),
}

impl ProductKey {
    /// Reads a key; `None` if the text can be neither.
    pub fn read(text: &str) -> Option<Self> {
        match text.parse() {
            Ok(id) => Some(Self::Id(id)),
            Err(_) => text.parse().ok().map(Self::Slug),
        }
    }

    /// Returns true if the text can be a key.
    pub fn is_one(text: &str) -> bool {
        Self::read(text).is_some()
    }
}

/// The location of a product's picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picture {
    /// Uploaded: the hash of its content.
    Stored(String),
    /// Comes with the program: a path under `public/`.
    File(String),
}

/// The maximum side lengths of stored pictures, in pixels: for lists, and for the product's page.
pub const PICTURE_SIZES: [u32; 2] = [320, 1200];

impl Picture {
    pub fn read(text: String) -> Self {
        if text.starts_with('/') {
            Self::File(text)
        } else {
            Self::Stored(text)
        }
    }

    /// Returns the URL for a list.
    pub fn small_url(&self, files: &Files) -> String {
        self.url(files, PICTURE_SIZES[0])
    }

    /// Returns the URL for the product's own page.
    pub fn large_url(&self, files: &Files) -> String {
        self.url(files, PICTURE_SIZES[1])
    }

    /// Returns the URL. It changes with the content, so that it can be cached for ever.
    fn url(&self, files: &Files, size: u32) -> String {
        match self {
            Self::Stored(hash) => format!("/pictures/{hash}-{size}.webp"),
            Self::File(path) => files.address(path),
        }
    }
}
