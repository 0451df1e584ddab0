DROP TABLE outbox;
DROP TABLE order_events;
DROP FUNCTION refuse_change_of_history();
DROP TABLE reservations;
DROP TABLE order_items;
DROP TABLE orders;
DROP TABLE cart_items;
DROP TABLE carts;
ALTER TABLE products DROP COLUMN reserved;
