//! A write in a cart: one transaction that takes the cart first, so that what two tabs do at the same
//! moment happens one after the other and nothing of either is lost.

use crate::cart::contents::{Cart, find_cart_within};
use crate::cart::owner::{CartOwner, CartToken};
use crate::cart::store::{create_cart, open_cart_of, take_cart};
use crate::clock::Timestamp;
use crate::error::AppError;
use crate::i18n::t;
use crate::money::Currency;
use crate::server::{App, Conn, Work};
use axum::http::HeaderValue;

/// A cart after something was done to it.
pub struct Written {
    pub cart: Cart,
    /// What a visitor's browser is to keep, so that the cart is found again.
    token: Option<CartToken>,
}

impl Written {
    /// What a product is called that was just put in.
    pub fn name_of(&self, product: i64) -> &str {
        self.cart
            .line(product)
            .map_or(t!("cart-it"), |line| line.name.shown())
    }

    /// The header that makes the browser keep the way to the cart, for as long as the cart is kept.
    pub fn set_cookie(&self, app: &App) -> Option<HeaderValue> {
        self.token.as_ref()?.set_cookie(app)
    }
}

/// A cart that nobody else changes until the transaction ends.
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

/// Takes the owner's cart. Where there is none, one is made; a visitor's gets a token that nobody
/// could have known before.
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

/// What to do where the owner has no cart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    Make,
    /// Then there is nothing to do.
    Leave,
}

/// Does the work in the owner's cart. What it gives is absent where there is no cart.
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
