//! The shop's lists as everybody sees them, kept for a moment: see [`Cache`].

use super::filter::ProductFilter;
use crate::server::{Cache, Tagged, Tx};
use std::sync::Arc;
use std::time::Duration;

/// What the kept lists of either kind may take, in bytes.
const MOST: u64 = 32 << 20;

/// One list among all that can be asked for.
#[derive(PartialEq, Eq, Hash)]
pub enum ListKey {
    /// A page of the shop, or of the API's list.
    Products {
        filter: ProductFilter,
        cursor: String,
        size: i64,
        /// Whether it has what is for staff alone.
        staff: bool,
    },
    /// The simple protocol's list, from the id after this one on.
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
}

impl ShopCache {
    pub fn new(moment: Duration) -> Self {
        Self {
            answers: Cache::new(moment, MOST, Tagged::size),
            pages: Cache::new(moment, MOST, |page| page.html.len()),
        }
    }

    /// Commits a change of the catalogue, so that whoever made it sees it. Every such transaction
    /// ends here.
    pub async fn commit(&self, tx: Tx) -> sqlx::Result<()> {
        let committed = tx.commit().await;
        // Even after an error: the connection may have broken when the change was in.
        self.answers.forget();
        self.pages.forget();
        committed
    }
}
