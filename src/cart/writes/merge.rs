//! Merges carts: at sign-in the visitor's into the person's.

use crate::accounts::SignedIn;
use crate::cart::contents::CartLine;
use crate::cart::owner::{CartOwner, CartToken, clear_cookie};
use crate::cart::rules::{LineState, MOST_PRODUCTS, Merged, merge_line};
use crate::cart::store::{
    CartItem, delete_cart, list_cart_items, list_cart_rows, open_cart_of, put_item, take_cart,
};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::t;
use crate::server::forms::say_also;
use crate::server::{App, Conn};
use crate::ui::{Flash, Tone};
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;
use std::collections::HashMap;

/// Middleware around the sign-in forms: merges the visitor's cart and says what changed. If that
/// fails, the person is signed in all the same, and their cookie still leads to the visitor's cart.
pub async fn bring_cart(State(app): State<App>, request: Request, next: Next) -> Response {
    let token = CartToken::read(&app, request.headers());
    let mut response = next.run(request).await;
    let signed_in = response.extensions_mut().remove::<SignedIn>();
    let (Some(token), Some(SignedIn(user))) = (token, signed_in) else {
        return response;
    };
    match merge_carts(&app, token, user.id).await {
        Ok(joined) => {
            if let Some(cookie) = clear_cookie(&app) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            if let Some(flash) = words(&joined) {
                say_also(&mut response, flash);
            }
        }
        Err(error) => {
            tracing::warn!(error.cause = %error, user.id = user.id, "A visitor's cart could not be merged");
            let message = t!("cart-not-brought");
            let flash = Flash {
                tone: Tone::Warn,
                ..Flash::good(message)
            };
            say_also(&mut response, flash);
        }
    }
    response
}

/// The outcome for a line of the visitor's cart, by the product's name.
type Change = (String, Merged);

/// The result of merging two carts.
#[derive(Default)]
struct Joined {
    changes: Vec<Change>,
    /// The number of other products that the person's cart already held.
    others: usize,
}

/// Merges all available items of the visitor's cart into the person's, and deletes the visitor's.
/// If that has been done before, does nothing.
async fn merge_carts(app: &App, token: CartToken, user: i64) -> Result<Joined, AppError> {
    let (now, shop) = (app.clock.now(), app.config.shop.currency);
    let work = app.db.write_grouped(move |conn| {
        Box::pin(async move {
            let visitor = CartOwner::Visitor(token);
            let Some(brought) = take_cart(conn, &visitor, now).await? else {
                return Ok(Joined::default());
            };
            let rows = list_cart_rows(conn, brought, shop).await?;
            delete_cart(conn, brought).await?;
            let lines: Vec<CartLine> = rows.into_iter().map(CartLine::from).collect();
            if lines.is_empty() {
                return Ok(Joined::default());
            }
            put_lines(conn, user, lines, now).await
        })
    });
    work.await
}

async fn put_lines(
    conn: &mut Conn,
    user: i64,
    lines: Vec<CartLine>,
    now: Timestamp,
) -> Result<Joined, AppError> {
    let cart = open_cart_of(conn, user, now).await?;
    let present = list_cart_items(conn, cart).await?;
    let mut room = MOST_PRODUCTS - present.len() as i64;
    let present: HashMap<i64, i64> = present
        .into_iter()
        .map(|item| (item.product_id, item.quantity))
        .collect();
    let brought: Vec<i64> = lines.iter().map(|line| line.product_id).collect();
    let others = present.keys().filter(|id| !brought.contains(id)).count();
    let mut changes = Vec::with_capacity(lines.len());
    for line in lines {
        let had = present.get(&line.product_id).copied().unwrap_or_default();
        let merged = merge_line(had, line.quantity, line.available, line.active, room);
        if let Some(quantity) = merged.quantity() {
            room -= i64::from(had == 0);
            // The price in this cart is the one that was seen last.
            let item = CartItem {
                product_id: line.product_id,
                quantity,
                seen_price: line.seen_price,
                added_at: line.added_at,
            };
            put_item(conn, cart, &item).await?;
        }
        changes.push((line.name.shown().to_owned(), merged));
    }
    Ok(Joined { changes, others })
}

/// Returns the message about the merge: losses first, then lines joined with existing ones, then
/// the rest; `None` if nothing was merged.
fn words(Joined { changes, others }: &Joined) -> Option<Flash> {
    // The message travels in a cookie, which has room for this many.
    const NAMED: usize = 3;
    let is_loss = |merged: &Merged| !matches!(merged, Merged::Moved(_) | Merged::Added(_));
    let mut worth_saying: Vec<&Change> = changes.iter().collect();
    worth_saying.sort_by_key(|(_, merged)| (!is_loss(merged), matches!(merged, Merged::Moved(_))));
    let (_, first) = worth_saying.first()?;
    let tone = if is_loss(first) {
        Tone::Warn
    } else {
        Tone::Good
    };
    let mut said = vec![t!("cart-came-along").to_owned()];
    said.extend(
        worth_saying
            .iter()
            .take(NAMED)
            .map(|change| sentence(change)),
    );
    if worth_saying.len() > NAMED {
        said.push(t!("cart-and-more", count = worth_saying.len() - NAMED));
    }
    if *others > 0 {
        said.push(t!("cart-others", count = *others));
    }
    Some(Flash {
        tone,
        ..Flash::good(said.join(" "))
    })
}

fn sentence((name, merged): &Change) -> String {
    let product = short(name);
    match merged {
        Merged::Moved(all) => t!("cart-moved", product = product, count = *all),
        Merged::Added(all) => t!("cart-joined", product = product, count = *all),
        Merged::Capped(all) => t!("cart-capped", product = product, count = *all),
        Merged::LeftOut(LineState::NotForSale) => {
            t!("cart-left-not-for-sale", product = product)
        }
        Merged::LeftOut(_) => t!("cart-left-sold-out", product = product),
        Merged::NoRoom => {
            t!("cart-left-no-room", product = product, most = MOST_PRODUCTS)
        }
    }
}

/// Shortens a name, to leave room for others.
fn short(name: &str) -> String {
    const LONGEST: usize = 40;
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    let cut: String = name.chars().take(LONGEST - 1).collect();
    format!("{}…", cut.trim_end())
}
