-- What the shop sells, how much of it there is, and what it looks like.

CREATE TABLE categories (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    CONSTRAINT categories_slug_key UNIQUE (slug)
);

-- Prices are in the currency's minor unit. name_key is the name in lower case, for sorting.
-- picture is the hash of an uploaded picture, or the address of one that comes with the program.
CREATE TABLE products (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    category_id INTEGER NOT NULL REFERENCES categories (id),
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    description TEXT NOT NULL,
    price INTEGER NOT NULL,
    on_hand INTEGER NOT NULL,
    active BOOLEAN NOT NULL,
    picture TEXT,
    picture_alt TEXT NOT NULL DEFAULT '',
    version INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT products_slug_key UNIQUE (slug),
    CONSTRAINT products_price_check CHECK (price >= 0),
    CONSTRAINT products_on_hand_check CHECK (on_hand >= 0)
);
-- One for each order of the list, of the whole shop and of one category.
CREATE INDEX products_by_newest ON products (created_at, id) WHERE active;
CREATE INDEX products_by_price ON products (price, id) WHERE active;
CREATE INDEX products_by_name ON products (name_key, id) WHERE active;
CREATE INDEX products_of_category_by_newest ON products (category_id, created_at, id) WHERE active;
-- With on_hand at the end, the counts beside the filters are made from this index alone.
CREATE INDEX products_of_category_by_price ON products (category_id, price, id, on_hand) WHERE active;
CREATE INDEX products_of_category_by_name ON products (category_id, name_key, id) WHERE active;
-- Staff also list what is not for sale.
CREATE INDEX products_inactive ON products (created_at, id) WHERE NOT active;

-- The words of each product, as catalog::rules cuts them. It holds no copy of the texts.
CREATE VIRTUAL TABLE product_search USING fts5(
    name, description,
    content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 0', prefix = '1 2'
);

-- Every change of the stock, and why.
CREATE TABLE stock_adjustments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    product_id INTEGER NOT NULL REFERENCES products (id),
    change INTEGER NOT NULL CHECK (change <> 0),
    on_hand INTEGER NOT NULL CHECK (on_hand >= 0),
    reason TEXT NOT NULL,
    actor_id INTEGER REFERENCES users (id) ON DELETE SET NULL,
    at INTEGER NOT NULL
);
CREATE INDEX stock_adjustments_of_product ON stock_adjustments (product_id, id);
CREATE INDEX stock_adjustments_of_actor ON stock_adjustments (actor_id);

-- Uploaded pictures, as WebP. size is the longest side they were made for.
CREATE TABLE pictures (
    hash TEXT NOT NULL,
    size INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (hash, size)
);
CREATE INDEX products_of_picture ON products (picture) WHERE picture IS NOT NULL;
