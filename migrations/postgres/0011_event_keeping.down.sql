DROP INDEX inbox_texts;
CREATE INDEX inbox_settled ON inbox (settled_at) WHERE settled_at IS NOT NULL;
DROP INDEX deliveries_unsettled;
DROP INDEX deliveries_settled;
CREATE INDEX deliveries_by_age ON deliveries (created_at, id);
