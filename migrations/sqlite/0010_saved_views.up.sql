-- Filters of the list of orders that somebody gave a name, and the indexes that those filters use.
CREATE TABLE saved_views (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (name <> ''),
    query TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    CONSTRAINT saved_views_name_key UNIQUE (user_id, name)
);

-- The list of all orders, the newest first: as it is, in one state, of one amount, and the flagged.
CREATE INDEX orders_by_time ON orders (placed_at, id);
DROP INDEX orders_of_status;
CREATE INDEX orders_of_status ON orders (status, placed_at, id);
CREATE INDEX orders_of_amount ON orders (total, placed_at, id);
CREATE INDEX orders_flagged ON orders (placed_at, id) WHERE flagged;
