DROP INDEX orders_flagged;
DROP INDEX orders_of_amount;
DROP INDEX orders_of_status;
CREATE INDEX orders_of_status ON orders (status, id);
DROP INDEX orders_by_time;
DROP TABLE saved_views;
