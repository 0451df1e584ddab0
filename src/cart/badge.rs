//! The cart in the header of every page.

use super::islands::CartBadge;
use super::owner::CartOwner;
use super::store::count_things;
use crate::i18n::t;
use crate::server::{App, app, pages::in_this_request};
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
        let (count, at) = count(&app, &owner)
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

async fn count(app: &App, owner: &CartOwner) -> sqlx::Result<i64> {
    let mut conn = app.db.read().await?;
    count_things(&mut conn, owner).await
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
