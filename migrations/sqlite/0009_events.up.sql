-- What happened goes out: to whom, and how far that has come. And what others tell us comes in.
-- Times are microseconds since 1970, UTC.

-- Addresses of other programs that are told. events: what of, with spaces between: * or order.* or
-- single topics. The secret signs what is sent; the one before it does so too until old_secret_until.
-- A deleted one stays, without its secrets, as long as anything was ever sent to it.
CREATE TABLE webhooks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    url TEXT NOT NULL CHECK (url <> ''),
    description TEXT NOT NULL DEFAULT '',
    events TEXT NOT NULL CHECK (events <> ''),
    secret TEXT NOT NULL,
    old_secret TEXT NOT NULL DEFAULT '',
    old_secret_until INTEGER,
    paused_at INTEGER,
    paused_because TEXT NOT NULL DEFAULT '',
    version INTEGER NOT NULL DEFAULT 1,
    created_by INTEGER REFERENCES users (id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
);

-- One event on its way to one consumer: 'mail', 'fulfilment' or 'webhook-ID'.
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    seq INTEGER NOT NULL REFERENCES outbox (seq),
    consumer TEXT NOT NULL CHECK (consumer <> ''),
    webhook_id INTEGER REFERENCES webhooks (id),
    subject TEXT NOT NULL CHECK (subject <> ''),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'dead', 'discarded')),
    tries INTEGER NOT NULL DEFAULT 0,
    last_error TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    settled_at INTEGER,
    CONSTRAINT deliveries_once UNIQUE (consumer, seq)
);
-- What goes next in a lane, the lists, and what is old enough to go.
CREATE INDEX deliveries_waiting ON deliveries (consumer, subject, seq) WHERE state = 'waiting';
CREATE INDEX deliveries_dead ON deliveries (id) WHERE state = 'dead';
CREATE INDEX deliveries_of_event ON deliveries (seq);
CREATE INDEX deliveries_of_webhook ON deliveries (webhook_id, id) WHERE webhook_id IS NOT NULL;
CREATE INDEX deliveries_by_age ON deliveries (created_at, id);

-- What one consumer is still to be told of one subject is a lane: one thing after the other, by one
-- server at a time. due_at: the next try, or, while somebody is at it, when others may take over.
CREATE TABLE delivery_lanes (
    consumer TEXT NOT NULL,
    subject TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    lease INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (consumer, subject)
);
CREATE INDEX delivery_lanes_due ON delivery_lanes (consumer, due_at);

-- How it went, each time something was sent to a webhook: the answer or the error, cut short.
CREATE TABLE delivery_attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    delivery_id INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    status INTEGER,
    milliseconds INTEGER NOT NULL,
    answer TEXT NOT NULL DEFAULT '',
    error TEXT NOT NULL DEFAULT '',
    at INTEGER NOT NULL
);
CREATE INDEX delivery_attempts_of_delivery ON delivery_attempts (delivery_id, id);

-- The task by which a paid order is packed.
CREATE TABLE order_tasks (
    order_id INTEGER PRIMARY KEY REFERENCES orders (id),
    task_id INTEGER NOT NULL REFERENCES tasks (id)
);

-- What others told us. Stored before it is answered, and worked on later; message_id is the sender's
-- own. subject is what it is about, as in the outbox. A waiting one is tried at due_at, and when
-- something happens to its subject; a parked one waits for staff.
CREATE TABLE inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL CHECK (source IN ('payments', 'inventory', 'shipping', 'risk')),
    message_id TEXT NOT NULL CHECK (message_id <> ''),
    topic TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'applied', 'parked', 'discarded')),
    outcome TEXT NOT NULL DEFAULT '',
    tries INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    waiting_since INTEGER NOT NULL,
    happened_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    settled_at INTEGER,
    CONSTRAINT inbox_message_key UNIQUE (source, message_id)
);
CREATE INDEX inbox_due ON inbox (due_at, id) WHERE state = 'waiting';
CREATE INDEX inbox_of_subject ON inbox (subject, state, happened_at);
CREATE INDEX inbox_of_state ON inbox (state, id);
CREATE INDEX inbox_settled ON inbox (settled_at) WHERE settled_at IS NOT NULL;

-- Refunds that the payments' side told of, each booked once.
CREATE TABLE bank_refunds (
    refund_id TEXT PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    amount INTEGER NOT NULL CHECK (amount > 0),
    at INTEGER NOT NULL
);
