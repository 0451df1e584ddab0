-- Carts, orders with their history, and what goes out to others.
-- Times are microseconds since 1970, UTC. Amounts are in the minor unit of the order's currency.

-- What open orders will take of the stock. What can be sold is on_hand - reserved.
ALTER TABLE products ADD COLUMN reserved INTEGER NOT NULL DEFAULT 0
    CONSTRAINT products_reserved_check CHECK (reserved BETWEEN 0 AND on_hand);
-- The counts beside the shop's filters are made from this index alone.
DROP INDEX products_of_category_by_price;
CREATE INDEX products_of_category_by_price
    ON products (category_id, price, id, on_hand, reserved) WHERE active;

-- A visitor's cart is found by the hash of their cookie, a person's by who they are.
CREATE TABLE carts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token TEXT,
    user_id INTEGER REFERENCES users (id) ON DELETE CASCADE,
    updated_at INTEGER NOT NULL,
    CONSTRAINT carts_token_key UNIQUE (token),
    CONSTRAINT carts_user_key UNIQUE (user_id),
    CONSTRAINT carts_of_somebody CHECK ((token IS NULL) <> (user_id IS NULL))
);
CREATE INDEX carts_by_age ON carts (updated_at);

-- seen_price is what the product cost when the person last saw the cart.
CREATE TABLE cart_items (
    cart_id INTEGER NOT NULL REFERENCES carts (id) ON DELETE CASCADE,
    product_id INTEGER NOT NULL REFERENCES products (id),
    quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 999),
    seen_price INTEGER NOT NULL,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (cart_id, product_id)
);
CREATE INDEX cart_items_of_product ON cart_items (product_id);

-- An order as its events make it: whatever is here can be worked out again from them.
-- The number is the ordinal within the year; there are no gaps.
-- version is the seq of its last event. expires_at: when an unpaid one gives its stock back.
CREATE TABLE orders (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    number TEXT NOT NULL CHECK (number <> ''),
    year INTEGER NOT NULL,
    ordinal INTEGER NOT NULL CHECK (ordinal > 0),
    customer_id INTEGER NOT NULL REFERENCES users (id),
    status TEXT NOT NULL,
    payment TEXT NOT NULL,
    delivery TEXT NOT NULL,
    currency TEXT NOT NULL,
    address TEXT NOT NULL,
    subtotal INTEGER NOT NULL CHECK (subtotal >= 0),
    delivery_fee INTEGER NOT NULL CHECK (delivery_fee >= 0),
    total INTEGER NOT NULL CHECK (total >= 0),
    held INTEGER NOT NULL DEFAULT 0 CHECK (held BETWEEN 0 AND total),
    captured INTEGER NOT NULL DEFAULT 0 CHECK (captured BETWEEN 0 AND total),
    refunded INTEGER NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND captured),
    flagged BOOLEAN NOT NULL DEFAULT FALSE,
    version INTEGER NOT NULL,
    placed_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    expires_at INTEGER,
    CONSTRAINT orders_number_key UNIQUE (number),
    CONSTRAINT orders_ordinal_key UNIQUE (year, ordinal)
);
-- The lists: a customer's own, all of them, and those in one state, each the newest first.
CREATE INDEX orders_of_customer ON orders (customer_id, id);
CREATE INDEX orders_of_status ON orders (status, id);
CREATE INDEX orders_by_expiry ON orders (expires_at) WHERE expires_at IS NOT NULL;

-- Name and price are as they were when the order was placed.
CREATE TABLE order_items (
    order_id INTEGER NOT NULL REFERENCES orders (id),
    position INTEGER NOT NULL,
    product_id INTEGER NOT NULL REFERENCES products (id),
    name TEXT NOT NULL,
    unit_price INTEGER NOT NULL CHECK (unit_price >= 0),
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    returned INTEGER NOT NULL DEFAULT 0 CHECK (returned BETWEEN 0 AND quantity),
    PRIMARY KEY (order_id, position)
);
CREATE INDEX order_items_of_product ON order_items (product_id, order_id);

-- What an order holds of the stock, until it is shipped or given back.
CREATE TABLE reservations (
    order_id INTEGER NOT NULL REFERENCES orders (id),
    product_id INTEGER NOT NULL REFERENCES products (id),
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (order_id, product_id)
);
CREATE INDEX reservations_of_product ON reservations (product_id, quantity);

-- All that ever happened to an order. Nothing here is changed or deleted.
CREATE TABLE order_events (
    order_id INTEGER NOT NULL REFERENCES orders (id),
    seq INTEGER NOT NULL CHECK (seq > 0),
    kind TEXT NOT NULL,
    data TEXT NOT NULL,
    actor_id INTEGER REFERENCES users (id),
    actor TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (order_id, seq)
);
CREATE TRIGGER order_events_stay BEFORE UPDATE ON order_events
BEGIN SELECT RAISE(ABORT, 'what happened to an order stays as it is'); END;
CREATE TRIGGER order_events_are_kept BEFORE DELETE ON order_events
BEGIN SELECT RAISE(ABORT, 'what happened to an order is kept'); END;

-- What happened, for whoever outside wants to know. Written in the transaction that made it happen.
-- Of those with the same subject, the ones with a smaller seq go out first.
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    topic TEXT NOT NULL CHECK (topic <> ''),
    subject TEXT NOT NULL CHECK (subject <> ''),
    data TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    dispatched_at INTEGER
);
CREATE INDEX outbox_waiting ON outbox (seq) WHERE dispatched_at IS NULL;
CREATE INDEX outbox_dispatched ON outbox (dispatched_at) WHERE dispatched_at IS NOT NULL;
