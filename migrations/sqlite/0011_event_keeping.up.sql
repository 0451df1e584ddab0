-- What is over is dropped by the time it was over, and what waits is counted on the console.
DROP INDEX deliveries_by_age;
CREATE INDEX deliveries_settled ON deliveries (settled_at, id) WHERE state IN ('done', 'discarded');
CREATE INDEX deliveries_unsettled ON deliveries (created_at, webhook_id) WHERE state = 'waiting';

-- Of a message only the text is dropped: that it came is known for good, so that it never counts twice.
DROP INDEX inbox_settled;
CREATE INDEX inbox_texts ON inbox (settled_at, id)
    WHERE body <> '' AND state IN ('applied', 'discarded');
