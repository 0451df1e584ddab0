ALTER TABLE outbox DROP COLUMN span_id;
