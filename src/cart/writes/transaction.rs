//! A write to a cart: one transaction that locks the cart first, so that concurrent changes from
//! two tabs happen one after the other and none is lost.

use crate::cart::contents::{Cart, find_cart_within};
use crate::cart::owner::{CartOwner, CartToken};
use crate::cart::store::{create_cart, open_cart_of, take_cart};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::t;
use crate::money::Currency;
use crate::server::{App, Conn, Work};
use axum::http::HeaderValue;

/// A cart after a write.
pub struct Written {
    pub cart: Cart,
    /// The token for a visitor's browser to keep, so that the cart is found again.
    token: Option<CartToken>,
}

impl Written {
    /// Returns the name of a product just added.
    pub fn name_of(&self, product: i64) -> &str {
        self.cart
            .line(product)
            .map_or(t!("cart-it"), |line| line.name.shown())
    }

    /// Returns the header that sets a visitor's cookie, for as long as the cart is kept.
    pub fn set_cookie(&self, app: &App) -> Option<HeaderValue> {
        self.token.as_ref()?.set_cookie(app)
    }
}

/// A cart locked until the transaction ends.
struct Taken {
    id: i64,
    owner: CartOwner,
}

impl Taken {
    async fn written(self, conn: &mut Conn, currency: Currency) -> Result<Written, AppError> {
        let cart = find_cart_within(conn, &self.owner, currency).await?;
        let token = match self.owner {
            CartOwner::Visitor(token) => Some(token),
            CartOwner::Person(_) | CartOwner::Nobody => None,
        };
        Ok(Written { cart, token })
    }
}

/// Locks the owner's cart, creating one if there is none; a visitor's new cart gets a token that
/// nobody could have known before.
async fn open(conn: &mut Conn, owner: CartOwner, now: Timestamp) -> Result<Taken, AppError> {
    if let CartOwner::Person(user) = owner {
        let id = open_cart_of(conn, user, now).await?;
        return Ok(Taken { id, owner });
    }
    if let Some(taken) = find(conn, owner, now).await? {
        return Ok(taken);
    }
    let token = CartToken::new();
    let id = create_cart(conn, &token, now).await?;
    let owner = CartOwner::Visitor(token);
    Ok(Taken { id, owner })
}

async fn find(
    conn: &mut Conn,
    owner: CartOwner,
    now: Timestamp,
) -> Result<Option<Taken>, AppError> {
    let id = take_cart(conn, &owner, now).await?;
    Ok(id.map(|id| Taken { id, owner }))
}

/// The handling of an owner without a cart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    Make,
    /// Do nothing.
    Leave,
}

/// Does the work in the owner's cart. Its result is `None` if there is no cart.
pub async fn write<T, W>(
    app: &App,
    owner: CartOwner,
    absent: Absent,
    work: W,
) -> Result<(Written, Option<T>), AppError>
where
    T: Send + 'static,
    W: for<'c> FnOnce(&'c mut Conn, i64) -> Work<'c, T> + Send + 'static,
{
    let (now, currency) = (app.clock.now(), app.config.shop.currency);
    let all = app.db.write_grouped(move |conn| {
        Box::pin(async move {
            let taken = match absent {
                Absent::Make => Some(open(conn, owner, now).await?),
                Absent::Leave => find(conn, owner, now).await?,
            };
            let Some(taken) = taken else {
                let cart = find_cart_within(conn, &CartOwner::Nobody, currency).await?;
                return Ok((Written { cart, token: None }, None));
            };
            let made = work(conn, taken.id).await?;
            Ok((taken.written(conn, currency).await?, Some(made)))
        })
    });
    all.await
}
