-- A refund that the payments' side told of is named by its id and the order: some count anew for each.
-- step is the event of the order that books it, whoever made that; unknown of those from before.
ALTER TABLE bank_refunds RENAME TO bank_refunds_before;
CREATE TABLE bank_refunds (
    order_id INTEGER NOT NULL REFERENCES orders (id),
    refund_id TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    step INTEGER,
    at INTEGER NOT NULL,
    CONSTRAINT bank_refunds_once PRIMARY KEY (order_id, refund_id),
    CONSTRAINT bank_refunds_step_once UNIQUE (order_id, step)
);
INSERT INTO bank_refunds (order_id, refund_id, amount, at)
    SELECT order_id, refund_id, amount, at FROM bank_refunds_before;
DROP TABLE bank_refunds_before;

-- What a price is written in. NULL: never noted, and so the currency that the shop had at its next start.
ALTER TABLE products ADD COLUMN currency TEXT;
UPDATE products SET currency = (SELECT currency FROM orders ORDER BY id DESC LIMIT 1);
