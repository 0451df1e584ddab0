//! The cart in the header of every page.

use super::islands::CartBadge;
use super::owner::CartOwner;
use super::store::count_things;
use crate::i18n::t;
use crate::server::{App, app, pages::in_this_request};
use crate::ui::{Icon, IconView};
use leptos::prelude::*;

/// The link to the cart, with how many things are in it. Whoever has no cart costs no question to the
/// database, and with `sure` false nobody does: then an error is about to be shown, and the database
/// may be what is missing.
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
        // A page is not lost over its badge.
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

/// `count` was right at the instant `at`. A page may be seen long after it was made; the island knows
/// by that which of two counts is the newer.
fn badge(app: &App, count: i64, at: i64) -> impl IntoView + use<> {
    let currency = app.config.shop.currency.code();
    let (empty, one, many) = (
        t!("cart-link-empty"),
        t!("cart-link-one"),
        t!("cart-link-many"),
    );
    let words = match count {
        0 => empty.to_owned(),
        1 => one.to_owned(),
        count => many.replace("{n}", &count.to_string()),
    };
    view! {
        <CartBadge>
            <a
                class="cart-link"
                href="/cart"
                data-count=count
                data-at=at
                data-currency=currency
                data-empty=empty
                data-one=one
                data-many=many
                data-offline=t!("server-unreachable")
            >
                <IconView icon=Icon::Cart />
                <span class="cart-words visually-hidden">{words}</span>
                <span class="cart-count" aria-hidden="true" hidden=count == 0>
                    {count}
                </span>
            </a>
            <div class="cart-said" aria-live="polite">
                <div class="toast" hidden=true>
                    <div class="toast-body">
                        <p class="toast-text"></p>
                        <a class="button button-secondary button-small" href="/cart">
                            {t!("cart-see")}
                        </a>
                        <button type="button" class="toast-close" aria-label=t!("ui-dismiss")>
                            "×"
                        </button>
                    </div>
                </div>
            </div>
        </CartBadge>
    }
}
