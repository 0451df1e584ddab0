ALTER TABLE products DROP COLUMN currency;

-- Of those with the same id the one of the first order stays.
ALTER TABLE bank_refunds RENAME TO bank_refunds_after;
CREATE TABLE bank_refunds (
    refund_id TEXT PRIMARY KEY,
    order_id BIGINT NOT NULL REFERENCES orders (id),
    amount BIGINT NOT NULL CHECK (amount > 0),
    at BIGINT NOT NULL
);
INSERT INTO bank_refunds (refund_id, order_id, amount, at)
    SELECT refund_id, order_id, amount, at FROM bank_refunds_after AS one
    WHERE order_id = (SELECT MIN(order_id) FROM bank_refunds_after AS other
                      WHERE other.refund_id = one.refund_id);
DROP TABLE bank_refunds_after;
