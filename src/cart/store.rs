//! SQL for carts.

use super::owner::{CartOwner, CartToken};
use crate::clock::Timestamp;
use crate::i18n::Multilingual;
use crate::money::Currency;
use crate::server::{
    Conn, QueryBuilder, Subject, execute, fetch_all, fetch_optional, fetch_optional_scalar,
    fetch_scalar, rows_affected,
};
use sqlx::FromRow;

/// A product in a cart.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct CartItem {
    pub product_id: i64,
    pub quantity: i64,
    /// The price when the person last saw it in the cart.
    pub seen_price: i64,
    /// The time when some of it was last added.
    pub added_at: Timestamp,
}

/// A [`CartItem`] with the product's current data.
#[derive(Clone, Debug, FromRow)]
pub struct CartRow {
    #[sqlx(flatten)]
    pub item: CartItem,
    pub slug: String,
    #[sqlx(flatten)]
    pub name: Multilingual,
    pub price: i64,
    pub available: i64,
    pub active: bool,
    pub picture: Option<String>,
}

/// Returns the number that a query gives about the owner's cart. `query` stops where the condition
/// on the cart goes; `end` follows it.
async fn ask(
    conn: &mut Conn,
    owner: &CartOwner,
    mut query: QueryBuilder,
    end: &str,
) -> sqlx::Result<Option<i64>> {
    match owner {
        CartOwner::Person(id) => query.push("user_id = ").push_bind(*id),
        CartOwner::Visitor(token) => query.push("token = ").push_bind(token.hash()),
        CartOwner::Nobody => return Ok(None),
    };
    query.push(end);
    let found: Vec<(i64,)> = query.fetch_all(conn).await?;
    Ok(found.first().map(|(number,)| *number))
}

/// Returns the number of items in the owner's cart.
pub async fn count_things(conn: &mut Conn, owner: &CartOwner) -> sqlx::Result<i64> {
    let query = QueryBuilder::new(
        conn,
        "SELECT CAST(COALESCE(SUM(i.quantity), 0) AS BIGINT)
         FROM carts c JOIN cart_items i ON i.cart_id = c.id WHERE c.",
    );
    Ok(ask(conn, owner, query, "").await?.unwrap_or_default())
}

pub async fn find_cart(conn: &mut Conn, owner: &CartOwner) -> sqlx::Result<Option<i64>> {
    let query = QueryBuilder::new(conn, "SELECT id FROM carts WHERE ");
    ask(conn, owner, query, "").await
}

/// Marks the owner's cart as used now, and locks it until the transaction ends.
pub async fn take_cart(
    conn: &mut Conn,
    owner: &CartOwner,
    now: Timestamp,
) -> sqlx::Result<Option<i64>> {
    let mut query = QueryBuilder::new(conn, "UPDATE carts SET updated_at = ");
    query.push_bind(now).push(" WHERE ");
    ask(conn, owner, query, " RETURNING id").await
}

/// Locks the person's cart until the transaction ends.
pub async fn lock_cart_of(conn: &mut Conn, user: i64) -> sqlx::Result<Option<i64>> {
    let query = conn.pick(
        "SELECT id FROM carts WHERE user_id = $1",
        "SELECT id FROM carts WHERE user_id = $1 FOR UPDATE",
    );
    fetch_optional_scalar!(conn, query, user)
}

/// Locks the person's cart until the transaction ends, creating it if there is none.
pub async fn open_cart_of(conn: &mut Conn, user: i64, now: Timestamp) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "INSERT INTO carts (user_id, updated_at) VALUES ($1, $2)
         ON CONFLICT (user_id) DO UPDATE SET updated_at = excluded.updated_at
         RETURNING id",
        user,
        now
    )
}

/// Creates a cart for the holder of the token.
pub async fn create_cart(conn: &mut Conn, token: &CartToken, now: Timestamp) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "INSERT INTO carts (token, updated_at) VALUES ($1, $2) RETURNING id",
        token.hash(),
        now
    )
}

/// Lists the cart's items in the order they were added.
pub async fn list_cart_items(conn: &mut Conn, cart: i64) -> sqlx::Result<Vec<CartItem>> {
    fetch_all!(
        conn,
        "SELECT product_id, quantity, seen_price, added_at FROM cart_items
         WHERE cart_id = $1 ORDER BY added_at, product_id",
        cart
    )
}

/// Lists the cart's items with the products as they are now.
///
/// A product priced in a currency other than the shop's is not for sale.
pub async fn list_cart_rows(
    conn: &mut Conn,
    cart: i64,
    shop: Currency,
) -> sqlx::Result<Vec<CartRow>> {
    fetch_all!(
        conn,
        "SELECT i.product_id, i.quantity, i.seen_price, i.added_at, p.slug, p.name, p.name_translations,
                p.price,
                p.on_hand - p.reserved AS available, p.picture,
                (p.active AND COALESCE(p.currency, $2) = $2) AS active
         FROM cart_items i JOIN products p ON p.id = i.product_id
         WHERE i.cart_id = $1 ORDER BY i.added_at, i.product_id",
        cart,
        shop
    )
}

