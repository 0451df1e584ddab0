-- The span of a trace in which the event was recorded: what consumers do belongs to it. Empty without traces.
ALTER TABLE outbox ADD COLUMN span_id TEXT NOT NULL DEFAULT '';
