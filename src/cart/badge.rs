//! The cart in the header of every page.

use super::islands::CartBadge;
use super::owner::CartOwner;
use super::store::count_things;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::{App, Cache, Epochs, MOMENT, Subject, app, pages::in_this_request};
use leptos::prelude::*;

/// The link to the cart, with the number of items in it. Without a cart it costs no query, nor with
/// `sure` false: then an error is about to be shown, and the database may be what is missing.
#[component]
pub fn CartTool(sure: bool) -> impl IntoView {
    let (app, owner) = (app(), CartOwner::current());
    let now = app.clock.now().micros();
    if owner == CartOwner::Nobody {
        return badge(&app, 0, now).into_any();
    }
    if !sure {
        return badge(&app, 0, 0).into_any();
    }
    let counted = in_this_request(async move {
        // A failing badge must not fail the page.
        let (count, at) = app
            .cart_counts
            .get(&app, &owner)
            .await
            .map_or((0, 0), |count| (count, now));
        badge(&app, count, at)
    });
    view! {
        <Suspense>
            {Suspend::new(counted)}
        </Suspense>
    }
    .into_any()
}

/// The numbers of items in carts, kept for a moment: every page shows one. The cart itself is always read.
pub struct CartCounts(Cache<CartOwner, i64>);

impl CartCounts {
    pub fn new(epochs: &Epochs) -> Self {
        /// The maximum size of what is kept, in bytes.
        const MOST: u64 = 4 << 20;
        Self(Cache::new(epochs, &[Subject::Carts], MOMENT, MOST, |_| 0))
    }

    async fn get(&self, app: &App, owner: &CartOwner) -> Result<i64, AppError> {
        let count = async || {
            let mut conn = app.db.read().await?;
            Ok(count_things(&mut conn, owner).await?)
        };
        self.0.get(owner.clone(), count).await
    }
}

/// Renders the badge. `count` was correct at the instant `at`, by which the island tells the newer
/// of two counts: a page may be seen long after it was made.
fn badge(app: &App, count: i64, at: i64) -> impl IntoView + use<> {
    let currency = app.config.shop.currency.code().to_owned();
    view! {
        <CartBadge
            count
            at
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
