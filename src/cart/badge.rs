//! The cart in the header of every page.

use super::islands::CartBadge;
use super::owner::CartOwner;
use super::store::count_things;
use crate::i18n::t;
use crate::server::{App, Cache, Epochs, MOMENT, Metrics, Subject, app, pages::in_this_request};
use crate::ui::{Own, own};
use leptos::prelude::*;

/// The link to the cart, with the number of items in it. Without a cart it costs no query, nor with
/// `sure` false: then an error is about to be shown, and the database may be what is missing.
#[component]
pub fn CartTool(sure: bool) -> impl IntoView {
    own(Own::Cart, || {
        let (app, owner) = (app(), CartOwner::current());
        if owner == CartOwner::Nobody || !sure {
            let at = if sure { app.clock.now().micros() } else { 0 };
            return badge(&app, Count { items: 0, at }).into_any();
        }
        let counted = in_this_request(async move {
            let count = app.cart_counts.count(&app, owner).await;
            badge(&app, count)
        });
        view! {
            <Suspense>
                {Suspend::new(counted)}
            </Suspense>
        }
        .into_any()
    })
}

/// The number of items in a cart, and the instant at which it was correct: by it the island tells the
/// newer of two counts, since a page may be seen long after it was made.
#[derive(Clone, Copy, Debug)]
pub struct Count {
    items: i64,
    at: i64,
}

/// The numbers of items in carts, kept for a moment: every page shows one. The cart itself is always read.
pub struct CartCounts(Cache<CartOwner, i64>);

impl CartCounts {
    pub fn new(epochs: &Epochs, metrics: &Metrics) -> Self {
        /// The maximum size of what is kept, in bytes.
        const MOST: u64 = 4 << 20;
        let counts = Cache::new(epochs, &[Subject::Carts], MOMENT, MOST, |_| 0);
        Self(counts.counted_by(metrics.cache("carts")))
    }

    /// Counts the items. A failing badge must not fail the page: then it is empty, as of long ago.
    pub async fn count(&self, app: &App, owner: CartOwner) -> Count {
        let at = app.clock.now().micros();
        if owner == CartOwner::Nobody {
            return Count { items: 0, at };
        }
        let count = async || {
            let mut conn = app.db.read().await?;
            Ok(count_things(&mut conn, &owner).await?)
        };
        match self.0.get(owner.clone(), count).await {
            Ok(items) => Count { items, at },
            Err(_) => Count { items: 0, at: 0 },
        }
    }
}

/// Renders the badge.
pub fn badge(app: &App, count: Count) -> impl IntoView + use<> {
    let currency = app.config.shop.currency.code().to_owned();
    view! {
        <CartBadge
            count=count.items
            at=count.at
            currency
            empty=t!("cart-link-empty").to_owned()
            one=t!("cart-link-one").to_owned()
            many=t!("cart-link-many").to_owned()
            see=t!("cart-see").to_owned()
            dismiss=t!("ui-dismiss").to_owned()
            offline=t!("server-unreachable").to_owned()
        />
    }
}
