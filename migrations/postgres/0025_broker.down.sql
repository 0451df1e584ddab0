DROP TABLE outbox_publisher;
DROP INDEX outbox_unpublished;
ALTER TABLE outbox DROP COLUMN unpublished_since;
