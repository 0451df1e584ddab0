-- The time since which an event waits for the broker; NULL where none is used, or once the broker has it.
ALTER TABLE outbox ADD COLUMN unpublished_since BIGINT;
CREATE INDEX outbox_unpublished ON outbox (seq) WHERE unpublished_since IS NOT NULL;

-- The one server that publishes, so that no event overtakes an earlier one; until is when others may take over.
CREATE TABLE outbox_publisher (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    lease BIGINT NOT NULL,
    until BIGINT NOT NULL
);
INSERT INTO outbox_publisher (id, lease, until) VALUES (1, 0, 0);
