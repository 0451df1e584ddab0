//! The shop's lists as everybody sees them, cached for a moment: see [`Cache`].

use super::filter::ProductFilter;
use crate::server::{Cache, Document, DocumentKey, Tagged, Tx};
use std::sync::Arc;
use std::time::Duration;

/// The maximum size of the cached lists of either kind, in bytes.
const MOST: u64 = 32 << 20;

/// The cache key of a list.
#[derive(PartialEq, Eq, Hash)]
pub enum ListKey {
    /// A page of the shop, or of the API's list.
    Products {
        filter: ProductFilter,
        cursor: String,
        size: i64,
        /// True if it includes what is for staff only.
        staff: bool,
    },
    /// The simple protocol's list, starting after this id.
    Simple { after: i64 },
}

/// A part of a page, as HTML.
#[derive(Clone)]
pub struct Fragment {
    /// The page's title, which stands outside.
    pub title: Arc<str>,
    pub html: Arc<str>,
}

pub struct ShopCache {
    pub answers: Cache<ListKey, Tagged>,
    pub pages: Cache<ListKey, Fragment>,
    /// Whole pages for visitors; of an address whose page is not one for everybody, that it is so.
    pub documents: Cache<DocumentKey, Option<Document>>,
}

impl ShopCache {
    pub fn new(moment: Duration) -> Self {
        Self {
            answers: Cache::new(moment, MOST, Tagged::size),
            pages: Cache::new(moment, MOST, |page| page.html.len()),
            documents: Cache::new(moment, MOST, |page| page.as_ref().map_or(0, Document::size)),
        }
    }

    /// Commits a change to the catalogue and clears the caches, so that whoever made it sees it.
    /// Every such transaction ends here.
    pub async fn commit(&self, tx: Tx) -> sqlx::Result<()> {
        let committed = tx.commit().await;
        // Even after an error: the connection may have broken after the commit.
        self.answers.forget();
        self.pages.forget();
        self.documents.forget();
        committed
    }
}
