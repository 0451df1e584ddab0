//! The shop as everybody sees it, cached for a moment: see [`Cache`].

use super::filter::ProductFilter;
use crate::server::{Cache, Document, DocumentKey, Epochs, Metrics, Subject, Tagged};
use std::sync::Arc;
use std::time::Duration;

/// The maximum size of what is cached of each kind, in bytes.
const MOST: u64 = 32 << 20;

/// The cache key of a list, or of one product.
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
    /// One product of the API, by its id or its slug.
    One { key: String, staff: bool },
}

/// A part of a page, as HTML.
#[derive(Clone)]
pub struct Fragment {
    /// The page's title, which stands outside.
    pub title: Arc<str>,
    pub html: Arc<str>,
}

/// Programs read the stock that an order left, so each order counts for their answers. Pages say "few left",
/// and are rendered anew when their moment is over or the catalogue changes.
pub struct ShopCache {
    pub answers: Cache<ListKey, Tagged>,
    pub pages: Cache<ListKey, Fragment>,
    /// Whole pages for visitors; of an address whose page is not one for everybody, that it is so.
    pub documents: Cache<DocumentKey, Option<Document>>,
}

impl ShopCache {
    pub fn new(epochs: &Epochs, moment: Duration, metrics: &Metrics) -> Self {
        const PROGRAMS: &[Subject] = &[Subject::Catalogue, Subject::Stock];
        const PEOPLE: &[Subject] = &[Subject::Catalogue];
        let page_size = |page: &Option<Document>| page.as_ref().map_or(0, Document::size);
        Self {
            answers: Cache::new(epochs, PROGRAMS, moment, MOST, Tagged::size)
                .counted_by(metrics.cache("answers")),
            pages: Cache::new(epochs, PEOPLE, moment, MOST, |page: &Fragment| {
                page.html.len()
            })
            .counted_by(metrics.cache("pages")),
            documents: Cache::new(epochs, PEOPLE, moment, MOST, page_size)
                .counted_by(metrics.cache("documents")),
        }
    }

    /// Keeps everything for this long from here on.
    pub fn keep_for(&self, moment: Duration) {
        self.answers.keep_for(moment);
        self.pages.keep_for(moment);
        self.documents.keep_for(moment);
    }
}