pub async fn find_item(conn: &mut Conn, cart: i64, product: i64) -> sqlx::Result<Option<CartItem>> {
    fetch_optional!(
        conn,
        "SELECT product_id, quantity, seen_price, added_at FROM cart_items
         WHERE cart_id = $1 AND product_id = $2",
        cart,
        product
    )
}

/// Returns the number of different products in the cart.
pub async fn count_items(conn: &mut Conn, cart: i64) -> sqlx::Result<i64> {
    fetch_scalar!(
        conn,
        "SELECT COUNT(*) FROM cart_items WHERE cart_id = $1",
        cart
    )
}

/// Adds to the item's quantity, with this price as seen. Returns the new quantity; `None`, with no
/// change, if it would exceed `most`.
pub async fn add_item(
    conn: &mut Conn,
    cart: i64,
    item: &CartItem,
    most: i64,
) -> sqlx::Result<Option<i64>> {
    conn.note_change(Subject::Carts);
    fetch_optional_scalar!(
        conn,
        "INSERT INTO cart_items (cart_id, product_id, quantity, seen_price, added_at)
         SELECT $1, $2, $3, $4, $5 WHERE $3 <= $6
         ON CONFLICT (cart_id, product_id) DO UPDATE
         SET quantity = cart_items.quantity + excluded.quantity,
             seen_price = excluded.seen_price, added_at = excluded.added_at
         WHERE cart_items.quantity + excluded.quantity <= $6
         RETURNING quantity",
        cart,
        item.product_id,
        item.quantity,
        item.seen_price,
        item.added_at,
        most
    )
}

/// Inserts the item as it is, or replaces the quantity and seen price of the one there, which keeps
/// its place among the lines.
pub async fn put_item(conn: &mut Conn, cart: i64, item: &CartItem) -> sqlx::Result<()> {
    conn.note_change(Subject::Carts);
    execute!(
        conn,
        "INSERT INTO cart_items (cart_id, product_id, quantity, seen_price, added_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (cart_id, product_id) DO UPDATE
         SET quantity = excluded.quantity, seen_price = excluded.seen_price",
        cart,
        item.product_id,
        item.quantity,
        item.seen_price,
        item.added_at
    )
}

pub async fn delete_item(conn: &mut Conn, cart: i64, product: i64) -> sqlx::Result<()> {
    conn.note_change(Subject::Carts);
    execute!(
        conn,
        "DELETE FROM cart_items WHERE cart_id = $1 AND product_id = $2",
        cart,
        product
    )
}

/// Records this price of the product as seen, if it is the current one.
pub async fn see_price(conn: &mut Conn, cart: i64, product: i64, price: i64) -> sqlx::Result<()> {
    execute!(
        conn,
        "UPDATE cart_items SET seen_price = $3
         WHERE cart_id = $1 AND product_id = $2
           AND EXISTS (SELECT 1 FROM products WHERE id = $2 AND price = $3)",
        cart,
        product,
        price
    )
}

/// Deletes all items of the cart.
pub async fn empty_cart(conn: &mut Conn, cart: i64, now: Timestamp) -> sqlx::Result<()> {
    conn.note_change(Subject::Carts);
    execute!(conn, "DELETE FROM cart_items WHERE cart_id = $1", cart)?;
    touch_cart(conn, cart, now).await
}

/// Records that the cart was used.
pub async fn touch_cart(conn: &mut Conn, cart: i64, now: Timestamp) -> sqlx::Result<()> {
    execute!(
        conn,
        "UPDATE carts SET updated_at = $1 WHERE id = $2",
        now,
        cart
    )
}

/// Deletes the cart with all its items.
pub async fn delete_cart(conn: &mut Conn, cart: i64) -> sqlx::Result<()> {
    conn.note_change(Subject::Carts);
    execute!(conn, "DELETE FROM carts WHERE id = $1", cart)
}

/// Deletes up to `limit` carts unused since `before`, and returns their number.
pub async fn delete_carts_unused(
    conn: &mut Conn,
    before: Timestamp,
    limit: i64,
) -> sqlx::Result<u64> {
    conn.note_change(Subject::Carts);
    // The condition is repeated: a cart may be used between being found and being deleted.
    rows_affected!(
        conn,
        "DELETE FROM carts WHERE updated_at < $1 AND id IN
             (SELECT id FROM carts WHERE updated_at < $1 ORDER BY updated_at LIMIT $2)",
        before,
        limit
    )
}
