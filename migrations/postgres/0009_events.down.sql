DROP TABLE bank_refunds;
DROP TABLE inbox;
DROP TABLE order_tasks;
DROP TABLE delivery_attempts;
DROP TABLE delivery_lanes;
DROP TABLE deliveries;
DROP TABLE webhooks;
