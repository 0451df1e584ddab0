//! The shop as everybody sees it, cached for a moment: see [`Cache`].

use super::filter::ProductFilter;
use crate::catalog::product::KnownKeys;
use crate::server::config::ShopConfig;
use crate::server::{
    Cache, Document, DocumentKey, Epochs, Fleet, Metrics, SharedCache, Stored, Subject, Tagged,
};
use std::sync::Arc;
use std::time::Duration;

/// The maximum size of what is cached of each kind, in bytes.
const MOST: u64 = 32 << 20;

/// The maximum size of what is given while the database is away.
const MOST_STALE: u64 = 8 << 20;

/// The cache key of a list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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

/// The cache key of one product of the API: by its id or its slug.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProductCacheKey {
    pub key: String,
    /// True if it is found though it is not for sale.
    pub staff: bool,
}

/// A part of a page, as HTML.
#[derive(Clone)]
pub struct Fragment {
    /// The page's title, which stands outside.
    pub title: Arc<str>,
    pub html: Arc<str>,
}

impl Stored for Fragment {
    fn write(&self) -> Option<Vec<u8>> {
        serde_json::to_vec(&[&self.title, &self.html]).ok()
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let [title, html] = serde_json::from_slice::<[String; 2]>(bytes)
            .ok()?
            .map(Arc::from);
        Some(Self { title, html })
    }
}

/// Programs and staff read the stock that an order left, so each order counts for them. Other people's pages say
/// "few left", and are rendered anew when their moment is over or the catalogue changes.
pub struct ShopCache {
    pub answers: Cache<ListKey, Tagged>,
    /// One product; `None` if there is none.
    pub products: Cache<ProductCacheKey, Option<Tagged>>,
    pub known: KnownKeys,
    pub pages: Cache<ListKey, Fragment>,
    /// Whole pages for visitors; of an address whose page is not one for everybody, that it is so.
    pub documents: Cache<DocumentKey, Option<Document>>,
    /// The same for staff. They do not leave this process, and nobody is staff while the database is away.
    pub staff_documents: Cache<DocumentKey, Option<Document>>,
}

impl ShopCache {
    pub fn new(epochs: &Epochs, fleet: &Fleet, config: &ShopConfig, metrics: &Metrics) -> Self {
        const EACH_ORDER: &[Subject] = &[Subject::Catalogue, Subject::Stock];
        const CATALOGUE: &[Subject] = &[Subject::Catalogue];
        let (moment, away) = (config.cache(), config.outage());
        let page_size = |page: &Option<Document>| page.as_ref().map_or(0, Document::size);
        let size = |product: &Option<Tagged>| product.as_ref().map_or(0, Tagged::size);
        Self {
            answers: Cache::new(epochs, EACH_ORDER, moment, MOST, Tagged::size)
                .outlasting(away, MOST_STALE, Tagged::size)
                .shared_by(SharedCache::new(
                    fleet,
                    "answers",
                    EACH_ORDER,
                    metrics.cache("answers_shared"),
                ))
                .counted_by(metrics.cache("answers")),
            products: Cache::new(epochs, EACH_ORDER, moment, MOST, size)
                .absent_if(Option::is_none)
                .outlasting(away, MOST_STALE, size)
                .shared_by(SharedCache::new(
                    fleet,
                    "products",
                    EACH_ORDER,
                    metrics.cache("products_shared"),
                ))
                .counted_by(metrics.cache("products")),
            known: KnownKeys::new(epochs, metrics),
            pages: Cache::new(epochs, CATALOGUE, moment, MOST, |page: &Fragment| {
                page.html.len()
            })
            .shared_by(SharedCache::new(
                fleet,
                "pages",
                CATALOGUE,
                metrics.cache("pages_shared"),
            ))
            .counted_by(metrics.cache("pages")),
            documents: Cache::new(epochs, CATALOGUE, moment, MOST, page_size)
                .outlasting(away, MOST_STALE, page_size)
                .shared_by(SharedCache::new(
                    fleet,
                    "documents",
                    CATALOGUE,
                    metrics.cache("documents_shared"),
                ))
                .counted_by(metrics.cache("documents")),
            staff_documents: Cache::new(epochs, EACH_ORDER, moment, MOST, page_size)
                .counted_by(metrics.cache("staff_documents")),
        }
    }

    /// Returns the names of the caches that have room for much, and about how much each holds, in bytes.
    pub async fn sizes(&self) -> [(&'static str, u64); 5] {
        [
            self.answers.size().await,
            self.products.size().await,
            self.pages.size().await,
            self.documents.size().await,
            self.staff_documents.size().await,
        ]
    }

    /// Keeps everything for this long from here on.
    pub fn keep_for(&self, moment: Duration) {
        self.answers.keep_for(moment);
        self.products.keep_for(moment);
        self.pages.keep_for(moment);
        self.documents.keep_for(moment);
        self.staff_documents.keep_for(moment);
    }
}
